"""The list of a few people in a dialog, masked as every list: Enter answers the number of the one under the cursor."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import on
from textual.containers import Vertical
from textual.widget import Widget

from staffdesk.domain.records import Page
from staffdesk.tui.base import DeskDialog
from staffdesk.tui.command import Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.plain import plain
from staffdesk.tui.widgets.rows import Line, Rows


class PeopleDialog(DeskDialog[int], inherit_bindings=False):
    """Answers the number of the record that was chosen; who lists them says ``TITLE``, ``SAYS`` and the lines.

    ``SAYS`` is what stands behind how many there are.
    """

    BINDINGS = bindings_of(Place.DIALOG)
    CSS_PATH = "../styles/palette.tcss"
    TITLE: ClassVar[str] = ""
    SAYS: ClassVar[str] = ""

    def __init__(self, page: Page) -> None:
        """List those on a page."""
        super().__init__()
        self.page = page

    def lines(self, *, hidden: bool) -> Sequence[Line]:
        """Return the lines, each under a record's number; ``hidden`` while nobody is there."""
        raise NotImplementedError

    def counted(self) -> str:
        """Return how many are listed, and what Enter does."""
        return f"{len(self.page.hits)}{'+' if self.page.more else ''} {self.SAYS}"

    def body(self) -> Iterable[Widget]:
        """One list."""
        with Vertical(id="box") as box:
            box.border_title = plain(self.TITLE)
            box.border_subtitle = plain(f"{self.counted()} · esc back")
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
        """Answer this one."""
        self.dismiss(int(event.key))

    def _show(self, *, hidden: bool) -> None:
        self.query_one(Rows).put(self.lines(hidden=hidden), keep=True)
