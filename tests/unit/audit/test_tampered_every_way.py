"""Every way of tampering has a kind and a sentence of its own, and no sentence repeats what was stored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from staffdesk.audit.report import MOST_OF_A_KIND
from staffdesk.audit.source import StoredCheckpoint
from tests.unit.audit.judging import core_of, findings, flipped, only
from tests.unit.audit.sample_log import SampleLog, a_day_of_work, recopied, stored


def _changed_entry(log: SampleLog) -> None:
    core = log.row(12).core
    assert core is not None
    log.put(log.row(12)._replace(core=flipped(core, 40)))


def _changed_copy(log: SampleLog) -> None:
    log.put(recopied(log.row(12), "actor", "u_bob"))


def _changed_opening(log: SampleLog) -> None:
    log.stored_openings[0] = log.stored_openings[0]._replace(value="durand 1")


def _changed_checkpoint(log: SampleLog) -> None:
    log.put_note(1, log.outside[1].replace("\n16\n", "\n17\n"))


def _removed(log: SampleLog) -> None:
    del log.rows[11]


def _swapped(log: SampleLog) -> None:
    log.rows[11], log.rows[12] = log.rows[12]._replace(seq=12), log.rows[11]._replace(seq=13)


def _cut(log: SampleLog) -> None:
    del log.rows[-3:]


def _older_folder_put_back(log: SampleLog) -> None:
    log.outside.pop()


TAMPERING: tuple[Callable[[SampleLog], None], ...] = (
    _changed_entry,
    _changed_copy,
    _changed_opening,
    _changed_checkpoint,
    _swapped,
    _removed,
    _cut,
    _older_folder_put_back,
)


def test_each_way_of_tampering_has_a_kind_and_a_sentence_of_its_own() -> None:
    told = []
    for tamper in TAMPERING:
        log = a_day_of_work()
        tamper(log)
        told.append(only(log))
    assert len({each[0] for each in told}) == len(TAMPERING)
    assert len({each[3] for each in told}) == len(TAMPERING)


@given(st.sets(st.sampled_from(TAMPERING), min_size=1))
def test_several_ways_at_once_are_never_sound_and_never_a_crash(ways: set[Callable[[SampleLog], None]]) -> None:
    log = a_day_of_work()
    for tamper in TAMPERING:
        if tamper in ways:
            tamper(log)
    assert findings(log)


def test_no_sentence_repeats_what_was_stored() -> None:
    log = a_day_of_work()
    evil = "\x1b]52;c;evil\x07[red]"
    log.stored_openings.append(log.stored_openings[0]._replace(field=evil, kind=evil, value=evil))
    log.inside.append(StoredCheckpoint(24, evil, b""))
    log.put(log.row(9)._replace(copies=(evil,), core=evil.encode()))
    log.put(stored(replace(core_of(log, 10), log="evil"))._replace(copies=(None, evil)))
    assert not any("evil" in each.sentence or "\x1b" in each.sentence for each in findings(log))


def test_a_log_that_is_wholly_wrong_fills_no_memory() -> None:
    log = SampleLog()
    for _ in range(3 * MOST_OF_A_KIND):
        log.append("customer.opened")
    log.rows = [row._replace(leaf=bytes(32)) for row in log.rows]
    found = findings(log)
    assert len(found) == MOST_OF_A_KIND + 1
    assert (found[-1].seq_from, found[-1].seq_to) == (MOST_OF_A_KIND + 1, 3 * MOST_OF_A_KIND)
    assert found[-1].sentence == "200 more faults of the kind altered lie between entries 101 and 300."
