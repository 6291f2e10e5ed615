"""What a command is, and the places where one can be given.

Ids are never renamed. A key that also serves while text is typed is a Ctrl or function key; nothing needs a function
key, a digit or a character that some keyboards give only with AltGr.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from staffdesk.domain.access import Act, Purpose
from staffdesk.tui.key_names import key_name


class Place(StrEnum):
    """Where a command can be given; the value names the help page."""

    SIGN_IN = "sign-in"
    PASSWORD = "password"  # noqa: S105 - the name of a screen
    LOCKED = "locked"
    CASES = "cases"
    SEARCH = "search"
    RECORD = "record"
    ORGANISATION = "organisation"
    REQUESTS = "requests"
    REQUEST = "request"
    LOG = "log"
    ENTRY = "entry"
    PICTURES = "pictures"
    VERIFY = "verify"
    DIALOG = "dialog"
    PURPOSE = "purpose"
    READING = "reading"
    STAFF = "staff"
    OWN = "own"
    NAMES = "names"
    REVIEW = "review"
    ITEM = "item"
    INBOX = "inbox"
    BREACHES = "breaches"
    MONTHS = "months"
    CERTIFICATE = "certificate"
    POLICY = "policy"
    SUPPORT_LOGS = "support-logs"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Command:
    """One thing a person can make the desk do.

    ``keys`` are the framework's names, the first one is shown. ``foot`` is the rank in the key line, where the six
    smallest stand; 0 keeps a command out of it. ``act`` is what an account must be allowed to do for the command to be
    offered at all, ``purpose`` the one of which it must be the work, ``also`` other words by which people look for it.
    """

    id: str
    keys: tuple[str, ...]
    title: str
    tooltip: str
    action: str
    places: frozenset[Place]
    foot: int = 0
    act: Act | None = None
    purpose: Purpose | None = None
    also: str = ""

    @property
    def sought(self) -> str:
        """What a search among the commands looks in."""
        return f"{self.title} {self.tooltip} {self.also}".casefold()

    @property
    def key(self) -> str:
        """The first key as a person reads it, or nothing for a command of the palette alone."""
        return key_name(self.keys[0]) if self.keys else ""


DESK: Final = frozenset({
    Place.CASES, Place.SEARCH, Place.RECORD, Place.REQUESTS, Place.REQUEST, Place.LOG, Place.ENTRY, Place.STAFF,
    Place.OWN, Place.REVIEW, Place.ITEM, Place.INBOX, Place.BREACHES, Place.MONTHS, Place.CERTIFICATE, Place.POLICY,
    Place.PICTURES, Place.SUPPORT_LOGS, Place.ORGANISATION,
})  # fmt: skip
"""Where somebody who has signed in works."""
