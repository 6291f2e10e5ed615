"""One request in full: how far it is, until when it is answered, what was asked, and the letter that answers it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import ClassVar

from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from staffdesk.domain.access import Access, Act, Purpose, RecordKind, Role
from staffdesk.domain.errors import Conflict
from staffdesk.domain.likely_same import ANSWERABLE
from staffdesk.domain.request_board import next_step, whose_move
from staffdesk.domain.request_moves import Letter
from staffdesk.domain.request_pages import RequestPage
from staffdesk.domain.request_progress import Progress
from staffdesk.domain.request_words import STATES, WENT, title_of_move
from staffdesk.domain.request_work import Way
from staffdesk.domain.requests import ANSWERED, OPEN_TO_CORRECTIONS, RequestType
from staffdesk.domain.reveals import ASKABLE
from staffdesk.services.moved import Moved
from staffdesk.services.post import Sent
from staffdesk.services.request_letters import Drafted
from staffdesk.tui.command import Command, Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.opening import open_record
from staffdesk.tui.phrases import failure
from staffdesk.tui.plain import MUTED, plain
from staffdesk.tui.screens.letter import LetterDialog
from staffdesk.tui.screens.move import MoveDialog
from staffdesk.tui.screens.passphrase import PassphraseDialog
from staffdesk.tui.screens.request_assessing import PACKAGED, AssessingScreen
from staffdesk.tui.screens.request_keys import keys_of
from staffdesk.tui.screens.request_lines import page_lines, title_of
from staffdesk.tui.screens.told import ToldDialog


class RequestScreen(AssessingScreen, inherit_bindings=False):
    """Its page is read; o opens the customer, for whom the purpose is his rights."""

    PLACE: ClassVar[Place] = Place.REQUEST
    BINDINGS = bindings_of(Place.REQUEST)
    CSS_PATH = "../styles/log.tcss"

    def __init__(self, page: RequestPage, access: Access) -> None:
        """Show ``page``, which was opened under ``access``; its letter is copied under the same."""
        super().__init__(plain("Requests", MUTED), plain(page.request.number))
        self._page = page
        self._access = access

    def body(self) -> Iterable[Widget]:
        """Yield the page, scrolled by the cursor keys."""
        with VerticalScroll(id="fields", classes="box") as box:
            box.border_title = plain(title_of(self._page.request))
            yield Static(id="detail", classes="personal")

    def notice(self) -> Content:
        """Say that this reading is an entry."""
        return plain(f"That you read this request is entry {self._page.seq:,} of the log.", MUTED)

    def is_useful(self, command: Command) -> bool:
        """Offer the customer where these roles open him, and the letter where there is one."""
        offers, answered = self._page.standing.offers, self._page.request.state in ANSWERED
        match command.id:
            case "request.customer" | "request.who":
                return self._page.request.customer is not None and self._may_open()
            case "request.copy":
                return bool(self._page.letter)
            case "request.go-on":
                return any(each.closed is None for each in offers) or (bool(offers) and not answered)
            case "request.plan":
                return self._may_work() or bool(self._page.standing.offers)
            case _ if command.act is Act.REQUEST_MOVED:
                return self._may_work() and self._is_work(command.id)
            case _:
                return super().is_useful(command)

    def rank(self, command: Command) -> int:
        """Put first what leads this request on from where it stands."""
        order = keys_of(self._page)
        return order.index(command.id) + 1 if command.id in order else command.foot and command.foot + len(order)

    def _is_work(self, command_id: str) -> bool:
        """Say whether there is something to be done by a command of who works on requests."""
        page, request = self._page, self._page.request
        match command_id:
            case "request.correct":
                return request.kind == RequestType.RECTIFY and request.state in OPEN_TO_CORRECTIONS
            case "request.searched":
                return request.state not in ANSWERED
            case "request.same":
                return self._names_somebody(ANSWERABLE)
            case "request.name":
                return request.kind == RequestType.ACCESS and self._names_somebody(ASKABLE)
            case "request.others":
                return request.kind in PACKAGED and request.customer is not None and request.state not in ANSWERED
            case "request.send":
                return page.sends
            case _:
                return bool(page.told)

    def on_mount(self) -> None:
        """Lay the page out once the width is known."""
        self.query_one("#fields", VerticalScroll).focus()
        self.call_after_refresh(self._draw)

    def on_resize(self) -> None:
        """Lay the page out for the new width."""
        self.call_after_refresh(self._draw)

    def action_open_customer(self) -> None:
        """Open the customer's record under the request."""
        self._open_customer()

    def action_who_looked(self) -> None:
        """Open the customer's record under the request, and read there who looked at it."""
        self._open_customer(then=_read_who_looked)

    def _open_customer(self, then: Callable[[Screen[None]], None] | None = None) -> None:
        request = self._page.request
        if request.customer is None:
            self.say(plain("This request names no customer yet."))
        elif not self._may_open():
            self.say(plain("Privacy goes on with requests; your roles do not open the record for them."))
        else:
            self.session.work_for(Purpose.RIGHTS, request.number)
            open_record(self, RecordKind.PERSON, request.customer, then=then)

    def action_go_on(self) -> None:
        """Ask which move is made next."""
        if not self._page.standing.offers:
            self.say(plain("No move of this request is yours."))
            return
        dialog = MoveDialog(self._page.standing, self._access, self._page.contested, self._page.language)
        self.desk_app.push_screen(dialog, self._moved_or_closed)

    def action_told(self) -> None:
        """Ask who was told."""
        number, told = self._page.request.number, self._page.told
        if not told:
            self.say(plain("Nobody outside the house is to be told yet."))
            return
        by_notice = self._page.request.kind != RequestType.OBJECT_MKT
        self.desk_app.push_screen(ToldDialog(number, told, self._access, by_notice=by_notice), self._moved)

    def action_send(self) -> None:
        """Read the answer that waits over, and send it."""
        answer = partial(self.desk.workflow.answer, self._access, self._page.request.number)
        self.ask(answer, self._read_over, "reading")

    def _read_over(self, drafted: Drafted) -> None:
        packaged = drafted.kind is Letter.ACCESS
        letter = LetterDialog(drafted, self.desk.workflow.way_of(drafted), package=packaged)
        self.desk_app.push_screen(letter, self._send)

    def _send(self, sends: bool | None) -> None:
        if sends:
            # Whoever has read that it goes with its package, and how, has confirmed it.
            send = partial(self.desk.workflow.send, self._access, self._page.request.number, confirmed=True)
            self.ask(send, self._moved, "sending")

    def _moved_or_closed(self, moved: Moved | Conflict | None) -> None:
        if isinstance(moved, Conflict):
            said = failure(moved.sentence, moved.hint)
            if Purpose.RIGHTS in self.session.purposes():
                self._read_again(said)
            else:  # whether it still waits for an approver the list tells
                self._leave(said)
        else:
            self._moved(moved)

    def _moved(self, moved: Moved | None) -> None:
        if moved is not None and moved.passphrase:
            number = moved.progress.number
            dialog = PassphraseDialog(number, moved.passphrase, self._access)
            self.desk_app.push_screen(dialog, lambda _: self._moved(replace(moved, passphrase="")))
        elif moved is not None:
            state = STATES.get(moved.progress.state, moved.progress.state.value)
            by_itself = ", ".join(title_of_move(each).lower() for each in moved.made)
            went = f" The desk went on: {by_itself}." if moved.made else ""
            letter = "" if moved.sent is None else f" {self._where(moved.progress.number, moved.sent)}"
            now = moved.progress
            after = next_step(now.kind, now.state, now.identity, to_tell=now.to_tell)
            follows = f" Next: {after}." if after else ""
            said = plain(f"{moved.progress.number}: {state}.{letter}{went}{follows}")
            if self._may_work() or _waits_for_approver(moved.progress):
                self._read_again(said)
            else:
                self._leave(said)

    def _where(self, number: str, sent: Sent) -> str:
        """Say that a letter was sent, or where it lies to be sent by hand, and beside it its package."""
        if sent.way is Way.MAIL:
            return f"The letter is {WENT[sent.way]}."
        package = f" and {number}.zip" if sent.reference.startswith(f"{Letter.ACCESS}-") else ""
        return f"The letter is {WENT[sent.way]}: {sent.reference}{package} in {self.desk.letters_folder}."

    def _read_again(self, said: Content) -> None:
        job = partial(self.desk.request_pages.open, self._access, self._page.request.number)
        self.ask(job, partial(self._show, said), "reading")

    def _leave(self, said: Content) -> None:
        """Go back to the list, read anew: what an approver has done waits for him no more, and is not his to read."""
        self.desk_app.show_requests(said)

    def _show(self, said: Content, page: RequestPage) -> None:
        self._page = page
        self.session.logged(page.seq)
        self.query_one("#fields", VerticalScroll).border_title = plain(title_of(page.request))
        self._draw()
        self.refresh_keys()
        self.say(said)

    def action_copy_letter(self) -> None:
        """Send the letter to the terminal's clipboard; that is logged first."""
        if not self._page.letter:
            self.say(plain("There is no letter to send yet."))
            return
        job = partial(self.desk.request_pages.letter, self._access, self._page.request.number)
        self.ask(job, self._hand_over, "copying")

    def _hand_over(self, letter: str) -> None:
        self.desk_app.hand_over(letter)
        self.say(plain("The letter was sent to the terminal's clipboard."))

    def _may_work(self) -> bool:
        return Purpose.RIGHTS in self.session.purposes() and self.session.may(Act.REQUEST_MOVED)

    def _may_open(self) -> bool:
        return Purpose.RIGHTS in self.session.purposes() and self.session.may(Act.CUSTOMER_OPENED)

    def _draw(self) -> None:
        for detail in self.query("#detail").results(Static):  # none, once the screen is going
            detail.update(page_lines(self._page, max(detail.content_size.width, 20)))


def _read_who_looked(opened: Screen[None]) -> None:
    from staffdesk.tui.screens.record import RecordScreen  # noqa: PLC0415 - needed by few

    if isinstance(opened, RecordScreen):
        opened.action_who_looked()


def _waits_for_approver(progress: Progress) -> bool:
    return Role.APPROVER in whose_move(progress.kind, progress.state, progress.identity)
