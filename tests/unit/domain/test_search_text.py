"""What stands in the search box: filters are taken out wherever they stand, and nothing else is.

Seen to fail: with the filters read in the middle of a word, and with an unknown ``word:value`` refused.
"""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffdesk.domain.access import RecordKind
from staffdesk.domain.errors import BadInput
from staffdesk.domain.search_text import KINDS, read_filters

WORDS = st.lists(st.text("abcdefgh", min_size=1, max_size=8), min_size=1, max_size=4)
IN = st.sampled_from(sorted(KINDS))
COUNTRIES = st.sampled_from(["be", "NL", "fr", "jp"])
DATES = st.dates(dt.date(1990, 1, 1), dt.date(2090, 12, 31))


@given(WORDS, IN, COUNTRIES, DATES, st.randoms(use_true_random=False))
def test_filters_may_stand_anywhere(words: list[str], kind: str, country: str, date: dt.date, dice: object) -> None:
    parts = [*words]
    for each in (f"in:{kind}", f"Country:{country}", f"since:{date}"):
        parts.insert(dice.randrange(len(parts) + 1), each)  # type: ignore[attr-defined] # a random.Random
    asked = read_filters(" ".join(parts))
    assert (asked.text, asked.kind, asked.country, asked.since) == (" ".join(words), KINDS[kind], country.upper(), date)
    again = read_filters(asked.instead("other words"))
    assert (again.text, again.kind, again.country, again.since) == (
        "other words", asked.kind, asked.country, asked.since,
    )  # fmt: skip


@given(st.text(max_size=40).filter(lambda text: "in:" not in text.lower() and "country:" not in text.lower()))
def test_what_holds_no_filter_is_text_as_it_stands(text: str) -> None:
    if "since:" not in text.lower():
        assert read_filters(text).text == text


@pytest.mark.parametrize("text", ["02:00:5e:10:20:30", "2001:db8::1", "within:orders", "to:jan", "a,in:orders b"])
def test_another_word_with_a_colon_is_text(text: str) -> None:
    asked = read_filters(text)
    assert (asked.text, asked.kind) == (text, None)


@pytest.mark.parametrize(
    ("written", "first"),
    [("2025", dt.date(2025, 1, 1)), ("2025-03", dt.date(2025, 3, 1)), ("2025-03-09", dt.date(2025, 3, 9))],
)
def test_a_year_a_month_and_a_day_begin_with_their_first_moment_in_brussels(written: str, first: dt.date) -> None:
    asked = read_filters(f"jan since:{written}")
    assert asked.since == first
    assert asked.since_ms is not None
    began = dt.datetime.fromtimestamp(asked.since_ms / 1000, dt.UTC)
    assert began == dt.datetime.combine(first, dt.time(), dt.UTC) - dt.timedelta(hours=1)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("in:dupont x", "in:people, in:orders, in:licences, in:cases or in:companies"),
        ("in: x", "in:people"),
        ("country:dupont x", "country:be"),
        ("since:dupont x", "since:2025-03"),
        ("since:2025-02-30 x", "since:2025-03"),
        ("in:orders in:cases x", "Leave one of them out."),
        ("in:orders country:be", "A filter alone searches for nothing."),
    ],
)
def test_what_cannot_be_read_is_told_with_what_there_is_and_never_repeated(text: str, told: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_filters(text)
    assert told in caught.value.hint
    assert "dupont" not in f"{caught.value.sentence} {caught.value.hint}"


def test_the_log_is_told_what_is_listed_and_of_the_rest_only_that_it_was_narrowed() -> None:
    asked = read_filters("in:orders country:be since:2025 jan")
    assert asked.kind is RecordKind.ORDER
    assert asked.names == ("in:orders", "country:", "since:")
