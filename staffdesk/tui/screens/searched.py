"""Where a person's data was looked for outside the desk, each place with what was found: Enter notes them all."""

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
from staffdesk.domain.request_progress import RequestStanding
from staffdesk.domain.request_work import Searched, places
from staffdesk.tui.base import DeskDialog
from staffdesk.tui.command import Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.plain import MUTED, plain
from staffdesk.tui.widgets.choice import Choice
from staffdesk.tui.widgets.field import Field

_LONGEST: Final = 300
_NOT_YET: Final = "not yet"
_ELSEWHERE: Final = "elsewhere"
_AS_BELOW, _NOTHING_ELSE = "as each says below", "nothing there where none is said below"
_WORDS: Final = {
    "nothing there": Searched.NOTHING,
    "found, and dealt with there": Searched.DONE,
    "found, evidence below": Searched.EVIDENCE,
}


class SearchedDialog(DeskDialog[int], inherit_bindings=False):
    """Answers how many places were noted."""

    BINDINGS = bindings_of(Place.DIALOG)
    EXPLAINED: ClassVar[tuple[Place, str] | None] = (Place.REQUEST, "Searching outside the desk")
    CSS_PATH = "../styles/dialog.tcss"
    BUSY = "noting"

    def __init__(self, standing: RequestStanding, access: Access) -> None:
        """Ask for every place; those that were searched before say so."""
        super().__init__()
        self._number = standing.progress.number
        self._before = standing.work.searched
        self._to_be_cleared = standing.work.to_be_cleared
        self._uncleared = standing.work.uncleared if standing.progress.carried_out_at is not None else frozenset()
        self._access = access

    def body(self) -> Iterable[Widget]:
        """One line for all places, one for each, and one for what shows it."""
        with Grid(id="box", classes="searched") as box:
            box.border_title = plain(f"Searched for {self._number}")
            box.border_subtitle = plain("tab next · ←→ chooses · enter notes it · esc leaves it")
            yield Static(plain("Everywhere", MUTED))
            yield Choice([_AS_BELOW, _NOTHING_ELSE], id=_ELSEWHERE)
            for each in places().places:
                yield Static(plain(each.name, MUTED))
                first = "as noted before" if each.code in self._before else _NOT_YET
                yield Choice([first, *_WORDS], id=each.code)
            yield Static(plain("Evidence", MUTED))
            yield Field(id="evidence", longest=_LONGEST, placeholder="what shows it; may stay empty")
            yield Static(id="note")

    def on_mount(self) -> None:
        """Begin with all of them."""
        self.query_one(Choice).focus()
        self.rest()

    def notice(self) -> Content:
        """Say how many are open; after an erasure, where what was found is still to be deleted."""
        if self._uncleared:
            return plain(
                f"Deleted there? {self._to_be_cleared}: found and dealt with, or why it stays, with evidence.", MUTED
            )
        still = len(places().places) - len(self._before)
        are = "is" if still == 1 else "are"
        return plain(f"{still} of {len(places().places)} places {are} not searched yet.", MUTED)

    @on(Choice.Chosen)
    @on(Field.Submitted)
    def note(self) -> None:
        """Note what was chosen."""
        if self.waiting:
            return
        chosen = {each.code: _WORDS.get(self.query_one(f"#{each.code}", Choice).value) for each in places().places}
        found = {code: outcome for code, outcome in chosen.items() if outcome is not None}
        others = Searched.NOTHING if self.query_one(f"#{_ELSEWHERE}", Choice).value == _NOTHING_ELSE else None
        if not found and others is None:
            self.say(plain("Choose what was found in a place first: ← → turns."))
            return
        evidence = self.query_one("#evidence", Field).value.strip()
        note = self.desk.searches.note
        self.ask(partial(note, self._access, self._number, found, evidence, others=others), self._noted)

    def _noted(self, noted: int) -> None:
        self.dismiss(noted)
