"""Rows of subjects under numbers that no entry has: who looks for a person by them would find what never happened."""

from __future__ import annotations

from collections.abc import Iterable

from staffdesk.audit.order import MOST, Order
from staffdesk.audit.report import FindingKind, Findings


class Strays:
    """The numbers of such rows, kept as ranges, at most a thousand of them."""

    def __init__(self) -> None:
        self._ranges: list[tuple[int, int]] = []

    def add(self, number: int) -> None:
        """Note a number; those of one reading come in ascending order."""
        if self._ranges and self._ranges[-1][0] <= number <= self._ranges[-1][1] + 1:
            self._ranges[-1] = self._ranges[-1][0], max(number, self._ranges[-1][1])
        elif len(self._ranges) < MOST:
            self._ranges.append((number, number))

    @property
    def ranges(self) -> tuple[tuple[int, int], ...]:
        """The ranges noted so far."""
        return tuple(self._ranges)

    def join(self, ranges: Iterable[tuple[int, int]]) -> None:
        """Note ranges that were noted in the part that follows."""
        for first, last in ranges:
            self.add(first)
            if self._ranges[-1][0] <= first <= self._ranges[-1][1]:
                self._ranges[-1] = self._ranges[-1][0], max(last, self._ranges[-1][1])

    def tell(self, order: Order, findings: Findings, *, truncated: bool) -> None:
        """Add a finding for each range, unless its entries are missing or were cut off, which is told already."""
        for first, last in self._ranges:
            if (order.missing(first) and order.missing(last)) or (truncated and first > order.last_row):
                continue
            if first == last:
                sentence = f"A row of subjects stands under the number {first}, but no entry has it."
            else:
                sentence = f"Rows of subjects stand under the numbers {first} to {last}, but no entry has them."
            findings.add(FindingKind.COPY_ALTERED, first, last, sentence)
