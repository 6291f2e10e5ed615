"""Asking a customer for logs, and taking in the zip he sent: two forms over the list of a case's logs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.containers import Grid
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from staffdesk.domain.screening import FieldKind
from staffdesk.domain.support_log_rules import rules
from staffdesk.domain.support_logs import Curated
from staffdesk.services.support_logs.taking import Taken
from staffdesk.tui.base import DeskDialog
from staffdesk.tui.command import Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.log.bar import Progress
from staffdesk.tui.messages import Progressed
from staffdesk.tui.plain import BAD, MUTED, plain
from staffdesk.tui.screened import ScreenedDialog
from staffdesk.tui.typed_path import path_of
from staffdesk.tui.widgets.choice import Choice
from staffdesk.tui.widgets.field import Field

if TYPE_CHECKING:
    from staffdesk.domain.access import Access
    from staffdesk.services.support_logs.service import Asked

_LONGEST_WHY, _LONGEST_PRODUCT, _LONGEST_PATH = 200, 60, 1_000
_HIS: Final = "his own"
"""The language on file, which nobody sees before the entry that says that he was asked."""
_CURATED: Final = {
    "not known": Curated.UNKNOWN, "yes, it replaces what came before": Curated.YES, "no, all of it": Curated.NO,
}  # fmt: skip


class AskLogsDialog(ScreenedDialog[str], inherit_bindings=False):
    """Answers with the words to ask the customer in, once the case says that logs were asked for."""

    BINDINGS = bindings_of(Place.DIALOG)
    EXPLAINED: ClassVar[tuple[Place, str] | None] = (Place.SUPPORT_LOGS, "Asking")
    CSS_PATH = "../styles/dialog.tcss"

    def __init__(self, access: Access, number: str) -> None:
        """Ask in the case with this number."""
        super().__init__()
        self._access = access
        self._number = number

    def body(self) -> Iterable[Widget]:
        """Why, whose logs, and the language the customer is asked in."""
        with Grid(id="box", classes="logs") as box:
            box.border_title = plain(f"Ask for logs in {self._number}")
            box.border_subtitle = plain("tab next · enter notes it · esc leaves it")
            yield Static(plain("Why", MUTED))
            yield self.with_reason(
                Field(id="why", longest=_LONGEST_WHY, placeholder="what they are needed for, in one line")
            )
            yield Static(plain("Logs of", MUTED))
            yield Field(id="product", longest=_LONGEST_PRODUCT, placeholder="empty: our program")
            yield Static(plain("Language", MUTED))
            yield Choice((_HIS, *sorted(rules().asking)), wide=True, id="language")
            yield Static(self.notice(), id="note")

    def screened(self) -> Mapping[str, FieldKind]:
        """Screen why as written about somebody: the customer may read it."""
        return {"why": FieldKind.NOTE}

    def notice(self) -> Content:
        """Say what is not asked for."""
        return plain("No file is demanded: whatever he sends is enough. The customer may read why.", MUTED)

    def on_mount(self) -> None:
        """Begin with why."""
        self.query_one("#why", Field).focus()

    @on(Field.Submitted)
    @on(Choice.Chosen)
    def note(self) -> None:
        """Note it, once."""
        if self.waiting:
            return
        why = self.query_one("#why", Field).value.strip()
        if not why:
            self.say(plain("Say in one line what they are needed for.", BAD))
            self.query_one("#why", Field).focus()
            return
        self.ask(partial(self.desk.support_logs.ask, self._access, self._number, why), self._noted)

    def _noted(self, asked: Asked) -> None:
        product = self.query_one("#product", Field).value
        chosen = self.query_one("#language", Choice).value
        language = asked.language if chosen == _HIS else chosen
        self.dismiss(self.desk.support_logs.words_to_ask(language, product, self._number))


class TakeLogsDialog(DeskDialog[Taken], inherit_bindings=False):
    """Answers with what came of a zip, once it is sealed and looked through."""

    BINDINGS = bindings_of(Place.DIALOG)
    EXPLAINED: ClassVar[tuple[Place, str] | None] = (Place.SUPPORT_LOGS, "Taking in")
    CSS_PATH = "../styles/dialog.tcss"
    BUSY = "looking through it"

    def __init__(self, access: Access, number: str) -> None:
        """Take it into the case with this number."""
        super().__init__()
        self._access = access
        self._number = number

    def body(self) -> Iterable[Widget]:
        """Where it lies, and whether the customer took things out."""
        with Grid(id="box", classes="logs take") as box:
            box.border_title = plain(f"Take logs into {self._number}")
            box.border_subtitle = plain("tab next · enter takes it in · esc leaves it")
            yield Static(plain("Zip", MUTED))
            yield Field(id="path", longest=_LONGEST_PATH, placeholder="where it lies, as ~/Downloads/logs.zip")
            yield Static(plain("Made smaller", MUTED))
            yield Choice(tuple(_CURATED), id="curated")
            yield Static(self.notice(), id="note")

    def notice(self) -> Content:
        """Say what happens to it."""
        return plain("It is sealed and looked through where it lies. Remove your own copy afterwards.", MUTED)

    def on_mount(self) -> None:
        """Begin with where it lies."""
        self.query_one("#path", Field).focus()

    @on(Field.Submitted)
    @on(Choice.Chosen)
    def take(self) -> None:
        """Take it in, once."""
        if self.waiting:
            return
        typed = self.query_one("#path", Field).value.strip()
        if not typed:
            self.say(plain("Say where the zip lies.", BAD))
            self.query_one("#path", Field).focus()
            return
        curated = _CURATED[self.query_one("#curated", Choice).value]
        job = partial(
            self.desk.support_logs.intake.add, self._access, self._number, path_of(typed), curated=curated,
            step=Progress(self.post_message),
        )  # fmt: skip
        self.ask(job, self._done)

    def _done(self, taken: Taken) -> None:
        self.dismiss(taken)

    @on(Progressed)
    def tell(self, message: Progressed) -> None:
        """Say how far it is."""
        if self.waiting and message.total:
            self._say_busy(f"{self.BUSY}: {message.done / message.total:.0%}")
