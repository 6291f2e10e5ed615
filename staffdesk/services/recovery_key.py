"""The recovery key: the database's key in a form that can be written down, or kept in a file under a passphrase.

Whoever loses both the key file and this loses the database: nobody can open it without.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from staffdesk.domain import passwords
from staffdesk.domain.errors import BadInput, StorageUnavailable
from staffdesk.services.home import Home, write_secret

_KEY_BYTES: Final = 32
_CHECK_BYTES: Final = 3
_GROUP: Final = 4
_RFC4648: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_WRITE: Final = str.maketrans(_RFC4648, _CROCKFORD)
_READ: Final = str.maketrans(_CROCKFORD + "OIL", _RFC4648 + _RFC4648[0] + _RFC4648[1] * 2)
_TYPED: Final = re.compile(f"[{_CROCKFORD}OIL]{{56}}")

_FORMAT: Final = "staffdesk recovery key v1"
_COSTS: Final = {"time": 3, "memory_kib": 65536, "lanes": 4}
_MOST: Final = {"time": 32, "memory_kib": 1024 * 1024, "lanes": 16}


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
    home.make_folders()
    write_secret(home.key_file, recovery.key)


def write_recovery_file(path: Path, recovery: RecoveryKey, passphrase: str) -> None:
    """Write the recovery key to a new 0600 file, encrypted with argon2id and AES-256-GCM under a passphrase.

    Raises :class:`BadInput` for a passphrase that no password may be, :class:`StorageUnavailable` if the file exists.
    """
    passwords.check(passphrase)
    salt, nonce = os.urandom(16), os.urandom(12)
    secret = _derived(passphrase, salt, _COSTS)
    sealed = AESGCM(secret).encrypt(nonce, bytes.fromhex(recovery.key), _FORMAT.encode())
    body = {"format": _FORMAT, **_COSTS, "salt": salt.hex(), "nonce": nonce.hex(), "sealed": sealed.hex()}
    write_secret(path, json.dumps(body, indent=1))


def read_recovery_file(path: Path, passphrase: str) -> RecoveryKey:
    """Return the recovery key in a file; raises :class:`BadInput` for another file or a wrong passphrase."""
    try:
        body = json.loads(path.read_text(encoding="ascii"))
        costs = {name: int(body[name]) for name in _COSTS}
        salt, nonce, sealed = (bytes.fromhex(body[name]) for name in ("salt", "nonce", "sealed"))
    except OSError as error:
        raise StorageUnavailable("The recovery file cannot be read.", "Check its name and who owns it.") from error
    except (ValueError, KeyError, TypeError, binascii.Error) as error:
        raise _not_a_recovery_file() from error
    if body.get("format") != _FORMAT or any(not 0 < costs[name] <= most for name, most in _MOST.items()):
        raise _not_a_recovery_file()
    try:
        raw = AESGCM(_derived(passphrase, salt, costs)).decrypt(nonce, sealed, _FORMAT.encode())
    except (InvalidTag, ValueError) as error:
        raise BadInput("The passphrase does not open this file.", "Type it again.") from error
    return RecoveryKey.of(raw.hex())


def _derived(passphrase: str, salt: bytes, costs: dict[str, int]) -> bytes:
    return hash_secret_raw(
        passwords.normal(passphrase).encode(),
        salt,
        time_cost=costs["time"],
        memory_cost=costs["memory_kib"],
        parallelism=costs["lanes"],
        hash_len=_KEY_BYTES,
        type=Type.ID,
    )


def _check(raw: bytes) -> bytes:
    return hashlib.sha256(_FORMAT.encode() + raw).digest()[:_CHECK_BYTES]


def _not_a_recovery_file() -> BadInput:
    return BadInput("This is not a recovery file of staffdesk.", "Name the file that init wrote.")
