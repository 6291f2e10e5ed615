"""The folder of sealed zips: one file each, under a random name; its key lies in the database and nowhere else.

A file of which no row knows is nobody's: what was killed before its row was written, and what an erasure or the end of
a period left. It goes with the next run. A file that is being written is held by its writer, so that it stays.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from staffdesk.domain.errors import NotFound, StorageUnavailable
from staffdesk.services.new_files import NEW, destroy_file
from staffdesk.services.support_logs.sealed_stream import SealedReader, SealedWriter, new_key, not_taken

_ENDING: Final = ".logs"
_NAME_BYTES: Final = 16


@dataclass(slots=True)
class NewFile:
    """A file that is being written: its name, the key of it, and whether it stays."""

    name: str
    key: bytes = field(repr=False)
    writer: SealedWriter
    file: IO[bytes]
    kept: bool = False

    def reader(self, most: int) -> SealedReader:
        """Return what reads it, once it is finished."""
        return SealedReader(self.file, self.key, self.name, most)


class LogSpool:
    """The sealed zips of one home."""

    def __init__(self, folder: Path) -> None:
        """Keep them in ``folder``, made when the first one comes."""
        self._folder = folder

    @contextmanager
    def new(self) -> Iterator[NewFile]:
        """Give a new file, held until the block ends; one that is not kept is destroyed then.

        Raises :class:`StorageUnavailable` where the disk does not take it.
        """
        name, key = secrets.token_hex(_NAME_BYTES), new_key()
        path = self._path(name)
        try:
            for folder in (self._folder.parent, self._folder):  # a parent that is made along would be open to others
                folder.mkdir(mode=0o700, exist_ok=True)
            descriptor = os.open(path, NEW & ~os.O_WRONLY | os.O_RDWR, 0o600)
        except OSError as error:
            raise not_taken() from error
        # Without a buffer: what a full disk did not take would be written once more as the file is closed.
        with os.fdopen(descriptor, "w+b", buffering=0) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            made = None
            try:
                self._sync()
                made = NewFile(name, key, SealedWriter(file, key, name), file)
                yield made
            finally:
                if made is None or not made.kept:
                    self.destroy(name)

    @contextmanager
    def opened(self, name: str, key: bytes, most: int) -> Iterator[SealedReader]:
        """Give a sealed file to be read; raises :class:`NotFound`, :class:`StorageUnavailable` if it was altered."""
        try:
            file = self._path(name).open("rb")
        except FileNotFoundError as error:
            raise NotFound(
                "The file of this zip is not at this desk: it lies at another one, or was lost.",
                "Ask the customer for it again, or destroy what is left: staffdesk case logs destroy",
            ) from error
        except OSError as error:
            raise StorageUnavailable(
                "The file of this zip cannot be read.", "Check who owns the data folder."
            ) from error
        with file:
            yield SealedReader(file, key, name, most)

    def has(self, name: str) -> bool:
        """Say whether a sealed file lies here."""
        return self._path(name).is_file()

    def destroy(self, name: str) -> bool:
        """Overwrite and remove a file; say whether it is gone. What the disk does not let go, the next run does."""
        with suppress(FileNotFoundError):
            try:
                destroy_file(self._path(name))
                self._sync()
            except FileNotFoundError:
                raise
            except OSError:
                return False
        return True

    def destroy_unknown(self, known: Callable[[], Collection[str]]) -> int:
        """Destroy each file that no row knows and nobody is writing; return how many.

        ``known`` is asked again once they are held: whose file was let go meanwhile has its row by then.
        Raises :class:`StorageUnavailable` where a file cannot be removed.
        """
        files = list(self._files())
        before = frozenset(known()) if files else frozenset()
        with ExitStack() as holding:
            held = [path for path in files if path.stem not in before and _held(path, holding)]
            stays = frozenset(known()) if held else frozenset()
            gone = [path for path in held if path.stem not in stays]
            try:
                for path in gone:
                    destroy_file(path)
                if gone:
                    self._sync()
            except OSError as error:
                raise StorageUnavailable(
                    "A sealed zip that nobody has any more cannot be removed.", "Check who owns the data folder."
                ) from error
        return len(gone)

    def _files(self) -> Iterator[Path]:
        if self._folder.is_dir() and not self._folder.is_symlink():
            yield from sorted(each for each in self._folder.iterdir() if each.is_file() and not each.is_symlink())

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}{_ENDING}"

    def _sync(self) -> None:
        descriptor = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _held(path: Path, holding: ExitStack) -> bool:
    """Hold a file that nobody else holds, until the block ends."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW)
    except FileNotFoundError:
        return False
    holding.callback(os.close, descriptor)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
