"""Entries cut off, histories rewritten, checkpoints changed or put back: found by who keeps a checkpoint elsewhere.

Each test tampers as somebody would who holds the database and not the key that signs the checkpoints.
"""

from __future__ import annotations

import pytest

from staffdesk.audit.checkpoint import Checkpoint, sign, verifier_key
from staffdesk.audit.report import FindingKind
from staffdesk.audit.verifier import verify
from tests.unit.audit.judging import findings, only
from tests.unit.audit.sample_log import DAY_MS, ORIGIN, SEED, a_day_of_work

K = FindingKind


def test_the_last_three_entries_cut() -> None:
    log = a_day_of_work()
    del log.rows[-3:]
    sentence = "The log ends at entry 21, but the head row has given the number 24: entries 22 to 24 were cut off."
    assert only(log) == (K.TRUNCATED, 22, 24, sentence)


def test_the_last_three_entries_cut_and_the_head_set_back() -> None:
    log = a_day_of_work()
    del log.rows[-3:]
    log.head_seq = 21
    sentence = "The log ends at entry 21, but a checkpoint in the database covers 24: entries 22 to 24 were cut off."
    assert only(log) == (K.TRUNCATED, 22, 24, sentence)


def test_entries_cut_that_no_checkpoint_covered_yet() -> None:
    log = a_day_of_work()
    log.append("customer.opened")
    log.append("customer.opened")
    log.rows.pop()
    sentence = "The log ends at entry 25, but the head row has given the number 26: entry 26 was cut off."
    assert only(log) == (K.TRUNCATED, 26, 26, sentence)


def test_the_last_entry_cut_with_its_checkpoint_inside_and_the_head_set_back() -> None:
    log = a_day_of_work()
    log.rows.pop()
    log.inside.pop()
    log.head_seq = 23
    sentence = (
        "The log ends at entry 23, but a checkpoint kept outside covers 24: entry 24 was cut off, "
        "or an older copy of the database was put back."
    )
    assert only(log) == (K.TRUNCATED, 24, 24, sentence)


def test_everything_cut() -> None:
    log = a_day_of_work()
    log.rows, log.stored_openings = [], []
    sentence = "The log is empty, but the head row has given the number 24: entries 1 to 24 were cut off."
    assert only(log) == (K.TRUNCATED, 1, 24, sentence)


def test_a_head_set_back_alone() -> None:
    log = a_day_of_work()
    log.head_seq = 20
    sentence = "The head row has given the number 20, but the log ends at entry 24: the head was altered."
    assert only(log) == (K.ALTERED, 21, 24, sentence)


def test_an_older_folder_of_checkpoints_put_back() -> None:
    log = a_day_of_work()
    log.outside.pop()
    sentence = (
        "The folder of checkpoints outside ends at 16 entries, while the database has one over 24 entries: "
        "an older folder was put back, or its newest checkpoints were taken away."
    )
    assert only(log) == (K.ROLLED_BACK, 17, 24, sentence)


def test_the_folder_of_checkpoints_emptied() -> None:
    log = a_day_of_work()
    log.outside = []
    kind, first, last, sentence = only(log)
    assert (kind, first, last) == (K.ROLLED_BACK, 1, 24)
    assert "outside holds none" in sentence


def test_a_log_continued_differently_after_an_older_copy_was_put_back() -> None:
    log = a_day_of_work()
    del log.rows[20:], log.inside[2:]
    log.drop_openings((21, "reason"), (22, "old.city"), (22, "new.city"))
    log.head_seq = 20
    for _ in range(10):
        log.append("customer.opened", obj=("s_9",))
    assert only(log)[:3] == (K.REWRITTEN, 17, 24)


def test_an_entry_rewritten_consistently_is_named_by_the_range_between_two_checkpoints() -> None:
    log = a_day_of_work()
    log.rewrite(13, actor="u_bob")
    sentence = (
        "Entries 9 to 16 do not give the root of the checkpoint over 16 entries: something in this range was rewritten "
        "together with its leaf hash. Later checkpoints prove nothing more."
    )
    assert only(log) == (K.REWRITTEN, 9, 16, sentence)


def test_an_entry_rewritten_before_the_first_checkpoint() -> None:
    log = a_day_of_work()
    log.rewrite(1, actor="u_bob")
    assert only(log)[:3] == (K.REWRITTEN, 1, 8)


def test_a_folder_outside_is_enough_to_find_a_rewritten_log() -> None:
    log = a_day_of_work()
    log.rewrite(13, actor="u_bob")
    log.inside = []
    assert [each.kind for each in findings(log)] == [K.CHECKPOINT_MISSING, K.REWRITTEN]
    del log.outside[0], log.outside[1:]
    assert only(log)[:3] == (K.REWRITTEN, 1, 16)


def test_a_checkpoint_carried_away_finds_what_every_trace_at_home_was_removed_of() -> None:
    log = a_day_of_work()
    carried = (log.inside[1].note,)
    del log.rows[-9:], log.inside[1:], log.outside[1:]
    log.drop_openings((18, "term"), (21, "reason"), (22, "old.city"), (22, "new.city"))
    log.head_seq = 15
    (cut,) = log.verify(elsewhere=carried).findings
    assert cut.sentence.startswith("The log ends at entry 15, but a checkpoint kept elsewhere covers 16: entry 16 was")

    log = a_day_of_work()
    log.rewrite(13, actor="u_bob")
    log.inside, log.outside = [log.signed_row()], [log.signed()]
    (rewritten,) = log.verify(elsewhere=carried).findings
    assert (rewritten.kind, rewritten.seq_from, rewritten.seq_to) == (K.REWRITTEN, 1, 16)


def test_nothing_is_covered_from_the_rewritten_range_on() -> None:
    log = a_day_of_work()
    log.rewrite(13, actor="u_bob")
    report = log.verify()
    assert report.newest_checkpoint is not None
    assert (report.newest_checkpoint.size, report.uncovered) == (8, 16)


def test_two_histories_signed_for_one_size() -> None:
    log, other = a_day_of_work(), a_day_of_work()
    other.rewrite(13, actor="u_bob")
    log.outside.append(other.signed())
    sentence = "Two signed checkpoints over 24 entries name different roots: the log was forked."
    assert only(log) == (K.FORKED, 24, 24, sentence)


def test_a_signed_checkpoint_over_no_entries_with_a_root() -> None:
    log = a_day_of_work()
    log.outside.append(log.signed(size=0, root=bytes(32)))
    assert findings(log)[0].kind is K.REWRITTEN


def test_a_checkpoint_signed_by_another_key() -> None:
    log = a_day_of_work()
    log.outside[1] = log.signed(size=16, seed=bytes(32))
    log.put_note(1, log.outside[1])
    assert [(each.kind, each.sentence) for each in findings(log)] == [
        (K.UNKNOWN_KEY, "The checkpoint in the database that names 16 entries is signed by no known key."),
        (K.UNKNOWN_KEY, "The checkpoint kept outside that names 16 entries is signed by no known key."),
    ]


def test_a_key_that_signed_nothing_is_said_once() -> None:
    log = a_day_of_work()
    other = verifier_key(ORIGIN, bytes(32))
    report = verify(log, origin=ORIGIN, vkeys=[other], outside=log.outside, now_ms=0, tail_limit_ms=DAY_MS)
    assert [each.sentence for each in report.findings] == [
        "None of the 6 checkpoints is signed by this key: it is another desk's."
    ]
    assert report.exit_code == 20


def test_a_checkpoint_of_another_log_signed_with_the_same_key() -> None:
    log = a_day_of_work()
    log.outside[0] = sign(Checkpoint(origin="desk.example/audit/other", size=8, root=bytes(32)), ORIGIN, SEED)
    sentence = "The checkpoint kept outside that names 8 entries belongs to another log."
    assert only(log) == (K.CHECKPOINT_ALTERED, 8, 8, sentence)


@pytest.mark.parametrize("place", ["inside", "outside"])
def test_one_character_of_a_checkpoint_changed(place: str) -> None:
    where = "in the database" if place == "inside" else "kept outside"
    note = a_day_of_work().outside[1]
    for at in range(len(note)):
        log = a_day_of_work()
        changed = note[:at] + chr(ord(note[at]) ^ 1) + note[at + 1 :]
        if place == "inside":
            log.put_note(1, changed)
        else:
            log.outside[1] = changed
        kind, _, _, sentence = only(log)
        assert kind in {K.CHECKPOINT_ALTERED, K.UNKNOWN_KEY}
        assert sentence.startswith((f"The checkpoint {where} that names ", f"Checkpoint number 2 {where} was altered."))


def test_the_newest_checkpoint_outside_changed_is_not_called_an_older_folder() -> None:
    log = a_day_of_work()
    log.outside[-1] = log.outside[-1].replace("\n24\n", "\n25\n")
    assert only(log)[:3] == (K.CHECKPOINT_ALTERED, 25, 25)


def test_a_root_changed_in_a_checkpoint() -> None:
    log = a_day_of_work()
    log.outside[1] = log.outside[1].replace(log.outside[1].split("\n")[2], log.outside[0].split("\n")[2])
    sentence = (
        "The checkpoint kept outside that names 16 entries was altered. "
        "The signature does not belong to the checkpoint's text."
    )
    assert only(log) == (K.CHECKPOINT_ALTERED, 16, 16, sentence)
