"""Destroying the mail's file once it is taken in, and saying what that proves: a card may be in it."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_IN_PLACE: Final = frozenset({"ext2", "ext3", "ext4", "vfat", "exfat", "msdos", "jfs", "ntfs", "ntfs3", "hfsplus"})
"""File systems that write over a file where it lies."""

_IN_MEMORY: Final = frozenset({"tmpfs", "ramfs", "devtmpfs"})
_CHUNK: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Destroyed:
    """What became of the file: ``gone`` or not, in a sentence, and what that proves or what to do instead."""

    gone: bool
    sentence: str
    hint: str


def destroy(file: Path) -> Destroyed:
    """Overwrite a file and remove it, or say why that may not be; a failure half-way says so too.

    Only a plain file of one's own, with one name, that one may write, in a folder one may write.
    """
    folder = file.absolute().parent
    try:
        handle = os.open(file, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        return _left(f"it cannot be written: {error.strerror or 'the system refuses'}")
    try:
        found = os.fstat(handle)
        reason = _why_not(found, folder)
        if reason:
            return _left(reason)
        _overwrite(handle, found.st_size)
        named = file.lstat()
        if (named.st_dev, named.st_ino) != (found.st_dev, found.st_ino):
            return _left("another file has taken its name while it was overwritten")
        file.unlink()
        _settle(folder)
    except OSError as error:
        return _left(f"it was not finished: {error.strerror or 'the system refuses'}")
    finally:
        os.close(handle)
    return Destroyed(True, "Its bytes were overwritten, and the file removed.", _proof(_system_of(folder)))


def _why_not(found: os.stat_result, folder: Path) -> str:
    if not stat.S_ISREG(found.st_mode):
        return "it is not a plain file"
    if found.st_uid != os.geteuid():
        return "it is somebody else's"
    if found.st_nlink != 1:
        return f"it has {found.st_nlink} names (hard links), and the others would lead to nothing but noise"
    if not found.st_mode & stat.S_IWUSR:
        return "it is read-only"
    if not os.access(folder, os.W_OK | os.X_OK):
        return "its folder is closed to you"
    return ""


def _left(reason: str) -> Destroyed:
    return Destroyed(False, f"The file was left: {reason}.", "Destroy it yourself, and empty the mailbox's bin.")


def _overwrite(handle: int, size: int) -> None:
    os.lseek(handle, 0, os.SEEK_SET)
    left = size
    while left > 0:
        left -= os.write(handle, os.urandom(min(left, _CHUNK)))
    os.fsync(handle)


def _settle(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _proof(system: str) -> str:
    if system in _IN_PLACE:
        return f"On {system} its bytes lay there; backups, snapshots and what an SSD keeps aside are not reached."
    if system in _IN_MEMORY:
        return f"On {system} it lay in memory; what was swapped out is not reached."
    return (
        f"On {system or 'this file system'} overwriting proves nothing: new bytes may have gone elsewhere, "
        "and the old ones stay until their place is used again."
    )


def _system_of(folder: Path) -> str:
    """Return the name of the file system a folder is on, or nothing where the system does not tell."""
    try:
        lines = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:  # only Linux tells
        return ""
    where = os.path.realpath(folder)
    best, system = -1, ""
    for line in lines:
        before, _, after = line.partition(" - ")
        point = before.split(" ")[4].replace("\\040", " ")
        inside = where == point or where.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= best:
            best, system = len(point), after.split(" ")[0]
    return system
