"""What stands beside the entries and is hashed nowhere is compared too: the checkpoints' rows, the rows of subjects."""

from __future__ import annotations

import pytest

from staffdesk.audit.report import FindingKind
from staffdesk.audit.tree import Frontier
from tests.unit.audit.judging import findings, flipped, only
from tests.unit.audit.sample_log import SampleLog, a_day_of_work

K = FindingKind
MOVED = "The row for {} entries in the database holds the checkpoint over {}: the row was altered."
PEAKS = "The peaks stored with the checkpoint over 24 entries do not give its root: they were altered."


def test_a_checkpoint_under_another_size() -> None:
    log = a_day_of_work()
    log.inside[2] = log.inside[2]._replace(size=900_000_000)
    assert only(log) == (K.CHECKPOINT_ALTERED, 24, 24, MOVED.format(900_000_000, 24))


def test_an_older_note_in_the_newest_row() -> None:
    log = a_day_of_work()
    log.put_note(2, log.inside[0].note)
    assert only(log) == (K.CHECKPOINT_ALTERED, 8, 8, MOVED.format(24, 8))


@pytest.mark.parametrize("peaks", [b"", b"\0" * 8, Frontier().to_bytes(), b"\xff" * 8])
def test_peaks_of_another_tree(peaks: bytes) -> None:
    log = a_day_of_work()
    log.inside[2] = log.inside[2]._replace(frontier=peaks)
    assert only(log) == (K.CHECKPOINT_ALTERED, 24, 24, PEAKS)


def test_the_root_as_the_peak_of_another_size() -> None:
    log = a_day_of_work()
    root = Frontier.from_bytes(log.inside[2].frontier).root()
    log.inside[2] = log.inside[2]._replace(frontier=Frontier(32, [root]).to_bytes())
    assert only(log) == (K.CHECKPOINT_ALTERED, 24, 24, PEAKS)


def test_each_byte_of_the_peaks() -> None:
    peaks = a_day_of_work().inside[2].frontier
    for at in range(len(peaks)):
        log = a_day_of_work()
        log.inside[2] = log.inside[2]._replace(frontier=flipped(peaks, at))
        assert only(log) == (K.CHECKPOINT_ALTERED, 24, 24, PEAKS)


def test_another_size_and_other_peaks_are_two_faults() -> None:
    log = a_day_of_work()
    row = log.inside[2]
    log.inside[2] = row._replace(size=25, frontier=flipped(row.frontier, 8))
    assert [each.sentence for each in findings(log)] == [MOVED.format(25, 24), PEAKS]


@pytest.mark.parametrize(("left", "known"), [(1, "its newest is over 8 entries"), (0, "the database has none")])
def test_checkpoints_gone_inside_that_the_folder_outside_holds(left: int, known: str) -> None:
    log = a_day_of_work()
    del log.inside[left:]
    sentence = (
        f"The folder of checkpoints outside holds {3 - left} checkpoints that the database lost: {known}, the newest "
        "of these over 24. Rows were removed from the database."
    )
    assert only(log) == (K.CHECKPOINT_MISSING, 8 * (left + 1), 24, sentence)


def test_checkpoints_gone_with_the_end_of_the_log_are_told_as_cut_off() -> None:
    log = a_day_of_work()
    del log.rows[-9:], log.inside[1:]
    log.drop_openings((18, "term"), (21, "reason"), (22, "old.city"), (22, "new.city"))
    log.head_seq = 15
    assert only(log)[:3] == (K.TRUNCATED, 16, 24)


@pytest.mark.parametrize(
    ("strays", "told"),
    [
        ([0], [(0, 0, "A row of subjects stands under the number 0, but no entry has it.")]),
        ([25, 25], [(25, 25, "A row of subjects stands under the number 25, but no entry has it.")]),
        (
            [-7, 25, 26, 26, 27, 999],
            [
                (-7, -7, "A row of subjects stands under the number -7, but no entry has it."),
                (25, 27, "Rows of subjects stand under the numbers 25 to 27, but no entry has them."),
                (999, 999, "A row of subjects stands under the number 999, but no entry has it."),
            ],
        ),
    ],
)
def test_a_subject_that_no_entry_has(strays: list[int], told: list[tuple[int, int, str]]) -> None:
    log = a_day_of_work()
    log.stray_subjects = strays
    found = findings(log)
    assert {each.kind for each in found} == {K.COPY_ALTERED}
    assert [(each.seq_from, each.seq_to, each.sentence) for each in found] == told


def test_the_subjects_that_a_removed_entry_left_are_told_with_it() -> None:
    log = a_day_of_work()
    log.rows = [row for row in log.rows if row.seq not in {11, 12}]
    log.stray_subjects = [11, 11, 12]
    assert only(log)[:3] == (K.REMOVED, 11, 12)


def test_the_subjects_that_a_cut_left_are_told_with_it() -> None:
    log = a_day_of_work()
    del log.rows[-3:]
    log.stray_subjects = [22, 23]
    assert only(log)[:3] == (K.TRUNCATED, 22, 24)


def test_subjects_of_no_entry_without_end_fill_no_memory() -> None:
    log = SampleLog()
    log.append("customer.opened")
    log.stray_subjects = list(range(10, 100_000, 2))
    found = findings(log)
    assert len(found) == 101
    assert found[-1].sentence.startswith("900 more faults of the kind copy_altered")
