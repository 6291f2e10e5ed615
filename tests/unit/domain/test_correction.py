"""What a call may set right, and when a field is to be confirmed again.

Seen to fail: with contact fields let through where the parameter is off, and with a month too many.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffdesk.data import register
from staffdesk.domain.correction import check_field, check_repairable, confirm_due, known_fields, rules
from staffdesk.domain.errors import BadInput, Misconfigured, NotFound

DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1))


@pytest.mark.parametrize("table", ["person", "organisation"])
def test_every_field_that_is_kept_by_itself_is_one_that_is_shown(table: str) -> None:
    assert known_fields(table)
    assert set(known_fields(table)) <= set(register.shown(table))


def test_contact_fields_are_set_right_on_a_call_only_where_privacy_said_why() -> None:
    for column in ("email", "phone"):
        with pytest.raises(BadInput, match="not repaired on a call"):
            check_repairable("person", column)
        check_repairable("person", column, replace(rules(), contact_fields_on_call=True, reason="a move of mail hosts"))
    with pytest.raises(Misconfigured, match="needs a reason"):
        replace(rules(), contact_fields_on_call=True)


@pytest.mark.parametrize("field", [("person", "user_name"), ("licence", "serial"), ("person", "words"), ("", "")])
def test_what_rests_on_its_own_source_is_no_field_of_a_call(field: tuple[str, str]) -> None:
    for check in (check_field, check_repairable):
        with pytest.raises(NotFound):
            check(*field)


@given(DAYS, DAYS)
def test_a_field_is_due_from_the_same_day_two_years_later_on(last: dt.date, today: dt.date) -> None:
    twice = dt.date(last.year + 2, last.month, min(last.day, 28) if last.month == 2 else last.day)
    if (last.month, last.day) != (2, 29):
        assert confirm_due(last, today) is (today >= twice)
    assert not confirm_due(today, today)
    if confirm_due(last, today):
        assert confirm_due(last, today + dt.timedelta(days=1))
