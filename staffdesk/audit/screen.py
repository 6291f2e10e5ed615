"""Looking at the entries one by one: ordinary ones are put together, every other is handed on to be judged.

An entry is ordinary when nothing is to be said of it: it stands in its place, its bytes give its leaf and are in the
format, and its copies and openings are its own. What a screen hands on can be made of each part of a log by itself, in
another process too; the tree, the order and every verdict are the walk's.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, NamedTuple, Protocol, TypeAlias, runtime_checkable

from staffdesk.audit import coverings as covering
from staffdesk.audit.entry import Core, EntryError, leaf_hash
from staffdesk.audit.opening import OpeningKind
from staffdesk.audit.openings import NEVER, Waiting, compared
from staffdesk.audit.scan import Scanned, reader
from staffdesk.audit.source import LogSource, StoredEntry, StoredOpening
from staffdesk.audit.strays import Strays
from staffdesk.audit.tree import HASH_BYTES

LONGEST: Final = 4096
"""Entries of a stretch: few enough to be told as progress and to take no memory."""


class Stretch(NamedTuple):
    """Ordinary entries that follow one another: their leaves and times; NEVER is the time of one that was pruned.

    ``erased`` holds the entry's number once for each opening that is rightly absent.
    """

    first: int
    leaves: list[bytes]
    times: array[int]
    erased: list[int]


class Odd(NamedTuple):
    """An entry to be judged, with the openings that wait before it and at it."""

    entry: StoredEntry
    openings: tuple[StoredOpening, ...]


class Left(NamedTuple):
    """What belongs to none of the entries: openings behind the last, and ranges of numbers of subjects' rows."""

    openings: tuple[StoredOpening, ...]
    strays: tuple[tuple[int, int], ...]


Screened: TypeAlias = Stretch | Odd | Left

_BEHIND: Final = -1


@dataclass(frozen=True, slots=True)
class Screen:
    """How the entries of one log are looked at; goes to another process as it is."""

    origin: str
    coverings: covering.Coverings
    left_out: frozenset[OpeningKind]

    def look(self, source: LogSource, first: int = 1) -> Iterator[Screened]:  # noqa: C901, PLR0912 - a call fewer an entry
        """Yield all of a log, or of a part of it in which ``first`` is the number to come first."""
        read, acts, compares = reader(self.origin), covering.ACTS, source.has_copies
        strays, openings, expected = Strays(), Waiting(source.openings()), first
        stretch = Stretch(first, [], array("Q"), [])
        for stored in source.entries(strays.add):
            row, core, leaf, columns, subjects = stored
            at, taken = None, None
            if row == expected:
                if core is None:
                    at = self._pruned_at(stored, openings.next_seq, compares=compares)
                elif sha256(b"\x00" + core).digest() == leaf and (found := read(core)) is not None:
                    seq, t, act, copies, obj, sec = found
                    fits = not compares or (copies == columns and (obj == subjects or set(obj) == set(subjects)))
                    if seq == row and fits and act not in acts:
                        at = t
                        if sec or openings.next_seq <= row:
                            taken = openings.up_to(row)
                            faults, erased = compared(row, obj, sec, taken, self.coverings, self.left_out)
                            if faults or (taken and taken[0].seq != row):
                                at = None
                            elif erased:
                                stretch.erased.extend([row] * erased)
            if at is not None:
                stretch.leaves.append(leaf)
                stretch.times.append(at)
                expected += 1
                if len(stretch.leaves) < LONGEST:
                    continue
                yield stretch
            else:
                if stretch.leaves:
                    yield stretch
                place = row if row >= expected else _BEHIND
                if row != expected and self._says(core, leaf, read) == expected:
                    place = expected
                if taken is None and place != _BEHIND:
                    taken = openings.up_to(place)
                yield Odd(stored, taken or ())
                expected = max(expected, place + 1)
            stretch = Stretch(expected, [], array("Q"), [])
        if stretch.leaves:
            yield stretch
        yield Left(tuple(openings.rest()), strays.ranges)

    def _pruned_at(self, stored: StoredEntry, next_opening: int, *, compares: bool) -> int | None:
        """Return NEVER for an entry that was rightly pruned and left nothing behind."""
        row, _, leaf, columns, subjects = stored
        left = compares and (subjects or any(value is not None for value in columns))
        if left or next_opening <= row or len(leaf) != HASH_BYTES or not self.coverings.pruned(row):
            return None
        return NEVER

    def _says(self, core: bytes | None, leaf: bytes, read: Callable[[bytes], Scanned | None]) -> int | None:
        """Return the number that an entry says of itself, as the walk believes it."""
        if core is None or leaf_hash(core) != leaf:
            return None
        if (found := read(core)) is not None:
            return found[0]
        try:
            decoded = Core.decode(core)
        except EntryError:  # the walk tells it
            return None
        return decoded.seq if decoded.log == self.origin else None


@runtime_checkable
class PartedSource(Protocol):
    """A source that has its parts looked at by itself, side by side or one after the other."""

    def looked_at(self, screen: Screen) -> Iterator[Screened]:
        """Yield what ``screen`` makes of every part, in the order of the parts; no entry, opening or row is left out.

        Raises an error where a part could not be looked at to its end.
        """
        ...
