"""What opens a package, shown once: it is kept nowhere, and goes another way than the package."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Grid
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from staffdesk.domain.access import Access
from staffdesk.tui.base import DeskDialog
from staffdesk.tui.command import Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.plain import HIDDEN, MUTED, plain


class Words(Static, can_focus=True, inherit_bindings=False):
    """The words; Enter leaves them there, since it may have been pressed for what was there before."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("y", "screen.copy_words", show=False)]


class PassphraseDialog(DeskDialog[None], inherit_bindings=False):
    """Answers nothing; Esc closes it."""

    BINDINGS = bindings_of(Place.DIALOG)
    EXPLAINED: ClassVar[tuple[Place, str] | None] = (Place.REQUEST, "Letters")
    CSS_PATH = "../styles/dialog.tcss"

    def __init__(self, number: str, passphrase: str, access: Access) -> None:
        """Show what opens the package of a request; it is copied under ``access``."""
        super().__init__()
        self._number = number
        self._passphrase = passphrase
        self._access = access

    def body(self) -> Iterable[Widget]:
        """One line."""
        with Grid(id="box", classes="close") as box:
            box.border_title = plain(f"The package of {self._number} opens with")
            box.border_subtitle = plain("y copies it · esc closes, once you have noted it")
            yield Static(plain("Passphrase", MUTED))
            yield Words(plain(self._passphrase))
            yield Static(id="note")

    def on_mount(self) -> None:
        """Wait for Esc."""
        self.query_one(Words).focus()
        self.rest()

    def notice(self) -> Content:
        """Say what to do with it."""
        return plain("It is told this once. Read it to the customer by telephone, or send it by post.", MUTED)

    def mask(self, hidden: bool) -> None:
        """Hide the words while nobody is there, or show them again."""
        super().mask(hidden)
        self.query_one(Words).update(plain(HIDDEN if hidden else self._passphrase))

    def action_copy_words(self) -> None:
        """Send the words to the terminal's clipboard; that is logged first."""
        self.ask(partial(self.desk.request_pages.copy_words, self._access, self._number), self._hand_over, "copying")

    def _hand_over(self, seq: int) -> None:
        self.session.logged(seq)
        self.desk_app.hand_over(self._passphrase)
        self.say(plain("It was sent to the terminal's clipboard."))
