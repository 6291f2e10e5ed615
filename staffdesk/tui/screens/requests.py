"""The requests of data subjects by due date: numbers, types and dates, no names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.content import Content
from textual.widget import Widget

from staffdesk.domain.access import Access, Act, Purpose, Role
from staffdesk.domain.local_settings import CardRule
from staffdesk.domain.matters import Account, RequestRow
from staffdesk.domain.request_board import restriction_waits_for, waits_for, whose_move
from staffdesk.domain.request_pages import RequestPage
from staffdesk.domain.requests import ANSWERED, RequestState, RequestType
from staffdesk.tui.base import DeskScreen
from staffdesk.tui.commands import Command, Place
from staffdesk.tui.due import is_overdue, standing_of_due, today
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.phrases import ASKED, CHANNELS, STATES, count, date_of
from staffdesk.tui.plain import GOOD, MUTED, STRONG, WARN, column, fit, joined, plain
from staffdesk.tui.screens.request_lines import card_words
from staffdesk.tui.waiting import GO, account_lines, accounts_for, under
from staffdesk.tui.widgets.rows import Line, Rows, words

if TYPE_CHECKING:
    from staffdesk.services.desk import Desk
    from staffdesk.tui.session import Session

_NUMBER, _KIND, _DATE, _STANDING, _STATE, _CAME, _CHANNEL = 14, 12, 11, 22, 20, 12, 11
_MIDDLE, _WIDE, _WIDEST = 66, 100, 140


class RequestsScreen(DeskScreen[None], inherit_bindings=False):
    """Enter opens the page of a request."""

    PLACE: ClassVar[Place] = Place.REQUESTS
    HAS_LIST: ClassVar[bool] = True
    BINDINGS = bindings_of(Place.REQUESTS)

    def __init__(self) -> None:
        """Name the place."""
        super().__init__(plain("Requests"))
        self._requests: dict[str, RequestRow] = {}
        self._waits = False

    def body(self) -> Iterable[Widget]:
        """One list."""
        rows = Rows(id="requests")
        rows.border_title = plain("Requests by due date")
        yield rows

    def notice(self) -> Content:
        """Say what the dates are."""
        return plain("Due: the last day of the answer. Opening one is a look at its customer.", MUTED)

    def is_useful(self, command: Command) -> bool:
        """Offer to open a row where there is one."""
        if command.id == "list.open":
            return bool(self._requests) or self._waits
        return super().is_useful(command)

    def on_mount(self) -> None:
        """Read the list."""
        self.query_one(Rows).focus()
        self.read()

    def read(self) -> None:
        """Read the list, or read it again."""
        self.ask(partial(_read, self.desk, self.session), lambda read: self._show(*read), "reading")

    def _show(self, requests: Sequence[RequestRow], accounts: Sequence[Account] = ()) -> None:
        waiting = list(account_lines(accounts, decides=True))
        self._waits = bool(waiting)
        self._requests = {request.number: request for request in requests}
        rows = self.query_one(Rows)
        still_open = sum(request.state not in ANSWERED for request in requests)
        late = sum(is_overdue(each.state, each.hard_due) for each in requests)
        overdue = f" · {late} overdue" if late else ""
        rows.border_subtitle = plain(f"{count(still_open, 'open request')}{overdue}")
        if not requests:
            starts = (
                "a on a record starts one."
                if self.session.may(Act.CUSTOMER_OPENED) and self.session.may(Act.REQUEST_RECEIVED)
                else "What a customer asks stands here once it is registered from his record."
            )
            rows.put([*under(waiting), words(plain("No open requests.")), words(plain(starts, MUTED))])
            self.refresh_keys()
            return
        state = max(len(_state(each)) for each in requests)
        heads = Line("", partial(_heads, state), stays=True)
        rows.put([*under(waiting), heads, *(Line(each.number, partial(_line, each, state)) for each in requests)])
        self.refresh_keys()

    @on(Rows.Selected)
    def open(self, event: Rows.Selected) -> None:
        """Open the page of the request, under its own number."""
        if event.key.startswith(GO):
            self.desk_app.action_go(event.key.removeprefix(GO))
        if event.key not in self._requests:
            return
        session = self.session
        purpose = Purpose.RIGHTS if Purpose.RIGHTS in session.purposes() else None
        access = Access(session=session.sid, purpose=purpose, reference=event.key, host=session.host)
        self.ask(partial(self.desk.request_pages.open, access, event.key), partial(self._show_page, access), "opening")

    def action_card_rule(self) -> None:
        """Show whether the front of the identity card is demanded, and offer to change it."""
        rule = partial(self.desk.settings.card_rule, self.session.desk_access)
        self.ask(rule, self._show_rule, "reading")

    def _show_rule(self, rule: CardRule) -> None:
        from staffdesk.tui.screens.card_rule import CardRuleDialog  # noqa: PLC0415 - rarely needed

        self.app.push_screen(CardRuleDialog(rule, self.session.desk_access), self._rule_set)

    def _rule_set(self, rule: CardRule | None) -> None:
        if rule is not None:
            self.say(joined(plain("✓ The front of the card: ", GOOD), card_words(rule)))

    def _show_page(self, access: Access, page: RequestPage) -> None:
        from staffdesk.tui.screens.request import RequestScreen  # noqa: PLC0415 - needed by few

        self.session.logged(page.seq)
        self.app.push_screen(RequestScreen(page, access))


def _read(desk: Desk, session: Session) -> tuple[tuple[RequestRow, ...], tuple[Account, ...]]:
    """Read the requests, and for who decides about accounts what waits there."""
    accounts = accounts_for(desk, session) if session.may(Act.STAFF_APPROVED) else ()
    return desk.requests.open_requests(session.desk_access), accounts


def _state(request: RequestRow) -> str:
    return STATES.get(request.state, request.state)


def _heads(state: int, width: int) -> Content:
    texts = ("Number", "What", "Came", "By", "Due", "", "State", "Waits for")
    return _columns([plain(text, MUTED) for text in texts], state, width)


def _line(request: RequestRow, state: int, width: int) -> Content:
    cells = [
        plain(request.number, STRONG),
        plain(ASKED.get(request.kind, request.kind)),
        plain(date_of(request.received_at), MUTED),
        plain(CHANNELS.get(request.channel, request.channel), MUTED),
        plain(f"{request.hard_due}"),
        _standing(request),
        plain(_state(request)),
        _waits(request),
    ]
    return _columns(cells, state, width)


def _standing(request: RequestRow) -> Content:
    """Say how a request stands to its due date, or that the restriction it made is to be lifted."""
    if restriction_waits_for(request, today()):
        return plain("! restricted: to lift", WARN)
    return standing_of_due(request.state, request.hard_due)


def _waits(request: RequestRow) -> Content:
    """Say what a request waits for, and whose move that is."""
    kind, state, identity = RequestType(request.kind), RequestState(request.state), request.identity
    roles = "/".join(sorted(role.value for role in whose_move(kind, state, identity)))
    if lifts := restriction_waits_for(request, today()):
        return plain(f"! {lifts} ({Role.PRIVACY.value})", WARN)
    what = waits_for(state, identity)
    return plain(f"{what} ({roles})" if roles else what, MUTED)


def _columns(cells: Sequence[Content], state: int, width: int) -> Content:
    """Lay a line out; the longest ``state`` stands whole, and where room is wanting the due date is said shorter."""
    middle, wide, widest = width >= _MIDDLE, width >= _WIDE, width >= _WIDEST
    sizes = [_NUMBER, _KIND, _CAME if widest else 0, _CHANNEL if widest else 0, _DATE if middle else 0]
    if wide:
        sizes += [_STANDING, _STATE]
        return fit(joined(*map(column, cells, sizes), *cells[-1:]), width)
    sizes.append(width - sum(sizes) - (state if middle else 0))
    return fit(joined(*map(column, cells, sizes), *(cells[-2:-1] if middle else ())), width)
