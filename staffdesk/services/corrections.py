"""What a customer asks to have corrected: each field with what stands in it, what is to stand there and what shows it.

Nothing is changed here: the move that corrects does it, once who asks has proven who he is (privacy policy, H.1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from staffdesk.data import register
from staffdesk.data.customers.fields import Fields
from staffdesk.data.customers.request_decisions import Deciding, Decisions
from staffdesk.data.customers.request_progress import RequestMoves
from staffdesk.data.transaction import Change
from staffdesk.domain.access import Access, Act
from staffdesk.domain.correction import check_field
from staffdesk.domain.errors import BadInput, Conflict, NotFound
from staffdesk.domain.requests import RequestState, RequestType
from staffdesk.domain.screening import refuse_forbidden
from staffdesk.domain.text import optional_line
from staffdesk.services.cells import as_text
from staffdesk.services.clearance import Clearance
from staffdesk.services.contesting import contest
from staffdesk.services.door import Door, Result
from staffdesk.services.repairs import place_of
from staffdesk.services.request_numbers import REQUEST, known_request
from staffdesk.services.request_standing import check_officer, draft_of, read

_LONGEST: Final = 300
_OPEN: Final = frozenset({RequestState.ASSESSMENT, RequestState.DECISION})


@dataclass(frozen=True, slots=True, repr=False)
class Correction:
    """One field: what it is called, what stands in it, and what is to stand there."""

    field: str
    label: str
    old: str
    new: str

    def __repr__(self) -> str:
        return f"<Correction {self.field}>"


class Corrections:
    """Notes what is to be corrected under a request."""

    def __init__(self, door: Door) -> None:
        """Write through ``door``."""
        self._door = door

    def want(self, access: Access, number: str, key: str, new: str, evidence: str = "") -> tuple[Correction, ...]:
        """Note what is to stand in a field (``person:12:email``), and return all that is noted, old beside new.

        Nothing at all empties the field. Raises :class:`BadInput`, :class:`NotFound` for no such field of this person,
        :class:`Conflict` where the request is decided already or asks for something else, :class:`MustNotBeHeld`,
        :class:`Denied`.
        """
        known = known_request(self._door, access, number)
        table, row_number, column = place_of(key)
        check_field(table, column)
        value, shows = optional_line(new, _LONGEST), optional_line(evidence, _LONGEST) or ""
        for text in (value or "", shows):
            refuse_forbidden(text)
        kinds = (REQUEST, "correction", f"{table}.{column}")

        def write(tx: Change, cleared: Clearance) -> tuple[tuple[Correction, ...], Result]:
            check_officer(cleared)
            RequestMoves(tx).hold(known.id)
            progress, _ = read(tx, known.id)
            if progress.kind is not RequestType.RECTIFY or progress.state not in _OPEN:
                raise Conflict("Fields are noted while a request to correct is collected.", "See where it stands.")
            fields = Fields(tx)
            row = fields.row(table, row_number)
            if row is None or not _belongs(fields, table, row_number, progress.person):
                raise NotFound("This field is not of who asks.", "Take the key from the record.")
            fields.checked(table, row, column, value)
            if row[column] == value:
                raise BadInput("This is what is held already.", "Type what it is to be.")
            Deciding(tx).want(known.id, table, row_number, column, value, shows)
            contest(tx, progress.number, (table, row_number, column))
            noted = tuple(
                _shown(fields, each.table, each.number, each.field, each.new)
                for each in Decisions(tx).corrections(known.id)
            )
            return noted, Result(act=Act.REQUEST_MOVED, obj=(known.aid,), kinds=kinds, n=len(noted))

        return self._door.change(access, draft_of(known, kinds), write)


def _belongs(fields: Fields, table: str, number: int, person: int | None) -> bool:
    if person is None:
        return False
    if table == "person":
        return number == person
    row = fields.row("person", person)
    return row is not None and row["organisation_id"] == number


def _shown(fields: Fields, table: str, number: int, column: str, new: str | None) -> Correction:
    row = fields.row(table, number) or {}
    label = register.of_table(table)[column].label
    return Correction(f"{table}:{number}:{column}", label, as_text(row.get(column)) or "", new or "")
