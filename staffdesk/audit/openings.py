"""Comparing the openings with the commitments, side by side in ascending number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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


class OpeningCheck:
    """Walks the openings beside the entries; ``next_seq`` is the number of the one that waits."""

    def __init__(
        self,
        stored: Iterator[StoredOpening],
        coverings: Coverings,
        findings: Findings,
        left_out: frozenset[OpeningKind],
    ) -> None:
        self.erased = 0
        self._stored = stored
        self._coverings = coverings
        self._findings = findings
        self._left_out = left_out
        self._waiting = next(stored, _END)
        self.next_seq = self._waiting.seq

    def check(self, row: int, obj: tuple[str, ...], sec: Mapping[str, str], order: Order) -> None:
        """Compare the openings of one entry with its commitments."""
        absent = dict(sec)
        if self.next_seq < row:
            self._pass_over(row, order)
        while self.next_seq == row:
            opening = self._take()
            digest = absent.pop(opening.field, None)
            if digest is None:
                self._tell_unknown(opening)
            elif self._coverings.erased(row, opening.field, obj):
                sentence = f"The opening {opening.field} of entry {row} stands there, though a later entry erased it."
                self._findings.add(FindingKind.OPENING_RETURNED, row, row, sentence)
            elif not _opens(opening, digest):
                sentence = f"The opening {opening.field} of entry {row} was altered: it does not give the commitment."
                self._findings.add(FindingKind.OPENING_ALTERED, row, row, sentence)
        for field in absent:
            if self._coverings.absent(row, field, obj):
                self.erased += 1
            elif kind_of(field) not in self._left_out:
                sentence = f"The opening {field} of entry {row} is missing, and no later entry says why."
                self._findings.add(FindingKind.OPENING_MISSING, row, row, sentence)

    def skip(self, row: int, order: Order) -> None:
        """Pass over the openings of an entry whose commitments cannot be believed."""
        self._pass_over(row, order)
        while self.next_seq == row:
            self._take()

    def finish(self, *, truncated: bool) -> None:
        """Tell of openings behind the last entry, unless the log was cut off there."""
        while self.next_seq != NEVER:
            opening = self._take()
            if not truncated:
                self._tell_unknown(opening)

    def _pass_over(self, row: int, order: Order) -> None:
        """Tell of the openings before a row, which no entry claimed, unless their entry is missing."""
        while self.next_seq < row:
            opening = self._take()
            if not order.missing(opening.seq):
                self._tell_unknown(opening)

    def _take(self) -> StoredOpening:
        """Return the opening that waits, and let the next one wait."""
        taken, self._waiting = self._waiting, next(self._stored, _END)
        self.next_seq = self._waiting.seq
        return taken

    def _tell_unknown(self, opening: StoredOpening) -> None:
        name = f"opening {opening.field}" if OPENING_FIELD.fullmatch(opening.field) else "opening"
        sentence = f"An {name} stands under the number {opening.seq}, but no entry holds a commitment to it."
        self._findings.add(FindingKind.OPENING_UNKNOWN, opening.seq, opening.seq, sentence)


def _opens(opening: StoredOpening, digest: str) -> bool:
    """Return whether an opening gives the commitment, and is of the kind that its field has."""
    if opening.kind != kind_of(opening.field).value:
        return False
    try:
        return commit(opening.seq, opening.field, opening.salt, opening.value).hex() == digest
    except CanonicalError:
        return False
