"""What a screen may ask of the application it is shown in: who is signed in, which desk, where to go from here."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Protocol, TypeVar

from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget

from staffdesk.domain.errors import SignInFailed
from staffdesk.tui.command import Command
from staffdesk.tui.painting import PaintingApp

if TYPE_CHECKING:
    from staffdesk.domain.access import Access
    from staffdesk.domain.records import Record
    from staffdesk.services.desk import Desk
    from staffdesk.services.sign_in import SignedIn
    from staffdesk.tui.demo_account import DemoAccount
    from staffdesk.tui.session import Session

R = TypeVar("R")


class KeysInTurn(Protocol):
    """The keys that have come and not yet acted, as a screen that asks something knows them."""

    def lead(self, screen: Widget) -> None:
        """Let what is typed on wait for where an answer leads."""

    def asked(self, awaited: Callable[[], bool]) -> None:
        """Let the turn in hand last while the answer just asked for is awaited."""

    def answered(self) -> None:
        """Let the turn in hand end once what the answer led to stands."""

    def drop(self) -> None:
        """Forget the keys that wait."""


class Watch(Protocol):
    """What hides values after a while, and when the database is lost, as a screen knows it."""

    @property
    def masked(self) -> bool:
        """Whether what is personal is hidden now."""

    def why_masked(self, screen: Screen[R]) -> Content:
        """Return what is said on a screen while things are hidden."""

    def why_lost(self, screen: Screen[R]) -> Content:
        """Return what is said on a screen until the database is back, or nothing where it is there."""

    def pulse(self) -> None:
        """Ask whether the session still holds."""


class Application(PaintingApp, inherit_bindings=False):
    """The application, as screens and what watches over them know it.

    ``accounts`` are offered on the sign-in screen (demo only); the policy's sentences are said there and on each frame.
    """

    session: Session | None = None
    locked = False
    desk_coming: Future[Desk]
    turns: KeysInTurn
    sentinel: Watch
    accounts: tuple[DemoAccount, ...]
    policy_notice: str
    policy_foot: str

    @property
    def desk(self) -> Desk:
        """The services; only asked for once somebody has signed in."""
        return self.desk_coming.result(timeout=0)

    def offers(self, command: Command) -> bool:
        """Say whether the roles of whoever is signed in make a command worth offering."""
        session = self.session
        may = command.act is None or (session is not None and session.may(command.act))
        return may and (command.purpose is None or (session is not None and command.purpose in session.purposes()))

    def signed_in(self, signed_in: SignedIn) -> None:
        """Go on with the person who signed in."""
        raise NotImplementedError

    def session_over(self, error: SignInFailed) -> None:
        """Go to the sign-in, and say there why."""
        raise NotImplementedError

    def action_lock(self) -> None:
        """Lock: only the password leads back."""
        raise NotImplementedError

    def unlocked(self) -> None:
        """Go on where the day begins."""
        raise NotImplementedError

    def acted(self) -> None:
        """Note that something was done, which the log must show."""
        raise NotImplementedError

    def tell(self, job: Callable[[], None]) -> None:
        """Call a service in a thread, where nobody waits for an answer."""
        raise NotImplementedError

    async def hand_out_keys(self) -> None:
        """Let the keys act that have come."""
        raise NotImplementedError

    async def end_turn(self, number: int) -> None:
        """End the turn of a key whose messages have all been answered."""
        raise NotImplementedError

    def action_go(self, place: str) -> None:
        """Go to a place by its name."""
        raise NotImplementedError

    def go_home(self) -> None:
        """Go to the first screen of these roles."""
        raise NotImplementedError

    def back(self) -> None:
        """Go back one level."""
        raise NotImplementedError

    def leads_back(self) -> bool:
        """Say whether there is somewhere to go back to."""
        raise NotImplementedError

    def show(self, screen: Screen[None]) -> None:
        """Put a screen in the place of all others above the sign-in."""
        raise NotImplementedError

    def lay_over(self, screen: Screen[None], under: Widget) -> None:
        """Put a screen over the one that asked for it, unless something came between."""
        raise NotImplementedError

    def show_record(
        self, record: Record, access: Access, under: Widget, *, then: Callable[[Screen[None]], None] | None = None
    ) -> None:
        """Put a record over the screen that opened it, and do ``then`` on it."""
        raise NotImplementedError

    def show_requests(self, said: Content) -> None:
        """Go to the requests, read anew, and say something there."""
        raise NotImplementedError

    def show_entries(self, asked: str) -> None:
        """Put the log over this screen, filtered."""
        raise NotImplementedError

    def show_items(self, asked: str) -> None:
        """Put the review's list over this screen, filtered."""
        raise NotImplementedError
