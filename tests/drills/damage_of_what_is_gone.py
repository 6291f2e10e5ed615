"""Ways to damage what says of a log that something of it is gone: prunings, expiries, and what they cover."""

from __future__ import annotations

from dataclasses import replace

from staffdesk.audit.entry import Core
from staffdesk.audit.source import StoredEntry
from tests.drills.ways_of_damage import EXPIRED, GONE, PRUNED, Damaged, Dice, core_of
from tests.unit.audit.sample_log import recopied, stored


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
    """Add an entry that prunes one of today, as the desk's own prunings read, and take its content."""
    seq: int = dice.choice((5, *range(10, 25)))
    it.log.append("audit.pruned", kinds=("all", str(seq)), n=seq)
    it.log.append("audit.pruned", kinds=("done", "all"), n=1)
    it.log.prune_only(seq)
    return seq
