"""The encrypted file page by page, deciphered in memory a few at a time: what is in its bytes, whatever SQL says.

SQLCipher 4's format: a page of 4,096 bytes ends with 80 reserved ones, the IV and then the HMAC; the first sixteen of
the file are the salt; a raw key is the page key as it stands. A frame of the journal is a header and a page. The HMAC
is not looked at: nothing is believed of a page, it is only searched, so a torn one finds nothing and harms nothing.
A value that runs over into further pages is searched in the pieces it has there.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from staffdesk.data.side_by_side import WAYS, side_by_side
from staffdesk.domain.any_of import any_of, finder

PAGE: Final = 4096
_RESERVED: Final = 80
_SALT: Final = 16
_IV: Final = 16
_WAL_HEADER: Final = 32
_FRAME_HEADER: Final = 24
_AT_ONCE: Final = 64
"""Pages that are gone through at a time: more do not stay in the cache of a processor."""
_FEW: Final = 60
_LOWER: Final = bytes(range(256)).lower()
_LOWER_ASCII: Final = bytes(code if code < 128 else 0 for code in _LOWER)  # noqa: PLR2004 - where ASCII ends


def count(path: Path, key: str, needles: Sequence[bytes]) -> tuple[Mapping[bytes, int], int]:
    """Return how often each of these lower-case strings stands in the file and its journal, and the pages searched.

    Letters of ASCII are compared without case.
    """
    done = side_by_side(partial(_search, path, key, needles), path.stat().st_size)
    return sum((found for found, _ in done), Counter()), sum(number for _, number in done)


def _search(path: Path, key: str, needles: Sequence[bytes], way: int) -> tuple[Counter[bytes], int]:
    stands_in = finder(each.decode("latin-1") for each in needles)
    # A pattern of text reads each byte above ASCII as two: they are only handed on where they are looked for.
    lower = _LOWER_ASCII if all(each.isascii() for each in needles) else _LOWER
    found: Counter[bytes] = Counter()
    number = 0
    for piece, pages in _way(path, key, way):
        number += pages
        read = piece.translate(lower)
        if stands_in(read.decode("latin-1")):
            found.update(_counted(read, needles))
    return found, number


def _counted(read: bytes, needles: Sequence[bytes]) -> Mapping[bytes, int]:
    """Count in a piece that has some of them: one pass for all is slower than one for each, until they are many."""
    if len(needles) > _FEW:
        many = re.compile(any_of(each.decode("latin-1") for each in needles).encode("latin-1"))
        return Counter(many.findall(read))
    return {needle: times for needle in needles if (times := read.count(needle))}


def pieces(path: Path, key: str) -> Iterator[tuple[bytes, int]]:
    """Yield what the file and its journal hold, some pages at a time with noise between, and how many they are."""
    return chain.from_iterable(_way(path, key, way) for way in range(WAYS))


def _way(path: Path, key: str, way: int) -> Iterator[tuple[bytes, int]]:
    """Yield a run of the file's pages, and with the last of them its journal."""
    algorithm = algorithms.AES256(bytes.fromhex(key))
    pages = path.stat().st_size // PAGE
    each = pages // WAYS + 1
    first = way * each
    if first < pages:
        yield from _deciphered(path, algorithm, first * PAGE, min(each, pages - first))
    journal = path.with_name(path.name + "-wal")
    if way == WAYS - 1 and journal.exists():
        yield from _deciphered(journal, algorithm, _WAL_HEADER, None, header=_FRAME_HEADER)


def _deciphered(
    path: Path, algorithm: algorithms.AES256, begin: int, most: int | None, *, header: int = 0
) -> Iterator[tuple[bytes, int]]:
    """Decipher a run of pages, each behind a header.

    A page's IV stands before it as if it were the block before its first: then all pages are one chain, deciphered in
    one call, and each IV becomes sixteen bytes of noise.
    """
    size = header + PAGE
    number = begin // PAGE
    left = sys.maxsize if most is None else most
    with path.open("rb") as file:
        file.seek(begin)
        while read := memoryview(file.read(size * min(left, _AT_ONCE))):
            chained: list[memoryview] = []
            for at in range(header, len(read) - PAGE + 1, size):
                number = int.from_bytes(read[at - header : at - header + 4], "big") if header else number + 1
                body = at + PAGE - _RESERVED
                chained.append(read[body : body + _IV])
                chained.append(read[at + (_SALT if number == 1 else 0) : body])
            decryptor = Cipher(algorithm, modes.CBC(bytes(_IV))).decryptor()
            yield decryptor.update(b"".join(chained)) + decryptor.finalize(), len(chained) // 2
            left -= _AT_ONCE
            if left <= 0:
                return
