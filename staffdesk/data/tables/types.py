"""The column types the records are written in; text is cleaned where it enters the model."""

import re
from collections.abc import Callable, Iterable
from enum import StrEnum
from functools import cache, partial
from typing import Annotated

import sqlalchemy as sa
from pydantic import AfterValidator

from staffdesk.domain.errors import BadInput
from staffdesk.domain.text import clean_text

BigInt = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""64 bits on both databases; SQLite's INTEGER is that already, and only so spelt may it be a rowid."""

FoldedText = sa.String().with_variant(sa.String(collation="C"), "postgresql")
"""Text ordered byte by byte on both databases."""


_AMOUNT = re.compile(r"-?\d{1,40}(\.\d{1,40})?", re.ASCII)


def _line(limit: int, kind: str = "text") -> AfterValidator:
    return AfterValidator(lambda value: _held(kind)(value, limit))


@cache
def _held(kind: str) -> Callable[[str, int], str]:
    """Return what looks a line through for such a field; it is read in with the first line that is to be held."""
    from staffdesk.domain.held_lines import held_line  # noqa: PLC0415 - whoever signs in waits for it otherwise
    from staffdesk.domain.screening import FieldKind  # noqa: PLC0415 - as above

    return partial(held_line, kind=FieldKind(kind))


def _text(limit: int) -> AfterValidator:
    return AfterValidator(lambda value: clean_text(value, limit))


def _screened(value: str, kind: str = "text") -> str:
    from staffdesk.domain.screening import FieldKind, refuse_forbidden  # noqa: PLC0415 - as in _held

    refuse_forbidden(value, FieldKind(kind))
    return value


def _amount(value: str) -> str:
    if not _AMOUNT.fullmatch(value):
        raise BadInput("It is not an amount of money.", "Write it in digits, with a point before the decimals.")
    return value


def _pieces(value: int) -> int:
    from staffdesk.domain.imported import MOST_PIECES  # noqa: PLC0415 - as in _held

    if not 0 <= value <= MOST_PIECES:
        raise BadInput("It is not a number of pieces.", f"There are none to {MOST_PIECES:,}.")
    return value


Code = Annotated[str, _line(80, "code")]
"""A number, a state, a key: one line of at most 80 characters; what must not be held is refused (MustNotBeHeld)."""

Phone = Annotated[str, _line(80, "phone")]
"""A telephone number, screened as one."""

Amount = Annotated[str, AfterValidator(_amount)]
"""An amount of money in plain decimal digits, which cannot be anything else."""

Pieces = Annotated[int, AfterValidator(_pieces)]
"""How many of something there are, from none to a million."""

Name = Annotated[str, _line(200)]
"""One line of at most 200 characters; what must not be held is refused (:class:`MustNotBeHeld`)."""

FreeLine = Name
"""One line that somebody wrote freely."""

Line = Annotated[str, _line(500)]
"""One line of at most 500 characters, screened as :data:`Name`."""

NoteLine = Annotated[str, _line(200, "note")]
"""One line of at most 200 characters written about somebody, screened as a note."""

Remark = Annotated[str, _line(500, "note")]
"""One line of at most 500 characters written about somebody, screened as a note."""

Note = Annotated[str, _text(20_000), AfterValidator(partial(_screened, kind="note"))]
"""Several lines, at most 20,000 characters, written about somebody, screened as a note."""

Paragraph = Annotated[str, _text(20_000), AfterValidator(_screened)]
"""Several lines, at most 20,000 characters, screened as :data:`Name`."""


def index_where(where: str, name: str, *columns: str) -> sa.Index:
    """Return an index of the few rows that are looked for, which costs the many others nothing.

    The migrations make it; its condition stands here to be read. As a server's own option it would have every desk
    read in what speaks to a server.
    """
    return sa.Index(name, *columns, info={"where": where})


def one_of(column: str, values: Iterable[StrEnum | str]) -> sa.CheckConstraint:
    """Hold a column to a closed list in the database too."""
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=f"{column}_is_listed")
