"""The 72 hours of a breach that was opened by a wrong clock, put right once a person says that the clock is right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from staffdesk.audit.entry import Core
from staffdesk.data.breaches import BreachChanges, Breaches, BreachRow
from staffdesk.data.database import Database
from staffdesk.data.forgetting import Forgetting
from staffdesk.data.log_times import LogTimes, Vouched
from staffdesk.data.transaction import Change, Transaction
from staffdesk.domain.access import Act
from staffdesk.domain.errors import Conflict
from staffdesk.services.cells import iso
from staffdesk.services.door import Door, Result
from staffdesk.services.review_days import tolerance
from staffdesk.services.reviewing import BREACHES

_AGAIN: Final = "again"


@dataclass(frozen=True, slots=True)
class Dated:
    """A breach whose clock was wrong: known since and due, UTC milliseconds, as the log's order has them."""

    number: str
    opened_at: int
    due_at: int


class BreachDates:
    """Holds the open breaches against the order of the log; nobody asks for it, and run again it does nothing twice."""

    def __init__(self, door: Door, database: Database) -> None:
        """Work through ``door``; what is open is looked up in ``database`` first."""
        self._door = door
        self._database = database

    def put_right(self, latest: int) -> tuple[Dated, ...]:
        """Date each open breach anew that a wrong clock dated, and say so in an entry (audit.breach, ``again``).

        A person said that the clock is right, behind the opening of the breach and not later than ``latest`` (UTC
        milliseconds). What is closed stays as it was told to the authority. Raises :class:`Conflict` where another desk
        did it, or closed the breach, in the same moment.
        """
        with self._database.append() as tx:
            wrong = _wrong(tx, latest)
        for row, dated in wrong:
            self._date(row, dated)
        return tuple(dated for _, dated in wrong)

    def _date(self, row: BreachRow, dated: Dated) -> None:
        moments = (f"known:{iso(dated.opened_at)}", f"due:{iso(dated.due_at)}", f"was:{iso(row.due_at)}")
        result = Result(act=Act.AUDIT_BREACH, kinds=(BREACHES, dated.number, _AGAIN, *moments), n=1)

        def write(tx: Change) -> tuple[None, Result]:
            if BreachChanges(tx).date(row, dated.opened_at, dated.due_at) != 1:
                raise Conflict("Another desk changed this breach meanwhile.", "Run it again.")
            return None, result

        self._door.scheduled(result, write)


def _wrong(tx: Transaction, latest: int) -> tuple[tuple[BreachRow, Dated], ...]:
    said = next((Core.decode(each.core) for each in Forgetting(tx).newest(Act.SYSTEM_CLOCK)), None)
    if said is None or said.t > latest:
        return ()
    times, found = LogTimes(tx, tolerance()), list[tuple[BreachRow, Dated]]()
    for row in Breaches(tx).all():
        seq = None if row.closed_at is not None else times.naming(row.number, row.opened_at)
        if seq is None or seq > said.seq:
            continue
        opened_at = times.really(seq, row.opened_at, Vouched(said.seq, said.t))
        if opened_at != row.opened_at:
            found.append((row, Dated(row.number, opened_at, opened_at + row.due_at - row.opened_at)))
    return tuple(found)
