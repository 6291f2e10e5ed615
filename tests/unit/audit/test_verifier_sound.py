"""A log that nobody tampered with is found sound, also after erasures, expiry and pruning."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffdesk.audit.checkpoint import CheckpointError, parse
from staffdesk.audit.report import Report
from staffdesk.audit.source import StoredEntry
from staffdesk.audit.verifier import verify
from tests.unit.audit.sample_log import DAY_MS, ORIGIN, START_MS, SampleLog, a_day_of_work, recopied


class IndexedLog(SampleLog):
    """A log that finds entries by act through its copies, as a database does."""

    def __init__(self, log: SampleLog) -> None:
        super().__init__()
        self.__dict__.update(log.__dict__)
        self.readings = 0

    def entries(self, stray: Callable[[int], None] | None = None) -> Iterator[StoredEntry]:
        self.readings += 1
        return super().entries(stray)

    def by_act(self, acts: Collection[str]) -> Iterator[StoredEntry]:
        return (row for row in self.rows if not set(row.copies[1:2]).isdisjoint(acts))


def assert_sound(report: Report) -> None:
    assert report.findings == ()
    assert report.exit_code == 0


def test_a_day_of_work_is_sound_and_wholly_covered() -> None:
    log = a_day_of_work()
    report = log.verify(now_ms=START_MS + 10 * DAY_MS)
    assert_sound(report)
    assert (report.entries, report.uncovered, report.uncovered_age_ms) == (24, 0, None)
    assert report.newest_checkpoint == parse(log.inside[-1].note)[0]
    assert (report.erased_openings, report.pruned) == (0, 0)


def test_an_empty_log_is_sound() -> None:
    log = SampleLog()
    log.seal()
    report = log.verify()
    assert_sound(report)
    assert report.newest_checkpoint is not None
    assert (report.entries, report.newest_checkpoint.size, report.uncovered) == (0, 0, 0)


@given(st.lists(st.sampled_from(["append", "opening", "seal"]), max_size=40))
def test_any_mixture_of_entries_openings_and_checkpoints_is_sound(steps: list[str]) -> None:
    log = SampleLog()
    for step in steps:
        if step == "seal":
            log.seal()
        else:
            log.append("customer.opened", obj=("s_1",), openings={"reason": "asked"} if step == "opening" else None)
    assert_sound(log.verify())


def test_a_young_tail_is_reported_and_sound() -> None:
    log = a_day_of_work()
    log.append("customer.opened", obj=("s_1",))
    log.append("customer.opened", obj=("s_2",))
    report = log.verify(now_ms=START_MS + 25_000 + DAY_MS)
    assert_sound(report)
    assert (report.uncovered, report.uncovered_age_ms) == (2, DAY_MS)


def test_a_tail_older_than_the_limit_ends_with_10() -> None:
    log = a_day_of_work()
    log.append("customer.opened", obj=("s_1",))
    report = log.verify(now_ms=START_MS + 25_000 + DAY_MS + 1)
    assert report.findings == ()
    assert report.exit_code == 10


def test_the_age_of_the_tail_is_that_of_its_oldest_entry_and_never_negative() -> None:
    log = SampleLog()
    log.append("customer.opened")
    log.append("customer.opened")
    assert log.verify(now_ms=START_MS + 5000).uncovered_age_ms == 4000
    assert log.verify(now_ms=0).uncovered_age_ms == 0


def test_without_any_checkpoint_everything_is_uncovered() -> None:
    log = a_day_of_work()
    log.inside, log.outside = [], []
    report = log.verify(now_ms=START_MS + 2 * DAY_MS)
    assert (report.newest_checkpoint, report.uncovered, report.exit_code) == (None, 24, 10)


def test_a_folder_outside_that_is_one_checkpoint_ahead_of_the_database_is_sound() -> None:
    log = a_day_of_work()
    log.inside.pop()
    assert_sound(log.verify())


def test_a_folder_outside_that_lacks_an_old_checkpoint_is_sound() -> None:
    log = a_day_of_work()
    del log.outside[0]
    assert_sound(log.verify())


def test_without_a_folder_outside_the_checkpoints_of_the_database_are_used() -> None:
    report = a_day_of_work().verify(with_outside=False)
    assert_sound(report)
    assert report.uncovered == 0


def test_a_checkpoint_carried_away_long_ago_is_still_contained() -> None:
    log = a_day_of_work()
    assert_sound(log.verify(elsewhere=[log.inside[0].note]))


def test_subjects_may_be_stored_in_any_order() -> None:
    log = a_day_of_work()
    log.put(log.row(3)._replace(obj=tuple(reversed(log.row(3).obj))))
    assert_sound(log.verify())


def test_an_erasure_of_a_person_leaves_the_log_sound() -> None:
    log = a_day_of_work()
    log.append("audit.erased", obj=("s_2",), kinds=("10:term",))
    log.drop_openings((13, "reason"), (14, "old.city"), (14, "new.city"), (10, "term"))
    log.seal()
    report = log.verify()
    assert_sound(report)
    assert report.erased_openings == 4


def test_expired_search_terms_leave_the_log_sound_and_reasons_in_place() -> None:
    log = a_day_of_work()
    log.append("audit.expired", kinds=("value",), n=16)
    log.drop_openings((2, "term"), (6, "old.city"), (6, "new.city"), (10, "term"), (14, "old.city"), (14, "new.city"))
    report = log.verify()
    assert_sound(report)
    assert report.erased_openings == 6


def test_what_expired_may_also_stay() -> None:
    log = a_day_of_work()
    log.append("audit.expired", kinds=("value", "reason"), n=24)
    log.drop_openings((2, "term"))
    assert_sound(log.verify())


def test_pruned_entries_still_verify_against_the_checkpoints() -> None:
    log = a_day_of_work()
    log.append("audit.pruned", n=12)
    log.prune(12)
    log.seal()
    report = log.verify()
    assert_sound(report)
    assert (report.entries, report.pruned, report.uncovered) == (25, 12, 0)


def test_an_opening_is_looked_for_by_the_index_and_the_entries_are_read_once() -> None:
    log = a_day_of_work()
    log.append("audit.erased", obj=("s_2",))
    log.drop_openings((13, "reason"), (14, "old.city"), (14, "new.city"))
    indexed = IndexedLog(log)
    assert_sound(indexed.verify())
    assert indexed.readings == 1


def test_an_index_that_was_tampered_with_hides_no_erasure() -> None:
    log = a_day_of_work()
    log.append("audit.erased", obj=("s_2",))
    log.drop_openings((13, "reason"), (14, "old.city"), (14, "new.city"))
    log.put(recopied(log.row(25), "act", "audit.listed"))
    (only,) = IndexedLog(log).verify().findings
    assert only.sentence == "The indexed copy of act is not what entry 25 says."


def test_progress_counts_the_entries() -> None:
    log = a_day_of_work()
    told: list[int] = []
    verify(log, origin=ORIGIN, vkeys=[], outside=None, now_ms=0, tail_limit_ms=0, progress=told.append)
    assert told == [24]


def test_a_text_that_is_no_key_is_an_error_and_not_a_finding() -> None:
    with pytest.raises(CheckpointError):
        verify(a_day_of_work(), origin=ORIGIN, vkeys=["key"], outside=None, now_ms=0, tail_limit_ms=0)
