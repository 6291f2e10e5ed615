"""Who outside the house is told what a request changed, has confirmed it, or need not be (GDPR Art. 19)."""

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
from staffdesk.domain.grounds import ExemptionGround
from staffdesk.domain.marketing import TaskState
from staffdesk.domain.request_pages import Told
from staffdesk.domain.request_words import EXEMPTIONS
from staffdesk.services.moved import Moved
from staffdesk.services.request_letters import Drafted
from staffdesk.tui.base import DeskDialog
from staffdesk.tui.command import Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.plain import MUTED, plain
from staffdesk.tui.screens.letter import LetterDialog
from staffdesk.tui.screens.move_fields import CHOOSE
from staffdesk.tui.widgets.choice import Choice
from staffdesk.tui.widgets.field import Field

_LONGEST: Final = 300
_LONGEST_ADDRESS: Final = 254
_NOTICE: Final = "is sent our notice"
_WORDS: Final = {
    _NOTICE: None,
    "was told": TaskState.SENT,
    "has confirmed it": TaskState.CONFIRMED,
    "need not be told": TaskState.EXEMPT,
}

_GROUNDS: Final = {name: ExemptionGround(code) for code, name in EXEMPTIONS.items()}


class ToldDialog(DeskDialog[Moved], inherit_bindings=False):
    """Answers where the request stands then."""

    BINDINGS = bindings_of(Place.DIALOG)
    EXPLAINED: ClassVar[tuple[Place, str] | None] = (Place.REQUEST, "Telling recipients")
    CSS_PATH = "../styles/dialog.tcss"
    BUSY = "noting"

    def __init__(self, number: str, recipients: Sequence[Told], access: Access, *, by_notice: bool = False) -> None:
        """Offer the recipients of a request, those first that are not told.

        Where they are told ``by_notice`` that stands first; the campaign service takes a person off by its own task.
        """
        super().__init__()
        self._words = list(_WORDS) if by_notice else [*(each for each in _WORDS if each != _NOTICE), _NOTICE]
        self._number = number
        self._codes = {each.recipient: each.code for each in sorted(recipients, key=lambda it: it.sent_at or 0)}
        self._access = access

    def body(self) -> Iterable[Widget]:
        """Whom, what, and why not."""
        with Grid(id="box", classes="told") as box:
            box.border_title = plain(f"Recipients of {self._number}")
            box.border_subtitle = plain("tab next · ←→ chooses · enter notes it · esc leaves it")
            yield Static(plain("Recipient", MUTED))
            yield Choice([*self._codes], id="recipient")
            yield Static(plain("It", MUTED))
            yield Choice(self._words, id="state")
            yield Static(plain("As", MUTED), id="label-ground")
            yield Choice([CHOOSE, *_GROUNDS], id="ground")
            yield Static(plain("Why", MUTED), id="label-reason")
            yield Field(id="reason", longest=_LONGEST, placeholder="why; his letter tells the ground alone")
            yield Static(plain("Mailbox", MUTED), id="label-address")
            yield Field(id="address", longest=_LONGEST_ADDRESS, placeholder="empty: the one on file, else by hand")
            yield Static(id="note")

    def on_mount(self) -> None:
        """Begin with the recipient."""
        self.query_one("#recipient").focus()
        self._fit()

    def notice(self) -> Content:
        """Say what is asked."""
        return plain("The desk goes on once everybody is told or exempt.", MUTED)

    @on(Choice.Changed, "#state")
    def _fit(self) -> None:
        """Ask what goes with the chosen word alone."""
        state = _WORDS[self._word]
        exempt = state is TaskState.EXEMPT
        for name, asked in (("ground", exempt), ("reason", exempt), ("address", state is None)):
            for each in (f"#label-{name}", f"#{name}"):
                self.query_one(each).display = asked
        self.rest_unless_said()

    @on(Choice.Chosen)
    @on(Field.Submitted)
    def note(self) -> None:
        """Note it."""
        if self.waiting:
            return
        code, state = self._codes[self.query_one("#recipient", Choice).value], _WORDS[self._word]
        if state is None:
            self._read_over(code)
            return
        reason = self.query_one("#reason", Field).value.strip()
        ground = _GROUNDS.get(self.query_one("#ground", Choice).value)
        told = partial(self.desk.workflow.told, self._access, self._number, code, state, reason, ground=ground)
        self.ask(told, self._noted)

    def _read_over(self, code: str) -> None:
        """Let the notice be read over first."""
        address = self.query_one("#address", Field).value.strip()
        draft = partial(self.desk.notices.draft, self._access, self._number, code, address)
        self.ask(draft, partial(self._show, address), "reading")

    def _show(self, address: str, drafted: Drafted) -> None:
        letter = LetterDialog(drafted, self.desk.notices.way_of(drafted), self._access)
        self.app.push_screen(letter, lambda sends: self._send(address, drafted) if sends else None)

    def _send(self, address: str, drafted: Drafted) -> None:
        send, code = self.desk.notices.send, drafted.recipient
        self.ask(partial(send, self._access, self._number, code, address, shown=drafted), self._noted, "sending")

    @property
    def _word(self) -> str:
        return self.query_one("#state", Choice).value

    def _noted(self, moved: Moved) -> None:
        self.dismiss(moved)
