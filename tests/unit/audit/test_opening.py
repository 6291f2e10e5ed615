"""Commitments: bound to their entry, field and salt, so that no value can be guessed or moved."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffdesk.audit.canonical import CanonicalError
from staffdesk.audit.opening import SALT_BYTES, OpeningKind, commit, kind_of, new_salt

SALT = bytes(SALT_BYTES)
texts = st.text(st.characters(exclude_categories=["Cs", "Cc"])).map(lambda text: unicodedata.normalize("NFC", text))
places = st.tuples(
    st.integers(1, 2**53 - 1),
    st.from_regex(r"[a-z][a-z0-9_.]{0,63}", fullmatch=True),
    st.binary(min_size=32, max_size=32),
)


@given(places, texts, places, texts)
def test_two_commitments_are_equal_only_for_one_place_and_value(
    one: tuple[int, str, bytes], value: str, two: tuple[int, str, bytes], other: str
) -> None:
    assert len(commit(*one, value)) == 32
    assert (commit(*one, value) == commit(*two, other)) == ((one, value) == (two, other))


def test_field_and_value_cannot_lend_each_other_a_character() -> None:
    assert commit(1, "a", SALT, "bc") != commit(1, "ab", SALT, "c")


@pytest.mark.parametrize(
    ("seq", "field", "salt", "value"),
    [
        (0, "term", SALT, "a"),
        (2**53, "term", SALT, "a"),
        (1, "", SALT, "a"),
        (1, "é", SALT, "a"),
        (1, "a" * 65536, SALT, "a"),
        (1, "term", b"short", "a"),
        (1, "term", SALT, "two\nlines"),
        (1, "term", SALT, "e\u0301"),
        (1, "term", SALT, "\ud800"),
    ],
)
def test_what_no_entry_can_hold_is_refused(seq: int, field: str, salt: bytes, value: str) -> None:
    with pytest.raises(CanonicalError):
        commit(seq, field, salt, value)


def test_every_salt_is_new() -> None:
    assert len({new_salt() for _ in range(100)}) == 100
    assert {len(new_salt()) for _ in range(100)} == {SALT_BYTES}


def test_the_name_says_who_may_read() -> None:
    assert kind_of("reason") is kind_of("reason.reference") is OpeningKind.REASON
    assert kind_of("term") is kind_of("reasons") is kind_of("old.reason") is OpeningKind.VALUE
