"""The sign-in: the first frame, with the notice that everything is logged; in the demo one key signs in."""

from __future__ import annotations

import socket
from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.containers import Grid, VerticalGroup
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from staffdesk.domain.errors import SessionEnded, StaffdeskError
from staffdesk.tui.base import DeskScreen
from staffdesk.tui.command import Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.phrases import failure
from staffdesk.tui.plain import KEY, MUTED, NOTHING, fit, joined, plain
from staffdesk.tui.widgets.field import Field
from staffdesk.tui.widgets.rows import Line, Rows
from staffdesk.tui.widgets.secret_input import SecretInput

if TYPE_CHECKING:
    from staffdesk.services.sign_in import SignedIn
    from staffdesk.tui.demo_account import DemoAccount

_LONGEST_NAME = 64
_LETTER, _ROLE = 4, 12


class SignInScreen(DeskScreen[None], inherit_bindings=False):
    """User name and password; the desk itself may still be opening while they are typed."""

    PLACE: ClassVar[Place] = Place.SIGN_IN
    BINDINGS = bindings_of(Place.SIGN_IN)

    def __init__(self) -> None:
        """Name the place."""
        super().__init__(plain("Sign in"))

    def body(self) -> Iterable[Widget]:
        """Yield the form, and in the demo the accounts under it."""
        with VerticalGroup(id="sign-in"):
            with Grid(id="form") as form:
                form.border_title = plain("Sign in")
                yield Static(plain("User name", MUTED))
                yield Field(id="user-name", longest=_LONGEST_NAME)
                yield Static(plain("Password", MUTED))
                yield SecretInput(id="password")
            yield Static(plain(self.desk_app.policy_notice), id="logged")
            if self.desk_app.accounts:
                rows = Rows(id="accounts")
                rows.border_title = plain("An invented company: one key signs in")
                yield rows

    def on_mount(self) -> None:
        """Offer the accounts of the demo; else wait for a name."""
        accounts = self.desk_app.accounts
        if not accounts:
            self.query_one(Field).focus()
            return
        letters = letters_of(accounts)
        rows = self.query_one(Rows)
        rows.put([Line(each.user_name, partial(_account, letter, each)) for letter, each in letters.items()])
        rows.focus()

    def on_key(self, event: events.Key) -> None:
        """Sign in the demo account of this letter, unless something is being typed."""
        account = letters_of(self.desk_app.accounts).get(event.key)
        if account is not None and isinstance(self.focused, Rows):
            event.stop()
            self._sign_in(account.user_name, account.password)

    @on(Rows.Selected)
    def take_account(self, event: Rows.Selected) -> None:
        """Sign in the demo account under the cursor."""
        for account in self.desk_app.accounts:
            if account.user_name == event.key:
                self._sign_in(account.user_name, account.password)

    @on(Field.Submitted)
    def go_to_password(self) -> None:
        """Go on with the password."""
        self.query_one(SecretInput).focus()

    @on(SecretInput.Entered)
    def sign_in_as_typed(self) -> None:
        """Try the name and the password that were typed."""
        name = self.query_one(Field).value.strip()
        if not name or self.query_one(SecretInput).empty:
            self.say(plain("Type your user name and your password."))
            return
        self._sign_in(name, self.query_one(SecretInput).take())

    def failed(self, error: StaffdeskError) -> None:
        """Say why, and wait for another try: where somebody typed, his name stands there still and his password not."""
        named = bool(self.query_one(Field).value)
        again = "" if isinstance(error, SessionEnded) or not named else " The password must be typed again."
        self.say(failure(error.sentence, f"{error.hint}{again}"))
        if named:
            self.query_one(SecretInput).focus()
        else:
            self.query_one(Rows if self.desk_app.accounts else Field).focus()

    def action_back(self) -> None:
        """Stay: there is nothing before the sign-in."""

    def _sign_in(self, name: str, password: str) -> None:
        if self.waiting or self.desk_app.session is not None:
            # Each try that succeeds begins a session: one at a time.
            return
        coming, host = self.desk_app.desk_coming, socket.gethostname()
        self.say(NOTHING)

        def job() -> SignedIn:
            return coming.result().sign_in.sign_in(name, password, host)

        self.ask(job, self._go_on, "signing in")

    def _go_on(self, signed_in: SignedIn) -> None:
        self.query_one(Field).value = ""
        self.say(NOTHING)
        self.desk_app.signed_in(signed_in)


def letters_of(accounts: Sequence[DemoAccount]) -> dict[str, DemoAccount]:
    """Give each account a letter of its role that no other has, and that moves no cursor."""
    letters: dict[str, DemoAccount] = {}
    for account in accounts:
        candidates = [*account.role, *account.user_name, *"abcdefhilmnoprstuvwxyz"]
        letter = next(c for c in candidates if c.isascii() and c.islower() and c not in "jkgq" and c not in letters)
        letters[letter] = account
    return letters


def _account(letter: str, account: DemoAccount, width: int) -> Content:
    return fit(
        joined(
            fit(plain(f" {letter}", KEY), _LETTER), fit(plain(account.role), _ROLE), plain(account.user_name, MUTED)
        ),
        width,
    )
