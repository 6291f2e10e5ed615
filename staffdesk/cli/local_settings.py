"""What a desk sets otherwise than it is shipped: whether a card is demanded, who stands in for the officer."""

from __future__ import annotations

from typing import Annotated

import typer

from staffdesk.cli.moments import as_utc
from staffdesk.cli.options import Home, Json, PasswordFd, User
from staffdesk.cli.output import put, put_json, put_pairs
from staffdesk.cli.request_text import rule_text
from staffdesk.cli.seat import seat
from staffdesk.domain.errors import BadInput
from staffdesk.domain.local_settings import CardRule
from staffdesk.domain.requests import FrontOfCard


def card_rule(
    value: Annotated[
        FrontOfCard | None, typer.Argument(metavar="[VALUE]", help="mandatory or otherwise; without it, what holds.")
    ] = None,
    *,
    user: User,
    reason: Annotated[str, typer.Option("--reason", help="Why, in a sentence; it stands in the log.")] = "",
    password_fd: PasswordFd = None,
    home: Home = None,
    as_data: Json = False,
) -> None:
    """Say whether the front of an identity card is demanded before a request is carried out, or change it.

    Privacy alone changes it, with a reason; mail is stopped without a card whatever holds.
    """
    with seat(home, user, password_fd) as at:
        settings = at.desk.settings
        rule = settings.card_rule(at.access()) if value is None else settings.demand_card(at.access(), value, reason)
    _put_rule(rule, as_data=as_data)


def deputy(
    user_name: Annotated[
        str | None, typer.Argument(metavar="[ACCOUNT]", help="Who stands in; without it, who does.")
    ] = None,
    *,
    user: User,
    nobody: Annotated[bool, typer.Option("--nobody", help="Nobody stands in any more.")] = False,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_data: Json = False,
) -> None:
    """Say who is told of due dates while no privacy officer is there, or name him; an admin does."""
    if nobody and user_name is not None:
        raise BadInput("Either an account is named or nobody is.", "Leave one of the two out.")
    with seat(home, user, password_fd) as at:
        settings = at.desk.settings
        if nobody or user_name is not None:
            settings.name_deputy(at.access(), user_name)
        watch = settings.watch(at.access())
    named = watch.deputy
    if as_data:
        put_json(
            {
                "deputy": None if named is None else named.user_name,
                "in_use": named is not None and named.usable,
                "officer_away": not watch.officer,
            }
        )
        return
    put_pairs(
        {
            "Officer": "there" if watch.officer else "away: due dates are told to the deputy",
            "Deputy": "nobody" if named is None else f"{named.user_name}{'' if named.usable else ' (not in use)'}",
        }
    )


def _put_rule(rule: CardRule, *, as_data: bool) -> None:
    changed = rule.changed
    if as_data:
        put_json(
            {
                "front_of_card": rule.value.value,
                "shipped": changed is None,
                "since": None if changed is None else as_utc(changed.at),
                "by": None if changed is None else changed.by,
                "reason": None if changed is None else changed.reason,
            }
        )
        return
    put(f"The front of the card: {rule_text(rule)}")
