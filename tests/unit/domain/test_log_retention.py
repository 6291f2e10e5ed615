"""What the log forgets, by the shipped rules and for any mixture of entries.

Seen to fail: with a covering entry pruned while an entry before it stays, and with the day after the last month's end
taken for over.
"""

from __future__ import annotations

import datetime as dt

from hypothesis import example, given
from hypothesis import strategies as st

from staffdesk.domain.access import Act
from staffdesk.domain.log_retention import Forgotten, Listed, Needed, forgotten, rules

NOTHING = Needed(frozenset(), frozenset(), frozenset())


def test_a_month_is_over_when_its_last_day_is_so_long_ago() -> None:
    assert not rules().month_is_over("2026-02", Forgotten.ALL, dt.date(2029, 2, 28))
    assert rules().month_is_over("2026-02", Forgotten.ALL, dt.date(2029, 3, 1))
    assert not rules().month_is_over("2026-02", Forgotten.TECHNICAL, dt.date(2027, 2, 28))
    assert rules().month_is_over("2026-02", Forgotten.TECHNICAL, dt.date(2027, 3, 1))
    assert rules().values_before(dt.date(2026, 4, 1)) == dt.date(2026, 1, 1)
    assert not rules().reasons_go_first


ENTRIES = st.lists(
    st.builds(
        Listed,
        seq=st.just(0),
        act=st.sampled_from(["customer.opened", "session.ended", "audit.closed", "audit.erased", "audit.pruned"]),
        ref=st.sampled_from([None, "c_1", "c_2"]),
        pruned=st.booleans(),
        commits=st.booleans(),
    )
)


@given(ENTRIES, st.sampled_from(Forgotten))
@example(
    [
        *[Listed(0, "audit.pruned", None, pruned=True, commits=False)] * 2,
        Listed(0, "customer.opened", "c_1", pruned=False, commits=True),
        Listed(0, "audit.erased", None, pruned=False, commits=False),
    ],
    Forgotten.ALL,
)
def test_whatever_stays_can_be_verified_and_nothing_needed_goes(found: list[Listed], what: Forgotten) -> None:
    entries = [Listed(seq, *(getattr(each, name) for name in ("act", "ref", "pruned", "commits")))
               for seq, each in enumerate(found, 1)]  # fmt: skip
    needed = Needed(frozenset({"c_1"}), frozenset({1}), frozenset({2}))
    named, standing = forgotten(entries, what, needed)
    assert set(standing) <= set(named)
    by_number = {each.seq: each for each in entries}
    for seq in standing:
        entry = by_number[seq]
        assert not entry.pruned
        assert entry.ref != "c_1"
        assert seq > 2
        assert entry.act != "audit.closed"
        if what is Forgotten.TECHNICAL:
            assert entry.act == "session.ended"
        if entry.act == "audit.erased":
            before = [each for each in entries[: seq - 1] if not each.pruned and each.seq not in standing]
            assert not any(each.commits for each in before)
    if what is Forgotten.ALL:
        assert {each.seq for each in entries if each.pruned} <= set(named)
        assert forgotten(entries, what, NOTHING)[0] == [
            each.seq for each in entries
            if each.pruned or not (Act(each.act or "") in rules().permanent_acts or _excuses(each, entries))
        ]  # fmt: skip


def _excuses(entry: Listed, entries: list[Listed]) -> bool:
    if entry.act != Act.AUDIT_ERASED:
        return False
    return any(
        each.commits and not each.pruned and (each.act == Act.AUDIT_CLOSED or _excuses(each, entries))
        for each in entries[: entry.seq - 1]
    )
