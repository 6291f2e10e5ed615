"""Holding a customer's records for one named claim, so that an erasure restricts them instead (GDPR Art. 17(3)(e)).

Set by privacy before an erasure is carried out, until a day that is no farther than the next review
(``retention.toml``, ``holds.claim``). Before an erasure it takes nothing out of use.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from dateutil.relativedelta import relativedelta

from staffdesk.data import register
from staffdesk.data.customers.belongings import PERSON, Belongings, Key, of_requests, owners
from staffdesk.data.customers.claims import Claim, Claiming, Claims
from staffdesk.data.customers.held import ERASED
from staffdesk.data.log import Opened
from staffdesk.data.references import TABLE_OF, References
from staffdesk.data.ticket import Ticket
from staffdesk.data.transaction import Change, Read
from staffdesk.domain.access import Access, Act, Level, RecordKind
from staffdesk.domain.errors import BadInput, Misconfigured, NotFound
from staffdesk.domain.holds import Ground
from staffdesk.domain.names_of_things import refuse_addresses
from staffdesk.domain.screening import refuse_forbidden
from staffdesk.domain.text import clean_line
from staffdesk.domain.written_reasons import written_reason
from staffdesk.parameters.shapes import retention
from staffdesk.services.clearance import Clearance, Wanted
from staffdesk.services.door import Door, Draft, Result
from staffdesk.services.request_standing import check_officer
from staffdesk.services.sessions import day_in_brussels, utc_ms
from staffdesk.services.standing import reference_number

_LONGEST: Final = 80
_KIND: Final = "claim hold"
_SEARCH: Final = "Search again: it may have been merged or erased."


@dataclass(frozen=True, slots=True)
class HeldForClaim:
    """What is held of a customer for one claim until a day: how many rows of each table; ``set_at`` in UTC ms."""

    name: str
    until: dt.date
    set_at: int
    rows: tuple[tuple[str, int], ...]


class ClaimHolds:
    """Sets, lists and lifts the claim holds of a customer."""

    def __init__(self, door: Door, *, clock: Callable[[], int] = utc_ms) -> None:
        """Go through ``door``; ``clock`` gives UTC milliseconds."""
        self._door = door
        self._clock = clock

    def set(
        self, access: Access, customer: int, *, claim: str, reason: str, until: dt.date, record: str | None = None
    ) -> int:
        """Hold all records of a customer for a claim, or one order, licence or case by its number.

        Returns how many rows. What hangs on a record is held with it. Set again for the same claim its day moves; a
        plan of an erasure that was approved must be decided anew. The log commits to the reason. Raises
        :class:`BadInput` for a day that is past or beyond the next review, or a reason that tells nobody why,
        :class:`MustNotBeHeld`, :class:`NotFound` for a record that is not his, :class:`Denied` for whoever is not
        privacy, or is himself concerned.
        """
        name, why, today = _name(claim), written_reason(reason), day_in_brussels(self._clock())
        _check_day(until, today)
        refuse_addresses(name)
        number = None if record is None else reference_number(record)

        def write(tx: Change, cleared: Clearance) -> tuple[int, Result]:
            check_officer(cleared)
            rows = _rows(tx, customer, number)
            n = Claiming(tx).claim(rows, name, until, self._clock())
            openings = (Opened("reason.claim_hold", why),)
            return n, Result(act=Act.REQUEST_MOVED, obj=_aids(cleared), kinds=(_KIND, "set"), n=n, openings=openings)

        return self._door.change(access, _draft(customer, "set"), write)

    def lift(self, access: Access, customer: int, *, claim: str, reason: str) -> int:
        """End what is held of a customer for a claim before its day; return how many rows that was.

        A row that an erasure left for it goes with the next ``run-due``. Raises as :meth:`set` does, and
        :class:`NotFound` where nothing is held for such a claim.
        """
        name, why = _name(claim), written_reason(reason)

        def write(tx: Change, cleared: Clearance) -> tuple[int, Result]:
            check_officer(cleared)
            holds = [each for each in _claims(tx, customer) if each.name == name]
            if not holds:
                raise NotFound(
                    "Nothing of this customer is held for this claim.", "staffdesk requests holds lists them."
                )
            now = self._clock()
            n = Claiming(tx).lift(holds, day_in_brussels(now), now)
            openings = (Opened("reason.claim_hold", why),)
            return n, Result(act=Act.REQUEST_MOVED, obj=_aids(cleared), kinds=(_KIND, "lifted"), n=n, openings=openings)

        return self._door.change(access, _draft(customer, "lifted"), write)

    def list(self, access: Access, customer: int) -> tuple[HeldForClaim, ...]:
        """Return what is held of a customer for claims, to privacy; raises :class:`NotFound`, :class:`Denied`."""

        def look(tx: Read, cleared: Clearance, _ticket: Ticket) -> tuple[HeldForClaim, ...]:
            check_officer(cleared)
            return by_claim(_claims(tx, customer))

        wanted = Wanted(act=Act.REQUEST_OPENED, record=(PERSON.name, customer))
        return self._door.look(access, Draft(wanted=wanted, level=Level.OPENED, kinds=(_KIND,), n=1), look)


def by_claim(claims: Sequence[Claim]) -> tuple[HeldForClaim, ...]:
    """Return holds as they are told: each claim and day once, with how many rows of each table."""
    found: dict[tuple[str, dt.date], list[Claim]] = {}
    for each in claims:
        found.setdefault((each.name, each.until), []).append(each)
    return tuple(
        HeldForClaim(name, until, min(e.made_at for e in rows), tuple(sorted(Counter(e.table for e in rows).items())))
        for (name, until), rows in sorted(found.items())
    )


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
        raise NotFound("There is no such record.", _SEARCH)
    return {table: rows for table, rows in found.items() if table not in of_requests()}


def _claims(tx: Read, customer: int) -> tuple[Claim, ...]:
    return Claims(tx).on(_belongings(tx, customer))


def _name(claim: str) -> str:
    name = clean_line(claim, _LONGEST)
    refuse_forbidden(name)
    if not name or name == ERASED:
        raise BadInput("A claim hold names its claim.", "Give the reference of the dispute: --claim TEXT")
    return name


def _check_day(until: dt.date, today: dt.date) -> None:
    months = retention().holds[Ground.CLAIM].review_months
    if months is None:
        raise Misconfigured("retention.toml: holds.claim.review_months is missing.")
    last = today + relativedelta(months=months)
    if not today <= until <= last:
        raise BadInput(
            f"A claim is looked at again after {months} months: hold until {last.isoformat()} at the latest.",
            "Set it again then, if the claim is still open.",
        )


def _aids(cleared: Clearance) -> tuple[str, ...]:
    return () if cleared.subject is None else (cleared.subject.aid,)


def _draft(customer: int, what: str) -> Draft:
    return Draft(wanted=Wanted(act=Act.REQUEST_MOVED, record=(PERSON.name, customer)), kinds=(_KIND, what), n=1)
