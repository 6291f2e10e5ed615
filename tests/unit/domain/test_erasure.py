"""What somebody is looked for by after his erasure, and that a pattern for many words finds what each alone would."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffdesk.domain.any_of import any_of, finder
from staffdesk.domain.traces import KNOWN_BY, Identity, Trace

HIM = Identity(
    {
        Trace.EMAIL: ("zoe@vergissmeinnicht.example",),
        Trace.PHONE: ("32470555142", "0470555142"),
        Trace.NAME: ("Zoë O'Brien", "O'Brien Zoë"),
        Trace.STREET: ("Silberdistelweg 17", "Havnegade"),
        Trace.MAC: ("02:00:5E:AB:CD:EF",),
        Trace.USER_NAME: ("zoe", "obrien-imac"),
        Trace.WORD: ("brien",),
    }
)


@given(st.lists(st.text("abc.", max_size=4), max_size=8), st.text("abc.", max_size=12))
def test_one_pattern_finds_what_each_word_would(words: list[str], text: str) -> None:
    assert (re.search(any_of(words), text) is not None) == any(word in text for word in words if word)


@given(st.lists(st.text("aé.[\\ 山", max_size=3), max_size=8), st.text("aé.[\\ 山\n", max_size=12))
def test_what_looks_through_much_text_finds_what_each_word_would(words: list[str], text: str) -> None:
    assert finder(words)(text) == any(word in text for word in words if word)
    assert finder([*words, *(f"{n}!" for n in range(1_500))])(text + "1499!")


@pytest.mark.parametrize(
    ("text", "by"),
    [
        ("Mail to ZOE@Vergissmeinnicht.example!", {Trace.EMAIL}),
        ("call (0470) 55.51.42", {Trace.PHONE}),
        ("zoe  o\u2019brien came", {Trace.NAME}),
        ("O'Brien, Zoë", {Trace.NAME}),
        ("Silberdistelweg 17 B", {Trace.STREET}),
        ("mac 02005eabcdef", {Trace.MAC}),
        ("on obrien-imac", {Trace.USER_NAME}),
        ("Zoe and Brien, of Havnegade", set()),
        ("zoe@vergissmein.example", set()),
    ],
)
def test_he_is_known_by_what_is_his_alone_and_not_by_one_word(text: str, by: set[Trace]) -> None:
    assert set(HIM.found_in(text)) == by


AN = Identity(
    {
        Trace.EMAIL: ("an+news@lis.example",),
        Trace.PHONE: ("+32 2 555 12 34", "3225551234", "003225551234", "025551234"),
        Trace.ACCOUNT: ("100000",),
        Trace.SERIAL: ("MR4-5512-QX",),
    }
)
_OTHERS = (
    "Write to jan@lis.example or stan@lis.example.be.",
    "x-an@lis.example, an@lis.example-mail, j.an@lis.example",
    "order 2100000512, SO-1000001, SO-100000, 100000-7, serial MR4-100000-QX, fee 100 000",
    "fax 0032 25551234567; ticket 9025551234; in the States +1 322 555 1234",
    "serial MR4-5512-QXL",
)
_HIS = (
    ("He is AN@Lis.example.", "He is (erased)."),
    ("(an@lis.example), an+shop.2@lis.example", "((erased)), (erased)"),
    ("02/555.12.34, 0032 2 555 12 34, +32 (0)2 555 12 34", "(erased), (erased), +32 ((erased)"),
    ("account 100000, #100000.", "account (erased), #(erased)."),
    ("ß ü an@lis.example ﬁ mr4 5512 qx", "ß ü (erased) ﬁ (erased)"),
)


@pytest.mark.parametrize("text", _OTHERS)
def test_what_is_a_part_of_anothers_number_or_address_is_not_his(text: str) -> None:
    assert (set(AN.found_in(text)), AN.without(text, "(erased)")) == (set(), text)


@pytest.mark.parametrize(("text", "without"), _HIS)
def test_what_is_his_goes_in_every_notation_and_nothing_beside_it(text: str, without: str) -> None:
    assert AN.without(text, "(erased)") == without
    assert not set(AN.found_in(without))


@given(st.text("ajn@lis.e+-10 ", max_size=24), st.text("ajn@lis.e+-10 ", max_size=24))
def test_no_letter_or_digit_beside_it_is_ever_lost(before: str, after: str) -> None:
    for his in ("an@lis.example", "100000", "025551234"):
        text = f"{before}{his}{after}"
        beside = before[-1:].isalnum() or after[:1].isalnum()
        if beside and not (set(KNOWN_BY) & set(AN.found_in(before)) or set(KNOWN_BY) & set(AN.found_in(after))):
            assert AN.without(text, "(erased)") == text


def test_nothing_is_told_of_him_where_it_is_printed() -> None:
    assert "vergissmeinnicht" not in repr(HIM)
