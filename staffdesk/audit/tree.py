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
        """Add a leaf hash, which must have 32 bytes."""
        if len(leaf) != HASH_BYTES:
            raise TreeError(f"A leaf hash must have {HASH_BYTES} bytes.")
        peaks, rest = self.peaks, self.size
        while rest & 1:
            leaf = sha256(b"\x01" + peaks.pop() + leaf).digest()
            rest >>= 1
        peaks.append(leaf)
        self.size += 1

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add leaf hashes in their order."""
        for leaf in leaves:
            self.append(leaf)

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
