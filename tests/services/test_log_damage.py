"""Whatever is damaged in a log is found and named as what it is; a folder elsewhere takes only what is whole.

``python -m tests.drills.log_damage`` does the same some thousand times. Seen to fail: with a pruning taken for one of
everything up to its number; with the leaf of a pruned entry left out of the tree; and with a note received unproved.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from staffdesk.audit.checkpoint import sign, verifier_key, verify
from staffdesk.audit.proof import Growth
from staffdesk.audit.tree import RangeRoots, consistency_ranges
from staffdesk.domain.errors import NotSound
from staffdesk.services.receiving import receive
from tests.drills.log_damage import CANNOT_BE_FOUND, CLASSES, found
from tests.drills.ways_of_damage import ANOTHER_KEY, flipped, whole_log
from tests.unit.audit.sample_log import ORIGIN, SampleLog
from tests.unit.audit.sample_log import SEED as KEY_SEED

TIMES = 12
SEED = 20261127


@pytest.mark.parametrize("name", CLASSES)
def test_damage_is_found_and_named(name: str) -> None:
    dice = random.Random(f"{SEED} {name}")  # noqa: S311 - which byte is changed
    assert [why for _ in range(TIMES) if (why := found(CLASSES[name], dice))] == []


@pytest.mark.parametrize("name", CANNOT_BE_FOUND)
def test_the_whole_log_is_sound_and_what_nobody_can_find_is_known(name: str) -> None:
    assert whole_log().verify().findings == ()
    assert found(CANNOT_BE_FOUND[name], random.Random(SEED)) == ""  # noqa: S311 - as above


def test_a_folder_elsewhere_takes_no_note_that_was_damaged_replayed_or_signed_by_another(tmp_path: Path) -> None:
    log, folder = whole_log(), tmp_path / "notes"
    vkeys = (_vkey(),)
    dice = random.Random(SEED)  # noqa: S311 - as above
    older, newer, newest = log.outside[-3:]
    receive(folder, older, vkeys)
    receive(folder, _growth(log, older, newer).to_text(), vkeys)
    kept = {each.name: each.read_bytes() for each in folder.iterdir()}
    grown = _growth(log, newer, newest).to_text()
    forged = sign(verify(newest, vkeys), ORIGIN, ANOTHER_KEY)
    bad = [older, forged, "", newest[:-10], _growth(log, older, newest).to_text(), grown.replace(newest, forged)]
    bad += [flipped(dice, text.encode()).decode("utf-8", "replace") for text in (newest, grown) for _ in range(60)]
    for text in bad:
        with pytest.raises(NotSound):
            receive(folder, text, vkeys)
    assert {each.name: each.read_bytes() for each in folder.iterdir()} == kept
    assert receive(folder, grown, vkeys)[1]


def _vkey() -> str:
    return verifier_key(ORIGIN, KEY_SEED)


def _growth(log: SampleLog, older: str, newer: str) -> Growth:
    old, new = (verify(note, (_vkey(),)).size for note in (older, newer))
    wanted = RangeRoots(consistency_ranges(old, new))
    for index, row in enumerate(log.rows[:new]):
        wanted.take(index, row.leaf)
    return Growth(old=old, path=wanted.roots(), note=newer)
