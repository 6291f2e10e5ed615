"""Filling the work-list: the log is taken a day at a time from where it was, and a share is drawn of each month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from staffdesk.audit.checkpoint import parse
from staffdesk.audit.entry import Core
from staffdesk.data.credentials import Credentials
from staffdesk.data.database import Database
from staffdesk.data.deadline import Deadline
from staffdesk.data.entries import Entries
from staffdesk.data.review_months import Far, MonthChanges, MonthRow, ReviewMonths
from staffdesk.data.review_serving import Serving
from staffdesk.data.reviews import NewItem, Reviews
from staffdesk.data.transaction import Change, Read
from staffdesk.domain.access import Act
from staffdesk.domain.errors import Conflict
from staffdesk.domain.flags import Baselines, Flag, Watch, noon_of, rules
from staffdesk.domain.reviews import ItemKind, drawn, share_of
from staffdesk.services.breach_dates import BreachDates, Dated
from staffdesk.services.door import Door, Result
from staffdesk.services.review_again import SecondLook, month_on
from staffdesk.services.review_days import CHUNK, Day, day_of, following, in_log_order, tolerance, whole_day
from staffdesk.services.review_learned import packed, undisturbed, unpacked
from staffdesk.services.reviewing import REVIEW
from staffdesk.services.sessions import Clock, utc_ms

RANDOM: Final = "random"
_GLASS: Final = "break_glass"
_BEGINNING: Final = 100
"""Entries that are read to say on which day the log goes on."""
_SECONDS: Final = 120.0
_WORDS: Final = "Drawn from all records opened in the month."


@dataclass(slots=True)
class Filled:
    """How many whole days were taken, and how many items came on the list.

    ``misdated`` are the numbers of entries whose clock was wrong: each was taken with the day it was written among.
    ``again`` is the first entry of those that are taken once more, since the clock they were taken by was wrong; 0
    where there are none. ``dated`` are the breaches whose 72 hours a wrong clock had begun. ``waits`` says why nothing
    is taken where that is no desk's day that is still on; empty where all is well.
    """

    days: int = 0
    items: int = 0
    again: int = 0
    dated: tuple[Dated, ...] = ()
    misdated: list[int] = field(default_factory=list)
    waits: str = ""


class ReviewFilling:
    """Puts on the list what is due on it; nobody asks for it, and run again it does nothing twice."""

    def __init__(self, door: Door, database: Database, clock: Clock = utc_ms) -> None:
        """Work through ``door``; how far it is is looked up in ``database`` first."""
        self._door = door
        self._database = database
        self._clock = clock

    def run(self) -> Filled:
        """Take every whole day that was not taken, then draw the share of each month that is over and sealed.

        Raises :class:`StorageUnavailable`, :class:`LogUnavailable`, and :class:`Conflict` where another desk did it in
        the same moment.
        """
        done, watch, end = Filled(), None, self._end()
        done.dated = BreachDates(self._door, self._database).put_right(self._latest())
        done.again = SecondLook(self._door, self._database).take_back(self._today(), self._latest(), self._clock())
        while (due := self._due(end)) is not None:
            far, quiet = due
            if watch is None:
                watch = Watch(rules(), self._learned())
            day = self._read(far, end) if quiet is None else Day(quiet, far.seq + 1, far.seq, (), ())
            done.items += self._take(far, day, watch)
            done.days += bool(day.cores)
            done.misdated += day.misdated
        done.waits = self._why_waiting()
        for month in self._to_draw():
            done.items += self._draw(month)
        return done

    def _today(self) -> dt.date:
        """Return the day it is on every desk's clock; what was written before it is whole."""
        return day_of(self._clock() - tolerance())

    def _latest(self) -> int:
        """Return the last moment it can be on any desk's clock."""
        return self._clock() + tolerance()

    def _why_waiting(self) -> str:
        """Return why nothing can be taken, by what this machine's clock says; empty where it can."""
        with self._database.append() as tx:
            far = ReviewMonths(tx).far().day
        if far is None or far <= self._today():
            return ""
        return f"the log was taken to {far.isoformat()}, and by the clock of this machine that is still to come"

    def _end(self) -> int:
        """Return the newest entry as the run begins: what it writes itself is never a day that it takes."""
        with self._database.append() as tx:
            return Entries(tx).state().size

    def _due(self, end: int) -> tuple[Far, dt.date | None] | None:
        """Return where the log goes on, and the last of the days before that on which nothing was written, if any."""
        with self._database.append() as tx:
            months = ReviewMonths(tx)
            far = months.far()
            ordered = in_log_order(following(months, far.seq, _BEGINNING), far, self._latest())
            day, core, _ = next(ordered, (0, None, False))
        today = self._today()
        if far.day is not None and far.day > today:
            return None
        whole = core is not None and core.seq <= end and day < today.toordinal()
        quiet = dt.date.fromordinal((day if whole else today.toordinal()) - 1)
        if far.day is not None and far.day < quiet:
            return far, quiet
        return (far, None) if whole else None

    def _learned(self) -> Baselines | None:
        with self._database.append(Deadline(_SECONDS)) as tx:
            learned = ReviewMonths(tx).learned()
        return None if learned is None else unpacked(learned)

    def _read(self, far: Far, end: int) -> Day:
        latest = self._latest()

        def read(tx: Read) -> Day:
            return whole_day(following(ReviewMonths(tx), far.seq, CHUNK), far, latest, end)

        due = Result(act=Act.AUDIT_LISTED, kinds=(REVIEW, "day"))
        return self._door.scheduled_look(due, read, longer=Deadline(_SECONDS))

    def _take(self, far: Far, day: Day, watch: Watch) -> int:
        told = watch.day(day.cores) if day.cores else watch.quiet(day.day)
        # Before the log waits for it: of two hundred employees it is tens of megabytes.
        learned = packed(watch.baselines)
        kinds = (REVIEW, f"day:{day.day.isoformat()}")

        def write(tx: Change) -> tuple[int, Result]:
            Credentials(tx).queue()
            months, changes = ReviewMonths(tx), MonthChanges(tx)
            if changes.take(far, day.last, day.day, learned) != 1:
                raise Conflict("Another desk filled the review meanwhile.", "Run it again.")
            # What comes late to a month whose share was drawn, or that was closed, belongs to the month that is on.
            rows = months.all()
            closed = {row.month for row in rows if row.closed_at is not None}
            drawn_of = {row.month for row in rows if row.root is not None}
            month = month_on(self._today(), closed) if day.month in drawn_of else day.month
            # What is taken once more was counted the first time.
            new = max((row.last_seq for row in rows), default=0) + 1
            if many := day.entries_from(new):
                changes.grow(month, max(day.first, new), day.last, many, day.opens_from(new))
            items = _once(_of_flag(flag, month, closed) for flag in told.flags)
            added = _listed(tx, items, self._clock())
            return added, Result(act=Act.AUDIT_LISTED, kinds=kinds, n=added)

        with undisturbed():
            return self._door.scheduled(Result(act=Act.AUDIT_LISTED, kinds=kinds), write, longer=Deadline(_SECONDS))

    def _to_draw(self) -> tuple[MonthRow, ...]:
        with self._database.append() as tx:
            months = ReviewMonths(tx)
            waiting = [row for row in months.all() if row.root is None and row.month < self._today().isoformat()[:7]]
            return tuple(row for row in waiting if months.seal_over(row.last_seq) is not None)

    def _draw(self, month: MonthRow) -> int:
        kinds = (REVIEW, f"share:{month.month}")

        def write(tx: Change) -> tuple[int, Result]:
            months = ReviewMonths(tx)
            sealed = months.seal_over(month.last_seq)
            if sealed is None:
                raise Conflict("The checkpoint of the month is gone.", "Run: staffdesk audit verify")
            root = parse(sealed.note)[0].root
            opens = months.opens(month.first_seq, month.last_seq)
            chosen = drawn(root, opens, share_of(len(opens)))
            if MonthChanges(tx).draw(month, sealed.size, root.hex(), len(chosen)) != 1:
                raise Conflict("Another desk drew the share of this month.", "Nothing is left to do.")
            items = [_of_open(core, month.month) for core in Entries(tx).some(chosen)]
            added = _listed(tx, items, self._clock())
            return added, Result(act=Act.AUDIT_LISTED, kinds=kinds, n=added)

        return self._door.scheduled(Result(act=Act.AUDIT_LISTED, kinds=kinds), write, longer=Deadline(_SECONDS))


def _listed(tx: Change, items: Iterable[NewItem], now: int) -> int:
    """Put items on the list; nobody is asked again about looks that he answered for. Return how many."""
    added = Reviews(tx).add(items, now)
    Serving(tx).serve_new(now)
    return added


def _once(items: Iterable[NewItem]) -> Sequence[NewItem]:
    """Return what comes on the list: of several flags of one rule that begin with the same entry, the first."""
    found: dict[tuple[object, ...], NewItem] = {}
    for item in items:
        found.setdefault((item.rule, item.actor, item.day, item.seqs[0]), item)
    return tuple(found.values())


def _of_flag(flag: Flag, now: str, closed: set[str]) -> NewItem:
    month = flag.day.isoformat()[:7]
    return NewItem(
        kind=ItemKind.BREAK_GLASS if flag.rule == _GLASS else ItemKind.FLAG,
        rule=flag.rule,
        words=flag.words,
        severity=flag.severity,
        actor=flag.actor,
        subject=flag.subject,
        day=flag.day,
        # What is found out about a month that was closed is reviewed in the month in which it was found out.
        month=now if month in closed else month,
        at=flag.when,
        seqs=flag.seqs,
    )


def _of_open(core: Core, month: str) -> NewItem:
    # One whose clock was wrong is listed under the first day of the month it was written in.
    in_month = day_of(core.t).isoformat().startswith(month)
    at = core.t if in_month else noon_of(dt.date.fromisoformat(f"{month}-01"), rules().time_zone)
    return NewItem(
        kind=ItemKind.RANDOM,
        rule=RANDOM,
        words=_WORDS,
        severity=0,
        actor=core.actor or "",
        subject=core.obj[0] if core.obj else None,
        day=day_of(at),
        month=month,
        at=at,
        seqs=(core.seq,),
    )
