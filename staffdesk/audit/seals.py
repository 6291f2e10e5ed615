"""The checkpoints of a verification: each proved by itself, then compared with each other and with the log's end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, NamedTuple, Protocol, runtime_checkable

from staffdesk.audit import checkpoint
from staffdesk.audit.report import FindingKind, Findings
from staffdesk.audit.source import StoredCheckpoint
from staffdesk.audit.tree import Frontier, TreeError

INSIDE: Final = "in the database"
OUTSIDE: Final = "kept outside"
ELSEWHERE: Final = "kept elsewhere"

MOST_AHEAD: Final = 1
"""Checkpoints that may be outside and not yet in the database."""


class Sound(NamedTuple):
    """A checkpoint in the database of which nothing is to be said; ``digest`` is that of its note."""

    size: int
    root: bytes
    digest: bytes


@dataclass(frozen=True, slots=True)
class SealScreen:
    """How the checkpoints in the database are looked at one by one; goes to another process as it is."""

    origin: str
    vkeys: tuple[str, ...]

    def look(self, rows: Sequence[StoredCheckpoint]) -> list[Sound | StoredCheckpoint]:
        """Return what is sound of each row, and any other row as it is, to be judged."""
        return [self._sound(row) or row for row in rows]

    def _sound(self, row: StoredCheckpoint) -> Sound | None:
        try:
            found = checkpoint.verify(row.note, self.vkeys)
        except checkpoint.CheckpointError:  # told where it is judged
            return None
        tree = _tree(row.frontier)
        if found.origin != self.origin or tree is None or not row.size == tree.size == found.size:
            return None
        return Sound(found.size, found.root, _digest(row.note)) if tree.root() == found.root else None


@runtime_checkable
class ScreenedSeals(Protocol):
    """A source that has its checkpoints looked at by itself, side by side or one after the other."""

    def seals_looked_at(self, screen: SealScreen) -> Iterator[Sound | StoredCheckpoint]:
        """Yield what ``screen`` makes of every checkpoint, in their order; none is left out."""
        ...


class Seals:
    """The roots that valid checkpoints give for a size; about a hundred bytes of memory for each."""

    def __init__(self, origin: str, vkeys: Sequence[str], findings: Findings) -> None:
        self._origin = origin
        self._vkeys = vkeys
        self._findings = findings
        self._roots: dict[int, bytes | set[bytes]] = {}
        self._proved: set[bytes] = set()
        self._newest: dict[str, int | None] = dict.fromkeys((INSIDE, OUTSIDE, ELSEWHERE))
        self._refused: set[str] = set()
        self._unknown: list[tuple[int, str]] = []
        self._ahead: set[int] = set()
        for vkey in vkeys:
            checkpoint.parse_verifier_key(vkey)

    def take_stored(self, rows: Iterable[Sound | StoredCheckpoint]) -> None:
        """Prove the note of every row in the database, keep what it says and compare the row with it.

        To be called before the notes of other places are taken.
        """
        for number, row in enumerate(rows, 1):
            if isinstance(row, Sound):
                self._proved.add(row.digest)
                self._note(row.size, row.root, INSIDE)
                continue
            found = self._take(row.note, number, INSIDE)
            if found is not None:
                self._compare(row, found)

    def take(self, notes: Iterable[str], place: str) -> None:
        """Prove every note of a place and keep what it says; a bad one is a finding."""
        inside = self._newest[INSIDE] or 0
        for number, note in enumerate(notes, 1):
            found = self._take(note, number, place)
            if found is not None and place == OUTSIDE and found.size > inside:
                self._ahead.add(found.size)

    def tell_unknown(self) -> None:
        """Add what was signed by no known key: a finding each, or a single one where the key given signed nothing."""
        if len(self._unknown) > 1 and not self._proved:
            largest = max(size for size, _ in self._unknown)
            sentence = f"None of the {len(self._unknown):,} checkpoints is signed by this key: it is another desk's."
            self._findings.add(FindingKind.UNKNOWN_KEY, 1, largest, sentence)
            return
        for size, sentence in self._unknown:
            self._findings.add(FindingKind.UNKNOWN_KEY, size, size, sentence)

    def sizes(self) -> list[int]:
        """Return the sizes that are sealed, ascending."""
        return sorted(self._roots)

    def fits(self, size: int, root: bytes) -> bool:
        """Return whether a checkpoint gives this root for this size."""
        roots = self._roots[size]
        return root in roots if isinstance(roots, set) else root == roots

    def tell_rolled_back(self) -> None:
        """Add a finding when the folder outside ends before the database's own checkpoints.

        A checkpoint goes to the folder first and into the database second, so that no crash leaves this state. Only
        the newest counts: what an older one would prove, the newest proves too. Those kept elsewhere may be as old as
        they like: they were carried away once, and the desk went on.
        """
        inside, outside = self._newest[INSIDE], self._newest[OUTSIDE]
        if inside is None or OUTSIDE in self._refused or (outside is not None and outside >= inside):
            return
        known = "holds none" if outside is None else f"ends at {outside} entries"
        sentence = (
            f"The folder of checkpoints outside {known}, while the database has one over {inside} entries: "
            "an older folder was put back, or its newest checkpoints were taken away."
        )
        self._findings.add(FindingKind.ROLLED_BACK, (outside or 0) + 1, inside, sentence)

    def tell_lost(self, last: int) -> None:
        """Add a finding when the folder outside holds several checkpoints newer than the database's newest.

        One is what a desk leaves that is killed between the copy and the commit, and the next seal takes it in before
        it signs another; so that a second one shows that rows were removed. Those behind the last entry are told of
        as cut off.
        """
        lost = [size for size in self._ahead if size <= last]
        if INSIDE in self._refused or len(lost) <= MOST_AHEAD:
            return
        inside = self._newest[INSIDE]
        known = "the database has none" if inside is None else f"its newest is over {inside} entries"
        sentence = (
            f"The folder of checkpoints outside holds {len(lost)} checkpoints that the database lost: {known}, the "
            f"newest of these over {max(lost)}. Rows were removed from the database."
        )
        self._findings.add(FindingKind.CHECKPOINT_MISSING, min(lost), max(lost), sentence)

    def beyond(self, last: int) -> int | None:
        """Return the size of the newest checkpoint over more than ``last`` entries, or None if there is none."""
        newest = max(size or 0 for size in self._newest.values())
        return newest if newest > last else None

    def tell_truncated(self, last: int, head: int | None) -> bool:
        """Add a finding when a checkpoint or the head row knows of entries behind the last one; return whether.

        Not without a head row: an exported log ends where it was made, and the desk goes on (see :meth:`beyond`).
        """
        newest = {place: size or 0 for place, size in self._newest.items()}
        place = max(newest, key=lambda each: newest[each])
        known = max(newest[place], head or 0)
        if known <= last or head is None:
            return False
        if known == head:
            witness = f"the head row has given the number {known}"
        else:
            witness = f"a checkpoint {place} covers {known}"
        older_copy = (
            ", or an older copy of the database was put back" if head == last and newest[INSIDE] <= last else ""
        )
        end = f"ends at entry {last}" if last else "is empty"
        cut = f"entry {known} was" if known == last + 1 else f"entries {last + 1} to {known} were"
        sentence = f"The log {end}, but {witness}: {cut} cut off{older_copy}."
        self._findings.add(FindingKind.TRUNCATED, last + 1, known, sentence)
        return True

    def _take(self, note: str, number: int, place: str) -> checkpoint.Checkpoint | None:
        found = self._prove(note, number, place)
        if found is not None:
            self._note(found.size, found.root, place)
        return found

    def _note(self, size: int, root: bytes, place: str) -> None:
        self._keep(size, root)
        self._newest[place] = max(size, self._newest[place] or 0)

    def _compare(self, row: StoredCheckpoint, found: checkpoint.Checkpoint) -> None:
        """Tell of a row that is not its note's, and of peaks that are neither the note's nor the row's."""
        moved = row.size != found.size
        if moved:
            sentence = (
                f"The row for {row.size} entries in the database holds the checkpoint over {found.size}: "
                "the row was altered."
            )
            self._findings.add(FindingKind.CHECKPOINT_ALTERED, found.size, found.size, sentence)
        tree = _tree(row.frontier)
        fits = tree is not None and (tree.size, tree.root()) == (found.size, found.root)
        if not fits and not (moved and tree is not None and tree.size == row.size):
            sentence = (
                f"The peaks stored with the checkpoint over {found.size} entries do not give its root: "
                "they were altered."
            )
            self._findings.add(FindingKind.CHECKPOINT_ALTERED, found.size, found.size, sentence)

    def _prove(self, note: str, number: int, place: str) -> checkpoint.Checkpoint | None:
        """Return what a note says once its signature, or that of an equal note, is proved."""
        name, size = f"Checkpoint number {number} {place}", 0
        try:
            found, _ = checkpoint.parse(note)
            name, size = f"The checkpoint {place} that names {found.size} entries", found.size
            digest = _digest(note)
            if digest not in self._proved:
                checkpoint.verify(note, self._vkeys)
                self._proved.add(digest)
        except checkpoint.UnknownKeyError:
            self._refused.add(place)
            self._unknown.append((size, f"{name} is signed by no known key."))
            return None
        except checkpoint.CheckpointError as error:
            self._refuse(FindingKind.CHECKPOINT_ALTERED, size, place, f"{name} was altered. {error}")
            return None
        if found.origin != self._origin:
            self._refuse(FindingKind.CHECKPOINT_ALTERED, size, place, f"{name} belongs to another log.")
            return None
        return found

    def _refuse(self, kind: FindingKind, size: int, place: str, sentence: str) -> None:
        self._refused.add(place)
        self._findings.add(kind, size, size, sentence)

    def _keep(self, size: int, root: bytes) -> None:
        """Keep a root; a second one for the same size proves that the key signed two histories."""
        known = self._roots.setdefault(size, root)
        if isinstance(known, set):
            known.add(root)
        elif known != root:
            self._roots[size] = {known, root}
            sentence = f"Two signed checkpoints over {size} entries name different roots: the log was forked."
            self._findings.add(FindingKind.FORKED, size, size, sentence)


def _digest(note: str) -> bytes:
    return sha256(note.encode()).digest()


def _tree(peaks: bytes) -> Frontier | None:
    try:
        return Frontier.from_bytes(peaks)
    except TreeError:
        return None
