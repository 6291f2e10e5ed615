"""Why somebody looks, and under which reference: asked once a session, and again after idle time."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import ClassVar

from textual import on
from textual.containers import Grid
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from staffdesk.domain.access import Purpose
from staffdesk.domain.access_table import ReferenceKind
from staffdesk.domain.errors import MustNotBeHeld, StaffdeskError
from staffdesk.domain.matters import Worth
from staffdesk.domain.numbers import parse_number
from staffdesk.tui.base import DeskDialog
from staffdesk.tui.command import Place
from staffdesk.tui.commands import by_id
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.plain import BAD, MUTED, plain
from staffdesk.tui.widgets.choice import Choice
from staffdesk.tui.widgets.field import Field, at_enter

_LONGEST = 80


class PurposeDialog(DeskDialog[bool], inherit_bindings=False):
    """Answers True once the session has a purpose, and a reference where one is needed."""

    PLACE: ClassVar[Place] = Place.PURPOSE
    BINDINGS = bindings_of(Place.PURPOSE)
    EXPLAINED: ClassVar[tuple[Place, str] | None] = (Place.SEARCH, "Why you look")
    CSS_PATH = "../styles/dialog.tcss"

    def __init__(self, *, needs_reference: bool = False) -> None:
        """Insist on a reference where a record is about to be opened."""
        super().__init__()
        self._needs_reference = needs_reference

    def body(self) -> Iterable[Widget]:
        """Yield the purposes of this person's roles and one line for a number."""
        with Grid(id="box", classes="purpose") as box:
            box.border_title = plain("Why do you look?")
            box.border_subtitle = plain("←→ or a letter chooses · enter goes on · esc back")
            yield Static(plain("Purpose", MUTED))
            yield Choice([each.value for each in self.session.purposes()], wide=True, id="purpose")
            yield Static(plain("Reference", MUTED))
            yield Field(
                self.session.reference, placeholder="case, order, licence or request number", id="reference",
                longest=_LONGEST,
            )  # fmt: skip
            yield Static(self.notice(), id="note")

    def notice(self) -> Content:
        """Say where it goes."""
        return plain("This is written to the log before you see anything.", MUTED)

    def on_mount(self) -> None:
        """Begin with what is missing."""
        choice = self.query_one(Choice)
        if self.session.purpose is not None:
            choice.choose(self.session.purpose.value)
        elif self.session.case is not None:
            choice.choose(self.session.case.kind)
        only = len(self.session.purposes()) == 1
        if only or (self.session.purpose is not None and self._needs_reference):
            self.query_one(Field).focus()
        else:
            choice.focus()

    def step_aside(self) -> None:
        """Leave the screen to what is to be the answer."""
        self.query_one("#box").display = False

    @on(Choice.Chosen)
    @on(Field.Submitted)
    def take(self, event: Choice.Chosen | Field.Submitted) -> None:
        """Have the reference looked up before it is taken: what is none goes no further than this field."""
        if self.waiting:
            return
        reference = at_enter(event, self.query_one(Field)).strip()
        if self._needs_reference and not reference:
            starts = " Ctrl+N starts a case for a call that has none." if self.offers(by_id("case.new")) else ""
            self.say(plain(f"A record is opened under a number.{starts}", BAD))
            self.query_one(Field).focus()
            return
        purpose = Purpose(self.query_one(Choice).value)
        job = partial(self.desk.gateway.worth, self.session.desk_access, reference)
        self.ask(job, partial(self._looked_up, purpose), "reading")

    def failed(self, error: StaffdeskError) -> None:
        """Say what is wrong with the reference; what must not be held does not stay in the field either."""
        super().failed(error)
        field = self.query_one(Field)
        if isinstance(error, MustNotBeHeld):
            field.value = ""
        field.focus()

    def _looked_up(self, purpose: Purpose, worth: Worth) -> None:
        """Take a number; one that looks like the desk's own and is none that is open only knowingly."""
        if worth.kind is ReferenceKind.OUTSIDE and parse_number(worth.number) is not None:
            question = f"{worth.number} is no open case or request here. Take it as an outside number?"
            self.confirm(question, "takes it", partial(self._take, purpose, worth))
        else:
            self._take(purpose, worth)

    def _take(self, purpose: Purpose, worth: Worth) -> None:
        self.session.work_for(purpose, worth.number)
        self.dismiss(True)
