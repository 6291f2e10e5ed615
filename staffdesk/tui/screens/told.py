"""Who outside the house was told what a request changed, confirmed it, or need not be (GDPR Art. 19)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import ClassVar, Final

from textual import on
from textual.containers import Grid
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from staffdesk.domain.access import Access
from staffdesk.domain.marketing import TaskState
from staffdesk.domain.request_pages import Told
from staffdesk.services.moved import Moved
from staffdesk.tui.base import DeskDialog
from staffdesk.tui.commands import Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.plain import MUTED, plain
from staffdesk.tui.widgets.choice import Choice
from staffdesk.tui.widgets.field import Field

_LONGEST: Final = 300
_WORDS: Final = {
    "was told": TaskState.SENT,
    "has confirmed it": TaskState.CONFIRMED,
    "need not be told": TaskState.EXEMPT,
}


class ToldDialog(DeskDialog[Moved], inherit_bindings=False):
    """Answers where the request stands then."""

    BINDINGS = bindings_of(Place.DIALOG)
    EXPLAINED: ClassVar[tuple[Place, str] | None] = (Place.REQUEST, "Telling recipients")
    CSS_PATH = "../styles/dialog.tcss"
    BUSY = "noting"

    def __init__(self, number: str, recipients: Sequence[Told], access: Access) -> None:
        """Offer the recipients of a request, those first that are not told."""
        super().__init__()
        self._number = number
        self._codes = {each.recipient: each.code for each in sorted(recipients, key=lambda it: it.sent_at or 0)}
        self._access = access

    def body(self) -> Iterable[Widget]:
        """Whom, what, and why not."""
        with Grid(id="box", classes="told") as box:
            box.border_title = plain(f"Recipients of {self._number}")
            box.border_subtitle = plain("tab next · ←→ chooses · enter notes it · esc leaves it")
            yield Static(plain("Recipient", MUTED))
            yield Choice([*self._codes], id="recipient")
            yield Static(plain("It", MUTED))
            yield Choice([*_WORDS], id="state")
            yield Static(plain("Why not", MUTED))
            yield Field(id="reason", longest=_LONGEST, placeholder="only where it need not be told")
            yield Static(id="note")

    def on_mount(self) -> None:
        """Begin with the recipient."""
        self.query_one("#recipient").focus()
        self.rest()

    def notice(self) -> Content:
        """Say what is asked."""
        return plain("The desk goes on once everybody is told or exempt.", MUTED)

    @on(Choice.Chosen)
    @on(Field.Submitted)
    def note(self) -> None:
        """Note it."""
        if self.waiting:
            return
        code = self._codes[self.query_one("#recipient", Choice).value]
        state = _WORDS[self.query_one("#state", Choice).value]
        reason = self.query_one("#reason", Field).value.strip()
        self.ask(partial(self.desk.workflow.told, self._access, self._number, code, state, reason), self._noted)

    def _noted(self, moved: Moved) -> None:
        self.dismiss(moved)
