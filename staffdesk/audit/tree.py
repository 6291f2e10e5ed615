"""The hash tree over the log's leaves (RFC 9162, 2.1.1), kept as its peaks: what is needed to add and to name the root.

The tree alone says in which order the entries stand. Peaks are the roots of the perfect subtrees that the size in
binary is made of, the largest first.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

HASH_BYTES: Final = 32

EMPTY_ROOT: Final = sha256(b"").digest()

_SIZE = struct.Struct(">Q")


class TreeError(ValueError):
    """These are not the bytes of a tree's peaks, or not those of a leaf."""


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(slots=True)
class Frontier:
    """The right edge of a growing tree: its size and its peaks."""

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)

    def append(self, leaf: bytes) -> None:
        """Add a leaf hash; raises as ``extend`` does."""
        self.extend((leaf,))

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add leaf hashes in their order, each of 32 bytes; raises :class:`TreeError`."""
        peaks, size = self.peaks, self.size
        for leaf in leaves:
            if len(leaf) != HASH_BYTES:
                raise TreeError(f"A leaf hash must have {HASH_BYTES} bytes.")
            node, rest = leaf, size
            while rest & 1:
                node = sha256(b"\x01" + peaks.pop() + node).digest()
                rest >>= 1
            peaks.append(node)
            size += 1
            self.size = size

    def root(self) -> bytes:
        """Return the root hash; that of an empty tree is the hash of nothing."""
        if not self.peaks:
            return EMPTY_ROOT
        *higher, root = self.peaks
        for peak in reversed(higher):
            root = node_hash(peak, root)
        return root

    def copy(self) -> Frontier:
        """Return a tree that grows by itself from here."""
        return Frontier(self.size, self.peaks.copy())

    def to_bytes(self) -> bytes:
        """Return the size in 8 bytes, big end first, then the peaks, the largest subtree first."""
        return _SIZE.pack(self.size) + b"".join(self.peaks)

    @classmethod
    def from_bytes(cls, data: bytes) -> Frontier:
        """Return the tree that ``to_bytes`` wrote; raises ``TreeError`` for any other length."""
        if len(data) < _SIZE.size:
            raise TreeError("These bytes are too short for a tree.")
        (size,) = _SIZE.unpack_from(data)
        if len(data) != _SIZE.size + HASH_BYTES * size.bit_count():
            raise TreeError("These bytes do not have the length that the tree's size asks for.")
        return cls(size, [data[at : at + HASH_BYTES] for at in range(_SIZE.size, len(data), HASH_BYTES)])


def sibling_ranges(index: int, size: int) -> tuple[tuple[int, int], ...]:
    """Return the ranges of leaves (first, and the one after the last) whose roots are the audit path of a leaf.

    From the leaf upwards, as RFC 9162, 2.1.3.1 orders them; the root of a range is that of a tree of its leaves alone.
    """
    if not 0 <= index < size:
        raise TreeError("There is no such leaf in a tree of this size.")
    first, after = 0, size
    ranges: list[tuple[int, int]] = []
    while after - first > 1:
        middle = first + (1 << (after - first - 1).bit_length() - 1)
        if index < middle:
            ranges.append((middle, after))
            after = middle
        else:
            ranges.append((first, middle))
            first = middle
    return tuple(reversed(ranges))


def root_from_path(leaf: bytes, index: int, size: int, path: Iterable[bytes]) -> bytes:
    """Return the root that an audit path leads to from a leaf (RFC 9162, 2.1.3.2); raises ``TreeError``."""
    ranges = sibling_ranges(index, size)
    hashes = tuple(path)
    if len(hashes) != len(ranges):
        raise TreeError("This audit path is not of this leaf.")
    root = leaf
    for (first, _), sibling in zip(ranges, hashes, strict=True):
        root = node_hash(sibling, root) if first < index else node_hash(root, sibling)
    return root


def consistency_ranges(old: int, size: int) -> tuple[tuple[int, int], ...]:
    """Return the ranges of leaves whose roots prove that a tree grew from its first ``old`` leaves.

    In the order of RFC 9162, 2.1.4.1; none where the old tree is empty or the whole.
    """
    if not 0 <= old <= size:
        raise TreeError("A tree does not grow into a smaller one.")
    if old in {0, size}:
        return ()
    first, after, whole = 0, size, True
    ranges: list[tuple[int, int]] = []
    while old != after:
        middle = first + (1 << (after - first - 1).bit_length() - 1)
        if old <= middle:
            ranges.append((middle, after))
            after = middle
        else:
            ranges.append((first, middle))
            first, whole = middle, False
    if not whole:
        ranges.append((first, after))
    return tuple(reversed(ranges))


def check_consistency(old: int, old_root: bytes, size: int, root: bytes, path: Iterable[bytes]) -> None:
    """Raise ``TreeError`` unless the tree of ``root`` begins with that of ``old_root`` (RFC 9162, 2.1.4.2)."""
    ranges, hashes = consistency_ranges(old, size), tuple(path)
    if len(hashes) != len(ranges):
        raise TreeError("This consistency proof is not of trees of these sizes.")
    if old == 0:
        if old_root != EMPTY_ROOT:
            raise TreeError("The root of an empty tree is another.")
        return
    if old == size:
        if old_root != root:
            raise TreeError("Two trees of one size have different roots.")
        return
    # Without the lowest subtree the old tree is one itself, and its root is what both sides grow from.
    pairs = list(zip(ranges, hashes, strict=True))
    if ranges[0][1] <= old:
        was = now = pairs.pop(0)[1]
    else:
        was = now = old_root
    for (first, _), sibling in pairs:
        if first < old:
            was, now = node_hash(sibling, was), node_hash(sibling, now)
        else:
            now = node_hash(now, sibling)
    if was != old_root or now != root:
        raise TreeError("The newer tree does not begin with the older one.")


class RangeRoots:
    """The roots of ranges of leaves that do not overlap, taken from one stream of all the leaves.

    Memory is a few hashes for each range, however many leaves come by.
    """

    def __init__(self, ranges: Iterable[tuple[int, int]]) -> None:
        self._asked = tuple(ranges)
        self._trees = {each: Frontier() for each in self._asked}
        self._ahead = sorted(self._asked, reverse=True)

    def take(self, index: int, leaf: bytes) -> None:
        """Take the leaf at this place; they come in order."""
        while self._ahead and index >= self._ahead[-1][1]:
            self._ahead.pop()
        if self._ahead and index >= self._ahead[-1][0]:
            self._trees[self._ahead[-1]].append(leaf)

    def roots(self) -> tuple[bytes, ...]:
        """Return the roots in the order the ranges were given; raises ``TreeError`` where leaves are missing."""
        for (first, after), tree in self._trees.items():
            if tree.size != after - first:
                raise TreeError("The leaves end before the tree does.")
        return tuple(self._trees[each].root() for each in self._asked)
