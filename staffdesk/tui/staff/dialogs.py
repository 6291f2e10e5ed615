"""Adding an account and asking for other roles; an approver puts either in force."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import partial
from typing import ClassVar, Final, TypeVar

from textual import on
from textual.containers import Grid
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from staffdesk.domain.access import Entity, Role
from staffdesk.domain.errors import BadInput, StaffdeskError
from staffdesk.domain.matters import Account
from staffdesk.tui.base import DeskDialog
from staffdesk.tui.commands import Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.phrases import failure
from staffdesk.tui.plain import MUTED, plain
from staffdesk.tui.widgets.choice import Choice
from staffdesk.tui.widgets.field import Field
from staffdesk.tui.widgets.ticks import Ticks

_NO, _YES = "no", "yes"
_LONGEST: Final = 200
_LONGEST_DAY: Final = 10
_FIELDS: Final = (
    ("User name", "user-name", "ana.holm"),
    ("Full name", "full-name", ""),
    ("Number", "number", "the employee's number"),
    ("E-mail", "email", "at work; may stay empty"),
)
_DAYS: Final = (("From", "from", "today"), ("Until", "until", "open"))

R = TypeVar("R")


class AccountDialog(DeskDialog[R], inherit_bindings=False):
    """A form that ends with a question whether it is meant."""

    EXPLAINED: ClassVar[tuple[Place, str] | None] = (Place.STAFF, "Adding and changing")
    CSS_PATH = "../styles/dialog.tcss"

    @on(Choice.Chosen, "#entity")
    @on(Ticks.Taken)
    @on(Field.Submitted)
    def go_on(self) -> None:
        """Go to the next line."""
        self.action_next_field()

    @on(Choice.Chosen, "#sure")
    def decide(self) -> None:
        """Do it, once, if that is meant."""
        if self.waiting:
            return
        if self.query_one("#sure", Choice).value != _YES:
            self._note(plain("Choose yes, or Esc to leave everything as it is."))
            return
        try:
            self.do()
        except BadInput as error:
            self.failed(error)

    def do(self) -> None:
        """Ask the service; raises :class:`BadInput` for what cannot be read."""
        raise NotImplementedError

    def answer(self, done: R) -> None:
        """Close the form with what was made."""
        self.dismiss(done)

    def failed(self, error: StaffdeskError) -> None:
        """Say in the form what is wrong with it."""
        self._note(failure(error.sentence, error.hint))

    def roles(self) -> tuple[Role, ...]:
        """Return the roles that are ticked."""
        return tuple(Role(word) for word in self.query_one(Ticks).values)

    def _note(self, text: Content) -> None:
        self.query_one("#note", Static).update(text)


class AddAccountDialog(AccountDialog[tuple[Account, str]], inherit_bindings=False):
    """Answers the account and its first password, which is shown once and nowhere kept."""

    BINDINGS = bindings_of(Place.DIALOG)

    def body(self) -> Iterable[Widget]:
        """Yield who it is, the roles, the days, the question."""
        with Grid(id="box", classes="account") as box:
            box.border_title = plain("Add an account")
            box.border_subtitle = plain("tab next · space ticks · enter goes on · esc back")
            for label, name, example in _FIELDS:
                yield Static(plain(label, MUTED))
                yield Field(id=name, longest=_LONGEST, placeholder=example)
            yield Static(plain("Employed by", MUTED))
            yield Choice([each.value for each in Entity], id="entity")
            yield Static(plain("Roles", MUTED))
            yield Ticks([role.value for role in Role], id="roles")
            for label, name, example in _DAYS:
                yield Static(plain(label, MUTED))
                yield Field(id=name, longest=_LONGEST_DAY, placeholder=example)
            yield Static(plain("Add it", MUTED))
            yield Choice((_NO, _YES), wide=True, id="sure")
            yield Static(plain("It waits for an approver; its first password is shown once."), id="note")

    def on_mount(self) -> None:
        """Begin with the user name."""
        self.query_one("#user-name", Field).focus()

    def do(self) -> None:
        """Add the account."""
        job = partial(
            self.desk.staff.add,
            self.session.desk_access,
            user_name=self._typed("user-name"),
            full_name=self._typed("full-name"),
            employee_number=self._typed("number"),
            entity=Entity(self.query_one("#entity", Choice).value),
            roles=self.roles(),
            email=self._typed("email") or None,
            valid_from=self._day("from"),
            valid_until=self._day("until"),
        )
        self.ask(job, self.answer)

    def _typed(self, name: str) -> str:
        return self.query_one(f"#{name}", Field).value.strip()

    def _day(self, name: str) -> dt.date | None:
        written = self._typed(name)
        if not written:
            return None
        try:
            return dt.date.fromisoformat(written)
        except ValueError:
            raise BadInput("This is no day.", "Write it as 2026-12-31, or leave it empty.") from None


class RolesDialog(AccountDialog[Account], inherit_bindings=False):
    """Answers the account once its roles were asked for."""

    BINDINGS = bindings_of(Place.DIALOG)

    def __init__(self, account: Account) -> None:
        """Begin with the roles that are asked for already, else with those it has."""
        super().__init__()
        self._account = account
        self._before: Sequence[Role] = account.roles if account.pending is None else account.pending

    def body(self) -> Iterable[Widget]:
        """Yield the roles and the question."""
        with Grid(id="box", classes="roles") as box:
            box.border_title = plain(f"Roles of {self._account.user_name}")
            box.border_subtitle = plain("space ticks · enter goes on · esc back")
            yield Static(plain("Roles", MUTED))
            yield Ticks([role.value for role in Role], [role.value for role in self._before], id="roles")
            yield Static(plain("Ask for them", MUTED))
            yield Choice((_NO, _YES), wide=True, id="sure")
            yield Static(plain("They replace all it has once an approver agrees."), id="note")

    def on_mount(self) -> None:
        """Begin with the roles."""
        self.query_one(Ticks).focus()

    def do(self) -> None:
        """Ask for the roles."""
        access, name = self.session.desk_access, self._account.user_name
        self.ask(partial(self.desk.staff.change_roles, access, name, self.roles()), self.answer)
