"""How an access is signed off: one of three words, and a note where one is demanded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import ClassVar, Final

from textual import on
from textual.containers import Grid
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from staffdesk.domain import written_reasons
from staffdesk.domain.errors import Conflict, MustNotBeHeld, StaffdeskError
from staffdesk.domain.reviews import DECISIONS, ItemState
from staffdesk.domain.reviews import rules as review_rules
from staffdesk.services.review_items import ItemDetail
from staffdesk.tui.base import DeskDialog
from staffdesk.tui.command import Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.plain import MUTED, WARN, plain
from staffdesk.tui.widgets.choice import Choice
from staffdesk.tui.widgets.field import Field, at_enter

_WORDS: Final = {each.words: each for each in DECISIONS}


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided, and the number of the breach that this opened, where it did."""

    state: ItemState
    breach: str


class DecideDialog(DeskDialog[Decided], inherit_bindings=False):
    """Answers what was decided; a decision never changes."""

    BINDINGS = bindings_of(Place.DIALOG)
    EXPLAINED: ClassVar[tuple[Place, str] | None] = (Place.REVIEW, "Deciding")
    CSS_PATH = "../styles/dialog.tcss"

    def __init__(self, detail: ItemDetail) -> None:
        """Ask how ``detail`` is decided."""
        super().__init__()
        self._detail = detail
        self.is_old = False
        """Whether the item has moved since it was read."""

    def body(self) -> Iterable[Widget]:
        """Three words and a line."""
        with Grid(id="box", classes="decide") as box:
            box.border_title = plain(f"Item {self._detail.item.id}: is this look justified?")
            box.border_subtitle = plain("←→ chooses · enter signs it off · esc leaves it")
            yield Static(plain("It is", MUTED))
            yield Choice([*_WORDS], wide=True, id="decision")
            yield Static(plain("Note", MUTED))
            yield Field(
                id="reason", longest=written_reasons.rules().longest, placeholder="why, without a customer's data"
            )
            yield Static(id="note")

    def on_mount(self) -> None:
        """Begin with the word."""
        self.query_one(Choice).focus()
        self.rest()

    def notice(self) -> Content:
        """Say what follows from the chosen word, or why it is closed."""
        if why := self._detail.closed[self._chosen]:
            return plain(f"! Not yet: {why}.", WARN)
        match self._chosen:
            case ItemState.JUSTIFIED:
                return plain("The note may stay empty.", MUTED)
            case ItemState.NOT_JUSTIFIED:
                hours = review_rules().breach.hours
                return plain(f"! Needs a note. Opens a breach: the authority is to be told within {hours} hours.", WARN)
            case _:
                return plain("Needs a note: what is unclear, and what was tried.", MUTED)

    @on(Choice.Changed)
    def tell(self) -> None:
        """Say what follows from another word."""
        self.rest_unless_said()

    @on(Choice.Chosen)
    def go_on(self) -> None:
        """Sign it off where that needs no note, or go to the note."""
        if self._chosen is ItemState.JUSTIFIED or self.query_one(Field).value.strip():
            self._decide(self.query_one(Field).value)
        else:
            self.query_one(Field).focus()

    @on(Field.Submitted)
    def take(self, event: Field.Submitted) -> None:
        """Sign it off as it stood at Enter."""
        self._decide(at_enter(event, self.query_one(Field)))

    def _decide(self, note: str) -> None:
        if self.waiting:
            return
        chosen, item = self._chosen, self._detail.item
        job = partial(self.desk.reviews.decide, self.session.desk_access, item.id, chosen, note, item.answer_entry)
        self.ask(job, lambda breach: self._answer(Decided(chosen, breach)))

    def failed(self, error: StaffdeskError) -> None:
        """Say what is wrong; what must not be held does not stay in the field."""
        super().failed(error)
        self.is_old = isinstance(error, Conflict)
        if isinstance(error, MustNotBeHeld):
            self.query_one(Field).value = ""

    def _answer(self, decided: Decided) -> None:
        self.dismiss(decided)

    @property
    def _chosen(self) -> ItemState:
        return _WORDS[self.query_one(Choice).value]
