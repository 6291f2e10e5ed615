"""The sealer that is a service of its own: it signs what extends what it signed, recomputed from every leaf.

What it signed it knows from its memory, and from the notes in its own folder and in every copy it can read: a memory
that is older than they are, or gone, makes it sign nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from staffdesk.audit.checkpoint import Checkpoint, CheckpointError, sign, verify
from staffdesk.audit.leaves import Leaves
from staffdesk.audit.proof import Growth
from staffdesk.audit.tree import Frontier, RangeRoots, consistency_ranges
from staffdesk.domain.errors import NotSound, StaffdeskError, StorageUnavailable
from staffdesk.services.note_folder import NoteFolder
from staffdesk.services.seen import Seen
from staffdesk.services.signing_keys import SigningKey

NOTES: Final = "notes"
_Note: TypeAlias = tuple[str, Checkpoint]
"""A note as it was signed, and what it says."""


@dataclass(frozen=True, slots=True)
class Sealing:
    """What one round did: the newest note, whether it is new, and what kept a copy from being made."""

    note: str
    checkpoint: Checkpoint
    new: bool
    troubles: tuple[str, ...]


def seal_once(
    open_leaves: AbstractContextManager[Leaves],
    key: SigningKey,
    state: Path,
    copies: Sequence[Path] = (),
    go_on_from: tuple[int, str] | None = None,
    there: Path | None = None,
) -> Sealing:
    """Sign the log as it is, where it extends what is known to be signed, and copy the note to every place.

    ``there`` is the newest note that another machine keeps, or an empty file: what it is to be sent is put
    into the state's folder then.
    ``go_on_from`` is size and root (hexadecimal) of the newest note there is, where the memory was lost. Raises
    :class:`NotSound`, with both sizes and roots kept in the state's folder, for a log that was cut off, rewritten or
    belongs elsewhere, and for a memory that was lost beside notes. A copy that cannot be made is told and made in the
    next round.
    """
    seen, own = Seen(state), NoteFolder(state / NOTES)
    with seen.held(), open_leaves as source:
        memory = seen.newest(source.origin, (key.vkey,))
        _refuse_other_log(seen, source.origin)
        kept = [_newest_of(each, key.vkey, source.origin) for each in (own, *map(NoteFolder, copies))]
        known = sorted({each for each in (memory, *kept) if each is not None}, key=lambda each: each[1].size)
        last = known[-1] if known else None
        if memory is None and last is not None:
            _require_meant(last[1], go_on_from)
        begun = None if there is None else _kept_there(there, key.vkey)
        (note, found), path = _signed(source, key, seen, known, begun)
        new = last is None or found.size > last[1].size
        if memory is None or found.size > memory[1].size:
            seen.remember(source.origin, note)  # before anybody else has it: a crash must not forget what was signed
        own.add(found.size, note)
        troubles = _copied(own, copies)
        if there is not None:
            seen.to_send(
                note if begun is None or path is None else Growth(old=begun.size, path=path, note=note).to_text()
            )
    return Sealing(note, found, new, tuple(troubles))


def _refuse_other_log(seen: Seen, origin: str) -> None:
    """Refuse a second log in one state: a log that was begun anew has another name."""
    if (before := seen.first_origin(origin)) != origin:
        evidence: dict[str, object] = {"signed": before, "found": origin}
        kept = seen.keep_evidence("other-log", evidence)
        raise NotSound(
            "This is another log than the one that was signed: it was begun anew, or put in the other's place.",
            f"Kept: {kept}. After a restore that was meant, name a new --state DIR and new --copy DIRs.",
        )


def _newest_of(folder: NoteFolder, vkey: str, origin: str) -> _Note | None:
    """Return the newest note of a folder that this key signed for this log; none where the folder cannot be read."""
    try:
        for size in reversed(folder.sizes()):
            note = folder.read(size)
            try:
                found = verify(note, (vkey,))
            except CheckpointError:
                continue  # another's, or half of one that a crash left
            if found.origin == origin:
                return note, found
    except StorageUnavailable:
        return None  # told of when the note is to be copied there
    return None


def _require_meant(last: Checkpoint, go_on_from: tuple[int, str] | None) -> None:
    if go_on_from == (last.size, last.root.hex()):
        return
    raise NotSound(
        f"The memory of what was signed is gone, and this key signed {last.size} entries with the root "
        f"{last.root.hex()}.",
        f"Nothing was signed. Find out what happened to it; then once: --go-on-from {last.size}:{last.root.hex()}",
    )


def _kept_there(file: Path, vkey: str) -> Checkpoint | None:
    """Return the newest note that another machine keeps; nothing where it keeps none, or was never asked."""
    try:
        note = file.read_text(encoding="utf-8", errors="replace")
        return verify(note, (vkey,)) if note else None
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StorageUnavailable(f"The note {file.name} cannot be read.", "Write there what it keeps.") from error
    except CheckpointError as error:
        raise NotSound(f"{file.name} is no note of this key. {error}", "Look what the other machine keeps.") from error


def _signed(
    source: Leaves, key: SigningKey, seen: Seen, known: Sequence[_Note], begun: Checkpoint | None
) -> tuple[_Note, tuple[bytes, ...] | None]:
    """Return the note over the log as it is, once the tree over each size that was signed has the root signed then.

    And the path that proves that it extends ``begun``; none where there is none, or where it is over more.
    """
    last = known[-1] if known else None
    old = {each.size for _, each in known}
    head = source.head() or 0
    tree, was = Frontier(), dict[int, Frontier]()
    grows = begun is not None and begun.size < head
    path = RangeRoots(consistency_ranges(begun.size, head) if begun is not None and grows else ())
    for index, leaf in enumerate(source.leaves()):
        if index == head:
            break
        tree.append(leaf)
        path.take(index, leaf)
        if tree.size in old:
            was[tree.size] = tree.copy()
    for each in reversed(known):
        _require_extends(seen, each, tree, was.get(each[1].size, tree))
    if tree.size < head:
        raise _refused(seen, "cut", last, tree, f"The log says it has {head} entries, and ends after {tree.size}.")
    if last is not None and tree.size == last[1].size:
        return last, path.roots() if grows else None
    found = Checkpoint(origin=source.origin, size=tree.size, root=tree.root())
    return (sign(found, key.name, key.seed), found), path.roots() if grows else None


def _require_extends(seen: Seen, last: _Note, tree: Frontier, was: Frontier) -> None:
    signed = last[1]
    if tree.size < signed.size:
        sentence = f"The log was cut off: {signed.size} entries were signed, and it has {tree.size}."
        raise _refused(seen, "cut", last, tree, sentence)
    if was.root() != signed.root:
        sentence = (
            f"The log was rewritten: its first {signed.size} entries, of {tree.size}, do not have the root that was "
            "signed."
        )
        raise _refused(seen, "rewritten", last, was, sentence)


def _refused(seen: Seen, name: str, last: _Note | None, found: Frontier, sentence: str) -> NotSound:
    evidence: dict[str, object] = {
        "sentence": sentence,
        "signed": None if last is None else {"size": last[1].size, "root": last[1].root.hex(), "note": last[0]},
        "found": {"size": found.size, "root": found.root().hex()},
    }
    kept = seen.keep_evidence(name, evidence)
    return NotSound(sentence, f"Nothing was signed. Both roots are kept: {kept}. Then run: staffdesk audit verify")


def _copied(own: NoteFolder, copies: Sequence[Path]) -> list[str]:
    """Bring every folder what it lacks of the sealer's own notes; a newest that is there already costs a listing."""
    troubles = []
    for folder in map(NoteFolder, copies):
        try:
            for size in sorted(set(own.sizes()).difference(folder.sizes()) | set(own.sizes()[-1:])):
                if note := own.read(size):
                    folder.add(size, note)
        except NotSound:
            raise
        except StaffdeskError as error:
            troubles.append(error.sentence)
    return troubles
