"""Who else stands in a package: each place is hidden, or left where it is his own; then the package is built again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import ClassVar, Final

from textual import on
from textual.containers import Grid
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from staffdesk.domain.access import Access
from staffdesk.domain.packages import Finding
from staffdesk.domain.request_words import row_of
from staffdesk.domain.request_work import Answers
from staffdesk.domain.third_parties import ThirdKind
from staffdesk.services.moved import Moved
from staffdesk.tui.base import DeskDialog
from staffdesk.tui.command import Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.phrases import count
from staffdesk.tui.plain import GOOD, MUTED, NOTHING, STRONG, WARN, column, fit, joined, plain
from staffdesk.tui.widgets.choice import Choice
from staffdesk.tui.widgets.rows import Line, Rows

BUILDS_AGAIN: Final = "build_again"
_AS_IT_IS, _BUILD = "keep the package", "build it again so"
_STATE: Final = 9
_BEFORE: Final = 24
"""Signs before a place that leave room for it in the narrowest window."""
_KINDS: Final = {
    ThirdKind.NAME: "a name", ThirdKind.EMPLOYEE: "an employee's name", ThirdKind.EMAIL: "an e-mail address",
    ThirdKind.PHONE: "a telephone number", ThirdKind.MAC: "a MAC address", ThirdKind.IP: "an IP address",
    ThirdKind.SERIAL: "a serial number", ThirdKind.WORDS: "words of somebody else",
}  # fmt: skip


class OthersDialog(DeskDialog[Moved], inherit_bindings=False):
    """Answers what building the package again led to."""

    BINDINGS = bindings_of(Place.DIALOG)
    EXPLAINED: ClassVar[tuple[Place, str] | None] = (Place.REQUEST, "Others in a package")
    CSS_PATH = "../styles/dialog.tcss"
    BUSY = "building"

    def __init__(self, number: str, found: Sequence[Finding], access: Access, closed: str | None) -> None:
        """List these places; ``closed`` says why the package cannot be built again now, where it cannot."""
        super().__init__()
        self._number = number
        self._found = {each.id: each for each in found}
        self._shown = frozenset(each.id for each in found if each.left)
        self._left = set(self._shown)
        self._access = access
        self._shut = closed
        self._masked = False

    def body(self) -> Iterable[Widget]:
        """List the places, and ask what is done with them."""
        with Grid(id="box", classes="others") as box:
            box.border_title = plain(f"Others in the package of {self._number}")
            box.border_subtitle = plain(
                "↑↓ reads on · esc back" if self._shut else "enter hides or leaves it · tab goes on · esc back"
            )
            yield Rows(id="places")
            if self._shut is None:
                yield Choice([_AS_IT_IS, _BUILD], wide=True, id="then")
            yield Static(id="note")

    def on_mount(self) -> None:
        """Begin with the first place."""
        self._show()
        self.query_one(Rows).focus()
        self.rest()

    def notice(self) -> Content:
        """Say how many places are hidden, and what building again does."""
        hidden = len(self._found) - len(self._left)
        counted = f"{count(hidden, 'place')} hidden, {len(self._left)} shown."
        does = self._shut or "Leave only what is his own; built again, the package has new words to open it."
        return plain(f"{counted} {does}", MUTED)

    def mask(self, hidden: bool) -> None:
        """Hide what was written while nobody is there, or show it again."""
        super().mask(hidden)
        self._masked = hidden
        self._show()

    @on(Rows.Selected)
    def turn(self, event: Rows.Selected) -> None:
        """Hide what was left, or leave what was hidden."""
        if self._shut is not None:
            self.say(plain(self._shut))
            return
        self._left ^= {event.key}
        self.query_one(Choice).choose(_AS_IT_IS if self._left == self._shown else _BUILD)
        self.query_one(Rows).redraw([event.key])
        self.rest()

    def action_back(self) -> None:
        """Go back; where something was changed and not built, only once that is confirmed."""
        if self._left != self._shown and not self.waiting:
            self.confirm("The package is as it was. Go back?", "goes back", super().action_back)
        else:
            super().action_back()

    @on(Choice.Chosen)
    def build(self) -> None:
        """Build the package again, or go back."""
        if self.waiting:
            return
        if self.query_one(Choice).value == _AS_IT_IS:
            self.dismiss(None)
            return
        left = tuple(each for each in self._found if each in self._left)
        make = partial(self.desk.workflow.make, self._access, self._number, BUILDS_AGAIN, Answers(leave=left))
        self.ask(make, self._built)

    def _built(self, moved: Moved) -> None:
        self.dismiss(moved)

    def _show(self) -> None:
        self.query_one(Rows).put([Line(key, partial(self._line, each)) for key, each in self._found.items()], keep=True)

    def _line(self, each: Finding, width: int) -> Content:
        left = each.id in self._left
        state = column(plain("○ shown", WARN) if left else plain("● hidden", GOOD), _STATE)
        where = plain(f"{row_of(each.table)} {each.row}, {each.column.replace('_', ' ')}", MUTED)
        head = fit(joined(state, plain(f"{_KINDS[each.mark.kind]}  "), where), width)
        if self._masked:
            return joined(head, NOTHING, by="\n")
        before, after = _one_line(each.before[-_BEFORE:]), _one_line(each.after)
        text = joined(plain(f"  …{before}", MUTED), plain(each.found, STRONG), plain(f"{after}…", MUTED))
        return joined(head, fit(text, width), by="\n")


def _one_line(text: str) -> str:
    return " ".join(text.split("\n"))
