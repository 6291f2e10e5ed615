"""Starting a request of a data subject: who asks, what, how and when it came, and where it is answered."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import ClassVar, Final

from textual import on
from textual.containers import Grid
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from staffdesk.domain.access import Access, Act
from staffdesk.domain.errors import BadInput
from staffdesk.domain.request_rows import RequestRow
from staffdesk.domain.request_words import ASKED, CHANNELS
from staffdesk.domain.requests import OF_CASE, IdentityNeed, RequestChannel, RequestType, identity_needed
from staffdesk.services.marketing import Stopped
from staffdesk.services.requests import due_of
from staffdesk.tui.base import DeskDialog
from staffdesk.tui.command import Place
from staffdesk.tui.due import instant, instant_or_now
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.phrases import weekday
from staffdesk.tui.plain import MUTED, NOTHING, STRONG, joined, plain
from staffdesk.tui.widgets.choice import Choice
from staffdesk.tui.widgets.field import Field

_LONGEST = 2000
_LONGEST_ADDRESS = 600
_LONGEST_TIME = 20
_LONGEST_NAME = 200
_NEW: Final = "A request of somebody"
_ON_FILE: Final = "empty: the address on file"
_ANSWER_TO: Final = "an e-mail or a postal address"
_TITLES: Final = {
    RequestType.RECTIFY: ("Correct the data of customer {customer}?", "What is wrong"),
    RequestType.ERASE: ("Delete the data of customer {customer}?", "What was said"),
    None: ("A request of customer {customer}", "What was said"),
}
_TYPES: Final = {ASKED[each.value].lower(): each for each in RequestType}
_CHANNELS: Final = {CHANNELS[each.value]: each for each in RequestChannel}


def _never(_kind: RequestType) -> Content:
    return NOTHING


class RequestDialog(DeskDialog[RequestRow], inherit_bindings=False):
    """Answers the request once it is registered; nothing is corrected or deleted here."""

    BINDINGS = bindings_of(Place.DIALOG)
    EXPLAINED: ClassVar[tuple[Place, str] | None] = (Place.RECORD, "Starting a request")
    CSS_PATH = "../styles/dialog.tcss"

    def __init__(
        self,
        kind: RequestType | None,
        customer: int | None,
        access: Access,
        already: Callable[[RequestType], Content] = _never,
    ) -> None:
        """Ask for ``kind``, or first of which type it is, in the name of the customer whose record is open.

        Where none is, it is asked who he says he is; whose data it is about is told later, on the request's page.
        ``already`` says which request of a kind he has made before; another one can still be started.
        """
        super().__init__()
        self._chosen = kind
        self._customer = customer
        self._access = access
        self._already = already

    def body(self) -> Iterable[Widget]:
        """Type where it is open, channel, time of receipt, note, address."""
        title, note = _TITLES[self._chosen]
        rows = "new" if self._customer is None else "" if self._chosen else "any"
        with Grid(id="box", classes=f"request {rows}") as box:
            box.border_title = plain(_NEW if self._customer is None else title.format(customer=self._customer))
            box.border_subtitle = plain("tab next · ←→ chooses · enter asks · esc leaves it")
            if self._chosen is None:
                yield Static(plain("What is asked", MUTED))
                yield Choice([*_TYPES], id="kind")
            yield Static(plain("It came by", MUTED))
            yield Choice([*_CHANNELS], id="channel")
            yield Static(plain("It came at", MUTED))
            yield Field(id="received", longest=_LONGEST_TIME, placeholder="empty: now; else 2026-11-25 14:00")
            if self._customer is None:
                yield Static(plain("Who asks", MUTED))
                yield Field(id="requester", longest=_LONGEST_NAME, placeholder="his name, as he gave it")
            yield Static(plain(note, MUTED))
            yield Field(id="text", longest=_LONGEST)
            yield Static(plain("Answer to", MUTED))
            where = _ANSWER_TO if self._customer is None else _ON_FILE
            yield Field(id="answer-to", longest=_LONGEST_ADDRESS, placeholder=where)
            yield Static(id="note")

    def on_mount(self) -> None:
        """Begin with what is asked where that is open, else with the words; it came as the case in hand did."""
        self.query_one("#channel", Choice).choose(CHANNELS[self._came_by().value])
        self.query_one("#kind" if self._chosen is None else "#text").focus()
        self.foresee()

    def _came_by(self) -> RequestChannel:
        """Return the way the customer's case in hand came, else the one by which most requests come."""
        case = self.session.case
        if case is None or case.customer not in {None, self._customer}:
            return RequestChannel.PHONE
        return OF_CASE.get(case.channel, RequestChannel.PHONE)

    def notice(self) -> Content:
        """Say until when it will have to be answered, and what was asked already."""
        try:
            due = due_of(instant_or_now(self._typed("received") or ""))
        except BadInput as error:
            return plain(f"{error.sentence} {error.hint}", MUTED)
        kind = self._kind
        with_proof = " · asking for proof may add the days it takes"
        waits = identity_needed(kind) is not IdentityNeed.NEVER
        return joined(
            joined(plain("Due "), plain(weekday(due.hard), STRONG), plain(with_proof if waits else "", MUTED)),
            self._already(kind) or plain(self._hint(kind), MUTED),
            by="\n",
        )

    @on(Choice.Changed, "#kind")
    @on(Field.Changed, "#received")
    def foresee(self) -> None:
        """Say it anew for another type or another time."""
        self.rest_unless_said()

    @on(Choice.Chosen)
    @on(Field.Submitted)
    def look_it_over(self) -> None:
        """Ask whether it is meant, before anything is registered."""
        if self.waiting:
            return
        try:
            received = instant(self._typed("received") or "")
            due = due_of(instant_or_now(self._typed("received") or ""))
        except BadInput as error:
            self.failed(error)
            return
        kind = self._kind
        if self._stops(kind):
            question, does = f"Stop all mail to customer {self._customer} for good?", "stops it"
        else:
            word = ASKED[kind.value]
            question, does = (
                f"{word} asked by {self._who}, due {weekday(due.hard)}: start it?",
                "starts it",
            )
        self.confirm(question, does, partial(self._register, received))

    def _stops(self, kind: RequestType) -> bool:
        """Say whether mail to the customer is stopped at once, by who may."""
        return kind is RequestType.OBJECT_MKT and self._customer is not None and self.session.may(Act.REQUEST_MOVED)

    @property
    def _who(self) -> str:
        return self._typed("requester") or "nobody named" if self._customer is None else f"customer {self._customer}"

    @property
    def _kind(self) -> RequestType:
        return self._chosen or _TYPES[self.query_one("#kind", Choice).value]

    def _register(self, received: int | None) -> None:
        channel = _CHANNELS[self.query_one("#channel", Choice).value]
        address, note = self._typed("answer-to"), self._typed("text")
        if self._customer is not None and self._stops(self._kind):
            stop = self.desk.marketing.stop
            self.ask(
                partial(
                    stop, self._access, self._customer,
                    channel=channel, reply_address=address, received_at=received, note=note,
                ),
                self._stopped,
            )  # fmt: skip
            return
        receive = self.desk.requests.receive
        self.ask(
            partial(
                receive, self._access,
                kind=self._kind, channel=channel, customer=self._customer, reply_address=address, received_at=received,
                note=note, requester=None if self._customer is not None else self._typed("requester"),
            ),
            self._registered,
        )  # fmt: skip

    def _stopped(self, stopped: Stopped) -> None:
        self.dismiss(stopped.request)

    def _registered(self, request: RequestRow) -> None:
        self.dismiss(request)

    def _typed(self, name: str) -> str | None:
        return self.query_one(f"#{name}", Field).value.strip() or None

    def _hint(self, kind: RequestType) -> str:
        if kind is RequestType.OBJECT_MKT and self._customer is not None:
            return "Mail to the customer stops as it is started."
        if kind is RequestType.OBJECT_MKT:
            return "Mail stops once it is said whose data it is about."
        return "Nothing is deleted or corrected yet: privacy goes on once it is known who asks."
