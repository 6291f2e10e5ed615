"""A small log in memory, stored as a database stores it, that a test may tamper with."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from staffdesk.audit.checkpoint import Checkpoint, sign, verifier_key
from staffdesk.audit.entry import COPIED, Core, copies, leaf_hash
from staffdesk.audit.opening import commit, kind_of
from staffdesk.audit.report import Report
from staffdesk.audit.source import StoredCheckpoint, StoredEntry, StoredOpening
from staffdesk.audit.tree import Frontier
from staffdesk.audit.verifier import Kept, verify

ORIGIN = "desk.example/audit/0c9d2c1e-5a0e-4a8e-9f63-3a1f6f9f2b11"
SEED = bytes(range(32))
START_MS = 1_795_334_400_000
DAY_MS = 86_400_000
KEPT = Kept(entries=365 * DAY_MS, reasons=1095 * DAY_MS, values=90 * DAY_MS, pause=40 * DAY_MS)


class SampleLog:
    """A log with a checkpoint now and then; ``outside`` is the folder that keeps a copy of each.

    ``stray_subjects`` are the numbers of subjects' rows that no entry has; ``passed`` is by how many milliseconds the
    clock went on more than a second an entry.
    """

    has_copies = True

    def __init__(self) -> None:
        self.rows: list[StoredEntry] = []
        self.stored_openings: list[StoredOpening] = []
        self.inside: list[StoredCheckpoint] = []
        self.outside: list[str] = []
        self.stray_subjects: list[int] = []
        self.head_seq = 0
        self.passed = 0

    def append(
        self,
        act: str,
        *,
        out: str = "ok",
        obj: Collection[str] = (),
        kinds: Collection[str] = (),
        n: int = 0,
        openings: Mapping[str, str] | None = None,
    ) -> int:
        """Append an entry and its openings; return its number."""
        seq = self.head_seq = self.head_seq + 1
        fresh = [
            StoredOpening(seq, field, kind_of(field).value, bytes([seq % 256]) * 32, value)
            for field, value in sorted((openings or {}).items())
        ]
        core = Core(
            log=ORIGIN,
            seq=seq,
            t=START_MS + self.passed + 1000 * seq,
            act=act,
            out=out,
            actor="u_anna",
            role="support",
            entity="BE",
            sid="5f0c9a1be2d34478",
            purpose="support",
            ref="c_17",
            standing="verified",
            basis="case",
            level="opened" if act == "customer.opened" else None,
            obj=tuple(obj),
            kinds=tuple(kinds),
            n=n,
            policy="2024-10",
            sec={each.field: commit(*_hashed(each)).hex() for each in fresh},
        )
        self.rows.append(stored(core))
        self.stored_openings.extend(fresh)
        return seq

    def seal(self) -> str:
        """Sign a checkpoint over what is stored now, keep it in both places and return it."""
        row = self.signed_row()
        self.inside.append(row)
        self.outside.append(row.note)
        return row.note

    def signed_row(self) -> StoredCheckpoint:
        """Return the row of a checkpoint over what is stored now."""
        tree = self._tree()
        return StoredCheckpoint(tree.size, self.signed(), tree.to_bytes())

    def put_note(self, at: int, note: str) -> None:
        """Put another note into a checkpoint's row."""
        self.inside[at] = self.inside[at]._replace(note=note)

    def signed(self, size: int | None = None, root: bytes | None = None, seed: bytes = SEED) -> str:
        """Return a signed checkpoint over what is stored now, or over something else."""
        tree = self._tree()
        told = Checkpoint(
            origin=ORIGIN, size=tree.size if size is None else size, root=tree.root() if root is None else root
        )
        return sign(told, ORIGIN, seed)

    def row(self, seq: int) -> StoredEntry:
        """Return the stored row of a number."""
        return next(row for row in self.rows if row.seq == seq)

    def put(self, row: StoredEntry) -> None:
        """Store a row in the place of the one with its number."""
        self.rows = [row if each.seq == row.seq else each for each in self.rows]

    def rewrite(self, seq: int, actor: str) -> None:
        """Change who did it, and everything with it that can be made consistent without the key."""
        core = self.row(seq).core
        assert core is not None
        self.put(stored(replace(Core.decode(core), actor=actor)))

    def prune(self, last: int) -> None:
        """Prune the entries up to a number to their leaves, and their openings with them."""
        self.rows = [StoredEntry(r.seq, None, r.leaf, (), ()) if r.seq <= last else r for r in self.rows]
        self.stored_openings = [each for each in self.stored_openings if each.seq > last]

    def prune_only(self, *seqs: int) -> None:
        """Prune some entries, as :meth:`prune` does."""
        self.rows = [StoredEntry(r.seq, None, r.leaf, (), ()) if r.seq in seqs else r for r in self.rows]
        self.stored_openings = [each for each in self.stored_openings if each.seq not in seqs]

    def drop_openings(self, *places: tuple[int, str]) -> None:
        """Delete openings by number and field."""
        self.stored_openings = [each for each in self.stored_openings if (each.seq, each.field) not in places]

    def verify(
        self,
        *,
        now_ms: int = START_MS,
        with_outside: bool = True,
        elsewhere: Sequence[str] = (),
        kept: Kept | None = None,
    ) -> Report:
        """Verify with the log's own key and a limit of a day."""
        return verify(
            self,
            origin=ORIGIN,
            vkeys=[verifier_key(ORIGIN, SEED)],
            outside=self.outside if with_outside else None,
            elsewhere=elsewhere,
            now_ms=now_ms,
            tail_limit_ms=DAY_MS,
            kept=kept,
        )

    def entries(self, stray: Callable[[int], None] | None = None) -> Iterator[StoredEntry]:
        yield from self.rows
        for number in sorted(self.stray_subjects):
            if stray is not None:
                stray(number)

    def openings(self) -> Iterator[StoredOpening]:
        return iter(sorted(self.stored_openings, key=lambda each: (each.seq, each.field)))

    def head(self) -> int | None:
        return self.head_seq

    def checkpoints(self) -> Iterator[StoredCheckpoint]:
        return iter(self.inside)

    def _tree(self) -> Frontier:
        tree = Frontier()
        tree.extend(row.leaf for row in self.rows)
        return tree


def stored(core: Core) -> StoredEntry:
    """Return the row of an entry, its copies as a database keeps them."""
    data = core.encode()
    return StoredEntry(core.seq, data, leaf_hash(data), tuple(copies(core).values()), tuple(sorted(core.obj)))


def recopied(row: StoredEntry, name: str, value: str | int | None) -> StoredEntry:
    """Return a row with another value in one of its columns."""
    at = COPIED.index(name)
    return row._replace(copies=(*row.copies[:at], value, *row.copies[at + 1 :]))


def a_day_of_work() -> SampleLog:
    """Twenty-four entries with checkpoints over 8, 16 and 24: searches, openings of records, a reveal, a reason."""
    log = SampleLog()
    for round_ in range(1, 4):
        person, other = f"s_{round_}", f"s_{round_}x"
        log.append("session.signed_in")
        log.append("customer.search", openings={"term": f"dupont {round_}"})
        log.append("customer.listed", obj=(person, other), kinds=("person",), n=2)
        log.append("customer.opened", obj=(person,), kinds=("identity",), n=1)
        log.append("customer.revealed", obj=(person,), kinds=("contact",), n=1, openings={"reason": "called back"})
        log.append("customer.changed", obj=(person,), openings={"old.city": "Gand", "new.city": "Gent"})
        log.append("denied", out="denied", obj=(other,))
        log.append("session.ended")
        log.seal()
    return log


def _hashed(opening: StoredOpening) -> tuple[int, str, bytes, str]:
    return opening.seq, opening.field, opening.salt, opening.value
