"""The watch goes on day by day from what it kept, tells an incident once, and compares nobody with a team of few."""

from __future__ import annotations

from dataclasses import replace

import pytest

from staffdesk.audit.entry import Core
from staffdesk.domain.errors import Misconfigured
from staffdesk.domain.flags import Baselines, Flag, Watch, by_days, rules
from tests.unit.flags.stories import ANN, BOB, Story

WORKDAY = tuple(9 + quarter / 2 for quarter in range(16))


def _mixed() -> list[Core]:
    story = Story().weeks(range(60), (9, 10, 14)).weeks(range(60), (9, 12), actor=BOB)
    for day in (20, 34, 41, 48, 55):
        story.look(day, 11, "s_same", rel=("same_name",))
        story.look(day, 22, f"s_{day}")
        story.tell(day, 13, "denied", out="denied", obj=("s_no",), kinds=("customer.opened",), purpose="sale")
        story.look(day, 13.5, "s_no", act="customer.revealed")
    story.tell(57, 9, "staff.disabled", actor="u_admin", obj=(ANN,))
    return story.entries()


def test_what_is_kept_from_day_to_day_is_all_that_is_needed() -> None:
    whole = Watch(rules())
    kept = Baselines().to_json()
    told: list[Flag] = []
    days = list(by_days(_mixed(), rules()))
    for day in days:
        watch = Watch(rules(), Baselines.from_json(kept))
        found = watch.day(day)
        assert found == whole.day(day)
        told += found.flags
        kept = watch.baselines.to_json()
    ends = Watch(rules(), Baselines.from_json(kept)).finish()
    assert ends == whole.finish()
    assert len({each.rule for each in (*told, *ends.flags)}) >= 5


def test_what_cannot_be_read_back_is_said() -> None:
    with pytest.raises(Misconfigured):
        Baselines.from_json(b'{"people": 3}')


def test_an_incident_is_told_once_with_all_its_entries() -> None:
    story = Story().weeks(range(42), WORKDAY)
    for number in range(200):
        story.look(42, 9 + number / 30, f"s_{number}")
    flags = story.flags()
    assert sorted(each.rule for each in flags) == ["unverified", "volume"]
    assert {len(each.seqs) for each in flags} == {200}


def test_a_claim_is_told_early_where_the_log_ends_too_soon() -> None:
    story = Story().weeks(range(42), WORKDAY)
    story.look(42, 11, "s_1", rel=("same_address",))
    (told,) = story.flags("street", later=2)
    assert told.early
    assert [each.early for each in story.flags("street")] == [False]


def test_a_team_is_compared_from_five_people_on() -> None:
    """Each colleague opens a few unverified a day; a newcomer's forty are told of where enough are known."""

    def newcomer(colleagues: int) -> list[Flag]:
        story = Story()
        for day in (day for day in range(30) if day % 7 < 5):
            for colleague in range(colleagues):
                for number in range(4):
                    who = f"s_{colleague}_{day}_{number}"
                    story.look(day, 9 + number, who, actor=f"u_{colleague}", ref="c_x", basis="case")
        for number in range(40):
            story.look(29, 9 + number / 6, f"s_{number}")
        return story.flags("volume")

    least = rules().least_team
    assert newcomer(least - 1) == []
    assert [each.actor for each in newcomer(least)] == [ANN]


def test_data_explains_what_was_verified_corroborated_or_sold() -> None:
    story = Story()
    story.verified(0, 9, "s_1")
    story.case(0, 10, "c_2", "s_2")
    story.look(0, 10.1, "s_2", ref="c_2")
    story.tell(3, 12, "import.run", actor="u_privacy", ref="c_2")
    sale = {"role": "sales", "purpose": "sale"}
    story.case(0, 11, "c_3", "s_3", **sale)
    story.look(0, 11.1, "s_3", ref="c_3", **sale)
    story.note(0, 12, "c_3", "s_3", **sale)
    story.case(0, 13, "c_4", "s_4")
    story.look(0, 13.1, "s_5", ref="c_4")
    story.note(1, 13, "c_4", "s_4", actor=BOB)
    story.tell(30, 9, "system.backup")
    watch, entries = Watch(rules()), story.entries()
    told = [watch.day(day) for day in by_days(entries, rules())]
    assert sum(each.opens for each in told) == 4
    unexplained = [seq for each in told for seq in each.unexplained]
    assert [entries[seq - 1].obj for seq in unexplained] == [("s_5",)]


def test_a_clock_that_is_a_little_behind_cuts_no_day_in_two() -> None:
    first, *rest = Story().weeks(range(2), (0.1, 9)).entries()
    behind = replace(first, seq=3, t=first.t - 60_000)
    assert [len(day) for day in by_days([first, *rest[:1], behind, *rest[1:]], rules())] == [3, 2]
