"""Fields set right against evidence on file, and fields confirmed with the customer (privacy policy, H.1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from staffdesk.data import register
from staffdesk.data.customers.contested import ContestedFields
from staffdesk.data.customers.fields import Fields, Origin
from staffdesk.data.customers.merges import with_merged
from staffdesk.data.log import Opened
from staffdesk.data.references import Reference, References
from staffdesk.data.transaction import Change
from staffdesk.domain.access import Access, Act
from staffdesk.domain.access_table import ReferenceKind
from staffdesk.domain.classes import PrivacyClass
from staffdesk.domain.correction import Repair, Seen, check_field, check_repairable
from staffdesk.domain.deadlines import receive_day
from staffdesk.domain.digit_row import as_digits
from staffdesk.domain.errors import BadInput, Conflict, Denied, NotFound, SessionEnded
from staffdesk.domain.policy import AccessMatrix
from staffdesk.domain.provenance import Source
from staffdesk.domain.requests import RequestChannel
from staffdesk.domain.screening import refuse_forbidden
from staffdesk.domain.text import optional_line
from staffdesk.services.cells import LONGEST_NUMBER, as_text
from staffdesk.services.clearance import (
    Clearance,
    Wanted,
    today_in_brussels,
)
from staffdesk.services.door import Door, Draft, Result
from staffdesk.services.held_rows import check_not_contested
from staffdesk.services.standing import LONGEST_REFERENCE, reference_number

_SPOKEN: Final = frozenset({RequestChannel.PHONE, RequestChannel.IN_PERSON, RequestChannel.EVENT})
"""Ways by which a request is said and not written."""

_FACT: Final = "fact"
"""Stands in an entry where a field is of no class: a country, a language."""

Place = tuple[str, int, str]


class Repairs:
    """Sets single fields right, and notes that they were confirmed."""

    def __init__(self, door: Door, matrix: AccessMatrix) -> None:
        """Write through ``door``; ``matrix`` says which fields a role may see, and so confirm."""
        self._door = door
        self._matrix = matrix

    def repair(self, access: Access, customer: int, repair: Repair) -> None:
        """Set one field of a customer or of his organisation right, against evidence on file.

        The evidence is an order, licence, request or case that concerns this person and that this employee did not make
        himself. Raises :class:`BadInput` and :class:`NotFound` (what cannot be repaired, or evidence that is none),
        :class:`Conflict` (it is no longer as it was seen), :class:`MustNotBeHeld`, :class:`Denied`.
        """
        table, number, column = place = place_of(repair.seen.key)
        check_repairable(table, column)
        evidence = _number_of(repair.evidence)
        new = repair.new.strip() or None
        privacy_class = register.of_table(table)[column].privacy_class
        kinds = _kinds([place])
        draft = Draft(
            wanted=Wanted(act=Act.CUSTOMER_CHANGED, record=("person", customer), reveals=privacy_class),
            kinds=kinds,
            n=1,
        )

        def write(tx: Change, cleared: Clearance) -> tuple[None, Result]:
            held = _Held(tx, customer)
            row = held.row(table, number)
            _check_company(cleared, table)
            check_not_contested(cleared, held.contested(place))
            held.check(repair.seen, row[column])
            found = _concerning(References(tx).reference(evidence), cleared, held)
            origin = _origin(held.fields, found)
            record = held.fields.checked(table, row, column, new)
            value = record.values()[column]
            if value == row[column]:
                raise BadInput("This is what is held already.", "Type what it is to be.")
            known_before = held.fields.key_before(table, row, column)
            if held.fields.change(record, column, row[column]) != 1:
                raise _changed()
            status = {
                **origin.values(),
                **known_before,
                "evidence": evidence,
                "confirmed_on": None,
                "confirmed_under": None,
            }
            if held.fields.put_status(table, number, column, origin, status) != 1:
                raise _changed()
            openings = [
                Opened(name, as_text(each)) for name, each in (("old", row[column]), ("new", value)) if each is not None
            ]
            about = (*held.aids([place]), found.aid)
            return None, Result(act=Act.CUSTOMER_CHANGED, obj=about, kinds=kinds, n=1, openings=tuple(openings))

        self._door.change(access, draft, write)

    def confirm(self, access: Access, customer: int, seen: Sequence[Seen]) -> int:
        """Note that fields were confirmed with the customer today, under the case in hand; return how many.

        Raises :class:`BadInput` (no case in hand, nothing to confirm), :class:`NotFound` (what is no such field, or is
        empty), :class:`Conflict` (one is no longer as it was seen), :class:`Denied` (contested, or not his to see).
        """
        places = [place_of(each.key) for each in seen]
        if not places:
            raise BadInput("Nothing that is shown here can be confirmed.", "Reveal a value first (v).")
        for table, _, column in places:
            check_field(table, column)
        kinds, today = _kinds(places), today_in_brussels()
        draft = Draft(
            wanted=Wanted(act=Act.CUSTOMER_CONFIRMED, record=("person", customer)), kinds=kinds, n=len(places)
        )

        def write(tx: Change, cleared: Clearance) -> tuple[int, Result]:
            case = cleared.reference
            if case is None or cleared.number is None or cleared.reference_kind is not ReferenceKind.CASE:
                raise BadInput(
                    "Fields are confirmed under an open case of this customer.",
                    "Start one: Ctrl+N, or staffdesk case new.",
                )
            if case.person_id is None:
                raise BadInput("The case in hand names nobody yet.", "b says that this person called.")
            held = _Held(tx, customer)
            status = {"confirmed_on": today, "confirmed_under": cleared.number}
            for each, (table, number, column) in zip(seen, places, strict=True):
                self._check_seen_by_role(cleared, register.of_table(table)[column].privacy_class)
                row = held.row(table, number)
                _check_company(cleared, table)
                check_not_contested(cleared, held.contested((table, number, column)))
                held.check(each, row[column])
                if row[column] is None:
                    raise NotFound("Nothing is held here.", "f sets a value right that is on file elsewhere.")
                if held.fields.put_status(table, number, column, held.fields.origin_of(row), status) != 1:
                    raise _changed()
            held.note_confirmed(customer, places, today)
            about = held.aids(places)
            return len(places), Result(act=Act.CUSTOMER_CONFIRMED, obj=about, kinds=kinds, n=len(places))

        return self._door.change(access, draft, write)

    def _check_seen_by_role(self, cleared: Clearance, privacy_class: PrivacyClass | None) -> None:
        if privacy_class is None or cleared.role is None or cleared.standing is None:
            return
        if not self._matrix.may_reveal(cleared.role, privacy_class, cleared.standing, cleared.reference_kind):
            raise Denied(
                f"The role {cleared.role.value} does not see one of these values.", "Confirm those that are shown."
            )


class _Held:
    """A person's row, those that were put together with it, and their organisations', read once and locked."""

    def __init__(self, tx: Change, customer: int) -> None:
        self.fields = fields = Fields(tx)
        self._contested = ContestedFields(tx)
        self._rows: dict[tuple[str, int], Mapping[str, Any]] = {}
        for number in sorted(with_merged(tx, (customer,))):
            person = fields.row("person", number)
            if person is None:
                raise _gone()
            self._rows["person", number] = person
        self._people = tuple(self._rows.values())
        self._customer = self._rows["person", customer]

    def row(self, table: str, number: int) -> Mapping[str, Any]:
        """Return the row a field stands in; raises :class:`NotFound` where it is not this customer's."""
        place = table, number
        if place not in self._rows and number in {each["organisation_id"] for each in self._people}:
            company = self.fields.row(table, number)
            if company is not None:
                self._rows[place] = company
        if place not in self._rows:
            raise _gone()
        return self._rows[place]

    def contested(self, place: Place) -> str | None:
        """Return the number of the request under which a field is contested, or nothing."""
        return self._contested.under(*place)

    def check(self, seen: Seen, value: object) -> None:
        """Raise :class:`Conflict` where a field no longer holds what was seen."""
        if (None if value is None else as_text(value)) != seen.text:
            raise _changed()

    def note_confirmed(self, customer: int, places: Sequence[Place], today: dt.date) -> None:
        """Note the day on the row of the customer, and of who was put together with him where a field is that one's."""
        for person in {customer, *(number for table, number, _ in places if table == "person")}:
            if self.fields.confirmed(person, today, email=("person", person, "email") in places) != 1:
                raise _changed()

    def aids(self, places: Iterable[Place]) -> tuple[str, ...]:
        """Return the audit ids of the rows of these fields, people first; the customer's where one was put with his."""
        ordered = sorted(places, key=lambda place: place[0] != "person")
        rows = [self._rows[table, number] for table, number, _ in ordered]
        merged = any(row in self._people and row is not self._customer for row in rows)
        return tuple(dict.fromkeys(str(row["aid"]) for row in ((self._customer, *rows) if merged else rows)))

    def concerned_by(self, reference: Reference) -> bool:
        """Say whether a reference is about this person, or, where it names none, about his organisation."""
        if reference.person_id is not None:
            return any(reference.person_id == each["id"] for each in self._people)
        company = reference.organisation_id
        return company is not None and any(company == each["organisation_id"] for each in self._people)


def _check_company(cleared: Clearance, table: str) -> None:
    """Refuse what stands in an organisation's row that this employee's company may not receive."""
    if table == "organisation" and cleared.company is None:
        raise Denied("This organisation may not be received here.", "Ask a colleague employed in Brussels.")


def place_of(key: str) -> Place:
    """Return table, number and column of a value's key, as ``person:12:email``; raises :class:`NotFound`."""
    table, _, rest = key.partition(":")
    number, _, column = rest.partition(":")
    if not (number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER):
        raise NotFound("There is no such value.", "Its key is as person:12:city; show --json prints them all.")
    return table, int(number), column


def _kinds(places: Sequence[Place]) -> tuple[str, ...]:
    """Return the classes of fields, then the fields, as an entry names them."""
    classes = [register.of_table(table)[column].privacy_class for table, _, column in places]
    named = (_FACT if each is None else each.value for each in classes)
    return tuple(dict.fromkeys((*named, *(f"{table}.{column}" for table, _, column in places))))


def _number_of(typed: str) -> str:
    evidence = as_digits(optional_line(typed, LONGEST_REFERENCE) or "")
    if not evidence:
        raise BadInput(
            "A repair needs evidence that is on file.", "Give the number of an order, licence, request or case."
        )
    refuse_forbidden(evidence)
    return reference_number(evidence)


def _concerning(found: Reference | None, cleared: Clearance, held: _Held) -> Reference:
    """Return the evidence, if it is some; raises with the reason where it is none."""
    if cleared.actor is None:
        raise SessionEnded("You are not signed in.", "Sign in again.")
    if found is None:
        raise NotFound("Nothing on file has the number of the evidence.", "Give an order, licence, request or case.")
    if not held.concerned_by(found):
        raise BadInput("This evidence does not concern this person.", "Give a number from this record.")
    by_hand = found.kind == "request" or (found.kind == "case" and found.origin == "own")
    if found.imported_by == cleared.actor.staff_id or (by_hand and found.made_by == cleared.actor.staff_id):
        raise Denied(
            f"The evidence is a {found.kind} of your own making: nobody is his own evidence.",
            "Give what a colleague or the customer made, or somebody else imported.",
        )
    return found


def _origin(fields: Fields, found: Reference) -> Origin:
    origin = fields.evidence(found.kind, found.id)
    if origin is not None:
        return origin
    request = fields.request(found.id)
    if request is None:
        raise _gone()
    channel, received = request
    source = Source.CALL_IN if channel in _SPOKEN else Source.EMAIL_IN
    moment = dt.datetime.fromtimestamp(received / 1000, dt.UTC)
    return Origin(source=source.value, obtained_on=receive_day(moment))


def _changed() -> Conflict:
    return Conflict("This is no longer as you saw it. Nothing was changed.", "Open the record again.")


def _gone() -> NotFound:
    return NotFound("There is no such record.", "Open the record again.")
