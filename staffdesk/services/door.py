"""The door: every look is an entry committed first, every write an intent committed and then one transaction.

This pair is written here and nowhere else; a service method is one expression over it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Final, TypeVar

from staffdesk.data.database import Database
from staffdesk.data.deadline import GRACE_SECONDS, Deadline
from staffdesk.data.log import Log
from staffdesk.data.ticket import Ticket
from staffdesk.data.transaction import Append, Change, Read
from staffdesk.domain.access import Access, Outcome
from staffdesk.domain.errors import (
    Denied,
    LogUnavailable,
    NoSuchRecord,
    SessionEnded,
    StaffdeskError,
    StorageUnavailable,
)
from staffdesk.domain.policy import AccessMatrix
from staffdesk.services.clearance import Clearance, clear, session_over
from staffdesk.services.door_entries import BREAK_GLASS, Draft, Result, by_itself, event_of

__all__ = ["BREAK_GLASS", "SECONDS_FOR_A_FAILURE", "Door", "Draft", "Result", "event_of"]

SECONDS_FOR_A_FAILURE: Final = 0.3
"""What is kept of the deadline for the entry that says that something failed."""

_RENEWED_AFTER_SECONDS: Final = 5 * 60.0
"""Well within the minutes for which an entry lets anybody in."""
_BREATH_SECONDS: Final = 0.001
"""Longer than the pauses of whoever polls the queue, or steps that follow one another would shut them out."""

R = TypeVar("R")
Deadlines = Callable[[], Deadline]


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
                with self._database.append(self._after_it(until, longer)) as tx:
                    _raise_if_over(tx, access)
                    last = Log(tx, self._policy).append(event_of(access, cleared, listed, Outcome.OK))
                self._done(last)
        except StaffdeskError as error:
            self._note_failure(access, cleared, draft, self._after_it(until, longer), error)
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
            self._note_failure(access, cleared, draft, self._after_it(until, longer), error)
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
        self,
        due: Result,
        write: Callable[[Change], tuple[R, Result | None]],
        deadline: Deadline | None = None,
        *,
        longer: Deadline | None = None,
        covers: bool = False,
    ) -> R:
        """As :meth:`change` for what falls due by itself: nobody asks, so both entries name no employee.

        ``due`` says what is intended; a result of nothing is no entry, as nothing came of it. Raises what ``write``
        raises, which leaves an entry that it came to nothing. ``longer`` as above. With ``covers`` it is ``due`` that
        opens the way to what ``write`` lets go, so it stands before it, in the same transaction.
        """
        until = self._until(deadline)
        ticket = self._due(due, until)
        try:
            with self._database.change(ticket, longer or until) as tx:
                covering = Log(tx, self._policy).append(by_itself(due, Outcome.OK)) if covers else None
                result, outcome = write(tx)
                last = covering if outcome is None else Log(tx, self._policy).append(by_itself(outcome, Outcome.OK))
        except StaffdeskError:
            self._note_undone(due, self._after_it(until, longer))
            raise
        if last is not None:
            self._done(last)
        return result

    def scheduled_look(self, due: Result, read: Callable[[Read], R], *, longer: Deadline | None = None) -> R:
        """As :meth:`look` for what falls due by itself: a reading that nobody is shown."""
        until = self._until(None)
        ticket = self._due(due, until)
        with self._database.read(ticket, longer or until) as tx:
            return read(tx)

    def in_steps(
        self, due: Result, step: Callable[[Change], bool], end: Callable[[Change], Result | None], *, each: Deadlines
    ) -> None:
        """As :meth:`scheduled` for more than others can wait for: each ``step`` is a transaction of its own.

        It is called until it says that nothing is left; then ``end``, whose entry says what was done. What a step lets
        go must be covered by an entry that stands in the log already: killed in the middle, it is half done, and
        whoever is next goes on. Each transaction has a deadline that ``each`` makes.
        """
        ticket = self._due(due, self._until(None))
        more = True
        while more:
            if ticket.age() > _RENEWED_AFTER_SECONDS:
                ticket = self._due(due, self._until(None))
            with self._database.change(ticket, each()) as tx:
                more = step(tx)
            time.sleep(_BREATH_SECONDS)
        last = None
        with self._database.change(ticket, each()) as tx:
            outcome = end(tx)
            if outcome is not None:
                last = Log(tx, self._policy).append(by_itself(outcome, Outcome.OK))
        if last is not None:
            self._done(last)

    def note(self, found: Result) -> None:
        """Say in the log what was found by itself, where nothing was written."""
        with self._database.append(self._until(None)) as tx:
            last = Log(tx, self._policy).append(by_itself(found, Outcome.OK))
        self._done(last)

    def _due(self, due: Result, until: Deadline) -> Ticket:
        with self._database.append(until) as tx:
            ticket = Log(tx, self._policy).append(by_itself(due, Outcome.INTENT))
        self._done(ticket)
        return ticket

    def _note_undone(self, due: Result, until: Deadline) -> None:
        with self._database.append(until.later(SECONDS_FOR_A_FAILURE - 2 * GRACE_SECONDS)) as tx:
            Log(tx, self._policy).append(by_itself(due, Outcome.FAILED))

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
            raise NoSuchRecord("There is no such record.", "Search again: it may have been merged or erased.")
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

    def _after_it(self, until: Deadline, longer: Deadline | None) -> Deadline:
        """Return until when the entry is to stand: after what had longer the time of the first one is over."""
        return until if longer is None else self._until(None)

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
