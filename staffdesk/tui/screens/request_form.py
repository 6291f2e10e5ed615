"""Starting a request of a data subject from his record: by which way it came, what was said, and that it is meant."""

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
from staffdesk.domain.errors import StaffdeskError
from staffdesk.domain.matters import RequestRow
from staffdesk.domain.requests import RequestChannel, RequestType
from staffdesk.tui.base import DeskDialog
from staffdesk.tui.commands import Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.phrases import failure, weekday
from staffdesk.tui.plain import GOOD, MUTED, NOTHING, STRONG, joined, plain
from staffdesk.tui.widgets.choice import Choice
from staffdesk.tui.widgets.field import Field

_LONGEST = 2000
_LONGEST_ADDRESS = 600
_NO, _YES = "no", "yes"
_TITLES: Final = {
    RequestType.RECTIFY: ("Correct the data of customer {customer}?", "What is wrong"),
    RequestType.ERASE: ("Delete the data of customer {customer}?", "What was said"),
}


class RequestDialog(DeskDialog[RequestRow], inherit_bindings=False):
    """Answers the request once it is registered; nothing is corrected or deleted here."""

    BINDINGS = bindings_of(Place.DIALOG)
    EXPLAINED: ClassVar[tuple[Place, str] | None] = (Place.RECORD, "Starting a request")
    CSS_PATH = "../styles/dialog.tcss"

    def __init__(self, kind: RequestType, customer: int, access: Access, asked: Content = NOTHING) -> None:
        """Ask for ``kind`` in the name of the customer whose record is open under ``access``.

        ``asked`` says which request of this kind he has made already; another one can still be started.
        """
        super().__init__()
        self._kind = kind
        self._customer = customer
        self._access = access
        self._already = asked
        self._request: RequestRow | None = None

    def body(self) -> Iterable[Widget]:
        """Channel, note, address, confirmation."""
        title, note = _TITLES[self._kind]
        with Grid(id="box", classes="request") as box:
            box.border_title = plain(title.format(customer=self._customer))
            box.border_subtitle = plain("tab next · ←→ chooses · enter goes on · esc back")
            yield Static(plain("It came by", MUTED))
            yield Choice([each.value for each in RequestChannel], id="channel")
            yield Static(plain(note, MUTED))
            yield Field(id="text", longest=_LONGEST)
            yield Static(plain("Answer to", MUTED))
            yield Field(id="answer-to", longest=_LONGEST_ADDRESS, placeholder="empty: the address on file")
            yield Static(plain("Start it", MUTED))
            yield Choice((_NO, _YES), wide=True, id="sure")
            yield Static(self._already or plain("The customer is the requester."), id="note")

    def on_mount(self) -> None:
        """Begin with the channel of a call, which most are."""
        self.query_one("#channel", Choice).choose(RequestChannel.PHONE.value)
        self.query_one("#channel", Choice).focus()

    def action_back(self) -> None:
        """Leave; a request that stands already is told to the record."""
        self.abandon()
        self.dismiss(self._request)

    @on(Choice.Chosen, "#channel")
    @on(Field.Submitted)
    def go_on(self) -> None:
        """Go to the next line."""
        self.action_next_field()

    @on(Choice.Chosen, "#sure")
    def start(self) -> None:
        """Register the request if that is meant."""
        if self.waiting:
            return
        if self._request is not None:
            self.dismiss(self._request)
        elif self.query_one("#sure", Choice).value == _YES:
            job = partial(
                self.desk.requests.receive,
                self._access,
                kind=self._kind,
                channel=RequestChannel(self.query_one("#channel", Choice).value),
                customer=self._customer,
                reply_address=self._typed("answer-to"),
                note=self._typed("text"),
            )
            self.ask(job, self._registered)
        else:
            self._note(plain("Choose yes to start the request, or Esc to leave everything as it is."))

    def failed(self, error: StaffdeskError) -> None:
        """Say in the form what is wrong with it."""
        self._note(failure(error.sentence, error.hint))

    def _registered(self, request: RequestRow) -> None:
        self._request = request
        self.query_one("#sure", Choice).focus()
        later = request.soft_due != request.hard_due
        with_proof = f"; with the days identity takes, {weekday(request.soft_due)}." if later else "."
        self._note(
            joined(
                plain(f"✓ {request.number} is registered.", GOOD),
                joined(plain("Due "), plain(weekday(request.hard_due), STRONG), plain(with_proof, MUTED)),
                plain("Nothing is deleted or corrected yet. Enter goes back to the record."),
                by="\n",
            )
        )

    def _typed(self, name: str) -> str | None:
        return self.query_one(f"#{name}", Field).value.strip() or None

    def _note(self, text: Content) -> None:
        self.query_one("#note", Static).update(text)
