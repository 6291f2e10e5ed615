"""Where a desk lives: its configuration (keys, settings) apart from its data (the database, the checkpoints)."""

from __future__ import annotations

import hmac
import os
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from staffdesk.domain.errors import StorageUnavailable


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
            root = named.expanduser().absolute()
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

    def check_made(self) -> None:
        """Say at once that there is no desk, before a screen is drawn; raises :class:`StorageUnavailable`."""
        if not self.settings_file.is_file():
            raise StorageUnavailable("There is no desk here yet.", "Run: staffdesk init, or name one: --home DIR")

    def make_folders(self) -> None:
        """Create the folders, mode 0700; raises :class:`StorageUnavailable`."""
        try:
            for folder in (self.config, self.data, self.checkpoints):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise StorageUnavailable(
                "The folder for the desk cannot be made.", "Choose another with --home DIR."
            ) from error

    def read_key(self) -> str:
        """Return the database's key; raises :class:`StorageUnavailable` if the file is missing or open to others."""
        return _read_secret(self.key_file, "The desk's key file")


def write_secret(path: Path, text: str) -> None:
    """Write a new 0600 file; raises :class:`StorageUnavailable` if it exists or cannot be written."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise StorageUnavailable(
            f"The file {path.name} exists already or cannot be written.", "Choose another folder with --home DIR."
        ) from error
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())


def new_key() -> str:
    """Return 32 random bytes as hexadecimal digits."""
    return secrets.token_hex(32)


def _read_secret(path: Path, name: str) -> str:
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise StorageUnavailable(
            f"{name} cannot be read.", "On a new machine: staffdesk init; otherwise put the key file back."
        ) from error
    if stat.S_IMODE(mode) & 0o077:
        raise StorageUnavailable(f"{name} can be read by others.", f"Run: chmod 600 {path.name}, in its folder.")
    return text


def read_seal_key(home: Home) -> bytes | None:
    """Return the seed that signs checkpoints, or None where it belongs to another user."""
    if not home.seal_key_file.exists():
        return None
    return bytes.fromhex(_read_secret(home.seal_key_file, "The seal key file"))


def secret_of(key: str) -> bytes:
    """Return the secret for keyed digests, derived from the database's key so that one file is to be kept."""
    return hmac.digest(bytes.fromhex(key), b"staffdesk relations v1", "sha256")
