"""Employees' accounts: added and changed by an admin, put in force by an approver."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import Annotated

import typer

from staffdesk.cli import local_settings
from staffdesk.cli.moments import as_utc
from staffdesk.cli.options import Home, Json, PasswordFd, User
from staffdesk.cli.output import put, put_json, put_table, say
from staffdesk.cli.seat import home_of, seat
from staffdesk.domain.access import Entity, Role
from staffdesk.domain.errors import BadInput
from staffdesk.domain.matters import Account

app = typer.Typer(no_args_is_help=True)

UserName = Annotated[str, typer.Argument(metavar="ACCOUNT", help="The account's user name.")]
Change = Annotated[int, typer.Argument(metavar="CHANGE", help="The number staff list shows under Waiting.")]
Roles = Annotated[list[Role], typer.Option("--role", help="A role; give it again for another one.")]


@app.command()
def add(
    user_name: UserName,
    *,
    user: User,
    name: Annotated[str, typer.Option("--name", help="Full name.")],
    number: Annotated[str, typer.Option("--number", help="Employee number.")],
    role: Roles,
    entity: Annotated[Entity, typer.Option("--entity", help="Which company employs the person.")] = Entity.BE,
    email: Annotated[str | None, typer.Option("--email", help="The person's e-mail address at work.")] = None,
    valid_from: Annotated[
        dt.datetime | None,
        typer.Option(
            "--from", formats=["%Y-%m-%d"], metavar="DATE", help="First day the account may be used; else today."
        ),
    ] = None,
    until: Annotated[
        dt.datetime | None,
        typer.Option(
            "--until", formats=["%Y-%m-%d"], metavar="DATE", help="Last day the account may be used; else open."
        ),
    ] = None,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Add an account. It waits for an approver; its first password is printed once, and replaced at once when used."""
    with seat(home, user, password_fd) as at:
        account, first = at.desk.staff.add(
            at.access(),
            user_name=user_name,
            full_name=name,
            employee_number=number,
            entity=entity,
            roles=role,
            email=email,
            valid_from=_day(valid_from),
            valid_until=_day(until),
        )
    if as_json:
        put_json({**_account(account), "first_password": first})
        return
    put(first)
    say(
        f"The first password of {account.user_name}; it is shown this once.",
        f"An approver puts the account in force: staffdesk staff approve {account.pending_id} --as APPROVER",
    )


@app.command("role")
def change_role(
    user_name: UserName,
    *,
    user: User,
    role: Roles,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Ask for other roles; those named replace all that the account has, once an approver agrees."""
    with seat(home, user, password_fd) as at:
        account = at.desk.staff.change_roles(at.access(), user_name, role)
    _tell(account, f"staffdesk staff approve {account.pending_id} --as APPROVER puts it in force.", as_json)


@app.command()
def approve(
    change: Change,
    *,
    user: User,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Put a waiting change in force; never one's own."""
    with seat(home, user, password_fd) as at:
        account = at.desk.staff.approve(at.access(), change)
    _tell(account, f"In force: {account.user_name}.", as_json)


@app.command()
def refuse(
    change: Change,
    *,
    user: User,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Refuse a waiting change, so that it waits no more; never one's own."""
    with seat(home, user, password_fd) as at:
        account = at.desk.staff.refuse(at.access(), change)
    _tell(account, f"Refused: {account.user_name} stays as it was.", as_json)


@app.command("list")
def list_accounts(*, user: User, password_fd: PasswordFd = None, home: Home = None, as_json: Json = False) -> None:
    """List the accounts, their roles and what waits for an approver."""
    with seat(home, user, password_fd) as at:
        accounts = at.desk.staff.accounts(at.access())
    if as_json:
        put_json([_account(account) for account in accounts])
        return
    put_table(
        ("Account", "Name", "Roles", "State", "From", "Until", "Last sign-in", "Open", "Waiting"),
        (
            (
                each.user_name,
                each.full_name,
                ", ".join(each.roles),
                each.state,
                each.valid_from.isoformat(),
                "" if each.valid_until is None else each.valid_until.isoformat(),
                "" if each.last_sign_in is None else as_utc(each.last_sign_in),
                str(each.open_sessions or ""),
                "" if each.pending is None else f"{each.pending_id}: {each.waits_for}, by {each.asked_by}",
            )
            for each in accounts
        ),
    )


@app.command()
def disable(
    user_name: UserName, *, user: User, password_fd: PasswordFd = None, home: Home = None, as_json: Json = False
) -> None:
    """Close an account and end its sessions at once; the last but one of the admins only with an approver."""
    with seat(home, user, password_fd) as at:
        account = at.desk.staff.disable(at.access(), user_name)
    if account.pending is None:
        _tell(account, f"Closed: {account.user_name}.", as_json)
        return
    one = (
        f"{account.user_name} stays open: you would be the only one left who signs looks off, so an approver closes it"
    )
    _tell(account, f"{one}: staffdesk staff approve {account.pending_id} --as APPROVER", as_json)


app.command("deputy")(local_settings.deputy)


@app.command()
def sessions(
    user_name: Annotated[
        str | None, typer.Argument(metavar="[ACCOUNT]", help="Whose sessions; without it, one's own.")
    ] = None,
    *,
    user: User,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """List where an account is signed in: one's own, or anybody's for who may list accounts."""
    with seat(home, user, password_fd) as at:
        staff, access = at.desk.staff, at.access()
        found = staff.own_sessions(access) if user_name is None else staff.sessions(access, user_name)
    if as_json:
        put_json([asdict(each) for each in found])
        return
    put_table(
        ("Session", "Terminal", "Since", "Last key", ""),
        (
            (
                each.sid,
                each.host,
                as_utc(each.started_at),
                as_utc(each.seen_at),
                "this one" if each.current else "locked" if each.locked else "",
            )
            for each in found
        ),
    )


@app.command()
def end(
    user_name: Annotated[
        str | None, typer.Argument(metavar="[ACCOUNT]", help="End every session of this account.")
    ] = None,
    *,
    user: User,
    session: Annotated[str | None, typer.Option("--session", metavar="SID", help="End this session alone.")] = None,
    password_fd: PasswordFd = None,
    home: Home = None,
) -> None:
    """End sessions from elsewhere: one's own, or as an admin anybody's."""
    if (user_name is None) == (session is None):
        raise BadInput("Either an account or a session is to be named.", "staffdesk staff sessions lists one's own.")
    with seat(home, user, password_fd) as at:
        if session is not None:
            at.desk.staff.end_one(at.access(), session)
            ended = 1
        else:
            ended = at.desk.staff.end_session(at.access(), user_name or "")
    say(f"Ended: {ended}.")


@app.command()
def recover(user_name: UserName, *, home: Home = None) -> None:
    """Give an account whose password is lost, the only admin's too, a one-time password; for who holds the key file.

    Its sessions end, and every admin and auditor is told.
    """
    from staffdesk.services.recovery import recover as recover_account  # noqa: PLC0415 - brings the data layer

    put(recover_account(home_of(home), user_name))
    say(
        f"A one-time password for {user_name}: another is chosen at the sign-in. "
        "The log and every admin and auditor are told."
    )


def _tell(account: Account, words: str, as_json: bool) -> None:
    if as_json:
        put_json(_account(account))
    else:
        say(words)


def _account(account: Account) -> dict[str, object]:
    return {
        "user": account.user_name,
        "name": account.full_name,
        "employee_number": account.employee_number,
        "entity": account.entity.value,
        "roles": [role.value for role in account.roles],
        "state": account.state,
        "from": account.valid_from.isoformat(),
        "until": None if account.valid_until is None else account.valid_until.isoformat(),
        "pending": None if account.pending is None else [role.value for role in account.pending],
        "pending_id": account.pending_id,
        "asked_by": account.asked_by,
        "last_sign_in": account.last_sign_in,
        "open_sessions": account.open_sessions,
        "deputy": account.deputy,
    }


def _day(moment: dt.datetime | None) -> dt.date | None:
    return None if moment is None else moment.date()
