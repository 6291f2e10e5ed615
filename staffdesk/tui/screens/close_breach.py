"""What became of a breach, and in a sentence what was done and why (GDPR Art. 33(5))."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import ClassVar, Final

from textual import on
from textual.containers import Grid
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from staffdesk.domain import written_reasons
from staffdesk.domain.errors import MustNotBeHeld, StaffdeskError
from staffdesk.domain.reviews import OUTCOME_WORDS
from staffdesk.tui.base import DeskDialog
from staffdesk.tui.command import Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.plain import MUTED, plain
from staffdesk.tui.widgets.choice import Choice
from staffdesk.tui.widgets.field import Field, at_enter

_NOTHING_YET: Final = "choose what became of it"
_OUTCOMES: Final = {words: outcome for outcome, words in OUTCOME_WORDS.items()}


class CloseBreachDialog(DeskDialog[bool], inherit_bindings=False):
    """Answers True once the breach is closed."""

    BINDINGS = bindings_of(Place.DIALOG)
    EXPLAINED: ClassVar[tuple[Place, str] | None] = (Place.REVIEW, "Not justified")
    CSS_PATH = "../styles/dialog.tcss"

    def __init__(self, number: str) -> None:
        """Ask what became of the breach with this number."""
        super().__init__()
        self._number = number

    def body(self) -> Iterable[Widget]:
        """One choice and a line."""
        with Grid(id="box", classes="close-breach") as box:
            box.border_title = plain(f"What became of {self._number}?")
            box.border_subtitle = plain("enter goes on, in the facts closes it · esc leaves it")
            yield Static(plain("Outcome", MUTED))
            yield Choice([_NOTHING_YET, *_OUTCOMES], id="outcome")
            yield Static(plain("Facts", MUTED))
            yield Field(id="reason", longest=written_reasons.rules().longest, placeholder="what was done, and why")
            yield Static(id="note")

    def on_mount(self) -> None:
        """Begin with the outcome."""
        self.query_one(Choice).focus()
        self.rest()

    def notice(self) -> Content:
        """Say who reads it."""
        return plain("The authority may ask for it: what happened, what followed, what was done.", MUTED)

    @on(Choice.Chosen)
    def go_on(self) -> None:
        """Go to the facts."""
        self.query_one(Field).focus()

    @on(Field.Submitted)
    def close(self, event: Field.Submitted) -> None:
        """Close it, once."""
        if self.waiting:
            return
        outcome = _OUTCOMES.get(self.query_one(Choice).value)
        if outcome is None:
            self.say(plain("Choose what became of it first."))
            self.query_one(Choice).focus()
            return
        facts = at_enter(event, self.query_one(Field))
        job = partial(self.desk.breaches.close, self.session.desk_access, self._number, outcome, facts)
        self.ask(job, lambda _done: self._close())

    def failed(self, error: StaffdeskError) -> None:
        """Say what is wrong; what must not be held does not stay in the field."""
        super().failed(error)
        if isinstance(error, MustNotBeHeld):
            self.query_one(Field).value = ""

    def _close(self) -> None:
        self.dismiss(True)
