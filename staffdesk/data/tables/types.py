"""The column types the records are written in; text is cleaned where it enters the model."""

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Annotated

import sqlalchemy as sa
from pydantic import AfterValidator

from staffdesk.domain.screening import refuse_forbidden
from staffdesk.domain.text import clean_line, clean_text

BigInt = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""64 bits on both databases; SQLite's INTEGER is that already, and only so spelt may it be a rowid."""

FoldedText = sa.String().with_variant(sa.String(collation="C"), "postgresql")
"""Text ordered byte by byte on both databases."""


def _line(limit: int) -> Callable[[str], str]:
    return lambda value: clean_line(value, limit)


def _text(limit: int) -> Callable[[str], str]:
    return lambda value: clean_text(value, limit)


def _screened(value: str) -> str:
    refuse_forbidden(value)
    return value


Code = Annotated[str, AfterValidator(_line(80))]
"""A number, a state, a key: one line of at most 80 characters."""

Name = Annotated[str, AfterValidator(_line(200))]
"""One line of at most 200 characters."""

Line = Annotated[str, AfterValidator(_line(500))]
"""One line of at most 500 characters."""

FreeLine = Annotated[str, AfterValidator(_line(200)), AfterValidator(_screened)]
"""One line that somebody wrote freely: what must not be held is refused (:class:`MustNotBeHeld`)."""

Paragraph = Annotated[str, AfterValidator(_text(20_000)), AfterValidator(_screened)]
"""Several lines, at most 20,000 characters, screened as :data:`FreeLine`."""


def one_of(column: str, values: Iterable[StrEnum | str]) -> sa.CheckConstraint:
    """Hold a column to a closed list in the database too."""
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=f"{column}_is_listed")
