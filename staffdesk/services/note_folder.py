"""A folder of notes that only grows: each note a new file, none written over, none removed."""

from __future__ import annotations

import fcntl
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from staffdesk.domain.errors import NotSound, StorageUnavailable
from staffdesk.services.new_files import NEW

_NAME: Final = re.compile(r"([0-9]{12,18})\.note")


class NoteFolder:
    """Notes under the sizes they are over, as ``000000000100.note``.

    Only new files are made and an unfinished one is finished, so that it works in a folder that the file system itself
    keeps append-only (``chattr +a``).
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def held(self) -> Iterator[int]:
        """Keep every other process that keeps notes here out meanwhile; raises :class:`StorageUnavailable`."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            within = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        except OSError as error:
            raise self._unusable() from error
        try:
            fcntl.flock(within, fcntl.LOCK_EX)
            yield within
        finally:
            os.close(within)

    def sizes(self) -> tuple[int, ...]:
        """Return the sizes of the notes kept, ascending."""
        try:
            found = [_NAME.fullmatch(each.name) for each in self.folder.iterdir()]
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise self._unusable() from error
        return tuple(sorted(int(each[1]) for each in found if each))

    def read(self, size: int) -> str:
        """Return the whole lines of the note over this many entries; nothing of one that was not kept to its end."""
        try:
            note = (self.folder / _name(size)).read_text(encoding="utf-8", errors="replace")
        except OSError as error:
            raise self._unusable() from error
        whole = note[: note.rfind("\n") + 1]
        return whole if _body(whole.encode()) else ""

    @staticmethod
    def name_of(size: int) -> str:
        """Return the name of the file of a note over this many entries."""
        return _name(size)

    def add(self, size: int, note: str) -> None:
        """Keep a note; raises as :meth:`put`."""
        with self.held() as within:
            self.put(within, size, note)

    def put(self, within: int, size: int, note: str) -> None:
        """Keep a note in the folder that is held; one there whole stays, also under more signatures.

        It is there whole or not at all where the file system has files without a name; elsewhere what a crash left half
        is finished when it comes again. Raises :class:`NotSound` where another note of this size is kept, and
        :class:`StorageUnavailable` where the disk does not take it; both leave the folder as it is.
        """
        try:
            self._put(within, _name(size), note.encode())
        except OSError as error:
            raise StorageUnavailable(
                f"The folder of notes {self.folder.name} did not take the note; what was there is as it was.",
                "Check who owns the folder and the space on its disk, then send it again.",
            ) from error

    def _put(self, within: int, name: str, note: bytes) -> None:
        try:
            kept = _content(within, name)
        except FileNotFoundError:
            _write_new(within, name, note)
            return
        if kept == note or (not note.startswith(kept) and _body(kept) == _body(note) != b""):
            return
        if not note.startswith(kept):
            sentence = f"{self.folder.name} holds another checkpoint under the name {name}: two histories were signed."
            raise NotSound(sentence, "Nothing was written over. Keep both, and look who signed.")
        _finish(within, name, len(kept), note)

    def _unusable(self) -> StorageUnavailable:
        return StorageUnavailable(
            f"The folder of notes {self.folder.name} cannot be used.", "Check that it is a folder, and who owns it."
        )


def _write_new(within: int, name: str, note: bytes) -> None:
    file = _nameless(within)
    named = file is None
    if file is None:
        file = os.open(name, NEW, 0o600, dir_fd=within)
    try:
        _write(file, note)
        if not named:
            os.link(f"/proc/self/fd/{file}", name, dst_dir_fd=within)
        os.fsync(within)
    except OSError:
        if named:
            with suppress(OSError):  # an append-only folder keeps it: it is finished when it comes again
                os.unlink(name, dir_fd=within)
        raise
    finally:
        os.close(file)


def _nameless(within: int) -> int | None:
    """Return a file that nobody sees before it has a name, where the file system has such."""
    if sys.platform != "linux":
        return None
    try:
        file = os.open(".", os.O_TMPFILE | os.O_WRONLY, 0o600, dir_fd=within)
    except OSError:
        return None
    if Path(f"/proc/self/fd/{file}").exists():
        return file
    os.close(file)
    return None


def _finish(within: int, name: str, kept: int, note: bytes) -> None:
    file = os.open(name, os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW, dir_fd=within)
    try:
        _write(file, note[kept:])
    except OSError:
        with suppress(OSError):
            os.ftruncate(file, kept)
        raise
    finally:
        os.close(file)


def _write(file: int, rest: bytes) -> None:
    while rest:
        rest = rest[os.write(file, rest) :]
    os.fsync(file)


def _body(note: bytes) -> bytes:
    """Return what the signatures are over; nothing of a note that a crash left without its end."""
    body, parted, signatures = note.partition(b"\n\n")
    return body if parted and signatures.endswith(b"\n") else b""


def _name(size: int) -> str:
    return f"{size:012d}.note"


def _content(within: int, name: str) -> bytes:
    with os.fdopen(os.open(name, os.O_RDONLY | os.O_NOFOLLOW, dir_fd=within), "rb") as file:
        return file.read()
