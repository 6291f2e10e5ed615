"""What went from a log was old enough: each pruning and expiry is held against what stands where it ends.

Seen to fail: with a pruning held against its own entry's time alone; with a date to come believed; with an expiry up to
an entry of a wrong clock held against nothing; with what stands before not counted; and with what stands behind at once
believed alone.
"""

from __future__ import annotations

import pytest

from staffdesk.audit.report import Finding, FindingKind
from tests.unit.audit.sample_log import DAY_MS, KEPT, START_MS, SampleLog

YEAR = 365


def _log(*days: int) -> SampleLog:
    """Return a log with a search on each of these days."""
    log = SampleLog()
    for day in days:
        _search(log, day)
    return log


def _search(log: SampleLog, day: int) -> int:
    log.passed = day * DAY_MS
    return log.append("customer.search", openings={"term": f"of day {day}"})


def _prune(log: SampleLog, day: int, first: int, last: int) -> None:
    log.passed = day * DAY_MS
    log.append("audit.pruned", kinds=("technical", f"{first}-{last}"), n=last)
    log.prune_only(*range(first, last + 1))


def _expire(log: SampleLog, day: int, reach: int, *gone: int) -> int:
    log.passed = day * DAY_MS
    log.drop_openings(*((seq, "term") for seq in gone))
    return log.append("audit.expired", kinds=("value",), n=reach)


def _found(log: SampleLog, today: int) -> list[Finding]:
    return list(log.verify(now_ms=START_MS + today * DAY_MS + DAY_MS // 2, kept=KEPT).findings)


def test_months_that_went_one_after_the_other_leave_a_sound_log() -> None:
    log = _log(0, 10, 29, 31, 40, 61, 62)
    _prune(log, 30 + YEAR, 1, 3)
    assert _found(log, 30 + YEAR) == []
    _prune(log, 61 + YEAR, 4, 5)
    assert _found(log, 61 + YEAR) == []
    _prune(log, 92 + 3 * YEAR, 1, 7)
    assert _found(log, 92 + 3 * YEAR) == []


def test_a_pruning_before_its_time_is_named_with_how_old_that_was_which_stands_behind() -> None:
    log = _log(0, 1, 100, 101)
    _prune(log, 101 + YEAR, 1, 2)
    _prune(log, 102 + YEAR, 3, 3)
    assert _found(log, 103 + YEAR) == []
    log = _log(0, 1, 100, 200)
    _prune(log, 101 + YEAR, 1, 3)
    sentence = (
        "Entries 1 to 3 went by the pruning in entry 5, when what stands behind was 266 days old: entries are kept "
        "longer."
    )
    assert _found(log, 103 + YEAR) == [
        Finding(kind=FindingKind.GONE_EARLY, seq_from=1, seq_to=3, sentence=sentence)
    ]  # fmt: skip


@pytest.mark.parametrize("dated", [900, -900])
def test_the_date_of_a_pruning_is_not_believed_behind_today_and_proves_nothing_before_what_it_took(dated: int) -> None:
    log = _log(0, 1, 2, 3)
    _prune(log, dated, 1, 3)
    assert [each.kind for each in _found(log, 4)] == [FindingKind.GONE_EARLY]


def test_what_was_let_go_a_second_time_is_held_against_the_later_entry() -> None:
    log = _log(0, 1, 400, 401)
    _prune(log, 20, 1, 2)
    assert [each.kind for each in _found(log, 20)] == [FindingKind.GONE_EARLY]
    _prune(log, 402 + YEAR, 1, 2)
    assert _found(log, 402 + YEAR) == []


@pytest.mark.parametrize(("day", "early"), [(89, True), (90, False)])
def test_terms_expire_no_sooner_than_their_days(day: int, early: bool) -> None:
    log = _log(0, 0, day)
    seq = _expire(log, day, 2, 1, 2)
    found = _found(log, day)
    assert bool(found) is early
    if early:
        sentence = (
            f"Entry {seq} lets openings of the kind value go up to entry 2, which was 89 days old then: they are kept "
            "longer."
        )
        assert found == [Finding(kind=FindingKind.GONE_EARLY, seq_from=2, seq_to=2, sentence=sentence)]


@pytest.mark.parametrize(("behind", "early"), [((60,), False), ((61,), True), ((), True)])
def test_an_entry_whose_clock_was_ahead_is_held_against_what_stands_behind_it(
    behind: tuple[int, ...],
    early: bool,
) -> None:
    log = _log(0, 500, *behind)
    _expire(log, 110, 2, 1, 2)
    kinds = [each.kind for each in _found(log, 110)]
    assert kinds == ([FindingKind.GONE_EARLY] if early else [])


def test_an_expiry_dated_behind_today_that_nothing_bears_out_is_named() -> None:
    """Seen to fail: with what was doubted to the log's end forgotten."""
    log = _log(0, 500)
    _expire(log, 900, 2, 1, 2)
    assert [each.kind for each in _found(log, 110)] == [FindingKind.GONE_EARLY]


@pytest.mark.parametrize("dated", [0, -900])
@pytest.mark.parametrize("kind", ["value", "reason"])
def test_an_entry_of_a_time_long_gone_that_is_put_behind_proves_nothing_of_what_stands_before_it(
    dated: int, kind: str
) -> None:
    """Whoever has the database adds an old date at the end, and lets go what stands before it."""
    log = _log(0, 1, 2, 3, 4)
    _search(log, dated - 2000)
    assert _found(log, 5) == []
    log.passed = (5 + dated) * DAY_MS
    seq = log.append("audit.expired", kinds=(kind,), n=6)
    sentence = (
        f"Entry {seq} lets openings of the kind {kind} go up to entry 6, but 4 entries up to there were too young by "
        "then: they are kept longer."
    )
    assert [each.sentence for each in _found(log, 5)] == [sentence]
    log = _log(0, 1, 2, 3, 4)
    _search(log, dated - 2000)
    _prune(log, 5 + dated, 3, 5)
    sentence = (
        "Entries 3 to 5 went by the pruning in entry 7, when 2 entries before them were too young to go: entries are "
        "kept longer."
    )
    assert [each.sentence for each in _found(log, 5)] == [sentence]


@pytest.mark.parametrize("ahead", [100, 400, 9_000])
def test_entries_whose_clock_was_ahead_are_set_off_by_those_behind_them(ahead: int) -> None:
    log = _log(0, 1, 1 + ahead, 2, 3, 4, 31, 32)
    _prune(log, 31 + YEAR, 4, 6)
    assert _found(log, 31 + YEAR) == []
    assert _found(log, 31 + 9 * YEAR) == []
    _prune(log, 31 + YEAR, 1, 2)
    assert _found(log, 31 + YEAR) == []
    for behind, many in ((60, 0), (200, 1)):
        log = _log(0, 1, 1 + ahead, 2 + ahead, 20, 31, behind)
        _prune(log, 31 + YEAR, 6, 6)
        assert len(_found(log, 31 + YEAR)) == many, "of two one is set off before what went, one behind"


def test_the_end_of_an_expiry_that_was_pruned_since_is_held_against_what_stands_before_it() -> None:
    log = _log(0, 1, 2, 3)
    _expire(log, 92, 3, 1, 2, 3)
    _prune(log, 3 + YEAR, 3, 3)
    assert _found(log, 4 + YEAR) == []
    log = _log(0, 60, 61, 62)
    _expire(log, 92, 3, 1, 2, 3)
    log.prune_only(3)
    _prune(log, 61 + YEAR, 3, 3)
    assert [each.sentence.partition(",")[0] for each in _found(log, 62 + YEAR)] == [
        "Entry 5 lets openings of the kind value go up to entry 3"
    ]
