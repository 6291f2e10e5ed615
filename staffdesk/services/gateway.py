"""THE audited door to customers: search, open, reveal, copy, history; each logged before anything is returned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from staffdesk.audit.entry import Core
from staffdesk.data import register
from staffdesk.data.actors import Actors
from staffdesk.data.customers.disclosed import disclosures
from staffdesk.data.customers.reading import LIMIT, Reading, Values
from staffdesk.data.deadline import Deadline
from staffdesk.data.entries import Entries
from staffdesk.data.log import Opened
from staffdesk.data.references import TABLE_OF
from staffdesk.data.ticket import Ticket
from staffdesk.data.transaction import Append, Read
from staffdesk.domain import words
from staffdesk.domain.access import (
    NO_LOOKS,
    Access,
    Act,
    Basis,
    Level,
    Outcome,
    Purpose,
    RecordKind,
    Relation,
    Role,
    Standing,
)
from staffdesk.domain.access_table import ReferenceKind, SearchKey
from staffdesk.domain.errors import BadInput, NotFound
from staffdesk.domain.identifiers import Recognised, recognise
from staffdesk.domain.matters import Worth
from staffdesk.domain.policy import AccessMatrix
from staffdesk.domain.records import MOST_LOOKS, Look, Page, Record, Revealed
from staffdesk.domain.screening import refuse_forbidden
from staffdesk.domain.search_text import read_filters
from staffdesk.domain.sharing import Disclosed, Given, told
from staffdesk.domain.text import clean_line
from staffdesk.domain.transfers import known_recipients
from staffdesk.parameters.shapes import SessionRules
from staffdesk.services.cells import Cells, parse_key
from staffdesk.services.clearance import Clearance, Wanted, may_see_country
from staffdesk.services.door import Door, Draft, Result
from staffdesk.services.finding import Finding
from staffdesk.services.held_rows import check_not_contested, may_read, readable
from staffdesk.services.hits import hits, person_title
from staffdesk.services.listings import Listed, listing, relations_to
from staffdesk.services.log_rows import TYPED_REFERENCE, reference_of
from staffdesk.services.searched_by import KEYS

LONGEST_TERM: Final = 200


class Gateway:
    """Customer rows reach a front end through these methods alone, already masked for the role in force.

    Every method raises :class:`Denied`, :class:`SessionEnded`, :class:`LogUnavailable` or :class:`StorageUnavailable`
    where nothing may be shown, within the deadline.
    """

    def __init__(self, door: Door, matrix: AccessMatrix, rules: SessionRules) -> None:
        """Go through ``door``, mask by ``matrix``; ``rules`` say how long a revealed value stays."""
        self._door = door
        self._matrix = matrix
        self._rules = rules

    def search(self, access: Access, text: str, deadline: Deadline | None = None, *, typing: bool = False) -> Page:
        """Find customers by what was typed: an identifier, or words, and filters; raises :class:`BadInput`.

        While somebody is ``typing`` words are counted, and rows come where few are left or an identifier is whole.
        """
        term = clean_line(text, LONGEST_TERM)
        refuse_forbidden(term)
        asked = read_filters(term)
        if asked.text != term:
            refuse_forbidden(asked.text)
        readings = recognise(asked.text)
        if not readings:
            raise BadInput("One more letter.", "Type at least three letters, or a whole number or address.")
        draft = Draft(
            wanted=Wanted(act=Act.CUSTOMER_SEARCH, keys=_keys(readings)),
            kinds=(*(reading.kind.value for reading in readings), *asked.names),
            openings=(Opened("term", asked.text),),
        )

        def read(tx: Read, cleared: Clearance, ticket: Ticket) -> tuple[Page, tuple[Relation, ...]]:
            finding = Finding(tx, self._matrix, cleared, asked)
            found = finding.count(readings) if typing else finding.list(readings)
            shown = hits(found.matches, Cells(self._matrix, cleared), words.terms(asked.text), readings)
            page = Page(shown, found.more, ticket.seq, found.count, found.suggestion)
            return page, relations_to(tx, cleared, found.matches) if found.matches else ()

        def listed(found: Listed) -> Result | None:
            page, _ = found
            return None if typing and not (page.hits or page.suggestion) else listing(found)

        page, _ = self._door.look(access, draft, read, listed, deadline)
        return page

    def open(self, access: Access, kind: RecordKind, record_id: int, deadline: Deadline | None = None) -> Record:
        """Open the record a hit leads to; raises :class:`NotFound` if it is gone."""
        table = TABLE_OF[kind]
        draft = Draft(
            wanted=Wanted(act=Act.CUSTOMER_OPENED, record=(table, record_id)),
            level=Level.OPENED,
            kinds=(kind.value,),
            n=1,
            company=True,
        )

        def read(tx: Read, cleared: Clearance, ticket: Ticket) -> Record:
            return self._record(tx, cleared, ticket, (kind, record_id))

        return self._door.look(access, draft, read, deadline=deadline)

    def reveal(self, access: Access, key: str, deadline: Deadline | None = None) -> Revealed:
        """Return one masked value in clear; raises :class:`NotFound` if nothing is held."""
        return self._value(access, key, Act.CUSTOMER_REVEALED, deadline)

    def copy(self, access: Access, key: str, deadline: Deadline | None = None) -> str:
        """Return one value for the terminal's clipboard; what may not be revealed may not be copied."""
        return self._value(access, key, Act.CUSTOMER_COPIED, deadline).text

    def history(self, access: Access, customer: int, deadline: Deadline | None = None) -> tuple[Look, ...]:
        """Return who looked at a person, newest first: role, date and purpose; by name where the role is told names."""
        draft = Draft(wanted=Wanted(act=Act.CUSTOMER_HISTORY, record=("person", customer)), kinds=("history",), n=1)

        def read(tx: Read, cleared: Clearance, _ticket: Ticket) -> tuple[Look, ...]:
            if cleared.subject is None:
                return ()
            entries = Entries(tx)
            # An intent came to nothing unless its result is here too, and a failure showed nothing.
            found = {core.seq: core for aid in cleared.subject.aids for core in entries.of_subject(aid, MOST_LOOKS)}
            every = sorted(found.values(), key=lambda core: -core.seq)[:MOST_LOOKS]
            cores = [core for core in every if core.out == Outcome.OK and core.act not in NO_LOOKS]
            numbers = entries.numbers([core.ref for core in cores if core.ref is not None])
            named = cleared.role is not None and self._matrix.names_employees(cleared.role)
            names = Actors(tx).user_names() if named else {}
            return tuple(_look(core, numbers, names) for core in cores)

        return self._door.look(access, draft, read, deadline=deadline)

    def worth(self, access: Access, given: str) -> Worth:
        """Say what a number would be good for, before it is taken as a reference.

        That a serial or an order is on file at all is told to who may not search by it: hence an entry, though no
        customer is read. Raises :class:`BadInput` for what is no number, :class:`MustNotBeHeld`, :class:`SessionEnded`.
        """
        if not given.strip():
            return self._door.peek(access, lambda _tx: Worth("", None))
        asked = replace(access, reference=given, break_glass=None)

        def read(_tx: Append, cleared: Clearance) -> tuple[Worth, Result]:
            held: frozenset[Role] = frozenset() if cleared.actor is None else cleared.actor.roles
            opens = any(self._matrix.role_in_force(held, each, Act.CUSTOMER_OPENED) for each in Purpose)
            number = cleared.number
            kind = cleared.reference_kind if opens else None
            typed = () if number is None or cleared.reference is not None else (Opened(TYPED_REFERENCE, number),)
            return Worth(number or "", kind), Result(act=Act.SESSION_REFERRED, openings=typed)

        return self._door.act(asked, Draft(wanted=Wanted(act=Act.SESSION_REFERRED)), read, intent=False)

    def _record(self, tx: Read, cleared: Clearance, ticket: Ticket, hit: tuple[RecordKind, int]) -> Record:
        kind, record_id = hit
        reading = Reading(tx)
        customer = None if cleared.subject is None else cleared.subject.person_id
        if customer is None:
            found = reading.without_person(kind.value, record_id)
        else:
            found = reading.person(customer, kind.value, record_id)
        if cleared.company is None:
            found = _without_company(found)
        found = readable(tx, cleared, found, (TABLE_OF[kind], record_id))
        if not any(found.values()) or cleared.role is None or cleared.purpose is None:
            raise NotFound("There is no such record.", "Search again: it may have been merged or erased.")
        further = _further_cases(reading, cleared, found)
        sections, truncated = Cells(self._matrix, cleared).sections(found, further)
        return Record(
            kind=kind,
            id=record_id,
            customer=customer,
            title=person_title(sections) or f"{kind.value} {record_id}",
            role=cleared.role,
            purpose=cleared.purpose,
            reference=cleared.number or "",
            standing=cleared.standing or Standing.NONE,
            basis=cleared.basis or Basis.OWN,
            seq=ticket.seq,
            sections=sections,
            focus=(TABLE_OF[kind], record_id),
            glass=cleared.glass,
            truncated=truncated,
            given=() if customer is None else self._given(tx, cleared.role, customer),
            partners={
                number: name
                for number, name, country in reading.partners(_numbers(found, "partner_id"))
                if cleared.actor is not None and may_see_country(cleared.actor, country).allowed
            },
            imports=reading.imports(_numbers(found, "import_id")),
        )

    def _given(self, tx: Read, role: Role, customer: int) -> tuple[Given, ...]:
        kinds = {each.code: each.kind for each in known_recipients()}

        def named(each: Disclosed) -> bool:
            return self._matrix.names_recipient(role, with_order=each.with_order)

        return told(disclosures(tx, customer), kinds, named)

    def _value(self, access: Access, key: str, act: Act, deadline: Deadline | None) -> Revealed:
        table, record_id, column, privacy_class = parse_key(key)
        draft = Draft(
            wanted=Wanted(act=act, record=(table, record_id), reveals=privacy_class),
            level=Level.REVEALED,
            kinds=(privacy_class.value, f"{table}.{column}"),
            n=1,
        )

        def read(tx: Read, cleared: Clearance, ticket: Ticket) -> Revealed:
            value, contested = Reading(tx).value(table, record_id, column)
            if value is None or not may_read(tx, cleared, table, record_id):
                raise NotFound("Nothing is held here.", "Open the record again.")
            check_not_contested(cleared, contested)
            return Revealed(
                key=key,
                label=register.of_table(table)[column].label,
                text=value,
                seconds=self._rules.reveal.for_class(privacy_class),
                seq=ticket.seq,
            )

        return self._door.look(access, draft, read, deadline=deadline)


def _keys(readings: Sequence[Recognised]) -> tuple[SearchKey, ...]:
    return tuple(dict.fromkeys(key for reading in readings for key in KEYS[reading.kind]))


def _further_cases(reading: Reading, cleared: Clearance, found: Mapping[str, tuple[Values, ...]]) -> frozenset[int]:
    """Return the cases of the product in hand that reports tell of, where a record holds more cases than are read."""
    case = cleared.reference if cleared.reference_kind is ReferenceKind.CASE else None
    customer = None if cleared.subject is None else cleared.subject.person_id
    if case is None or customer is None or len(found.get("support_case", ())) <= LIMIT:
        return frozenset()
    return reading.cases_of_the_same_product(customer, case.id, _numbers(found, "case_id"))


def _without_company(found: Mapping[str, tuple[Values, ...]]) -> dict[str, tuple[Values, ...]]:
    """Leave out the organisation's row, and what is noted of its fields."""
    return {
        table: tuple(row for row in rows if table == "field_status" and row["organisation_id"] is None)
        if table in {"organisation", "field_status"}
        else rows
        for table, rows in found.items()
    }


def _numbers(found: Mapping[str, Sequence[Values]], column: str) -> set[int]:
    """Return the numbers that stand in a column of the tables which have it."""
    return {row[column] for rows in found.values() for row in rows if row.get(column) is not None}


def _look(core: Core, numbers: dict[str, str], names: dict[str, str]) -> Look:
    return Look(
        seq=core.seq,
        at=core.t,
        role=core.role or "",
        level=None if core.level is None else Level(core.level),
        act=core.act,
        purpose=core.purpose or "",
        reference=reference_of(core, numbers),
        standing=core.standing or "",
        kinds=core.kinds,
        who=names.get(core.actor or "", ""),
    )
