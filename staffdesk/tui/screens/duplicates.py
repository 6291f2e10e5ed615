"""Who on file may be the same person as who asks: of each one privacy says whether he is; Enter notes them all."""

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
from staffdesk.domain.likely_same import Likely, LikelyPage, SamePerson
from staffdesk.domain.request_words import LIKENESSES
from staffdesk.tui.base import DeskDialog
from staffdesk.tui.command import Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.phrases import count
from staffdesk.tui.plain import DASH, MUTED, joined, plain
from staffdesk.tui.widgets.choice import Choice

_NOT_YET: Final = "not answered yet"
_WORDS: Final = {"the same person": SamePerson.SAME, "somebody else": SamePerson.OTHER}


class DuplicatesDialog(DeskDialog[int], inherit_bindings=False):
    """Answers how many still wait."""

    BINDINGS = bindings_of(Place.DIALOG)
    EXPLAINED: ClassVar[tuple[Place, str] | None] = (Place.REQUEST, "Who else he may be")
    CSS_PATH = "../styles/dialog.tcss"
    BUSY = "noting"

    def __init__(self, number: str, page: LikelyPage, access: Access) -> None:
        """Ask of everybody on ``page``; who was answered before says so."""
        super().__init__()
        self._number = number
        self._page = page
        self._access = access

    def body(self) -> Iterable[Widget]:
        """Two lines on each, and his answer."""
        with Grid(id="box", classes="likely") as box:
            box.border_title = plain(f"Who asks under {self._number}, may he be…")
            box.border_subtitle = plain("tab next · ←→ chooses · enter notes it · esc leaves it")
            for each in self._page.listed:
                yield Static(_line(each), classes="personal")
                yield Choice([_first(each), *_WORDS], id=f"of-{each.customer}")
            yield Static(id="note")

    def on_mount(self) -> None:
        """Begin with the first one."""
        self.query(Choice).first().focus()
        self.rest()

    def notice(self) -> Content:
        """Say what an answer does, and who is not listed."""
        more = "More are listed once these are answered. " if self._page.more else ""
        abroad = ""
        if self._page.abroad:
            abroad = f"{count(self._page.abroad, 'record')} may not be received here: ask a colleague in Brussels. "
        does = "The same person: his package, deletion or restriction takes that record along."
        return plain(f"{more}{abroad}{does}", MUTED)

    @on(Choice.Chosen)
    def note(self) -> None:
        """Note what was chosen."""
        if self.waiting:
            return
        chosen = {each.customer: self.query_one(f"#of-{each.customer}", Choice).value for each in self._page.listed}
        told = {customer: _WORDS[word] for customer, word in chosen.items() if word in _WORDS}
        if not told:
            self.say(plain("Choose an answer first: ← → turns."))
            return
        self.ask(partial(self.desk.duplicates.answer, self._access, self._number, told), self._noted)

    def _noted(self, left: int) -> None:
        self.dismiss(left)


def _line(each: Likely) -> Content:
    who = " · ".join(part for part in (each.name, each.company) if part) or DASH
    by = "same " + ", ".join(LIKENESSES[likeness] for likeness in each.found_by)
    held = " · ".join(part for part in (each.email, each.phone, each.country) if part)
    return joined(plain(f"{each.customer}  {who}"), plain(f"  {by} · {held}" if held else f"  {by}", MUTED), by="\n")


def _first(each: Likely) -> str:
    word = next((word for word, answer in _WORDS.items() if answer is each.answer), None)
    return _NOT_YET if word is None else f"✓ {word}"
