"""The desk behind the terminal, and every way out of it: by key, by signal, by a terminal that is gone."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.text import Text
from textual import work
from textual.worker import Worker, WorkerState

from staffdesk.domain.errors import StaffdeskError
from staffdesk.tui.base import DeskScreen
from staffdesk.tui.calls import CallsApp
from staffdesk.tui.launcher import is_orphaned
from staffdesk.tui.widgets.too_small import too_small

if TYPE_CHECKING:
    from staffdesk.services.desk import Desk

_WRITER: Final = "textual-output"
_WIPE: Final = "\x1b[2J"
UNSAID: Final = 1
"""The exit code where the terminal did not take the last words."""
WARM_AFTER: Final = 1.5
"""Seconds from the open desk, and from the sign-in: whoever is quicker than that waits for nothing he does not need."""
_SIGNALS: Final = {
    signal.SIGHUP: "terminal gone",
    signal.SIGTERM: "stopped from outside",
    signal.SIGQUIT: "stopped from outside",
}


class LeavingApp(CallsApp, inherit_bindings=False):
    """Opens the desk in a thread and lets go of it with an entry, however it ends."""

    def __init__(self, open_desk: Callable[[], Desk], *, incidents: Path | None = None) -> None:
        """Open the desk with ``open_desk`` once :meth:`begin` is called."""
        super().__init__(incidents=incidents)
        self.desk_coming: Future[Desk] = Future()
        self._open_desk = open_desk
        self._going = threading.Lock()
        self._ending: str | None = None
        self._warmed = False
        self.leaving = False

    def begin(self) -> None:
        """Open the desk as soon as the first frame stands, and answer signals."""
        self.watch_loop()
        if not self.is_headless:
            loop = asyncio.get_running_loop()
            for number, reason in _SIGNALS.items():
                loop.add_signal_handler(number, partial(self._on_signal, reason))
            loop.add_signal_handler(signal.SIGTSTP, self._pause)
            loop.add_signal_handler(signal.SIGCONT, self._go_on)
        self.call_after_refresh(threading.Thread(target=self._open, name="open-desk", daemon=True).start)

    def action_leave(self) -> None:
        """Sign out and leave; with a case in hand once that is confirmed, where the question can be read."""
        screen, session = self.screen, self.session
        in_hand = None if session is None or self.locked else session.case
        if in_hand is None or not isinstance(screen, DeskScreen) or too_small(self.size):
            self.leave("signed out")
        else:
            question = f"{in_hand.number} is in hand. Sign out and leave?"
            screen.confirm(question, "leaves", partial(self.leave, "signed out"))

    def leave(self, reason: str) -> None:
        """Sign out, so that the log has the end of the session and its reason, and stop; asked again, it goes on."""
        if self.leaving:
            return
        self.leaving = True
        sid = self._take_session()
        if sid is None:
            self.exit()
        else:
            self._sign_out_and_exit(sid, reason)

    def close_desk(self) -> None:
        """End a session that is still open, after a crash say, and let go of the database; when the screen is gone."""
        sid = self._take_session()
        if not self.desk_coming.done() or self.desk_coming.exception() is not None:
            return
        try:
            if sid is not None:
                self.desk.sign_in.sign_out(sid, "terminal stopped")
        except StaffdeskError as error:
            # The session ends by itself when its time is over.
            self._say_last(error.sentence)
        finally:
            self.desk.close()
        if self.desk.sealer.trouble:
            self._say_last(self.desk.sealer.trouble)

    def _say_last(self, sentence: str) -> None:
        """Say something where no frame is drawn any more; where nothing can be said the exit code alone tells of it."""
        try:
            os.write(sys.__stderr__.fileno() if sys.__stderr__ is not None else -1, f"{sentence}\n".encode())
        except OSError:
            self._return_code = UNSAID

    def report_thread(self, args: threading.ExceptHookArgs) -> None:
        """Leave where the terminal is gone, so that no frame can be written; stop for any other error of a thread."""
        if isinstance(args.exc_value, OSError) and args.thread is not None and args.thread.name == _WRITER:
            self._leave_without_terminal()
        else:
            super().report_thread(args)

    def tell(self, job: Callable[[], None]) -> None:
        """Call a service in a thread, where nobody waits for an answer."""
        self._tell(job)

    def trouble(self, error: StaffdeskError) -> None:
        """Say what a call nobody waits for could not do."""
        raise NotImplementedError

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Stop for an error nobody foresaw."""
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            raise event.worker.error

    def _open(self) -> None:
        try:
            desk = self._open_desk()
        except Exception as error:  # noqa: BLE001 - the sign-in raises it again where a screen can tell
            self.desk_coming.set_exception(error)
        else:
            self.desk_coming.set_result(desk)
            self.call_later(self.set_timer, WARM_AFTER, self.warm)

    def warm(self) -> None:
        """Read in what a call goes on to, once, in a thread: while a password is typed, or behind the first screen.

        Who leaves at once waits for it: a thread that computes while the interpreter ends brings it down.
        """
        if not self._warmed:
            self._warmed = True
            threading.Thread(target=self._warm, name="warm").start()

    def _warm(self) -> None:
        # A rule that cannot be read is told to whoever asks for what needs it: nothing is shown or taken in without it.
        with suppress(StaffdeskError):
            self.desk.warm()
            import staffdesk.tui.screens.record  # noqa: F401, PLC0415 - see warm

    def _on_signal(self, reason: str) -> None:
        if os.isatty(sys.__stderr__.fileno()) if sys.__stderr__ is not None else False:
            self.leave(reason)
        else:
            threading.Thread(target=self._leave_without_terminal, daemon=True).start()

    def _pause(self) -> None:
        """Give the terminal to whoever asked for it, and take it back when this process goes on."""
        if self._driver is None or self.leaving:
            return
        self.take_back()
        self._driver.suspend_application_mode()
        os.kill(os.getpid(), signal.SIGSTOP)
        self._driver.resume_application_mode()
        self._go_on()

    def _go_on(self) -> None:
        """Wipe what stood there while the process was stopped; what may still be seen is painted anew."""
        if self._driver is None or self.leaving:
            return
        self.take_back()
        self._driver.write(_WIPE)
        if is_orphaned():
            self.leave(_SIGNALS[signal.SIGHUP])
        elif self.may_paint():
            self.refresh(layout=True)

    def _take_session(self) -> str | None:
        """Return the session that ends here, also where its end has begun and is not known to be in the log.

        To end it twice makes one entry: a second signal must not let the process go before the first is answered.
        """
        session, self.session = self.session, None
        if session is not None:
            self._ending = session.sid
        return self._ending

    def _leave_without_terminal(self) -> None:
        """End session and process at once: the framework would wait for a terminal that takes no more frames."""
        if not self._going.acquire(blocking=False):
            return
        code = 1
        try:
            sid = self._take_session()
            if sid is not None:
                self.desk.sign_in.sign_out(sid, "terminal gone")
                self._ending = None
            self.close_desk()
            code = 0
        finally:
            # Whatever went wrong, words for a terminal that is gone among it: nobody would see a process that stays.
            os._exit(code)

    def _exit_unless_stopped(self, message: Text | None) -> None:
        """Exit, but leave its code and its sentence to a crash that came first."""
        if not self.stopped:
            self.exit(message=message, return_code=0 if message is None else 1)

    @work(thread=True, exit_on_error=False, group="leaving")
    def _sign_out_and_exit(self, sid: str, reason: str) -> None:
        message = None
        try:
            self.desk.sign_in.sign_out(sid, reason)
        except StaffdeskError as error:
            message = Text(f"{error.sentence} The session ends by itself.")
        self._ending = None
        self.call_from_thread(self._exit_unless_stopped, message)

    @work(thread=True, exit_on_error=False, group="telling")
    def _tell(self, job: Callable[[], None]) -> None:
        try:
            job()
        except StaffdeskError as error:
            self.call_from_thread(self.trouble, error)
