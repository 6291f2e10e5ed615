"""What the sweep looks for, kept between the erasure and its end under a key that never lies in the database."""

from __future__ import annotations

import hmac
import json
import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from staffdesk.domain.errors import StorageUnavailable
from staffdesk.domain.traces import Identity, Trace

_PURPOSE: Final = b"staffdesk erasure sweep v1"
_NONCE: Final = 12


def close(secret: bytes, identity: Identity) -> bytes:
    """Return a person's identifiers, sealed (AES-256-GCM)."""
    nonce = os.urandom(_NONCE)
    text = json.dumps({trace.value: values for trace, values in identity.traces.items()}).encode()
    return nonce + AESGCM(_key(secret)).encrypt(nonce, text, _PURPOSE)


def open_(secret: bytes, box: bytes) -> Identity:
    """Return what was sealed; raises :class:`StorageUnavailable` for what this desk did not seal."""
    try:
        text = AESGCM(_key(secret)).decrypt(box[:_NONCE], box[_NONCE:], _PURPOSE)
    except InvalidTag as error:
        raise StorageUnavailable(
            "What is left to look for after an erasure was sealed under another key.", "Run: staffdesk doctor"
        ) from error
    return Identity({Trace(name): tuple(values) for name, values in json.loads(text).items()})


def _key(secret: bytes) -> bytes:
    return hmac.digest(secret, _PURPOSE, "sha256")
