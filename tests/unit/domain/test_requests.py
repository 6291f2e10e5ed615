"""What may be asked for, and how it is numbered."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffdesk.domain import numbers, requests
from staffdesk.domain.errors import Misconfigured
from staffdesk.domain.numbers import RecordNumber, Series, parse_number
from staffdesk.domain.requests import IdentityNeed, RequestRules, RequestType, identity_needed
from staffdesk.parameters import load, shaped


@pytest.mark.parametrize("asked", ["access", "rectify", "erase", "restrict", "port"])
def test_identity_is_shown_before_anything_is_given_changed_or_deleted(asked: str) -> None:
    assert identity_needed(RequestType(asked)) is IdentityNeed.ALWAYS


def test_nobody_shows_an_identity_card_to_stop_marketing() -> None:
    assert identity_needed(RequestType.OBJECT_MKT) is IdentityNeed.NEVER
    assert identity_needed(RequestType.OBJECT) is IdentityNeed.ON_DOUBT


def test_a_type_without_a_rule_is_an_error_and_not_a_guess() -> None:
    table = load("requests")
    identity = table["identity"]
    assert isinstance(identity, dict)
    del identity["port"]
    with pytest.raises(Misconfigured, match=r"requests\.toml: identity\.port is missing"):
        shaped("requests", table, RequestRules)


def test_numbers_read_as_people_say_them() -> None:
    assert requests.format_number(2026, 1) == "DSR-2026-0001"
    assert numbers.format_number(Series.CASE, 2026, 42) == "C-2026-0042"
    assert requests.format_number(2026, 12345) == "DSR-2026-12345"
    with pytest.raises(ValueError, match="starts at 1"):
        requests.format_number(2026, 0)


@pytest.mark.parametrize("typed", ["C-2026-0042", " c-2026-42 ", "c-2026-042"])
def test_a_number_is_known_in_any_case_and_without_its_zeros(typed: str) -> None:
    assert parse_number(typed) == RecordNumber(Series.CASE, 2026, 42)


@pytest.mark.parametrize(
    "typed", ["", "C-2026", "C-2026-0000", "SO-20418", "CC-2026-0001", "C-2026-0001-2", "C-٢٠٢٦-0001"]
)
def test_what_is_no_number_of_ours_is_not_taken_for_one(typed: str) -> None:
    assert parse_number(typed) is None


@given(st.sampled_from(Series), st.integers(1000, 9999), st.integers(1, 10**8))
def test_a_number_written_and_read_again_is_the_same(series: Series, year: int, n: int) -> None:
    number = RecordNumber(series, year, n)
    assert parse_number(str(number)) == number
    assert str(number) == numbers.format_number(series, year, n)
