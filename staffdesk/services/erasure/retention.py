"""Who is let go because his data have had their time: leads after the last contact, others after the relation's end.

A company goes as long after, once nothing leads to it any more. It is the erasure of a request, with its ledger line,
entry and sweep; but nobody asked for it, so who comes back is welcome. What a law keeps stays, and goes on its day.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Final

from staffdesk.data.customers.over_time import OverTime
from staffdesk.data.deadline import Deadline
from staffdesk.data.entries import Entries
from staffdesk.data.log import Event
from staffdesk.data.transaction import Change, Transaction
from staffdesk.domain.access import Act, Purpose
from staffdesk.domain.deadlines import nominal
from staffdesk.domain.errors import Misconfigured
from staffdesk.parameters.shapes import LicenceContact, retention
from staffdesk.services.door import Result
from staffdesk.services.erasure.due import door_of, said
from staffdesk.services.erasure.ledger import Ledger, Scope
from staffdesk.services.erasure.plans import carry_out, plan, plan_of_company
from staffdesk.services.erasure.storage import Storage

LEAD: Final = "lead"
PERSON: Final = "person"
COMPANY: Final = "company"
KINDS: Final = (LEAD, PERSON, COMPANY)
"""The kinds of retention.toml that are let go: people, the shorter time first, then companies that were left."""

_AT_ONCE: Final = 50
"""How many of a kind go in one run: each looks through the log, and the next run goes on."""
_PATIENCE_SECONDS: Final = 60.0


@dataclass(slots=True)
class LetGo:
    """How many of each kind were let go, and how many more the next run lets go."""

    gone: dict[str, int] = field(default_factory=dict)
    waiting: int = 0


def let_go(storage: Storage, policy: str, today: dt.date, now: int) -> LetGo:
    """Erase whose time is over, some at a time, each in a transaction of his own; run again it does nothing twice.

    Raises :class:`StorageUnavailable`, :class:`LogUnavailable`; who was let go stays so.
    """
    report = LetGo()
    for kind in KINDS:
        since = _since(kind, today)
        with storage.database.append() as tx:
            found = _over_time(tx)
            due, many = found.some(kind, since, _AT_ONCE), found.count(kind, since)
        gone = sum(_erase(storage, policy, kind, since, number, today, now) for number in due)
        if gone:
            report.gone[kind] = gone
        report.waiting += many - len(due)
    return report


def past_retention(tx: Transaction, today: dt.date) -> int:
    """Return how many people and companies are to be let go."""
    return sum(_over_time(tx).count(kind, _since(kind, today)) for kind in KINDS)


def _over_time(tx: Transaction) -> OverTime:
    rule = retention().licence_contacts
    return OverTime(tx, rule.in_force, alone=LicenceContact.ONLY_CONTACT in rule.keeps)


def _since(kind: str, today: dt.date) -> dt.date:
    """Return the first day on which a contact keeps somebody."""
    return nominal(today, -_months(kind))


def _months(kind: str) -> int:
    months = retention().kinds[kind].months
    if months is None:
        raise Misconfigured(f"retention.toml: kinds.{kind} names no months.")
    return months


def _erase(storage: Storage, policy: str, kind: str, since: dt.date, number: int, today: dt.date, now: int) -> int:
    """Let one go who is still over his time; return how many that were."""
    with storage.database.append() as tx:
        lines = Ledger(storage.ledger_file, storage.secret, Entries(tx).origin())
    ledger = None if kind == COMPANY else lines
    intended = said(f"retention.{kind}", 1)

    def write(tx: Change) -> tuple[int, Result | None]:
        if not _over_time(tx).still(kind, since, number):
            return 0, None
        fresh = plan_of_company(tx, number, today) if kind == COMPANY else plan(tx, [number], today, alone=True)
        done = Event(act=Act.AUDIT_ERASED, purpose=Purpose.SYSTEM)
        carry_out(tx, fresh, said=done, policy=policy, ledger=ledger, now=now, request=None, scope=Scope.RETENTION)
        return 1, intended

    return door_of(storage, policy).scheduled(intended, write, longer=Deadline(_PATIENCE_SECONDS))
