"""Openings: the text behind a commitment, which erasure and retention may empty while the entry stays provable.

A commitment is a salted hash that stands in the entry's ``sec``. The salt is as long as the hash, so that a search
term of four letters cannot be guessed from it; number and field are hashed too, so that no opening fits another place.
"""

from __future__ import annotations

import os
import struct
from enum import StrEnum
from hashlib import sha256
from typing import Final

from staffdesk.audit import canonical

SALT_BYTES: Final = 32

_DOMAIN: Final = b"staffdesk-audit-commit-v1\x00"


class OpeningKind(StrEnum):
    """Who may read an opening: reasons are read by who reviews the log, values by privacy alone."""

    REASON = "reason"
    VALUE = "value"


def kind_of(field: str) -> OpeningKind:
    """Return the kind that belongs to a field: ``reason`` and ``reason.…`` are reasons, all else is a value.

    The name is hashed into the commitment, the stored kind is not: so the name decides, and whoever marks a value as
    a reason, for more people to read it, is found out.
    """
    return OpeningKind.REASON if field.partition(".")[0] == "reason" else OpeningKind.VALUE


def new_salt() -> bytes:
    """Return 32 random bytes; every opening has its own."""
    return os.urandom(SALT_BYTES)


def commit(seq: int, field: str, salt: bytes, value: str) -> bytes:
    """Return the 32 bytes of the commitment to one value.

    Raises ``CanonicalError`` for a value with control characters, line ends among them, and for a number, name or
    salt that no entry can hold.
    """
    if len(salt) != SALT_BYTES:
        raise canonical.CanonicalError(f"A salt must have {SALT_BYTES} bytes.")
    if not field.isascii() or not 0 < len(field) <= 0xFFFF:  # noqa: PLR2004 - the length is hashed in 16 bits
        raise canonical.CanonicalError("The name of an opening must be ASCII text.")
    if not 0 < seq < canonical.LIMIT:
        raise canonical.CanonicalError("An entry's number counts from 1.")
    name, text = field.encode(), canonical.encode(value)
    digest = sha256(_DOMAIN + struct.pack(">QH", seq, len(name)) + name + salt + struct.pack(">I", len(text)) + text)
    return digest.digest()
