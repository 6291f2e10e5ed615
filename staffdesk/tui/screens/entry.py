"""One entry of the log in full, with the openings its reader may read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from staffdesk.domain.errors import BadInput
from staffdesk.tui.base import DeskScreen
from staffdesk.tui.command import Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.log.entries import detail_lines
from staffdesk.tui.log.trail import reference_of, session_of, who_of, whom_of
from staffdesk.tui.phrases import failure
from staffdesk.tui.plain import MUTED, plain

if TYPE_CHECKING:
    from staffdesk.services.audit_review import EntryDetail
    from staffdesk.services.log_rows import EntryRow


class EntryScreen(DeskScreen[str], inherit_bindings=False):
    """Every field of the entry's bytes, in words; answers the filter that one went on with from here."""

    PLACE: ClassVar[Place] = Place.ENTRY
    BINDINGS = bindings_of(Place.ENTRY)
    CSS_PATH = "../styles/log.tcss"

    def __init__(self, detail: EntryDetail, above: str = "Log") -> None:
        """Show ``detail``, which was opened from ``above``."""
        super().__init__(plain(above, MUTED), plain(f"entry {detail.row.seq:,}"))
        self._detail = detail

    def body(self) -> Iterable[Widget]:
        """Yield the fields, scrolled by the cursor keys."""
        with VerticalScroll(id="fields", classes="box") as box:
            box.border_title = plain(f"Entry {self._detail.row.seq:,}")
            yield Static(id="detail", classes="personal")

    def first_notice(self) -> Content:
        """Say that this reading is an entry."""
        return plain("That you read this entry is in the log.", MUTED)

    def on_mount(self) -> None:
        """Lay the fields out once the width is known."""
        self.query_one("#fields", VerticalScroll).focus()
        self.call_after_refresh(self._draw)

    def on_resize(self) -> None:
        """Lay the fields out for the new width."""
        self.call_after_refresh(self._draw)

    def action_whom(self) -> None:
        """Go on with the history of the person it is about."""
        self._lead(whom_of)

    def action_who(self) -> None:
        """Go on with what its employee did."""
        self._lead(who_of)

    def action_session(self) -> None:
        """Go on with its session."""
        self._lead(session_of)

    def action_reference(self) -> None:
        """Go on with all that was done under its reference."""
        self._lead(reference_of)

    def _lead(self, filter_of: Callable[[EntryRow], str]) -> None:
        try:
            self.dismiss(filter_of(self._detail.row))
        except BadInput as error:
            self.say(failure(error.sentence, error.hint))

    def _draw(self) -> None:
        for detail in self.query("#detail").results(Static):  # none, once the screen is going
            detail.update(detail_lines(self._detail, max(detail.content_size.width, 20)))
