"""A text to be read over the list of a case's logs: a file of a zip, part by part, or the words to ask with."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Grid
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from staffdesk.tui.base import DeskDialog
from staffdesk.tui.command import Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.plain import MUTED, plain
from staffdesk.tui.widgets.reading import Reading

if TYPE_CHECKING:
    from staffdesk.services.support_logs.service import Text


class Part(Reading):
    """What is read; Enter reads on where there is more, y copies the words to ask with."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "screen.read_on", show=False),
        Binding("y", "screen.copy_words", show=False),
    ]


class LogTextDialog(DeskDialog[None], inherit_bindings=False):
    """Shows a part of a file of a zip; each further part is asked for, and is an entry of its own."""

    BINDINGS = bindings_of(Place.DIALOG)
    EXPLAINED: ClassVar[tuple[Place, str] | None] = (Place.SUPPORT_LOGS, "Reading")
    CSS_PATH = "../styles/dialog.tcss"
    BUSY = "reading"

    def __init__(self, title: str, text: Text, read: Callable[[int], Text] | None = None) -> None:
        """Show the first part; ``read`` reads another one by its number."""
        super().__init__()
        self._title = title
        self._text = text
        self._read = read
        self._part = 1

    def body(self) -> Iterable[Widget]:
        """Put the text into a box of its own."""
        with Grid(id="box", classes="letter read") as box:
            box.border_title = plain(self._title)
            with Part(id="pages"):
                yield Static(id="text", classes="personal")
            yield Static(id="note")

    def on_mount(self) -> None:
        """Begin at the top."""
        self.query_one(Part).focus()
        self.show(self._text)

    def notice(self) -> Content:
        """Say which part it is."""
        if self._part == 1 and not self._text.more:
            return plain(self._text.name, MUTED)
        more = ", and there is more" if self._text.more else ", the last one"
        return plain(f"{self._text.name}: part {self._part}{more}", MUTED)

    def show(self, text: Text) -> None:
        """Show a part from its top."""
        self._text = text
        self.query_one("#text", Static).update(plain(text.text, lines=True))
        self.query_one(Part).scroll_home(animate=False)
        reads = "y copies · " if self._read is None else "enter reads on · " if text.more else ""
        self.query_one("#box", Grid).border_subtitle = plain(f"↑↓ scrolls · {reads}esc back")
        self.rest()

    def action_copy_words(self) -> None:
        """Send the words to ask with to the terminal's clipboard: they tell of nobody, and the asking is an entry."""
        if self._read is None:
            self.desk_app.hand_over(self._text.text)
            self.say(plain("The words were sent to the terminal's clipboard."))

    def action_read_on(self) -> None:
        """Read the next part, where there is one."""
        if self._read is not None and self._text.more and not self.waiting:
            self.ask(partial(self._read, self._part + 1), self._next)

    def _next(self, text: Text) -> None:
        self._part += 1
        self.show(text)
