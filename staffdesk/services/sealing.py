"""Checkpoints: the tree's head signed every so many entries, stored and copied outside the database."""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from staffdesk.audit.tree import Frontier, TreeError
from staffdesk.data.checkpoints import Checkpoints, Sealed, add_checkpoint
from staffdesk.data.database import Database
from staffdesk.data.deadline import Deadline
from staffdesk.domain.errors import StaffdeskError, StorageUnavailable
from staffdesk.parameters.shapes import LogRules

KEY_NAME: Final = "staffdesk"
_CHUNK: Final = 5_000
_LONGEST: Final = 65_536
"""Characters of a note: a hundred signatures have fewer."""
_SECONDS: Final = 1.0
_MINUTE: Final = 60


class Sealer:
    """Signs checkpoints with a seed that may be another user's (then it signs nothing here)."""

    def __init__(self, database: Database, seed: bytes | None, folder: Path, rules: LogRules) -> None:
        """Seal the log of ``database``; copies go to ``folder``."""
        self._database = database
        self._seed = seed
        self._folder = folder
        self._rules = rules
        self._covered: int | None = None
        self._stored: int | None = None
        self._sealed_at = time.monotonic()
        self._last = 0
        self.trouble = ""

    @property
    def active(self) -> bool:
        """Whether this process holds the key."""
        return self._seed is not None

    def after(self, seq: int) -> None:
        """Note that an entry was committed, and seal when it is time.

        A checkpoint that cannot be made now stops nobody: what is uncovered shows in the log's state, and the verifier
        says so; the reason is kept in ``trouble``.
        """
        self._last = max(self._last, seq)
        if self._seed is None:
            return
        if self._covered is None:
            self._covered = seq - 1
        if self._due(self._last - self._covered, time.monotonic() - self._sealed_at):
            self.seal_quietly(if_due=True)

    def seal_quietly(self, *, if_due: bool = False) -> None:
        """Seal, and keep the sentence of a failure in ``trouble``; ``if_due`` as in :meth:`seal`."""
        try:
            self.seal(if_due=if_due)
        except StaffdeskError as error:
            self.trouble = error.sentence
            self._sealed_at = time.monotonic()
        else:
            self.trouble = ""

    def seal(self, *, if_due: bool = False) -> str | None:
        """Sign the log as it is now and return the note; None where nothing is new or the key is another user's.

        ``if_due`` signs nothing where another desk did lately: of eight that count the same entries one is enough.
        A copy outside that a killed desk left, and that is not in the database, is taken in before anything newer is
        signed. Raises :class:`LogUnavailable` or :class:`StorageUnavailable`.
        """
        if self._seed is None:
            return None
        least, self._stored = self._stored, None
        last = None
        while True:
            note, size, more = self._seal_chunk(self._seed, least or 0, if_due=if_due)
            last = note or last
            self._covered = least = size
            if not more:
                self._stored = size
                return last

    def close(self) -> None:
        """Seal what this process appended."""
        if self._seed is not None and self._last and self._last != self._covered:
            self.seal_quietly()

    def _due(self, entries: int, seconds: float) -> bool:
        """Say whether so many entries, or so long a time, want a checkpoint."""
        return entries >= self._rules.checkpoint_entries or seconds >= self._rules.checkpoint_minutes * _MINUTE

    def _seal_chunk(self, seed: bytes, least: int, *, if_due: bool) -> tuple[str | None, int, bool]:
        from staffdesk.audit.checkpoint import (  # noqa: PLC0415 - brings what signs, and few calls come to a seal
            Checkpoint,
            CheckpointError,
            sign,
            verifier_key,
        )

        vkey = verifier_key(KEY_NAME, seed)
        with self._database.append(Deadline(_SECONDS)) as tx:
            checkpoints = Checkpoints(tx)
            origin = checkpoints.hold()
            try:
                newest = checkpoints.newest()
                frontier = _proved(newest, origin, vkey, least)
                leaves = checkpoints.leaves_after(frontier.size, _CHUNK)
                # Each time, and while nobody else seals: any other desk may have been killed since the last one.
                kept = _next_outside(self._folder, frontier.size, len(leaves))
                more = kept is not None or len(leaves) == _CHUNK
                leaves = leaves[:kept]
                age = 0.0 if newest is None or not leaves else max(0.0, time.time() - newest.t / 1000)
                self._sealed_at = time.monotonic() - age
                if not leaves or (if_due and newest is not None and not more and not self._due(len(leaves), age)):
                    return None, frontier.size, False
                frontier.extend(leaves)
            except (TreeError, CheckpointError) as error:
                raise StorageUnavailable(
                    "The stored checkpoint or the log was damaged, so nothing was signed.",
                    "Run: staffdesk audit verify",
                ) from error
            note = sign(Checkpoint(origin=origin, size=frontier.size, root=frontier.root()), KEY_NAME, seed)
            # The copy first: a process killed in between would leave a checkpoint inside that nobody keeps outside.
            _copy_outside(self._folder, frontier.size, note)
            now = time.time_ns() // 1_000_000
            add_checkpoint(tx, Sealed(frontier.size, now, note, frontier.to_bytes()))
        self._sealed_at = time.monotonic()
        return note, frontier.size, more


def _proved(newest: Sealed | None, origin: str, vkey: str, least: int) -> Frontier:
    """Return the tree of the newest checkpoint, once the signed note says the same of it as the row does.

    What is signed next grows from the stored peaks: whoever could change them, or take the row away, would have the key
    sign a history of his own. ``least`` is what was seen stored before.
    """
    from staffdesk.audit.checkpoint import Checkpoint, verify  # noqa: PLC0415 - as where it is signed

    frontier = Frontier() if newest is None else Frontier.from_bytes(newest.frontier)
    if frontier.size < least:
        raise TreeError("A checkpoint that was stored is not there.")
    if newest is not None:
        told = Checkpoint(origin=origin, size=newest.size, root=frontier.root())
        if frontier.size != newest.size or verify(newest.note, (vkey,)) != told:
            raise TreeError("The row of a checkpoint is not what its note says.")
    return frontier


def _next_outside(folder: Path, size: int, entries: int) -> int | None:
    """Return how many entries behind ``size`` the next note outside covers, if it covers no more than there are.

    The names are asked for one by one: a folder of years holds more of them than can be listed while all wait.
    """
    try:
        with _opened(folder) as within:
            return next((more for more in range(1, entries + 1) if _is_there(within, _name_of(size + more))), None)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise _unreadable() from error


def _is_there(within: int, name: str) -> bool:
    try:
        os.stat(name, dir_fd=within, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


def _name_of(size: int) -> str:
    return f"{size:012d}.note"


def _names_in(folder: Path) -> tuple[str, ...]:
    """Return the names in the folder of checkpoints; one that is gone holds none, which the verifier tells."""
    try:
        with _opened(folder) as within, os.scandir(within) as found:
            return tuple(sorted(each.name for each in found))
    except (FileNotFoundError, NotADirectoryError):
        return ()
    except OSError as error:
        raise _unreadable() from error


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    """Open the folder itself: a link in its place leads to where somebody keeps another history of the log."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError as error:
        if folder.is_symlink():
            raise StorageUnavailable(
                "The folder of checkpoints is a link, and none is followed.",
                "Put the folder itself back, then run: staffdesk audit verify",
            ) from error
        raise
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _copy_outside(folder: Path, size: int, note: str) -> None:
    """Put a note into the folder whole or not at all: half of one would read as a checkpoint somebody altered."""
    name = _name_of(size)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _opened(folder) as within:
            try:
                kept = _read(within, name)
            except FileNotFoundError:
                _write_whole(within, name, note)
                kept = _read(within, name)
    except OSError as error:
        raise StorageUnavailable(
            "The checkpoint could not be copied outside the database.", "Check the folder of checkpoints."
        ) from error
    if kept != note:  # never overwritten: it is the proof
        raise StorageUnavailable(
            "The folder of checkpoints holds another history of this log.", "Run: staffdesk audit verify"
        )


def _write_whole(within: int, name: str, note: str) -> None:
    unfinished = f"{Path(name).stem}.{os.getpid()}"
    new = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
    with os.fdopen(os.open(unfinished, new, 0o600, dir_fd=within), "w", encoding="utf-8") as file:
        file.write(note)
        file.flush()
        os.fsync(file.fileno())
    os.rename(unfinished, name, src_dir_fd=within, dst_dir_fd=within)


def _read(within: int, name: str) -> str:
    # What is no file there may have no end, or never give a byte.
    given = os.open(name, os.O_RDONLY | os.O_NONBLOCK, dir_fd=within)
    with os.fdopen(given, encoding="utf-8", errors="replace") as file:
        return file.read(_LONGEST)


def notes_outside(folder: Path) -> tuple[str, ...]:
    """Return the notes kept outside, the smallest first; a folder that is gone holds none, which the verifier tells."""
    return tuple(notes_by_name(folder).values())


def notes_by_name(folder: Path, but: Collection[str] = ()) -> Mapping[str, str]:
    """Return them by the names of their files, which are never written again, without those of some names."""
    names = [name for name in _names_in(folder) if name.endswith(".note") and name not in but]
    if not names:
        return {}
    try:
        with _opened(folder) as within:
            return {name: _read(within, name) for name in names}
    except OSError as error:
        raise _unreadable() from error


def _unreadable() -> StorageUnavailable:
    return StorageUnavailable("The folder of checkpoints cannot be read.", "Check its owner and mode.")
