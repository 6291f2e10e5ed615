"""The application: who is signed in, which screen he sees, when it locks; the desk opens behind the first frame."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from textual import events
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget

from staffdesk.domain.errors import SessionEnded, SignInFailed, StaffdeskError
from staffdesk.parameters import load
from staffdesk.tui.at_once import AtOnce
from staffdesk.tui.base import DeskScreen
from staffdesk.tui.calm import is_calm
from staffdesk.tui.command import Place
from staffdesk.tui.launcher import is_orphaned
from staffdesk.tui.leaving import WARM_AFTER, LeavingApp
from staffdesk.tui.places import home_of, screen_of
from staffdesk.tui.screens.sign_in import SignInScreen
from staffdesk.tui.sentinel import Sentinel
from staffdesk.tui.session import Session
from staffdesk.tui.themes import begin_with_own
from staffdesk.tui.turns import UNSEEN, Turns
from staffdesk.tui.widgets.too_small import TooSmall, too_small

if TYPE_CHECKING:
    from staffdesk.services.desk import Desk
    from staffdesk.services.sign_in import SignedIn
    from staffdesk.tui.demo_account import DemoAccount

_STYLES: Final = Path(__file__).parent / "styles"
_SIGN_IN_AND_ONE: Final = 2


class DeskApp(LeavingApp, inherit_bindings=False):
    """The desk in a terminal; ``open_desk`` is called in a thread once the first frame stands."""

    CSS_PATH = [_STYLES / "app.tcss", _STYLES / "sign_in.tcss"]  # noqa: RUF012 - the framework's name and type

    sentinel: Sentinel
    turns: Turns

    def __init__(
        self,
        open_desk: Callable[[], Desk],
        accounts: Sequence[DemoAccount] = (),
        *,
        incidents: Path | None = None,
    ) -> None:
        """Offer ``accounts`` on the sign-in screen (demo only); leave a crash's id and place in ``incidents``."""
        super().__init__(open_desk, incidents=incidents)
        self.accounts = tuple(accounts)
        self.locked = False
        self.sentinel = Sentinel(self)
        self.turns = Turns(self)
        # The file as it stands, not its checked shape: what checks shapes is imported behind the first frame.
        policy = load("policy")
        self.policy_notice = str(policy["banner"]).format(dated=policy["dated"])
        self.policy_foot = str(policy["footer"]).format(dated=policy["dated"])
        self.title = "staffdesk"
        self.set_class(is_calm(), "-calm")
        begin_with_own(self)

    def get_default_screen(self) -> Screen[None]:
        """Begin with the sign-in, which stays at the bottom of everything."""
        return SignInScreen()

    def on_mount(self) -> None:
        """Paint first; then open the desk, and watch the clock and the signals."""
        self.begin()
        self.sentinel.start()

    async def on_event(self, event: events.Event) -> None:
        """Note that somebody is there, whatever he pressed, and hand on what may act."""
        if isinstance(event, AtOnce):
            for key in event.in_turn():
                await self._take(key, event)
                await asyncio.sleep(0)  # lets a field that is full say so, behind which keys are dropped
        elif isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            await self._take(event)
        elif not isinstance(event, events.InputEvent | events.Paste) or self._may_act(event):
            if isinstance(event, events.MouseDown) and isinstance(self.screen, DeskScreen):
                self.screen.before(event)
            await super().on_event(event)

    async def _take(self, event: events.Key | events.Paste, at_once: AtOnce | None = None) -> None:
        if self._may_act(event) and not self.turns.in_vain(event):
            self.turns.hold(event, at_once)
            await self.hand_out_keys()

    async def hand_out_keys(self) -> None:
        """Let the keys act that have come, one after another, as long as what they lead to stands already."""
        while (event := self.turns.next()) is not None:
            if self._may_act(event):
                focused = self.focused
                if self._is_answer(event):
                    continue
                await super().on_event(event)
                self.turns.begin(event, focused)

    def _is_answer(self, event: events.Key | events.Paste) -> bool:
        """Say whether a key was the answer to what a screen asked; else what the screen has said is taken back."""
        screen = self.screen
        if not isinstance(screen, DeskScreen):
            return False
        if screen.asks:
            # Before the answer: it may ask a service, and the keys behind it wait for that.
            self.turns.begin(event, self.focused or screen)
        return screen.before(event)

    async def end_turn(self, number: int) -> None:
        """End the turn of a key whose messages have all been answered."""
        self.turns.end(number)
        await self.hand_out_keys()

    def _may_act(self, event: events.Event) -> bool:
        """Say whether a key or a click may act; the one that finds the desk long idle locks it and does nothing else.

        So does every other until the lock is there to take it, and all that come behind the one that leaves.
        """
        self.sentinel.check()
        if self.leaving or (self.locked and not self._is_at_lock()):
            return False
        if isinstance(event, events.Key | events.Paste | events.MouseDown):
            self.sentinel.touched()
        return not too_small(self.size) or (isinstance(event, events.Key) and event.key in UNSEEN)

    def on_resize(self, event: events.Resize) -> None:
        """Cover every screen where nothing could be read, before it is painted in the new size."""
        for screen in self.screen_stack:
            for cover in screen.query(TooSmall):
                cover.fit(event.size)

    def signed_in(self, signed_in: SignedIn) -> None:
        """Go on with the person who signed in; a one-time password is changed first."""
        self.session = Session(signed_in, host=socket.gethostname(), begun=not signed_in.must_change_password)
        self.locked = False
        self.sentinel.fresh()
        if signed_in.must_change_password:
            from staffdesk.tui.screens.new_password import NewPasswordScreen  # noqa: PLC0415 - once in an account's life

            self.show(NewPasswordScreen())
        else:
            self.go_home()
        self.set_timer(WARM_AFTER, self.warm)

    def go_home(self) -> None:
        """Go to the first screen of these roles."""
        if self.session is not None:
            self.action_go(home_of(self.session))

    def action_go(self, place: str) -> None:
        """Go to a place by its name."""
        self.show(screen_of(place)())

    def show(self, screen: Screen[None]) -> None:
        """Put a screen in the place of all others above the sign-in; those are unmounted with all they showed."""
        self.turns.changing += 1
        self.call_later(self._change_to, screen)

    async def _change_to(self, screen: Screen[None]) -> None:
        try:
            await self._show(screen)
        finally:
            self.turns.changing -= 1
        await self.hand_out_keys()

    async def _show(self, screen: Screen[None] | None) -> None:
        with self.batch_update():
            while len(self.screen_stack) > (1 if screen is None else _SIGN_IN_AND_ONE):
                await self.pop_screen()
            if screen is None:
                return
            if len(self.screen_stack) > 1:
                await self.switch_screen(screen)
            else:
                await self.push_screen(screen)

    def lay_over(self, screen: Screen[None], under: Widget) -> None:
        """Put a screen over the one that asked for it, in one frame: over SSH every frame on the way there is sent.

        It does not come where the desk was locked or left meanwhile, nor over what was opened there since: what is
        typed into a dialog must not become a command of a record.
        """
        self.turns.changing += 1
        self.call_later(self._lay_over, screen, under, self.session)

    async def _lay_over(self, screen: Screen[None], under: Widget, session: Session | None) -> None:
        try:
            if session is not None and self.session is session and not self.locked and self.screen is under:
                with self.batch_update():
                    await self.push_screen(screen)
        finally:
            self.turns.changing -= 1
        await self.hand_out_keys()

    def back(self) -> None:
        """Go back one level; from the last one to the first screen, and from that nowhere."""
        if self._is_over_another():
            self.pop_screen()
        elif self.leads_back():
            self.go_home()

    def leads_back(self) -> bool:
        """Say whether there is somewhere to go back to."""
        is_home = (
            self.session is not None
            and isinstance(self.screen, DeskScreen)
            and self.screen.PLACE is home_of(self.session)
        )
        return self._is_over_another() or (self.session is not None and not is_home)

    def _is_over_another(self) -> bool:
        return len(self.screen_stack) > (1 if self.session is None else _SIGN_IN_AND_ONE)

    def action_lock(self) -> None:
        """Lock: everything shown is unmounted, the service is told, and only the password leads back."""
        from staffdesk.tui.screens.locked import LockedScreen  # noqa: PLC0415 - rarely needed

        if self.session is None or self.locked:
            return
        self.locked = True
        self.turns.drop()
        self.session.forget_purpose()
        # Also the way to mend a picture that another program has written over.
        self.take_back()
        self.show(LockedScreen())
        self.tell(partial(self.desk.sign_in.lock, self.session.sid))

    def unlocked(self) -> None:
        """Go on where the day begins; the purpose is asked again."""
        self.locked = False
        self.sentinel.fresh()
        self.go_home()

    def session_over(self, error: SignInFailed) -> None:
        """Go to the sign-in: the session was ended elsewhere, is too old, or the account may not be used now.

        Where nobody is signed in any more the way there, or out, has begun.
        """
        if self.session is None:
            return
        self.session = None
        self.locked = False
        self.turns.drop()
        self.take_back()
        self.call_later(self._to_sign_in, error)

    async def _to_sign_in(self, error: SignInFailed) -> None:
        await self._show(None)
        if isinstance(self.screen, SignInScreen):
            self.screen.failed(error)

    async def _dispatch_message(self, message: Message) -> None:
        """Take a session that is over for what it is; the keys of all screens act here."""
        try:
            await super()._dispatch_message(message)
        except SessionEnded as error:
            self.session_over(error)

    def _handle_exception(self, error: Exception) -> None:
        """Take a session that is over for what it is where the framework caught it: in a timer, or while composing."""
        if isinstance(error, SessionEnded):
            self.session_over(error)
        else:
            super()._handle_exception(error)

    def acted(self) -> None:
        """Note that something was done, which the log must show."""
        self.sentinel.acted()

    def may_paint(self) -> bool:
        """Paint nothing of a desk that should have been locked or masked by now, as after a sleep, until it is.

        Nor of one whose launcher is gone: nobody would wipe it.
        """
        if is_orphaned():
            return False
        masked = self.sentinel.masked
        self.sentinel.check()
        if self.sentinel.masked and not masked:
            self.call_later(self.refresh)
            return False
        return not self.locked or self._is_at_lock()

    def _is_at_lock(self) -> bool:
        return any(isinstance(screen, DeskScreen) and screen.PLACE is Place.LOCKED for screen in self.screen_stack)

    def trouble(self, error: StaffdeskError) -> None:
        """Say what a call nobody waits for could not do."""
        self.sentinel.trouble(error)
