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

    A note alone must not shrink; a proof must begin at the newest note kept. Raises
    :class:`NotSound` and changes nothing where it does not hold.
    """
    notes = NoteFolder(folder)
    sizes = notes.sizes()
    newest = None if not sizes else _proved(notes.read(sizes[-1]), vkeys, "The newest note kept here")
    try:
        growth = Growth.parse(text) if text.startswith(_GROWTH) else None
        found = _proved(text if growth is None else growth.note, vkeys, "The note")
        _hold(newest, found, growth)
    except ProofError as error:
        raise NotSound(f"The note is not kept. {error}", "The newest note kept here stays the newest.") from error
    notes.add(found.size, text if growth is None else growth.note)
    return found, growth is not None and growth.old > 0


def _hold(newest: Checkpoint | None, found: Checkpoint, growth: Growth | None) -> None:
    if newest is None:
        return
    if growth is None or found.size <= newest.size:
        _require_no_less(newest, found)
        return
    require_growth(growth.old, growth.path, newest, found)


def _require_no_less(newest: Checkpoint, found: Checkpoint) -> None:
    if found.origin != newest.origin:
        raise ProofError("It belongs to another log.")
    if found.size < newest.size:
        raise ProofError(f"It is over {found.size} entries, and one over {newest.size} is kept: the log shrank.")
    if found.size == newest.size and found.root != newest.root:
        raise ProofError(f"One over {found.size} entries with another root is kept: the log was forked.")


def _proved(note: str, vkeys: Sequence[str], what: str) -> Checkpoint:
    try:
        return verify(note, vkeys)
    except CheckpointError as error:
        raise NotSound(f"{what} proves nothing. {error}", "Look at the folder and at the key.") from error
