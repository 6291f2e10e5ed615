"""A log damaged at random, class by class, by who has the database and not the key: each is found and named.

Run: ``python -m tests.drills.log_damage --times 2000 --seed 1``. It prints how many of each class were found, and ends
with 1 where one was not. The log has all there is: openings, an erasure, an expiry, two prunings, checkpoints inside,
outside and elsewhere, and a tail that no checkpoint covers. What nobody can find is counted too, and named so.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from staffdesk.audit.report import FindingKind as K
from tests.drills import damage_of_what_is_gone as gone
from tests.drills import ways_of_damage as ways
from tests.drills.ways_of_damage import Damaged, Dice, fresh


@dataclass(frozen=True, slots=True)
class Class:
    """A class of damage: how it is done, and as what it must be named; ``named`` where the entry's number must be."""

    damage: Callable[[Dice, Damaged], int]
    kinds: frozenset[K]
    named: bool = True


def _of(damage: Callable[[Dice, Damaged], int], *kinds: K, named: bool = True) -> Class:
    return Class(damage, frozenset(kinds), named)


def _at(damage: Callable[[Dice, Damaged, tuple[int, ...]], int], *among: int) -> Callable[[Dice, Damaged], int]:
    return lambda dice, it: damage(dice, it, among)


_SEALS: Final = (K.CHECKPOINT_ALTERED, K.UNKNOWN_KEY)
CLASSES: Final[dict[str, Class]] = {
    "entry: a bit": _of(ways.entry_byte, K.ALTERED),
    "entry: its leaf": _of(ways.leaf, K.ALTERED),
    "entry: a column": _of(ways.column, K.COPY_ALTERED),
    "entry: a subject": _of(ways.subject, K.COPY_ALTERED),
    "entry: a subject's row of no entry": _of(ways.stray, K.COPY_ALTERED),
    "entry: removed": _of(ways.removed, K.REMOVED),
    "entry: emptied, no pruning names it": _of(ways.emptied, K.REMOVED),
    "entry: two swapped": _of(ways.swapped, K.SWAPPED),
    "entry: replayed": _of(ways.replayed, K.ALTERED, K.REMOVED, K.SWAPPED),
    "entry: the end cut off": _of(ways.cut, K.TRUNCATED),
    "entry: rewritten with its leaf": _of(ways.rewritten, K.REWRITTEN),
    "opening: changed": _of(ways.opening, K.OPENING_ALTERED),
    "opening: removed": _of(ways.opening_removed, K.OPENING_MISSING),
    "opening: two swapped": _of(ways.openings_swapped, K.OPENING_ALTERED),
    "opening: replayed": _of(ways.opening_replayed, K.OPENING_UNKNOWN),
    "opening: erased, put back": _of(ways.erased_put_back, K.OPENING_RETURNED),
    "opening: removed as if it had expired": _of(gone.expired_more, K.OPENING_MISSING),
    "checkpoint: a bit of a note": _of(ways.note, *_SEALS, named=False),
    "checkpoint: a bit of the peaks": _of(ways.peaks, K.CHECKPOINT_ALTERED, named=False),
    "checkpoint: two notes swapped": _of(ways.notes_swapped, K.CHECKPOINT_ALTERED, named=False),
    "checkpoint: an older one replayed": _of(ways.note_replayed, K.CHECKPOINT_ALTERED, named=False),
    "checkpoint: the newest outside removed": _of(ways.notes_removed, K.ROLLED_BACK, named=False),
    "checkpoint: the newest inside removed": _of(ways.rows_of_notes_removed, K.CHECKPOINT_MISSING, named=False),
    "covering entry: a bit": _of(_at(ways.entry_byte, ways.ERASED, ways.EXPIRED, *ways.PRUNED), K.ALTERED),
    "covering entry: emptied": _of(_at(ways.emptied, ways.ERASED, ways.EXPIRED, *ways.PRUNED), K.REMOVED),
    "pruning: one entry more named": _of(gone.widened, K.REWRITTEN),
    "pruning: fewer named": _of(gone.narrowed, K.REWRITTEN),
    "pruning: the leaf of a pruned entry": _of(_at(ways.leaf, *ways.GONE), K.REWRITTEN),
    "pruning: another content put in": _of(gone.put_back, K.REWRITTEN, K.ALTERED),
    "pruning: a column or subject left": _of(gone.left_behind, K.COPY_ALTERED),
    "pruning: one added at the end, before its time": _of(gone.pruning_added, K.GONE_EARLY),
    "expiry: one added at the end, before its time": _of(gone.expiry_added, K.GONE_EARLY),
    "pruning: one added behind an entry with an old date": _of(gone.pruning_up_to_an_old_date, K.GONE_EARLY),
    "expiry: one added behind an entry with an old date": _of(gone.expiry_up_to_an_old_date, K.GONE_EARLY),
    "expiry: moved on": _of(gone.expiry_moved, K.REWRITTEN),
    "everything rewritten, signed by another key": _of(ways.all_anew, K.REWRITTEN, named=True),
}
CANNOT_BE_FOUND: Final = {
    "tail: rewritten before a checkpoint covers it": _of(ways.tail_rewritten),
    "pruning: one added at the end of what only another kind's time is over for": _of(gone.old_pruning_added),
}


def found(of: Class, dice: Dice) -> str:
    """Damage a log once and return what is wrong with the verdict; empty where it was found and named."""
    it = fresh()
    seq = of.damage(dice, it)
    report = it.verify()
    if not of.kinds:
        return "" if report.findings == () else f"found by whom? {report.findings}"
    told = [each for each in report.findings if each.kind in of.kinds]
    if report.exit_code != 20 or not told:
        return f"entry {seq} not found: {[each.sentence for each in report.findings]}"
    if of.named and not any(each.seq_from <= seq <= each.seq_to for each in told):
        return f"entry {seq} not named: {[each.sentence for each in told]}"
    return ""


def main() -> int:
    """Run as the docstring says."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=None)
    asked = parser.parse_args()
    seed = asked.seed if asked.seed is not None else random.randrange(2**32)  # noqa: S311 - a drill's dice
    dice, wrong = Dice(seed), 0
    assert fresh().verify().findings == ()
    sys.stdout.write(f"seed {seed}, {asked.times:,} of each class\n")
    for name, of in CLASSES.items():
        missed = [why for _ in range(asked.times) if (why := found(of, dice))]
        wrong += len(missed)
        sys.stdout.write(f"{asked.times - len(missed):>7,} found {len(missed):>5,} not  {name}\n")
        sys.stdout.writelines(f"        {why}\n" for why in missed[:3])
    for name, of in CANNOT_BE_FOUND.items():
        missed = [why for _ in range(asked.times) if (why := found(of, dice))]
        sys.stdout.write(f"{len(missed):>7,} found {asked.times - len(missed):>5,} not  {name} (nobody can)\n")
    return int(wrong > 0)


if __name__ == "__main__":
    raise SystemExit(main())
