"""A file sealed piece by piece under a key of its own, so that one of any size is written and read in little memory.

STREAM (Hoang, Reyhanitabar, Rogaway and Vizár, 2015) over AES-256-GCM: each piece of 64 KiB has its number and whether
it is the last one in its nonce, so that none can be left out, doubled, moved or cut off. The file's name is bound to
every piece: one sealed file is never another. Whoever destroys the key has destroyed what it sealed.
"""

from __future__ import annotations

import io
import os
from typing import IO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from staffdesk.domain.errors import BadInput, StorageUnavailable

MAGIC: Final = b"staffdesk-logs-1\n"
_PIECE: Final = 64 * 1024
_TAG: Final = 16
_COUNTER: Final = 11


def new_key() -> bytes:
    """Return a key for one file."""
    return AESGCM.generate_key(256)


class Altered(StorageUnavailable):
    """A sealed zip, or what is kept of it, is not what came."""


class SealedWriter:
    """Seals what is written, in order; nothing counts before :meth:`finish`. Raises :class:`StorageUnavailable`."""

    def __init__(self, file: IO[bytes], key: bytes, name: str) -> None:
        """Write to an empty file that is open; ``name`` is bound to every piece."""
        self._file = file
        self._cipher = AESGCM(key)
        self._bound = MAGIC + name.encode()
        self._held = bytearray()
        self._number = 0
        self.size = 0
        self._onto_disk(MAGIC)

    def write(self, part: bytes) -> int:
        """Take some bytes and return how many that were."""
        self._held += part
        self.size += len(part)
        while len(self._held) > _PIECE:  # one piece is always held back: it may be the last
            self._seal(bytes(self._held[:_PIECE]), last=False)
            del self._held[:_PIECE]
        return len(part)

    def flush(self) -> None:
        """Do nothing: a piece is written when it is whole."""

    def finish(self) -> None:
        """Seal the last piece and see all of it onto the disk."""
        self._seal(bytes(self._held), last=True)
        self._held.clear()
        try:
            os.fsync(self._file.fileno())
        except OSError as error:
            raise not_taken() from error

    def _seal(self, piece: bytes, *, last: bool) -> None:
        self._onto_disk(self._cipher.encrypt(_nonce(self._number, last=last), piece, self._bound))
        self._number += 1

    def _onto_disk(self, part: bytes) -> None:
        left = memoryview(part)
        try:
            while left:
                left = left[self._file.write(left) :]
        except OSError as error:
            raise not_taken() from error


class SealedReader:
    """Reads what was sealed, anywhere in it; raises :class:`Altered` for what is not as it was sealed.

    Not more than ``most`` bytes are read at once: that is asked for by a zip alone whose list of files is too long, and
    raises :class:`BadInput`.
    """

    def __init__(self, file: IO[bytes], key: bytes, name: str, most: int) -> None:
        """Read a file that is open; its last piece is looked at first, so that one cut off is known at once."""
        self._file = file
        self._cipher = AESGCM(key)
        self._bound = MAGIC + name.encode()
        self._most = most
        self._at = 0
        self._piece: tuple[int, bytes] = (-1, b"")
        sealed = file.seek(0, os.SEEK_END) - len(MAGIC)
        file.seek(0)
        if file.read(len(MAGIC)) != MAGIC or sealed < _TAG:
            raise _altered()
        self._last = max(0, (sealed - 1) // (_PIECE + _TAG))
        self.size = sealed - (self._last + 1) * _TAG
        self._open(self._last)

    def read(self, n: int = -1) -> bytes:
        """Return the next ``n`` bytes, or those there are; all of the rest where it is negative."""
        wanted = max(0, self.size - self._at) if n < 0 else min(n, max(0, self.size - self._at))
        if wanted > self._most:
            raise BadInput("The list of the files in this zip is too long.", "Ask the customer for fewer files.")
        parts = []
        while wanted:
            number, start = divmod(self._at, _PIECE)
            part = self._open(number)[start : start + wanted]
            parts.append(part)
            self._at += len(part)
            wanted -= len(part)
        return b"".join(parts)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place and return it."""
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self.size}[whence]
        if start + offset < 0:
            raise io.UnsupportedOperation("before the beginning")
        self._at = start + offset
        return self._at

    def tell(self) -> int:
        """Return the place."""
        return self._at

    def seekable(self) -> bool:
        """Say that it can be read anywhere."""
        return True

    def _open(self, number: int) -> bytes:
        if self._piece[0] == number:
            return self._piece[1]
        self._file.seek(len(MAGIC) + number * (_PIECE + _TAG))
        sealed = self._file.read(_PIECE + _TAG)
        try:
            opened = self._cipher.decrypt(_nonce(number, last=number == self._last), sealed, self._bound)
        except (InvalidTag, ValueError) as error:
            raise _altered() from error
        self._piece = (number, opened)
        return opened


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(_COUNTER) + bytes([last])


def not_taken() -> StorageUnavailable:
    """Return what is said where the disk takes no more."""
    return StorageUnavailable(
        "The zip could not be kept: the disk did not take it. Nothing was changed.", "Free some space, then try again."
    )


def _altered() -> Altered:
    return Altered(
        "The sealed file of this zip is not as it was written.", "Destroy it, and ask the customer for another."
    )
