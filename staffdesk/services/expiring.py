"""Openings of the log expire on their date: terms and values first, each time under an entry that says so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final
from zoneinfo import ZoneInfo

from staffdesk.audit import ranges
from staffdesk.audit.entry import Core
from staffdesk.audit.opening import OpeningKind
from staffdesk.data.checkpoints import Checkpoints
from staffdesk.data.database import Database
from staffdesk.data.deadline import Deadline
from staffdesk.data.forgetting import Forgets, Forgetting
from staffdesk.data.review_months import ReviewMonths
from staffdesk.data.transaction import Change
from staffdesk.domain.access import Act
from staffdesk.domain.flags import rules as flag_rules
from staffdesk.domain.log_retention import rules
from staffdesk.services.door import Door, Result
from staffdesk.services.doubted_clock import latest
from staffdesk.services.sessions import Clock, day_in_brussels

_OPENINGS: Final = 1_000
"""Openings that go in one transaction, which others wait for."""
_LOOKED_BACK: Final = 20
_PATIENCE_SECONDS: Final = 30.0


class Expiring:
    """Lets openings go whose time is over; run again it does nothing twice."""

    def __init__(self, door: Door, database: Database, clock: Clock) -> None:
        """Work through ``door``; what is due is looked up in ``database`` first."""
        self._door = door
        self._database = database
        self._clock = clock

    def run(self, *, dry: bool = False) -> dict[str, int]:
        """Return how many of each kind went, or with ``dry`` would go.

        Raises :class:`StorageUnavailable`, :class:`LogUnavailable`.
        """
        gone = {kind.value: self._expire(kind, dry=dry) for kind in OpeningKind}
        return {kind: many for kind, many in gone.items() if many}

    def _today(self) -> dt.date:
        return day_in_brussels(self._clock())

    def _expire(self, kind: OpeningKind, *, dry: bool) -> int:
        """Let the openings of a kind go, some at a time, each time under an entry of its own; return how many."""
        gone, again = 0, True
        after, last = self._span(kind)
        while after is not None and after < last:
            with self._database.append() as tx:
                asked = Forgetting(tx)
                found = asked.opened(after, last, kind.value, _OPENINGS)
                # What the review kept past its time is asked once, before what came since.
                going = sorted((*(asked.held_once(after, kind.value) if again else ()), *found))
                kept = asked.reviewed()
            upto, again = found[-1] if len(found) == _OPENINGS else last, False
            if not kept.issuperset(going):
                gone += sum(seq not in kept for seq in going) if dry else self._let_expire(kind, upto, going)
            after = upto
        return gone

    def _let_expire(self, kind: OpeningKind, last: int, going: Sequence[int]) -> int:
        covers = Result(act=Act.AUDIT_EXPIRED, kinds=(kind.value,), n=last)

        def expire(tx: Change) -> tuple[int, None]:
            kept = Forgetting(tx).reviewed()
            return Forgets(tx).expire(tuple(ranges.spans(seq for seq in going if seq not in kept)), kind.value), None

        return self._door.scheduled(covers, expire, longer=Deadline(_PATIENCE_SECONDS), covers=True)

    def _span(self, kind: OpeningKind) -> tuple[int | None, int]:
        """Return behind which number and up to which the openings of a kind are over; nothing where none ever is.

        Reasons that are kept as long as their entries go with them. Nothing goes that no checkpoint covers.
        """
        if kind is OpeningKind.REASON and not rules().reasons_go_first:
            return None, 0
        with self._database.append() as tx:
            asked, newest = Forgetting(tx), Checkpoints(tx).newest()
            expired = (Core.decode(each.core) for each in asked.newest(Act.AUDIT_EXPIRED, _LOOKED_BACK))
            after = next((core.n for core in expired if kind.value in core.kinds), 0)
            sealed = 0 if newest is None else newest.size
            if kind is OpeningKind.VALUE:
                # By a clock behind the log all of it would be still to come, and none of it young.
                return after, asked.last_before(self._midnight(), latest(tx, self._clock()), sealed)
            months = ReviewMonths(tx).all()
        # By the numbers of the log, not by the names of its months, which clocks gave them.
        over = {row for row in months if row.closed_at and rules().reasons_are_over(row.month, self._today())}
        end = max((row.last_seq for row in over), default=0)
        return after, min(end, sealed, *(row.first_seq - 1 for row in months if row not in over))

    def _midnight(self) -> int:
        day = dt.datetime.combine(rules().values_before(self._today()), dt.time(), ZoneInfo(flag_rules().time_zone))
        return int(day.timestamp() * 1000)
