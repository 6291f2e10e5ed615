"""Hashing passwords with argon2id, so that a stolen database gives none away (RFC 9106, section 4, second option)."""

from __future__ import annotations

import os
import threading
from base64 import b64encode
from dataclasses import dataclass, field
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import ARGON2_VERSION

from staffdesk.domain import passwords

AT_ONCE: Final = 2
"""Hashes computed at the same time in one process: each takes 64 MiB."""

_PLACES: Final = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True, slots=True)
class PasswordHashes:
    """Makes and checks hashes; ``memory_kib`` is in KiB. Each call takes about a third of a second: use a worker."""

    time_cost: int = 3
    memory_kib: int = 64 * 1024
    lanes: int = 4
    _hasher: PasswordHasher = field(init=False, repr=False, compare=False)
    _nobodys: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Make the hash that a sign-in under an unknown name is checked against: nobody's, at the same costs."""
        hasher = PasswordHasher(time_cost=self.time_cost, memory_cost=self.memory_kib, parallelism=self.lanes)
        salt, digest = (b64encode(os.urandom(size)).decode().rstrip("=") for size in (hasher.salt_len, hasher.hash_len))
        costs = f"m={self.memory_kib},t={self.time_cost},p={self.lanes}"
        object.__setattr__(self, "_hasher", hasher)
        object.__setattr__(self, "_nobodys", f"$argon2id$v={ARGON2_VERSION}${costs}${salt}${digest}")

    def hash(self, password: str) -> str:
        """Return the hash of the NFC of a password that :func:`staffdesk.domain.passwords.check` took."""
        with _PLACES:
            return self._hasher.hash(passwords.normal(password))

    def matches(self, known: str | None, password: str) -> bool:
        """Say whether a password has this hash; without a hash, say no after the same work.

        A password longer than may be set, or one that is no text, is not hashed at all.
        """
        typed = passwords.normal(password)
        try:
            size = len(typed.encode())
        except UnicodeEncodeError:
            return False
        if size > passwords.rules().most_bytes:
            return False
        with _PLACES:
            try:
                right = self._hasher.verify(known or self._nobodys, typed)
            except (VerificationError, InvalidHashError):
                return False
        return right and known is not None

    def outdated(self, known: str) -> bool:
        """Say whether a hash was made with other costs than those of today."""
        return self._hasher.check_needs_rehash(known)
