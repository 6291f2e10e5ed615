"""Cosignatures: a witness says that it saw a checkpoint, and when (C2SP tlog-cosignature, cosignature/v1, Ed25519)."""

from __future__ import annotations

from typing import Final

from cryptography.exceptions import InvalidSignature

from staffdesk.audit.checkpoint import (
    CheckpointError,
    UnknownKeyError,
    key_id_of,
    parse_verifier_key,
    private_key_of,
    public_key_of,
    signature_line,
    split_note,
)

WITNESS: Final = 0x04
"""The type of a key that cosigns, and signs no checkpoint of its own."""

_TIME_BYTES: Final = 8


def cosign(note: str, name: str, seed: bytes, at: int) -> str:
    """Return a note with a witness's line under it; ``at`` is in whole seconds since 1970, UTC.

    What the note says must be proved before. Raises ``CheckpointError`` for what the format cannot hold.
    """
    if not 0 <= at < 1 << 8 * _TIME_BYTES:
        raise CheckpointError("The time is none that a cosignature can hold.")
    body, _ = split_note(note)
    key = private_key_of(seed)
    key_id = key_id_of(name, WITNESS, key.public_key().public_bytes_raw())
    signed = key.sign(_message(body, at))
    return note + signature_line(name, key_id, at.to_bytes(_TIME_BYTES, "big") + signed)


def cosigned_at(note: str, vkey: str) -> int:
    """Return when a witness saw what a note says, in seconds since 1970, UTC.

    Raises ``UnknownKeyError`` where this witness did not sign, ``CheckpointError`` where its line is wrong.
    """
    witness = parse_verifier_key(vkey, WITNESS)
    body, signatures = split_note(note)
    for each in signatures:
        if (each.name, each.key_id) != (witness.name, witness.key_id):
            continue
        at = int.from_bytes(each.signature[:_TIME_BYTES], "big")
        try:
            public_key_of(witness.public_key).verify(each.signature[_TIME_BYTES:], _message(body, at))
        except InvalidSignature:
            raise CheckpointError("The witness's line does not belong to the checkpoint's text and time.") from None
        return at
    raise UnknownKeyError("This witness did not cosign the checkpoint.")


def _message(body: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{body}".encode()
