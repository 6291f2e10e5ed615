"""The desk behind the terminal, and every way out of it: by key, by signal, by a terminal that is gone."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.text import Text
from textual import work
from textual.worker import Worker, WorkerState

from staffdesk.domain.errors import StaffdeskError
from staffdesk.tui.calls import CallsApp

if TYPE_CHECKING:
    from staffdesk.services.desk import Desk

_WRITER: Final = "textual-output"
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
        self.leaving = False

    @property
    def desk(self) -> Desk:
        """The services; only asked for once somebody has signed in."""
        return self.desk_coming.result(timeout=0)

    def begin(self) -> None:
        """Open the desk as soon as the first frame stands, and answer signals."""
        self.watch_loop()
        if not self.is_headless:
            loop = asyncio.get_running_loop()
            for number, reason in _SIGNALS.items():
                loop.add_signal_handler(number, partial(self._on_signal, reason))
        self.call_after_refresh(threading.Thread(target=self._open, name="open-desk", daemon=True).start)

    def action_leave(self) -> None:
        """Sign out and leave."""
        self.leave("signed out")

    def leave(self, reason: str) -> None:
        """Sign out, so that the log has the end of the session and its reason, and stop."""
        self.leaving = True
        session, self.session = self.session, None
        if session is None:
            self.exit()
        else:
            self._sign_out_and_exit(session.sid, reason)

    def close_desk(self) -> None:
        """End a session that is still open, after a crash say, and let go of the database; when the screen is gone."""
        session, self.session = self.session, None
        if not self.desk_coming.done() or self.desk_coming.exception() is not None:
            return
        try:
            if session is not None:
                self.desk.sign_in.sign_out(session.sid, "terminal stopped")
        except StaffdeskError as error:
            # The session ends by itself when its time is over; the words go where no frame is drawn any more.
            print(error.sentence, file=sys.__stderr__)
        finally:
            self.desk.close()
        if self.desk.sealer.trouble:
            print(self.desk.sealer.trouble, file=sys.__stderr__)

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

    def _on_signal(self, reason: str) -> None:
        if os.isatty(sys.__stderr__.fileno()) if sys.__stderr__ is not None else False:
            self.leave(reason)
        else:
            threading.Thread(target=self._leave_without_terminal, daemon=True).start()

    def _leave_without_terminal(self) -> None:
        """End session and process at once: the framework would wait for a terminal that takes no more frames."""
        if not self._going.acquire(blocking=False):
            return
        try:
            session, self.session = self.session, None
            if session is not None:
                self.desk.sign_in.sign_out(session.sid, "terminal gone")
            self.close_desk()
        except StaffdeskError:
            os._exit(1)
        os._exit(0)

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
        self.call_from_thread(self._exit_unless_stopped, message)

    @work(thread=True, exit_on_error=False, group="telling")
    def _tell(self, job: Callable[[], None]) -> None:
        try:
            job()
        except StaffdeskError as error:
            self.call_from_thread(self.trouble, error)
