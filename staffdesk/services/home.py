"""Where a desk lives: its configuration (keys, settings) apart from its data (the database, the checkpoints)."""

from __future__ import annotations

import hmac
import os
import re
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from staffdesk.domain.errors import StorageUnavailable

RESTORE: Final = "restore a backup into another, new home: staffdesk restore FILE --home DIR"
"""A restore never goes over what is left of a desk."""

_KEY: Final = re.compile(r"[0-9a-f]{64}")
_KEY_BACK: Final = "staffdesk restore --recovery-key, or --recovery-file FILE"


@dataclass(frozen=True, slots=True)
class Home:
    """The two folders of a desk, both of one operating-system user and closed to all others."""

    config: Path
    data: Path

    @classmethod
    def locate(cls, explicit: Path | None, environ: Mapping[str, str]) -> Home:
        """Return the home that was named (``--home``, ``STAFFDESK_HOME``) or the user's own folders."""
        named = explicit or (Path(environ["STAFFDESK_HOME"]) if environ.get("STAFFDESK_HOME") else None)
        if named is not None:
            root = expanded(named).absolute()
            return cls(config=root / "config", data=root / "data")
        from platformdirs import PlatformDirs  # noqa: PLC0415 - needed only where no home is named

        folders = PlatformDirs("staffdesk", appauthor=False)
        return cls(config=Path(folders.user_config_dir), data=Path(folders.user_data_dir) / "desk")

    @property
    def key_file(self) -> Path:
        """The database's key: 64 hexadecimal digits, mode 0600."""
        return self.config / "desk.key"

    @property
    def seal_key_file(self) -> Path:
        """The seed of the key that signs checkpoints; it may belong to another operating-system user."""
        return self.config / "seal.key"

    @property
    def verifier_key_file(self) -> Path:
        """The public key of the checkpoints, in the C2SP form; print it and keep it elsewhere."""
        return self.config / "seal.vkey"

    @property
    def settings_file(self) -> Path:
        """What was chosen at ``init``."""
        return self.config / "settings.toml"

    @property
    def database_file(self) -> Path:
        """The encrypted file."""
        return self.data / "desk.db"

    @property
    def checkpoints(self) -> Path:
        """The folder of signed checkpoints outside the database."""
        return self.data / "checkpoints"

    @property
    def exports(self) -> Path:
        """The folder of exported logs, certificates and reports, made when the first one is."""
        return self.data / "exports"

    @property
    def ledger_file(self) -> Path:
        """The ledger of erasures, made with the first one; keep a copy where the checkpoints' copies are."""
        return self.data / "erasures.ledger"

    @property
    def spool(self) -> Path:
        """The folder of what waits to be sent, made when the first thing does."""
        return self.data / "spool"

    @property
    def log_spool(self) -> Path:
        """The folder of customers' support logs, each sealed under a key of its own, made when the first one comes."""
        return self.spool / "logs"

    @property
    def letters(self) -> Path:
        """The folder of letters to be sent by hand, made when the first one is."""
        return self.data / "letters"

    @property
    def begun(self) -> bool:
        """Whether anything of a desk is here."""
        parts = (self.key_file, self.settings_file, self.database_file, self.seal_key_file)
        return any(path.exists() for path in parts)

    def check_made(self) -> None:
        """Say at once that there is no desk, before a screen is drawn; raises :class:`StorageUnavailable`."""
        if self.settings_file.is_file():
            return
        if self.begun:
            raise StorageUnavailable(
                "settings.toml is missing from the configuration folder; other parts of a desk are here.",
                f"Put it back, or {RESTORE}",
            )
        raise StorageUnavailable(
            "There is no desk here yet.",
            "Run: staffdesk init, or name one: --home DIR. To try it with invented people: staffdesk demo",
        )

    def make_folders(self) -> None:
        """Create the folders, mode 0700, and the one that holds both; raises :class:`StorageUnavailable`."""
        whole = (self.config.parent,) if self.config.parent == self.data.parent else ()
        try:
            for folder in (*whole, self.config, self.data, self.checkpoints):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise StorageUnavailable(
                "The folder for the desk cannot be made.", "Choose another with --home DIR."
            ) from error

    def read_key(self) -> str:
        """Return the database's key.

        Raises :class:`StorageUnavailable` if the file is missing, open to others or holds no key.
        """
        return read_secret(self.key_file, "The desk's key file", _KEY_BACK)


def expanded(path: Path) -> Path:
    """Return a path with its ``~`` resolved; one that names nobody stays as it is."""
    try:
        return path.expanduser()
    except RuntimeError:
        return path


def write_secret(path: Path, text: str) -> None:
    """Write a new 0600 file, whole or not at all; raises :class:`StorageUnavailable` if it exists or cannot be."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise StorageUnavailable(
            f"The file {path.name} exists already or cannot be written.", "Choose another folder with --home DIR."
        ) from error
    try:
        fill_secret(descriptor, text)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise StorageUnavailable(
            f"The file {path.name} could not be written: the disk did not take it.",
            "Free some space, or choose another folder with --home DIR.",
        ) from error


def fill_secret(descriptor: int, text: str) -> None:
    """Write a line to an open file, through to the disk, and close it; raises ``OSError``."""
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())


def new_key() -> str:
    """Return 32 random bytes as hexadecimal digits."""
    return secrets.token_hex(32)


def read_secret(path: Path, name: str, otherwise: str) -> str:
    """Return the key in a file; ``otherwise`` is how to get one where putting the file back is impossible.

    Raises :class:`StorageUnavailable` if the file is missing, open to others or holds no key.
    """
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="ascii").strip()
    except FileNotFoundError as error:
        raise StorageUnavailable(f"{name} is missing.", f"Put {path.name} back, or: {otherwise}") from error
    except OSError as error:
        raise StorageUnavailable(f"{name} cannot be read.", f"Check who owns {path.name} and its folder.") from error
    except UnicodeDecodeError as error:
        raise _no_key(path, name, otherwise) from error
    if stat.S_IMODE(mode) & 0o077:
        raise StorageUnavailable(f"{name} can be read by others.", f"Run: chmod 600 {path.name}, in its folder.")
    if not _KEY.fullmatch(text):
        raise _no_key(path, name, otherwise)
    return text


def _no_key(path: Path, name: str, otherwise: str) -> StorageUnavailable:
    return StorageUnavailable(
        f"{name} does not hold a key (64 hexadecimal digits).",
        f"Put the right {path.name} in its place; or move it away, then: {otherwise}",
    )


def read_seal_key(home: Home) -> bytes | None:
    """Return the seed that signs checkpoints, or None where it belongs to another user.

    Raises :class:`StorageUnavailable` if the file cannot be read, is open to others or holds no key.
    """
    if not home.seal_key_file.exists():
        return None
    return bytes.fromhex(read_secret(home.seal_key_file, "The seal key file", RESTORE))


def secret_of(key: str) -> bytes:
    """Return the secret for keyed digests, derived from the database's key so that one file is to be kept.

    Raises :class:`StorageUnavailable` for what is no key.
    """
    try:
        raw = bytes.fromhex(key)
    except ValueError as error:
        raise StorageUnavailable(
            "This is no key of a desk (64 hexadecimal digits).", f"Put the right key file in place, or {RESTORE}"
        ) from error
    return hmac.digest(raw, b"staffdesk relations v1", "sha256")
