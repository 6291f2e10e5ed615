"""A second look: what the review took by a clock that was wrong is taken once more, by the log's own numbers.

A person says that the clock is right, which is an entry. Items, answers, decisions and certificates stay as they are;
what is found now comes beside them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Final

from staffdesk.audit.entry import Core
from staffdesk.data.database import Database
from staffdesk.data.deadline import Deadline
from staffdesk.data.forgetting import Forgetting
from staffdesk.data.review_months import Far, MonthChanges, ReviewMonths
from staffdesk.data.review_serving import Serving
from staffdesk.data.transaction import Change, Read, Transaction
from staffdesk.domain.access import Act
from staffdesk.domain.errors import Conflict
from staffdesk.domain.flags import Baselines, Watch, rules
from staffdesk.services.door import Door, Result
from staffdesk.services.review_days import CHUNK, following, in_log_order
from staffdesk.services.review_learned import packed
from staffdesk.services.reviewing import REVIEW

_AGAIN: Final = "again"
_SECONDS: Final = 600.0
"""The log is read from its beginning: what the rules learn of a person they learn of his days."""


class SecondLook:
    """Takes the review back to where its clock went wrong; nothing where it did not, or where nobody said so."""

    def __init__(self, door: Door, database: Database) -> None:
        """Work through ``door``; how far the review is is looked up in ``database`` first."""
        self._door = door
        self._database = database

    def take_back(self, today: dt.date, latest: int, now: int) -> int:
        """Return the first entry that is to be taken once more, or 0.

        The log was taken to a day that is still to come, and since then a person said that the clock is right. The
        first entry taken whose clock showed more than ``latest`` (UTC milliseconds) began the wrong time: from its day
        on everything is taken anew, and the rules learn from the log's beginning what they knew by then. Raises
        :class:`Conflict` where another desk did it in the same moment.
        """
        with self._database.append() as tx:
            was = ReviewMonths(tx).far()
            if was.day is None or was.day <= today or not _said_right(tx, was, latest):
                return 0

        def read(tx: Read) -> tuple[Far, Baselines]:
            return _before_it_went_wrong(ReviewMonths(tx), was, today, latest)

        due = Result(act=Act.AUDIT_LISTED, kinds=(REVIEW, _AGAIN))
        far, known = self._door.scheduled_look(due, read, longer=Deadline(_SECONDS))
        learned = packed(known)
        kinds = (REVIEW, _AGAIN, f"from:{far.seq + 1}", f"taken:{was.day.isoformat()}")

        def write(tx: Change) -> tuple[None, Result]:
            changes = MonthChanges(tx)
            if changes.take_back(was, far, learned) != 1:
                raise Conflict("Another desk filled the review meanwhile.", "Run it again.")
            closed = {row.month for row in ReviewMonths(tx).all() if row.closed_at is not None}
            changes.gather(month_on(today, closed))
            Serving(tx).asked_by_now(now, latest)
            return None, Result(act=Act.AUDIT_LISTED, kinds=kinds, n=was.seq - far.seq)

        self._door.scheduled(Result(act=Act.AUDIT_LISTED, kinds=kinds), write, longer=Deadline(_SECONDS))
        return far.seq + 1


def month_on(today: dt.date, closed: Collection[str]) -> str:
    """Return the month that is on; the next one where that was closed, by a clock that was ahead."""
    day = today.replace(day=1)
    while day.isoformat()[:7] in closed:
        day = (day + dt.timedelta(days=32)).replace(day=1)
    return day.isoformat()[:7]


def _said_right(tx: Transaction, far: Far, latest: int) -> bool:
    """Say whether a person said so by this clock, behind all that was taken."""
    said = next((Core.decode(each.core) for each in Forgetting(tx).newest(Act.SYSTEM_CLOCK)), None)
    return said is not None and said.seq > far.seq and said.t <= latest


def _before_it_went_wrong(months: ReviewMonths, was: Far, today: dt.date, latest: int) -> tuple[Far, Baselines]:
    """Return the last whole day that was taken by a right clock, and what the rules know by its end."""
    wrong = months.first_to_come(latest, was.seq)
    watch, far, held, day = Watch(rules()), Far(0, None), list[Core](), 0
    for at, core, _ in in_log_order(following(months, 0, CHUNK), far, latest):
        if held and at not in {day, day - 1}:
            watch.day(held)
            far, held = Far(held[-1].seq, dt.date.fromordinal(day)), []
        if core.seq > was.seq or (wrong is not None and core.seq >= wrong):
            return far, watch.baselines  # the day that was begun is taken whole
        day = day if held else at
        held.append(core)
    if held and day < today.toordinal():
        watch.day(held)
        far = Far(held[-1].seq, dt.date.fromordinal(day))
    return far, watch.baselines
