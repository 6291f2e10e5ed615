"""The frozen plan of an erasure, and its execution in one transaction.

``plan`` is asked when the request is decided and again when it is submitted; ``execute`` is called inside the move that
erases, with a ledger line outside the database first. What a transaction cannot destroy is finished by
:mod:`staffdesk.services.erasure.due`.
"""

from __future__ import annotations

import datetime as dt
import hmac
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from staffdesk.data.customers.belongings import PERSON, Belongings
from staffdesk.data.customers.claims import Claim, Claims
from staffdesk.data.customers.companies_left import rows_of_company
from staffdesk.data.customers.erasing import Rows, billed_to, keyed_digest, planned, stripped
from staffdesk.data.customers.erasing_log import OpeningsOf
from staffdesk.data.customers.erasing_rows import Erasing
from staffdesk.data.customers.erasing_traces import identity_of
from staffdesk.data.customers.objections import Objections
from staffdesk.data.entries import Entries, newest
from staffdesk.data.log import Event, Log
from staffdesk.data.place import place
from staffdesk.data.transaction import Change, Read
from staffdesk.domain.access import Act
from staffdesk.domain.erasure import Claimed, Destroyed, Outcome, Plan
from staffdesk.domain.errors import Conflict, NotFound
from staffdesk.services.erasure import sealed
from staffdesk.services.erasure.ledger import Ledger, Line, Scope

_NAMED_AT_ONCE: Final = 200
"""How many openings one entry names: an entry stays short."""
_HOLDS: Final = "hold"


def plan(
    tx: Read, people: Sequence[int], today: dt.date, request_id: int | None = None, *, alone: bool = False
) -> Plan:
    """Return what an erasure of these people (one, with his other records) does to every row of theirs today.

    Whatever was put together with their records goes with them.

    Every table with a path to a person is asked, as the register has them, so that none is forgotten. With ``alone``
    nobody else adds to what is read before the transaction ends. Raises :class:`NotFound` where one of them is not
    there.
    """
    belongings = Belongings(tx, people, alone=alone)
    found = belongings.rows[PERSON.name]
    if not found or not found.keys() >= set(people):
        raise NotFound("There is no such person.", "Search again: he may have been erased already.")
    identity = identity_of(belongings)
    billed = billed_to(tx, belongings, identity)
    rows = (*planned(tx, belongings, identity, today), *stripped(tx, billed, identity, today))
    claims = [each for each in Claims(tx).on(belongings.rows) if each.until >= today]
    return Plan(
        people=tuple(sorted(found)),
        aids=tuple(sorted(str(row["aid"]) for row in found.values())),
        rows=rows,
        digest=keyed_digest(tx.secret, rows, belongings.rows, billed, _as_rows(claims)),
        today=today,
        request_id=request_id,
        identity=identity,
        requests=belongings.requests,
        shared_firms=belongings.shared_firms,
        claims=tuple(Claimed(each.table, each.record, each.name, each.until) for each in claims),
    )


def plan_of_company(tx: Change, number: int, today: dt.date) -> Plan:
    """Return the same for a company that nothing leads to any more.

    It goes as a person does: of a sole trader it is personal data. Raises LookupError where it is not there.
    """
    aid, rows, identity = rows_of_company(tx, number)
    return Plan((), (aid,), rows, keyed_digest(tx.secret, rows), today, identity=identity)


def _as_rows(claims: Sequence[Claim]) -> Rows:
    """Return claim holds as rows that a plan depends on: another one makes another plan."""
    return {_HOLDS: {each.id: {"name": each.name, "until": each.until} for each in claims}} if claims else {}


def execute(
    tx: Change,
    decided: str,
    people: Sequence[int],
    today: dt.date,
    *,
    said: Event,
    policy: str,
    ledger: Ledger,
    now: int,
    request_id: int | None = None,
    request: str | None = None,
) -> Outcome:
    """Erase as it was decided, in the caller's transaction; the ledger's line is on the disk before anything goes.

    ``decided`` is the digest of the plan that was approved: whatever changed or came since makes another one, and
    :class:`Conflict` says so before anything is written. ``said`` tells who does it, for the entry of the log.
    Once the transaction is committed, :func:`staffdesk.services.erasure.due.finish` does the rest.
    """
    fresh = plan(tx, people, today, request_id, alone=True)
    if not hmac.compare_digest(fresh.digest, decided):
        raise Conflict("Something changed since this was decided, so nothing was erased.", "Decide it anew.")
    return carry_out(tx, fresh, said=said, policy=policy, ledger=ledger, now=now, request=request)


def carry_out(
    tx: Change,
    fresh: Plan,
    *,
    said: Event,
    policy: str,
    ledger: Ledger | None,
    now: int,
    request: str | None,
    scope: Scope = Scope.PERSON,
) -> Outcome:
    """Do what :func:`execute` does with a plan made in this very transaction.

    There is no ledger for the replay, which has its lines already, nor for a company: a copy put back lets it go anew.

    With the ``scope`` of retention nothing keeps him from coming back: he asked for nothing.
    """
    openings = OpeningsOf(tx)
    named = openings.naming(fresh.identity, fresh.aids)
    if ledger is not None:
        after = newest(tx)
        leaf, here = (Entries(tx).leaf(after) or b"").hex(), place(tx)
        for aid, number in zip(fresh.aids, fresh.people, strict=True):
            who = ledger.who(number)
            line = Line(subject=aid, who=who, request=request, at=now, after=after, leaf=leaf, place=here, scope=scope)
            ledger.begin(line)
    about = openings.about(fresh.aids)
    seq = say_erased(tx, replace(said, act=Act.AUDIT_ERASED, obj=fresh.aids), named, policy, about + len(named))
    erasing = Erasing(tx, now)
    emptied = openings.empty(fresh.aids, named)
    if emptied != about + len(named):
        raise Conflict("The log changed meanwhile, so nothing was erased.", "Try again.")
    objections, kept_away = Objections(tx), fresh.people if scope is Scope.PERSON else ()
    suppressed = sum(objections.suppress(number, now, erased_in=seq) for number in kept_away)
    erasing.carry_out(fresh.rows, whole=True)
    erasing.hold(fresh.rows, fresh.request_id, seq)
    erasing.bury(fresh.aids, request, seq)
    erasing.list_destructions(
        fresh.request_id,
        {
            **index_of(tx),
            Destroyed.FILES: sealed.close_numbers(tx.secret, fresh.requests),
            Destroyed.SWEEP: sealed.close(tx.secret, fresh.identity),
        },
    )
    return Outcome(
        counts=fresh.counts,
        seq=seq,
        openings=emptied,
        suppressed=suppressed,
        until=max((row.until for row in fresh.held if row.until is not None), default=None),
    )


def index_of(tx: Change) -> dict[Destroyed, bytes | None]:
    """Return what an erasure leaves to be destroyed of the indexes there are."""
    return {Destroyed.SERVER: None, Destroyed.PAGES: None} if tx.is_postgres else {Destroyed.INDEX: None}


def say_erased(tx: Change, said: Event, named: Sequence[tuple[int, str]], policy: str, n: int) -> int:
    """Append the entries that cover what is emptied, and return the first one's number."""
    log = Log(tx, policy)
    kinds = tuple(f"{seq}:{field}" for seq, field in named)
    first = log.append(replace(said, kinds=kinds[:_NAMED_AT_ONCE], n=n, openings=()))
    for at in range(_NAMED_AT_ONCE, len(kinds), _NAMED_AT_ONCE):
        log.append(replace(said, kinds=kinds[at : at + _NAMED_AT_ONCE], n=0, openings=()))
    return first.seq
