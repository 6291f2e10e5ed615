"""A letter as it will go out: read over, then sent by Enter; the text is what was written and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Grid
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from staffdesk.domain.request_words import LANGUAGES, LETTERS, WENT
from staffdesk.domain.request_work import Way
from staffdesk.services.request_letters import Drafted
from staffdesk.tui.base import DeskDialog
from staffdesk.tui.command import Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.plain import MUTED, WARN, plain
from staffdesk.tui.widgets.reading import Reading

_BEFORE_RUN_DUE = "Send it today: it names whom we erased, and the next run-due destroys it."


class Pages(Reading):
    """The letter; Enter lets it go."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "screen.let_go", show=False)]


class LetterDialog(DeskDialog[bool], inherit_bindings=False):
    """Answers True where the letter is to go."""

    BINDINGS = bindings_of(Place.DIALOG)
    EXPLAINED: ClassVar[tuple[Place, str] | None] = (Place.REQUEST, "Letters")
    CSS_PATH = "../styles/dialog.tcss"

    def __init__(self, drafted: Drafted, way: Way, *, package: bool = False) -> None:
        """Show a letter and by which ``way`` it goes, with its ``package`` where there is one."""
        super().__init__()
        self._drafted = drafted
        self._way = way
        self._package = package

    def body(self) -> Iterable[Widget]:
        """Put the text into a box of its own."""
        language = LANGUAGES.get(self._drafted.language.value, self._drafted.language.value)
        with Grid(id="box", classes="letter") as box:
            box.border_title = plain(f"Letter of {self._drafted.number}: {LETTERS[self._drafted.kind]} · {language}")
            goes = "sends it" if self._way is Way.MAIL else "saves it"
            box.border_subtitle = plain(f"↑↓ reads on · enter {goes} · esc leaves it")
            with Pages(id="pages"):
                yield Static(plain(self._drafted.written.text, lines=True), classes="personal")
            yield Static(id="note")

    def on_mount(self) -> None:
        """Begin at the top."""
        self.query_one(Pages).focus()
        self.rest()

    def notice(self) -> Content:
        """Say where it goes and how."""
        # A recipient may have neither mailbox nor address on file: the notice itself names him.
        to = f" to {self._drafted.replies_to}" if self._drafted.replies_to else ""
        how = f"goes by mail{to}" if self._way is Way.MAIL else f"is {WENT[Way.HAND]}{to}"
        with_it = ", with its sealed package" if self._package else ""
        if self._way is Way.HAND and not self._drafted.kept:
            return plain(f"It {how}. {_BEFORE_RUN_DUE}", WARN)
        return plain(f"It {how}{with_it}.", MUTED)

    def action_let_go(self) -> None:
        """Let it go; an action of its own name, since that of a command is closed to whoever may not give it."""
        self.dismiss(True)
