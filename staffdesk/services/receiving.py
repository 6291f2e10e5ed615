"""Notes that come from another machine: each proved, held against the newest one here, and kept as a new file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from staffdesk.audit.checkpoint import Checkpoint, CheckpointError, verify
from staffdesk.audit.proof import Growth, ProofError, require_growth
from staffdesk.domain.errors import NotSound, StorageUnavailable
from staffdesk.services.note_folder import NoteFolder

MOST_BYTES: Final = 1 << 20

_GROWTH: Final = "old "


class Received(NamedTuple):
    """What a note says, whether it is proved to extend the newest kept, and files of the folder that prove nothing."""

    checkpoint: Checkpoint
    proved: bool
    strays: tuple[str, ...]


def receive(folder: Path, text: str, vkeys: Sequence[str]) -> Received:
    """Keep a note with its proof of growth, which begins at the newest note kept here.

    A note alone is kept where it is the first, or the newest once more. A file that holds no note by these keys is told
    of and stands in nobody's way. Senders wait for each other. Raises :class:`NotSound` where it does not hold and
    :class:`StorageUnavailable` where the disk does not take it, and then changes nothing.
    """
    try:
        growth = Growth.parse(text) if text.startswith(_GROWTH) else None
        note = text if growth is None else growth.note
        found = _proved(note, vkeys)
        notes = NoteFolder(folder)
        with notes.held() as within:  # from the newest note that is read until this one is the newest
            newest, strays = _newest(notes, vkeys)
            proved = newest is not None and _extends(newest[1], found, growth)
            notes.put(within, found.size, note)
    except ProofError as error:
        raise NotSound(f"The note is not kept. {error}", "The newest note kept here stays the newest.") from error
    return Received(found, proved, strays)


def newest_kept(folder: Path, vkeys: Sequence[str]) -> str:
    """Return the newest note kept here, from which a proof must begin; nothing where there is none."""
    newest, _ = _newest(NoteFolder(folder), vkeys)
    return "" if newest is None else newest[0]


def _newest(notes: NoteFolder, vkeys: Sequence[str]) -> tuple[tuple[str, Checkpoint] | None, tuple[str, ...]]:
    """Return the newest note that proves anything, and the names of newer files that prove nothing."""
    strays: list[str] = []
    for size in reversed(notes.sizes()):
        try:
            note = notes.read(size)  # of one without its end, which a crash left, nothing: it is finished later
            return (note, verify(note, vkeys)), tuple(strays)
        except (CheckpointError, StorageUnavailable):
            strays.append(notes.name_of(size))
    return None, tuple(strays)


def _extends(newest: Checkpoint, found: Checkpoint, growth: Growth | None) -> bool:
    """Return whether a note is proved to extend the newest kept; raises ``ProofError`` where it does not."""
    if found.origin != newest.origin:
        raise ProofError("It belongs to another log.")
    if found.size < newest.size:
        raise ProofError(f"It is over {found.size} entries, and one over {newest.size} is kept: the log shrank.")
    if found.size == newest.size:
        if found.root != newest.root:
            raise ProofError(f"One over {found.size} entries with another root is kept: the log was forked.")
        return False
    if growth is None:
        raise ProofError(
            f"It comes alone, so that nothing proves that it extends the {newest.size} entries kept here: send it with"
            " the proof (staffdesk audit seal --there FILE)."
        )
    require_growth(growth.old, growth.path, newest, found)
    return True


def _proved(note: str, vkeys: Sequence[str]) -> Checkpoint:
    try:
        return verify(note, vkeys)
    except CheckpointError as error:
        raise NotSound(f"The note proves nothing. {error}", "Look at the folder and at the key.") from error
