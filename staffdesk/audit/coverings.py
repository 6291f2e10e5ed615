"""Which openings may or must be absent, and which entries may be pruned: what later entries say of earlier ones.

Three acts, with the outcome ``ok``, cover entries before their own number, and no others:

``audit.erased``
    empties every opening of each entry whose ``obj`` holds one of its own ``obj``, and each opening that an item of
    its ``kinds`` names in the form ``<seq>:<field>``. These openings must be absent.
``audit.expired``
    allows the openings of the kinds that its ``kinds`` lists (``reason``, ``value``) to be absent from the entries up
    to the number ``n``.
``audit.pruned``
    allows entries up to the number ``n`` to be pruned to their leaf: those that its ``kinds`` name as ``17`` or
    ``12-15``, or all of them where ``kinds`` is empty. An entry of one of these three acts is pruned only when nothing
    that it covers is left, or a later one covers the same.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Final, NamedTuple

from staffdesk.audit import ranges
from staffdesk.audit.entry import Core, EntryError, leaf_hash
from staffdesk.audit.opening import OpeningKind, kind_of
from staffdesk.audit.source import IndexedSource, LogSource, StoredEntry

ERASED: Final = "audit.erased"
EXPIRED: Final = "audit.expired"
PRUNED: Final = "audit.pruned"
ACTS: Final = frozenset({ERASED, EXPIRED, PRUNED})

_NAMED = re.compile(r"([1-9][0-9]{0,15}):([a-z][a-z0-9_.]{0,63})")
_ACT = re.compile(rb'\{"act":"audit\.(?:erased|expired|pruned)"')


class Expiry(NamedTuple):
    """Up to which entry openings of a kind may be absent, and of the covering entry the number and the time."""

    reach: int
    kind: OpeningKind
    seq: int
    written: int


class Coverings:
    """What the covering entries of one log say, each kind held as little as it can be."""

    def __init__(self) -> None:
        self.leaves: dict[int, bytes] = {}
        self._pruned: list[ranges.Covered] = []
        self._firsts: list[int] | None = None
        self._times: dict[int, int] = {}
        self._expiries: list[Expiry] = []
        self._subjects: dict[str, int] = {}
        self._named: set[tuple[int, str]] = set()
        self._expired_to = dict.fromkeys(OpeningKind, 0)

    def take(self, core: Core, leaf: bytes) -> None:
        """Add what an entry covers; one without the outcome ``ok`` covers nothing."""
        self.leaves[core.seq] = leaf
        if core.out != "ok":
            return
        reach = min(core.n, core.seq - 1)
        if core.act == PRUNED:
            named = ranges.read(core.kinds) if core.kinds else ((1, core.n),)
            self._pruned.extend((first, min(last, reach), core.seq) for first, last in named if first <= reach)
            self._firsts = None
            self._times[core.seq] = core.t
        elif core.act == EXPIRED:
            for kind in OpeningKind:
                if kind.value in core.kinds:
                    self._expired_to[kind] = max(self._expired_to[kind], reach)
                    self._expiries.append(Expiry(reach, kind, core.seq, core.t))
        elif core.act == ERASED:
            self._subjects.update(dict.fromkeys(core.obj, core.seq))
            openings = [(int(found[1]), found[2]) for found in map(_NAMED.fullmatch, core.kinds) if found]
            self._named.update(pair for pair in openings if pair[0] < core.seq)

    def pruned(self, seq: int) -> bool:
        """Return whether an entry may be pruned to its leaf."""
        return self._covered(seq) is not None

    def pruning_of(self, seq: int) -> tuple[int, int] | None:
        """Return the number and time of the newest entry by which an entry may be pruned; None where none says so."""
        by = self._covered(seq)
        return None if by is None else (by, self._times[by])

    def expiries(self) -> list[Expiry]:
        """Return the expiries in the order of the entries up to which they reach."""
        return sorted(self._expiries)

    def _covered(self, seq: int) -> int | None:
        if self._firsts is None:
            self._pruned = ranges.newest(self._pruned)
            self._firsts = [first for first, _, _ in self._pruned]
        at = bisect_right(self._firsts, seq) - 1
        return self._pruned[at][2] if at >= 0 and seq <= self._pruned[at][1] else None

    def erased(self, seq: int, field: str, obj: tuple[str, ...]) -> bool:
        """Return whether an opening must be absent."""
        return (seq, field) in self._named or any(self._subjects.get(subject, 0) > seq for subject in obj)

    def absent(self, seq: int, field: str, obj: tuple[str, ...]) -> bool:
        """Return whether an opening may be absent."""
        return seq <= self._expired_to[kind_of(field)] or self.erased(seq, field, obj)


def gather(source: LogSource, origin: str, *, indexed: bool) -> Coverings:
    """Return the coverings of a log, found by the source's index or by reading all.

    An index can be tampered with: the verifier compares what was gathered with what it meets, and asks again without.
    """
    coverings = Coverings()
    for row in _candidates(source, indexed=indexed):
        if row.core is None or leaf_hash(row.core) != row.leaf:
            continue
        try:
            core = Core.decode(row.core)
        except EntryError:  # reported where every entry is looked at
            continue
        if core.act in ACTS and core.seq == row.seq and core.log == origin:
            coverings.take(core, row.leaf)
    return coverings


def _candidates(source: LogSource, *, indexed: bool) -> Iterator[StoredEntry]:
    if indexed and isinstance(source, IndexedSource):
        return source.by_act(ACTS)
    return (row for row in source.entries() if row.core is not None and _ACT.match(row.core))
