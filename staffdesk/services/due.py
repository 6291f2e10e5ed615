"""What falls due by itself: erasures finished, packages destroyed, files closed, the review filled, the log pruned.

Nobody need be signed in. Everything may be run again: what is done is not done twice, and what fails keeps nothing
else from being done.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from staffdesk.data.breaches import Breaches
from staffdesk.data.customers.held import Holds
from staffdesk.data.customers.request_progress import RequestMoves, RequestProgresses
from staffdesk.data.database import Database
from staffdesk.data.import_runs import ImportRuns
from staffdesk.data.transaction import Change
from staffdesk.domain import requests
from staffdesk.domain.access import Act
from staffdesk.domain.deadlines import rules as deadline_rules
from staffdesk.domain.errors import Conflict, StaffdeskError
from staffdesk.domain.holds import rules as hold_rules
from staffdesk.domain.log_retention import Doubt
from staffdesk.domain.manifest import OwedNotice
from staffdesk.domain.request_board import next_step
from staffdesk.domain.request_effects import Moment, after
from staffdesk.domain.request_guards import own_moves
from staffdesk.domain.request_moves import Move, moves
from staffdesk.domain.request_progress import Progress, facts_of
from staffdesk.domain.request_work import Answers
from staffdesk.domain.requests import RequestState, Urgency, urgency
from staffdesk.domain.restrictions import what_is_next
from staffdesk.domain.reviews import OpenBreach
from staffdesk.services.claim_holds import HeldForClaim, ending
from staffdesk.services.declaring import forget_withdrawn
from staffdesk.services.deputies import Watch, watch
from staffdesk.services.door import Door, Result
from staffdesk.services.doubted_clock import doubted
from staffdesk.services.erasure.due import Announce, Finished, release
from staffdesk.services.erasure.erasures import Erasures
from staffdesk.services.erasure.retention import LetGo
from staffdesk.services.new_files import destroy_older
from staffdesk.services.owed_letters import OwedLetters, Told
from staffdesk.services.packages import Packages
from staffdesk.services.pruning import Pruned, Pruning
from staffdesk.services.request_numbers import REQUEST
from staffdesk.services.request_standing import read
from staffdesk.services.restricting import PERSON, RESTRICTED, restrict_what_came
from staffdesk.services.review_filling import Filled, ReviewFilling
from staffdesk.services.sessions import day_in_brussels, utc_ms
from staffdesk.services.support_logs.expiry import Expired, LogExpiry

_ARCHIVES, _PURGES = "archive", "purge"
_APPROVED: Final = frozenset({RequestState.EXECUTING, RequestState.NOTIFYING, RequestState.REPLYING})
"""Where a request is between its approval and its answer."""


@dataclass(slots=True)
class DueReport:
    """What was done, and what a person must see: what is late, proofs not yet deleted, restrictions to be lifted.

    ``waiting`` is what a second person approved and nobody has finished since, with what it waits for and whose move
    that is; ``following`` says the same of what is late. ``watch`` says who sees it: an officer, or while none is there
    his deputy, or nobody. ``claims`` are those whose last day is near, ``breaches`` those of the register that are not
    closed, ``notices`` those owed to whom a partner named, ``let_go`` whose data have had their time, ``failed`` the
    parts that could not be done and why. ``clock`` says why nothing was done that time alone decides, before a person
    looked at this machine's clock.
    """

    watch: Watch
    clock: Doubt | None = None
    erasures: Finished = field(default_factory=Finished)
    packages: int = 0
    letters: int = 0
    logs: Expired = field(default_factory=Expired)
    moved: list[tuple[str, str]] = field(default_factory=list)
    alarms: list[tuple[str, str]] = field(default_factory=list)
    following: dict[str, str] = field(default_factory=dict)
    waiting: list[tuple[str, str]] = field(default_factory=list)
    copies: list[str] = field(default_factory=list)
    told: Told = field(default_factory=Told)
    lifts: list[tuple[str, str]] = field(default_factory=list)
    claims: tuple[HeldForClaim, ...] = ()
    review: Filled = field(default_factory=Filled)
    breaches: tuple[OpenBreach, ...] = ()
    notices: tuple[OwedNotice, ...] = ()
    let_go: LetGo = field(default_factory=LetGo)
    forgotten: Pruned = field(default_factory=Pruned)
    failed: list[tuple[str, StaffdeskError]] = field(default_factory=list)


class Due:
    """Does what is due on one desk."""

    def __init__(
        self,
        door: Door,
        database: Database,
        erasures: Erasures,
        packages: Packages,
        letters: Path,
        owed: OwedLetters,
        filling: ReviewFilling,
        pruning: Pruning,
        logs: LogExpiry,
        *,
        clock: Callable[[], int] = utc_ms,
    ) -> None:
        """Work through ``door``; ``letters`` is the folder of letters that were saved to be sent by hand.

        ``owed`` sends those that are owed after a hold's end, ``filling`` fills the work-list of the review,
        ``pruning`` lets the log forget, ``logs`` ends customers' support logs.
        """
        self._door = door
        self._database = database
        self._erasures = erasures
        self._packages = packages
        self._letters = letters
        self._owed = owed
        self._filling = filling
        self._pruning = pruning
        self._logs = logs
        self._clock = clock

    def run(self, announce: Announce | None = None) -> DueReport:
        """Do everything that is due; ``announce`` is told before desks have to wait.

        A part that fails is in the report, and the others are done. While the clock is doubted nothing is done that
        it alone decides, since what is destroyed by it stays destroyed: :func:`doubted`. Raises
        :class:`StorageUnavailable` and :class:`LogUnavailable` only where not even who is there can be read.
        """
        report = DueReport(self._watch(), self._doubt())

        def erase() -> None:
            report.erasures = self._erasures.run_due(announce)

        def destroy_packages() -> None:
            report.packages = self._packages.run_due(self._clock())

        def destroy_letters() -> None:
            days = requests.rules().periods.spool_days
            report.letters = destroy_older(self._letters, time.time() - days * 24 * 3600)

        def tell() -> None:
            report.told = self._owed.send()

        def claims() -> None:
            report.claims = self._claims()

        def breaches() -> None:
            report.breaches = self._breaches()

        for what, part, by_time in (
            ("whose time is over", partial(self._let_go, report), True),
            ("erasures", erase, True),
            ("packages that nobody sent", destroy_packages, True),
            ("support logs", partial(self._end_logs, report), True),
            ("restrictions", self._restrict_what_came, False),
            ("letters owed", tell, False),
            ("saved letters", destroy_letters, True),
            ("requests", partial(self._requests, report), True),
            ("claims whose day is near", claims, False),
            ("the review", partial(self._fill, report), True),
            ("breaches that are open", breaches, False),
            ("notices that are owed", partial(self._notices, report), False),
            ("declarations that count no more", self._forget_withdrawn, True),
            ("what the log forgets", partial(self._forget, report), True),
        ):
            if report.clock is None or not by_time:
                _try(what, part, report)
        return report

    def _end_logs(self, report: DueReport) -> None:
        report.logs = self._logs.run()

    def _let_go(self, report: DueReport) -> None:
        report.let_go = self._erasures.let_go()

    def _notices(self, report: DueReport) -> None:
        with self._database.append() as tx:
            report.notices = ImportRuns(tx).owed(day_in_brussels(self._clock()))

    def _fill(self, report: DueReport) -> None:
        report.review = self._filling.run()

    def _forget(self, report: DueReport) -> None:
        report.forgotten = self._pruning.run()

    def _requests(self, report: DueReport) -> None:
        for progress in self._all():
            _try(progress.number, partial(self._request, progress, report), report)

    def _request(self, progress: Progress, report: DueReport) -> None:
        self._alarm(progress, report)
        move = self._own(progress, report)
        if move is not None:
            self._move(progress, move)
            report.moved.append((progress.number, move.name))

    def _doubt(self) -> Doubt | None:
        with self._database.append() as tx:
            return doubted(tx, self._clock())

    def _watch(self) -> Watch:
        with self._database.append() as tx:
            return watch(tx, self._clock())

    def _all(self) -> tuple[Progress, ...]:
        with self._database.append() as tx:
            return RequestProgresses(tx).not_purged()

    def _claims(self) -> tuple[HeldForClaim, ...]:
        soon = day_in_brussels(self._clock()) + dt.timedelta(days=hold_rules().claim_notice_days)
        with self._database.append() as tx:
            return ending(tx, soon)

    def _breaches(self) -> tuple[OpenBreach, ...]:
        with self._database.append() as tx:
            return Breaches(tx).open(self._clock())

    def _forget_withdrawn(self) -> None:
        forget_withdrawn(self._door, self._database, self._clock())

    def _restrict_what_came(self) -> None:
        with self._database.append() as tx:
            standing = Holds(tx).restrictions(PERSON)
        if not standing:
            return
        kinds = (REQUEST, RESTRICTED)

        def write(tx: Change) -> tuple[None, Result | None]:
            came = restrict_what_came(tx, self._clock())
            return None, Result(act=Act.REQUEST_MOVED, kinds=kinds, n=came) if came else None

        self._door.scheduled(Result(act=Act.REQUEST_MOVED, kinds=kinds, n=len(standing)), write)

    def _alarm(self, progress: Progress, report: DueReport) -> None:
        today = day_in_brussels(self._clock())
        days = (progress.hard_due - today).days
        how = urgency(progress.state, progress.hard_due, today)
        step = next_step(progress.kind, progress.state, progress.identity, to_tell=progress.to_tell)
        if how is Urgency.OVERDUE or (how is Urgency.SOON and days in deadline_rules().targets.alarm_days_before):
            words = requests.due_words(progress.state, progress.hard_due, today)
            breach = how is Urgency.OVERDUE and not self._noted(progress)
            report.alarms.append((progress.number, f"{words}, a breach of Art. 12(3): note why" if breach else words))
            report.following[progress.number] = step
        if progress.approved_by is not None and progress.state in _APPROVED:
            report.waiting.append((progress.number, step))
        came = progress.copy_since if progress.copy_there else None
        if came is not None and (today - came).days > requests.rules().periods.copy_days:
            report.copies.append(progress.number)

    def _noted(self, progress: Progress) -> bool:
        with self._database.append() as tx:
            return RequestProgresses(tx).work(progress.id).lateness_noted

    def _own(self, progress: Progress, report: DueReport) -> Move | None:
        if all(each.by for each in moves() if progress.state in each.starts):
            return None
        with self._database.append() as tx:
            _, work = read(tx, progress.id)
        today = day_in_brussels(self._clock())
        if lifts := what_is_next(work.restriction, progress.state, progress.lift_on, today):
            report.lifts.append((progress.number, lifts))
        return next(own_moves(facts_of(progress, work, today=today)), None)

    def _move(self, progress: Progress, move: Move) -> None:
        kinds = (REQUEST, progress.kind.value, move.name, move.after(progress.state).value)
        said = Result(act=Act.REQUEST_MOVED, obj=(progress.aid,), kinds=kinds, n=1)

        def write(tx: Change) -> tuple[None, Result]:
            moves, now = RequestMoves(tx), self._clock()
            moves.hold(progress.id)
            moment = Moment(now=now, today=day_in_brussels(now), actor=None)
            moved = after(progress, move, Answers(), moment)
            if moves.move(progress, moved) != 1:
                raise Conflict("Somebody moved a request meanwhile.", "Run it again.")
            moves.record(moved, progress.turn + 1, move.name, None, "", now)
            if move.name == _ARCHIVES:
                release(tx, progress.id, day_in_brussels(now), now)
                moves.close(progress.id)
            if move.name == _PURGES:
                moves.forget(progress.id)
            return None, said

        self._door.scheduled(said, write)


def _try(what: str, part: Callable[[], None], report: DueReport) -> None:
    """Do a part; one that fails is told of, and the next one is done."""
    try:
        part()
    except StaffdeskError as error:
        report.failed.append((what, error))
