"""Comparing the openings with the commitments, side by side in ascending number."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from staffdesk.audit.canonical import CanonicalError
from staffdesk.audit.coverings import Coverings
from staffdesk.audit.entry import OPENING_FIELD
from staffdesk.audit.opening import OpeningKind, commit, kind_of
from staffdesk.audit.order import Order
from staffdesk.audit.report import FindingKind, Findings
from staffdesk.audit.source import StoredOpening

NEVER: Final = 2**63
"""A number behind every entry's: there is no further opening, or no further checkpoint."""

_END: Final = StoredOpening(NEVER, "", "", b"", "")


class Waiting:
    """Openings as they come, handed out beside the entries; ``next_seq`` is the number of the one that waits."""

    def __init__(self, stored: Iterator[StoredOpening]) -> None:
        self._stored = stored
        self._waiting = next(stored, _END)
        self.next_seq = self._waiting.seq

    def up_to(self, row: int) -> tuple[StoredOpening, ...]:
        """Return those before a row, then those of the row."""
        taken = []
        while self.next_seq < row:
            taken.append(self._take())
        while self.next_seq == row:
            taken.append(self._take())
        return tuple(taken)

    def rest(self) -> Iterator[StoredOpening]:
        """Yield all that were not handed out."""
        while self.next_seq != NEVER:
            yield self._take()

    def _take(self) -> StoredOpening:
        taken, self._waiting = self._waiting, next(self._stored, _END)
        self.next_seq = self._waiting.seq
        return taken


def compared(
    row: int,
    obj: tuple[str, ...],
    sec: Mapping[str, str],
    openings: Iterable[StoredOpening],
    coverings: Coverings,
    left_out: frozenset[OpeningKind],
) -> tuple[list[tuple[FindingKind, str]], int]:
    """Compare the openings of one entry with its commitments; return the faults, and how many are rightly absent."""
    faults, absent, erased = list[tuple[FindingKind, str]](), dict(sec), 0
    for opening in openings:
        digest = absent.pop(opening.field, None)
        if digest is None:
            faults.append((FindingKind.OPENING_UNKNOWN, _unknown(opening)))
        elif coverings.erased(row, opening.field, obj):
            sentence = f"The opening {opening.field} of entry {row} stands there, though a later entry erased it."
            faults.append((FindingKind.OPENING_RETURNED, sentence))
        elif not _opens(opening, digest):
            sentence = f"The opening {opening.field} of entry {row} was altered: it does not give the commitment."
            faults.append((FindingKind.OPENING_ALTERED, sentence))
    for field in absent:
        if coverings.absent(row, field, obj):
            erased += 1
        elif kind_of(field) not in left_out:
            sentence = f"The opening {field} of entry {row} is missing, and no later entry says why."
            faults.append((FindingKind.OPENING_MISSING, sentence))
    return faults, erased


class OpeningCheck:
    """Judges the openings of the entries that are not ordinary; ``next_seq`` is the number of the one that waits."""

    def __init__(self, coverings: Coverings, findings: Findings, left_out: frozenset[OpeningKind]) -> None:
        self.erased = 0
        self.next_seq = NEVER
        self._waiting: deque[StoredOpening] = deque()
        self._coverings = coverings
        self._findings = findings
        self._left_out = left_out

    def wait(self, openings: Iterable[StoredOpening]) -> None:
        """Let openings wait for their entries, in the order in which they are stored."""
        self._waiting.extend(openings)
        self.next_seq = self._waiting[0].seq if self._waiting else NEVER

    def check(self, row: int, obj: tuple[str, ...], sec: Mapping[str, str], order: Order) -> None:
        """Compare the openings of one entry with its commitments."""
        self.pass_over(row, order)
        faults, erased = compared(row, obj, sec, self._of(row), self._coverings, self._left_out)
        self.erased += erased
        for kind, sentence in faults:
            self._findings.add(kind, row, row, sentence)

    def skip(self, row: int, order: Order) -> None:
        """Pass over the openings of an entry whose commitments cannot be believed."""
        self.pass_over(row, order)
        self._of(row)

    def pass_over(self, row: int, order: Order) -> None:
        """Tell of the openings before a row, which no entry claimed, unless their entry is missing."""
        while self.next_seq < row:
            opening = self._take()
            if not order.missing(opening.seq):
                self._tell_unknown(opening)

    def finish(self, *, truncated: bool) -> None:
        """Tell of openings behind the last entry, unless the log was cut off there."""
        while self.next_seq != NEVER:
            opening = self._take()
            if not truncated:
                self._tell_unknown(opening)

    def _of(self, row: int) -> list[StoredOpening]:
        taken = []
        while self.next_seq == row:
            taken.append(self._take())
        return taken

    def _take(self) -> StoredOpening:
        """Return the opening that waits, and let the next one wait."""
        taken = self._waiting.popleft()
        self.next_seq = self._waiting[0].seq if self._waiting else NEVER
        return taken

    def _tell_unknown(self, opening: StoredOpening) -> None:
        self._findings.add(FindingKind.OPENING_UNKNOWN, opening.seq, opening.seq, _unknown(opening))


def _unknown(opening: StoredOpening) -> str:
    name = f"opening {opening.field}" if OPENING_FIELD.fullmatch(opening.field) else "opening"
    return f"An {name} stands under the number {opening.seq}, but no entry holds a commitment to it."


def _opens(opening: StoredOpening, digest: str) -> bool:
    """Return whether an opening gives the commitment, and is of the kind that its field has."""
    if opening.kind != kind_of(opening.field).value:
        return False
    try:
        return commit(opening.seq, opening.field, opening.salt, opening.value).hex() == digest
    except CanonicalError:
        return False
