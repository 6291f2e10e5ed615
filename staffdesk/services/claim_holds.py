"""Holding a customer's records for one named claim, so that an erasure restricts them instead (GDPR Art. 17(3)(e)).

Set by privacy before an erasure is carried out, until a day that is no farther than the next review
(``retention.toml``, ``holds.claim``). Before an erasure it takes nothing out of use. Of whoever was erased since it is
found by the number of the request he was erased under.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Final

from dateutil.relativedelta import relativedelta

from staffdesk.data import register
from staffdesk.data.customers.belongings import PERSON, Belongings, Key, of_requests, owners
from staffdesk.data.customers.claims import Claim, Claiming, Claims
from staffdesk.data.customers.held import ERASED
from staffdesk.data.log import Opened
from staffdesk.data.references import SUBJECT_TABLES, TABLE_OF, References
from staffdesk.data.ticket import Ticket
from staffdesk.data.transaction import Append, Change, Read, Transaction
from staffdesk.domain.access import Access, Act, Level, RecordKind
from staffdesk.domain.errors import BadInput, Misconfigured, NoSuchRecord, NotFound
from staffdesk.domain.holds import Ground
from staffdesk.domain.names_of_things import refuse_addresses
from staffdesk.domain.request_words import rows_of
from staffdesk.domain.screening import FieldKind, refuse_forbidden
from staffdesk.domain.text import clean_line
from staffdesk.domain.written_reasons import written_reason
from staffdesk.parameters.shapes import retention
from staffdesk.services.clearance import Clearance, Wanted
from staffdesk.services.door import Door, Draft, Result
from staffdesk.services.request_numbers import REQUEST, known_request
from staffdesk.services.request_standing import check_officer
from staffdesk.services.sessions import day_in_brussels, utc_ms
from staffdesk.services.standing import reference_number

_LONGEST: Final = 80
_KIND: Final = "claim hold"
_ERASED_SINCE: Final = "If he was erased, give the number of the request he was erased under: DSR-YEAR-NUMBER."


@dataclass(frozen=True, slots=True)
class HeldForClaim:
    """What is held of somebody for one claim until a day: how many rows of each table; ``set_at`` in UTC ms.

    ``customer`` is his number, where he was not erased; ``request`` that of the request he was erased under.
    """

    name: str
    until: dt.date
    set_at: int
    rows: tuple[tuple[str, int], ...]
    customer: int | None = None
    request: str = ""

    @property
    def whose(self) -> str:
        """What it is found by: ``customer 1079``, ``DSR-2026-0004``."""
        return self.request or ("somebody erased" if self.customer is None else f"customer {self.customer}")

    @property
    def rows_in_words(self) -> str:
        """What is held in words: ``1 order, 2 reports``."""
        return ", ".join(rows_of(table, n) for table, n in self.rows)


class ClaimHolds:
    """Sets, lists and lifts the claim holds of a customer, or of whoever was erased under a request."""

    def __init__(self, door: Door, *, clock: Callable[[], int] = utc_ms) -> None:
        """Go through ``door``; ``clock`` gives UTC milliseconds."""
        self._door = door
        self._clock = clock

    def set(
        self, access: Access, whose: int | str, *, claim: str, reason: str, until: dt.date, record: str | None = None
    ) -> int:
        """Hold all records of a customer for a claim, or one order, licence or case by its number.

        Returns how many rows. What hangs on a record is held with it. Set again for the same claim its day moves; a
        plan of an erasure that was approved must be decided anew. By the number of the request he was erased under
        the day moves on what is held for the claim already, and on nothing else. The log commits to the reason.
        Raises :class:`BadInput` for a day that is past or beyond the next review, or a reason that tells nobody why,
        :class:`MustNotBeHeld`, :class:`NotFound` for a record that is not his, :class:`Denied` for whoever is not
        privacy, or is himself concerned.
        """
        name, why, today = _name(claim), written_reason(reason), day_in_brussels(self._clock())
        _check_day(until, today)
        refuse_addresses(name)
        number, known = None if record is None else reference_number(record), self._known(access, whose)
        if known.request and number is not None:
            raise BadInput("After an erasure all that is held for a claim is held on.", "Leave the record out.")

        def write(tx: Change, cleared: Clearance) -> tuple[int, Result]:
            check_officer(cleared)
            claiming = Claiming(tx)
            if known.request:
                n = claiming.put_off(_named(_claims(tx, known), name), until)
            else:
                n = claiming.claim(_rows(tx, known.id, number), name, until, self._clock())
            return n, _moved(known, cleared, "set", n, why)

        with _found():
            return self._door.change(access, known.draft(Act.REQUEST_MOVED, "set"), write)

    def lift(self, access: Access, whose: int | str, *, claim: str, reason: str) -> int:
        """End what is held for a claim before its day; return how many rows that was.

        A row that an erasure left for it goes with the next ``run-due``. Raises as :meth:`set` does, and
        :class:`NotFound` where nothing is held for such a claim.
        """
        name, why, known = _name(claim), written_reason(reason), self._known(access, whose)

        def write(tx: Change, cleared: Clearance) -> tuple[int, Result]:
            check_officer(cleared)
            now = self._clock()
            n = Claiming(tx).lift(_named(_claims(tx, known), name), day_in_brussels(now), now)
            return n, _moved(known, cleared, "lifted", n, why)

        with _found():
            return self._door.change(access, known.draft(Act.REQUEST_MOVED, "lifted"), write)

    def list(self, access: Access, whose: int | str) -> tuple[HeldForClaim, ...]:
        """Return what is held for claims of one, to privacy; raises :class:`NotFound`, :class:`Denied`."""
        known = self._known(access, whose)

        def look(tx: Read, cleared: Clearance, _ticket: Ticket) -> tuple[HeldForClaim, ...]:
            check_officer(cleared)
            return by_claim(tx, _claims(tx, known))

        with _found():
            return self._door.look(access, replace(known.draft(Act.REQUEST_OPENED), level=Level.OPENED), look)

    def in_force(self, access: Access) -> tuple[HeldForClaim, ...]:
        """Return every claim in force, the first to end first, to privacy: by numbers alone; raises :class:`Denied`."""
        draft = Draft(wanted=Wanted(act=Act.REQUEST_LISTED), kinds=(_KIND,))

        def read(tx: Append, cleared: Clearance) -> tuple[tuple[HeldForClaim, ...], Result]:
            check_officer(cleared)
            found = ending(tx, dt.date.max)
            return found, Result(act=Act.REQUEST_LISTED, kinds=(_KIND,), n=len(found))

        return self._door.act(access, draft, read, intent=False)

    def _known(self, access: Access, whose: int | str) -> _Known:
        """Return whose records are meant, before anything of them is looked at."""
        if isinstance(whose, str):
            request = known_request(self._door, access, whose)
            return _Known((REQUEST, request.id), request.aid, reference_number(whose))
        return _Known((PERSON.name, whose))


@dataclass(frozen=True, slots=True)
class _Known:
    """Whose records are meant: a customer's, or what the erasure under a ``request`` left."""

    record: tuple[str, int]
    aid: str = ""
    request: str = ""

    @property
    def id(self) -> int:
        """The customer's number, or the request's."""
        return self.record[1]

    def draft(self, act: Act, *what: str) -> Draft:
        obj = (self.aid,) if self.request else ()
        return Draft(wanted=Wanted(act=act, record=self.record), obj=obj, kinds=(_KIND, *what), n=1)


@contextmanager
def _found() -> Iterator[None]:
    """Say of a customer who is not there that he may have been erased, and how what is held of him is found then."""
    try:
        yield
    except NoSuchRecord as error:
        raise NotFound("There is no customer of this number.", _ERASED_SINCE) from error


def ending(tx: Transaction, last: dt.date) -> tuple[HeldForClaim, ...]:
    """Return every claim in force whose last day is this one or earlier, the first to end first; at the closed door."""
    return tuple(sorted(by_claim(tx, Claims(tx).until(last)), key=lambda each: (each.until, each.whose, each.name)))


def by_claim(tx: Transaction, claims: Sequence[Claim]) -> tuple[HeldForClaim, ...]:
    """Return holds as they are told: each claim, day and person once, with how many rows of each table."""
    at_once: dict[tuple[str, dt.date, int, int], list[Claim]] = {}
    for each in claims:
        at_once.setdefault((each.name, each.until, each.seq or 0, 0 if each.seq else each.made_at), []).append(each)
    found: dict[tuple[str, dt.date, int, int, int], list[Claim]] = {}
    for (name, until, seq, moment), rows in at_once.items():
        # What is set in one moment is one customer's; one row that says whose it is tells it of all.
        customer = 0 if seq else _customer(tx, rows) or 0
        found.setdefault((name, until, seq, customer, 0 if customer else moment), []).extend(rows)
    numbers = Claims(tx).requests({seq for _, _, seq, _, _ in found if seq})
    return tuple(
        HeldForClaim(
            name,
            until,
            min(each.made_at for each in rows),
            tuple(sorted(Counter(each.table for each in rows).items())),
            customer or None,
            numbers.get(seq, ""),
        )
        for (name, until, seq, customer, _), rows in sorted(found.items())
    )


def _customer(tx: Transaction, rows: Sequence[Claim]) -> int | None:
    """Return the customer to whom rows belong: his own row says so at once."""
    asked = sorted((each for each in rows if each.table in SUBJECT_TABLES), key=lambda each: each.table != PERSON.name)
    subjects = (References(tx).subject(each.table, each.record) for each in asked)
    return next((each.person_id for each in subjects if each is not None and each.person_id is not None), None)


def _moved(known: _Known, cleared: Clearance, what: str, n: int, why: str) -> Result:
    aids = (known.aid,) if known.request else _aids(cleared)
    openings = (Opened("reason.claim_hold", why),)
    return Result(act=Act.REQUEST_MOVED, obj=aids, kinds=(_KIND, what), n=n, openings=openings)


def _named(claims: Sequence[Claim], name: str) -> Sequence[Claim]:
    held = [each for each in claims if each.name == name]
    if not held:
        raise NotFound("Nothing is held for this claim here.", "staffdesk requests holds lists the claims in force.")
    return held


def _rows(tx: Read, customer: int, number: str | None) -> Collection[Key]:
    belongings = _belongings(tx, customer)
    if number is None:
        return [(table, row) for table, rows in belongings.items() for row in rows]
    known = References(tx).reference(number)
    kinds = (RecordKind.ORDER, RecordKind.LICENCE, RecordKind.CASE)
    table = next((TABLE_OF[kind] for kind in kinds if known is not None and known.kind == kind), None)
    if known is None or table is None or known.id not in belongings.get(table, ()):
        raise NotFound("This customer has no order, licence or case of this number.", "Open his record: it lists them.")
    held = {table: {known.id}}
    for name, rows in belongings.items():
        for column, parent in owners(register.metadata.tables[name])[1]:
            # A licence is no part of its order: the dispute is about one of them.
            if parent in held and name not in set(TABLE_OF.values()) - {TABLE_OF[RecordKind.ACTIVATION]}:
                below = (row for row, values in rows.items() if values[str(column.name)] in held[parent])
                held.setdefault(name, set()).update(below)
    return [(name, row) for name, ids in held.items() for row in ids]


def _belongings(tx: Read, customer: int) -> Mapping[str, Mapping[int, Mapping[str, object]]]:
    found = Belongings(tx, [customer]).rows
    if not found[PERSON.name]:
        raise NoSuchRecord("There is no such record.", _ERASED_SINCE)
    return {
        table: rows for table, rows in found.items() if table not in of_requests() and not register.never_held(table)
    }


def _claims(tx: Read, known: _Known) -> tuple[Claim, ...]:
    return Claims(tx).left_under(known.request) if known.request else Claims(tx).on(_belongings(tx, known.id))


def _name(claim: str) -> str:
    name = clean_line(claim, _LONGEST)
    refuse_forbidden(name, FieldKind.NOTE)
    if not name or name == ERASED:
        raise BadInput("A claim hold names its claim.", "Give the reference of the dispute: --claim TEXT")
    return name


def _check_day(until: dt.date, today: dt.date) -> None:
    months = retention().holds[Ground.CLAIM].review_months
    if months is None:
        raise Misconfigured("retention.toml: holds.claim.review_months is missing.")
    last = today + relativedelta(months=months)
    if until < today:
        raise BadInput("This last day is past.", f"Give a day from today on, {last.isoformat()} at the latest.")
    if until > last:
        raise BadInput(
            f"A claim is looked at again after {months} months: hold until {last.isoformat()} at the latest.",
            "Set it again then, if the claim is still open.",
        )


def _aids(cleared: Clearance) -> tuple[str, ...]:
    return () if cleared.subject is None else (cleared.subject.aid,)
