"""A mail, saved as a file, attached to a case: where it lies, which way it went, one's own words for its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import ClassVar, Final

from textual import on
from textual.containers import Grid
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from staffdesk.domain.case_mail import LONGEST_TOPIC, AttachedMail
from staffdesk.domain.correspondence import Direction
from staffdesk.tui.base import DeskDialog
from staffdesk.tui.command import Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.plain import BAD, MUTED, plain
from staffdesk.tui.typed_path import path_of
from staffdesk.tui.widgets.choice import Choice
from staffdesk.tui.widgets.field import Field, at_enter

_LONGEST: Final = 500
_WAYS: Final = {"by its addresses": None, "came in": Direction.IN, "went out": Direction.OUT}


class CaseMailDialog(DeskDialog[AttachedMail], inherit_bindings=False):
    """Answers what was attached; the file stays where it is."""

    BINDINGS = bindings_of(Place.DIALOG)
    EXPLAINED: ClassVar[tuple[Place, str] | None] = (Place.CASES, "Mail")
    CSS_PATH = "../styles/dialog.tcss"

    def __init__(self, number: str) -> None:
        """Ask for the mail of the case with this number."""
        super().__init__()
        self._number = number

    def body(self) -> Iterable[Widget]:
        """One file, which way it went, and what is kept in place of its words."""
        with Grid(id="box", classes="mail") as box:
            box.border_title = plain(f"Mail for {self._number}")
            box.border_subtitle = plain("tab next · ←→ chooses · enter attaches · esc back")
            yield Static(plain("File", MUTED))
            yield Field(id="file", longest=_LONGEST, placeholder="the mail, saved as an .eml file")
            yield Static(plain("Which way", MUTED))
            yield Choice(tuple(_WAYS), id="way")
            yield Static(plain("Your words", MUTED))
            yield Field(id="topic", longest=LONGEST_TOPIC, placeholder="in place of what may not be held")
            yield Static(self.notice(), id="note")

    def notice(self) -> Content:
        """Say what is kept of it."""
        return plain("Kept are its sender's own words; what came along is named and not kept.", MUTED)

    def on_mount(self) -> None:
        """Begin with the file."""
        self.query_one("#file", Field).focus()

    @on(Choice.Chosen)
    @on(Field.Submitted)
    def attach(self, event: Choice.Chosen | Field.Submitted) -> None:
        """Attach it, once."""
        if self.waiting:
            return
        file = at_enter(event, self.query_one("#file", Field)).strip()
        topic = at_enter(event, self.query_one("#topic", Field)).strip() or None
        if not file:
            self.say(plain("Say where the mail lies.", BAD))
            self.query_one("#file", Field).focus()
            return
        way = _WAYS[self.query_one("#way", Choice).value]
        access = replace(self.session.desk_access, reference=self._number)
        attach = partial(self.desk.case_mails.attach_file, direction=way, topic=topic)
        self.ask(partial(attach, access, self._number, path_of(file)), self._attached)

    def _attached(self, attached: AttachedMail) -> None:
        self.dismiss(attached)
