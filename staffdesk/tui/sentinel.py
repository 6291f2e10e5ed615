"""What happens by itself: values hide after a while, the desk locks, a session ended elsewhere disappears here."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING, Final

from staffdesk.domain.errors import LogUnavailable, SessionEnded, StaffdeskError, StorageUnavailable
from staffdesk.tui.base import DeskScreen
from staffdesk.tui.idle import IdleClock
from staffdesk.tui.phrases import failure

if TYPE_CHECKING:
    from staffdesk.parameters.shapes import SessionRules
    from staffdesk.tui.app import DeskApp
    from staffdesk.tui.session import Session

_TICK: Final = 2.0
_PULSE: Final = 8.0
"""Seconds between two questions whether the session still holds; ten are promised."""
_TELL: Final = 60.0


class Sentinel:
    """The clock of one terminal: mask, lock and the end of the session, by the shipped rules."""

    def __init__(self, app: DeskApp) -> None:
        """Watch over ``app``; the rules are read when somebody signs in."""
        self._app = app
        self._clock = IdleClock()
        self._masked = False
        self._lost = False

    def start(self) -> None:
        """Begin to watch."""
        self._app.set_interval(_TICK, self.tick)
        self._app.set_interval(_PULSE, self.pulse)

    def fresh(self) -> None:
        """Begin anew: somebody has just given a password."""
        self._clock.touch()
        self._masked = self._lost = False
        self.pulse()

    def touched(self) -> None:
        """Note a key; what was masked for want of one is shown again."""
        self._clock.touch()
        if self._masked and not self._lost:
            self._masked = False
            self._mask_screens(hidden=False)

    def tick(self) -> None:
        """Mask, lock, or tell the service that somebody is there."""
        app = self._app
        if app.session is None or app.locked:
            return
        idle, rules = self._clock.seconds(), _rules()
        if idle >= rules.lock_after_minutes * 60:
            app.action_lock()
        elif idle >= rules.mask_after_minutes * 60 and not self._masked:
            self._masked = True
            self._mask_screens(hidden=True)
        elif self._clock.should_tell(_TELL):
            app.tell(partial(app.desk.sign_in.seen, app.session.sid))

    def pulse(self) -> None:
        """Ask in a thread whether the session still holds and how long the log is."""
        session = self._app.session
        if session is not None:
            self._app.run_worker(
                partial(self._ask, session.sid), thread=True, exclusive=True, exit_on_error=False, group="pulse"
            )

    def trouble(self, error: StaffdeskError) -> None:
        """Say what a call that nobody waits for could not do; behind the lock nothing is expected to go through."""
        if self._app.locked:
            return
        if isinstance(error, SessionEnded):
            self._app.session_over(error)
        elif isinstance(error, StorageUnavailable | LogUnavailable):
            self._lose()

    def acted(self) -> None:
        """Ask how long the log is now that something was done here; nothing on the screen moves without that."""
        session = self._app.session
        if session is not None and session.begun:
            self._app.run_worker(
                partial(self._measure, session), thread=True, exclusive=True, exit_on_error=False, group="measure"
            )

    def _measure(self, session: Session) -> None:
        app = self._app
        try:
            state = app.desk.audit.state(session.desk_access)
        except StaffdeskError as error:
            app.call_from_thread(self.trouble, error)
        else:
            app.call_from_thread(self._note_length, session, state.size)

    def _note_length(self, session: Session, size: int) -> None:
        session.logged(size)
        if isinstance(self._app.screen, DeskScreen):
            self._app.screen.refresh_top()

    def _ask(self, sid: str) -> None:
        app = self._app
        try:
            valid = app.desk.sign_in.still_valid(sid)
        except (StorageUnavailable, LogUnavailable):
            app.call_from_thread(self._lose)
            return
        app.call_from_thread(self._answer, sid, valid)

    def _answer(self, sid: str, valid: bool) -> None:
        app = self._app
        if app.session is None or app.session.sid != sid or app.locked:
            return
        if not valid:
            app.session_over(SessionEnded("Your session has ended.", "Sign in again."))
        elif self._lost:
            self._lost = self._masked = False
            self._mask_screens(hidden=False)

    def _lose(self) -> None:
        if self._lost or self._app.session is None:
            return
        self._lost = self._masked = True
        self._mask_screens(hidden=True)
        screen = self._app.screen
        if isinstance(screen, DeskScreen):
            at = f"{dt.datetime.now().astimezone():%H:%M}"
            screen.say(failure(f"Lost the database at {at}.", "It is tried every few seconds; what you see is hidden."))

    def _mask_screens(self, *, hidden: bool) -> None:
        for screen in self._app.screen_stack:
            if isinstance(screen, DeskScreen):
                screen.mask(hidden)


def _rules() -> SessionRules:
    from staffdesk.parameters.shapes import sessions  # noqa: PLC0415 - read behind the first frame

    return sessions()
