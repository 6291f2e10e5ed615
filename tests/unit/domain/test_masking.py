"""How a value looks while it is hidden."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffdesk.domain.masking import (
    mask_email,
    mask_ip,
    mask_mac,
    mask_name,
    mask_phone,
    mask_serial,
    mask_text,
)

Mask = Callable[[str], str]

MASKS = (mask_text, mask_email, mask_phone, mask_mac, mask_ip, mask_serial, mask_name)
WHOLLY = "•••••••"
ANY_TEXT = st.text(st.characters(exclude_categories=()))
WORD = st.text(st.characters(categories=("L", "Nd")), min_size=4, max_size=40)


@pytest.mark.parametrize(
    ("mask", "value", "masked"),
    [
        (mask_email, "ana@example.org", "a•••@example.org"),
        (mask_email, "anna.holm@Example.org", "a•••@example.org"),
        (mask_email, "al@example.org", "•••@example.org"),
        (mask_email, "a@example.org", "•••@example.org"),
        (mask_email, "_anna@example.org", "•••@example.org"),
        (mask_email, "call me @ 02 555 01 23", WHOLLY),
        (mask_email, "anna\uff20example.org", "a•••@example.org"),
        (mask_email, "anna", WHOLLY),
        (mask_phone, "+32 2 555 01 23", "•••23"),
        (mask_phone, "02 555 01 23", "•••23"),
        (mask_phone, "12345", WHOLLY),
        (mask_phone, "ask Anna", WHOLLY),
        (mask_mac, "aa:bb:cc:dd:ee:ff", "AA:BB:CC:••:••:••"),
        (mask_mac, "aabb.ccdd.eeff", "AA:BB:CC:••:••:••"),
        (mask_mac, "aabbcc", WHOLLY),
        (mask_ip, "192.0.2.10", "192.0.2.•"),
        (mask_ip, "::ffff:192.0.2.10", "192.0.2.•"),
        (mask_ip, "2001:db8:1:2::3", "2001:db8:•"),
        (mask_ip, "2001::3", "2001:0:•"),
        (mask_ip, "::1", WHOLLY),
        (mask_ip, "::1:2", "0:0:•"),
        (mask_email, "a@b", WHOLLY),
        (mask_ip, "my computer", WHOLLY),
        (mask_serial, "ABCD-EFGH-IJKL-MNOP", "ABCD-••••"),
        (mask_serial, "FUR171013-2389-33111B", "FUR1••••"),
        (mask_serial, "ABCD12345678", "ABCD••••"),
        (mask_serial, "SO-20418", "SO-••••"),
        (mask_serial, "ABCD1234", WHOLLY),
        (mask_serial, "A-1", WHOLLY),
        (mask_name, "Anna Holm", "A•••"),
        (mask_name, "Ana", WHOLLY),
        (mask_name, " Ana ", WHOLLY),
        (mask_text, "anything", WHOLLY),
        (mask_text, "", WHOLLY),
    ],
)
def test_what_a_mask_leaves(mask: Mask, value: str, masked: str) -> None:
    assert mask(value) == masked


@pytest.mark.parametrize("mask", MASKS)
@given(value=st.text(st.characters(categories=("L", "N", "P")), max_size=3))
def test_of_a_short_value_nothing_is_left(mask: Mask, value: str) -> None:
    assert mask(value) == WHOLLY


@given(st.sampled_from(MASKS), ANY_TEXT)
def test_a_mask_takes_whatever_is_stored(mask: Mask, value: str) -> None:
    assert mask(value)


@given(WORD, WORD.filter(lambda word: unicodedata.normalize("NFKC", word).isalnum()))
def test_a_mask_is_as_wide_for_a_short_value_as_for_a_long_one(one: str, other: str) -> None:
    assert len(mask_name(one)) == len(mask_name(other))
    assert mask_text(one) == mask_text(other)
    assert len(mask_email(f"a{one}@example.org")) == len(mask_email(f"a{other}@example.org"))


@given(st.integers(10**6, 10**15), st.integers(10**6, 10**15))
def test_a_masked_telephone_tells_nothing_but_its_last_two_digits(one: int, other: int) -> None:
    assert mask_phone(str(one))[:-2] == mask_phone(f"+{other}")[:-2] == "•••"


@given(st.from_regex(r"[A-Z0-9]{1,12}(-[A-Z0-9]{1,12}){0,5}", fullmatch=True))
def test_of_a_serial_at_most_a_third_and_at_most_four_characters_are_left(serial: str) -> None:
    left = mask_serial(serial).rstrip("•").rstrip("-")
    assert serial.startswith(left)
    assert len(left) <= min(4, len(serial.replace("-", "")) / 3)


@given(ANY_TEXT, WORD)
def test_of_a_name_at_most_the_first_letter_is_left(text: str, name: str) -> None:
    for value in (text, name):
        assert len(mask_name(value).replace("•", "")) <= 1
