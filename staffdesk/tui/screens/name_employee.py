"""An employee to be named in an access package: of which consultation, and why; a second person approves it."""

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
from staffdesk.domain.errors import BadInput
from staffdesk.services.reveals import Consultation
from staffdesk.tui.base import DeskDialog
from staffdesk.tui.command import Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.phrases import moment
from staffdesk.tui.plain import MUTED, plain
from staffdesk.tui.widgets.choice import Choice
from staffdesk.tui.widgets.field import Field

_LONGEST: Final = 300
_ONE, _ALL, _NONE = "in this one", "in this one and all others of the same employee", "not named after all"


class NameEmployeeDialog(DeskDialog[str], inherit_bindings=False):
    """Answers what was noted, in words."""

    BINDINGS = bindings_of(Place.DIALOG)
    EXPLAINED: ClassVar[tuple[Place, str] | None] = (Place.REQUEST, "Naming an employee")
    CSS_PATH = "../styles/dialog.tcss"
    BUSY = "noting"

    def __init__(self, number: str, consulted: Sequence[Consultation], access: Access) -> None:
        """Offer these consultations, newest first."""
        super().__init__()
        self._number = number
        self._seqs = {_words(each): each.seq for each in consulted}
        self._access = access

    def body(self) -> Iterable[Widget]:
        """Which one, how far, and why."""
        with Grid(id="box", classes="told") as box:
            box.border_title = plain(f"Name an employee in {self._number}")
            box.border_subtitle = plain("tab next · ←→ chooses · enter notes it · esc leaves it")
            yield Static(plain("Consultation", MUTED))
            yield Choice([*self._seqs], id="consultation")
            yield Static(plain("Named", MUTED))
            yield Choice([_ONE, _ALL, _NONE], id="named")
            yield Static(plain("Why", MUTED))
            yield Field(id="reason", longest=_LONGEST, placeholder="why he needs the name for his rights")
            yield Static(id="note")

    def on_mount(self) -> None:
        """Begin with the consultation."""
        self.query_one("#consultation").focus()
        self.rest()

    def notice(self) -> Content:
        """Say what it leads to."""
        return plain("An approver decides on it; the log keeps the reason. No letter names anybody.", MUTED)

    @on(Choice.Chosen)
    @on(Field.Submitted)
    def note(self) -> None:
        """Note it."""
        if self.waiting:
            return
        seq = self._seqs[self.query_one("#consultation", Choice).value]
        named, reason = self.query_one("#named", Choice).value, self.query_one("#reason", Field).value.strip()
        if named == _NONE:
            take_back = partial(self.desk.reveals.take_back, self._access, self._number, seq)
            self.ask(take_back, lambda _: self._noted("Nobody is named for it."))
            return
        if not reason:
            self.failed(BadInput("A name is given for a reason.", "Say in a sentence why."))
            return
        ask = partial(self.desk.reveals.ask, self._access, self._number, seq, reason, every_one=named == _ALL)
        self.ask(ask, lambda _: self._noted("To be named, once a second person approves it."))

    def _noted(self, said: str) -> None:
        self.dismiss(said)


def _words(each: Consultation) -> str:
    named = ", to be named" if each.named else ""
    times = f", {each.times} times" if each.times > 1 else ""
    done, whose = each.act.replace(".", " "), each.department or "the desk"
    return f"{moment(each.at)} {done}{times}, {whose}, entry {each.seq}{named}"
