"""One pass over the entries of a log: each recomputed, compared with its copies and openings, and put in the tree."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from hashlib import sha256
from typing import Final

from staffdesk.audit import coverings as covering
from staffdesk.audit.checkpoint import Checkpoint
from staffdesk.audit.entry import COPIED, Core, EntryError, leaf_hash
from staffdesk.audit.openings import NEVER, OpeningCheck
from staffdesk.audit.order import Order
from staffdesk.audit.report import FindingKind, Findings, entries_named
from staffdesk.audit.scan import Scanned, reader, scanned
from staffdesk.audit.seals import Seals
from staffdesk.audit.source import LogSource, PartialSource, StoredEntry
from staffdesk.audit.strays import Strays
from staffdesk.audit.tree import HASH_BYTES, Frontier

PROGRESS_EVERY: Final = 4096

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
    ) -> None:
        left_out = source.left_out if isinstance(source, PartialSource) else frozenset()
        self.order = Order()
        self.strays = Strays()
        self.openings = OpeningCheck(source.openings(), coverings, findings, left_out)
        self.newest: Checkpoint | None = None
        self.entries = 0
        self.pruned = 0
        self._source = source
        self._compares = source.has_copies
        self._oldest = NEVER
        self._origin = origin
        self._seals = seals
        self._sizes: Iterator[int] = iter(seals.sizes())
        self._sealed = next(self._sizes, NEVER)
        self._coverings = coverings
        self._met: dict[int, bytes] = {}
        self._findings = findings
        self._tree = Frontier()
        self._other_tree: Frontier | None = None
        self._append: Callable[[bytes], None] = self._tree.append
        self._rewritten = False

    @property
    def met_all_coverings(self) -> bool:
        """Whether the covering entries gathered beforehand are those that stand in the log."""
        return self._met == self._coverings.leaves

    def run(self, progress: Callable[[int], None]) -> None:  # noqa: C901 - a call fewer for each of ten million entries
        """Read every entry once; what is ordinary is done here, what is not in the methods below."""
        read, openings, compares, acts, expected = reader(self._origin), self.openings, self._compares, covering.ACTS, 1
        self._seal(0)
        for stored in self._source.entries(self.strays.add):
            row, core, leaf, columns, subjects = stored
            self.entries += 1
            found = None
            if core is not None and sha256(b"\x00" + core).digest() == leaf:
                found = read(core) or self._decode(row, core)
            if row != expected:
                row = self._place(row, expected, found)
            if row == _BEHIND:
                continue
            expected = row + 1
            if found is None:
                self._take_irregular(stored)
            elif found[0] != row:
                self._take_stray(row, found[0], leaf)
            else:
                _, t, act, copies, obj, sec = found
                self._append(leaf)
                if compares and (copies != columns or (obj != subjects and set(obj) != set(subjects))):
                    self._compare(row, stored, found)
                if sec or openings.next_seq <= row:
                    openings.check(row, obj, sec, self.order)
                if act in acts:
                    self._met[row] = leaf
                self._oldest = min(self._oldest, t)
            if row >= self._sealed:
                self._seal(row)
            if row % PROGRESS_EVERY == 0:
                progress(self.entries)
        self.order.last_row = expected - 1
        progress(self.entries)

    @property
    def oldest_uncovered(self) -> int | None:
        """The earliest time of an entry behind the newest checkpoint, in milliseconds; None where there is none."""
        return None if self._oldest == NEVER else self._oldest

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
            if self._compares and (subjects or any(value is not None for value in columns.values())):
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
        if row > self._coverings.pruned_to:
            sentence = f"Entry {row} has lost its content, and no later entry says that it was pruned."
            self._findings.add(FindingKind.REMOVED, row, row, sentence)
        self.openings.check(row, (), {}, self.order)
        self._append(leaf if len(leaf) == HASH_BYTES else _NO_LEAF)

    def _compare(self, row: int, stored: StoredEntry, found: Scanned) -> None:
        """Name the indexed copies that differ; the subjects have no order."""
        _, _, _, copies, obj, _ = found
        names = [name for name in COPIED if stored.copies.get(name, _ABSENT) != copies[name]]
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
        self._append = self._append_both

    def _append_both(self, leaf: bytes) -> None:
        self._tree.append(leaf)
        if self._other_tree is not None:
            self._other_tree.append(leaf)

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
                self._append = tree.append
                self._oldest = NEVER
                return
        self._rewritten = True
        first = min(size, self.newest.size + 1 if self.newest is not None else 1)
        sentence = (
            f"{entries_named(first, size)} do not give the root of the checkpoint over {size} entries: something "
            "in this range was rewritten together with its leaf hash. Later checkpoints prove nothing more."
        )
        self._findings.add(FindingKind.REWRITTEN, first, size, sentence)
