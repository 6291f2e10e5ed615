"""What a support service says: tickets, and the messages of each, in the desk's words.

As in :mod:`staffdesk.domain.imported`, every text is cleaned and screened before it is put here and no class prints
its values.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from staffdesk.domain.imported import ImportedParty

FIRST_MESSAGE: Final = "first"
"""What the message is known by that a ticket began with."""


class Said(StrEnum):
    """Who wrote a message to whom; ``untold`` where the files do not tell who its author is."""

    ASKED = "asked"
    ANSWERED = "answered"
    AMONG_US = "among us"
    UNTOLD = "untold"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ImportedMessage:
    """One message of the ticket ``ticket``; ``said_at`` is aware and in UTC.

    ``text`` is None where the service held none. ``withheld`` says that there was one, which must not be held;
    ``attachments`` is how many files came with it, of which none is taken. ``agent`` is the address of which of us
    wrote it, ``sender`` that of whoever else did, where the service tells it.
    """

    ticket: str
    id: str
    said: Said
    said_at: dt.datetime
    channel: str
    subject: str | None
    text: str | None
    withheld: bool = False
    cut: bool = False
    attachments: int = 0
    agent: str | None = None
    sender: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ImportedTicket:
    """One ticket; both times are aware and in UTC, ``closed_at`` is None while it is open.

    ``agent`` is the address of which of us deals with it. ``party`` is None where the files tell nothing of who asked.
    """

    number: str
    subject: str | None
    channel: str
    opened_at: dt.datetime
    closed_at: dt.datetime | None
    product: str | None
    resolution: str | None
    party: ImportedParty | None
    agent: str | None
    messages: tuple[ImportedMessage, ...]
