"""Numbers of entries as text: what is written is read back, and nothing else is.

Seen to fail: with the last number of a span left out.
"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from staffdesk.audit import ranges


@given(st.sets(st.integers(1, 60)))
def test_numbers_are_written_as_few_spans_and_read_back(numbers: set[int]) -> None:
    made = list(ranges.spans(sorted(numbers)))
    assert ranges.count(made) == len(numbers)
    assert ranges.joined(made) == made
    back = list(ranges.read(("all", *map(ranges.written, made), "3-2", "0", "01", "7-", "1e3", "\u0661")))
    assert back == made
    assert {seq for first, last in back for seq in range(first, last + 1)} == numbers
