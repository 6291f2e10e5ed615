"""Who on file is likely the same person, and what was put together with the record; Enter compares, or takes apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import ClassVar

from textual import on
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget

from staffdesk.domain.records import Hit, Page
from staffdesk.tui.base import DeskDialog
from staffdesk.tui.command import Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.plain import DASH, HIDDEN, MUTED, STRONG, fit, joined, plain
from staffdesk.tui.widgets.rows import Line, Rows


class TwinsDialog(DeskDialog[int], inherit_bindings=False):
    """Answers the number of the record that was chosen."""

    BINDINGS = bindings_of(Place.DIALOG)
    EXPLAINED: ClassVar[tuple[Place, str] | None] = (Place.RECORD, "The same person twice")
    CSS_PATH = "../styles/palette.tcss"

    def __init__(self, page: Page, merged: Sequence[int]) -> None:
        """List who is proposed on ``page``, then the records that were put together with this one."""
        super().__init__()
        self._page = page
        self._merged = merged

    def body(self) -> Iterable[Widget]:
        """One list."""
        proposed = f"{len(self._page.hits)}{'+' if self._page.more else ''} likely"
        with Vertical(id="box") as box:
            box.border_title = plain("The same person?")
            box.border_subtitle = plain(f"{proposed} · enter compares · esc back")
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
        lines = [Line(str(hit.id), partial(_line, hit, hidden)) for hit in self._page.hits]
        lines += [Line(str(number), partial(_merged_line, number)) for number in self._merged]
        self.query_one(Rows).put(lines, keep=True)


def _line(hit: Hit, hidden: bool, width: int) -> Content:
    who = HIDDEN if hidden else " · ".join(part for part in (hit.title, hit.company) if part) or DASH
    detail = f" · {hit.detail}" if hit.detail and not hidden else ""
    head = joined(plain(f"{hit.id}  "), plain(who, STRONG))
    return joined(fit(head, width), fit(plain(f"  same {hit.found_by}{detail}", MUTED), width), by="\n")


def _merged_line(number: int, width: int) -> Content:
    said = joined(plain(f"{number}  "), plain("was put together with this record; enter takes it apart", MUTED))
    return fit(said, width)
