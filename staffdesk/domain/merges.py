"""Two records put together or taken apart, as it is told, and the two beside each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from staffdesk.domain.classes import Exposure
from staffdesk.domain.provenance import WORDS
from staffdesk.domain.records import Cell, Record
from staffdesk.domain.request_words import rows_of, several_of

_OF_PERSON: Final = (
    "given_name", "family_name", "job_title", "function", "email", "phone", "street", "postal_code", "city", "region",
    "country", "language", "store", "account_id", "source", "obtained_on", "confirmed_on",
)  # fmt: skip
_HANGING: Final = (
    "sales_order", "licence", "support_case", "contact_report", "product_subscription", "subscription", "request",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Merged:
    """What putting two records together did: rows that followed by table, and whether mail was stopped for both."""

    person: int
    other: int
    moved: Mapping[str, int]
    mail_stopped: bool


@dataclass(frozen=True, slots=True)
class Separated:
    """What taking two records apart did, by table.

    ``back`` was given back, ``elsewhere`` hangs on somebody else or is gone since, ``came`` came since and stays where
    it is. ``changes`` counts fields set right since, which stay as well; ``mail_stopped`` says that no mail goes to the
    other record still: an objection is never undone by staff.
    """

    person: int
    other: int
    back: Mapping[str, int]
    elsewhere: Mapping[str, int]
    came: Mapping[str, int]
    changes: int
    mail_stopped: bool


@dataclass(frozen=True, slots=True, repr=False)
class Beside:
    """One line of two records side by side, as the role sees them; ``alike`` where both show the same in clear."""

    label: str
    one: str
    other: str
    alike: bool

    def __repr__(self) -> str:
        return f"<Beside {self.label}>"


def in_words(rows: Mapping[str, int]) -> str:
    """Return how many rows of which kind, as a sentence has them; "nothing" of none."""
    return ", ".join(rows_of(table, n) for table, n in rows.items() if n) or "nothing"


def hanging_on(record: Record) -> Mapping[str, int]:
    """Return how many rows of which table hang on a record, as far as it was read."""
    return {table: len(record.rows(table)) for table in _HANGING if record.rows(table)}


def side_by_side(one: Record, other: Record) -> Iterator[Beside]:
    """Yield what two records hold that is not empty in both, then how much hangs on each."""
    for table, columns in (("person", _OF_PERSON), ("organisation", ("name",))):
        mine, his = one.rows(table), other.rows(table)
        for column in columns:
            cells = [rows[0].cells.get(column) if rows else None for rows in (mine, his)]
            if not any(cell is not None and cell.held for cell in cells):
                continue
            label = next(cell.label for cell in cells if cell is not None)
            first, second = (_text(cell) for cell in cells)
            clear = all(cell is not None and cell.exposure is Exposure.SHOWN for cell in cells)
            yield Beside(label, first, second, clear and first == second)
    for table in _HANGING:
        counts = [_count(record, table) for record in (one, other)]
        if counts != ["0", "0"]:
            yield Beside(several_of(table).capitalize(), counts[0], counts[1], alike=False)


def _text(cell: Cell | None) -> str:
    if cell is None or not cell.held:
        return ""
    if cell.key.endswith(":source"):
        return WORDS.get(cell.text or "", cell.text or "")
    return cell.text or "•••••••"


def _count(record: Record, table: str) -> str:
    return f"{len(record.rows(table))}{'+' if table in record.truncated else ''}"
