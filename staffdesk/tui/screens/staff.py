"""Employees' accounts: who may what, who is signed in, what waits for a second person, and each step of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import ClassVar

from textual import on
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from staffdesk.domain.accounts import AccountState
from staffdesk.domain.matters import Account, OpenSession
from staffdesk.tui.base import DeskScreen
from staffdesk.tui.command import Command, Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.phrases import count
from staffdesk.tui.plain import GOOD, MUTED, NOTHING, WARN, plain
from staffdesk.tui.staff.accounts import account_facts, account_line, heads
from staffdesk.tui.widgets.rows import Line, Rows, words

_DECIDING = frozenset({"staff.approve", "staff.refuse"})
_ON_ONE = frozenset({"staff.change", "staff.disable", "staff.end", "staff.deputy"})


class StaffScreen(DeskScreen[None], inherit_bindings=False):
    """A list, and below it the account under the cursor; Enter reads its sessions."""

    PLACE: ClassVar[Place] = Place.STAFF
    HAS_LIST: ClassVar[bool] = True
    BINDINGS = bindings_of(Place.STAFF)
    CSS_PATH = "../styles/staff.tcss"

    def __init__(self) -> None:
        """Name the place."""
        super().__init__(plain("Staff"))
        self._accounts: dict[str, Account] = {}
        self._sessions: dict[str, Sequence[OpenSession]] = {}

    def body(self) -> Iterable[Widget]:
        """Yield the list over one account."""
        rows = Rows(id="staff-list")
        rows.border_title = plain("Accounts")
        yield rows
        with Vertical(id="account-box", classes="box") as box:
            box.border_title = plain("Account")
            yield Static(id="account", classes="personal")

    def notice(self) -> Content:
        """Say who does what here."""
        return plain("An admin asks, an approver puts in force; nobody decides about himself.", MUTED)

    def is_useful(self, command: Command) -> bool:
        """Offer what the account under the cursor allows."""
        account = self._current()
        if command.id in _DECIDING:
            return account is not None and account.pending is not None
        if command.id in _ON_ONE:
            return account is not None and account.state != AccountState.DISABLED
        return bool(self._accounts) if command.id == "list.open" else super().is_useful(command)

    def on_mount(self) -> None:
        """Read the list."""
        self.query_one(Rows).focus()
        self._read()

    @on(Rows.Moved)
    def preview(self, event: Rows.Moved) -> None:
        """Show the account under the cursor."""
        del event
        self._draw()
        self.refresh_keys()

    @on(Rows.Selected)
    def open(self, event: Rows.Selected) -> None:
        """Read where the account is signed in."""
        job = partial(self.desk.staff.sessions, self.session.desk_access, event.key)
        self.ask(job, partial(self._show_sessions, event.key), "reading")

    def on_resize(self) -> None:
        """Lay the account out for the new width."""
        self.call_after_refresh(self._draw)

    def action_read_again(self) -> None:
        """Read the accounts again; the cursor stays."""
        self._read(said="Read again.")

    def action_add_account(self) -> None:
        """Add an account."""
        from staffdesk.tui.staff.dialogs import AddAccountDialog  # noqa: PLC0415 - rarely needed

        self.app.push_screen(AddAccountDialog(), self._added)

    def action_change_roles(self) -> None:
        """Ask for other roles."""
        from staffdesk.tui.staff.dialogs import RolesDialog  # noqa: PLC0415 - rarely needed

        account = self._current()
        if account is not None:
            self.app.push_screen(RolesDialog(account), self._asked_for)

    def action_disable(self) -> None:
        """Close the account for good, once that is confirmed."""
        account = self._current()
        if account is not None:
            name = account.user_name
            job = partial(self.desk.staff.disable, self.session.desk_access, name)
            does = partial(self.ask, job, self._close_asked, "writing")
            self.confirm(f"Close {name} for good, and end its sessions?", "closes it", does)

    def action_end_sessions(self) -> None:
        """End every session of the account, once that is confirmed."""
        account = self._current()
        if account is not None:
            name = account.user_name
            job = partial(self.desk.staff.end_session, self.session.desk_access, name)
            does = partial(self._do, job, f"{name} is signed out everywhere.")
            self.confirm(f"End every session of {name}?", "ends them", does)

    def action_name_deputy(self) -> None:
        """Let the account stand in for the officer, or no more where it does, once that is confirmed."""
        account = self._current()
        if account is None:
            return
        name, settings, access = account.user_name, self.desk.settings, self.session.desk_access
        if account.deputy:
            does = partial(self._do, partial(settings.name_deputy, access, None), f"{name} stands in no more.")
            self.confirm(f"Let {name} stand in for the officer no more?", "takes it back", does)
        else:
            does = partial(self._do, partial(settings.name_deputy, access, name), f"{name} stands in for the officer.")
            self.confirm(f"Tell {name} of due dates while no privacy officer is there?", "names the deputy", does)

    def action_approve(self) -> None:
        """Put in force what waits, once that is confirmed."""
        account = self._current()
        closes = account is not None and account.pending == ()
        done = "{} is closed." if closes else "{} is in force as asked."
        self._decide("Approve {} with: {}?", "approves", self.desk.staff.approve, done)

    def action_refuse(self) -> None:
        """Refuse what waits, once that is confirmed."""
        self._decide(
            "Refuse {} what was asked: {}?", "refuses", self.desk.staff.refuse, "What waited for {} is refused."
        )

    def _decide(self, question: str, does: str, decide: Callable[..., Account], done: str) -> None:
        account = self._current()
        if account is None:
            return
        if account.pending_id is None:
            self.say(plain("Nothing waits for this account."))
        elif account.undecidable:
            self.say(plain(f"✗ Not for you: {account.undecidable}. Another approver decides.", "$text-error"))
        else:
            name, roles = account.user_name, account.waits_for
            job = partial(decide, self.session.desk_access, account.pending_id)
            self.confirm(question.format(name, roles), does, partial(self._do, job, done.format(name)))

    def _do(self, job: Callable[[], object], done: str) -> None:
        def told(_answer: object) -> None:
            self.say(plain(f"✓ {done}", GOOD))
            self._read()

        self.ask(job, told, "writing")

    def _added(self, made: tuple[Account, str] | None) -> None:
        from staffdesk.tui.screens.first_password import FirstPasswordScreen  # noqa: PLC0415 - rarely needed

        if made is not None:
            self.app.push_screen(FirstPasswordScreen(*made), lambda _seen: self._read(made[0].user_name))

    def _close_asked(self, account: Account) -> None:
        if account.pending is None:
            self.say(plain(f"✓ {account.user_name} is closed.", GOOD))
        else:
            self.say(plain("· Asked for: you would be the only admin left, so an approver closes it.", WARN))
        self._read()

    def _asked_for(self, account: Account | None) -> None:
        if account is not None:
            self.say(plain(f"✓ Asked for {account.user_name}; an approver decides.", GOOD))
            self._read()

    def _current(self) -> Account | None:
        return self._accounts.get(self.query_one(Rows).current) if self.is_mounted else None

    def _read(self, stand_on: str = "", said: str = "") -> None:
        self._sessions = {}
        self.ask(
            partial(self.desk.staff.accounts, self.session.desk_access),
            partial(self._show, stand_on=stand_on, said=said),
            "reading",
        )

    def _show(self, accounts: Sequence[Account], stand_on: str = "", said: str = "") -> None:
        first = not self._accounts
        self._accounts = {account.user_name: account for account in accounts}
        rows = self.query_one(Rows)
        waiting = sum(account.pending is not None for account in accounts)
        rows.border_subtitle = plain(f"{count(len(accounts), 'account')} · {waiting} waiting")
        if not accounts:
            rows.put([words(plain("No accounts."))])
            return
        rows.put([Line("", heads, stays=True), *map(account_line, accounts)], keep=True)
        stand_on = stand_on or (_first_waiting(accounts) if first else "")
        if stand_on:
            rows.go_to(stand_on)
        self._draw()
        self.refresh_keys()
        if said:
            self.say(plain(said, MUTED))

    def _show_sessions(self, name: str, sessions: Sequence[OpenSession]) -> None:
        self._sessions[name] = sessions
        self._draw()
        if not sessions:
            self.say(plain(f"{name} is signed in nowhere."))

    def _draw(self) -> None:
        for box in self.query("#account").results(Static):  # none, once the screen is going
            self._lay_out(box)

    def _lay_out(self, box: Static) -> None:
        account = self._current()
        width = box.content_size.width
        if account is None or not width:
            box.update(NOTHING)
            return
        box.update(account_facts(account, self._sessions.get(account.user_name), width))


def _first_waiting(accounts: Sequence[Account]) -> str:
    """Return the account for which something waits that the reader may decide about, or nothing."""
    return next((each.user_name for each in accounts if each.pending is not None and not each.undecidable), "")
