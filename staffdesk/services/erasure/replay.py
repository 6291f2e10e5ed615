"""A restored copy is erased in again before anything of it can be shown: whoever the ledger names and is there."""

from __future__ import annotations

import datetime as dt
from typing import Final

from staffdesk.data.customers.erasing import people_of
from staffdesk.data.deadline import Deadline
from staffdesk.data.destructions import Destructions
from staffdesk.data.log import Event, Log
from staffdesk.domain.access import Act, Outcome, Purpose
from staffdesk.services.erasure import carry_out, plan
from staffdesk.services.erasure.due import finish
from staffdesk.services.erasure.ledger import Ledger, check_reaches
from staffdesk.services.erasure.storage import Storage

_PATIENCE_SECONDS: Final = 60.0


def replay(storage: Storage, policy: str, today: dt.date, now: int) -> int:
    """Erase in a database who was erased after it was copied, by its own holds; return how many people that were.

    The storage's ledger must know everybody the database has buried: :class:`StorageUnavailable` for one that is
    shorter or was altered. It may be run again.
    """
    ledger = Ledger(storage.ledger_file, storage.secret)
    lines = ledger.lines()
    with storage.database.append() as tx:
        check_reaches(lines, [each.aid for each in Destructions(tx).buried()])
    erased = 0
    for line in lines:
        said = Event(act=Act.REQUEST_MOVED, out=Outcome.INTENT, purpose=Purpose.SYSTEM, kinds=("erasure.replayed",))
        with storage.database.append() as tx:
            ticket = Log(tx, policy).append(said)
        with storage.database.change(ticket, Deadline(_PATIENCE_SECONDS)) as change:
            people = people_of(change, line.subject)
            if people:
                fresh = plan(change, people, today)
                done = Event(act=Act.AUDIT_ERASED, purpose=Purpose.SYSTEM)
                carry_out(change, fresh, said=done, policy=policy, ledger=None, now=now, request=line.request)
                erased += 1
    if erased:
        finish(storage, policy, today, now)
    return erased
