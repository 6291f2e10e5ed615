"""The password once more, as the last step of what is confirmed by it; a wrong one does nothing and is asked anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import ClassVar, Generic, TypeVar

from textual import on
from textual.containers import Grid
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from staffdesk.domain.errors import Conflict, StaffdeskError
from staffdesk.tui.base import DeskDialog
from staffdesk.tui.command import Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.plain import MUTED, WARN, joined, plain
from staffdesk.tui.widgets.secret_input import SecretInput

R = TypeVar("R")


class PasswordAgainDialog(DeskDialog[R | Conflict], Generic[R], inherit_bindings=False):
    """Answers what was done with the password, or that it is closed by now; it stays for another try of a password."""

    BINDINGS = bindings_of(Place.DIALOG)
    EXPLAINED: ClassVar[tuple[Place, str] | None] = (Place.REQUEST, "Confirming by password")
    CSS_PATH = "../styles/dialog.tcss"

    def __init__(self, question: str, job: Callable[[str], R], what: str = "") -> None:
        """Ask ``question``, say ``what`` is done by it, and do ``job`` with the password."""
        super().__init__()
        self._asked_for = question
        self._job = job
        self._what = what

    def body(self) -> Iterable[Widget]:
        """One field."""
        with Grid(id="box", classes="password") as box:
            box.border_title = plain(self._asked_for)
            box.border_subtitle = plain("enter does it · esc leaves it")
            yield Static(plain("Password", MUTED))
            yield SecretInput(id="password")
            yield Static(id="note")

    def on_mount(self) -> None:
        """Wait for the password."""
        self.query_one(SecretInput).focus()
        self.rest()

    def notice(self) -> Content:
        """Say why it is asked for."""
        why = plain("Type your own password again: this is done in your name.", MUTED)
        return joined(plain(self._what, WARN), why, by="\n") if self._what else why

    @on(SecretInput.Entered)
    def go_on(self, event: SecretInput.Entered) -> None:
        """Do what was asked about."""
        if self.waiting:
            return
        if event.field.empty:
            self.say(plain("Type your password first, or leave it by Esc.", WARN))
        else:
            self.ask(partial(self._job, event.field.take()), self._done, "confirming")

    def failed(self, error: StaffdeskError) -> None:
        """Go back where it cannot be done any more; else say what is to be mended here."""
        if isinstance(error, Conflict):
            self.dismiss(error)
        else:
            super().failed(error)

    def _done(self, done: R) -> None:
        self.dismiss(done)
