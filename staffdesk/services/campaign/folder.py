"""The campaign service's files in the folder an admin named: whole, or not there; nobody else reads them.

A file waits under a hidden name until its record is committed, and is named then. Whatever waits there when nobody is
at work belongs to a run that was cut off: with a record it is named now, without one it is destroyed.
"""

from __future__ import annotations

import csv
import datetime as dt
import fcntl
import io
import os
import secrets
import string
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from staffdesk.domain.errors import BadInput, Conflict, StorageUnavailable
from staffdesk.services.new_files import destroy_file, write_new
from staffdesk.services.own_folder import OTHERS_READ, OTHERS_WRITE, shared

PREFIX: Final = "product-news-"
_OWN: Final = 8
"""Letters by which the files of one export differ from those of another of the same second."""
_WAITING: Final = ".part"
_FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r")
_CLOSED: Final = OTHERS_READ | OTHERS_WRITE
"""The campaign service's account may read the files by its group."""


def check(path: str) -> Path:
    """Return a folder's path as it is kept; raises :class:`BadInput` for none that files may be written to."""
    folder = Path(path)
    if not folder.is_absolute() or ".." in folder.parts:
        raise BadInput("The folder is not named in full.", "Write its whole path, from / on.")
    if folder.is_symlink():
        raise BadInput("The folder is a link, and none is followed.", "Name the folder itself.")
    if not folder.is_dir():
        raise BadInput("There is no such folder.", "Make it first, for the account staffdesk runs under.")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise BadInput("The folder is closed to the account staffdesk runs under.", "Check who owns it.")
    if (why := shared(folder.stat(), folder.name, _CLOSED)) is not None:
        raise BadInput(*why)
    return folder


def new_name(now: int) -> str:
    """Return what the files of an export begin with, by its time in UTC milliseconds."""
    # Letters, since a name is screened as any text, and digits behind a date may look like a register number.
    own = "".join(secrets.choice(string.ascii_lowercase) for _ in range(_OWN))
    return f"{PREFIX}{dt.datetime.fromtimestamp(now / 1000, dt.UTC):%Y%m%d-%H%M%S}-{own}"


@contextmanager
def at_work_in(folder: Path) -> Iterator[None]:
    """Keep every other export out of a folder; raises :class:`Conflict` while one is under way.

    Raises :class:`StorageUnavailable` for a folder that is not the desk's own any more.
    """
    try:
        held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError as error:
        raise StorageUnavailable(
            "The folder for the campaign service cannot be opened.", "An admin names it: staffdesk campaign folder PATH"
        ) from error
    try:
        if (why := shared(os.fstat(held), folder.name, _CLOSED)) is not None:
            raise StorageUnavailable(*why)
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Conflict("Another export is under way.", "Wait until it is done.") from error
        yield
        os.fsync(held)
    finally:
        os.close(held)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """Return a CSV in UTF-8; every cell is plain text, see :func:`acts`."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows((head, *rows))
    return text.getvalue().encode()


def acts(cell: str) -> bool:
    """Say whether a spreadsheet would take a cell for a formula.

    A mark in front would make another address of it, so such a one is left out.
    """
    return cell.startswith(_FORMULAS)


def put_by(folder: Path, name: str, files: Mapping[str, bytes]) -> None:
    """Write files, by their endings, under hidden names; raises :class:`StorageUnavailable` and leaves none then."""
    made: list[Path] = []
    try:
        for ending, content in files.items():
            path = folder / f".{name}{ending}{_WAITING}"
            write_new(path, content)
            made.append(path)
        _keep(folder)
    except StorageUnavailable:
        for path in made:
            destroy_file(path)
        raise


def _keep(folder: Path) -> None:
    """Have the names in a folder outlast a power cut, as the record will that is committed next."""
    try:
        held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError as error:
        raise StorageUnavailable("The folder for the campaign service cannot be opened.", "Export again.") from error
    try:
        os.fsync(held)
    finally:
        os.close(held)


def put_away(folder: Path, name: str) -> None:
    """Destroy what waits under a name, since it came to nothing."""
    for path in _waiting(folder):
        if path.name.startswith(f".{name}"):
            destroy_file(path)


def finish(folder: Path, recorded: Mapping[str, str]) -> tuple[str, ...]:
    """Name what waits and has a record, and destroy what has none; return the names of the files that are there now.

    ``recorded`` are the folders of the exports, by their names. Raises :class:`StorageUnavailable`.
    """
    named: list[str] = []
    try:
        for path in _waiting(folder):
            final = path.name.removeprefix(".").removesuffix(_WAITING)
            if any(final.startswith(name) and where == str(folder) for name, where in recorded.items()):
                path.rename(folder / final)
                named.append(final)
            else:
                destroy_file(path)
    except OSError as error:
        raise StorageUnavailable(
            "A file for the campaign service could not be named.", "Check who owns its folder, then export again."
        ) from error
    return tuple(named)


def finish_elsewhere(folder: Path, recorded: Mapping[str, str]) -> tuple[str, ...]:
    """Finish what waits in folders that were named before this one; return the files that are there now, in full.

    One that is gone, or in which somebody is at work, is left alone. Raises :class:`StorageUnavailable`.
    """
    named: list[str] = []
    for other in sorted({Path(where) for where in recorded.values()} - {folder}):
        if not other.is_symlink() and other.is_dir() and _waiting(other):
            with suppress(Conflict), at_work_in(other):
                named += [str(other / name) for name in finish(other, recorded)]
    return tuple(named)


def written_in(folder: Path) -> tuple[Path, ...]:
    """Return the campaign service's files that lie in a folder, those that wait there too."""
    if folder.is_symlink() or not folder.is_dir():
        return ()
    there = sorted(each for each in folder.glob(f"{PREFIX}*.csv") if each.is_file() and not each.is_symlink())
    return (*there, *_waiting(folder))


def _waiting(folder: Path) -> list[Path]:
    found = folder.glob(f".{PREFIX}*{_WAITING}")
    return sorted((each for each in found if each.is_file() and not each.is_symlink()), reverse=True)
