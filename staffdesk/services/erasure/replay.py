"""A restored copy is erased in again before anything of it can be shown: whoever the ledger names and is there."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Final

from staffdesk.data.customers.erasing import people_of
from staffdesk.data.database import Database
from staffdesk.data.deadline import Deadline
from staffdesk.data.destructions import Destructions
from staffdesk.data.entries import Entries
from staffdesk.data.log import Event
from staffdesk.data.transaction import Change
from staffdesk.domain.access import Act, Purpose
from staffdesk.domain.errors import StorageUnavailable
from staffdesk.services.door import Result
from staffdesk.services.erasure.due import Announce, Finished, door_of, finish, said
from staffdesk.services.erasure.ledger import Ledger, Line, check_reaches
from staffdesk.services.erasure.plans import carry_out, plan
from staffdesk.services.erasure.storage import Storage

_PATIENCE_SECONDS: Final = 60.0


def run_due(storage: Storage, policy: str, today: dt.date, now: int, announce: Announce | None = None) -> Finished:
    """Do all that is due about erasures; first, in a server's database that was put back, those made since its copy.

    Raises :class:`StorageUnavailable`.
    """
    replay(storage, policy, today, now, of_a_copy=False)
    return finish(storage, policy, today, now, announce=announce)


def check_replayed(database: Database, ledger_file: Path, secret: bytes) -> None:
    """Refuse to open a database in which somebody is back, or whose ledger is gone; ``run-due`` erases him again.

    Raises :class:`StorageUnavailable`.
    """
    with database.append() as tx:
        buried = {each.aid for each in Destructions(tx).buried()}
        origin = Entries(tx).origin()
    if not buried and not ledger_file.exists():
        return
    lines = Ledger(ledger_file, secret, origin).lines()
    check_reaches(lines, sorted(buried))
    if any(line.done and line.subject not in buried for line in lines):
        raise StorageUnavailable(
            "This database is older than its ledger of erasures: somebody who was erased would be shown.",
            "Run: staffdesk run-due",
        )


def replay(storage: Storage, policy: str, today: dt.date, now: int, *, of_a_copy: bool = True) -> int:
    """Erase in a database who was erased after it was copied, by its own holds; return how many people that were.

    In a restored copy an erasure that was begun counts as one that was made: whether it was cannot be known there. The
    storage's ledger must know everybody the database has buried: :class:`StorageUnavailable` for one that is shorter
    or was altered. It may be run again.
    """
    with storage.database.append() as tx:
        ledger = Ledger(storage.ledger_file, storage.secret, Entries(tx).origin())
        lines = ledger.lines()
        buried = {each.aid for each in Destructions(tx).buried()}
        check_reaches(lines, sorted(buried))
    erased, door = 0, door_of(storage, policy)
    for line in (each for each in lines if of_a_copy or each.done):
        if line.subject in buried:
            continue

        def write(tx: Change, line: Line = line) -> tuple[int, Result | None]:
            people = people_of(tx, line.subject)
            if not people:
                return 0, None
            done = Event(act=Act.AUDIT_ERASED, purpose=Purpose.SYSTEM)
            fresh = plan(tx, people, today)
            carry_out(tx, fresh, said=done, policy=policy, ledger=None, now=now, request=line.request)
            return 1, said("erasure.replayed", len(people))

        erased += door.scheduled(said("erasure.replayed"), write, longer=Deadline(_PATIENCE_SECONDS))
    if erased:
        finish(storage, policy, today, now)
    return erased
