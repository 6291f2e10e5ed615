"""Changing the one-time password, before anything else can be done."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import ClassVar

from textual import on
from textual.containers import Grid, VerticalGroup
from textual.widget import Widget
from textual.widgets import Static

from staffdesk.domain.errors import SignInFailed, StaffdeskError
from staffdesk.tui.base import DeskScreen
from staffdesk.tui.command import Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.phrases import failure
from staffdesk.tui.plain import MUTED, plain
from staffdesk.tui.widgets.secret_input import SecretInput


class NewPasswordScreen(DeskScreen[None], inherit_bindings=False):
    """The one-time password, and the own one twice."""

    PLACE: ClassVar[Place] = Place.PASSWORD
    BINDINGS = bindings_of(Place.PASSWORD)

    def __init__(self) -> None:
        """Name the place."""
        super().__init__(plain("Own password"))

    def body(self) -> Iterable[Widget]:
        """Three fields and the rules."""
        with VerticalGroup(id="sign-in"):
            with Grid(id="form", classes="three") as form:
                form.border_title = plain("Choose your own password")
                for label, name in (("One-time password", "old"), ("Your own", "new"), ("Once more", "again")):
                    yield Static(plain(label, MUTED))
                    yield SecretInput(id=name)
            yield Static(
                plain("At least 15 characters; several words are best. Nobody else will know it."), id="logged"
            )

    def on_mount(self) -> None:
        """Begin with the one-time password."""
        self.query_one("#old", SecretInput).focus()

    @on(SecretInput.Entered)
    def go_on(self, event: SecretInput.Entered) -> None:
        """Go to the next field, or set the password after the last one."""
        if event.field.id != "again":
            self.action_next_field()
            return
        new, again = (self.query_one(f"#{name}", SecretInput).take() for name in ("new", "again"))
        self.query_one("#new", SecretInput).focus()
        if new != again:
            self.say(failure("The two did not match, so nothing was set.", "Type your own twice again."))
            return
        old = self.query_one("#old", SecretInput).held()
        job = partial(self.desk.sign_in.change_password, self.session.sid, old, new)
        self.ask(job, self._begin, "setting the password")

    def failed(self, error: StaffdeskError) -> None:
        """Say what went wrong; the one-time password stays, unless it is what was wrong."""
        super().failed(error)
        if isinstance(error, SignInFailed):
            old = self.query_one("#old", SecretInput)
            old.action_clear()
            old.focus()

    def _begin(self, _done: None) -> None:
        self.session.begun = True
        self.desk_app.go_home()

    def action_back(self) -> None:
        """Stay: the one-time password opens nothing else."""
