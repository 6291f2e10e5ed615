"""What was said in one contact: a line of what it was about, and as many of what was said as it takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import ClassVar

from textual import on
from textual.containers import Grid
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from staffdesk.domain.screening import FieldKind
from staffdesk.tui.command import Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.plain import BAD, MUTED, plain
from staffdesk.tui.screened import ScreenedDialog
from staffdesk.tui.widgets.choice import Choice
from staffdesk.tui.widgets.field import Field
from staffdesk.tui.widgets.paragraph import Paragraph

_LONGEST_TOPIC = 200
_LONGEST = 20_000
_SAVE = "enter saves it · esc leaves it"


class NoteDialog(ScreenedDialog[bool], inherit_bindings=False):
    """Answers True once the report stands in the case."""

    BINDINGS = bindings_of(Place.DIALOG)
    EXPLAINED: ClassVar[tuple[Place, str] | None] = (Place.CASES, "Note")
    CSS_PATH = "../styles/dialog.tcss"

    def __init__(self, number: str) -> None:
        """Ask what is to be noted in the case with this number."""
        super().__init__()
        self._number = number

    def body(self) -> Iterable[Widget]:
        """Topic, text, and whether to save."""
        with Grid(id="box", classes="note") as box:
            box.border_title = plain(f"Note in {self._number}")
            box.border_subtitle = plain("tab next · in the text enter begins a line · esc back")
            yield Static(plain("Topic", MUTED))
            yield self.with_reason(Field(id="topic", longest=_LONGEST_TOPIC))
            yield Static(plain("Text", MUTED))
            yield self.with_reason(Paragraph(id="text", longest=_LONGEST))
            yield Static(plain("Tab", MUTED))
            yield Choice((_SAVE,), wide=True, id="sure")
            yield Static(self.notice(), id="note")

    def screened(self) -> Mapping[str, FieldKind]:
        """Screen both as written about somebody."""
        return {"topic": FieldKind.NOTE, "text": FieldKind.NOTE}

    def notice(self) -> Content:
        """Say for whom one writes."""
        return plain("The customer may read it: what was asked, what was done.", MUTED)

    def on_mount(self) -> None:
        """Begin with the topic."""
        self.query_one("#topic", Field).focus()

    def mask(self, hidden: bool) -> None:
        """Hide what was written while nobody is there, or show it again."""
        super().mask(hidden)
        self.query_one(Paragraph).masked = hidden

    def action_back(self) -> None:
        """Leave it; what was written during a call is dropped after a question alone."""
        if self.query_one("#topic", Field).value.strip() or self.query_one(Paragraph).text.strip():
            self.confirm("Drop what you wrote here?", "drops it", super().action_back)
        else:
            super().action_back()

    @on(Field.Submitted)
    def go_on(self) -> None:
        """Go to the text."""
        self.action_next_field()

    @on(Choice.Chosen)
    def save(self) -> None:
        """Write the report, once."""
        if self.waiting:
            return
        topic = self.query_one("#topic", Field).value.strip()
        if not topic:
            self.say(plain("Say in one line what it was about.", BAD))
            self.query_one("#topic", Field).focus()
        else:
            access = replace(self.session.access, reference=self._number)
            text = self.query_one(Paragraph).text.strip() or None
            job = partial(self.desk.cases.note, access, self._number, topic=topic, text=text)
            self.ask(job, self._saved)

    def _saved(self, _done: None) -> None:
        self.dismiss(True)
