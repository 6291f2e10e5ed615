"""THE audited door to customers: search, open, reveal, copy, history; each logged before anything is returned."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from staffdesk.audit.entry import Core
from staffdesk.data import register
from staffdesk.data.actors import Actors
from staffdesk.data.customers.reading import Reading, Values
from staffdesk.data.customers.search import MOST_LOOKED_AT, Search
from staffdesk.data.deadline import Deadline
from staffdesk.data.entries import Entries
from staffdesk.data.log import Opened
from staffdesk.data.references import TABLE_OF
from staffdesk.data.ticket import Ticket
from staffdesk.data.transaction import Append, Read
from staffdesk.domain import words
from staffdesk.domain.access import Access, Act, Basis, Level, Outcome, RecordKind, Relation, Role, Standing
from staffdesk.domain.access_table import SearchKey
from staffdesk.domain.errors import BadInput, NotFound
from staffdesk.domain.identifiers import Identifier, Recognised, phone_candidates, recognise
from staffdesk.domain.matters import Worth
from staffdesk.domain.policy import AccessMatrix
from staffdesk.domain.records import MOST_LOOKS, Look, Match, Page, Record, Revealed
from staffdesk.domain.screening import refuse_forbidden
from staffdesk.domain.sharing import Disclosed, Given, told
from staffdesk.domain.text import clean_line
from staffdesk.domain.transfers import known_recipients
from staffdesk.parameters.shapes import SessionRules
from staffdesk.services.cells import Cells, parse_key
from staffdesk.services.clearance import Clearance, Wanted, related
from staffdesk.services.door import Door, Draft
from staffdesk.services.hits import hits, person_title
from staffdesk.services.listings import listing, receivable
from staffdesk.services.log_rows import reference_of
from staffdesk.services.standing import kind_of, known_reference

LONGEST_TERM: Final = 200

_KEYS: Final = {
    Identifier.EMAIL: (SearchKey.EMAIL,),
    Identifier.ORDER: (SearchKey.ORDER,),
    Identifier.INVOICE: (SearchKey.INVOICE,),
    Identifier.CASE: (SearchKey.CASE,),
    Identifier.REQUEST: (SearchKey.REQUEST,),
    Identifier.SERIAL: (SearchKey.SERIAL,),
    Identifier.MAC: (SearchKey.MAC,),
    Identifier.IP: (SearchKey.IP,),
    Identifier.PHONE: (SearchKey.PHONE,),
    Identifier.WORDS: (SearchKey.NAME, SearchKey.COMPANY),
}


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

    def search(self, access: Access, text: str, deadline: Deadline | None = None) -> Page:
        """Find customers by what was typed: an identifier, or words; raises :class:`BadInput` for too little."""
        term = clean_line(text, LONGEST_TERM)
        refuse_forbidden(term)
        readings = recognise(term)
        if not readings:
            raise BadInput("One more letter.", "Type at least three letters, or a whole number or address.")
        draft = Draft(
            wanted=Wanted(act=Act.CUSTOMER_SEARCH, keys=_keys(readings)),
            kinds=tuple(reading.kind.value for reading in readings),
            openings=(Opened("term", term),),
        )

        def read(tx: Read, cleared: Clearance, ticket: Ticket) -> tuple[Page, tuple[Relation, ...]]:
            rows = self._matrix.limits.rows
            found, more = _find(tx, rows, readings, cleared)
            shown = hits(found[:rows], Cells(self._matrix, cleared), words.terms(term), readings)
            keys = " ".join(match.relation_keys for match in found[:rows])
            rel = () if cleared.actor is None else related(tx, cleared.actor, keys)
            return Page(hits=shown, more=more, seq=ticket.seq), rel

        page, _ = self._door.look(access, draft, read, listing, deadline)
        return page

    def open(self, access: Access, kind: RecordKind, record_id: int, deadline: Deadline | None = None) -> Record:
        """Open the record a hit leads to; raises :class:`NotFound` if it is gone."""
        table = TABLE_OF[kind]
        draft = Draft(
            wanted=Wanted(act=Act.CUSTOMER_OPENED, record=(table, record_id)),
            level=Level.OPENED,
            kinds=(kind.value,),
            n=1,
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
            cores = [core for core in entries.of_subject(cleared.subject.aid, MOST_LOOKS) if core.out == Outcome.OK]
            numbers = entries.numbers([core.ref for core in cores if core.ref is not None])
            named = cleared.role is not None and self._matrix.names_employees(cleared.role)
            names = Actors(tx).user_names() if named else {}
            return tuple(_look(core, numbers, names) for core in cores)

        return self._door.look(access, draft, read, deadline=deadline)

    def worth(self, access: Access, given: str) -> Worth:
        """Say what a number would be good for, before it is taken as a reference; no customer is read, so no entry.

        Raises :class:`BadInput` for what is no number, :class:`MustNotBeHeld`, :class:`SessionEnded`.
        """

        def read(tx: Append) -> Worth:
            number, reference = known_reference(tx, self._matrix, given)
            return Worth(number or "", None if number is None else kind_of(reference, None))

        return self._door.peek(access, read)

    def _record(self, tx: Read, cleared: Clearance, ticket: Ticket, hit: tuple[RecordKind, int]) -> Record:
        kind, record_id = hit
        reading = Reading(tx)
        customer = None if cleared.subject is None else cleared.subject.person_id
        if customer is None:
            found = reading.without_person(kind.value, record_id)
        else:
            found = reading.person(customer, kind.value, record_id)
        if not any(found.values()) or cleared.role is None or cleared.purpose is None:
            raise NotFound("There is no such record.", "Search again: it may have been merged or erased.")
        sections, truncated = Cells(self._matrix, cleared).sections(found)
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
            given=() if customer is None else self._given(reading, cleared.role, customer),
            partners=reading.partners(_numbers(found, "partner_id")),
            imports=reading.imports(_numbers(found, "import_id")),
        )

    def _given(self, reading: Reading, role: Role, customer: int) -> tuple[Given, ...]:
        kinds = {each.code: each.kind for each in known_recipients()}

        def named(each: Disclosed) -> bool:
            return self._matrix.names_recipient(role, with_order=each.with_order)

        return told(reading.disclosures(customer), kinds, named)

    def _value(self, access: Access, key: str, act: Act, deadline: Deadline | None) -> Revealed:
        table, record_id, column, privacy_class = parse_key(key)
        draft = Draft(
            wanted=Wanted(act=act, record=(table, record_id), reveals=privacy_class),
            level=Level.REVEALED,
            kinds=(privacy_class.value, f"{table}.{column}"),
            n=1,
        )

        def read(tx: Read, cleared: Clearance, ticket: Ticket) -> Revealed:
            del cleared
            value = Reading(tx).value(table, record_id, column)
            if value is None:
                raise NotFound("Nothing is held here.", "Open the record again.")
            return Revealed(
                key=key,
                label=register.of_table(table)[column].label,
                text=value,
                seconds=self._rules.reveal.for_class(privacy_class),
                seq=ticket.seq,
            )

        return self._door.look(access, draft, read, deadline=deadline)


def _keys(readings: Sequence[Recognised]) -> tuple[SearchKey, ...]:
    return tuple(dict.fromkeys(key for reading in readings for key in _KEYS[reading.kind]))


def _find(tx: Read, rows: int, readings: Sequence[Recognised], cleared: Clearance) -> tuple[tuple[Match, ...], bool]:
    """Try each reading the role may search by, the likeliest first, until one finds something to list.

    Returns the matches and whether there are more than ``rows``. Where some may not be received, as many are looked at
    as a search looks at, so that they take nobody's place.
    """
    for reading in readings:
        allowed = frozenset(key for key in _KEYS[reading.kind] if key in cleared.keys)
        if not allowed:
            continue
        found = _matches(Search(tx, rows), reading, allowed)
        listed = receivable(found, cleared)
        if len(listed) < len(found) and len(found) > rows:
            found = _matches(Search(tx, MOST_LOOKED_AT), reading, allowed)
            listed = receivable(found, cleared)
        if listed:
            return listed, len(listed) > rows or len(found) >= MOST_LOOKED_AT
    return (), False


def _matches(search: Search, reading: Recognised, allowed: Collection[SearchKey]) -> tuple[Match, ...]:
    if reading.kind is Identifier.WORDS:
        return search.by_words(
            words.terms(reading.value), names=SearchKey.NAME in allowed, companies=SearchKey.COMPANY in allowed
        )
    if reading.kind is Identifier.PHONE:
        return search.by_phone(phone_candidates(reading.value))
    return search.by_identifier(reading.kind, reading.value)


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
