"""The requests of data subjects by due date: numbers, types and dates, no names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.content import Content
from textual.widget import Widget

from staffdesk.domain.access import Access, Act, Purpose, Role
from staffdesk.domain.local_settings import CardRule
from staffdesk.domain.request_board import (
    carries_out,
    lifting_under_way,
    next_of,
    restriction_waits_for,
    waits_for,
    whose_step,
)
from staffdesk.domain.request_pages import RequestPage
from staffdesk.domain.request_rows import RequestRow
from staffdesk.domain.request_words import ASKED, CHANNELS, STATES
from staffdesk.domain.requests import ANSWERED, RequestState, RequestType
from staffdesk.domain.twin_pairs import PairPage
from staffdesk.tui.base import DeskScreen
from staffdesk.tui.command import Command, Place
from staffdesk.tui.due import is_overdue, short_standing, standing_of_due, today
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.phrases import count, date_of
from staffdesk.tui.plain import GOOD, MUTED, STRONG, WARN, column, fit, joined, plain
from staffdesk.tui.screens.request_lines import card_words
from staffdesk.tui.waiting import (
    GO,
    LOGS,
    account_lines,
    accounts_for,
    asked_lines,
    notice_lines,
    open_logs,
    quarantine_for,
    quarantine_lines,
    under,
)
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

    def __init__(self, said: Content | None = None) -> None:
        """Name the place; ``said`` is what was done to a request from where one comes."""
        super().__init__(plain("Requests"))
        self._said = said
        self._old = False
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

    def on_screen_resume(self) -> None:
        """Read the list anew where a request was open above it: it may have gone on."""
        if self._old:
            self._old = False
            self.read()

    def read(self) -> None:
        """Read the list, or read it again."""
        self.ask(partial(_read, self.desk, self.session), lambda read: self._show(*read), "reading")

    def _show(self, requests: Sequence[RequestRow], waiting: Sequence[Line] = ()) -> None:
        self._waits = bool(waiting)
        self._requests = {request.number: request for request in requests}
        rows = self.query_one(Rows)
        still_open = sum(request.state not in ANSWERED for request in requests)
        late = sum(is_overdue(each.state, each.hard_due) for each in requests)
        overdue = f" · {late} overdue" if late else ""
        rows.border_subtitle = plain(f"{count(still_open, 'open request')}{overdue}")
        if not requests:
            opens, receives = map(self.session.may, (Act.CUSTOMER_OPENED, Act.REQUEST_RECEIVED))
            starts = "a starts one, here or on a record." if opens and receives else "a starts one." if receives else ""
            rows.put([*under(waiting), words(plain("No open requests.")), words(plain(starts, MUTED))])
            self._tell()
            return
        sizes = max(len(_state(each)) for each in requests), max(_short_due(each).cell_length for each in requests)
        heads = Line("", partial(_heads, sizes), stays=True)
        lines = [*under(waiting), heads, *(Line(each.number, partial(_line, each, sizes)) for each in requests)]
        rows.put(lines, keep=bool(rows.current))
        self._tell()

    def _tell(self) -> None:
        self.refresh_keys()
        if self._said is not None:
            said, self._said = self._said, None
            self.say(said)

    @on(Rows.Selected)
    def open(self, event: Rows.Selected) -> None:
        """Open the page of the request, under its own number."""
        if event.key.startswith(GO):
            self.desk_app.action_go(event.key.removeprefix(GO))
        if event.key.startswith(LOGS):
            self._old = True
            open_logs(self, event.key)
        if event.key not in self._requests:
            return
        session = self.session
        purpose = Purpose.RIGHTS if Purpose.RIGHTS in session.purposes() else None
        access = Access(session=session.sid, purpose=purpose, reference=event.key, host=session.host)
        self.ask(partial(self.desk.request_pages.open, access, event.key), partial(self._show_page, access), "opening")

    def action_add(self) -> None:
        """Ask who asks for what, and start it."""
        from staffdesk.tui.screens.request_form import RequestDialog  # noqa: PLC0415 - rarely needed

        session = self.session
        purpose = Purpose.RIGHTS if Purpose.RIGHTS in session.purposes() else None
        access = Access(session=session.sid, purpose=purpose, reference="", host=session.host)
        self.app.push_screen(RequestDialog(None, None, access), self._added)

    def _added(self, request: RequestRow | None) -> None:
        if request is not None:
            self._said = joined(plain(f"✓ {request.number} is started.", GOOD))
            self.read()

    def action_pairs(self) -> None:
        """List who stands twice on file."""
        access = replace(self.session.access, purpose=Purpose.RIGHTS)
        self.ask(partial(self.desk.pairs.page, access), partial(self._show_pairs, access), "looking through")

    def _show_pairs(self, access: Access, page: PairPage) -> None:
        from staffdesk.tui.screens.pairs import PairsDialog  # noqa: PLC0415 - rarely needed

        self.session.logged(page.seq)
        self.app.push_screen(PairsDialog(page, access))

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
        self._old = True
        self.app.push_screen(RequestScreen(page, access))


def _read(desk: Desk, session: Session) -> tuple[tuple[RequestRow, ...], tuple[Line, ...]]:
    """Read the requests, and what waits: a question to oneself, and for who decides about accounts what waits there."""
    accounts = accounts_for(desk, session) if session.may(Act.STAFF_APPROVED) else ()
    asked = asked_lines(desk.asked.waiting(session.desk_access))
    owed = notice_lines(desk.import_runs.owed(session.desk_access)) if session.may(Act.IMPORT_RUN) else ()
    zips = quarantine_lines(quarantine_for(desk, session))
    return desk.requests.open_requests(session.desk_access), (
        *asked,
        *zips,
        *owed,
        *account_lines(accounts, decides=True),
    )


def _state(request: RequestRow) -> str:
    return STATES.get(request.state, request.state)


def _heads(sizes: tuple[int, int], width: int) -> Content:
    texts = ("Number", "What", "Came", "By", "Due", "Due", "", "State", "Waits for", "Waits for")
    return _columns([plain(text, MUTED) for text in texts], sizes, width)


def _line(request: RequestRow, sizes: tuple[int, int], width: int) -> Content:
    cells = [
        plain(request.number, STRONG),
        plain(ASKED.get(request.kind, request.kind)),
        plain(date_of(request.received_at), MUTED),
        plain(CHANNELS.get(request.channel, request.channel), MUTED),
        plain(f"{request.hard_due}"),
        _short_due(request),
        _standing(request),
        plain(_state(request)),
        _waits(request, short=False),
        _waits(request, short=True),
    ]
    return _columns(cells, sizes, width)


def _standing(request: RequestRow) -> Content:
    """Say how a request stands to its due date, or that the restriction it made is to be lifted."""
    if lifting_under_way(request, today()):
        return plain(f"· lifts {request.lift_on}", MUTED)
    if restriction_waits_for(request, today()):
        return plain("! restricted: to lift" if request.restriction.stands else "! recipients to tell", WARN)
    return standing_of_due(request.state, request.hard_due)


def _short_due(request: RequestRow) -> Content:
    """Say when a request is due where there is no room for the words: ``✗ 11-26 late``, ``! 12-28``, ``✓ done``."""
    if lifting_under_way(request, today()):
        return plain(f"· {request.lift_on:%m-%d} lifts", MUTED)
    if restriction_waits_for(request, today()):
        return plain("! lift" if request.restriction.stands else "! tell", WARN)
    return short_standing(request.state, request.hard_due, request.ended_on)


def _waits(request: RequestRow, *, short: bool) -> Content:
    """Say what a request waits for, and whose move that is; where it is ``short`` that of others than privacy alone.

    What is decided and not carried out stands out, with the move that does it and its role, however short.
    """
    kind, state, identity = RequestType(request.kind), RequestState(request.state), request.identity
    if lifts := restriction_waits_for(request, today()):
        if lifting_under_way(request, today()):
            return plain("told" if short else lifts, MUTED)
        return plain(f"! {lifts if short else next_of(request, today())}", WARN)
    move = carries_out(kind, state)
    if move is not None:
        named = "/".join(sorted(role.value for role in move.by))
        waits = plain(f"! {named}: {move.title}" if short else f"! {next_of(request, today())}", WARN)
    else:
        alone = short and Role.PRIVACY in whose_step(kind, state, identity)
        short_words = waits_for(kind, state, identity, to_tell=request.to_tell)
        waits = plain(short_words if alone else next_of(request, today()), MUTED)
    if not request.copy_there:
        return waits
    if short:
        return plain("! card in the mailbox", WARN)
    return joined(plain("! card still in the mailbox", WARN), *([plain(" · ", MUTED), waits] if waits else []))


def _columns(cells: Sequence[Content], sizes: tuple[int, int], width: int) -> Content:
    """Lay a line out: where room is wanting the due date is said shorter first, then what it waits for goes.

    ``sizes`` are those of the longest state and of the longest short due date.
    """
    number, kind, came, channel, date, short, standing, state, waits, short_waits = cells
    longest_state, longest_due = sizes
    if width >= _WIDE:
        widest = width >= _WIDEST
        shown = [
            (number, _NUMBER), (kind, _KIND), (came, _CAME if widest else 0), (channel, _CHANNEL if widest else 0),
            (date, _DATE), (standing, _STANDING), (state, _STATE),
        ]  # fmt: skip
        return fit(joined(*(column(cell, size) for cell, size in shown), waits), width)
    shown = [(number, _NUMBER), (kind, _KIND), (short, longest_due + 1)]
    if width >= _MIDDLE:
        shown.append((state, longest_state + 1))
    last = short_waits if width >= _MIDDLE else state
    return fit(joined(*(column(cell, size) for cell, size in shown), last), width)
