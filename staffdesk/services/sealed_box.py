"""A few bytes sealed under a passphrase: argon2id (RFC 9106, second option) and AES-256-GCM."""

from __future__ import annotations

import os
from typing import Final

from argon2.low_level import hash_secret_raw
from argon2.profiles import RFC_9106_LOW_MEMORY
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from staffdesk.domain.errors import BadInput
from staffdesk.domain.passwords import normal

_MAGIC: Final = b"staffdesk-box-1\n"
_SALT: Final = 16
_NONCE: Final = 12
_COSTS: Final = RFC_9106_LOW_MEMORY


def seal_box(content: bytes, passphrase: str) -> bytes:
    """Return ``content`` sealed; salt and nonce stand in front of it."""
    salt, nonce = os.urandom(_SALT), os.urandom(_NONCE)
    return _MAGIC + salt + nonce + AESGCM(_key(passphrase, salt)).encrypt(nonce, content, _MAGIC)


def open_box(box: bytes, passphrase: str) -> bytes:
    """Return what was sealed; raises :class:`BadInput` for a wrong passphrase or a damaged box."""
    start = len(_MAGIC)
    if not box.startswith(_MAGIC) or len(box) < start + _SALT + _NONCE:
        raise BadInput("This is not sealed as it should be.", "Take another file.")
    salt, nonce = box[start : start + _SALT], box[start + _SALT : start + _SALT + _NONCE]
    try:
        return AESGCM(_key(passphrase, salt)).decrypt(nonce, box[start + _SALT + _NONCE :], _MAGIC)
    except InvalidTag:
        raise BadInput("The passphrase does not open it, or it is damaged.", "Type the passphrase again.") from None


def _key(passphrase: str, salt: bytes) -> bytes:
    return hash_secret_raw(
        normal(passphrase).encode(),
        salt,
        time_cost=_COSTS.time_cost,
        memory_cost=_COSTS.memory_cost,
        parallelism=_COSTS.parallelism,
        hash_len=_COSTS.hash_len,
        type=_COSTS.type,
    )
