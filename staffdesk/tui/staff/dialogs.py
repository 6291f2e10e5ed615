"""Adding an account and asking for other roles; an approver puts either in force."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
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
from staffdesk.tui.command import Place
from staffdesk.tui.due import day_or_none
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.plain import MUTED, plain
from staffdesk.tui.widgets.choice import Choice
from staffdesk.tui.widgets.field import Field
from staffdesk.tui.widgets.ticks import Ticks

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
    """A form of which Enter, in any of its fields, asks whether it is meant."""

    EXPLAINED: ClassVar[tuple[Place, str] | None] = (Place.STAFF, "Adding and changing")
    CSS_PATH = "../styles/dialog.tcss"

    @on(Choice.Chosen)
    @on(Ticks.Taken)
    @on(Field.Submitted)
    def look_it_over(self) -> None:
        """Ask whether it is meant, where all of it can be read."""
        if self.waiting:
            return
        try:
            question, does, job = self.meant()
        except BadInput as error:
            self.failed(error)
        else:
            self.confirm(question, does, lambda: self.ask(job, self.answer))

    def meant(self) -> tuple[str, str, Callable[[], R]]:
        """Return what is asked, what Enter does, and what does it; raises :class:`BadInput` for what cannot be read."""
        raise NotImplementedError

    def answer(self, done: R) -> None:
        """Close the form with what was made."""
        self.dismiss(done)

    def roles(self) -> tuple[Role, ...]:
        """Return the roles that are ticked."""
        return tuple(Role(word) for word in self.query_one(Ticks).values)

    def in_words(self) -> str:
        """Return the roles that are ticked as they are asked for."""
        return ", ".join(self.roles()) or "no role"


class AddAccountDialog(AccountDialog[tuple[Account, str]], inherit_bindings=False):
    """Answers the account and its first password, which is shown once and nowhere kept."""

    BINDINGS = bindings_of(Place.DIALOG)

    def body(self) -> Iterable[Widget]:
        """Yield who it is, the roles, the days, the question."""
        with Grid(id="box", classes="account") as box:
            box.border_title = plain("Add an account")
            box.border_subtitle = plain("tab next · space ticks · enter asks · esc leaves it")
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
            yield Static(self.notice(), id="note")

    def notice(self) -> Content:
        """Say what comes of it."""
        return plain("It waits for an approver; its first password is shown once.", MUTED)

    def on_mount(self) -> None:
        """Begin with the user name."""
        self.query_one("#user-name", Field).focus()

    def meant(self) -> tuple[str, str, Callable[[], tuple[Account, str]]]:
        """Add the account."""
        name = self._typed("user-name")
        if not name:
            raise BadInput("An account needs a user name.", "Type it in the first field.")
        first, last = self._days()
        job = partial(
            self.desk.staff.add,
            self.session.desk_access,
            user_name=name,
            full_name=self._typed("full-name"),
            employee_number=self._typed("number"),
            entity=Entity(self.query_one("#entity", Choice).value),
            roles=self.roles(),
            email=self._typed("email") or None,
            valid_from=first,
            valid_until=last,
        )
        return f"Add the account {name} with: {self.in_words()}?", "adds it", job

    def _typed(self, name: str) -> str:
        return self.query_one(f"#{name}", Field).value.strip()

    def failed(self, error: StaffdeskError) -> None:
        """Say what is wrong, and go to the field it is about, where that is known."""
        super().failed(error)
        name = error.field if isinstance(error, BadInput) else ""
        if name in {each for _, each, _ in (*_FIELDS, *_DAYS)}:
            self.query_one(f"#{name}", Field).focus()

    def _days(self) -> Iterator[dt.date | None]:
        for label, name, _ in _DAYS:
            yield day_or_none(self._typed(name), label, name)


class RolesDialog(AccountDialog[Account], inherit_bindings=False):
    """Answers the account once its roles were asked for."""

    BINDINGS = bindings_of(Place.DIALOG)

    def __init__(self, account: Account) -> None:
        """Begin with the roles that are asked for already, else with those it has."""
        super().__init__()
        self._account = account
        self._before: Sequence[Role] = account.pending or account.roles

    def body(self) -> Iterable[Widget]:
        """Yield the roles and the question."""
        with Grid(id="box", classes="roles") as box:
            box.border_title = plain(f"Roles of {self._account.user_name}")
            box.border_subtitle = plain("space ticks · enter asks · esc leaves it")
            yield Static(plain("Roles", MUTED))
            yield Ticks([role.value for role in Role], [role.value for role in self._before], id="roles")
            yield Static(self.notice(), id="note")

    def notice(self) -> Content:
        """Say what comes of it."""
        return plain("They replace all it has once an approver agrees.", MUTED)

    def on_mount(self) -> None:
        """Begin with the roles."""
        self.query_one(Ticks).focus()

    def meant(self) -> tuple[str, str, Callable[[], Account]]:
        """Ask for the roles."""
        access, name = self.session.desk_access, self._account.user_name
        job = partial(self.desk.staff.change_roles, access, name, self.roles())
        return f"Ask for these roles of {name}: {self.in_words()}?", "asks an approver", job
