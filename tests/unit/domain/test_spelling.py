"""Words one slip of the finger away: all of them, and none further.

Seen to fail: without the two letters that changed places.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffdesk.domain.spelling import one_slip_away, slips_between

WORD = st.one_of(st.text("abcz09", min_size=3, max_size=9), st.text("абвя", min_size=4, max_size=6))


def _slips(one: str, other: str) -> int:
    """Count insertions, deletions, substitutions and swaps of neighbours, by the table every textbook has."""
    table = [[max(i, j) if not i * j else 0 for j in range(len(other) + 1)] for i in range(len(one) + 1)]
    for i, a in enumerate(one, 1):
        for j, b in enumerate(other, 1):
            table[i][j] = min(table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                table[i][j] = min(table[i][j], table[i - 2][j - 2] + 1)
    return table[-1][-1]


@st.composite
def two_words(draw: st.DrawFn) -> tuple[str, str]:
    """Return a word and what one or two slips made of it."""
    word = other = draw(WORD)
    for _ in range(draw(st.integers(1, 2))):
        at, letter = draw(st.integers(0, len(other) - 1)), draw(st.sampled_from(word))
        before, after = other[:at], other[at:]
        swapped = after[1] + after[0] + after[2:] if len(after) > 1 else after
        other = before + draw(st.sampled_from([letter + after, letter + after[1:], after[1:] or after, swapped]))
    return word, other


@given(two_words())
def test_a_word_is_among_them_exactly_when_it_is_one_slip_away(words: tuple[str, str]) -> None:
    word, other = words
    assert (other in one_slip_away(word)) == (len(word) >= 4 and _slips(word, other) == 1)


@given(two_words(), WORD, st.integers(0, 3))
def test_slips_are_counted_as_far_as_they_matter(words: tuple[str, str], third: str, most: int) -> None:
    for one, other in (words, (words[1], third), (third, third)):
        assert slips_between(one, other, most) == min(_slips(one, other), most + 1)


@given(WORD)
def test_none_is_further_away_than_one_slip(word: str) -> None:
    assert all(_slips(word, each) == 1 for each in sorted(one_slip_away(word))[::7])


@pytest.mark.parametrize("word", ["", "bo", "jan", "x" * 33])
def test_a_word_too_short_or_too_long_has_none(word: str) -> None:
    assert one_slip_away(word) == frozenset()
