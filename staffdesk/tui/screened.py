"""Forms that say while somebody types what may not be held: under the field, with the reason; nothing he wrote is lost.

The service that Enter asks screens again, and decides. Here the text is looked through in a thread once the keys rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeVar

from textual import on, work
from textual.containers import VerticalGroup
from textual.timer import Timer
from textual.widgets import Static

from staffdesk.domain.errors import MustNotBeHeld, StaffdeskError
from staffdesk.domain.screening import FieldKind, screen
from staffdesk.tui.base import DeskDialog
from staffdesk.tui.messages import Screened
from staffdesk.tui.phrases import failure
from staffdesk.tui.plain import BAD, plain
from staffdesk.tui.widgets.field import Field
from staffdesk.tui.widgets.paragraph import Paragraph

R = TypeVar("R")

REST_SECONDS: Final = 0.25
"""How long the keys rest before what was typed is looked through."""

_WHY_ABOVE: Final = "✗ Nothing is saved. The reason stands above, under its field."


class ScreenedDialog(DeskDialog[R], inherit_bindings=False):
    """A form of which some fields are screened while one types; under each of them stands :meth:`reason_line`."""

    def __init__(self) -> None:
        """Nothing is typed yet."""
        super().__init__()
        self._resting: Timer | None = None
        self._screened: dict[str, str] = {}
        self._told: dict[str, str] = {}
        self._refused = ""

    def screened(self) -> Mapping[str, FieldKind]:
        """Return what each field is for that is screened, by its id."""
        return {}

    def with_reason(self, field: Field | Paragraph) -> VerticalGroup:
        """Return a field with its line under it.

        One cell of a form: a row of it is laid out by what stands in single columns.
        """
        return VerticalGroup(field, self.reason_line(field.id or ""), classes="reasoned")

    def reason_line(self, field: str) -> Static:
        """Return the line under a field, which is there where something was found."""
        return Static(id=f"{field}-wrong", classes="wrong")

    @on(Field.Changed)
    @on(Paragraph.Changed)
    def look_through(self, event: Field.Changed | Paragraph.Changed) -> None:
        """Look the text through once no further key comes."""
        if event.control.id not in self.screened():
            return
        self._refused = ""
        if self._resting is not None:
            self._resting.stop()
        self._resting = self.set_timer(REST_SECONDS, self._look)

    @on(Screened)
    def show_reason(self, message: Screened) -> None:
        """Say what was found under its field, unless that was typed over since."""
        message.stop()
        if self._text(message.field) != message.text:
            return
        self._screened[message.field] = message.text
        self._told[message.field] = "" if message.found is None else message.found.sentence
        for line in self.query(f"#{message.field}-wrong").results(Static):
            found = message.found
            line.display = found is not None
            if found is not None:
                line.update(failure(found.sentence, found.next))
                line.call_after_refresh(line.scroll_visible, animate=False)
        self._say_once()

    def failed(self, error: StaffdeskError) -> None:
        """Say why it was refused; where the reason stands under its field, that alone."""
        super().failed(error)
        self._refused = error.sentence if isinstance(error, MustNotBeHeld) else ""
        self._say_once()

    def _say_once(self) -> None:
        if self._refused and self._refused in self._told.values():
            self._refused = ""
            self.say(plain(_WHY_ABOVE, BAD))

    def _look(self) -> None:
        for field, kind in self.screened().items():
            text = self._text(field)
            if text != self._screened.get(field, ""):
                self._screen(field, text, kind)

    @work(thread=True, exit_on_error=False, group="screening")
    def _screen(self, field: str, text: str, kind: FieldKind) -> None:
        self.post_message(Screened(field, text, screen(text, kind)))

    def _text(self, field: str) -> str:
        for box in self.query(f"#{field}"):
            if isinstance(box, Field):
                return box.value
            if isinstance(box, Paragraph):
                return box.text
        return ""
