"""The recovery key: the database's key in a form that can be written down, or kept in a file under a passphrase.

Whoever loses both the key file and this loses the database: nobody can open it without.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from staffdesk.domain import passwords
from staffdesk.domain.errors import BadInput, StorageUnavailable
from staffdesk.services.home import Home, fill_secret, write_secret
from staffdesk.services.sealed_box import open_box, seal_box

_KEY_BYTES: Final = 32
_CHECK_BYTES: Final = 3
_GROUP: Final = 4
_RFC4648: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_WRITE: Final = str.maketrans(_RFC4648, _CROCKFORD)
_READ: Final = str.maketrans(_CROCKFORD + "OIL", _RFC4648 + _RFC4648[0] + _RFC4648[1] * 2)
_TYPED: Final = re.compile(f"[{_CROCKFORD}OIL]{{56}}")

_FORMAT: Final = "staffdesk recovery key v1"
_OPENED: Final = re.compile(_FORMAT.encode() + rb"\n([0-9a-f]{64})")


@dataclass(frozen=True, slots=True, repr=False)
class RecoveryKey:
    """The database's key as 14 groups of four, the last of them a checksum (Crockford's base 32)."""

    groups: tuple[str, ...]

    @classmethod
    def of(cls, key: str) -> RecoveryKey:
        """Return the recovery key of a database key (64 hexadecimal digits)."""
        raw = bytes.fromhex(key)
        text = base64.b32encode(raw + _check(raw)).decode().translate(_WRITE)
        return cls(tuple(text[start : start + _GROUP] for start in range(0, len(text), _GROUP)))

    @classmethod
    def typed(cls, text: str) -> RecoveryKey:
        """Return the recovery key that somebody typed, spaces and dashes aside; raises :class:`BadInput`."""
        letters = re.sub(r"[\s-]", "", text).upper()
        if not _TYPED.fullmatch(letters):
            raise BadInput("A recovery key has 14 groups of four letters and digits.", "Type it again, group by group.")
        data = base64.b32decode(letters.translate(_READ))
        raw, check = data[:_KEY_BYTES], data[_KEY_BYTES:]
        if not hmac.compare_digest(check, _check(raw)):
            raise BadInput("There is a mistake in the recovery key.", "Compare it with what was written down.")
        return cls.of(raw.hex())

    @property
    def key(self) -> str:
        """The database's key, 64 hexadecimal digits."""
        return base64.b32decode("".join(self.groups).translate(_READ))[:_KEY_BYTES].hex()

    def ends_with(self, typed: str) -> bool:
        """Say whether this is the last group, as somebody types it back."""
        return typed.strip().upper().translate(_READ) == self.groups[-1].translate(_READ)

    def __str__(self) -> str:
        return " ".join(self.groups)


def put_back(home: Home, recovery: RecoveryKey) -> None:
    """Write the key file anew from the recovery key; raises :class:`StorageUnavailable` if there is one."""
    if home.key_file.exists():
        raise StorageUnavailable(
            "There is a key file already, and it is left as it is.",
            f"If it is the wrong one, move {home.key_file.name} away, then run the same command again.",
        )
    home.make_folders()
    write_secret(home.key_file, recovery.key)


def write_recovery_file(path: Path, recovery: RecoveryKey, passphrase: str) -> None:
    """Write the recovery key to a new 0600 file, sealed under a passphrase.

    Raises :class:`BadInput` for a passphrase that no password may be and for a file that exists or cannot be made.
    """
    passwords.check(passphrase)
    with claimed_file(path) as fill:
        fill(recovery, passphrase)


@contextmanager
def claimed_file(path: Path) -> Iterator[Callable[[RecoveryKey, str], None]]:
    """Claim a new 0600 file for a recovery key before there is one, and give what writes it; once.

    A failure inside the block, and a block that writes nothing, leave no file. Raises :class:`BadInput` for a file that
    exists or cannot be made, and :class:`StorageUnavailable` for one that could not be written to the end.
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise BadInput("The file for the recovery key exists already.", "Name a new one.") from error
    except (OSError, ValueError) as error:
        raise BadInput(
            "The file for the recovery key cannot be made there.", "Name one in a folder that is there and yours."
        ) from error
    written = False

    def fill(recovery: RecoveryKey, passphrase: str) -> None:
        nonlocal written
        box = seal_box(f"{_FORMAT}\n{recovery.key}".encode(), passphrase)
        try:
            fill_secret(os.dup(descriptor), base64.b64encode(box).decode())
        except OSError as error:
            raise StorageUnavailable(
                "The recovery key could not be written: the disk did not take it.",
                "Free some space, or name a file elsewhere.",
            ) from error
        written = True

    try:
        yield fill
    except BaseException:
        written = False
        raise
    finally:
        os.close(descriptor)
        if not written:
            with suppress(OSError):
                path.unlink()


def read_recovery_file(path: Path, passphrase: str) -> RecoveryKey:
    """Return the recovery key in a file; raises :class:`BadInput` for another file or a wrong passphrase."""
    try:
        box = base64.b64decode(path.read_text(encoding="ascii"))
    except OSError as error:
        raise StorageUnavailable("The recovery file cannot be read.", "Check its name and who owns it.") from error
    except ValueError as error:
        raise _not_a_recovery_file() from error
    content = _OPENED.fullmatch(open_box(box, passphrase))
    if content is None:
        raise _not_a_recovery_file()
    return RecoveryKey.of(content[1].decode())


def _check(raw: bytes) -> bytes:
    return hashlib.sha256(_FORMAT.encode() + raw).digest()[:_CHECK_BYTES]


def _not_a_recovery_file() -> BadInput:
    return BadInput("This is not a recovery file of staffdesk.", "Name the file that init wrote.")
