"""The moments of a breach that a wrong clock wrote, put right once a person says that the clock is right."""

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
    """A breach whose clock was wrong: known since, due and closed, UTC milliseconds, as the log's order has them."""

    number: str
    opened_at: int
    due_at: int
    closed_at: int | None = None


class BreachDates:
    """Holds the breaches against the order of the log; nobody asks for it, and run again it does nothing twice."""

    def __init__(self, door: Door, database: Database) -> None:
        """Work through ``door``; what there is is looked up in ``database`` first."""
        self._door = door
        self._database = database

    def put_right(self, latest: int) -> tuple[Dated, ...]:
        """Date each breach anew that a wrong clock dated, and say so in an entry (audit.breach, ``again``).

        A person said that the clock is right, behind what is dated and not later than ``latest`` (UTC milliseconds).
        One that is closed is dated too, as a register of what was known when must be (GDPR Art. 33(5)): the moments
        that the authority may have been told stand in the entry. Raises :class:`Conflict` where another desk did it, or
        closed the breach, in the same moment.
        """
        with self._database.append() as tx:
            wrong = _wrong(tx, latest)
        for row, dated in wrong:
            self._date(row, dated)
        return tuple(dated for _, dated in wrong)

    def _date(self, row: BreachRow, dated: Dated) -> None:
        moments = [f"known:{iso(dated.opened_at)}", f"due:{iso(dated.due_at)}", f"was:{iso(row.due_at)}"]
        if row.closed_at is not None and dated.closed_at is not None:
            moments += [f"closed:{iso(dated.closed_at)}", f"closed_was:{iso(row.closed_at)}"]
        result = Result(act=Act.AUDIT_BREACH, kinds=(BREACHES, dated.number, _AGAIN, *moments), n=1)

        def write(tx: Change) -> tuple[None, Result]:
            if BreachChanges(tx).date(row, dated.opened_at, dated.due_at, dated.closed_at) != 1:
                raise Conflict("Another desk changed this breach meanwhile.", "Run it again.")
            return None, result

        self._door.scheduled(result, write)


def _wrong(tx: Transaction, latest: int) -> tuple[tuple[BreachRow, Dated], ...]:
    said = next((Core.decode(each.core) for each in Forgetting(tx).newest(Act.SYSTEM_CLOCK)), None)
    if said is None or said.t > latest:
        return ()
    times, vouched = LogTimes(tx, tolerance()), Vouched(said.seq, said.t)
    found = ((row, _dated(times, row, vouched)) for row in Breaches(tx).all())
    return tuple(
        (row, dated) for row, dated in found if (dated.opened_at, dated.closed_at) != (row.opened_at, row.closed_at)
    )


def _dated(times: LogTimes, row: BreachRow, said: Vouched) -> Dated:
    opened_at = _really(times, times.naming(row.number, row.opened_at), row.opened_at, said)
    closed_at = None if row.closed_at is None else _really(times, row.closing_entry, row.closed_at, said)
    return Dated(row.number, opened_at, opened_at + row.due_at - row.opened_at, closed_at)


def _really(times: LogTimes, seq: int | None, at: int, said: Vouched) -> int:
    return at if seq is None or seq > said.seq else times.really(seq, at, said)
