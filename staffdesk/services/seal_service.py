"""The sealer that is a service of its own: it signs what extends what it signed, recomputed from every leaf."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from staffdesk.audit.checkpoint import Checkpoint, sign
from staffdesk.audit.leaves import Leaves
from staffdesk.audit.tree import Frontier
from staffdesk.domain.errors import NotSound, StaffdeskError
from staffdesk.services.note_folder import NoteFolder
from staffdesk.services.seen import Seen
from staffdesk.services.signing_keys import SigningKey

NOTES: Final = "notes"


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
) -> Sealing:
    """Sign the log as it is, where it extends what this state says was signed, and copy the note to every place.

    Raises :class:`NotSound`, with both sizes and roots kept in the state's folder, for a log that was cut off,
    rewritten or belongs elsewhere. A copy that cannot be made is told and made in the next round.
    """
    seen = Seen(state)
    with seen.held(), open_leaves as source:
        last = seen.newest(source.origin, (key.vkey,))
        _refuse_other_log(seen, source.origin)
        note, found = _signed(source, key, seen, last)
        new = last is None or found.size > last[1].size
        if new:
            seen.remember(source.origin, note)  # before anybody else has it: a crash must not forget what was signed
        own = NoteFolder(state / NOTES)
        own.add(found.size, note)
        troubles = _copied(own, copies)
    return Sealing(note, found, new, tuple(troubles))


def _refuse_other_log(seen: Seen, origin: str) -> None:
    """Refuse a second log in one state: a log that was begun anew has another name."""
    known = seen.folder / "origin"
    if not known.exists():
        known.write_text(origin, encoding="utf-8")
    elif (before := known.read_text(encoding="utf-8")) != origin:
        evidence: dict[str, object] = {"signed": before, "found": origin}
        kept = seen.keep_evidence("other-log", evidence)
        raise NotSound(
            "This is another log than the one that was signed: it was begun anew, or put in the other's place.",
            f"Kept: {kept}. After a restore that was meant, name a new --state DIR.",
        )


def _signed(source: Leaves, key: SigningKey, seen: Seen, last: tuple[str, Checkpoint] | None) -> tuple[str, Checkpoint]:
    """Return the note over the log as it is, once the tree over the size signed last has the root signed last."""
    old = 0 if last is None else last[1].size
    head = source.head() or 0
    tree, was = Frontier(), Frontier()
    for index, leaf in enumerate(source.leaves()):
        if index == head:
            break
        tree.append(leaf)
        if tree.size == old:
            was = tree.copy()
    if last is not None and old:
        _require_extends(seen, last, tree, was)
    if tree.size < head:
        raise _refused(seen, "cut", last, tree, f"The log says it has {head} entries, and ends after {tree.size}.")
    if last is not None and tree.size == old:
        return last
    found = Checkpoint(origin=source.origin, size=tree.size, root=tree.root())
    return sign(found, key.name, key.seed), found


def _require_extends(seen: Seen, last: tuple[str, Checkpoint], tree: Frontier, was: Frontier) -> None:
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


def _refused(seen: Seen, name: str, last: tuple[str, Checkpoint] | None, found: Frontier, sentence: str) -> NotSound:
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
                folder.add(size, own.read(size))
        except NotSound:
            raise
        except StaffdeskError as error:
            troubles.append(error.sentence)
    return troubles
