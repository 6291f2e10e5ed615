"""Where packages wait until they are sent: each in a file under the desk's key, whose name says nothing.

A file is overwritten before it is removed. On a disk that writes elsewhere than it is told, old bytes may outlive that:
they are under the desk's key, and under a passphrase that was never stored.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from staffdesk.domain.errors import NotFound, StorageUnavailable
from staffdesk.services.home import Home

_MAGIC: Final = b"staffdesk-spool-1\n"
_MADE: Final = 8
_NONCE: Final = 12
_ENDING: Final = ".box"
_CHUNK: Final = 1024 * 1024
_NEVER: Final = 2**63
_DAY_MS: Final = 24 * 60 * 60 * 1000


class Spool:
    """The packages of one desk, by the number of their request."""

    def __init__(self, folder: Path, key: Callable[[], str]) -> None:
        """Keep them in ``folder``; ``key`` returns the desk's key, and is asked only when a file is read or written."""
        self._folder = folder
        self._key = key

    @classmethod
    def of(cls, home: Home) -> Spool:
        """Return the spool of a home."""
        return cls(home.spool, home.read_key)

    def put(self, number: str, content: bytes, made_at: int) -> None:
        """Keep a package; an earlier one of the same request is destroyed. Raises :class:`StorageUnavailable`."""
        path, key = self._path(number)
        head = _MAGIC + made_at.to_bytes(_MADE)
        nonce = os.urandom(_NONCE)
        box = head + nonce + AESGCM(key).encrypt(nonce, content, head + path.name.encode())
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._folder.chmod(0o700)
            if path.exists():
                _destroy(path)
            _write(path, box)
            _sync(self._folder)
        except OSError as error:
            raise StorageUnavailable(
                "The package could not be kept: the disk did not take it.", "Free some space, then make it again."
            ) from error

    def take(self, number: str) -> bytes:
        """Return a package, which stays; raises :class:`NotFound`, :class:`StorageUnavailable` for a damaged file."""
        path, key = self._path(number)
        try:
            box = path.read_bytes()
        except FileNotFoundError as error:
            raise NotFound(
                "There is no package of this request: none was made, or it was destroyed.", "Make it again."
            ) from error
        except OSError as error:
            raise StorageUnavailable("The package cannot be read.", "Check who owns the data folder.") from error
        start = len(_MAGIC) + _MADE
        head, nonce, sealed = box[:start], box[start : start + _NONCE], box[start + _NONCE :]
        try:
            return AESGCM(key).decrypt(nonce, sealed, head + path.name.encode())
        except (InvalidTag, ValueError) as error:
            raise StorageUnavailable("The package is damaged, or of another desk.", "Make it again.") from error

    def holds(self, number: str) -> bool:
        """Say whether there is a package of this request."""
        return self._path(number)[0].exists()

    def destroy(self, number: str) -> bool:
        """Destroy a package, once it is known to have been sent; say whether there was one."""
        path, _ = self._path(number)
        return self._gone(path)

    def destroy_older(self, days: int, now: int) -> int:
        """Destroy every package made more than so many days before ``now``, in UTC milliseconds; return how many.

        What was never finished, and what is no package, goes too.
        """
        return sum(self._gone(path) for path in self._files() if _made(path) <= now - days * _DAY_MS)

    def _files(self) -> Iterator[Path]:
        if self._folder.is_dir():
            yield from sorted(path for path in self._folder.iterdir() if path.is_file() and not path.is_symlink())

    def _gone(self, path: Path) -> bool:
        try:
            if not path.exists():
                return False
            _destroy(path)
            _sync(self._folder)
        except OSError as error:
            raise StorageUnavailable(
                "A package could not be destroyed.", "Check who owns the data folder, then try again."
            ) from error
        return True

    def _path(self, number: str) -> tuple[Path, bytes]:
        raw = bytes.fromhex(self._key())
        name = hmac.digest(raw, f"staffdesk spool name v1 {number}".encode(), "sha256").hex()[:32]
        return self._folder / f"{name}{_ENDING}", hmac.digest(raw, b"staffdesk spool v1", "sha256")


def _made(path: Path) -> int:
    """Return when a package was made; when a file was last written that is none, or not yet."""
    try:
        with path.open("rb") as file:
            head = file.read(len(_MAGIC) + _MADE)
        written = path.stat().st_mtime_ns // 1_000_000
    except FileNotFoundError:
        return _NEVER
    whole = len(head) == len(_MAGIC) + _MADE and head.startswith(_MAGIC)
    return int.from_bytes(head[len(_MAGIC) :]) if whole else written


def _write(path: Path, box: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(box)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        with suppress(OSError):
            _destroy(path)
        raise


def _destroy(path: Path) -> None:
    with path.open("r+b", buffering=0) as file:
        left = path.stat().st_size
        while left > 0:
            left -= file.write(os.urandom(min(left, _CHUNK)))
        os.fsync(file.fileno())
    path.unlink()


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
