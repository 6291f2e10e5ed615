"""What was chosen at ``init``: a small TOML file, in which an unknown key is an error."""

from __future__ import annotations

import json
import re
import stat
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from staffdesk.domain.errors import Misconfigured, StorageUnavailable
from staffdesk.domain.identifiers import Identifier, recognise
from staffdesk.parameters import shaped
from staffdesk.services.home import RESTORE, Home, expanded, write_secret

SQLITE: Final = "sqlite"
AUTO: Final = "auto"

_SCHEMES: Final = ("postgresql://", "postgresql+psycopg://")
_LAST_PORT: Final = 65_535
_ONE_WORD: Final = re.compile(r"[^\s\x00-\x1f\x7f]+")
_HINT: Final = "Correct settings.toml in the configuration folder."


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxSettings:
    """A mailbox that mail comes to, over IMAP; its password is the first line of a file closed to others.

    ``security`` is "tls" from the first byte (port 993) or "starttls" (143); a server nobody could be sure of is not
    spoken to. ``after`` is what becomes of a mail that was taken in: it is left, flagged, or moved to ``done``.
    ``proves`` is the name under which the server that takes mails in says whether a sender is who he says (RFC 8601);
    it takes away what others said under its name.
    """

    host: str
    user: str
    password_file: str
    folder: str = "INBOX"
    port: int | None = None
    security: Literal["tls", "starttls"] = "tls"
    authority_file: str | None = None
    after: Literal["leave", "flag", "move"] = "leave"
    done: str | None = None
    proves: str | None = None

    def __post_init__(self) -> None:
        """Refuse to move mails nowhere."""
        if self.after == "move" and not self.done:
            raise Misconfigured("settings.toml: mailbox.done is missing.", "Name the folder mails are moved to.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Smtp:
    """The server that takes letters, always over TLS: from the first byte ("tls") or after STARTTLS.

    The first line of ``password_file``, mode 0600, is the user's password; ``authority_file`` the certificate of an
    authority that the system does not know. ``sender`` is the address letters come from.
    """

    host: str
    sender: str
    port: int = 587
    security: Literal["starttls", "tls"] = "starttls"
    user: str | None = None
    password_file: str | None = None
    authority_file: str | None = None

    def __post_init__(self) -> None:
        """Refuse a port that is none, a host or sender in more than one word, and a user without a password file."""
        if not 0 < self.port <= _LAST_PORT:
            raise Misconfigured("settings.toml: smtp.port is no port.", "Write 587 for starttls, 465 for tls.")
        if not self.host or not _ONE_WORD.fullmatch(self.host):
            raise Misconfigured("settings.toml: smtp.host is no name of a server.", _HINT)
        if not any(reading.kind is Identifier.EMAIL for reading in recognise(self.sender)):
            raise Misconfigured("settings.toml: smtp.sender is no e-mail address.", "Write it as name@example.org.")
        if (self.user is None) is not (self.password_file is None):
            raise Misconfigured("settings.toml: smtp.user and smtp.password_file go together.", _HINT)

    def password(self) -> str | None:
        """Return the user's password, if there is a user; raises as :func:`read_password`."""
        if self.password_file is None:
            return None
        return read_password(self.password_file, "mail server", "smtp")


@dataclass(frozen=True, slots=True)
class Settings:
    """``database`` is "sqlite", for the encrypted file, or the URL of a PostgreSQL database, without a password.

    ``calm`` says whether terminals are sent less; "auto" leaves it to each: one that SSH brought here is.
    ``mailbox`` is where requests come by mail, if they do, ``case_mailbox`` where customers write to support. Without
    ``smtp`` letters are saved, and sent by hand.
    """

    database: str = SQLITE
    calm: bool | Literal["auto"] = AUTO
    mailbox: MailboxSettings | None = None
    case_mailbox: MailboxSettings | None = None
    smtp: Smtp | None = None

    def __post_init__(self) -> None:
        """Refuse another database, and a URL with a password in it."""
        if self.database != SQLITE and not self.database.startswith(_SCHEMES):
            raise Misconfigured(
                'settings.toml: database is neither "sqlite" nor a PostgreSQL URL.',
                "Write it as postgresql+psycopg://user@host/name",
            )
        user = self.database.partition("://")[2].partition("/")[0].rpartition("@")[0]
        if user.partition(":")[2] or "password=" in self.database.partition("?")[2]:
            raise Misconfigured(
                "The database URL holds a password, and files and screens would show it.",
                "Leave it out, and put it into ~/.pgpass (mode 0600).",
            )

    @property
    def postgres_url(self) -> str | None:
        """The URL, or None where the database is the encrypted file."""
        return None if self.database == SQLITE else self.database


def read_password(file: str, whose: str, table: str) -> str:
    """Return the first line of a file that ``table`` of the settings names; ``whose`` password it is, errors say.

    Raises :class:`Misconfigured` for a file that is missing, empty or open to others.
    """
    path = expanded(Path(file))
    try:
        mode, lines = path.stat().st_mode, path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise Misconfigured(
            f"The file with the {whose}'s password cannot be read.", f"Check {table}.password_file."
        ) from None
    if stat.S_IMODE(mode) & 0o077:
        raise Misconfigured(f"The file with the {whose}'s password is open to others.", f"Run: chmod 600 {path}")
    if not lines or not lines[0]:
        raise Misconfigured(f"The file with the {whose}'s password is empty.", "Its first line is the password.")
    return lines[0]


def read_settings(home: Home) -> Settings:
    """Return the settings of a home that holds its database, if that is the encrypted file.

    Raises :class:`Misconfigured`, :class:`StorageUnavailable` where there is no desk or its file is missing or empty.
    """
    settings = stated_settings(home)
    if settings.postgres_url is None:
        _refuse_without_file(home)
    return settings


def _refuse_without_file(home: Home) -> None:
    """Refuse an empty file too: SQLite would take it for a new database, and its owner would be told to begin anew."""
    file = home.database_file
    try:
        state = "empty" if file.stat().st_size == 0 else ""
    except FileNotFoundError:
        state = "missing"
    except OSError:
        return  # whoever opens it says why it cannot be
    if state:
        raise StorageUnavailable(
            f"The desk's database file, {file.name}, is {state}.", f"Put it back into the data folder, or {RESTORE}"
        )


def stated_settings(home: Home) -> Settings:
    """Return a home's settings as they are written; raises as :func:`read_settings`, whatever became of the data."""
    return shaped("settings", _table(home), Settings)


def stated_calm(home: Home) -> bool | None:
    """Return whether the settings choose calm for terminals, None where they leave it to each; raises as above.

    What checks the shape of the file is imported behind the first frame, and this is asked before it.
    """
    stated = _table(home).get("calm", AUTO)
    if isinstance(stated, bool):
        return stated
    if stated != AUTO:
        raise Misconfigured('settings.toml: calm is neither true, false nor "auto".', _HINT)
    return None


def _table(home: Home) -> dict[str, object]:
    home.check_made()
    try:
        return tomllib.loads(home.settings_file.read_text(encoding="utf-8"))
    except OSError as error:
        raise Misconfigured("settings.toml cannot be read.", "Check who owns the configuration folder.") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Misconfigured("settings.toml is not valid TOML.", _HINT) from error


def write_settings(home: Home, settings: Settings) -> None:
    """Write a new settings file; raises :class:`StorageUnavailable` if there is one."""
    write_secret(home.settings_file, f"database = {json.dumps(settings.database)}")
