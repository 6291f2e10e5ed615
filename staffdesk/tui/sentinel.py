"""What happens by itself: values hide after a while, the desk locks, a session ended elsewhere disappears here."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar

from textual.screen import Screen

from staffdesk.domain.errors import LogUnavailable, SessionEnded, StaffdeskError, StorageUnavailable
from staffdesk.tui.base import DeskDialog, DeskScreen
from staffdesk.tui.command import DESK
from staffdesk.tui.idle import IdleClock
from staffdesk.tui.phrases import failure
from staffdesk.tui.plain import GOOD, MUTED, NOTHING, WARN, joined, plain
from staffdesk.tui.widgets.field import Field

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.content import Content
    from textual.timer import Timer

    from staffdesk.parameters.shapes import SessionRules
    from staffdesk.tui.application import Application
    from staffdesk.tui.session import Session

R = TypeVar("R")

_TICK: Final = 2.0
_PULSE: Final = 8.0
"""Seconds between two questions whether the session still holds; ten are promised."""
_TELL: Final = 60.0
_RETRY: Final = 5.0
"""Seconds between two tries of a database that was lost; the notice says so."""


class Sentinel:
    """The clock of one terminal: mask, lock and the end of the session, by the shipped rules."""

    def __init__(self, app: Application) -> None:
        """Watch over ``app``; the rules are read when somebody signs in."""
        self._app = app
        self._clock = IdleClock()
        self._masked = False
        self._lost = False
        self._lost_at = ""
        self._retry: Timer

    def start(self) -> None:
        """Begin to watch."""
        self._app.set_interval(_TICK, self.tick)
        self._app.set_interval(_PULSE, self.pulse)

    def fresh(self) -> None:
        """Begin anew: somebody has just given a password."""
        self._clock.touch()
        self._masked = False
        if self._lost:
            self._lost = False
            self._retry.stop()
        self.pulse()

    @property
    def masked(self) -> bool:
        """Whether what is personal is hidden now, for want of a key or of the database."""
        return self._masked

    def why_masked(self, screen: Screen[R]) -> Content:
        """Return what is said on a screen while things are hidden, also on one that comes then; true of that screen."""
        if self._lost:
            return self._lost_words(screen)
        if not _hides(screen):
            return NOTHING
        return joined(plain("Masked for want of a key.", WARN), plain(" Any key shows it again.", MUTED))

    def why_lost(self, screen: Screen[R]) -> Content:
        """Return what is said on a screen of the desk until the database is back, or nothing where it is there."""
        stays = self._lost and isinstance(screen, DeskScreen) and screen.PLACE in DESK
        return self._lost_words(screen) if stays else NOTHING

    def _lost_words(self, screen: Screen[R]) -> Content:
        hides = "what you see is hidden." if _hides(screen) else "what you see is from before."
        return failure(f"Lost the database at {self._lost_at}.", f"Retrying every 5 s; {hides}")

    def touched(self) -> None:
        """Note a key; what was masked for want of one is shown again.

        Call :meth:`check` first: after a sleep the key comes before the clock has seen how late it is.
        """
        self._clock.touch()
        if self._masked and not self._lost:
            self._masked = False
            self._mask_screens(hidden=False)

    def tick(self) -> None:
        """Mask, lock, or tell the service that somebody is there."""
        self.check()
        app = self._app
        if app.session is not None and not app.locked and self._clock.should_tell(_TELL):
            app.tell(partial(app.desk.sign_in.seen, app.session.sid))

    def check(self) -> None:
        """Mask or lock, if no key was pressed for so long."""
        app = self._app
        if app.session is None or app.locked:
            return
        idle, rules = self._clock.seconds(), _rules()
        if idle >= rules.lock_after_minutes * 60:
            app.action_lock()
        elif idle >= rules.mask_after_minutes * 60 and not self._masked:
            self._masked = True
            self._mask_screens(hidden=True)

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
            state = app.desk.log_length.state(session.desk_access)
        except StaffdeskError as error:
            if not (session.log_lost and isinstance(error, LogUnavailable)):  # else the top line says so already
                app.call_from_thread(self.trouble, error)
        else:
            app.call_from_thread(self._note_state, session, state.size, state.trouble)

    def _note_state(self, session: Session, size: int, trouble: str) -> None:
        session.logged(size)
        if session.unsealed and not trouble:
            session.unsealed = ""
        framed = next((each for each in reversed(self._screens()) if not isinstance(each, DeskDialog)), None)
        if framed is None:
            return
        if trouble not in {"", session.unsealed} and framed.is_mounted:
            session.unsealed = trouble
            framed.say(joined(plain(f"! {trouble}", WARN), plain(" Tell the admin.", MUTED)))
        framed.refresh_top()

    def _screens(self) -> list[DeskScreen[object]]:
        return [screen for screen in self._app.screen_stack if isinstance(screen, DeskScreen)]

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
            self._find_again()
        elif app.session.log_lost:
            # The database is there: whether its log is too, which an act of before did not find, is asked.
            self.acted()

    def _lose(self) -> None:
        if self._lost or self._app.session is None:
            return
        self._lost = self._masked = True
        # The log is part of the database, and its sign stands on the top line.
        self._app.session.log_lost = True
        self._lost_at = _now()
        self._mask_screens(hidden=True)
        self._retry = self._app.set_interval(_RETRY, self.pulse)
        self._say(self.why_masked)

    def _find_again(self) -> None:
        self._lost = self._masked = False
        self._retry.stop()
        if self._app.session is not None:
            self._app.session.log_lost = False
        self._mask_screens(hidden=False)
        screen = self._app.screen
        again = isinstance(screen, DeskScreen) and screen.can_retry
        back = joined(plain(f"✓ Back since {_now()}.", GOOD), plain(" r reads again." if again else "", MUTED))
        self._say(lambda _screen: back)

    def _say(self, notice: Callable[[DeskScreen[object]], Content]) -> None:
        """Say something on the screen on top that has a line for it: a dialog has none."""
        framed = next((each for each in reversed(self._screens()) if not isinstance(each, DeskDialog)), None)
        if framed is not None:
            framed.say(notice(framed))
            framed.refresh_top()

    def _mask_screens(self, *, hidden: bool) -> None:
        if hidden and self._app.session is not None:
            self._app.session.trail.forget()
        for screen in self._screens():
            screen.mask(hidden)
        if hidden:
            self._app.take_back()
            self._app.refresh(layout=True)


def _hides(screen: Screen[R]) -> bool:
    """Say whether a screen shows less while it is masked: lists of numbers and products hold nothing to hide."""
    more = isinstance(screen, DeskScreen) and type(screen).mask is not DeskScreen.mask
    return more or bool(screen.query(".personal")) or any(field.value for field in screen.query(Field))


def _now() -> str:
    return f"{dt.datetime.now().astimezone():%H:%M}"


def _rules() -> SessionRules:
    from staffdesk.parameters.shapes import sessions  # noqa: PLC0415 - read behind the first frame

    return sessions()
