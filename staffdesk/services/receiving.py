"""Notes that come from another machine: each proved, held against the newest one here, and kept as a new file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from staffdesk.audit.checkpoint import Checkpoint, CheckpointError, verify
from staffdesk.audit.proof import Growth, ProofError, require_growth
from staffdesk.domain.errors import NotSound
from staffdesk.services.note_folder import NoteFolder

MOST_BYTES: Final = 1 << 20

_GROWTH: Final = "old "


def receive(folder: Path, text: str, vkeys: Sequence[str]) -> tuple[Checkpoint, bool]:
    """Keep a note, or a note with its proof of growth; return what it says and whether it extends a proved one.

    A note alone must not shrink; a proof must begin at the newest note kept, and the first note is taken as it is.
    Senders wait for each other. Raises :class:`NotSound` where it does not hold and :class:`StorageUnavailable` where
    the disk does not take it, and then changes nothing.
    """
    try:
        growth = Growth.parse(text) if text.startswith(_GROWTH) else None
        note = text if growth is None else growth.note
        found = _proved(note, vkeys, "The note")
        notes = NoteFolder(folder)
        with notes.held() as within:  # from the newest note that is read until this one is the newest
            proved = _extends(notes, vkeys, found, growth)
            notes.put(within, found.size, note)
    except ProofError as error:
        raise NotSound(f"The note is not kept. {error}", "The newest note kept here stays the newest.") from error
    return found, proved


def _extends(notes: NoteFolder, vkeys: Sequence[str], found: Checkpoint, growth: Growth | None) -> bool:
    """Return whether a note is proved to extend the newest kept; raises ``ProofError`` where it does not."""
    sizes = notes.sizes()
    if sizes and found.size < sizes[-1]:
        raise ProofError(f"It is over {found.size} entries, and one over {sizes[-1]} is kept: the log shrank.")
    # One without its end, which a crash left, proves nothing; when it comes again it is finished.
    kept = next((note for size in reversed(sizes) if (note := notes.read(size))), None)
    newest = None if kept is None else _proved(kept, vkeys, "The newest note kept here")
    if newest is None:
        return False
    if growth is None or found.size == newest.size:
        _require_no_fork(newest, found)
        return False
    require_growth(growth.old, growth.path, newest, found)
    return True


def _require_no_fork(newest: Checkpoint, found: Checkpoint) -> None:
    if found.origin != newest.origin:
        raise ProofError("It belongs to another log.")
    if found.size == newest.size and found.root != newest.root:
        raise ProofError(f"One over {found.size} entries with another root is kept: the log was forked.")


def _proved(note: str, vkeys: Sequence[str], what: str) -> Checkpoint:
    try:
        return verify(note, vkeys)
    except CheckpointError as error:
        raise NotSound(f"{what} proves nothing. {error}", "Look at the folder and at the key.") from error
