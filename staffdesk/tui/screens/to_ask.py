"""What to ask at the next contact whoever stands in an open case of mine: numbers and what is to be done, no names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import ClassVar

from textual import on
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget

from staffdesk.domain.accuracy import ToMend, WorkList, todo
from staffdesk.tui.base import DeskDialog
from staffdesk.tui.command import Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.phrases import count
from staffdesk.tui.plain import MUTED, STRONG, fit, joined, plain
from staffdesk.tui.widgets.rows import Line, Rows

_PERSON = "person"


class ToAskDialog(DeskDialog[int], inherit_bindings=False):
    """Answers the number of the customer whose case is gone on with."""

    BINDINGS = bindings_of(Place.DIALOG)
    EXPLAINED: ClassVar[tuple[Place, str] | None] = (Place.CASES, "To ask")
    CSS_PATH = "../styles/palette.tcss"

    def __init__(self, lists: Sequence[WorkList]) -> None:
        """Show the rows of each list, one below the other."""
        super().__init__()
        self._lines = [
            Line(f"{each.table}:{each.number}:{found.mend}", partial(_line, each, todo(found.mend, each)))
            for found in lists
            for each in found.rows
        ]

    def body(self) -> Iterable[Widget]:
        """One list."""
        with Vertical(id="box") as box:
            box.border_title = plain("To ask at the next contact")
            box.border_subtitle = plain(self._keys())
            yield Rows(id="commands")

    def _keys(self) -> str:
        return f"{count(len(self._lines), 'line')} · enter goes on with the case · esc back"

    def put_notice(self, notice: Content) -> None:
        """Say it on the frame, in the place of the keys."""
        for box in self.query("#box").results(Vertical):
            box.border_subtitle = plain(notice.plain or self._keys())

    def on_mount(self) -> None:
        """Show them."""
        rows = self.query_one(Rows)
        rows.put(self._lines)
        rows.focus()

    @on(Rows.Selected)
    def take(self, event: Rows.Selected) -> None:
        """Answer this customer; a company has no case of its own."""
        table, number, _ = event.key.split(":")
        if table == _PERSON:
            self.dismiss(int(number))


def _line(row: ToMend, what: str, width: int) -> Content:
    whose = "customer" if row.table == _PERSON else "company"
    head = joined(plain(f"{whose} {row.number}", STRONG), plain(f"  {what}", MUTED))
    return fit(head, width)
