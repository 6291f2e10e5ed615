"""How a company was helped before, and what it bought: what its people said, ordered and asked, by date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from staffdesk.domain.history import what_of
from staffdesk.domain.records import Cell, Row

HISTORY: Final = "history"
"""What stands among the kinds of the entries: whose rows came in a company's history was shown more than his name."""
ON_A_PAGE: Final = 20
"""Rows of one page; the bound of every list (access.toml) may make it less."""
MOST: Final = 200
"""Rows that are told in all: as many as a section of a record opens with."""


class LeftOut(StrEnum):
    """Why a row is not told."""

    RESTRICTED = "restricted or held by a law"
    NOBODY = "of nobody who is known any more"
    CLOSED = "not to be received outside the EEA"


@dataclass(frozen=True, slots=True, repr=False)
class Happening:
    """One thing: when, what, its number, what about, and who, each as far as the role sees it.

    ``at`` is a moment in UTC, or the day of what has no time of day (ISO 8601);
    ``customer`` is the number of the person whose row it is, None where it names nobody.
    """

    at: str
    what: str
    number: str
    about: Cell | str
    who: str
    customer: int | None
    row: Row

    def __repr__(self) -> str:
        return f"<Happening {self.what}>"


@dataclass(frozen=True, slots=True, repr=False)
class CompanyPage:
    """One page of a company's history, newest first; ``page`` counts from 1, and the first has the newest licences.

    ``left_out`` says how many rows of the newest :data:`MOST` are not told, and why; ``more`` that a page follows,
    ``older`` that there is more than is told on any page. ``seq`` is the entry it was read under.
    """

    organisation: int
    page: int
    happenings: tuple[Happening, ...]
    licences: tuple[Happening, ...] = ()
    left_out: Mapping[LeftOut, int] = field(default_factory=dict)
    more: bool = False
    older: bool = False
    seq: int = 0

    def __repr__(self) -> str:
        return f"<CompanyPage {self.page} of {len(self.happenings)}>"

    @property
    def missing(self) -> tuple[str, ...]:
        """What is not told, in words."""
        return tuple(f"{n} {why.value}" for why, n in self.left_out.items() if n)


def told(row: Row, *, request: str = "", line: Cell | None = None) -> tuple[str, str, Cell | str]:
    """Return what a row is, its number, and what it is about.

    ``request`` is what a case asks of a licence, ``line`` what an order is for.
    """
    match row.table:
        case "sales_order":
            return f"order, {row.text('state')}", row.text("number"), line or ""
        case "licence":
            name = " ".join(part for part in (row.text("product_name"), row.text("version")) if part)
            return f"licence, {row.text('status')}", name, row.cells.get("serial") or ""
        case "person":
            return "mail came back", "", ""
        case "support_case" if request:
            state = "closed" if row.text("closed_at") else "open"
            return "licence request", row.text("number"), f"{request}, {state}"
        case "support_case":
            return what_of(row), row.text("number"), row.cells.get("summary") or ""
        case _:
            return what_of(row), "", row.cells.get("topic") or ""
