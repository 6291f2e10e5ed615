"""A line of words to a filter of the log: what is no word, no time and no number is said to be none.

Seen to fail: with the time's own errors let through.
"""

from __future__ import annotations

import pytest

from staffdesk.domain.entry_filter import parse_filter
from staffdesk.domain.errors import BadInput


@pytest.mark.parametrize(
    "text",
    [
        "until:9999-12-31", "since:0001-01-01", "since:9999999d", "since:yesterday", f"whom:{'9' * 4400}", "whom:x",
        "colour:red", "act:nothing", "until:2026-13-01",
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse_filter(text)
    assert refused.value.hint


def test_a_day_that_is_named_as_the_end_is_whole() -> None:
    day = parse_filter("since:2026-11-22 until:2026-11-22")
    assert day.since_ms is not None
    assert day.until_ms is not None
    assert day.until_ms - day.since_ms == 24 * 60 * 60 * 1000 - 1
