"""An entry, its leaf hash or its copies changed: the verifier names the entry and what was changed.

Each test tampers as somebody would who holds the database and not the key that signs the checkpoints.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffdesk.audit.entry import leaf_hash
from staffdesk.audit.report import FindingKind
from tests.unit.audit.judging import core_of, findings, flipped, only
from tests.unit.audit.sample_log import a_day_of_work, recopied, stored

K = FindingKind


@given(st.integers(1, 24), st.data())
def test_one_byte_of_an_entry_changed(seq: int, data: st.DataObject) -> None:
    log = a_day_of_work()
    core = log.row(seq).core
    assert core is not None
    log.put(log.row(seq)._replace(core=flipped(core, data.draw(st.integers(0, len(core) - 1)))))
    sentence = f"Entry {seq} was altered: its bytes do not give its leaf hash."
    assert only(log) == (K.ALTERED, seq, seq, sentence)


@given(st.integers(1, 24), st.integers(0, 31))
def test_one_byte_of_a_leaf_hash_changed(seq: int, at: int) -> None:
    log = a_day_of_work()
    log.put(log.row(seq)._replace(leaf=flipped(log.row(seq).leaf, at)))
    assert only(log)[:3] == (K.ALTERED, seq, seq)


@pytest.mark.parametrize("leaf", [b"", bytes(31), bytes(33)])
def test_a_leaf_hash_of_another_length(leaf: bytes) -> None:
    log = a_day_of_work()
    log.put(log.row(11)._replace(leaf=leaf))
    assert only(log)[:3] == (K.ALTERED, 11, 11)


@pytest.mark.parametrize("name", ["t", "act", "out", "actor", "purpose", "ref", "standing", "level"])
@pytest.mark.parametrize("value", [7, "x", None])
def test_an_indexed_copy_changed(name: str, value: str | int | None) -> None:
    log = a_day_of_work()
    log.put(recopied(log.row(12), name, value))
    sentence = f"The indexed copy of {name} is not what entry 12 says."
    assert only(log) == (K.COPY_ALTERED, 12, 12, sentence)


@pytest.mark.parametrize("subjects", [(), ("s_2",), ("s_2", "s_2x", "s_3"), ("s_2", "s_3")])
def test_a_row_of_the_subjects_removed_added_or_changed(subjects: tuple[str, ...]) -> None:
    log = a_day_of_work()
    log.put(log.row(11)._replace(obj=subjects))
    assert only(log) == (K.COPY_ALTERED, 11, 11, "The indexed copy of obj is not what entry 11 says.")


def test_an_entry_of_another_log_put_in() -> None:
    log = a_day_of_work()
    log.put(stored(replace(core_of(log, 20), log="desk.example/audit/other")))
    found = findings(log)
    assert [(each.kind, each.seq_from, each.seq_to) for each in found] == [(K.REWRITTEN, 17, 24), (K.ALTERED, 20, 20)]
    assert found[1].sentence == "Entry 20 belongs to another log."


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b'"v":1', b'"v":2'),
        (b'"v":1', b'"v":1,"w":1'),
        (b'"n":1,', b'"n":1.0,'),
        (b'"n":1,', b'"n":1,"n":1,'),
        (b'{"act"', b'{ "act"'),
        (b'"rel":[],', b""),
        (b'"ref":"c_17"', b'"ref":"e\xcc\x81"'),
        (b'"ref":"c_17"', b'"ref":"\xff"'),
    ],
)
def test_bytes_that_are_not_in_the_format_though_their_leaf_is_right(before: bytes, after: bytes) -> None:
    log = a_day_of_work()
    core = log.row(12).core
    assert core is not None
    assert before in core
    changed = core.replace(before, after)
    log.put(log.row(12)._replace(core=changed, leaf=leaf_hash(changed)))
    told = {each.kind: each for each in findings(log)}
    assert set(told) == {K.ALTERED, K.REWRITTEN}
    assert told[K.ALTERED].sentence.startswith("Entry 12 is not in the format of the log.")
