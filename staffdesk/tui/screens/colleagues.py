"""The others of an organisation, masked as every list; Enter opens one under the same number."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import ClassVar

from textual import on
from textual.containers import Vertical
from textual.widget import Widget

from staffdesk.domain.records import Page
from staffdesk.tui.base import DeskDialog
from staffdesk.tui.command import Place
from staffdesk.tui.hit_lines import hit_line
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.plain import plain
from staffdesk.tui.widgets.rows import Line, Rows


class ColleaguesDialog(DeskDialog[int], inherit_bindings=False):
    """Answers the number of the customer that was chosen."""

    BINDINGS = bindings_of(Place.DIALOG)
    EXPLAINED: ClassVar[tuple[Place, str] | None] = (Place.RECORD, "Colleagues")
    CSS_PATH = "../styles/palette.tcss"

    def __init__(self, page: Page) -> None:
        """List a page."""
        super().__init__()
        self._page = page

    def body(self) -> Iterable[Widget]:
        """One list."""
        people = f"{len(self._page.hits)}{'+' if self._page.more else ''} on file"
        with Vertical(id="box") as box:
            box.border_title = plain("Colleagues")
            box.border_subtitle = plain(f"{people} · enter opens · esc back")
            yield Rows(id="commands")

    def on_mount(self) -> None:
        """Show them."""
        self._show(hidden=False)
        self.query_one(Rows).focus()

    def mask(self, hidden: bool) -> None:
        """Hide the names while nobody is there, or show them again."""
        super().mask(hidden)
        self._show(hidden=hidden)

    @on(Rows.Selected)
    def take(self, event: Rows.Selected) -> None:
        """Go to this one."""
        self.dismiss(int(event.key))

    def _show(self, *, hidden: bool) -> None:
        lines = [Line(str(hit.id), partial(hit_line, hit, hidden)) for hit in self._page.hits]
        self.query_one(Rows).put(lines, keep=True)
