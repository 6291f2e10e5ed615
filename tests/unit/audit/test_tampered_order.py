"""Entries removed, exchanged or renumbered: the verifier names the first one, once.

Each test tampers as somebody would who holds the database and not the key that signs the checkpoints.
"""

from __future__ import annotations

import pytest

from staffdesk.audit.report import FindingKind
from tests.unit.audit.judging import findings, only
from tests.unit.audit.sample_log import a_day_of_work

K = FindingKind


@pytest.mark.parametrize("seq", [1, 8, 9, 13, 23])
def test_one_entry_removed(seq: int) -> None:
    log = a_day_of_work()
    log.rows = [row for row in log.rows if row.seq != seq]
    assert only(log) == (K.REMOVED, seq, seq, f"Entry {seq} is missing.")


def test_entries_removed_in_two_places() -> None:
    log = a_day_of_work()
    log.rows = [row for row in log.rows if row.seq not in {3, 4, 5, 20}]
    assert [each.sentence for each in findings(log)] == ["Entries 3 to 5 are missing.", "Entry 20 is missing."]


@pytest.mark.parametrize("seq", [1, 17, 23])
def test_one_entry_removed_and_the_rows_renumbered(seq: int) -> None:
    log = a_day_of_work()
    log.rows = [row._replace(seq=row.seq - (row.seq > seq)) for row in log.rows if row.seq != seq]
    sentence = f"Entry {seq} is missing: entry {seq + 1} stands there, and the rows that follow are renumbered."
    assert only(log) == (K.REMOVED, seq, seq, sentence)


def test_an_entry_put_in_and_the_rows_renumbered() -> None:
    log = a_day_of_work()
    added = log.row(9)
    log.rows = [row._replace(seq=row.seq + (row.seq > 9)) for row in log.rows]
    log.rows.insert(9, added._replace(seq=10))
    log.head_seq = 25
    kind, first, _, sentence = only(log)
    assert (kind, first) == (K.ALTERED, 10)
    assert sentence.startswith("Something was put in before entry 10")


@pytest.mark.parametrize(("low", "high"), [(5, 6), (8, 9), (2, 23), (23, 24)])
def test_two_entries_swapped_with_everything_in_their_rows(low: int, high: int) -> None:
    log = a_day_of_work()
    one, two = log.row(low), log.row(high)
    log.rows[low - 1], log.rows[high - 1] = two._replace(seq=low), one._replace(seq=high)
    sentence = f"Entries {low} and {high} stand in each other's place."
    assert only(log) == (K.SWAPPED, low, high, sentence)


@pytest.mark.parametrize("columns", [("core",), ("core", "leaf"), ("core", "leaf", "copies")])
def test_two_entries_swapped_by_some_columns(columns: tuple[str, ...]) -> None:
    log = a_day_of_work()
    one, two = log.row(5), log.row(12)
    log.put(one._replace(**{name: getattr(two, name) for name in columns}))
    log.put(two._replace(**{name: getattr(one, name) for name in columns}))
    assert only(log)[:3] == (K.SWAPPED, 5, 12)


def test_three_entries_exchanged_in_a_ring() -> None:
    log = a_day_of_work()
    ring = {5: 6, 6: 7, 7: 5}
    log.rows = [log.row(ring.get(row.seq, row.seq))._replace(seq=row.seq) for row in log.rows]
    assert [each.sentence for each in findings(log)] == [
        "In the place of entry 5 stands entry 6.",
        "In the place of entry 6 stands entry 7.",
        "In the place of entry 7 stands entry 5.",
    ]


def test_two_lines_in_the_wrong_order() -> None:
    log = a_day_of_work()
    log.rows[4], log.rows[5] = log.rows[5], log.rows[4]
    sentence = "Entry 5 stands after entries that were written later: rows were put in another order."
    assert only(log) == (K.SWAPPED, 5, 5, sentence)


def test_an_entry_that_stands_twice() -> None:
    log = a_day_of_work()
    log.rows.insert(5, log.row(5))
    assert only(log) == (K.ALTERED, 5, 5, "Entry 5 stands in the log more than once.")


def test_a_row_number_changed_where_the_row_stands() -> None:
    log = a_day_of_work()
    log.rows[16] = log.rows[16]._replace(seq=99)
    assert only(log) == (K.ALTERED, 17, 17, "Entry 17 has the number 99 beside it, which is not its own.")


@pytest.mark.parametrize("seq", [-1, 0])
def test_a_row_number_below_the_first(seq: int) -> None:
    log = a_day_of_work()
    log.rows.insert(0, log.row(1)._replace(seq=seq, core=b""))
    assert [each.kind for each in findings(log)] == [K.ALTERED]
