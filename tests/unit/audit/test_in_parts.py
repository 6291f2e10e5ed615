"""A log that is looked at part by part is judged as one that is looked at as a whole, whatever was done to it.

Seen to fail: with the number due in a part counted from one, with entries taken as ordinary that stand behind their
place, and with a checkpoint taken as sound whose row, peaks or log are not its own.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from staffdesk.audit import export
from staffdesk.audit.checkpoint import Checkpoint, sign, verifier_key
from staffdesk.audit.export import JsonlSource
from staffdesk.audit.report import Report
from staffdesk.audit.screen import Screen, Screened
from staffdesk.audit.seals import SealScreen, Sound
from staffdesk.audit.source import LogSource, StoredCheckpoint
from staffdesk.audit.tree import Frontier
from staffdesk.audit.verifier import verify
from tests.drills.log_damage import CLASSES
from tests.drills.ways_of_damage import Damaged, Dice, fresh
from tests.unit.audit.sample_log import DAY_MS, ORIGIN, SEED, START_MS, SampleLog

TIMES = 4


class InParts(SampleLog):
    """A log whose rows are looked at up to one number after another, as a database's are."""

    ends: tuple[int, ...] = ()

    def looked_at(self, screen: Screen) -> Iterator[Screened]:
        first = -99
        for end in (*self.ends, 999):
            part = SampleLog()
            part.rows = [row for row in self.rows if first <= row.seq < end]
            part.stored_openings = [each for each in self.stored_openings if first <= each.seq < end]
            part.stray_subjects = [number for number in self.stray_subjects if first <= number < end]
            yield from screen.look(part, max(1, first))
            first = end

    def seals_looked_at(self, screen: SealScreen) -> Iterator[Sound | StoredCheckpoint]:
        for row in self.checkpoints():
            yield from screen.look([row])


class InSpans(JsonlSource):
    """An export that is looked at some bytes at a time."""

    size = 0

    def looked_at(self, screen: Screen) -> Iterator[Screened]:
        for span in self.spans(self.size):
            yield from screen.look(JsonlSource(self.path, span), span.seq)


@pytest.mark.parametrize("name", CLASSES)
def test_rows_in_parts_give_the_report_of_the_whole(name: str) -> None:
    dice = random.Random(name)  # noqa: S311 - where it is parted
    for _ in range(TIMES):
        it = fresh()
        CLASSES[dice.choice(["entry: a column", "opening: changed", "entry: a subject"])].damage(dice, it)
        CLASSES[name].damage(dice, it)
        it.log.rows.sort(key=lambda row: row.seq)
        whole = it.verify()
        it.log.__class__ = InParts
        for ends in ((17,), tuple(sorted(dice.sample(range(1, 50), 5)))):
            it.log.ends = ends  # type: ignore[attr-defined] # it is one now
            assert it.verify() == whole, ends


def test_a_checkpoint_that_is_not_the_rows_own_is_judged_as_in_the_whole() -> None:
    for change in (_row_moved, _of_another_log, _peaks_of_another_size):
        it = fresh()
        change(it.log)
        whole = it.verify()
        assert whole.findings
        it.log.__class__ = InParts
        assert it.verify() == whole


def _row_moved(log: SampleLog) -> None:
    log.inside[0] = log.inside[0]._replace(size=log.inside[0].size + 1)


def _of_another_log(log: SampleLog) -> None:
    size = log.inside[1].size
    root = Frontier.from_bytes(log.inside[1].frontier).root()
    log.put_note(1, sign(Checkpoint(origin="another", size=size, root=root), ORIGIN, SEED))


def _peaks_of_another_size(log: SampleLog) -> None:
    log.inside[0] = log.inside[0]._replace(frontier=log.inside[1].frontier)


def _line_lost(dice: Dice, lines: list[str]) -> None:
    del lines[dice.randrange(1, len(lines))]


def _line_moved(dice: Dice, lines: list[str]) -> None:
    line = lines.pop(dice.randrange(1, len(lines)))
    lines.insert(dice.randrange(1, len(lines)), line)


def _line_twice(dice: Dice, lines: list[str]) -> None:
    lines.insert(dice.randrange(1, len(lines)), lines[dice.randrange(1, len(lines))])


def _number_changed(dice: Dice, lines: list[str]) -> None:
    at = dice.randrange(1, len(lines))
    lines[at] = lines[at].replace('{"seq":', dice.choice(['{"seq":1', '{"seq":-', '{"seq":"']), 1)


def _letter_changed(dice: Dice, lines: list[str]) -> None:
    at = dice.randrange(1, len(lines))
    where = dice.randrange(len(lines[at]) - 1)
    lines[at] = lines[at][:where] + "7" + lines[at][where + 1 :]


def _blank_put_in(dice: Dice, lines: list[str]) -> None:
    lines.insert(dice.randrange(1, len(lines)), "\n")


WAYS: tuple[Callable[[Dice, list[str]], None], ...] = (
    _line_lost, _line_moved, _line_twice, _number_changed, _letter_changed, _blank_put_in,
)  # fmt: skip


def test_an_export_in_spans_gives_the_report_of_the_whole(tmp_path: Path) -> None:
    dice = random.Random(20261127)  # noqa: S311 - where it is parted
    it, path = fresh(), tmp_path / "log.jsonl"
    lines = list(export.lines(it.log, ORIGIN))
    for _ in range(60):
        damaged = lines.copy()
        for way in dice.choices(WAYS, k=dice.randrange(3)):
            way(dice, damaged)
        path.write_text("".join(damaged), encoding="ascii")
        whole = _verdict(it, lambda: JsonlSource(path))
        InSpans.size = dice.choice([1, 700, 5_000])
        assert _verdict(it, lambda: InSpans(path)) == whole


def _verdict(it: Damaged, opened: Callable[[], LogSource]) -> Report | str:
    try:
        return verify(
            opened(),
            origin=ORIGIN,
            vkeys=[verifier_key(ORIGIN, SEED)],
            outside=None,
            elsewhere=it.elsewhere,
            now_ms=START_MS,
            tail_limit_ms=DAY_MS,
        )
    except export.ExportError as error:
        return str(error)
