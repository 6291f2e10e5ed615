"""Ways to damage a log for who holds the database and not the key; each returns the number of the entry it is about."""

from __future__ import annotations

import random
from copy import copy
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from staffdesk.audit.checkpoint import Checkpoint, sign
from staffdesk.audit.entry import COPIED, Core
from staffdesk.audit.report import Report
from staffdesk.audit.source import StoredCheckpoint
from staffdesk.audit.tree import Frontier
from tests.unit.audit.sample_log import DAY_MS, KEPT, ORIGIN, START_MS, SampleLog, a_day_of_work, recopied, stored

ERASED, EXPIRED, PRUNED, COVERED = 25, 26, (27, 29), 36
STANDING: Final[tuple[int, ...]] = (5, *range(10, COVERED + 4))
GONE: Final[tuple[int, ...]] = (1, 2, 3, 4, 6, 7, 8, 9)
ANOTHER_KEY: Final = bytes(range(32, 64))

Dice = random.Random


@dataclass(slots=True)
class Damaged:
    """A log under attack, and the notes that somebody carried away before."""

    log: SampleLog
    elsewhere: tuple[str, ...]

    def verify(self) -> Report:
        return self.log.verify(now_ms=START_MS + 401 * DAY_MS, elsewhere=self.elsewhere, kept=KEPT)


def whole_log() -> SampleLog:
    """Return a log with everything in it, sound: a day's work, and what was let go of it more than a year later."""
    log = a_day_of_work()
    log.passed = 400 * DAY_MS
    assert log.append("audit.erased", obj=("s_3",), kinds=("2:term",)) == ERASED
    log.drop_openings((2, "term"), (21, "reason"), (22, "old.city"), (22, "new.city"))
    assert log.append("audit.expired", kinds=("value",), n=10) == EXPIRED
    log.drop_openings((6, "old.city"), (6, "new.city"), (10, "term"))
    assert log.append("audit.pruned", kinds=("technical", "1", "8-9"), n=9) == PRUNED[0]
    log.prune_only(1, 8, 9)
    log.append("audit.pruned", kinds=("done", "technical"), n=3)
    assert log.append("audit.pruned", kinds=("all", "1-4", "6-9"), n=9) == PRUNED[1]
    log.prune_only(*GONE)
    log.append("audit.pruned", kinds=("done", "all"), n=8)
    log.seal()
    for number in range(3):
        log.append("customer.search", openings={"term": f"martin {number}"})
        log.append("customer.opened", obj=("s_9",), openings={"reason": "called"})
    log.seal()
    assert log.head_seq == COVERED
    for _ in range(3):
        log.append("customer.opened", obj=("s_8",), openings={"reason": "mailed"})
    return log


@cache
def _whole() -> SampleLog:
    return whole_log()


def fresh() -> Damaged:
    """Return a log of one's own to damage."""
    log = copy(_whole())
    for name in ("rows", "stored_openings", "inside", "outside", "stray_subjects"):
        setattr(log, name, list(getattr(log, name)))
    return Damaged(log, tuple(log.outside))


def flipped(dice: Dice, data: bytes) -> bytes:
    """Return bytes with one bit changed."""
    at = dice.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << dice.randrange(8))]) + data[at + 1 :]


def _flip_text(dice: Dice, text: str) -> str:
    return flipped(dice, text.encode()).decode("utf-8", "replace")


def core_of(log: SampleLog, seq: int) -> bytes:
    core = log.row(seq).core
    assert core is not None
    return core


def entry_byte(dice: Dice, it: Damaged, among: tuple[int, ...] = STANDING) -> int:
    seq = dice.choice(among)
    it.log.put(it.log.row(seq)._replace(core=flipped(dice, core_of(it.log, seq))))
    return seq


def leaf(dice: Dice, it: Damaged, among: tuple[int, ...] = STANDING) -> int:
    seq = dice.choice(among)
    it.log.put(it.log.row(seq)._replace(leaf=flipped(dice, it.log.row(seq).leaf)))
    return seq


def column(dice: Dice, it: Damaged) -> int:
    seq = dice.choice(STANDING)
    row = it.log.row(seq)
    name = dice.choice(sorted(COPIED))
    was = row.copies[COPIED.index(name)]
    others = [each for each in ("x", "denied", None if was else "y") if each != was]
    it.log.put(recopied(row, name, 7 if name == "t" else dice.choice(others)))
    return seq


def subject(dice: Dice, it: Damaged) -> int:
    seq = dice.choice(STANDING)
    obj = it.log.row(seq).obj
    it.log.put(it.log.row(seq)._replace(obj=obj[1:] if obj and dice.random() < 0.5 else (*obj, "s_77")))
    return seq


def opening(dice: Dice, it: Damaged) -> int:
    at = dice.randrange(len(it.log.stored_openings))
    was = it.log.stored_openings[at]
    other = {"reason": "value", "value": "reason"}[was.kind]
    it.log.stored_openings[at] = dice.choice([
        was._replace(value=f"{was.value}."), was._replace(salt=flipped(dice, was.salt)), was._replace(kind=other),
    ])  # fmt: skip
    return was.seq


def opening_removed(dice: Dice, it: Damaged) -> int:
    return it.log.stored_openings.pop(dice.randrange(len(it.log.stored_openings))).seq


def openings_swapped(dice: Dice, it: Damaged) -> int:
    openings = it.log.stored_openings
    a, b = dice.sample([at for at, each in enumerate(openings) if each.field == "reason"], 2)
    openings[a], openings[b] = openings[b]._replace(seq=openings[a].seq), openings[a]._replace(seq=openings[b].seq)
    return openings[a].seq


def opening_replayed(dice: Dice, it: Damaged) -> int:
    """Put an opening where no entry committed to it: under another number, or under one that was pruned."""
    seq = dice.choice((*GONE, 11, 15, 31 + 9))
    it.log.stored_openings.append(dice.choice(it.log.stored_openings)._replace(seq=seq, field="term"))
    return seq


def erased_put_back(dice: Dice, it: Damaged) -> int:
    """Put back an opening that an erasure emptied."""
    kept = [each for each in a_day_of_work().stored_openings if each.seq in {21, 22}]
    it.log.stored_openings.append(found := dice.choice(kept))
    return found.seq


def removed(dice: Dice, it: Damaged) -> int:
    seq = dice.choice(range(1, COVERED + 3))
    it.log.rows = [row for row in it.log.rows if row.seq != seq]
    if dice.random() < 0.5:
        it.log.stored_openings = [each for each in it.log.stored_openings if each.seq != seq]
    return seq


def emptied(dice: Dice, it: Damaged, among: tuple[int, ...] = STANDING) -> int:
    """Take an entry's content away as a pruning does, where no pruning names it."""
    seq = dice.choice(among)
    it.log.prune_only(seq)
    return seq


def swapped(dice: Dice, it: Damaged) -> int:
    a, b = dice.sample(STANDING[1:], 2)
    one, two = it.log.row(a), it.log.row(b)
    it.log.put(two._replace(seq=a))
    it.log.put(one._replace(seq=b))
    return a


def replayed(dice: Dice, it: Damaged) -> int:
    """Put an entry a second time: at the end, or over another one."""
    seq, over = dice.sample(STANDING[1:], 2)
    if dice.random() < 0.5:
        it.log.rows.append(it.log.row(seq)._replace(seq=it.log.head_seq + 1))
        return it.log.head_seq + 1
    it.log.put(it.log.row(seq)._replace(seq=over))
    return over


def cut(dice: Dice, it: Damaged) -> int:
    last = dice.randrange(COVERED)
    it.log.rows = [row for row in it.log.rows if row.seq <= last]
    it.log.stored_openings = [each for each in it.log.stored_openings if each.seq <= last]
    if dice.random() < 0.5:
        it.log.head_seq = last
        it.log.inside = [row for row in it.log.inside if row.size <= last]
    return last + 1


def note(dice: Dice, it: Damaged) -> int:
    at = dice.randrange(len(it.log.inside))
    if dice.random() < 0.5:
        it.log.put_note(at, _flip_text(dice, it.log.inside[at].note))
    else:
        it.log.outside[at] = _flip_text(dice, it.log.outside[at])
    return 0


def peaks(dice: Dice, it: Damaged) -> int:
    at = dice.randrange(len(it.log.inside))
    row = it.log.inside[at]
    it.log.inside[at] = row._replace(frontier=flipped(dice, row.frontier))
    return 0


def notes_swapped(dice: Dice, it: Damaged) -> int:
    a, b = dice.sample(range(len(it.log.inside)), 2)
    one, two = it.log.inside[a].note, it.log.inside[b].note
    it.log.put_note(a, two)
    it.log.put_note(b, one)
    return 0


def note_replayed(dice: Dice, it: Damaged) -> int:
    a, b = dice.sample(range(len(it.log.inside)), 2)
    it.log.put_note(a, it.log.inside[b].note)
    return 0


def notes_removed(dice: Dice, it: Damaged) -> int:
    del it.log.outside[-dice.randrange(1, len(it.log.outside)) :]
    return 0


def rows_of_notes_removed(dice: Dice, it: Damaged) -> int:
    del it.log.inside[-dice.randrange(2, len(it.log.inside)) :]
    return 0


def rewritten(dice: Dice, it: Damaged, among: tuple[int, ...] = STANDING) -> int:
    """Change an entry with its leaf and columns: all that can be made to fit without the key."""
    seq = dice.choice([each for each in among if each <= COVERED])
    it.log.put(stored(replace(Core.decode(core_of(it.log, seq)), actor=f"u_{dice.randrange(10**6)}")))
    return seq


def stray(dice: Dice, it: Damaged) -> int:
    seq = dice.choice([-3, 0, it.log.head_seq + 1 + dice.randrange(9)])
    it.log.stray_subjects.append(seq)
    return seq


def all_anew(dice: Dice, it: Damaged) -> int:
    """Rewrite one entry and everything that follows from it, each checkpoint signed anew by another key."""
    seq = rewritten(dice, it)
    inside = []
    for row in it.log.inside:
        tree = Frontier()
        tree.extend(each.leaf for each in it.log.rows if each.seq <= row.size)
        note = sign(Checkpoint(origin=ORIGIN, size=row.size, root=tree.root()), ORIGIN, ANOTHER_KEY)
        inside.append(StoredCheckpoint(row.size, note, tree.to_bytes()))
    it.log.inside = inside
    it.log.outside = [row.note for row in inside]
    return seq


def tail_rewritten(dice: Dice, it: Damaged) -> int:
    """Rewrite what no checkpoint covers yet, which nobody can find."""
    seq = dice.choice(range(COVERED + 1, COVERED + 4))
    it.log.put(stored(replace(Core.decode(core_of(it.log, seq)), actor="u_bob")))
    return seq
