"""What is asked about a look of one's own, and the answer, in a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import ClassVar, Final

from textual import on
from textual.containers import Grid, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from staffdesk.domain import written_reasons
from staffdesk.domain.errors import MustNotBeHeld, StaffdeskError
from staffdesk.services.review_inbox import Question
from staffdesk.tui.base import DeskDialog
from staffdesk.tui.command import Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.plain import DASH, MUTED, NOTHING, STRONG, joined, plain
from staffdesk.tui.review.facts import below
from staffdesk.tui.review.items import access_heads, access_line
from staffdesk.tui.widgets.field import Field, at_enter

_LEAST: Final = 20


class AnswerDialog(DeskDialog[bool], inherit_bindings=False):
    """Answers True once the sentence stands in the log."""

    BINDINGS = bindings_of(Place.DIALOG)
    EXPLAINED: ClassVar[tuple[Place, str] | None] = (Place.REVIEW, "Your inbox")
    CSS_PATH = "../styles/dialog.tcss"

    def __init__(self, question: Question) -> None:
        """Show ``question``."""
        super().__init__()
        self._about = question

    def body(self) -> Iterable[Widget]:
        """Yield what is asked about, and a line."""
        rules = written_reasons.rules()
        with Grid(id="box", classes="answer") as box:
            box.border_title = plain(f"Item {self._about.item.id}: why did you look?")
            box.border_subtitle = plain("enter answers · esc leaves it")
            with VerticalScroll(id="asked", can_focus=False):
                yield Static(id="looks", classes="personal")
            yield Field(
                id="reason", longest=rules.longest, placeholder="in a sentence, without a customer's name or data"
            )
            yield Static(id="note")

    def on_mount(self) -> None:
        """Wait for the answer."""
        self.query_one(Field).focus()
        self.rest()
        self.call_after_refresh(self._draw)

    def on_resize(self) -> None:
        """Lay what is asked about out for the new width."""
        self.call_after_refresh(self._draw)

    def notice(self) -> Content:
        """Say who reads it."""
        return plain("The admin reads it before he decides. Your customer is his number here: name him by that.", MUTED)

    @on(Field.Submitted)
    def answer(self, event: Field.Submitted) -> None:
        """Answer, once."""
        if not self.waiting:
            text = at_enter(event, self.query_one(Field))
            job = partial(self.desk.inbox.answer, self.session.desk_access, self._about.item.id, text)
            self.ask(job, lambda _done: self._close())

    def failed(self, error: StaffdeskError) -> None:
        """Say what is wrong with the answer; what must not be held does not stay in the field."""
        super().failed(error)
        if isinstance(error, MustNotBeHeld):
            self.query_one(Field).value = ""

    def _close(self) -> None:
        self.dismiss(True)

    def _draw(self) -> None:
        for looks in self.query("#looks").results(Static):  # none, once the screen is going
            self._lay_out(looks)

    def _lay_out(self, looks: Static) -> None:
        item = self._about.item
        width = max(looks.content_size.width, _LEAST)
        facts = [
            ("What", plain(item.title, STRONG)),
            ("Seen", plain(item.words)),
            ("Customer", plain(DASH if item.customer is None else str(item.customer))),
        ]
        for each in self._about.also:
            facts += [("And", plain(each.title, STRONG)), ("Seen", plain(each.words))]
        entries = (access_line(row).draw(width) for row in self._about.entries)
        looks.update(joined(below(facts, width), NOTHING, access_heads(width), *entries, by="\n"))
