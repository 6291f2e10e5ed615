"""The salted commitment to one field of an entry: what the entry keeps when the field's value is erased.

SHA-256 over a fixed tag, the entry's number as 8 bytes, the field's name behind its length as 2 bytes, a salt of 32
bytes, and the canonical bytes of the value behind their length as 4 bytes; every number big-endian.
"""

from __future__ import annotations

from hashlib import sha256

from tests.audit_oracle import canonical

TAG = b"staffdesk-audit-commit-v1\x00"
SALT_BYTES = 32


def preimage(seq: int, field: str, salt: bytes, value: object) -> bytes:
    """The bytes that are hashed. Raises ``ValueError`` where a part does not fit its place."""
    if len(salt) != SALT_BYTES:
        raise ValueError("a salt has 32 bytes")
    name = field.encode("ascii")
    content = canonical.encode(value)
    try:
        parts = (seq.to_bytes(8, "big"), len(name).to_bytes(2, "big"), name, salt, len(content).to_bytes(4, "big"))
    except OverflowError as error:
        raise ValueError("a number is too large for its place") from error
    return TAG + b"".join(parts) + content


def commit(seq: int, field: str, salt: bytes, value: object) -> bytes:
    """The commitment, 32 bytes."""
    return sha256(preimage(seq, field, salt, value)).digest()
