"""Signed notes (C2SP signed-note, Ed25519 keys of type 0x01) and checkpoints (C2SP tlog-checkpoint).

Signing goes through ``cryptography``. Verifying goes through the ``openssl`` command where that can do Ed25519, so that
one fault in one library cannot make a false signature and then believe it.
"""

from __future__ import annotations

import base64
import binascii
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

EM_DASH = "\N{EM DASH}"
ED25519 = b"\x01"
HASH_BYTES = 32
ID_BYTES = 4
PUBLIC_BYTES = 32
SIGNATURE_BYTES = 64
MOST_SIGNATURES = 100  # a verifier sets a limit and accepts at least 16; golang.org/x/mod/sumdb/note chose 100

_SPKI_PREFIX = bytes.fromhex("302a300506032b6570032100")  # RFC 8410 section 4: what stands before the 32 bytes in DER
_RFC_8032_TEST_3 = (
    bytes.fromhex("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025"),
    bytes.fromhex("af82"),
    bytes.fromhex(
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
    ),
)


class BadNoteError(ValueError):
    """The note or key is malformed, or no known key signed it, or a known key's signature is false."""


@dataclass(frozen=True)
class VerifierKey:
    """A name and an Ed25519 public key of 32 bytes."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        """SHA-256(name || 0x0A || 0x01 || public key), its first four bytes."""
        return sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:ID_BYTES]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{_base64(ED25519 + self.public)}"

    @classmethod
    def parse(cls, vkey: str) -> VerifierKey:
        """Read ``name+hex of key id+base64 of type and public key``. Raises ``BadNoteError``."""
        name, _, rest = vkey.partition("+")
        key_id, _, encoded = rest.partition("+")
        typed = _from_base64(encoded)
        if not _is_name(name) or typed[:1] != ED25519 or len(typed) != 1 + PUBLIC_BYTES:
            raise BadNoteError("not a verifier key of type 0x01")
        key = cls(name, typed[1:])
        if key_id != key.key_id.hex():
            raise BadNoteError("the key id is not that of this name and key")
        return key


@dataclass(frozen=True)
class Checkpoint:
    """The text of a checkpoint; ``extensions`` are opaque lines after the three that every checkpoint has."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "".join(line + "\n" for line in (self.origin, str(self.size), _base64(self.root), *self.extensions))

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """Read a note's text. Raises ``BadNoteError``."""
        *lines, end = text.split("\n")
        if end or not all(lines) or len(lines) < len(("origin", "size", "root")):
            raise BadNoteError("not three lines or more, none empty, each ended")
        origin, size, encoded, *extensions = lines
        root = _from_base64(encoded)
        if not re.fullmatch("0|[1-9][0-9]*", size) or len(root) != HASH_BYTES:
            raise BadNoteError("a size with a leading zero, or a root that is not a SHA-256")
        return cls(origin, int(size), root, tuple(extensions))


def public_of(seed: bytes) -> bytes:
    """The public key of an Ed25519 seed of 32 bytes."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def sign(text: str, name: str, seed: bytes) -> bytes:
    """The signed note: the text, an empty line, one signature line. Raises ``BadNoteError`` for what no note may be."""
    if not text.endswith("\n") or not _is_note_text(text) or not _is_name(name):
        raise BadNoteError("a text that does not end its last line, a control character, or a bad name")
    key = VerifierKey(name, public_of(seed))
    signature = Ed25519PrivateKey.from_private_bytes(seed).sign(text.encode())
    return f"{text}\n{EM_DASH} {name} {_base64(key.key_id + signature)}\n".encode()


def open_note(note: bytes, keys: Sequence[VerifierKey]) -> tuple[str, frozenset[VerifierKey]]:
    """The text and the keys whose signatures on it are true.

    Signatures of other keys are ignored. Raises ``BadNoteError`` when there is none of ``keys``, or a false one.
    """
    try:
        whole = note.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadNoteError("not UTF-8") from error
    body, empty_line, signed_by = whole.rpartition("\n\n")
    *lines, end = signed_by.split("\n")
    if not empty_line or end or not 1 <= len(lines) <= MOST_SIGNATURES or not _is_note_text(whole):
        raise BadNoteError("not a text, an empty line and signature lines")
    text = body + "\n"
    known = {(key.name, key.key_id): key for key in keys}
    signers: set[VerifierKey] = set()
    for line in lines:
        name, key_id, signature = _signature_line(line)
        key = known.get((name, key_id))
        if key is None:
            continue
        if not is_signature(key.public, text.encode(), signature):
            raise BadNoteError("a known key's signature is false")
        signers.add(key)
    if not signers:
        raise BadNoteError("no known key signed this note")
    return text, frozenset(signers)


def is_signature(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether ``signature`` is that of ``public`` on ``message`` (RFC 8032)."""
    if len(signature) != SIGNATURE_BYTES:
        return False
    program = openssl_with_ed25519()
    if program is not None:
        return _openssl_verifies(program, public, message, signature)
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


@cache
def openssl_with_ed25519() -> str | None:
    """The ``openssl`` program, where it tells a true Ed25519 signature from a false one (LibreSSL's does not)."""
    program = shutil.which("openssl")
    if program is None:
        return None
    public, message, signature = _RFC_8032_TEST_3
    believes_truth = _openssl_verifies(program, public, message, signature)
    believes_lie = _openssl_verifies(program, public, message + b"\x00", signature)
    return program if believes_truth and not believes_lie else None


def _openssl_verifies(program: str, public: bytes, message: bytes, signature: bytes) -> bool:
    parts = {"-inkey": _SPKI_PREFIX + public, "-in": message, "-sigfile": signature}
    with TemporaryDirectory() as folder:
        arguments = [program, "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-rawin"]
        for option, content in parts.items():
            path = Path(folder, option)
            path.write_bytes(content)
            arguments += [option, str(path)]
        return subprocess.run(arguments, capture_output=True, check=False, timeout=30).returncode == 0


def _signature_line(line: str) -> tuple[str, bytes, bytes]:
    dash, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    content = _from_base64(encoded)
    if dash != EM_DASH or not _is_name(name) or len(content) <= ID_BYTES:
        raise BadNoteError("not a signature line")
    return name, content[:ID_BYTES], content[ID_BYTES:]


def _is_name(name: str) -> bool:
    return name != "" and "+" not in name and not any(character.isspace() for character in name)


def _is_note_text(text: str) -> bool:
    return all(character >= " " or character == "\n" for character in text)


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def _from_base64(text: str) -> bytes:
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadNoteError("not base64") from error
    if _base64(content) != text:
        raise BadNoteError("base64 with bits left over")
    return content
