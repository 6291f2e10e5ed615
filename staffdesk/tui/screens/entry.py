"""One entry of the log in full, with the openings its reader may read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from staffdesk.tui.base import DeskScreen
from staffdesk.tui.commands import Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.log.entries import detail_lines
from staffdesk.tui.plain import MUTED, plain

if TYPE_CHECKING:
    from staffdesk.services.audit_review import EntryDetail


class EntryScreen(DeskScreen[None], inherit_bindings=False):
    """Every field of the entry's bytes, in words."""

    PLACE: ClassVar[Place] = Place.ENTRY
    BINDINGS = bindings_of(Place.ENTRY)
    CSS_PATH = "../styles/log.tcss"

    def __init__(self, detail: EntryDetail) -> None:
        """Show ``detail``."""
        super().__init__(plain("Log", MUTED), plain(f"entry {detail.row.seq:,}"))
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

    def _draw(self) -> None:
        detail = self.query_one("#detail", Static)
        detail.update(detail_lines(self._detail, max(detail.content_size.width, 20)))
