"""What somebody is looked for by after his erasure, and that a pattern for many words finds what each alone would."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffdesk.domain.any_of import any_of, finder
from staffdesk.domain.erasure import Identity, Trace

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


def test_nothing_is_told_of_him_where_it_is_printed() -> None:
    assert "vergissmeinnicht" not in repr(HIM)
