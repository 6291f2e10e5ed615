"""What a customer asks to have corrected: which field, what stands in it, what is to stand there, and what shows it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import ClassVar, Final

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Grid
from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static

from staffdesk.domain.access import Access
from staffdesk.domain.errors import BadInput
from staffdesk.domain.records import Revealed
from staffdesk.services.corrections import Correction, CorrectionSheet
from staffdesk.tui.base import DeskDialog
from staffdesk.tui.command import Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.plain import DASH, MUTED, WARN, joined, plain
from staffdesk.tui.request_words import FIELDS
from staffdesk.tui.widgets.choice import Choice
from staffdesk.tui.widgets.field import Field

_LONGEST: Final = 300
_NOTED, _TAKEN_BACK = "is noted", "is taken back"
_EMPTIES: Final = "-"
_HIDDEN: Final = "enter shows it; that is logged"


class Stands(Static, can_focus=True, inherit_bindings=False):
    """What stands in the field, once Enter has asked for it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "screen.show_it", show=False)]


class CorrectionDialog(DeskDialog[int], inherit_bindings=False):
    """Answers how many fields are noted, once one was noted or taken back here."""

    BINDINGS = bindings_of(Place.DIALOG)
    EXPLAINED: ClassVar[tuple[Place, str] | None] = (Place.REQUEST, "Correcting")
    CSS_PATH = "../styles/dialog.tcss"
    BUSY = "noting"

    def __init__(self, number: str, sheet: CorrectionSheet, access: Access) -> None:
        """Offer the fields of ``sheet``."""
        super().__init__()
        self._number = number
        self._keys = {word: sheet.keys[name] for word, name in FIELDS.items() if name in sheet.keys}
        self._noted = sheet.noted
        self._changed = False
        self._access = access
        self._hides: Timer | None = None

    def body(self) -> Iterable[Widget]:
        """Which field, what stands in it, what is to, what shows it, and whether that is noted or taken back."""
        with Grid(id="box", classes="correction") as box:
            box.border_title = plain(f"What is wrong in the data, by {self._number}?")
            box.border_subtitle = plain("tab next · ←→ chooses · enter notes it · esc back")
            yield Static(plain("Field", MUTED))
            yield Choice([*self._keys], id="field")
            yield Static(plain("Stands there", MUTED))
            yield Stands(id="stands")
            yield Static(plain("Is to be", MUTED))
            yield Field(id="new", longest=_LONGEST, placeholder=f"what is to stand there; {_EMPTIES} empties it")
            yield Static(plain("Shown by", MUTED))
            yield Field(id="evidence", longest=_LONGEST, placeholder="his letter, an order…; may stay empty")
            yield Static(plain("This", MUTED), id="label-does")
            yield Choice([_NOTED, _TAKEN_BACK], id="does")
            yield Static(id="note", classes="personal")

    def on_mount(self) -> None:
        """Begin with the field."""
        self.query_one("#field").focus()
        self._fit()

    def notice(self) -> Content:
        """Say what is noted so far."""
        if not self._noted:
            return plain("Nothing is noted yet. What is noted is restricted until it is settled.", MUTED)
        return joined(*map(_line, self._noted), by="\n")

    @on(Choice.Changed, "#field")
    def _fit(self) -> None:
        """Show nothing of another field; one that is noted can be taken back."""
        self._hide()
        for each in ("#label-does", "#does"):
            self.query_one(each).display = any(noted.field == self._key for noted in self._noted)
        self.query_one("#does", Choice).choose(_NOTED)
        self.rest_unless_said()

    def action_show_it(self) -> None:
        """Reveal what stands in the field; that is logged."""
        self.ask(partial(self.desk.gateway.reveal, self._access, self._key), self._show, "revealing")

    def mask(self, hidden: bool) -> None:
        """Hide what was revealed too; it does not come back."""
        super().mask(hidden)
        if hidden:
            self._hide()

    def _show(self, revealed: Revealed) -> None:
        self.session.logged(revealed.seq)
        if revealed.key == self._key:
            self.query_one(Stands).update(plain(revealed.text))
            self._hides = self.set_timer(revealed.seconds, self._hide)

    def _hide(self) -> None:
        if self._hides is not None:
            self._hides.stop()
        self.query_one(Stands).update(plain(_HIDDEN, MUTED))

    @on(Choice.Chosen)
    @on(Field.Submitted)
    def note(self) -> None:
        """Note it, or take it back; another field may follow."""
        if self.waiting:
            return
        if self.query_one("#does", Choice).value == _TAKEN_BACK:
            take_back = self.desk.corrections.take_back
            self.ask(partial(take_back, self._access, self._number, self._key), partial(self._take, "Taken back."))
            return
        new, evidence = (self.query_one(f"#{name}", Field).value.strip() for name in ("new", "evidence"))
        if not new:
            self.failed(BadInput("What is to stand there?", f"Type it; {_EMPTIES} empties the field."))
            self.query_one("#new").focus()
            return
        wanted = "" if new == _EMPTIES else new
        want = self.desk.corrections.want
        self.ask(partial(want, self._access, self._number, self._key, wanted, evidence), partial(self._take, "Noted."))

    def _take(self, done: str, noted: tuple[Correction, ...]) -> None:
        self._noted, self._changed = noted, True
        self.query_one("#new", Field).value = ""
        self._fit()
        self.query_one("#field").focus()
        self.say(joined(plain(f"{done} Choose another field, or esc goes back.", WARN), self.notice(), by="\n"))

    def action_back(self) -> None:
        """Go back to the request, which is read anew where something was noted."""
        self.abandon()
        self.dismiss(len(self._noted) if self._changed else None)

    @property
    def _key(self) -> str:
        return self._keys[self.query_one("#field", Choice).value]


def _line(noted: Correction) -> Content:
    shows = plain(f" · {noted.evidence}" if noted.evidence else "", MUTED)
    return joined(
        plain(f"{noted.label}: ", MUTED), plain(noted.old or DASH), plain(" → ", MUTED), plain(noted.new or DASH), shows
    )
