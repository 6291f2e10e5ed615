"""The Merkle tree hash of RFC 9162 section 2.1.1 with SHA-256, as the RFC defines it: by recursion over the list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256


def leaf_hash(entry: bytes) -> bytes:
    """The hash of a list with one entry: HASH(0x00 || d[0])."""
    return sha256(b"\x00" + entry).digest()


def tree_hash(entries: Sequence[bytes], single: Callable[[bytes], bytes] = leaf_hash) -> bytes:
    """MTH of ``entries``.

    ``single`` hashes a list of one; ``already_hashed`` in its place takes a list of leaf hashes, as a pruned log has.
    """
    n = len(entries)
    if n == 0:
        return sha256().digest()
    if n == 1:
        return single(entries[0])
    k = largest_power_of_two_smaller_than(n)
    return sha256(b"\x01" + tree_hash(entries[:k], single) + tree_hash(entries[k:], single)).digest()


def already_hashed(leaf: bytes) -> bytes:
    """A leaf hash stands for itself."""
    return leaf


def largest_power_of_two_smaller_than(n: int) -> int:
    """The k of the RFC: a power of two with k < n <= 2k, for n > 1."""
    k = 1
    while 2 * k < n:
        k = 2 * k
    return k
