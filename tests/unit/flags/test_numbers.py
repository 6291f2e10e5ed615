"""Every number is a parameter, is bounded, and is told to whoever reads about the rule."""

from __future__ import annotations

import re
from importlib import resources
from itertools import accumulate, repeat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffdesk.domain.errors import Misconfigured
from staffdesk.domain.flags import FlagRules, rules
from staffdesk.domain.flags.habits import Habit, limit_of
from staffdesk.domain.flags.rules import NAMES
from staffdesk.parameters import load, shaped

PAGE = (resources.files("staffdesk") / "help" / "flags.md").read_text(encoding="utf-8")
VOLUME = rules().rules.volume.limit
DAYS = st.lists(st.floats(0, 1_000), max_size=60)
KNOWN = st.none() | st.floats(0, 1_000)


def _said(text: str) -> set[float]:
    return {float(each) for each in re.findall(r"(?<![\w.])\d+(?:\.\d+)?", text)}


def _sections() -> dict[str, str]:
    parts = re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]
    return {part.split(":")[0].split("\n")[0]: part for part in parts}


@pytest.mark.parametrize("name", NAMES)
def test_the_page_says_each_rule_with_exactly_its_numbers(name: str) -> None:
    section = _sections()[name]
    numbers = {value for place, value in rules().numbers() if place.split(".")[:2] == ["rules", name]}
    assert section.startswith(f"{name}: {rules().rules.of(name).title}\n")
    assert _said(section) == numbers


def test_the_page_says_what_holds_for_all_rules() -> None:
    shared = {value for place, value in rules().numbers() if not place.startswith("rules.")}
    general = _sections()
    explains, limits = general["What explains a look without asking anybody"], general["Limits that adapt"]
    assert shared <= _said(explains + limits)
    assert f"fewer than {rules().least_team} people" in PAGE


@given(known=DAYS, lowest=KNOWN, team=KNOWN)
def test_a_limit_is_never_below_its_floor_nor_above_its_ceiling(
    known: list[float], lowest: float | None, team: float | None
) -> None:
    assert VOLUME.floor <= limit_of(known, lowest, team, VOLUME) <= VOLUME.ceiling


@given(known=DAYS, lowest=KNOWN, team=KNOWN, more=st.floats(0, 500))
def test_more_work_never_lowers_a_limit(
    known: list[float], lowest: float | None, team: float | None, more: float
) -> None:
    before = limit_of(known, lowest, team, VOLUME)
    assert limit_of([each + more for each in known], lowest, team, VOLUME) >= before - 1e-6
    if lowest is not None:
        assert limit_of(known, lowest + more, team, VOLUME) >= before
    if team is not None:
        assert limit_of(known, lowest, team + more, VOLUME) >= before


@pytest.mark.parametrize(("team", "start"), [(None, 12.0), (10.0, 12.0), (None, 40.0)])
def test_who_starts_slowly_and_adds_ten_percent_a_week_is_found(team: float | None, start: float) -> None:
    habit, memory = Habit(), rules().memory
    weeks = accumulate(repeat(1.1, 40), lambda value, factor: value * factor, initial=start)
    for value in (each for week in weeks for each in [week] * 5):
        limit = limit_of(habit.known(memory), habit.lowest, team, VOLUME)
        if value >= limit:
            break
        habit.add(value, limit, memory)
    assert value < 1.1 * min(VOLUME.ceiling, 6 * start)
    assert len(habit.values) > memory.least_days


def test_a_day_teaches_at_most_its_limit_and_the_last_days_nothing() -> None:
    memory = rules().memory
    habit = Habit()
    for value in [10.0] * (memory.least_days + memory.lag_days - 1):
        habit.add(value, 25, memory)
    assert habit.known(memory) == ()
    habit.add(500, 25, memory)
    assert max(habit.known(memory)) == 10
    assert max(habit.values) == 25


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        ("least_team", 1, "least_team 2 or more"),
        ("corroboration_days", 0, "corroboration_days must be 1 or more"),
        ("again_minutes", 0, "again_minutes too"),
        ("time_zone", "Europe/Nowhere", "time_zone is not known"),
        ("memory.least_days", 58, "memory holds too few days"),
        ("worth.named", 2.0, "worth must fall"),
        ("rules.volume.limit.floor", 70.0, "floor <= start <= ceiling"),
        ("rules.volume.limit.growth", 0.5, "growth and team of at least 1"),
        ("rules.own.severity", 4, "severity is 1, 2 or 3"),
        ("rules.crawling.gap_seconds", 0, "gap_seconds must be more than 0"),
        ("rules.hours.until_known.US", [13, 24], "hours.until_known.US must name two hours"),
        ("rules.hours.far_hours", 1, "far_hours above beside_hours"),
        ("rules.hours.minutes", 5, "is not a known key"),
    ],
)
def test_a_number_that_makes_no_sense_is_refused(place: str, value: object, said: str) -> None:
    table = load("flags")
    *path, last = place.split(".")
    inner = table
    for each in path:
        step = inner[each]
        assert isinstance(step, dict)
        inner = step
    inner[last] = value
    with pytest.raises(Misconfigured) as refused:
        shaped("flags", table, FlagRules)
    assert said in refused.value.sentence
    assert refused.value.sentence.startswith("flags.toml: ")
