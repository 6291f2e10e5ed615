"""Whether every number is there once and in its place: telling removed, exchanged and renumbered entries apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from staffdesk.audit.report import FindingKind, Findings, entries_named

MOST: Final = 1000
"""Places that are remembered one by one; beyond that the sentences about the first ones must do."""

_EXPLAINED: Final = frozenset({FindingKind.ALTERED, FindingKind.COPY_ALTERED})


class Order:
    """The places where the numbers do not run on.

    A row's own number may jump (rows were removed, or lines exchanged), or an entry may say another number than its
    row's (rows were renumbered or exchanged). ``sound`` is true as long as nothing of this was seen; ``last_row`` is
    the highest number of a row.
    """

    def __init__(self) -> None:
        self.sound = True
        self.last_row = 0
        self._highest_claim = 0
        self._gaps: list[tuple[int, int]] = []
        self._late: list[int] = []
        self._twice: list[int] = []
        self._strays: dict[int, int] = {}
        self._stray_count = 0
        self._suspects: dict[int, int] = {}

    @property
    def last(self) -> int:
        """The highest number seen, that of a row or one that an entry says of itself."""
        return max(self.last_row, self._highest_claim)

    def jump(self, expected: int, row: int) -> bool:
        """Note a row that is not the expected one; return whether it stands behind its place."""
        self.sound = False
        if row > expected:
            if len(self._gaps) < MOST:
                self._gaps.append((expected, row - 1))
            return False
        places = self._late if self._fill(row) else self._twice
        if len(places) < MOST:
            places.append(row)
        return True

    def stray(self, row: int, claimed: int) -> None:
        """Note an entry, itself unaltered, that says another number than its row's."""
        self.sound = False
        self._stray_count += 1
        self._highest_claim = max(self._highest_claim, claimed)
        if len(self._strays) < MOST:
            self._strays[row] = claimed

    def suspect(self, row: int, claimed: int) -> None:
        """Note the number that altered bytes say: it may tell an exchange, and is believed for nothing else."""
        if claimed != row and len(self._suspects) < MOST:
            self._suspects[row] = claimed

    def missing(self, row: int) -> bool:
        """Return whether a row is one of those that were jumped over."""
        return any(first <= row <= last for first, last in self._gaps)

    def tell(self, findings: Findings) -> None:
        """Add what the jumps and strays amount to, and drop the faults they explain."""
        for first, last in self._gaps:
            verb = "is" if first == last else "are"
            findings.add(FindingKind.REMOVED, first, last, f"{entries_named(first, last)} {verb} missing.")
        for row in self._twice:
            findings.add(FindingKind.ALTERED, row, row, f"Entry {row} stands in the log more than once.")
        for row in self._late:
            sentence = f"Entry {row} stands after entries that were written later: rows were put in another order."
            findings.add(FindingKind.SWAPPED, row, row, sentence)
        swapped = _exchanged({**self._suspects, **self._strays})
        for low, high in swapped:
            sentence = f"Entries {low} and {high} stand in each other's place."
            findings.add(FindingKind.SWAPPED, low, high, sentence)
        explained = frozenset(row for pair in swapped for row in pair)
        findings.forget(_EXPLAINED, explained)
        rest = {row: claimed for row, claimed in self._strays.items() if row not in explained}
        if rest:
            count = self._stray_count - (len(self._strays) - len(rest))
            _tell_shifted(findings, rest, to_the_end=next(iter(rest)) + count - 1 == self.last_row)

    def _fill(self, row: int) -> bool:
        """Take a row that came late out of the gap it left."""
        for at, (first, last) in enumerate(self._gaps):
            if first <= row <= last:
                self._gaps[at : at + 1] = [part for part in ((first, row - 1), (row + 1, last)) if part[0] <= part[1]]
                return True
        return False


def _exchanged(claims: Mapping[int, int]) -> list[tuple[int, int]]:
    """Return the pairs that say each other's number."""
    return [(row, claimed) for row, claimed in claims.items() if row < claimed and claims.get(claimed) == row]


def _tell_shifted(findings: Findings, strays: Mapping[int, int], *, to_the_end: bool) -> None:
    """Tell a shift that lasts to the end as one removal or insertion, anything else entry by entry."""
    row, claimed = next(iter(strays.items()))
    if not to_the_end:
        for each, said in strays.items():
            findings.add(FindingKind.ALTERED, each, each, f"In the place of entry {each} stands entry {said}.")
    elif claimed > row:
        verb = "is" if claimed - 1 == row else "are"
        sentence = (
            f"{entries_named(row, claimed - 1)} {verb} missing: entry {claimed} stands there, "
            "and the rows that follow are renumbered."
        )
        findings.add(FindingKind.REMOVED, row, claimed - 1, sentence)
    else:
        sentence = f"Something was put in before entry {row}: entry {claimed} stands there, and so on to the end."
        findings.add(FindingKind.ALTERED, row, row, sentence)
