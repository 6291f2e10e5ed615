"""The checkpoints of a verification: each proved by itself, then compared with each other and with the log's end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Final

from staffdesk.audit import checkpoint
from staffdesk.audit.report import FindingKind, Findings

INSIDE: Final = "in the database"
OUTSIDE: Final = "kept outside"
ELSEWHERE: Final = "kept elsewhere"


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
        for vkey in vkeys:
            checkpoint.parse_verifier_key(vkey)

    def take(self, notes: Iterable[str], place: str) -> None:
        """Prove every note of a place and keep what it says; a bad one is a finding."""
        for number, note in enumerate(notes, 1):
            found = self._prove(note, number, place)
            if found is not None:
                self._keep(found)
                self._newest[place] = max(found.size, self._newest[place] or 0)

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

    def tell_truncated(self, last: int, head: int | None) -> bool:
        """Add a finding when a checkpoint or the head row knows of entries behind the last one; return whether."""
        newest = {place: size or 0 for place, size in self._newest.items()}
        place = max(newest, key=lambda each: newest[each])
        known = max(newest[place], head or 0)
        if known <= last:
            return False
        if known == head:
            witness = f"the head row has given the number {known}"
        else:
            witness = f"a checkpoint {place} covers {known}"
        older_copy = (
            ", or an older copy of the database was put back" if head == last and newest[INSIDE] <= last else ""
        )
        cut = f"entry {known} was" if known == last + 1 else f"entries {last + 1} to {known} were"
        end = f"ends at entry {last}" if last else "is empty"
        sentence = f"The log {end}, but {witness}: {cut} cut off{older_copy}."
        self._findings.add(FindingKind.TRUNCATED, last + 1, known, sentence)
        return True

    def _prove(self, note: str, number: int, place: str) -> checkpoint.Checkpoint | None:
        """Return what a note says once its signature, or that of an equal note, is proved."""
        name, size = f"Checkpoint number {number} {place}", 0
        try:
            found, _ = checkpoint.parse(note)
            name, size = f"The checkpoint {place} that names {found.size} entries", found.size
            digest = sha256(note.encode()).digest()
            if digest not in self._proved:
                checkpoint.verify(note, self._vkeys)
                self._proved.add(digest)
        except checkpoint.UnknownKeyError:
            self._refuse(FindingKind.UNKNOWN_KEY, size, place, f"{name} is signed by no known key.")
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

    def _keep(self, found: checkpoint.Checkpoint) -> None:
        """Keep a root; a second one for the same size proves that the key signed two histories."""
        known = self._roots.setdefault(found.size, found.root)
        if isinstance(known, set):
            known.add(found.root)
        elif known != found.root:
            self._roots[found.size] = {known, found.root}
            sentence = f"Two signed checkpoints over {found.size} entries name different roots: the log was forked."
            self._findings.add(FindingKind.FORKED, found.size, found.size, sentence)
