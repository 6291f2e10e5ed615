"""Two records beside each other: the same person, whose records are put together, or two people."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import ClassVar, Final

from textual import on
from textual.containers import Grid
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from staffdesk.domain.access import Access
from staffdesk.domain.merges import Beside, Merged, hanging_on, in_words, side_by_side
from staffdesk.domain.records import Record
from staffdesk.tui.base import DeskDialog
from staffdesk.tui.command import Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.plain import DASH, HIDDEN, MUTED, column, fit, joined, plain
from staffdesk.tui.widgets.choice import Choice
from staffdesk.tui.widgets.rows import Line, Rows, words

_LEAVE, _MERGE, _TWO = "leave it", "merge: the same person", "two people"
_LABEL: Final = 16
_ALIKE: Final = 2


class SideBySideDialog(DeskDialog[str], inherit_bindings=False):
    """Answers what was done, in a sentence."""

    BINDINGS = bindings_of(Place.DIALOG)
    EXPLAINED: ClassVar[tuple[Place, str] | None] = (Place.RECORD, "The same person twice")
    CSS_PATH = "../styles/dialog.tcss"
    BUSY = "writing"

    def __init__(self, one: Record, other: Record, access: Access) -> None:
        """Compare ``one``, which stays, with ``other``; both were opened under ``access``."""
        super().__init__()
        self._one = one.customer or one.id
        self._other = other.customer or other.id
        self._lines = list(side_by_side(one, other))
        self._follows = hanging_on(other)
        self._access = access
        self._masked = False

    def body(self) -> Iterable[Widget]:
        """Yield the two, and what is decided of them."""
        with Grid(id="box", classes="others") as box:
            box.border_title = plain("The same person?")
            box.border_subtitle = plain("tab reads on · ←→ chooses · enter does it · esc back")
            yield Rows(id="places")
            yield Choice([_LEAVE, _MERGE, _TWO], wide=True, id="then")
            yield Static(id="note")

    def on_mount(self) -> None:
        """Begin with what is decided: what stands above is read at a glance."""
        self._show()
        self.query_one(Choice).focus()
        self.rest()

    def notice(self) -> Content:
        """Say what putting them together does."""
        does = f"Merged, {self._other} opens as {self._one}; every value stays, with its source. It can be undone."
        return plain(does, MUTED)

    def mask(self, hidden: bool) -> None:
        """Hide the values while nobody is there, or show them again."""
        super().mask(hidden)
        self._masked = hidden
        self._show()

    @on(Choice.Chosen)
    def decide(self) -> None:
        """Ask once more before anything is written, and say what it does."""
        if self.waiting:
            return
        match self.query_one(Choice).value:
            case value if value == _MERGE:
                follows = in_words(self._follows)
                self.confirm(f"Merge {self._other} into {self._one}? It brings {follows}.", "merges", self._merge)
            case value if value == _TWO:
                self.confirm("Two people? Neither is proposed again for the other.", "notes it", self._tell_apart)
            case _:
                self.dismiss(None)

    def _merge(self) -> None:
        self.ask(partial(self.desk.merging.merge, self._access, self._one, self._other), self._merged)

    def _tell_apart(self) -> None:
        self.ask(partial(self.desk.merging.tell_apart, self._access, self._one, self._other), self._told_apart)

    def _merged(self, merged: Merged) -> None:
        mail = " Mail is stopped for both: one objected." if merged.mail_stopped else ""
        self.dismiss(f"{merged.other} is put together with {merged.person}; it brought {in_words(merged.moved)}.{mail}")

    def _told_apart(self, _done: None) -> None:
        self.dismiss(f"{self._one} and {self._other} are two people.")

    def _show(self) -> None:
        head = Beside("", str(self._one), str(self._other), alike=False)
        lines = [Line("head", partial(_drawn, head, False))]
        lines += [Line(f"line-{at}", partial(_drawn, each, self._masked)) for at, each in enumerate(self._lines)]
        self.query_one(Rows).put([*lines, words(plain("= the same in both, as far as shown", MUTED))], keep=True)


def _drawn(line: Beside, hidden: bool, width: int) -> Content:
    half = max((width - _LABEL - _ALIKE) // 2, 1)
    sides = [plain(HIDDEN if hidden and text else text or DASH) for text in (line.one, line.other)]
    label = column(plain(line.label, MUTED), _LABEL)
    mark = column(plain("=" if line.alike else "", MUTED), _ALIKE)
    return fit(joined(label, mark, column(sides[0], half), fit(sides[1], half)), width)
