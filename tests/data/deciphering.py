"""Reading the encrypted file as its bytes are, without the library that wrote it: SQLCipher 4's page format.

A page of 4,096 bytes ends with 80 reserved ones: the IV, then the HMAC. The first sixteen of the file are the salt.
A raw key of 64 hexadecimal digits is the page key as it stands. A frame of the WAL is a 24-byte header and a page.
Source: SQLCipher's design page ("Page-level encryption"), SQLite's file format (section 4).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

PAGE: Final = 4096
RESERVED: Final = 80
SALT: Final = 16
IV: Final = 16
WAL_HEADER: Final = 32
FRAME_HEADER: Final = 24


def plain_bytes(path: Path, key: str) -> bytes:
    """Return what the database file and its journal hold, deciphered, one page after another."""
    return b"".join((*_file(path, key), *_journal(path.with_name(path.name + "-wal"), key)))


def _file(path: Path, key: str) -> Iterator[bytes]:
    data = path.read_bytes()
    for at in range(0, len(data), PAGE):
        yield _page(data[at : at + PAGE], key, skipped=SALT if at == 0 else 0)


def _journal(path: Path, key: str) -> Iterator[bytes]:
    data = path.read_bytes() if path.exists() else b""
    for at in range(WAL_HEADER, len(data), FRAME_HEADER + PAGE):
        number = int.from_bytes(data[at : at + 4], "big")
        page = data[at + FRAME_HEADER : at + FRAME_HEADER + PAGE]
        yield _page(page, key, skipped=SALT if number == 1 else 0)


def _page(page: bytes, key: str, *, skipped: int) -> bytes:
    if not any(page):
        return b""
    iv = page[PAGE - RESERVED : PAGE - RESERVED + IV]
    decryptor = Cipher(algorithms.AES256(bytes.fromhex(key)), modes.CBC(iv)).decryptor()
    return decryptor.update(page[skipped : PAGE - RESERVED]) + decryptor.finalize()
