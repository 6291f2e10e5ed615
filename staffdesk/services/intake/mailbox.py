"""The mailbox that is watched over IMAP: what is new in it is handed on, and nothing in it is ever deleted.

Which mails were taken in and which wait for a person is kept as numbers in a file of the home, so that the mailbox need
not be changed. A mail that may hold a card is left where it is, whatever was chosen: the officer looks at it there.
"""

from __future__ import annotations

import imaplib
import json
import os
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, cast

from imap_tools import BaseMailBox, ImapToolsError, MailBox, MailboxMoveError, MailBoxStartTls

from staffdesk.data.deadline import Deadline
from staffdesk.domain.errors import BadInput, Misconfigured, StorageUnavailable
from staffdesk.domain.intake_rules import rules
from staffdesk.services.home import Home
from staffdesk.services.settings import MailboxSettings, read_password, stated_settings

if TYPE_CHECKING:
    from io import BufferedReader

_PATIENCE_SECONDS: Final = 30
_LONGEST_SECONDS: Final = 120.0
"""For the bytes of one mail."""
_SIZE: Final = re.compile(rb"RFC822\.SIZE (\d+)")
_FILES: Final = {"mailbox": "mailbox.json", "case_mailbox": "case-mailbox.json"}
_FLAG: Final = r"(\Flagged)"
_EXAMPLE: Final = '[{table}] host = "mail.example.org" user = "NAME" password_file = "FILE"'
Table: TypeAlias = Literal["mailbox", "case_mailbox"]
"""The table of settings.toml that names a mailbox: where requests come in, or what customers write to support."""

_FAILURES: Final = (ImapToolsError, imaplib.IMAP4.error, OSError)


@dataclass(slots=True)
class Known:
    """What is known of a folder's mails, by number: taken in, or left for a person; ``validity`` names the folder."""

    validity: int
    taken: set[int] = field(default_factory=set)
    left: set[int] = field(default_factory=set)


class Watched:
    """A folder of the mailbox that is open; made by :func:`watched`."""

    def __init__(self, box: BaseMailBox, settings: MailboxSettings, file: Path) -> None:
        """Look at the folder; what is known of it stands in ``file``."""
        self._box = box
        self._settings = settings
        self._file = file
        try:
            validity = int(box.folder.status(settings.folder, ["UIDVALIDITY"])["UIDVALIDITY"])
            box.folder.set(settings.folder, readonly=settings.after == "leave")
            self._there = {int(each) for each in box.uids("ALL", charset=None)}
        except (ValueError, LookupError) as error:
            raise StorageUnavailable(
                "The mailbox's server does not tell its mails apart by number.", "Ask whoever looks after it."
            ) from error
        known = _read(file)
        # Another validity is another folder, whose numbers mean other mails.
        self._known = known if known is not None and known.validity == validity else Known(validity)
        self._known.taken &= self._there
        self._known.left &= self._there

    @property
    def proves(self) -> str | None:
        """The name under which its server says whether a sender is who he says, where the settings tell it."""
        return self._settings.proves

    @property
    def new(self) -> tuple[int, ...]:
        """The numbers of mails nobody has looked at here, the oldest first."""
        return tuple(sorted(self._there - self._known.taken - self._known.left))

    @property
    def left(self) -> tuple[int, ...]:
        """The numbers of mails that wait for a person."""
        return tuple(sorted(self._known.left))

    def mail(self, number: int) -> bytes:
        """Return a mail's bytes, without marking it as read; raises :class:`BadInput` for none, or one too large."""
        if number not in self._there:
            raise BadInput("There is no such mail in the folder.", "Without --mail, fetch says which are there.")
        with _said():
            answer = self._box.client.uid("FETCH", str(number), "(RFC822.SIZE)")
            found = _SIZE.search(b" ".join(each for each in answer[1] if isinstance(each, bytes)))
            most = rules().limits.megabytes
            if found is None or int(found[1]) > most * 1_000_000:
                raise BadInput(f"This mail is larger than {most} MB.", "Take its text in by hand.")
            # The library would take the mail apart in this process; only its bytes are wanted here.
            answer = self._box.client.uid("FETCH", str(number), "(BODY.PEEK[])")
        for each in answer[1]:
            if isinstance(each, tuple):
                return bytes(each[1])
        raise BadInput("There is no such mail in the folder.", "Somebody has moved it meanwhile.")

    def take(self, number: int, *, card: bool) -> str:
        """Say that a mail was taken in, and do with it what was chosen; return what became of it."""
        self._known.taken.add(number)
        self._known.left.discard(number)
        self._keep()
        with _said():
            return self._settle(number, card=card)

    def begin(self) -> int:
        """Say that nobody need look at what is in the folder by now; return how many mails that were."""
        old = self.new
        self._known.taken |= set(old)
        self._keep()
        return len(old)

    def leave(self, number: int) -> None:
        """Say that a mail waits for a person, unless it was taken in."""
        if number not in self._known.taken:
            self._known.left.add(number)
            self._keep()

    def _settle(self, number: int, *, card: bool) -> str:
        after, done = self._settings.after, self._settings.done
        if after == "leave":
            return "left where it is"
        if after == "flag":
            # Not the library's own way to flag, after which it deletes for good what others marked as deleted.
            answer, _ = self._box.client.uid("STORE", str(number), "+FLAGS", _FLAG)
            return "flagged" if answer == "OK" else "left where it is, since it could not be flagged"
        if card:
            return "left where it is, since something attached may be a card"
        if "MOVE" not in self._box.client.capabilities:
            # Moved by hand it would be copied and deleted, and what others marked as deleted would go with it.
            return "left where it is, since this server cannot move"
        try:
            self._box.move(str(number), str(done))
        except MailboxMoveError:
            return f"left where it is, since it could not be moved to {done}"
        return f"moved to {done}"

    def _keep(self) -> None:
        known = self._known
        text = json.dumps({"validity": known.validity, "taken": sorted(known.taken), "left": sorted(known.left)})
        new = self._file.with_suffix(".new")
        handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        with open(handle, "w", encoding="ascii") as file:  # noqa: PTH123 - a handle made with its mode
            file.write(text)
        new.replace(self._file)


@contextmanager
def watched(home: Home, table: Table = "mailbox") -> Iterator[Watched]:
    """Open a mailbox that a home's settings name.

    Raises :class:`Misconfigured` where they name none or its password's file cannot be used,
    :class:`StorageUnavailable` where the server cannot be reached, proven or entered.
    """
    stated = stated_settings(home)
    settings = stated.mailbox if table == "mailbox" else stated.case_mailbox
    if settings is None:
        example = _EXAMPLE.format(table=table)
        raise Misconfigured(f"settings.toml names no {table}.", f"Write, a line each: {example}")
    password = read_password(settings.password_file, "mailbox", table)
    with _said():
        box = _connected(settings)
    _bound(box)
    try:
        with _said():
            box.login(settings.user, password, initial_folder=None)
            # What a server can do it says anew to whom it knows; by what it said before, moving would be deleting.
            box.client.capabilities = tuple(box.client.capability()[1][0].decode("ascii", "replace").upper().split())
            open_folder = Watched(box, settings, home.data / _FILES[table])
        yield open_folder
    finally:
        _leave(box)


def _connected(settings: MailboxSettings) -> BaseMailBox:
    # Without one of its own the library would take any certificate.
    context = ssl.create_default_context(cafile=settings.authority_file)
    if settings.security == "starttls":
        return MailBoxStartTls(settings.host, settings.port or 143, timeout=_PATIENCE_SECONDS, ssl_context=context)
    return MailBox(settings.host, settings.port or 993, timeout=_PATIENCE_SECONDS, ssl_context=context)


def _bound(box: BaseMailBox) -> None:
    """Read no more at once than a mail may have, and not for ever: a server says itself how much it is going to send.

    The time that a socket waits begins anew with each byte.
    """
    most, file = rules().limits.megabytes * 1_000_000, cast("BufferedReader", box.client.file)

    def read(size: int) -> bytes:
        until, parts, left = Deadline(_LONGEST_SECONDS), [], size
        while size <= most and left and not until.passed() and (part := file.read1(left)):
            parts.append(part)
            left -= len(part)
        if left:
            box.client.shutdown()  # else whoever says good-bye would read the rest
            raise TimeoutError
        return b"".join(parts)

    box.client.read = read  # type: ignore[method-assign] # what the library reads a mail's bytes with


def _leave(box: BaseMailBox) -> None:
    """Say good-bye; a line that is cut already was the end too."""
    try:
        box.logout()
    except _FAILURES:
        return


@contextmanager
def _said() -> Iterator[None]:
    """Say in a sentence what a server or a line did; what a server answers is not repeated."""
    try:
        yield
    except ssl.SSLError as error:
        raise StorageUnavailable(
            "The mailbox's server cannot prove who it is.",
            "Check host, and authority_file where the house has its own.",
        ) from error
    except _FAILURES as error:
        raise StorageUnavailable(
            f"The mailbox cannot be reached or entered ({type(error).__name__}).",
            "Check its table in settings.toml, and the line; nothing in it was changed.",
        ) from error


def _read(file: Path) -> Known | None:
    """Return what is known of the folder; a file that cannot be read is as none: the same mail is received once."""
    try:
        kept = json.loads(file.read_text(encoding="ascii"))
        return Known(int(kept["validity"]), set(map(int, kept["taken"])), set(map(int, kept["left"])))
    except (OSError, ValueError, KeyError, TypeError):
        return None
