"""The door: every look is an entry committed first, every write an intent committed and then one transaction.

This pair is written here and nowhere else; a service method is one expression over it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from staffdesk.data.database import Database
from staffdesk.data.deadline import GRACE_SECONDS, Deadline
from staffdesk.data.log import Event, Log, Opened
from staffdesk.data.ticket import Ticket
from staffdesk.data.transaction import Append, Change, Read
from staffdesk.domain.access import Access, Act, Level, Outcome, Purpose, Relation
from staffdesk.domain.errors import Denied, LogUnavailable, NotFound, SessionEnded, StaffdeskError, StorageUnavailable
from staffdesk.domain.policy import AccessMatrix
from staffdesk.services.clearance import Clearance, Wanted, clear, session_over

SECONDS_FOR_A_FAILURE: Final = 0.3
"""What is kept of the deadline for the entry that says that something failed."""

BREAK_GLASS: Final = "break-glass"
"""What stands first among the kinds of every entry made under one."""

R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An entry as the caller knows it; who, role, standing and relation are read when it is written.

    ``obj`` adds audit ids to the record's own, ``company`` the organisation's, whose row is read with it; ``openings``
    are the values the entry only commits to.
    """

    wanted: Wanted
    level: Level | None = None
    obj: tuple[str, ...] = ()
    company: bool = False
    kinds: tuple[str, ...] = ()
    n: int = 0
    openings: tuple[Opened, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of it, for the second entry; ``rel`` where more people are concerned than the one decided on."""

    act: Act
    level: Level | None = None
    obj: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    n: int = 0
    openings: tuple[Opened, ...] = ()
    rel: tuple[Relation, ...] = ()


class Door:
    """Lets nothing through that is not in the log."""

    def __init__(
        self,
        database: Database,
        matrix: AccessMatrix,
        policy: str,
        *,
        deadline_seconds: float,
        after: Callable[[int], None] | None = None,
    ) -> None:
        """Guard a database under an access matrix; ``after`` is told each last number written, for checkpoints."""
        self._database = database
        self._matrix = matrix
        self._policy = policy
        self._seconds = deadline_seconds
        self._after = after

    def look(
        self,
        access: Access,
        draft: Draft,
        read: Callable[[Read, Clearance, Ticket], R],
        shown: Callable[[R], Result | None] | None = None,
        deadline: Deadline | None = None,
        *,
        longer: Deadline | None = None,
    ) -> R:
        """Log, read, and log what is about to be shown; raises before anything is returned if any of it fails.

        ``shown`` gives nothing where nobody is shown: the first entry says all there is to say then. What is much to
        read has a ``longer`` deadline of its own; the entries never have.

        Raises :class:`Denied` (its entry committed), :class:`SessionEnded`, :class:`NotFound`, :class:`LogUnavailable`,
        :class:`StorageUnavailable`.
        """
        until = self._until(deadline)
        ticket, cleared = self._enter(access, draft, until, Outcome.OK)
        try:
            with self._database.read(ticket, longer or until) as tx:
                result = read(tx, cleared, ticket)
            listed = None if shown is None else shown(result)
            if listed is not None:
                with self._database.append(until) as tx:
                    _raise_if_over(tx, access)
                    last = Log(tx, self._policy).append(event_of(access, cleared, listed, Outcome.OK))
                self._done(last)
        except StaffdeskError as error:
            self._note_failure(access, cleared, draft, until, error)
            raise
        return result

    def change(
        self,
        access: Access,
        draft: Draft,
        write: Callable[[Change, Clearance], tuple[R, Result]],
        deadline: Deadline | None = None,
        *,
        longer: Deadline | None = None,
    ) -> R:
        """Log the intent, then write the change and its entry in one transaction; ``write`` checks its row count.

        Who may is asked again there: a role or session taken away between the two writes nothing. ``longer`` as above.
        """
        until = self._until(deadline)
        ticket, cleared = self._enter(access, draft, until, Outcome.INTENT)
        try:
            with self._database.change(ticket, longer or until) as tx:
                cleared = clear(tx, self._matrix, access, draft.wanted)
                if cleared.refused is None:
                    result, outcome = write(tx, cleared)
                    last = Log(tx, self._policy).append(event_of(access, cleared, outcome, Outcome.OK))
                else:
                    last = Log(tx, self._policy).append(event_of(access, cleared, draft, Outcome.DENIED))
        except StaffdeskError as error:
            self._note_failure(access, cleared, draft, until, error)
            raise
        self._done(last)
        _raise_if_refused(cleared)
        return result

    def act(
        self,
        access: Access,
        draft: Draft,
        write: Callable[[Append, Clearance], tuple[R, Result]],
        *,
        intent: bool = True,
        deadline: Deadline | None = None,
    ) -> R:
        """As :meth:`change` where no customer's row is touched: accounts, sessions, the log's own affairs.

        With ``intent=False`` (reading the log, listing accounts) the one entry stands in the same transaction as the
        reading, and is committed before anything is returned.
        """
        until = self._until(deadline)
        before = 0
        if intent:
            ticket, cleared = self._enter(access, draft, until, Outcome.INTENT)
            before = ticket.seq
        try:
            with self._database.append(until) as tx:
                cleared = replace(clear(tx, self._matrix, access, draft.wanted), intent=before)
                if cleared.refused is None:
                    result, outcome = write(tx, cleared)
                    last = Log(tx, self._policy).append(event_of(access, cleared, outcome, Outcome.OK))
                else:
                    last = Log(tx, self._policy).append(event_of(access, cleared, draft, Outcome.DENIED))
        except StaffdeskError as error:
            self._note_failure(access, cleared if intent else None, draft, until, error)
            raise
        self._done(last)
        _raise_if_refused(cleared)
        return result

    def scheduled(
        self, due: Result, write: Callable[[Change], tuple[R, Result]], deadline: Deadline | None = None
    ) -> R:
        """As :meth:`change` for what falls due by itself: nobody asks, so both entries name no employee.

        ``due`` says what is intended. Raises what ``write`` raises, which leaves an entry that it came to nothing.
        """
        until = self._until(deadline)
        with self._database.append(until) as tx:
            ticket = Log(tx, self._policy).append(_by_itself(due, Outcome.INTENT))
        self._done(ticket)
        try:
            with self._database.change(ticket, until) as tx:
                result, outcome = write(tx)
                last = Log(tx, self._policy).append(_by_itself(outcome, Outcome.OK))
        except StaffdeskError:
            with self._database.append(until.later(SECONDS_FOR_A_FAILURE - 2 * GRACE_SECONDS)) as tx:
                Log(tx, self._policy).append(_by_itself(due, Outcome.FAILED))
            raise
        self._done(last)
        return result

    def peek(self, access: Access, read: Callable[[Append], R]) -> R:
        """Read what is nobody's data (the log's length) for a session that is still good; no entry is made."""
        with self._database.append() as tx:
            _raise_if_over(tx, access)
            return read(tx)

    def _enter(self, access: Access, draft: Draft, deadline: Deadline, outcome: Outcome) -> tuple[Ticket, Clearance]:
        with self._database.append(deadline) as tx:
            cleared = clear(tx, self._matrix, access, draft.wanted)
            if cleared.refused is not None:
                outcome = Outcome.DENIED
            elif cleared.missing:
                outcome = Outcome.FAILED
            ticket = Log(tx, self._policy).append(event_of(access, cleared, draft, outcome))
        self._done(ticket)
        _raise_if_refused(cleared)
        if cleared.missing:
            raise NotFound("There is no such record.", "Search again: it may have been merged or erased.")
        return ticket, cleared

    def _note_failure(
        self, access: Access, cleared: Clearance | None, draft: Draft, until: Deadline, error: StaffdeskError
    ) -> None:
        """Say in the log that it came to nothing, without letting the person wait much longer to hear it."""
        if cleared is None:
            return
        failed = Result(act=draft.wanted.act, obj=draft.obj, kinds=draft.kinds)
        outcome = Outcome.DENIED if isinstance(error, Denied) else Outcome.FAILED
        try:
            # A line is cut a grace after its deadline, and the person hears of it before the whole time is over.
            with self._database.append(until.later(SECONDS_FOR_A_FAILURE - 2 * GRACE_SECONDS)) as tx:
                Log(tx, self._policy).append(event_of(access, cleared, failed, outcome))
        except (LogUnavailable, StorageUnavailable):
            return  # the first error is the one to show; the intent already stands in the log, or nothing was shown

    def _until(self, deadline: Deadline | None) -> Deadline:
        return (deadline or Deadline(self._seconds)).sooner(SECONDS_FOR_A_FAILURE)

    def _done(self, ticket: Ticket) -> None:
        if self._after is not None:
            self._after(ticket.seq)


def _raise_if_over(tx: Append, access: Access) -> None:
    over = session_over(tx, access)
    if over is not None:
        raise SessionEnded(over.sentence, over.hint)


def _raise_if_refused(cleared: Clearance) -> None:
    if cleared.refused is None:
        return
    kind = SessionEnded if cleared.ended else Denied
    raise kind(cleared.refused.sentence, cleared.refused.hint)


def _by_itself(what: Result, outcome: Outcome) -> Event:
    return Event(
        act=what.act,
        out=outcome,
        purpose=Purpose.SYSTEM,
        level=what.level,
        obj=what.obj,
        kinds=what.kinds,
        n=what.n,
        openings=what.openings,
    )


def event_of(access: Access, cleared: Clearance, what: Draft | Result, outcome: Outcome) -> Event:
    """Return what happened in the log's words, as this door writes it."""
    act = what.wanted.act if isinstance(what, Draft) else what.act
    kinds = what.kinds if cleared.glass is None else (BREAK_GLASS, *what.kinds)
    if outcome is Outcome.DENIED:
        act, kinds = Act.DENIED, (act.value, *kinds)
    actor = cleared.actor
    own = () if cleared.subject is None else (cleared.subject.aid,)
    if isinstance(what, Draft) and what.company and cleared.company is not None and outcome is not Outcome.DENIED:
        own = (*own, cleared.company)
    openings = what.openings
    if isinstance(what, Draft) and cleared.number is not None and cleared.reference is None:
        openings = (*openings, Opened("reason.reference", cleared.number))
    return Event(
        act=act,
        out=outcome,
        actor=None if actor is None else actor.staff_id,
        role=cleared.role,
        entity=None if actor is None else actor.entity,
        sid=None if actor is None else actor.sid,
        host=access.host,
        purpose=access.purpose,
        ref=None if cleared.reference is None else cleared.reference.aid,
        standing=cleared.standing,
        basis=cleared.basis,
        rel=what.rel if isinstance(what, Result) and what.rel else cleared.rel,
        level=what.level if outcome is not Outcome.DENIED else None,
        obj=tuple(dict.fromkeys((*own, *what.obj))),
        kinds=kinds,
        n=what.n,
        openings=openings,
    )
