"""What an account may be called, and on which days it may be used."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffdesk.domain.accounts import (
    AccountState,
    account_state,
    family_name,
    is_user_name,
    new_user_name,
    suggested_user_name,
    typed_user_name,
)
from staffdesk.domain.errors import BadInput

TODAY = dt.date(2026, 11, 22)
DAY = dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("full_name", "user_name"),
    [
        ("Ana Holm", "ana.holm"),
        ("Zoë Łukasz Sørensen", "zoe.sorensen"),
        ("Síle O'Brien", "sile.obrien"),
        ("Cher", "cher"),
        ("Marie-Claire van den Broeck", "marie.broeck"),
    ],
)
def test_a_user_name_is_made_of_first_and_last_word_in_letters_every_keyboard_has(
    full_name: str, user_name: str
) -> None:
    assert suggested_user_name(full_name) == user_name


@pytest.mark.parametrize("full_name", ["王小明", "...", "Анна"])
def test_a_name_in_another_script_asks_for_a_user_name(full_name: str) -> None:
    with pytest.raises(BadInput, match="No user name"):
        suggested_user_name(full_name)


@given(st.text(max_size=60))
def test_a_suggestion_is_always_a_user_name(full_name: str) -> None:
    try:
        suggested = suggested_user_name(full_name)
    except BadInput:
        return
    assert is_user_name(suggested)
    assert typed_user_name(suggested.upper()) == suggested


@pytest.mark.parametrize("text", ["", ".ana", "an a", "a" * 41, "\u0430na", "ana\u200b", "ana@desk", "-"])
def test_a_user_name_that_looks_like_another_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        new_user_name(text)


@pytest.mark.parametrize(
    ("in_force", "disabled", "valid_from", "valid_until", "state"),
    [
        (True, False, TODAY, TODAY, AccountState.IN_FORCE),
        (True, False, TODAY - DAY, None, AccountState.IN_FORCE),
        (True, False, TODAY + DAY, None, AccountState.NOT_YET),
        (True, False, TODAY - DAY, TODAY - DAY, AccountState.OVER),
        (False, False, TODAY, None, AccountState.PENDING),
        (True, True, TODAY, None, AccountState.DISABLED),
        (False, True, TODAY, None, AccountState.DISABLED),
    ],
)
def test_an_account_may_be_used_from_its_first_day_to_its_last(
    in_force: bool, disabled: bool, valid_from: dt.date, valid_until: dt.date | None, state: AccountState
) -> None:
    found = account_state(
        in_force=in_force, disabled=disabled, valid_from=valid_from, valid_until=valid_until, today=TODAY
    )
    assert found is state


def test_the_family_name_is_the_last_word() -> None:
    assert family_name("Ana Maria Holm") == "Holm"
