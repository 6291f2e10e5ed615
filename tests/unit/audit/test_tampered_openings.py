"""Openings changed, moved, lost or put back, and entries pruned: only a later entry excuses what is absent.

Each test tampers as somebody would who holds the database and not the key that signs the checkpoints.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from staffdesk.audit.entry import leaf_hash
from staffdesk.audit.report import FindingKind
from staffdesk.audit.source import StoredEntry
from tests.unit.audit.judging import core_of, findings, only
from tests.unit.audit.sample_log import a_day_of_work, stored

K = FindingKind


@pytest.mark.parametrize(
    "change",
    [{"value": "called bacl"}, {"salt": bytes(32)}, {"salt": b""}, {"value": "two\nlines"}, {"kind": "value"}],
)
def test_an_opening_changed(change: dict[str, object]) -> None:
    log = a_day_of_work()
    log.stored_openings = [
        each._replace(**change) if (each.seq, each.field) == (13, "reason") else each  # type: ignore[arg-type]
        for each in log.stored_openings
    ]
    sentence = "The opening reason of entry 13 was altered: it does not give the commitment."
    assert only(log) == (K.OPENING_ALTERED, 13, 13, sentence)


def test_a_value_marked_as_a_reason_so_that_more_people_may_read_it() -> None:
    log = a_day_of_work()
    log.stored_openings = [each._replace(kind="reason") for each in log.stored_openings]
    found = findings(log)
    assert {each.kind for each in found} == {K.OPENING_ALTERED}
    assert [each.seq_from for each in found] == [2, 6, 6, 10, 14, 14, 18, 22, 22]


def test_an_opening_moved_to_another_entry() -> None:
    log = a_day_of_work()
    moved = next(each for each in log.stored_openings if each.seq == 2)
    log.drop_openings((2, "term"), (10, "term"))
    log.stored_openings.append(moved._replace(seq=10))
    assert [(each.kind, each.seq_from) for each in findings(log)] == [(K.OPENING_MISSING, 2), (K.OPENING_ALTERED, 10)]


def test_an_opening_missing() -> None:
    log = a_day_of_work()
    log.drop_openings((13, "reason"))
    sentence = "The opening reason of entry 13 is missing, and no later entry says why."
    assert only(log) == (K.OPENING_MISSING, 13, 13, sentence)


def test_an_opening_added_that_no_entry_committed_to() -> None:
    log = a_day_of_work()
    log.stored_openings.append(log.stored_openings[0]._replace(seq=12, field="note"))
    sentence = "An opening note stands under the number 12, but no entry holds a commitment to it."
    assert only(log) == (K.OPENING_UNKNOWN, 12, 12, sentence)


@pytest.mark.parametrize("seq", [0, 25])
def test_an_opening_added_outside_the_log(seq: int) -> None:
    log = a_day_of_work()
    log.stored_openings.append(log.stored_openings[0]._replace(seq=seq))
    assert only(log)[:3] == (K.OPENING_UNKNOWN, seq, seq)


def test_an_opening_added_to_a_log_whose_end_was_cut_off() -> None:
    log = a_day_of_work()
    log.stored_openings.append(log.stored_openings[0]._replace(seq=23))
    log.rows.pop()
    assert [each.kind for each in findings(log)] == [K.OPENING_UNKNOWN, K.TRUNCATED]


@pytest.mark.parametrize("subjects", [("s_2",), ()])
def test_an_erased_opening_put_back(subjects: tuple[str, ...]) -> None:
    log = a_day_of_work()
    log.append("audit.erased", obj=subjects, kinds=() if subjects else ("13:reason",))
    if subjects:
        log.drop_openings((14, "old.city"), (14, "new.city"))
    sentence = "The opening reason of entry 13 stands there, though a later entry erased it."
    assert only(log) == (K.OPENING_RETURNED, 13, 13, sentence)


@pytest.mark.parametrize("out", ["intent", "denied", "failed"])
def test_only_an_erasure_that_was_done_excuses_a_missing_opening(out: str) -> None:
    log = a_day_of_work()
    log.append("audit.erased", out=out, obj=("s_2",), kinds=("13:reason",))
    log.append("audit.expired", out=out, kinds=("reason",), n=24)
    log.drop_openings((13, "reason"))
    assert only(log)[:3] == (K.OPENING_MISSING, 13, 13)


def test_an_erasure_excuses_nothing_that_comes_after_it() -> None:
    log = a_day_of_work()
    log.append("audit.erased", obj=("s_8",), kinds=("26:reason", "25:reason"))
    log.append("customer.opened", obj=("s_8",), openings={"reason": "asked"})
    log.drop_openings((26, "reason"))
    assert only(log)[:3] == (K.OPENING_MISSING, 26, 26)


def test_an_expiry_excuses_only_its_kinds_up_to_its_number() -> None:
    log = a_day_of_work()
    log.append("audit.expired", kinds=("value",), n=9)
    log.drop_openings((5, "reason"), (2, "term"), (10, "term"))
    assert [(each.kind, each.seq_from) for each in findings(log)] == [(K.OPENING_MISSING, 5), (K.OPENING_MISSING, 10)]


def test_an_expiry_reaches_no_further_than_itself() -> None:
    log = a_day_of_work()
    log.append("audit.expired", kinds=("value",), n=2**40)
    log.append("customer.search", openings={"term": "late"})
    log.drop_openings((26, "term"))
    assert only(log)[:3] == (K.OPENING_MISSING, 26, 26)


def test_an_erasure_forged_without_the_key_is_found_by_the_next_checkpoint() -> None:
    log = a_day_of_work()
    log.drop_openings((13, "reason"))
    log.put(stored(replace(core_of(log, 20), act="audit.erased", kinds=("13:reason",), obj=())))
    assert only(log)[:3] == (K.REWRITTEN, 17, 24)


def test_an_altered_erasure_excuses_nothing() -> None:
    log = a_day_of_work()
    log.append("audit.erased", kinds=("13:reason",))
    log.drop_openings((13, "reason"))
    core = log.row(25).core
    assert core is not None
    log.put(log.row(25)._replace(core=core.replace(b"u_anna", b"u_bob_")))
    assert [(each.kind, each.seq_from) for each in findings(log)] == [(K.OPENING_MISSING, 13), (K.ALTERED, 25)]


def test_an_erasure_that_is_not_in_the_format_excuses_nothing() -> None:
    log = a_day_of_work()
    log.append("audit.erased", kinds=("13:reason",))
    log.drop_openings((13, "reason"))
    core = log.row(25).core
    assert core is not None
    newer = core.replace(b'"v":1', b'"v":2')
    log.put(log.row(25)._replace(core=newer, leaf=leaf_hash(newer)))
    assert [(each.kind, each.seq_from) for each in findings(log)] == [(K.OPENING_MISSING, 13), (K.ALTERED, 25)]


def test_a_pruned_entry_that_no_later_entry_speaks_of() -> None:
    log = a_day_of_work()
    log.put(StoredEntry(7, None, log.row(7).leaf, (), ()))
    sentence = "Entry 7 has lost its content, and no later entry says that it was pruned."
    assert only(log) == (K.REMOVED, 7, 7, sentence)


@pytest.mark.parametrize(("out", "n"), [("ok", 8), ("intent", 12)])
def test_pruning_reaches_only_to_its_number_and_only_when_it_was_done(out: str, n: int) -> None:
    log = a_day_of_work()
    log.append("audit.pruned", n=8)
    log.append("audit.pruned", out=out, n=n)
    log.prune(9)
    assert only(log)[:3] == (K.REMOVED, 9, 9)


@pytest.mark.parametrize(
    ("kinds", "lost"),
    [(("technical", "2-4", "7"), 5), (("2-4", "6-9"), 5), (("all", "4-2", "05", "5-", "-5", "1-x"), 5)],
)
def test_a_pruning_covers_the_numbers_it_names_and_no_others(kinds: tuple[str, ...], lost: int) -> None:
    log = a_day_of_work()
    log.append("audit.pruned", kinds=kinds, n=8)
    log.prune_only(lost)
    assert only(log)[:3] == (K.REMOVED, lost, lost)


def test_prunings_together_cover_what_each_names() -> None:
    log = a_day_of_work()
    log.append("audit.pruned", kinds=("1-3", "9"), n=9)
    log.append("audit.pruned", kinds=("4-7",), n=7)
    log.append("audit.pruned", kinds=("done",), n=24)
    log.prune_only(*range(1, 8), 9)
    assert log.verify().findings == ()


def test_the_leaf_of_a_pruned_entry_changed() -> None:
    log = a_day_of_work()
    log.append("audit.pruned", n=8)
    log.prune(8)
    log.put(log.row(3)._replace(leaf=bytes(32)))
    assert only(log)[:3] == (K.REWRITTEN, 1, 8)


@pytest.mark.parametrize("left", [{"copies": {"act": "denied", "actor": None}}, {"obj": ("s_1",)}])
def test_copies_that_a_pruned_entry_left_behind(left: dict[str, object]) -> None:
    log = a_day_of_work()
    log.append("audit.pruned", n=8)
    log.prune(8)
    log.put(log.row(3)._replace(**left))  # type: ignore[arg-type]
    assert only(log) == (K.COPY_ALTERED, 3, 3, "Entry 3 was pruned, but indexed copies of it still stand.")


def test_an_opening_that_a_pruned_entry_left_behind() -> None:
    log = a_day_of_work()
    kept = [each for each in log.stored_openings if each.seq == 2]
    log.append("audit.pruned", n=8)
    log.prune(8)
    log.stored_openings += kept
    assert only(log)[:3] == (K.OPENING_UNKNOWN, 2, 2)
