"""Who stands twice on file, over everybody: pair after pair, page after page; Enter opens both beside each other."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from staffdesk.domain.access import Access, RecordKind
from staffdesk.domain.records import Hit, Record
from staffdesk.domain.twin_pairs import PairPage, PairsAfter, Sought, TwinPair
from staffdesk.tui.base import DeskDialog
from staffdesk.tui.command import Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.phrases import count
from staffdesk.tui.plain import DASH, HIDDEN, MUTED, STRONG, fit, joined, plain
from staffdesk.tui.widgets.rows import Line, Rows, words

if TYPE_CHECKING:
    from staffdesk.data.deadline import Deadline
    from staffdesk.services.desk import Desk

_NEXT: Final = "next"
_GOES_ON: Final = {
    Sought.EMAIL: "further pairs with the same address",
    Sought.PHONE: "pairs with the same telephone",
    Sought.NAME: "pairs with the same name, or at one company",
}


class PairsDialog(DeskDialog[None], inherit_bindings=False):
    """Stays until it is left: what was decided leaves the list, the next page takes its place."""

    BINDINGS = bindings_of(Place.DIALOG)
    EXPLAINED: ClassVar[tuple[Place, str] | None] = (Place.REQUESTS, "Who stands twice")
    CSS_PATH = "../styles/palette.tcss"

    def __init__(self, page: PairPage, access: Access) -> None:
        """Show a page that was listed under ``access``, and ask for the next ones under it."""
        super().__init__()
        self._page = page
        self._pairs = list(page.pairs)
        self._access = access
        self._masked = False

    def body(self) -> Iterable[Widget]:
        """One list, and what is not on it."""
        with Vertical(id="box") as box:
            box.border_title = plain("The same person twice?")
            yield Rows(id="commands")
            yield Static(id="note")

    def on_mount(self) -> None:
        """Show them."""
        self._show()
        self.query_one(Rows).focus()
        self.rest()

    def notice(self) -> Content:
        """Say what is not on this page."""
        return plain(" ".join(self._page.besides), MUTED)

    def mask(self, hidden: bool) -> None:
        """Hide the names while nobody is there, or show them again."""
        super().mask(hidden)
        self._masked = hidden
        self._show(keep=True)

    @on(Rows.Selected)
    def take(self, event: Rows.Selected) -> None:
        """Go on to the next page, or compare the two, once purpose and reference are told."""
        if self.waiting:
            return
        if event.key == _NEXT:
            if self._page.after is not None:
                self.ask(partial(self.desk.pairs.page, self._access, self._page.after), self._next, "looking through")
            return
        if self.session.purpose is None or not self.session.reference:
            from staffdesk.tui.screens.purpose import PurposeDialog  # noqa: PLC0415 - asked once in many pairs

            self.app.push_screen(PurposeDialog(needs_reference=True), partial(self._told, event.key))
        else:
            self._open(event.key)

    def _told(self, key: str, said: bool | None) -> None:
        if said:
            self._open(key)

    def _open(self, key: str) -> None:
        pair = next(each for each in self._pairs if _key(each) == key)
        access = self.session.access
        self.look(partial(_both, self.desk, access, pair), partial(self._compare, pair, access), "opening")

    def _compare(self, pair: TwinPair, access: Access, two: tuple[Record, Record]) -> None:
        from staffdesk.tui.screens.side_by_side import SideBySideDialog  # noqa: PLC0415 - once in a pair

        one, other = two
        self.session.logged(other.seq)
        if one.customer == other.customer:
            self._decided(pair, f"{pair.one.id} and {pair.other.id} are put together by now.")
        else:
            self.app.push_screen(SideBySideDialog(one, other, access), partial(self._decided, pair))

    def _decided(self, pair: TwinPair, said: str | None) -> None:
        if said is not None:
            self._pairs.remove(pair)
            self._show(keep=True)
            self.say(plain(f"✓ {said}"))

    def _next(self, page: PairPage) -> None:
        self.session.logged(page.seq)
        self._page, self._pairs = page, list(page.pairs)
        self._show()
        self.rest()

    def _show(self, *, keep: bool = False) -> None:
        self.query_one("#box").border_subtitle = plain(f"{count(len(self._pairs), 'pair')} · enter compares · esc back")
        lines = [Line(_key(each), partial(_line, each, self._masked)) for each in self._pairs]
        if not lines:
            lines.append(words(plain(f"None left here; {count(self._page.looked, 'record')} looked at for it.", MUTED)))
        if self._page.after is None:
            lines.append(words(plain("This is the last page.", MUTED)))
        else:
            lines.append(Line(_NEXT, partial(_next_line, self._page.after)))
        self.query_one(Rows).put(lines, keep=keep)


def _both(desk: Desk, access: Access, pair: TwinPair, deadline: Deadline) -> tuple[Record, Record]:
    """Open the two, each by an entry of its own."""
    one, other = (
        desk.gateway.open(access, RecordKind.PERSON, hit.id, deadline=deadline) for hit in (pair.one, pair.other)
    )
    return one, other


def _key(pair: TwinPair) -> str:
    return f"{pair.one.id}:{pair.other.id}"


def _line(pair: TwinPair, hidden: bool, width: int) -> Content:
    both = (fit(_who(hit, hidden), width) for hit in (pair.one, pair.other))
    return joined(*both, fit(plain(f"  same {pair.found_by}", MUTED), width), by="\n")


def _who(hit: Hit, hidden: bool) -> Content:
    who = HIDDEN if hidden else " · ".join(part for part in (hit.title, hit.company) if part) or DASH
    detail = f" · {hit.detail}" if hit.detail and not hidden else ""
    return joined(plain(f"{hit.id}  "), plain(who, STRONG), plain(detail, MUTED))


def _next_line(after: PairsAfter, width: int) -> Content:
    return fit(joined(plain("↓ go on: ", MUTED), plain(_GOES_ON[after.sought])), width)
