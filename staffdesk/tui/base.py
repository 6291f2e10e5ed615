"""What every screen of the desk does alike: frame, keys, asking a service in a thread, failures, late answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, ClassVar, TypeVar, cast

from textual import on, work
from textual.app import ComposeResult
from textual.content import Content
from textual.css.query import NoMatches
from textual.message import Message
from textual.screen import ModalScreen, Screen
from textual.timer import Timer
from textual.widget import Widget
from textual.worker import Worker, WorkerState

from staffdesk.domain.errors import LogUnavailable, SessionEnded, StaffdeskError
from staffdesk.tui.commands import SHOWN_AT_MOST, Command, Place, at, by_id, given_by
from staffdesk.tui.messages import Answered, Failed
from staffdesk.tui.phrases import failure
from staffdesk.tui.plain import MUTED, NOTHING, plain
from staffdesk.tui.widgets.bars import KeyLine, NoticeLine, TopLine
from staffdesk.tui.widgets.field import Field
from staffdesk.tui.widgets.too_small import TooSmall

if TYPE_CHECKING:
    from staffdesk.services.desk import Desk
    from staffdesk.tui.app import DeskApp
    from staffdesk.tui.session import Session

T = TypeVar("T")
R = TypeVar("R")

_BUSY_AFTER = 0.3
_STILL_BUSY_AFTER = 3.0


class DeskScreen(Screen[R], inherit_bindings=False):
    """A screen of the desk.

    ``PLACE`` says which commands hold here. Screens get services and the session from the application, ask them with
    ``ask`` and build their middle in ``body``.
    """

    PLACE: ClassVar[Place]
    HAS_LIST: ClassVar[bool] = False
    AUTO_FOCUS: ClassVar[str | None] = "*"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - the framework's name and type

    def __init__(self, *path: Content) -> None:
        """Name the place for the top line, outermost first."""
        super().__init__()
        self._top = TopLine(*path)
        self._token = 0
        self._asked: Callable[[], None] | None = None
        self._again: Callable[[], None] | None = None
        self._busy: list[Timer] = []

    @property
    def desk_app(self) -> DeskApp:
        """The application, which these screens know and no other."""
        return cast("DeskApp", self.app)

    @property
    def desk(self) -> Desk:
        """The services; there are some once somebody is signed in."""
        return self.desk_app.desk

    @property
    def session(self) -> Session:
        """Whoever is signed in; raises SessionEnded where nobody is."""
        session = self.desk_app.session
        if session is None:
            raise SessionEnded("You are not signed in.", "Sign in again.")
        return session

    def compose(self) -> ComposeResult:
        """Frame what ``body`` yields."""
        yield self._top
        yield from self.body()
        yield NoticeLine(self.first_notice(), plain(self.desk_app.policy_foot, MUTED))
        yield KeyLine(self.shown_commands())
        yield TooSmall(self.app.size)

    def body(self) -> Iterable[Widget]:
        """Yield the widgets between the top line and the notice."""
        return ()

    def first_notice(self) -> Content:
        """Return what the notice line says at first."""
        return NOTHING

    def news(self) -> tuple[str, ...]:
        """Return what the sign-in had to tell besides the notice that stood on its own screen."""
        return tuple(each for each in self.session.signed_in.notices if each != self.desk_app.policy_notice)

    def shown_commands(self) -> tuple[Command, ...]:
        """Return the commands of the key line: the six with the smallest rank, the help among them."""
        here = [each for each in at(self.PLACE) if each.foot and each.keys and self.offers(each)]
        if self.HAS_LIST:
            here.append(by_id("list.open"))
        here.sort(key=lambda each: each.foot)
        chosen = here[:SHOWN_AT_MOST]
        aid = by_id("app.help")
        if aid in here and aid not in chosen:
            chosen[-1] = aid
        return tuple(chosen)

    def commands(self) -> tuple[Command, ...]:
        """Return every command that holds here for these roles, for the help and the palette."""
        return tuple(each for each in at(self.PLACE) if self.offers(each))

    async def run_command(self, command_id: str | None) -> None:
        """Give a command by its id, as if its key had been pressed here."""
        if command_id is not None:
            await self.run_action(by_id(command_id).action)

    def offers(self, command: Command) -> bool:
        """Say whether this person's roles make a command worth offering."""
        return self.desk_app.offers(command)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer a key only to whom its command is open."""
        return all(map(self.offers, given_by(action, parameters)))

    def on_mount(self) -> None:
        """Show who is signed in; a screen that comes while all are masked is masked too."""
        self.refresh_top()
        if self.desk_app.sentinel.masked:
            self.mask(hidden=True)

    def on_screen_resume(self) -> None:
        """Show what changed while another screen was on top; the accent is here again."""
        self._wear_accent(worn=True)
        self.refresh_top()

    def on_screen_suspend(self) -> None:
        """Give the accent to the screen on top: only one pane wears it."""
        self._wear_accent(worn=False)

    def _wear_accent(self, *, worn: bool) -> None:
        """Mark the pane or box with the focus alone: a class on the screen would paint all of it anew."""
        focused = self.focused
        if focused is not None:
            for widget in (focused, focused.parent):
                if isinstance(widget, Widget) and widget is not self:
                    widget.set_class(not worn, "under")

    def refresh_top(self) -> None:
        """Draw the top line again."""
        self._top.session = self.desk_app.session
        self._top.refresh()

    def say(self, notice: Content) -> None:
        """Put something on the notice line."""
        try:
            self.query_one(NoticeLine).notice = notice
        except NoMatches:
            # The screen is going: whoever looks at the next one is told there.
            return

    def ask(self, job: Callable[[], T], then: Callable[[T], None], busy: str = "") -> None:
        """Run a service in a thread and hand its answer to ``then``, unless something else was asked meanwhile.

        A refusal is said on the notice line by ``failed``. ``busy`` is said when the answer takes a while.
        """
        self._token += 1
        self._again = None
        self._calm()
        if busy:
            self._busy = [
                self.set_timer(_BUSY_AFTER, lambda: self.say(plain(f"{busy}…", MUTED))),
                self.set_timer(_STILL_BUSY_AFTER, lambda: self.say(plain(f"still {busy} · esc goes back", MUTED))),
            ]
        token = self._token
        self._asked = partial(self.ask, job, then, busy)

        def answer() -> None:
            result = job()
            self.post_message(Answered(token, lambda: then(result)))

        self._work(answer, token)

    @work(thread=True, exclusive=True, exit_on_error=False, group="service")
    def _work(self, answer: Callable[[], None], token: int) -> None:
        try:
            answer()
        except StaffdeskError as error:
            self.post_message(Failed(token, error))

    @on(Answered)
    def _show_answer(self, message: Answered) -> None:
        message.stop()
        if message.token != self._token or self not in self.app.screen_stack:
            return
        self._calm()
        message.then()
        self.refresh_top()
        self.desk_app.acted()

    @on(Failed)
    def _show_failure(self, message: Failed) -> None:
        message.stop()
        if message.token != self._token or self not in self.app.screen_stack:
            return
        if self.desk_app.locked and self.PLACE is not Place.LOCKED:
            # A screen on its way out behind the lock: its session is locked, not over.
            return
        self._calm()
        self._again = self._asked
        if isinstance(message.error, SessionEnded) and self.desk_app.session is not None:
            self.desk_app.session_over(message.error)
            return
        if isinstance(message.error, LogUnavailable) and self.desk_app.session is not None:
            self.desk_app.session.log_lost = True
        self.failed(message.error)
        self.refresh_top()

    def failed(self, error: StaffdeskError) -> None:
        """Say what went wrong and the next step."""
        self.say(failure(error.sentence, error.hint))

    def abandon(self) -> None:
        """Wait for no answer any more."""
        self._token += 1
        self._calm()

    def mask(self, hidden: bool) -> None:
        """Hide what is personal after a while without a key, or show it again; reveals do not come back.

        What was typed and the widgets of the class ``personal`` are hidden here; a screen that shows more adds to it.
        """
        for field in self.query(Field):
            field.masked = hidden
        for widget in self.query(".personal"):
            widget.visible = not hidden

    def action_retry(self) -> None:
        """Do again what failed."""
        if self._again is not None:
            self._again()

    def action_next_field(self) -> None:
        """Go to the next field or pane."""
        self.focus_next()

    def action_previous_field(self) -> None:
        """Go to the field or pane before."""
        self.focus_previous()

    def action_back(self) -> None:
        """Go back one level."""
        self.abandon()
        self.desk_app.back()

    async def _dispatch_message(self, message: Message) -> None:
        """Take a session that is over for what it is, in whichever handler it is found out: no incident."""
        try:
            await super()._dispatch_message(message)
        except SessionEnded as error:
            self.desk_app.session_over(error)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Stop for an error nobody foresaw: silence would look like an empty answer."""
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            raise event.worker.error

    def _calm(self) -> None:
        for timer in self._busy:
            timer.stop()
        self._busy = []


class DeskDialog(DeskScreen[R], ModalScreen[R], inherit_bindings=False):
    """A question over a screen: Enter answers, Esc leaves everything as it was."""

    PLACE: ClassVar[Place] = Place.DIALOG
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - the framework's name and type

    def compose(self) -> ComposeResult:
        """Show the body alone: the screen beneath keeps its frame."""
        yield from self.body()
        yield TooSmall(self.app.size)

    def action_back(self) -> None:
        """Leave without an answer."""
        self.abandon()
        self.dismiss(None)
