"""Numbers of entries as text: ``17``, or ``12-15`` for all from one to another."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from heapq import heappop, heappush
from typing import Final, TypeAlias

Span: TypeAlias = tuple[int, int]
"""First and last number, both meant."""

Covered: TypeAlias = tuple[int, int, int]
"""First and last number, both meant, and a mark of who names them."""

_BEHIND: Final = 2**63
_RANGE: Final = re.compile(r"([1-9][0-9]{0,15})(?:-([1-9][0-9]{0,15}))?")


def spans(numbers: Iterable[int]) -> Iterator[Span]:
    """Yield what ascending numbers make without a gap."""
    first = last = 0
    for number in numbers:
        if first and number == last + 1:
            last = number
            continue
        if first:
            yield first, last
        first = last = number
    if first:
        yield first, last


def newest(given: Iterable[Covered]) -> list[Covered]:
    """Return spans in ascending order that do not overlap: of a number the one that has the greatest mark stands."""
    found: list[Covered] = []
    over: list[tuple[int, int]] = []  # of those that began, the greatest mark first: its negative, and the last number
    at = 0
    for first, last, mark in (*sorted(given), (_BEHIND, _BEHIND, 0)):
        while over and at < first:
            least, until = over[0]
            if until < at:
                heappop(over)
                continue
            end = min(until, first - 1)
            if found and found[-1][1] == at - 1 and found[-1][2] == -least:
                found[-1] = (found[-1][0], end, -least)
            else:
                found.append((at, end, -least))
            at = end + 1
        at = first
        heappush(over, (-mark, last))
    return found


def written(span: Span) -> str:
    """Return a span as text."""
    return str(span[0]) if span[0] == span[1] else f"{span[0]}-{span[1]}"


def read(items: Iterable[str]) -> Iterator[Span]:
    """Yield the spans among items; one in another form, or that ends before it begins, is none."""
    for found in map(_RANGE.fullmatch, items):
        if found is not None and (span := (int(found[1]), int(found[2] or found[1])))[0] <= span[1]:
            yield span


def count(given: Iterable[Span]) -> int:
    """Return how many numbers there are in spans that do not overlap."""
    return sum(last - first + 1 for first, last in given)
