"""The encrypted file page by page, deciphered in memory a few at a time: what is in its bytes, whatever SQL says.

SQLCipher 4's format: a page of 4,096 bytes ends with 80 reserved ones, the IV and then the HMAC; the first sixteen of
the file are the salt; a raw key is the page key as it stands. A frame of the journal is a header and a page. The HMAC
is not looked at: nothing is believed of a page, it is only searched, so a torn one finds nothing and harms nothing.
A value that runs over into further pages is searched in the pieces it has there.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from staffdesk.domain.any_of import any_of

PAGE: Final = 4096
_RESERVED: Final = 80
_SALT: Final = 16
_IV: Final = 16
_WAL_HEADER: Final = 32
_FRAME_HEADER: Final = 24
_AT_ONCE: Final = 256
_FEW: Final = 60


def count(path: Path, key: str, needles: Sequence[bytes]) -> tuple[Mapping[bytes, int], int]:
    """Return how often each of these lower-case strings stands in the file and its journal, and the pages searched.

    Letters of ASCII are compared without case.
    """
    found: Counter[bytes] = Counter()
    number = 0
    # One pass for all is slower than one for each, until they are many; latin-1 keeps bytes as they are.
    many = (
        re.compile(any_of(each.decode("latin-1") for each in needles).encode("latin-1"))
        if len(needles) > _FEW
        else None
    )
    for piece, pages in pieces(path, key):
        number += pages
        lower = piece.lower()
        if many is not None:
            found.update(many.findall(lower))
            continue
        for needle in needles:
            if times := lower.count(needle):
                found[needle] += times
    return found, number


def pieces(path: Path, key: str) -> Iterator[tuple[bytes, int]]:
    """Yield what the file and its journal hold, some pages at a time with a line between, and how many they are."""
    algorithm = algorithms.AES256(bytes.fromhex(key))
    waiting: list[bytes] = []
    journal = path.with_name(path.name + "-wal")
    for page, is_first in chain(_file(path), _journal(journal)):
        if any(page):
            waiting.append(_plain(page, algorithm, skipped=_SALT if is_first else 0))
        if len(waiting) >= _AT_ONCE:
            yield b"\n".join(waiting), len(waiting)
            waiting = []
    if waiting:
        yield b"\n".join(waiting), len(waiting)


def _file(path: Path) -> Iterator[tuple[bytes, bool]]:
    with path.open("rb") as file:
        number = 0
        while len(page := file.read(PAGE)) == PAGE:
            number += 1
            yield page, number == 1


def _journal(path: Path) -> Iterator[tuple[bytes, bool]]:
    if not path.exists():
        return
    with path.open("rb") as file:
        file.seek(_WAL_HEADER)
        while len(frame := file.read(_FRAME_HEADER + PAGE)) == _FRAME_HEADER + PAGE:
            yield frame[_FRAME_HEADER:], int.from_bytes(frame[:4], "big") == 1


def _plain(page: bytes, algorithm: algorithms.AES256, *, skipped: int) -> bytes:
    iv = page[PAGE - _RESERVED : PAGE - _RESERVED + _IV]
    decryptor = Cipher(algorithm, modes.CBC(iv)).decryptor()
    return decryptor.update(page[skipped : PAGE - _RESERVED]) + decryptor.finalize()
