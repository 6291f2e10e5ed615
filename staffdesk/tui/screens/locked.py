"""The lock: whatever was shown is unmounted; the password opens the desk again."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import ClassVar

from textual import on
from textual.containers import Grid, VerticalGroup
from textual.widget import Widget
from textual.widgets import Static

from staffdesk.tui.base import DeskScreen
from staffdesk.tui.command import Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.plain import MUTED, plain
from staffdesk.tui.widgets.secret_input import SecretInput


class LockedScreen(DeskScreen[None], inherit_bindings=False):
    """Asks for the password of whoever is signed in."""

    PLACE: ClassVar[Place] = Place.LOCKED
    BINDINGS = bindings_of(Place.LOCKED)

    def __init__(self) -> None:
        """Name the place."""
        super().__init__(plain("Locked"))

    def body(self) -> Iterable[Widget]:
        """One field."""
        with VerticalGroup(id="sign-in"):
            with Grid(id="form", classes="one") as form:
                form.border_title = plain("Locked")
                yield Static(plain("Password", MUTED))
                yield SecretInput(id="password")
            yield Static(plain("What was shown here is gone. Ctrl+Q signs out.", MUTED), id="logged")

    def on_mount(self) -> None:
        """Wait for the password."""
        self.query_one(SecretInput).focus()

    @on(SecretInput.Entered)
    def unlock(self, event: SecretInput.Entered) -> None:
        """Ask the service whether this is the password."""
        if event.field.empty:
            return
        job = partial(self.desk.sign_in.unlock, self.session.sid, event.field.take())
        self.ask(job, lambda _done: self.desk_app.unlocked(), "unlocking")

    def action_back(self) -> None:
        """Stay: only the password leads on."""
