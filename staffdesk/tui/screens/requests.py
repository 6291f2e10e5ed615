"""The requests of data subjects by due date: numbers, types and dates, no names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import ClassVar

from textual import on
from textual.content import Content
from textual.widget import Widget

from staffdesk.domain.access import Act, Purpose, RecordKind
from staffdesk.domain.deadlines import rules
from staffdesk.domain.matters import RequestRow
from staffdesk.services.clearance import today_in_brussels
from staffdesk.tui.base import DeskScreen
from staffdesk.tui.commands import Command, Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.opening import open_record
from staffdesk.tui.phrases import ASKED, count, moment
from staffdesk.tui.plain import BAD, MUTED, STRONG, WARN, column, fit, joined, plain
from staffdesk.tui.widgets.rows import Line, Rows, words

_NUMBER, _KIND, _STATE, _CHANNEL, _CAME, _DUE = 14, 12, 10, 12, 12, 14
_MIDDLE, _WIDE = 72, 90


class RequestsScreen(DeskScreen[None], inherit_bindings=False):
    """Enter opens the customer of a request, for whom the purpose is his rights."""

    PLACE: ClassVar[Place] = Place.REQUESTS
    HAS_LIST: ClassVar[bool] = True
    BINDINGS = bindings_of(Place.REQUESTS)

    def __init__(self) -> None:
        """Name the place."""
        super().__init__(plain("Requests"))
        self._requests: dict[str, RequestRow] = {}

    def body(self) -> Iterable[Widget]:
        """One list."""
        rows = Rows(id="requests")
        rows.border_title = plain("Requests by due date")
        yield rows

    def notice(self) -> Content:
        """Say what the dates are."""
        return plain("Due: the last day of the answer; with proof, if identity had to be shown.", MUTED)

    def is_useful(self, command: Command) -> bool:
        """Offer to open a row where there is one and these roles open its record."""
        if command.id == "list.open":
            return bool(self._requests) and self._may_open()
        return super().is_useful(command)

    def on_mount(self) -> None:
        """Read the list."""
        self.query_one(Rows).focus()
        self.ask(partial(self.desk.requests.open_requests, self.session.desk_access), self._show, "reading")

    def _show(self, requests: Sequence[RequestRow]) -> None:
        self._requests = {request.number: request for request in requests}
        rows = self.query_one(Rows)
        rows.border_subtitle = plain(count(len(requests), "request"))
        self.refresh_keys()
        if not requests:
            starts = (
                "d or e on a record starts one."
                if self._may(Act.CUSTOMER_OPENED) and self._may(Act.REQUEST_RECEIVED)
                else "What a customer asks stands here once it is registered from his record."
            )
            rows.put([words(plain("No open requests.")), words(plain(starts, MUTED))])
            return
        rows.put([Line("", _heads), *(Line(each.number, partial(_line, each)) for each in requests)])

    @on(Rows.Selected)
    def open(self, event: Rows.Selected) -> None:
        """Open the customer's record under the request."""
        request = self._requests.get(event.key)
        if request is None:
            return
        if request.customer is None:
            self.say(plain("This request names no customer yet."))
        elif not self._may_open():
            self.say(plain("Privacy goes on with requests; your roles do not open the record for them."))
        else:
            self.session.work_for(Purpose.RIGHTS, request.number)
            open_record(self, RecordKind.PERSON, request.customer)

    def _may(self, act: Act) -> bool:
        return self.session.may(act)

    def _may_open(self) -> bool:
        return Purpose.RIGHTS in self.session.purposes() and self._may(Act.CUSTOMER_OPENED)


def _heads(width: int) -> Content:
    texts = ("Number", "What", "State", "By", "Came", "Due", "With proof")
    return _columns([plain(text, MUTED) for text in texts], width)


def _line(request: RequestRow, width: int) -> Content:
    days = (request.hard_due - today_in_brussels()).days
    soon = max(rules().targets.alarm_days_before)
    style, mark = (BAD, "✗ ") if days < 0 else (WARN, "! ") if days <= soon else ("", "")
    cells = [
        plain(request.number, STRONG),
        plain(ASKED.get(request.kind, request.kind).lower()),
        plain(request.state),
        plain(request.channel.replace("_", " "), MUTED),
        plain(moment(request.received_at)[:10], MUTED),
        plain(f"{mark}{request.hard_due}", style),
        plain("" if request.soft_due == request.hard_due else f"{request.soft_due}", MUTED),
    ]
    return _columns(cells, width)


def _columns(cells: Sequence[Content], width: int) -> Content:
    middle = width >= _MIDDLE
    sizes = (
        _NUMBER, _KIND, _STATE if middle else 0, _CHANNEL if width >= _WIDE else 0, _CAME if middle else 0, _DUE,
    )  # fmt: skip
    return fit(joined(*map(column, cells, sizes), cells[-1]), width)
