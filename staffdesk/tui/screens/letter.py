"""A letter as it will go out: read over, then sent by Enter; the text is what was written and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Grid
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from staffdesk.domain.access import Access
from staffdesk.domain.request_words import LANGUAGES, LETTERS, WENT
from staffdesk.domain.request_work import Way
from staffdesk.domain.requests import rules
from staffdesk.services.request_letters import Drafted
from staffdesk.tui.base import DeskDialog
from staffdesk.tui.command import Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.plain import MUTED, WARN, plain
from staffdesk.tui.widgets.reading import Reading

_WHILE_IT_LIES = "Send it within {} days: it names whom we erased, and is destroyed then."


class Pages(Reading):
    """The letter; Enter lets it go, y copies it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "screen.let_go", show=False),
        Binding("y", "screen.copy_letter", show=False),
    ]


class LetterDialog(DeskDialog[bool], inherit_bindings=False):
    """Answers True where the letter is to go."""

    BINDINGS = bindings_of(Place.DIALOG)
    EXPLAINED: ClassVar[tuple[Place, str] | None] = (Place.REQUEST, "Letters")
    CSS_PATH = "../styles/dialog.tcss"

    def __init__(self, drafted: Drafted, way: Way, access: Access, *, package: bool = False) -> None:
        """Show a letter and by which ``way`` it goes, with its ``package``; it is copied under ``access``."""
        super().__init__()
        self._drafted = drafted
        self._way = way
        self._access = access
        self._package = package

    def body(self) -> Iterable[Widget]:
        """Put the text into a box of its own."""
        language = LANGUAGES.get(self._drafted.language.value, self._drafted.language.value)
        with Grid(id="box", classes="letter") as box:
            box.border_title = plain(f"Letter of {self._drafted.number}: {LETTERS[self._drafted.kind]} · {language}")
            goes = "sends it" if self._way is Way.MAIL else "saves it"
            box.border_subtitle = plain(f"↑↓ · enter {goes} · y copies · esc leaves it")
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
            return plain(f"It {how}. {_WHILE_IT_LIES.format(rules().periods.spool_days)}", WARN)
        return plain(f"It {how}{with_it}.", MUTED)

    def action_copy_letter(self) -> None:
        """Send the letter to the terminal's clipboard; that is logged first."""
        job = partial(self.desk.request_pages.copy_drafted, self._access, self._drafted.number)
        self.ask(job, self._hand_over, "copying")

    def _hand_over(self, seq: int) -> None:
        self.session.logged(seq)
        self.desk_app.hand_over(self._drafted.written.text)
        self.say(plain("The letter was sent to the terminal's clipboard."))

    def action_let_go(self) -> None:
        """Let it go; an action of its own name, since that of a command is closed to whoever may not give it."""
        self.dismiss(True)
