"""What the sweep looks for, kept between the erasure and its end under a key that never lies in the database."""

from __future__ import annotations

import hmac
import json
import os
from collections.abc import Mapping, Sequence
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from staffdesk.domain.errors import StorageUnavailable
from staffdesk.domain.traces import Identity, Trace

_PURPOSE: Final = b"staffdesk erasure sweep v1"
_NONCE: Final = 12
_NUMBERS: Final = "requests"


def close(secret: bytes, identity: Identity) -> bytes:
    """Return a person's identifiers, sealed (AES-256-GCM)."""
    return _close(secret, {trace.value: values for trace, values in identity.traces.items()})


def close_numbers(secret: bytes, numbers: Sequence[str]) -> bytes:
    """Return the numbers of a person's requests, sealed: together they tell whose they are."""
    return _close(secret, {_NUMBERS: numbers})


def open_(secret: bytes, box: bytes) -> Identity:
    """Return what was sealed; raises :class:`StorageUnavailable` for what this desk did not seal."""
    return Identity({Trace(name): tuple(values) for name, values in _open(secret, box).items()})


def open_numbers(secret: bytes, box: bytes) -> tuple[str, ...]:
    """As :func:`open_`, for the numbers of requests."""
    return tuple(_open(secret, box)[_NUMBERS])


def _close(secret: bytes, told: Mapping[str, Sequence[str]]) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(_key(secret)).encrypt(nonce, json.dumps(told).encode(), _PURPOSE)


def _open(secret: bytes, box: bytes) -> dict[str, list[str]]:
    try:
        text = AESGCM(_key(secret)).decrypt(box[:_NONCE], box[_NONCE:], _PURPOSE)
    except InvalidTag as error:
        raise StorageUnavailable(
            "What is left to look for after an erasure was sealed under another key.", "Run: staffdesk doctor"
        ) from error
    found: dict[str, list[str]] = json.loads(text)
    return found


def _key(secret: bytes) -> bytes:
    return hmac.digest(secret, _PURPOSE, "sha256")
