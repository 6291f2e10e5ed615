"""How a screen asks a service: in a thread, for as long as it waits; what comes late is dropped, a refusal is said."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, ClassVar, TypeVar, cast

from textual import on, work
from textual.content import Content
from textual.css.query import NoMatches
from textual.timer import Timer
from textual.worker import Worker, WorkerState

from staffdesk.data.deadline import Deadline
from staffdesk.domain.errors import LogUnavailable, SessionEnded, StaffdeskError, StorageUnavailable
from staffdesk.tui.command import Place
from staffdesk.tui.commands import by_id
from staffdesk.tui.going import GoingScreen
from staffdesk.tui.messages import Answered, Failed
from staffdesk.tui.phrases import failure
from staffdesk.tui.plain import MUTED, NOTHING, WARN, joined, plain
from staffdesk.tui.widgets.bars import NoticeLine
from staffdesk.tui.widgets.field import Field

if TYPE_CHECKING:
    from staffdesk.services.desk import Desk
    from staffdesk.tui.application import Application
    from staffdesk.tui.session import Session

T = TypeVar("T")
R = TypeVar("R")

PATIENCE = 2.0
"""Seconds from the key to the answer; nothing is shown after that. They begin anew with the key that asks again."""
_BUSY_AFTER = 0.3
_STILL_BUSY_AFTER = 3.0


class AskingScreen(GoingScreen[R], inherit_bindings=False):
    """A screen that asks one thing at a time and says on its notice line how that ended."""

    PLACE: ClassVar[Place]
    BESIDE_QUESTION: ClassVar[str] = " "
    """What stands between a question and the keys that answer it."""
    HAS_LIST: ClassVar[bool] = False
    """Whether it shows a list, which its keys are about."""
    BUSY: ClassVar[str] = ""
    """What is said while an answer takes a while, where the question has no word of its own."""

    def __init__(self) -> None:
        """Wait for nothing yet."""
        super().__init__()
        self._token = 0
        self._waiting = False
        self._asked: Callable[[], None] | None = None
        self._again: Callable[[], None] | None = None
        self._patience: Deadline | None = None
        self._busy: list[Timer] = []
        self._said_busy = False
        self._passing = False
        self._question: Callable[[], None] | None = None

    def on_mount(self) -> None:
        """Let keys wait for a list that is still on its way: they are meant for what stands in it."""
        if self.HAS_LIST and self._waiting:
            self.desk_app.turns.lead(self)
            self.desk_app.turns.asked(partial(self.waits_for, self._token))

    @property
    def desk_app(self) -> Application:
        """The application, which these screens know and no other."""
        return cast("Application", self.app)

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

    @property
    def waiting(self) -> bool:
        """Whether an answer is on its way: what must not be done twice looks here first."""
        return self._waiting

    @property
    def can_retry(self) -> bool:
        """Whether something failed here that the key for it does again; in a field it is a letter."""
        return self._again is not None and not isinstance(self.focused, Field)

    def waits_for(self, token: int) -> bool:
        """Say whether the answer to this question is on its way, and will be taken."""
        return self._waiting and token == self._token and self in self.app.screen_stack

    @property
    def asks(self) -> bool:
        """Whether a question stands that Enter answers with yes."""
        return self._question is not None

    def say(self, notice: Content) -> None:
        """Say something until the next key that does something; a question that stood is asked no more."""
        self._put(notice, passing=True)

    def confirm(self, question: str, does: str, then: Callable[[], None]) -> None:
        """Ask before something is done: ``Close C-2026-0412?``, and what Enter does: ``closes it``.

        Enter does it, Esc leaves it; whoever presses another key means something else.
        """
        keys = plain(f"Enter {does} · Esc leaves it", MUTED)
        self.say(joined(plain(f"? {question}", WARN), keys, by=self.BESIDE_QUESTION))
        self._question = then

    def notice(self) -> Content:
        """Return what the notice says while there is nothing else to say."""
        return NOTHING

    def rest(self) -> None:
        """Take back what was said last: it is no longer so. That the database is lost is said until it is back."""
        self._put(self.desk_app.sentinel.why_lost(self) or self.notice(), passing=False)

    def rest_unless_said(self) -> None:
        """Say anew what the notice says by itself, where nothing that was said stands before it."""
        if not self._passing and not self.waiting:
            self.rest()

    def take_back(self, *, moves: bool = False) -> None:
        """Take back what was said, since a key does something; one that only ``moves`` among fields leaves it."""
        del moves
        if self._passing:
            self.rest()

    def answer_question(self, *, yes: bool) -> None:
        """Do what was asked about, or leave it."""
        question = self._question
        self.rest()
        if yes and question is not None:
            question()

    def put_notice(self, notice: Content) -> None:
        """Show the notice where this screen has a place for it."""
        try:
            self.query_one(NoticeLine).notice = notice
        except NoMatches:
            # The screen is going: whoever looks at the next one is told there.
            return

    def _put(self, notice: Content, *, passing: bool) -> None:
        self._said_busy, self._passing, self._question = False, passing, None
        self.put_notice(notice)

    def refresh_top(self) -> None:
        """Draw again what an answer may have changed around the middle of the screen."""

    def ask(self, job: Callable[[], T], then: Callable[[T], None], busy: str = "") -> None:
        """Run a service in a thread and hand its answer to ``then``, unless something else was asked meanwhile.

        A refusal is said on the notice line by ``failed``. ``busy``, else the screen's own word, is said when the
        answer takes a while.
        """
        busy = busy or self.BUSY
        self._token += 1
        self._waiting = True
        self._again = None
        self._give_up()
        self._calm()
        if busy:
            leaves = self.PLACE in by_id("app.back").places
            still = f"still {busy} · esc goes back" if leaves else f"still {busy}"
            self._busy = [
                self.set_timer(_BUSY_AFTER, partial(self._say_busy, f"{busy}…")),
                self.set_timer(_STILL_BUSY_AFTER, partial(self._say_busy, still)),
            ]
        token = self._token
        # Where nothing is asked anew by a key nothing of it is kept: it may hold a password.
        self._asked = partial(self.ask, job, then, busy) if self.PLACE in by_id("app.retry").places else None
        self.desk_app.turns.asked(partial(self.waits_for, token))

        def answer() -> None:
            result = job()
            self.post_message(Answered(token, lambda: then(result)))

        self._work(answer, token)

    def look(self, job: Callable[[Deadline], T], then: Callable[[T], None], busy: str) -> None:
        """As :meth:`ask`, for what only reads: it is ended in the database once nobody waits for it any more."""
        deadline = Deadline(PATIENCE)
        self.ask(partial(job, deadline), then, busy)
        self._patience = deadline
        self._asked = self._asked and partial(self.look, job, then, busy)

    def failed(self, error: StaffdeskError) -> None:
        """Say what went wrong and the next step."""
        self.say(failure(error.sentence, error.hint))

    def abandon(self) -> None:
        """Wait for no answer any more."""
        waited, self._waiting = self._waiting, False
        self._token += 1
        self._give_up()
        self._calm()
        if waited:
            self._hand_on()

    def action_retry(self) -> None:
        """Do again what failed."""
        if self._again is not None:
            self._again()

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
        self._waiting = False
        self._calm()
        if self._said_busy:
            self.rest()
        message.then()
        self.refresh_top()
        self.desk_app.acted()
        self._hand_on()

    @on(Failed)
    def _show_failure(self, message: Failed) -> None:
        message.stop()
        if message.token != self._token or self not in self.app.screen_stack:
            return
        self._waiting = False
        self.desk_app.turns.drop()
        self._hand_on()
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
        if isinstance(message.error, LogUnavailable | StorageUnavailable):
            # Where the database is lost, what stands here is hidden now and not at the next look at the session.
            self.desk_app.sentinel.pulse()
        self.refresh_top()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Stop for an error nobody foresaw: silence would look like an empty answer."""
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            raise event.worker.error

    def _say_busy(self, words: str) -> None:
        if not self._waiting:  # the answer came while the clock was already striking
            return
        self._put(plain(words, MUTED), passing=False)
        self._said_busy = True

    def _hand_on(self) -> None:
        """Let the keys act that waited for the answer."""
        self.desk_app.turns.answered()
        self.app.call_later(self.desk_app.hand_out_keys)

    def _give_up(self) -> None:
        """End what is still read for an answer that nobody will take."""
        if self._patience is not None:
            self._patience.give_up()
            self._patience = None

    def _calm(self) -> None:
        for timer in self._busy:
            timer.stop()
        self._busy = []
