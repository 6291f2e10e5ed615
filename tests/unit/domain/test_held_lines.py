"""A line that may be held is taken as it is stored, and one that may not is refused, however often it is asked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffdesk.domain.errors import BadInput, MustNotBeHeld
from staffdesk.domain.held_lines import held_line
from staffdesk.domain.screening import _LETTER_FIRST, _SHORTEST_IBAN, FieldKind, refuse_forbidden
from staffdesk.domain.screening_rules import Check, ScreeningRules
from staffdesk.domain.signs import made_of
from staffdesk.domain.text import clean_line
from staffdesk.parameters import read


def _taken(value: str, limit: int, kind: FieldKind) -> str | None:
    try:
        line = clean_line(value, limit)
        refuse_forbidden(line, kind)
    except BadInput:
        return None
    return line


@given(
    st.text() | st.text("01234567890 -.ABE@e\u0301", max_size=40),
    st.integers(1, 40),
    st.integers(1, 40),
    st.sampled_from(FieldKind),
)
def test_a_line_is_taken_clean_and_screened_or_refused_the_first_time_and_again(
    value: str, first: int, limit: int, kind: FieldKind
) -> None:
    _again(value, first, kind)
    assert _again(value, limit, kind) == _taken(value, limit, kind)
    assert _again(value, limit, kind) == _taken(value, limit, kind)


def _again(value: str, limit: int, kind: FieldKind) -> str | None:
    try:
        return held_line(value, limit, kind)
    except BadInput:
        return None


def test_a_line_that_fits_one_field_may_be_too_long_for_another() -> None:
    for line in ("Dalberva", "D\u00f6lberva"):
        assert held_line(line, 80) == held_line(line, 80) == line
        with pytest.raises(BadInput, match="5 fit here"):
            held_line(line, 5)


def test_what_one_kind_of_field_may_hold_another_refuses_all_the_same() -> None:
    assert held_line("4111111111111111", 80, FieldKind.CODE)
    with pytest.raises(MustNotBeHeld):
        held_line("4111111111111111", 80, FieldKind.TEXT)


_IBAN = next(rule.pattern for rule in read("screening", ScreeningRules).rules if rule.check is Check.IBAN)


@given(st.from_regex(_IBAN.removeprefix("(?=").removesuffix(")")))
def test_whatever_may_be_a_bank_account_is_looked_at(text: str) -> None:
    letters, figures, _ = made_of(text)
    assert _LETTER_FIRST.search(text)
    assert letters + figures >= _SHORTEST_IBAN
