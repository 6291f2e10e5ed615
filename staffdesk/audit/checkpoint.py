"""Checkpoints: what the whole log was at a size, signed (C2SP tlog-checkpoint, a signed note with Ed25519).

Whoever keeps a checkpoint elsewhere can later prove whether the log still begins with those entries. The text has
three lines, origin, size and root; further lines, which the format allows, are not used here and are refused.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from staffdesk.audit.tree import HASH_BYTES

SEED_BYTES: Final = 32
MAX_SIGNATURES: Final = 100

ED25519: Final = 0x01
"""The type of a key that signs the text itself."""

_KEY_ID_BYTES: Final = 4
_SIGNATURE_BYTES: Final = 64
_SIZE = re.compile(r"0|[1-9][0-9]{0,17}")
_KEY_ID = re.compile(r"[0-9a-f]{8}")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_SIGNATURE_LINE = re.compile(r"\u2014 (\S+) (\S+)")


class CheckpointError(ValueError):
    """The note or key is not in the format, or a signature does not belong to the text."""


class UnknownKeyError(CheckpointError):
    """The note is in the format, but none of its signatures is by a key that was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """The root of the log ``origin`` when it had ``size`` entries."""

    origin: str
    size: int
    root: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One line under a note: whose key says so, and the bytes."""

    name: str
    key_id: bytes
    signature: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifierKey:
    """A public key with the name it signs under."""

    name: str
    key_id: bytes
    public_key: bytes


def generate_key() -> bytes:
    """Return the 32 bytes of a new private key; they are all there is to keep."""
    return Ed25519PrivateKey.generate().private_bytes_raw()


def sign(checkpoint: Checkpoint, key_name: str, private_key: bytes) -> str:
    """Return the signed note; ``private_key`` is the seed that ``generate_key`` made, ``key_name`` usually the origin.

    Raises ``CheckpointError`` for an origin, size, root, name or key that the format cannot hold.
    """
    body = _body(checkpoint)
    key = private_key_of(private_key)
    key_id = key_id_of(key_name, ED25519, key.public_key().public_bytes_raw())
    return f"{body}\n{signature_line(key_name, key_id, key.sign(body.encode()))}"


def signature_line(name: str, key_id: bytes, signature: bytes) -> str:
    """Return the line under a note that says whose key signed it."""
    return f"\u2014 {name} {to_base64(key_id + signature)}\n"


def parse(note: str) -> tuple[Checkpoint, tuple[Signature, ...]]:
    """Return what a note says and who signed it, nothing of it proved; raises ``CheckpointError``."""
    body, signatures = split_note(note)
    return _read_body(body), signatures


def verify(note: str, vkeys: Sequence[str]) -> Checkpoint:
    """Return the checkpoint when a known key signed it, and no known key's signature is wrong.

    Signatures by other keys are ignored, so that witnesses may add theirs. Raises ``CheckpointError``, and
    ``UnknownKeyError`` when no signature is by one of ``vkeys``.
    """
    body, signatures = split_note(note)
    checkpoint = _read_body(body)
    known = {(key.name, key.key_id): key for key in map(parse_verifier_key, vkeys)}
    proved = False
    for signature in signatures:
        key = known.get((signature.name, signature.key_id))
        if key is None:
            continue
        try:
            public_key_of(key.public_key).verify(signature.signature, body.encode())
        except InvalidSignature:
            raise CheckpointError("The signature does not belong to the checkpoint's text.") from None
        proved = True
    if not proved:
        raise UnknownKeyError("The checkpoint is signed by no known key.")
    return checkpoint


def verifier_key(name: str, seed: bytes, kind: int = ED25519) -> str:
    """Return the public half of a key as text: name, key id and key, joined by plus signs (C2SP vkey)."""
    public = private_key_of(seed).public_key().public_bytes_raw()
    return f"{name}+{key_id_of(name, kind, public).hex()}+{to_base64(bytes((kind,)) + public)}"


@lru_cache(maxsize=64)
def parse_verifier_key(vkey: str, kind: int = ED25519) -> VerifierKey:
    """Return the key of its text form; raises ``CheckpointError``, also where the key id is not the key's.

    ``kind`` is the type that is meant: a witness's key signs no checkpoint of a log, and a log's no cosignature.
    """
    name, _, rest = vkey.partition("+")
    key_id, _, encoded = rest.partition("+")
    material = from_base64(encoded)
    if len(material) != 1 + HASH_BYTES or not _KEY_ID.fullmatch(key_id):
        raise CheckpointError("This is not the text of an Ed25519 verifier key.")
    if material[0] != kind:
        raise CheckpointError("This verifier key is of another type: a log signs with 01, a witness with 04.")
    public = material[1:]
    if key_id_of(name, kind, public).hex() != key_id:
        raise CheckpointError("The key id in the verifier key is not that of the key.")
    return VerifierKey(name=name, key_id=bytes.fromhex(key_id), public_key=public)


def split_note(note: str) -> tuple[str, tuple[Signature, ...]]:
    """Part the signed text, last line end included, from the signatures under it; raises ``CheckpointError``."""
    if _CONTROL.search(note):
        raise CheckpointError("A note holds no control characters.")
    text, blank, under = note.rpartition("\n\n")
    lines = under.removesuffix("\n").split("\n")
    if not blank or not under.endswith("\n") or len(lines) > MAX_SIGNATURES:
        raise CheckpointError("A note is a text, an empty line and its signatures.")
    return text + "\n", tuple(map(_read_signature, lines))


def _body(checkpoint: Checkpoint) -> str:
    if not checkpoint.origin or "\n" in checkpoint.origin or _CONTROL.search(checkpoint.origin):
        raise CheckpointError("The origin of a log must be one line of text.")
    if not _SIZE.fullmatch(str(checkpoint.size)) or len(checkpoint.root) != HASH_BYTES:
        raise CheckpointError("A checkpoint needs a size and a root of 32 bytes.")
    return f"{checkpoint.origin}\n{checkpoint.size}\n{to_base64(checkpoint.root)}\n"


def _read_body(body: str) -> Checkpoint:
    lines = body.removesuffix("\n").split("\n")
    if len(lines) != 3 or not lines[0] or not _SIZE.fullmatch(lines[1]):  # noqa: PLR2004 - origin, size, root
        raise CheckpointError("A checkpoint has three lines: origin, size and root.")
    root = from_base64(lines[2])
    if len(root) != HASH_BYTES:
        raise CheckpointError("The root of a checkpoint has 32 bytes.")
    return Checkpoint(origin=lines[0], size=int(lines[1]), root=root)


def _read_signature(line: str) -> Signature:
    parts = _SIGNATURE_LINE.fullmatch(line)
    if parts is None or "+" in parts[1]:
        raise CheckpointError("A signature is a dash, the key's name and its bytes.")
    data = from_base64(parts[2])
    if len(data) <= _KEY_ID_BYTES:
        raise CheckpointError("A signature is too short.")
    return Signature(name=parts[1], key_id=data[:_KEY_ID_BYTES], signature=data[_KEY_ID_BYTES:])


def key_id_of(name: str, kind: int, public_key: bytes) -> bytes:
    """Return the four bytes that stand for a key; raises ``CheckpointError`` for a name that no note can hold."""
    if not name or "+" in name or any(map(str.isspace, name)) or _CONTROL.search(name):
        raise CheckpointError("The name of a key is text without spaces and plus signs.")
    return sha256(name.encode() + b"\n" + bytes((kind,)) + public_key).digest()[:_KEY_ID_BYTES]


def private_key_of(seed: bytes) -> Ed25519PrivateKey:
    """Return the key of a seed; raises ``CheckpointError`` for another length."""
    if len(seed) != SEED_BYTES:
        raise CheckpointError(f"A private key must have {SEED_BYTES} bytes.")
    return Ed25519PrivateKey.from_private_bytes(seed)


@lru_cache(maxsize=64)
def public_key_of(data: bytes) -> Ed25519PublicKey:
    """Return the key of its 32 bytes."""
    return Ed25519PublicKey.from_public_bytes(data)


def to_base64(data: bytes) -> str:
    """Return the one text of these bytes."""
    return base64.b64encode(data).decode()


def from_base64(text: str) -> bytes:
    """Decode strictly: one text for one sequence of bytes, or a changed last character would go unseen."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise CheckpointError("The text is not base64.") from None
    if to_base64(data) != text:
        raise CheckpointError("The text is not base64 in its one form.")
    return data
