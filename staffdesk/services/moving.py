"""One move of a request: the guarded update, its work, its letter and its entry, all in one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

from staffdesk.data.customers.request_progress import RequestMoves
from staffdesk.data.deadline import Deadline
from staffdesk.data.log import Opened
from staffdesk.data.references import Reference
from staffdesk.data.transaction import Change
from staffdesk.domain.access import Access, Outcome
from staffdesk.domain.errors import LogUnavailable, SessionEnded, StaffdeskError, StorageUnavailable
from staffdesk.domain.request_effects import Moment, after, check_answers
from staffdesk.domain.request_moves import Move
from staffdesk.domain.request_progress import Progress, Work
from staffdesk.domain.request_work import Answers
from staffdesk.domain.requests import RequestState, RequestType
from staffdesk.services import request_standing as standing
from staffdesk.services.carrying_out import Making, carry_out
from staffdesk.services.clearance import Clearance
from staffdesk.services.door import Door, Result, event_of
from staffdesk.services.erasure.ledger import Ledger
from staffdesk.services.erasure.settling import settle
from staffdesk.services.letters import AccessReply
from staffdesk.services.moved import Moved
from staffdesk.services.post import Sent
from staffdesk.services.request_claims import Claims, check_free
from staffdesk.services.request_letters import Drafted, Written, keep_letter, language_for, letter_for
from staffdesk.services.request_numbers import REQUEST
from staffdesk.services.request_packages import RequestPackages
from staffdesk.services.sessions import day_in_brussels

_SECONDS_TO_ERASE: Final = 60


@dataclass(frozen=True, slots=True)
class Along:
    """What a move takes along: the letter that went out before it, the package that answers, the password given."""

    drafted: Drafted | None = None
    sent: Sent | None = None
    access: AccessReply | None = None
    confirmed: bool = False


class Moving:
    """Makes moves, and those that the desk makes after them."""

    def __init__(
        self,
        door: Door,
        policy: str,
        packages: RequestPackages,
        claims: Claims,
        ledger: Callable[[], Ledger],
        clock: Callable[[], int],
    ) -> None:
        """Write through ``door``; ``ledger`` gives the ledger of erasures, ``clock`` UTC milliseconds."""
        self._door = door
        self._policy = policy
        self._packages = packages
        self._claims = claims
        self._ledger = ledger
        self._clock = clock

    def go_on(
        self, access: Access, known: Reference, progress: Progress, following: Move | None, leave: tuple[str, ...] = ()
    ) -> Moved:
        """Make the moves that are the desk's own, one after another.

        One that fails is said to have come after what stands; ``run-due`` makes it, or whoever may make it by hand.
        """
        made, passphrase = list[str](), ""
        while following is not None:
            made.append(following.name)
            told = Answers(leave=leave)
            own = following
            try:
                progress, following, secret = self.made(access, known, own, told, Along())
            except (LogUnavailable, StorageUnavailable) as error:
                raise _broke_off(own, error) from error
            passphrase = secret or passphrase
        return Moved(progress, tuple(made), passphrase=passphrase)

    def made(
        self, access: Access, known: Reference, wanted: Move, told: Answers, along: Along
    ) -> tuple[Progress, Move | None, str]:
        """Make one move, with its package where it hands one over, whose passphrase is the last of what is returned."""
        if wanted.name not in standing.PACKAGES:
            return (*self._moved(access, known, wanted, told, along), "")

        def check(_tx: Change, cleared: Clearance, progress: Progress, work: Work) -> None:
            standing.check_open(wanted, progress, work, cleared, told, self.moment(cleared))

        self._claims.take(access, known, wanted.name, standing.act_of(wanted), check)
        try:
            answer = self._packages.make(access, known, told.leave)
            return (*self._moved(access, known, wanted, told, Along(access=answer.access)), answer.passphrase)
        except StaffdeskError:
            self._claims.give_back(access, known, wanted.name, standing.act_of(wanted))
            raise

    def _moved(
        self, access: Access, known: Reference, wanted: Move, told: Answers, along: Along
    ) -> tuple[Progress, Move | None]:
        """Make one move; return where the request stands then and the desk's own move that is open there."""
        kinds, act = (REQUEST, wanted.name), standing.act_of(wanted)
        said_of = standing.told_kinds(wanted, told, confirmed=along.confirmed)
        erases = wanted.name == standing.ERASES
        ledger = self._ledger() if erases else None

        def write(tx: Change, cleared: Clearance) -> tuple[tuple[Progress, Move | None], Result]:
            moves, moment = RequestMoves(tx), self.moment(cleared)
            moves.hold(known.id)
            before, work = standing.read_for(tx, known.id, wanted, moment.today)
            moment = replace(moment, digest=work.digest, linked=work.linked)
            check_free(before, access.session, moment.now)
            standing.check_open(wanted, before, work, cleared, told, moment)
            check_answers(wanted, told, before, moment.today)
            if along.drafted is not None and along.drafted.turn != before.turn:
                raise standing.overtaken()
            said = event_of(access, cleared, Result(act=act, kinds=kinds), Outcome.OK)
            made = Written(before, after(before, wanted, told, moment), wanted, told, moment, access=along.access)
            spoken = language_for(tx, before)  # of a person who may be gone when his letter is written
            done = carry_out(
                wanted,
                Making(tx=tx, before=before, told=told, moment=moment, said=said, policy=self._policy, ledger=ledger),
            )
            person = done.person or made.after.person
            moved = replace(made.after, person=None if done.gone else person)
            if done.gone:  # a later letter finds nobody to take it from
                moved = replace(moved, language=spoken.value)
            if moves.move(before, moved, standing.deciding(cleared, wanted, moment)) != 1:
                raise standing.overtaken()
            who, reason = moment.actor if wanted.by else None, standing.reason_of(wanted, told, done.fields)
            moves.record(moved, before.turn + 1, wanted.name, who, reason, moment.now)
            drafted = along.drafted or letter_for(tx, replace(made, after=moved, done=done), spoken)
            keep_letter(tx, drafted, moment.now, along.sent)
            openings = (Opened("reason.move", reason),) if reason else ()
            late = standing.late_kinds(before, moved)
            kept = (REQUEST, moved.kind.value, wanted.name, moved.state.value, *said_of, *done.kinds, *late)
            result = Result(
                act=act, obj=(known.aid, *done.obj), kinds=kept, n=done.n, openings=(*openings, *done.openings)
            )
            return standing.next_of(tx, known.id, cleared, self.today()), result

        longer = Deadline(_SECONDS_TO_ERASE) if erases else None
        try:
            moved = self._door.change(access, standing.draft_of(known, kinds, act), write, longer=longer)
        except (LogUnavailable, StorageUnavailable):
            raise  # nobody waits twice for a database that does not answer: the next move settles, or run-due
        except StaffdeskError:
            self._settle(access, wanted)
            raise
        self._settle(access, wanted)
        return moved

    def _settle(self, access: Access, wanted: Move) -> None:
        """Write into the ledger whether an erasure that was begun was made; where that fails, ``run-due`` does."""
        if RequestState.EXECUTING not in wanted.starts or RequestType.ERASE not in wanted.types:
            return
        with suppress(LogUnavailable, StorageUnavailable, SessionEnded):
            ledger = self._ledger()
            if ledger.exists:
                self._door.peek(access, lambda tx: settle(tx, ledger, self._clock()))

    def moment(self, cleared: Clearance) -> Moment:
        """Return now, the day in Brussels, and who acts."""
        return Moment(now=self._clock(), today=self.today(), actor=standing.actor_of(cleared))

    def today(self) -> dt.date:
        """Return the day in Brussels."""
        return day_in_brussels(self._clock())


def _broke_off(own: Move, error: StaffdeskError) -> StaffdeskError:
    """Return the error of a move of the desk's own, which says that the person's stands: he is not to make it again."""
    then = "Open the request again: it waits there" if own.by else "staffdesk run-due goes on with it"
    return type(error)(
        f"What you did stands. The desk's own move after it, {own.title}, failed. {error.sentence}",
        f"{then}; if it stays so: staffdesk doctor",
    )
