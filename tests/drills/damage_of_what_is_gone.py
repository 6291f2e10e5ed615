"""Ways to damage what says of a log that something of it is gone: prunings, expiries, and what they cover."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from staffdesk.audit.entry import Core
from staffdesk.audit.source import StoredEntry
from tests.drills.ways_of_damage import COVERED, EXPIRED, GONE, PRUNED, Damaged, Dice, core_of
from tests.unit.audit.sample_log import DAY_MS, recopied, stored

YOUNG = 31
"""The first entry that nothing may have let go yet."""


def widened(dice: Dice, it: Damaged) -> int:
    """Let a pruning name one entry more, and take its content."""
    seq = dice.choice((5, *range(10, 25)))
    covering = dice.choice(PRUNED)
    core = Core.decode(core_of(it.log, covering))
    it.log.put(stored(replace(core, kinds=(*core.kinds, str(seq)), n=max(core.n, seq))))
    it.log.prune_only(seq)
    return covering


def narrowed(dice: Dice, it: Damaged) -> int:
    """Let the later pruning name fewer: what it named alone has lost its cover, and its own root is another one."""
    core = Core.decode(core_of(it.log, PRUNED[1]))
    it.log.put(stored(replace(core, kinds=("all", dice.choice(["1-3", "6-9", "2-2"])))))
    return PRUNED[1]


def put_back(dice: Dice, it: Damaged) -> int:
    """Give a pruned entry another content than it had."""
    seq = dice.choice(GONE)
    other = stored(replace(Core.decode(core_of(it.log, 10)), seq=seq))
    leaf = dice.choice([other.leaf, it.log.row(seq).leaf])
    it.log.put(StoredEntry(seq, other.core, leaf, other.copies, other.obj))
    return seq


def left_behind(dice: Dice, it: Damaged) -> int:
    """Leave of a pruned entry a column or a subject."""
    seq = dice.choice(GONE)
    left = {"obj": ("s_1",)} if dice.random() < 0.5 else {"copies": recopied(it.log.row(10), "t", None).copies}
    it.log.put(it.log.row(seq)._replace(**left))
    return seq


def expired_more(dice: Dice, it: Damaged) -> int:
    """Take an opening of a kind that expired from an entry behind the number, or of a kind that did not."""
    places = [each for each in it.log.stored_openings if each.seq > 10 or each.field == "reason"]
    gone = dice.choice(places)
    it.log.drop_openings((gone.seq, gone.field))
    return gone.seq


def expiry_moved(_dice: Dice, it: Damaged) -> int:
    """Let an expiry reach further, and take what it reaches."""
    core = Core.decode(core_of(it.log, EXPIRED))
    it.log.put(stored(replace(core, n=24)))
    it.log.stored_openings = [each for each in it.log.stored_openings if each.seq > 24 or each.kind == "reason"]
    return EXPIRED


def pruning_added(dice: Dice, it: Damaged) -> int:
    """Add an entry that prunes some of this year, as the desk's own prunings read, and take their content."""
    first = dice.choice((*range(5, COVERED - 2), COVERED))
    last = dice.choice(range(max(first, YOUNG), COVERED + 1))
    _prune(it, range(first, last + 1), dice.choice((0, 0, 500 * DAY_MS, -398 * DAY_MS)))
    return last


def old_pruning_added(dice: Dice, it: Damaged) -> int:
    """Do so with one that is as old as the shortest time asks, but of a kind that is kept for longer."""
    seq: int = dice.choice((5, *range(10, 24)))
    _prune(it, (seq,), 0)
    return seq


def expiry_added(dice: Dice, it: Damaged) -> int:
    """Add an entry that lets terms and values of this year go, and take them."""
    reach: int = dice.choice(range(YOUNG, COVERED + 1))
    it.log.passed += dice.choice((0, 0, 500 * DAY_MS, -398 * DAY_MS))
    it.log.append("audit.expired", kinds=("value",), n=reach)
    gone = [each for each in it.log.stored_openings if each.seq <= reach and each.kind == "value"]
    it.log.drop_openings(*((each.seq, each.field) for each in gone))
    return reach


def pruning_up_to_an_old_date(dice: Dice, it: Damaged) -> int:
    """Put an entry of a time long gone at the end, and prune some of this year up to it."""
    last = it.log.head_seq
    dated = _of_old(dice, it)
    _prune(it, range(dice.choice(range(YOUNG, last + 1)), last + 1), dated)
    return last


def expiry_up_to_an_old_date(dice: Dice, it: Damaged) -> int:
    """Do so, and let the terms, values or reasons go that stand before it."""
    kind = dice.choice(("reason", "value"))
    it.log.passed += _of_old(dice, it)
    reach = it.log.head_seq
    it.log.append("audit.expired", kinds=(kind,), n=reach)
    it.log.drop_openings(*((each.seq, each.field) for each in it.log.stored_openings if each.kind == kind))
    return reach


def _of_old(dice: Dice, it: Damaged) -> int:
    """Return by how much later what covers is dated: today, or long ago too."""
    by = dice.choice((1_200, 5_000)) * DAY_MS
    it.log.passed -= by
    it.log.append("customer.search")
    return dice.choice((by, 1_100 * DAY_MS))


def _prune(it: Damaged, seqs: Sequence[int], passed: int) -> None:
    it.log.passed += passed
    it.log.append("audit.pruned", kinds=("technical", f"{seqs[0]}-{seqs[-1]}"), n=seqs[-1])
    it.log.append("audit.pruned", kinds=("done", "technical"), n=1)
    it.log.prune_only(*seqs)
