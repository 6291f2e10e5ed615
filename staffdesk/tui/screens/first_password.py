"""A first password, shown once on a screen of its own; any key takes it away for good."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import events
from textual.containers import VerticalGroup
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from staffdesk.domain.matters import Account
from staffdesk.tui.base import DeskScreen
from staffdesk.tui.command import Command, Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.plain import MUTED, STRONG, joined, plain


class FirstPasswordScreen(DeskScreen[None], inherit_bindings=False):
    """Nothing of it is kept: not in the log, not on another screen, not in the database but as a hash."""

    PLACE: ClassVar[Place] = Place.READING
    BINDINGS = bindings_of(Place.READING)
    EXPLAINED: ClassVar[tuple[Place, str] | None] = (Place.STAFF, "Adding and changing")
    CSS_PATH = "../styles/staff.tcss"

    def __init__(self, account: Account, password: str) -> None:
        """Show ``password``, the first one of ``account``."""
        super().__init__(plain("Staff", MUTED), plain("first password"))
        self._account = account
        self._password = password

    def body(self) -> Iterable[Widget]:
        """Yield the password and what becomes of it."""
        with VerticalGroup(id="first", classes="box") as box:
            box.border_title = plain(f"First password of {self._account.user_name}")
            yield Static(
                joined(
                    plain(""),
                    plain(f"    {self._password}", STRONG),
                    plain(""),
                    plain("It is shown this once: write it down and hand it over yourself."),
                    plain("At the first sign-in another one is chosen in its place."),
                    plain(f"Until an approver agrees (change {self._account.pending_id}) it opens nothing."),
                    by="\n",
                ),
                classes="personal",
            )

    def notice(self) -> Content:
        """Say how it goes away."""
        return plain("Enter or Esc takes it off the screen for good.", MUTED)

    def shown_commands(self) -> tuple[Command, ...]:
        """Name no key: the notice does."""
        return ()

    def on_key(self, event: events.Key) -> None:
        """Take the password away by a key that is not pressed for anything else."""
        event.stop()
        if event.key == "enter":
            self.action_back()

    def action_back(self) -> None:
        """Take the password away."""
        self._password = ""
        self.dismiss(None)

    def action_next_field(self) -> None:
        """Stay: there is one thing on the screen."""

    def action_previous_field(self) -> None:
        """Stay: there is one thing on the screen."""
