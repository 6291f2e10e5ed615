"""Numbers of entries as text: ``17``, or ``12-15`` for all from one to another."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

Span: TypeAlias = tuple[int, int]
"""First and last number, both meant."""

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


def joined(given: Iterable[Span]) -> list[Span]:
    """Return spans in ascending order, those that touch or overlap made one."""
    found: list[Span] = []
    for first, last in sorted(given):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
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
