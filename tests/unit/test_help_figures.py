"""The help of a record and of the review names no time that a parameter says: it would go on saying the old one.

Seen to fail: with the quarter of an hour and the 72 hours that stood there.
"""

import re
from pathlib import Path

import pytest

import staffdesk

_TIME = re.compile(r"quarter of an hour|\b\d+\s+(?:seconds?|minutes?|hours?|days?|months?|years?)\b")


@pytest.mark.parametrize("page", ["record.md", "review.md"])
def test_a_time_that_is_a_parameter_is_not_written_by_hand(page: str) -> None:
    text = (Path(staffdesk.__file__).parent / "help" / page).read_text(encoding="utf-8")
    assert _TIME.findall(text) == []
