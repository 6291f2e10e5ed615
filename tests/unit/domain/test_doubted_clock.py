"""How far a clock is believed: in steps, each from a moment that is."""

from hypothesis import given
from hypothesis import strategies as st

from staffdesk.domain.log_retention import Doubt, doubt

DAY = 86_400_000
STEPS = st.lists(st.integers(-3 * DAY, 40 * DAY), max_size=30)


def _moments(first: int, steps: list[int]) -> list[int]:
    moments = [first]
    for step in steps:
        moments.append(max(moments) + step)
    return moments


@given(STEPS, st.integers(0, 40 * DAY))
def test_time_that_goes_on_in_steps_is_believed(steps: list[int], step: int) -> None:
    moments = _moments(DAY, steps)
    assert doubt(moments, max(moments) + step, 40) is None


@given(STEPS, st.lists(st.integers(40 * DAY + 1, 4000 * DAY), min_size=1, max_size=9))
def test_what_jumped_proves_nothing_however_often_it_is_written(steps: list[int], jumps: list[int]) -> None:
    moments = _moments(DAY, steps)
    last, now = max(moments), max(moments) + max(jumps)
    assert doubt([*moments, *(last + jump for jump in jumps)], now, 40) == Doubt(last, now)


def test_where_nothing_is_known_nothing_is_doubted() -> None:
    assert doubt([], 4000 * DAY, 40) is None
