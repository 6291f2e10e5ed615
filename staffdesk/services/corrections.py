"""What a customer asks to have corrected: each field with what stands in it, what is to stand there and what shows it.

Nothing is changed here: the move that corrects does it, once who asks has proven who he is (privacy policy, H.1).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from staffdesk.data import register
from staffdesk.data.customers.fields import Fields
from staffdesk.data.customers.reading import Reading
from staffdesk.data.customers.request_decisions import Deciding, Decisions
from staffdesk.data.customers.request_progress import RequestMoves
from staffdesk.data.ticket import Ticket
from staffdesk.data.transaction import Change, Read
from staffdesk.domain.access import Access, Act
from staffdesk.domain.correction import corrected_fields, named_field
from staffdesk.domain.errors import BadInput, Conflict, NotFound
from staffdesk.domain.request_progress import Progress
from staffdesk.domain.requests import OPEN_TO_CORRECTIONS, RequestType
from staffdesk.domain.screening import FieldKind, refuse_forbidden
from staffdesk.domain.text import optional_line
from staffdesk.services.clearance import Clearance
from staffdesk.services.contesting import contest, field_of, uncontest
from staffdesk.services.door import Door, Result
from staffdesk.services.request_numbers import REQUEST, known_request
from staffdesk.services.request_standing import check_officer, draft_of, read

_LONGEST: Final = 300


@dataclass(frozen=True, slots=True, repr=False)
class Correction:
    """One field: what it is called, what stands in it, what is to stand there and what shows it."""

    field: str
    label: str
    old: str
    new: str
    evidence: str = ""

    def __repr__(self) -> str:
        return f"<Correction {self.field}>"


@dataclass(frozen=True, slots=True, repr=False)
class CorrectionSheet:
    """The fields of who asks that can be corrected, from their names to their keys, and what is noted of them."""

    keys: Mapping[str, str]
    noted: tuple[Correction, ...]

    def __repr__(self) -> str:
        return f"<CorrectionSheet of {len(self.noted)}>"


class Corrections:
    """Notes what is to be corrected under a request."""

    def __init__(self, door: Door) -> None:
        """Write through ``door``."""
        self._door = door

    def sheet(self, access: Access, number: str) -> CorrectionSheet:
        """Return which fields of who asks can be corrected, and what is noted so far, old beside new.

        Raises :class:`NotFound`, :class:`Denied`, :class:`Conflict` as :meth:`want` does.
        """
        known = known_request(self._door, access, number)
        kinds = (REQUEST, "correction")

        def look(tx: Read, cleared: Clearance, _ticket: Ticket) -> CorrectionSheet:
            check_officer(cleared)
            progress = _collected(tx, known.id)
            company = _company_of(tx, progress.person)
            numbers = {"person": progress.person, "organisation": None if company is None else int(company)}
            keys = {
                name: f"{table}:{numbers[table]}:{column}"
                for name in corrected_fields()
                for table, _, column in [named_field(name)]
                if numbers[table] is not None
            }
            return CorrectionSheet(keys, _noted(tx, known.id))

        return self._door.look(access, draft_of(known, kinds, Act.REQUEST_OPENED), look)

    def want(self, access: Access, number: str, named: str, new: str, evidence: str = "") -> tuple[Correction, ...]:
        """Note what is to stand in a field (``email``, ``organisation.name``, ``person:12:email``); return all noted.

        Nothing at all empties the field. Raises :class:`BadInput` for no such field and for what can never stand in it,
        :class:`NotFound` for one that is not of who asks, :class:`Conflict` where the request is decided already or
        asks for something else, :class:`MustNotBeHeld`, :class:`Denied`.
        """
        known = known_request(self._door, access, number)
        table, _, column = named_field(named)
        value, shows = optional_line(new, _LONGEST), optional_line(evidence, _LONGEST) or ""
        refuse_forbidden(value or "")
        refuse_forbidden(shows, FieldKind.NOTE)
        kinds = (REQUEST, "correction", f"{table}.{column}")

        def write(tx: Change, cleared: Clearance) -> tuple[tuple[Correction, ...], Result]:
            check_officer(cleared)
            RequestMoves(tx).hold(known.id)
            progress, fields = _collected(tx, known.id), Fields(tx)
            place = field_of(named, progress.person or 0, fields)
            row = fields.row(table, place[1]) or {}
            fields.checked(table, row, column, value)
            if row[column] == value:
                raise BadInput("This is what is held already.", "Type what it is to be.")
            Deciding(tx).want(known.id, *place, value, shows)
            contest(tx, progress.number, place)
            noted = _noted(tx, known.id)
            return noted, Result(act=Act.REQUEST_MOVED, obj=(known.aid,), kinds=kinds, n=len(noted))

        return self._door.change(access, draft_of(known, kinds), write)

    def take_back(self, access: Access, number: str, named: str) -> tuple[Correction, ...]:
        """Take back what was noted of a field, which is contested no more, and return what is left.

        Raises :class:`NotFound` where nothing is noted of it, else as :meth:`want`.
        """
        known = known_request(self._door, access, number)
        table, _, column = named_field(named)
        kinds = (REQUEST, "correction", "taken back", f"{table}.{column}")

        def write(tx: Change, cleared: Clearance) -> tuple[tuple[Correction, ...], Result]:
            check_officer(cleared)
            RequestMoves(tx).hold(known.id)
            progress = _collected(tx, known.id)
            place = field_of(named, progress.person or 0, Fields(tx))
            if Deciding(tx).unwant(known.id, *place) != 1:
                raise NotFound("Nothing is noted of this field.", "See what is: staffdesk requests show")
            uncontest(tx, progress.number, place)
            left = _noted(tx, known.id)
            return left, Result(act=Act.REQUEST_MOVED, obj=(known.aid,), kinds=kinds, n=1)

        return self._door.change(access, draft_of(known, kinds), write)


def _collected(tx: Read, request_id: int) -> Progress:
    """Return where a request stands; raises :class:`Conflict` where no field is noted under it."""
    progress, _ = read(tx, request_id)
    if progress.kind is not RequestType.RECTIFY or progress.state not in OPEN_TO_CORRECTIONS:
        raise Conflict("Fields are noted while a request to correct is collected.", "See where it stands.")
    if progress.person is None:
        raise Conflict("This request names no customer.", "Say first whose data it is about.")
    return progress


def _company_of(tx: Read, person: int | None) -> str | None:
    return None if person is None else Reading(tx).value("person", person, "organisation_id")[0]


def _noted(tx: Read, request_id: int) -> tuple[Correction, ...]:
    reading = Reading(tx)
    return tuple(
        Correction(
            f"{each.table}:{each.number}:{each.field}",
            register.of_table(each.table)[each.field].label,
            reading.value(each.table, each.number, each.field)[0] or "",
            each.new or "",
            each.evidence or "",
        )
        for each in Decisions(tx).corrections(request_id)
    )
