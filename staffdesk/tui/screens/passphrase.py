"""What opens a package, shown once: it is kept nowhere, and goes another way than the package."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Grid
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from staffdesk.tui.base import DeskDialog
from staffdesk.tui.commands import Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.plain import MUTED, plain


class Words(Static, can_focus=True, inherit_bindings=False):
    """The words, until Enter."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "screen.noted", show=False)]


class PassphraseDialog(DeskDialog[bool], inherit_bindings=False):
    """Answers once it was noted."""

    BINDINGS = bindings_of(Place.DIALOG)
    EXPLAINED: ClassVar[tuple[Place, str] | None] = (Place.REQUEST, "Letters")
    CSS_PATH = "../styles/dialog.tcss"

    def __init__(self, number: str, passphrase: str) -> None:
        """Show what opens the package of a request."""
        super().__init__()
        self._number = number
        self._passphrase = passphrase

    def body(self) -> Iterable[Widget]:
        """One line."""
        with Grid(id="box", classes="close") as box:
            box.border_title = plain(f"The package of {self._number} opens with")
            box.border_subtitle = plain("enter once you have noted it")
            yield Static(plain("Passphrase", MUTED))
            yield Words(plain(self._passphrase), classes="personal")
            yield Static(id="note")

    def on_mount(self) -> None:
        """Wait for Enter."""
        self.query_one(Words).focus()
        self.rest()

    def notice(self) -> Content:
        """Say what to do with it."""
        return plain("It is told this once. Read it to the customer by telephone, or send it by post.", MUTED)

    def action_noted(self) -> None:
        """Go on."""
        self.dismiss(True)
