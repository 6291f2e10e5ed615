"""New files in a folder: nobody else reads them, none is written over, no link followed."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from staffdesk.domain.errors import StorageUnavailable

NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
"""How a file is opened that must be new and no link."""

_NAMES_TRIED: Final = 100
_CHUNK: Final = 1024 * 1024


def new_file(folder: Path, stem: str, ending: str) -> tuple[Path, int]:
    """Make a 0600 file, and its folder if there is none; return its path and a descriptor open for writing.

    A name that is taken gets a number. Raises :class:`StorageUnavailable` for a folder that is a link or cannot be
    written.
    """
    return _made(folder, stem, (ending,))[0]


def write_together(folder: Path, stem: str, files: Mapping[str, bytes]) -> tuple[Path, ...]:
    """Write 0600 files, by their endings, under one stem, which gets a number where any of the names is taken.

    Raises as :func:`new_file`, and where they cannot all be written leaves none behind.
    """
    made = _made(folder, stem, tuple(files))
    try:
        with _closed([descriptor for _, descriptor in made]):
            for (_, descriptor), content in zip(made, files.values(), strict=True):
                with os.fdopen(descriptor, "wb", closefd=False) as file:
                    file.write(content)
                os.fsync(descriptor)
    except OSError as error:
        for path, _ in made:
            path.unlink(missing_ok=True)
        raise _unwritten() from error
    return tuple(path for path, _ in made)


@contextmanager
def _closed(descriptors: Sequence[int]) -> Iterator[None]:
    try:
        yield
    finally:
        for each in descriptors:
            os.close(each)


def _made(folder: Path, stem: str, endings: Sequence[str]) -> list[tuple[Path, int]]:
    """Make a file for each ending, all with the same number."""
    with suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError as error:
        raise _no_folder(folder, is_link=folder.is_symlink()) from error
    try:
        for number in range(1, _NAMES_TRIED):
            numbered = stem if number == 1 else f"{stem}-{number}"
            with suppress(FileExistsError):
                return _all_new(held, folder, [f"{numbered}{ending}" for ending in endings])
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
        raise _unwritten() from error


def destroy_older(folder: Path, before: float) -> int:
    """Overwrite and remove the files of a folder last written before a moment (seconds since 1970); return how many."""
    if folder.is_symlink() or not folder.is_dir():
        return 0
    found = [each for each in folder.iterdir() if each.is_file() and not each.is_symlink()]
    old = [each for each in found if each.stat().st_mtime < before]
    for each in old:
        destroy_file(each)
    return len(old)


def destroy_file(path: Path) -> None:
    """Overwrite a file and remove it, and follow no link that stands there by now; raises ``OSError``."""
    with os.fdopen(os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC), "r+b", buffering=0) as file:
        left = os.fstat(file.fileno()).st_size
        while left > 0:
            left -= file.write(os.urandom(min(left, _CHUNK)))
        os.fsync(file.fileno())
    path.unlink()


def _all_new(held: int, folder: Path, names: Sequence[str]) -> list[tuple[Path, int]]:
    """Open all of them anew in a folder, or none."""
    made: list[tuple[Path, int]] = []
    try:
        for name in names:
            made.append((folder / name, os.open(name, NEW, 0o600, dir_fd=held)))  # noqa: PERF401 - those made count
    except OSError:
        for path, descriptor in made:
            os.close(descriptor)
            os.unlink(path.name, dir_fd=held)
        raise
    return made


def _unwritten() -> StorageUnavailable:
    return StorageUnavailable("The file cannot be written.", "Check the space on its disk, then try again.")


def _no_folder(folder: Path, *, is_link: bool) -> StorageUnavailable:
    if is_link:
        return StorageUnavailable(
            f"The folder of {folder.name} is a link, and none is followed.",
            "Put a folder in its place, then try again.",
        )
    return StorageUnavailable(
        f"The folder of {folder.name} cannot be written.", f"Check who owns {folder.name}, then try again."
    )
