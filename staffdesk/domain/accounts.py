"""Employees' accounts: what one may be called, and whether it may be used today (privacy policy, E.3)."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from enum import StrEnum
from typing import Final

from staffdesk.domain.errors import BadInput
from staffdesk.domain.words import cut

_USER_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")


class AccountState(StrEnum):
    """Whether an account may be used, and why not."""

    PENDING = "pending"
    NOT_YET = "not yet"
    IN_FORCE = "in force"
    OVER = "over"
    DISABLED = "disabled"


def account_state(
    *, in_force: bool, disabled: bool, valid_from: dt.date, valid_until: dt.date | None, today: dt.date
) -> AccountState:
    """Return the state of an account on a day in Brussels; both dates are days on which it may be used."""
    if disabled:
        return AccountState.DISABLED
    if not in_force:
        return AccountState.PENDING
    if today < valid_from:
        return AccountState.NOT_YET
    if valid_until is not None and today > valid_until:
        return AccountState.OVER
    return AccountState.IN_FORCE


def typed_user_name(text: str) -> str:
    """Return what was typed at the sign-in as user names are compared: composed, without case and outer space."""
    return unicodedata.normalize("NFC", text).strip().casefold()


def is_user_name(text: str) -> bool:
    """Say whether an account can have this user name; no database need be asked for another."""
    return _USER_NAME.fullmatch(text) is not None


def new_user_name(text: str) -> str:
    """Return a user name as it is stored; raises :class:`BadInput` for one that could be mistaken for another.

    Small letters from a to z, digits, dot, dash and underscore, at most 40, so that no two look alike.
    """
    name = typed_user_name(text)
    if not is_user_name(name):
        raise BadInput(
            "A user name is made of letters from a to z, digits, dots and dashes, at most 40.",
            "Write it as ana.holm.",
        )
    return name


def suggested_user_name(full_name: str) -> str:
    """Return first and last word of a name with a dot between; raises :class:`BadInput` where its script gives none."""
    words = [word for word in (part.replace("'", "") for part in cut(full_name)) if is_user_name(word)]
    if not words:
        raise BadInput("No user name can be made from this name.", "Write one behind it: name = user name")
    return new_user_name(".".join(dict.fromkeys((words[0], words[-1])))[:40])


def family_name(full_name: str) -> str:
    """Return the last word of a full name, by which namesakes among customers are noticed."""
    return full_name.rsplit(maxsplit=1)[-1]
