"""What may be asked for, and how it is numbered."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffdesk.domain import numbers, requests
from staffdesk.domain.errors import Misconfigured
from staffdesk.domain.numbers import RecordNumber, Series, parse_number
from staffdesk.domain.request_moves import move
from staffdesk.domain.requests import (
    ANSWERED,
    IdentityNeed,
    RequestRules,
    RequestState,
    RequestType,
    Step,
    due_words,
    identity_needed,
    steps,
)
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


def test_a_way_that_does_not_lead_to_an_answer_is_an_error() -> None:
    table = load("requests")
    ways = table["steps"]
    assert isinstance(ways, dict)
    ways["port"] = ["received", "executing"]
    with pytest.raises(Misconfigured, match=r"steps\.port must lead from received to completed"):
        shaped("requests", table, RequestRules)


@given(st.sampled_from(RequestType), st.sampled_from(RequestState))
def test_a_request_is_in_one_step_at_most_with_all_before_it_done(kind: RequestType, state: RequestState) -> None:
    way = steps(kind, state)
    how = [step for _, step in way]
    assert way[0][0] is RequestState.RECEIVED
    assert how == sorted(how, key=[Step.DONE, Step.NOW, Step.TO_COME].index)
    assert how.count(Step.NOW) <= 1
    assert (Step.NOW in how) is (state in dict(way) and state not in ANSWERED)


def test_the_move_that_stops_mail_stands_on_its_way() -> None:
    stop = move("stop_marketing")
    states = [state for state, _ in steps(RequestType.OBJECT_MKT, RequestState.RECEIVED)]
    assert stop.starts == {states[0]}
    assert [*stop.through, stop.end] == states[1:3]


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (-3, "overdue by 3 days"),
        (-1, "overdue by 1 day"),
        (0, "due today"),
        (2, "due in 2 days"),
        (12, "due in 12 days"),
    ],
)
def test_a_due_date_is_said_in_words(days: int, words: str) -> None:
    today = dt.date(2026, 11, 26)
    assert due_words("received", today + dt.timedelta(days), today) == words
    assert due_words("completed", today + dt.timedelta(days), today) == "done"


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
