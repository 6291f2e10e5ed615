"""What a text is made of is counted so that no pattern is left untried which could find something.

Seen to fail: with nothing counted in a text that is not ASCII.
"""

from __future__ import annotations

import string

from hypothesis import given
from hypothesis import strategies as st

from staffdesk.domain.signs import made_of


@given(st.text() | st.text(string.printable))
def test_no_letter_figure_or_sign_is_missed(text: str) -> None:
    letters, figures, others = made_of(text)
    assert letters >= sum(map(str.isalpha, text))
    assert figures >= sum(map(str.isdigit, text))
    assert others >= sum(not char.isalnum() for char in text)


@given(st.text(string.printable))
def test_in_plain_text_each_is_counted_once(text: str) -> None:
    assert sum(made_of(text)) == len(text)
