"""What a run remembers of its earlier batches, in a few bytes each: a list of a million must not fill the memory.

Of a text its hash is kept, of 64 bits and keyed anew for each process: that two of a million are taken for one happens
in one of thirty million runs.
"""

from __future__ import annotations

from array import array
from collections.abc import Hashable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

_FIRST_SLOTS: Final = 1 << 10
_FULL: Final = 0.66


class Numbers:
    """Numbers from 1 by key; one key may have several."""

    __slots__ = ("_keys", "_numbers", "_used")

    def __init__(self) -> None:
        """Begin with none."""
        self._keys, self._numbers = _slots(_FIRST_SLOTS)
        self._used = 0

    def of(self, key: Hashable) -> list[int]:
        """Return the numbers of a key, the lowest first."""
        asked, found = hash(key), list[int]()
        mask = len(self._keys) - 1
        at = asked & mask
        while number := self._numbers[at]:
            if self._keys[at] == asked:
                found.append(number)
            at = (at + 1) & mask
        return sorted(found)

    def add(self, key: Hashable, number: int) -> None:
        """Give a key one more number."""
        if self._used > _FULL * len(self._keys):
            self._grow()
        self._put(hash(key), number)
        self._used += 1

    def _put(self, asked: int, number: int) -> None:
        mask = len(self._keys) - 1
        at = asked & mask
        while self._numbers[at]:
            at = (at + 1) & mask
        self._keys[at], self._numbers[at] = asked, number

    def _grow(self) -> None:
        keys, numbers = self._keys, self._numbers
        self._keys, self._numbers = _slots(2 * len(keys))
        for asked, number in zip(keys, numbers, strict=True):
            if number:
                self._put(asked, number)


def _slots(many: int) -> tuple[array[int], array[int]]:
    return array("q", bytes(8 * many)), array("i", bytes(4 * many))


@dataclass(frozen=True, slots=True)
class Dream:
    """Somebody a dry run would have written before; ``name`` is the hash of his folded name, 0 where none was told."""

    number: int
    name: int
    has_account: bool
    has_email: bool


class Dreamt:
    """Whom a dry run would have written, by what he is looked up by."""

    __slots__ = ("_by_key", "_names", "_told")

    def __init__(self) -> None:
        """Begin with nobody."""
        self._by_key = Numbers()
        self._names = array("q")
        self._told = bytearray()

    def of(self, key: str) -> list[Dream]:
        """Return whoever is looked up by a key, the first first."""
        return [self._dream(number) for number in self._by_key.of(key)]

    def knows(self, key: str) -> bool:
        """Say whether anybody is looked up by a key."""
        return bool(self._by_key.of(key))

    def add(self) -> int:
        """Begin somebody new, and return his number, from 1."""
        self._names.append(0)
        self._told.append(0)
        return len(self._names)

    def tell(self, number: int, name: str, account: str | None, emails: frozenset[str]) -> None:
        """Add what is known of somebody by now: a name, and an account or an address, where he had none."""
        before = self._dream(number)
        if name and not before.name:
            self._names[number - 1] = hash(name)
        if account is not None and not before.has_account:
            self._by_key.add(account, number)
        if not before.has_email:
            for email in emails:
                self._by_key.add(email, number)
        at = number - 1
        self._told[at] |= (account is not None) | (bool(emails) << 1)

    def _dream(self, number: int) -> Dream:
        told = self._told[number - 1]
        return Dream(number, self._names[number - 1], bool(told & 1), bool(told & 2))


class Said(Enum):
    """How a record stands to what the run was told under the same key before."""

    FIRST = auto()
    AGAIN = auto()
    OTHERWISE = auto()


class Serials:
    """What a run was told of each licence, where first, and whether somebody holds it."""

    __slots__ = ("_are_held", "_by_serial", "_contents", "_places")

    def __init__(self) -> None:
        """Begin with none."""
        self._by_serial = Numbers()
        self._contents, self._places = array("q"), array("q")
        self._are_held = bytearray()

    def tell(self, serial: str, content: Hashable, place: Hashable, *, is_held: bool = True) -> Said:
        """Say whether this is told first (here, or here before: a batch may be tried again), again, or otherwise."""
        known = self._by_serial.of(serial)
        if not known:
            self._contents.append(hash(content))
            self._places.append(hash(place))
            self._are_held.append(is_held)
            self._by_serial.add(serial, len(self._contents))
            return Said.FIRST
        at = known[0] - 1
        if self._places[at] == hash(place):
            return Said.FIRST
        return Said.AGAIN if self._contents[at] == hash(content) else Said.OTHERWISE

    def knows(self, serial: str) -> bool:
        """Say whether a licence was told of."""
        return bool(self._by_serial.of(serial))

    def is_nobodys(self, serial: str) -> bool:
        """Say whether a licence was told of, and that nobody holds it."""
        known = self._by_serial.of(serial)
        return bool(known) and not self._are_held[known[0] - 1]
