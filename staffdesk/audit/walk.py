"""One pass over the entries of a log: what the screen found ordinary is put in the tree, all else judged one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import repeat
from typing import Final

from staffdesk.audit import coverings as covering
from staffdesk.audit.ages import Ages
from staffdesk.audit.checkpoint import Checkpoint
from staffdesk.audit.entry import COPIED, Core, EntryError, leaf_hash
from staffdesk.audit.openings import NEVER, OpeningCheck
from staffdesk.audit.order import Order
from staffdesk.audit.report import FindingKind, Findings, entries_named
from staffdesk.audit.scan import Scanned, reader, scanned
from staffdesk.audit.screen import LONGEST, Odd, PartedSource, Screen, Stretch
from staffdesk.audit.seals import Seals
from staffdesk.audit.source import LogSource, PartialSource, StoredEntry
from staffdesk.audit.strays import Strays
from staffdesk.audit.tree import HASH_BYTES, Frontier

PROGRESS_EVERY: Final = LONGEST

_NO_LEAF: Final = bytes(HASH_BYTES)
_ABSENT: Final = object()
_BEHIND: Final = -1


class Walk:
    """What one pass needs and finds; ``newest`` is the newest checkpoint whose root was met."""

    def __init__(
        self,
        source: LogSource,
        origin: str,
        seals: Seals,
        coverings: covering.Coverings,
        findings: Findings,
        ages: Ages | None,
    ) -> None:
        left_out = source.left_out if isinstance(source, PartialSource) else frozenset()
        self.order = Order()
        self.strays = Strays()
        self.openings = OpeningCheck(coverings, findings, left_out)
        self.newest: Checkpoint | None = None
        self.entries = 0
        self.pruned = 0
        self._source = source
        self._screen = Screen(origin, coverings, left_out)
        self._read = reader(origin)
        self._compares = source.has_copies
        self._expected = 1
        self._oldest = NEVER
        self._origin = origin
        self._seals = seals
        self._sizes: Iterator[int] = iter(seals.sizes())
        self._sealed = next(self._sizes, NEVER)
        self._coverings = coverings
        self._met: dict[int, bytes] = {}
        self._findings = findings
        self._ages = ages
        self._tree = Frontier()
        self._other_tree: Frontier | None = None
        self._rewritten = False

    @property
    def met_all_coverings(self) -> bool:
        """Whether the covering entries gathered beforehand are those that stand in the log."""
        return self._met == self._coverings.leaves

    def run(self, progress: Callable[[int], None]) -> None:
        """Read every entry once; a source that is looked at in parts gives the same parts in the same order."""
        source, screen = self._source, self._screen
        told = 0
        self._seal(0)
        for each in source.looked_at(screen) if isinstance(source, PartedSource) else screen.look(source):
            if isinstance(each, Stretch):
                self._take_stretch(each)
            elif isinstance(each, Odd):
                self.openings.wait(each.openings)
                self._take_odd(each.entry)
            else:
                self.openings.wait(each.openings)
                self.strays.join(each.strays)
            if self.entries - told >= PROGRESS_EVERY:
                told = self.entries
                progress(told)
        if self._ages is not None:
            self._ages.finish()
        self.order.last_row = self._expected - 1
        progress(self.entries)

    def _take_stretch(self, stretch: Stretch) -> None:
        """Take entries of which nothing is to be said but where they stand."""
        first, leaves, times, erased = stretch
        self.entries += len(leaves)
        after = first + len(leaves)
        row = first
        while row != self._expected and row < after and self.order.jump(self._expected, row):
            row += 1
        if row == after:
            return
        if self.openings.next_seq < after:
            self.openings.pass_over(after, self.order)
        self.openings.erased += len(erased) if row == first else sum(each >= row for each in erased)
        self._expected = after
        if self._ages is not None:
            self._ages.stretch(row, times[row - first :])
        while row < after:
            until = min(after, max(row, self._sealed) + 1)
            at = slice(row - first, until - first)
            self._extend(leaves[at])
            self.pruned += times[at].count(NEVER)
            self._oldest = min(self._oldest, *times[at])
            row = until
            if row > self._sealed:
                self._seal(row - 1)

    def _take_odd(self, stored: StoredEntry) -> None:
        """Take an entry that the screen handed on: it is judged by itself, in its place."""
        row, core, leaf, _, _ = stored
        self.entries += 1
        found = None
        if core is not None and leaf_hash(core) == leaf:
            found = self._read(core) or self._decode(row, core)
        if row != self._expected:
            row = self._place(row, self._expected, found)
        if row == _BEHIND:
            return
        self._expected = row + 1
        if self._ages is not None:
            self._age(row, core, found, self._ages)
        if found is None:
            self._take_irregular(stored)
        elif found[0] != row:
            self._take_stray(row, found[0], leaf)
        else:
            _, t, act, _, obj, sec = found
            self._append(leaf)
            if self._compares:
                self._compare(row, stored, found)
            self.openings.check(row, obj, sec, self.order)
            if act in covering.ACTS:
                self._met[row] = leaf
            self._oldest = min(self._oldest, t)
        if row >= self._sealed:
            self._seal(row)

    @property
    def oldest_uncovered(self) -> int | None:
        """The earliest time of an entry behind the newest checkpoint, in milliseconds; None where there is none."""
        return None if self._oldest == NEVER else self._oldest

    def _age(self, row: int, core: bytes | None, found: Scanned | None, ages: Ages) -> None:
        if core is None:
            ages.gone(row)
        elif found is None or found[0] != row:
            ages.unknown()
        else:
            ages.stands(row, found[1])

    def _take_stray(self, row: int, claimed: int, leaf: bytes) -> None:
        """Take an entry that says another number than its row's; what belongs to which number is not known any more."""
        self._append(leaf)
        self.order.stray(row, claimed)
        self.openings.skip(row, self.order)

    def _place(self, row: int, expected: int, found: Scanned | None) -> int:
        """Return the place of a row that is not the expected one."""
        if found is not None and found[0] == expected:
            self._tell_altered(expected, f"has the number {row} beside it, which is not its own.")
            return expected
        return _BEHIND if self.order.jump(expected, row) else row

    def _decode(self, row: int, core: bytes) -> Scanned | None:
        """Read an entry that the fast reader does not take, or tell what is wrong with it."""
        try:
            decoded = Core.decode(core)
        except EntryError as error:
            self._tell_altered(row, f"is not in the format of the log. {error}")
            return None
        if decoded.log != self._origin:
            self._tell_altered(row, "belongs to another log.")
            return None
        return scanned(decoded)

    def _take_irregular(self, stored: StoredEntry) -> None:
        """Take an entry that was pruned, altered or is not in the format; the tree goes on with its leaf."""
        row, core, leaf, columns, subjects = stored
        if core is None:
            self._take_pruned(row, leaf)
            if self._compares and (subjects or any(value is not None for value in columns)):
                sentence = f"Entry {row} was pruned, but indexed copies of it still stand."
                self._findings.add(FindingKind.COPY_ALTERED, row, row, sentence)
            return
        self.openings.skip(row, self.order)
        computed = leaf_hash(core)
        if computed == leaf:
            self._append(leaf)
            return
        self._tell_altered(row, "was altered: its bytes do not give its leaf hash.")
        with suppress(EntryError):  # the sentence above says all that can be said
            self.order.suspect(row, Core.decode(core).seq)
        self._append_doubtful(leaf if len(leaf) == HASH_BYTES else _NO_LEAF, computed)

    def _take_pruned(self, row: int, leaf: bytes) -> None:
        self.pruned += 1
        if not self._coverings.pruned(row):
            sentence = f"Entry {row} has lost its content, and no later entry says that it was pruned."
            self._findings.add(FindingKind.REMOVED, row, row, sentence)
        self.openings.check(row, (), {}, self.order)
        self._append(leaf if len(leaf) == HASH_BYTES else _NO_LEAF)

    def _compare(self, row: int, stored: StoredEntry, found: Scanned) -> None:
        """Name the indexed copies that differ; the subjects have no order."""
        _, _, _, copies, obj, _ = found
        stands = (*stored.copies, *repeat(_ABSENT, len(COPIED)))
        names = [name for name, copied, said in zip(COPIED, stands, copies, strict=False) if copied != said]
        if set(stored.obj) != set(obj):
            names.append("obj")
        if names:
            sentence = f"The indexed copy of {', '.join(names)} is not what entry {row} says."
            self._findings.add(FindingKind.COPY_ALTERED, row, row, sentence)

    def _tell_altered(self, row: int, what: str) -> None:
        self._findings.add(FindingKind.ALTERED, row, row, f"Entry {row} {what}")

    def _append_doubtful(self, stored: bytes, computed: bytes) -> None:
        """Go on with both leaves: the next checkpoint tells whether the bytes or their leaf hash was altered."""
        if self._other_tree is None:
            self._other_tree = self._tree.copy()
        self._tree.append(stored)
        self._other_tree.append(computed)

    def _append(self, leaf: bytes) -> None:
        self._extend((leaf,))

    def _extend(self, leaves: Sequence[bytes]) -> None:
        self._tree.extend(leaves)
        if self._other_tree is not None:
            self._other_tree.extend(leaves)

    def _seal(self, row: int) -> int:
        """Compare the tree with the checkpoints of this size and return the next size that has one.

        Once a number is out of place or a root differs, every later root differs too and says nothing more.
        """
        while self._sealed <= row:
            if self._sealed == row and self.order.sound and not self._rewritten:
                self._meet(row)
            self._sealed = next(self._sizes, NEVER)
        return self._sealed

    def _meet(self, size: int) -> None:
        """Take the tree whose root a checkpoint names, or tell that the log was rewritten since the last one."""
        for tree in (self._tree, self._other_tree):
            if tree is not None and self._seals.fits(size, root := tree.root()):
                self.newest = Checkpoint(origin=self._origin, size=size, root=root)
                self._tree, self._other_tree = tree, None
                self._oldest = NEVER
                return
        self._rewritten = True
        first = min(size, self.newest.size + 1 if self.newest is not None else 1)
        does = "does" if first == size else "do"
        sentence = (
            f"{entries_named(first, size)} {does} not give the root of the checkpoint over {size} entries: something "
            "in this range was rewritten together with its leaf hash. Later checkpoints prove nothing more."
        )
        self._findings.add(FindingKind.REWRITTEN, first, size, sentence)
