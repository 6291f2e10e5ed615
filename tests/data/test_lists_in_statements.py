"""A list in a statement comes in few lengths, each another text that is prepared and kept, and asks for nothing else.

Seen to fail: with a list as long as it is, and with zeros to fill it up instead of its last value.
"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from staffdesk.data.transaction import padded


@given(st.lists(st.integers(), min_size=1, max_size=300))
def test_it_asks_for_the_same(wanted: list[int]) -> None:
    assert list(dict.fromkeys(padded(wanted))) == list(dict.fromkeys(wanted))


def test_there_are_few_lengths_and_none_is_much_longer_than_what_is_asked_for() -> None:
    lengths = {count: len(padded(range(count))) for count in range(1, 301)}
    assert set(lengths.values()) == {1, 4, 16, 64, 128, 192, 256, 320}
    assert all(count <= length <= max(4 * count, count + 63) for count, length in lengths.items())


def test_nobody_is_nobody() -> None:
    assert padded([]) == []
