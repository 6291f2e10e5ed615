"""New files in a folder of the home: nobody else reads them, none is written over, no link followed."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from staffdesk.domain.errors import StorageUnavailable

NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
"""How a file is opened that must be new and no link."""

_NAMES_TRIED: Final = 100


def new_file(folder: Path, stem: str, ending: str) -> tuple[Path, int]:
    """Make a 0600 file, and its folder if there is none; return its path and a descriptor open for writing.

    A name that is taken gets a number. Raises :class:`StorageUnavailable` for a folder that is a link or cannot be
    written.
    """
    with suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError as error:
        raise _no_folder(folder, is_link=folder.is_symlink()) from error
    try:
        for number in range(1, _NAMES_TRIED):
            name = f"{stem}{ending}" if number == 1 else f"{stem}-{number}{ending}"
            with suppress(FileExistsError):
                return folder / name, os.open(name, NEW, 0o600, dir_fd=held)
    except OSError as error:
        raise _no_folder(folder, is_link=False) from error
    finally:
        os.close(held)
    raise _no_folder(folder, is_link=False)


def write_new(path: Path, content: bytes) -> None:
    """Write a new 0600 file where somebody wants it; raises :class:`StorageUnavailable` where one is, or none can be.

    What was begun and cannot be finished is taken away again.
    """
    try:
        descriptor = os.open(path, NEW, 0o600)
    except OSError as error:
        raise StorageUnavailable("The file exists already or cannot be written.", "Choose another file.") from error
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        path.unlink(missing_ok=True)
        raise StorageUnavailable(
            "The file cannot be written.", "Check the space on its disk, then try again."
        ) from error


def destroy_older(folder: Path, before: float) -> int:
    """Overwrite and remove the files of a folder last written before a moment (seconds since 1970); return how many."""
    if folder.is_symlink() or not folder.is_dir():
        return 0
    found = [each for each in folder.iterdir() if each.is_file() and not each.is_symlink()]
    old = [each for each in found if each.stat().st_mtime < before]
    for each in old:
        with each.open("r+b", buffering=0) as file:
            file.write(os.urandom(each.stat().st_size))
            os.fsync(file.fileno())
        each.unlink()
    return len(old)


def _no_folder(folder: Path, *, is_link: bool) -> StorageUnavailable:
    if is_link:
        return StorageUnavailable(
            f"The folder of {folder.name} is a link, and none is followed.",
            f"Put a folder in its place: {folder.name}, in the desk's data folder.",
        )
    return StorageUnavailable(
        f"The folder of {folder.name} cannot be written.", f"Check who owns {folder.name}, in the desk's data folder."
    )
