"""What text the desk takes in, and how it shows what it already holds."""

from __future__ import annotations

import re
import subprocess
import sys
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffdesk.domain.errors import BadInput
from staffdesk.domain.text import clean_line, clean_text, has_hidden, optional_line, visible, without_hidden

ANY_CHARACTER = st.characters(exclude_categories=())
ANY_TEXT = st.text(ANY_CHARACTER)
PLAIN_TEXT = st.text(st.characters(categories=("L", "N", "P", "Zs")), min_size=1)

REFUSED = {
    "control character": ["\x00", "\x07", "\t", "\n", "\r", "\x1b", "\x7f", "\x85", "\x9b"],
    "lone surrogate": ["\ud800", "\udfff"],
    "non-character": ["\ufdd0", "\ufdef", "\ufffe", "\uffff", "\U0001fffe", "\U0010ffff"],
    "direction control": ["\u202a", "\u202e", "\u2066", "\u2069"],
    "tag character": ["\U000e0000", "\U000e0041", "\U000e0fff"],
    "line separator": ["\u2028", "\u2029"],
}


@pytest.mark.parametrize(("kind", "character"), [(kind, one) for kind, ones in REFUSED.items() for one in ones])
def test_a_character_that_could_act_is_refused_with_its_kind_and_place(kind: str, character: str) -> None:
    with pytest.raises(BadInput) as refusal:
        clean_line(f"secret{character}name", 100)
    assert refusal.value.sentence == f"The text holds a {kind} (U+{ord(character):04X}) at position 7."
    assert refusal.value.hint


@given(st.sampled_from([one for ones in REFUSED.values() for one in ones]), PLAIN_TEXT, PLAIN_TEXT)
def test_it_is_refused_wherever_it_stands(character: str, before: str, after: str) -> None:
    for text in (character + after, before + character, before + character + after):
        with pytest.raises(BadInput, match=f"U\\+{ord(character):04X}"):
            clean_line(text, 10_000)


@given(ANY_TEXT)
def test_what_is_taken_in_is_composed_stripped_and_holds_nothing_that_acts(text: str) -> None:
    try:
        taken = clean_line(text, 1000)
    except BadInput:
        return
    assert taken == unicodedata.normalize("NFC", text).strip()
    assert unicodedata.is_normalized("NFC", taken)
    assert not {unicodedata.category(char) for char in taken} & {"Cc", "Cs", "Zl", "Zp"}
    assert not re.search("[\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\U000e0000-\U000e0fff]", taken)
    assert all(ord(char) & 0xFFFE != 0xFFFE for char in taken)
    assert taken.encode()
    assert clean_line(taken, 1000) == taken


@given(ANY_TEXT)
def test_a_refusal_never_repeats_the_text(text: str) -> None:
    for limit in (3, 1000):
        with pytest.raises(BadInput) as refusal:
            clean_line(f"Xyzzy{text}\x00", limit)
        assert "Xyzzy" not in refusal.value.sentence + refusal.value.hint


def test_an_accent_typed_as_a_mark_of_its_own_is_the_accented_letter() -> None:
    assert clean_line("Rene\u0301", 10) == "René"


def test_the_limit_counts_characters_after_composing() -> None:
    assert clean_line("e\u0301" * 10, 10) == "é" * 10
    with pytest.raises(BadInput, match=r"has 11 characters; 10 fit"):
        clean_line("é" * 11, 10)
    with pytest.raises(BadInput, match=r"has 1,000,000 characters; 10 fit"):
        clean_line("a" * 1_000_000, 10)
    assert clean_line(" " * 1000 + "a" * 10 + " " * 1000, 10) == "a" * 10


@pytest.mark.parametrize("blank", ["", "   ", "\u00a0\u3000", "\u200d", " \u200b\u00ad ", "\u3164"])
def test_a_text_in_which_nothing_can_be_seen_is_empty(blank: str) -> None:
    with pytest.raises(BadInput, match="empty"):
        clean_line(blank, 10)
    with pytest.raises(BadInput, match="empty"):
        clean_text(blank, 10)
    assert optional_line(blank, 10) is None


def test_an_optional_line_may_be_missing_but_not_wrong() -> None:
    assert optional_line(None, 10) is None
    assert optional_line("\n", 10) is None
    assert optional_line(" Anna ", 10) == "Anna"
    with pytest.raises(BadInput, match="U\\+001B"):
        optional_line("An\x1bna", 10)
    with pytest.raises(BadInput, match="characters"):
        optional_line("Anna", 3)


def test_text_of_several_lines_keeps_tabs_and_has_one_kind_of_line_end() -> None:
    assert clean_text(" a\r\nb\rc\n\td \r\n", 100) == "a\nb\nc\n\td"
    with pytest.raises(BadInput, match="U\\+000B"):
        clean_text("a\x0bb", 100)
    with pytest.raises(BadInput, match="U\\+2028"):
        clean_text("a\u2028b", 100)


def test_names_that_need_joiners_keep_them_and_are_known_to_have_them() -> None:
    persian = "\u0639\u0644\u06cc\u200c\u0631\u0636\u0627"
    assert clean_line(persian, 20) == persian
    assert has_hidden(persian)
    assert visible(persian) == persian
    assert not has_hidden("Ana Müller 田中")


@pytest.mark.parametrize(
    "hidden", ["\u00ad", "\u034f", "\u200b", "\u200d", "\u200f", "\u2060", "\ufe0f", "\ufeff", "\uffa0"]
)
def test_a_character_that_shows_nothing_is_told_and_made_visible(hidden: str) -> None:
    assert has_hidden(f"Jo{hidden}hn")
    assert visible(f"Jo{hidden}hn") == f"Jo\u2039U+{ord(hidden):04X}\u203ahn"
    assert without_hidden(f"Jo{hidden}hn") == "John"


def test_eight_marks_on_a_letter_are_taken_and_nine_are_not() -> None:
    letter = "\u05d0"
    assert clean_line(letter + "\u0591" * 8, 100)
    with pytest.raises(BadInput, match="more than 8"):
        clean_line(letter + "\u0591" * 9, 100)
    with pytest.raises(BadInput, match="more than 8"):
        clean_line(letter + "\u0591\u200d" * 9, 100)
    assert clean_line("o\u0302\u0301" * 5, 100) == "ố" * 5


def test_a_tower_of_marks_is_refused_at_once() -> None:
    began = time.process_time()
    with pytest.raises(BadInput, match="more than 8"):
        clean_text("a" + "\u0300\u0316" * 50_000, 1_000_000)
    assert time.process_time() - began < 1


@given(ANY_TEXT, st.booleans())
def test_nothing_shown_can_act_or_hide(text: str, lines: bool) -> None:
    shown = visible(text, lines=lines)
    allowed = {"\n"} if lines else set()
    acting = {char for char in shown if unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"}} - allowed
    assert not acting
    assert not re.search("[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e0fff]", shown)
    marks = 0
    for char in shown:
        marks = marks + 1 if unicodedata.category(char).startswith("M") else 0
        assert marks <= 8


ORDINARY = st.text(st.characters(exclude_categories=("C", "M", "Z")).filter(lambda char: not has_hidden(char)))


@given(ORDINARY)
def test_ordinary_text_is_shown_as_it_is(text: str) -> None:
    assert visible(text) == text
    assert visible(f"{text}\n{text}", lines=True) == f"{text}\n{text}"


def test_what_a_customer_wrote_is_shown_with_badges() -> None:
    assert visible("a\x1b]0;x\x07") == "a\u2039U+001B\u203a]0;x\u2039U+0007\u203a"
    assert visible("\u202egnp.exe") == "\u2039U+202E\u203agnp.exe"
    assert visible("a\ud800\ufffe") == "a\u2039U+D800\u203a\u2039U+FFFE\u203a"
    assert visible("a\tb\nc") == "a\u2039U+0009\u203ab\u2039U+000A\u203ac"
    assert visible("a\tb\nc\r", lines=True) == "a    b\nc\u2039U+000D\u203a"
    assert visible("z" + "\u0301" * 300) == "z" + "\u0301" * 8 + "\u2039+292 marks\u203a"


def test_ordinary_names_need_no_table_of_marks() -> None:
    program = (
        "import sys, time, re, unicodedata, functools, typing, enum, collections.abc, staffdesk.domain.errors\n"
        "began = time.process_time()\n"
        "from staffdesk.domain import text\n"
        "text.clean_line('Anna Müller', 20)\n"
        "assert text._stacks.cache_info().currsize == 0\n"
        "sys.exit(time.process_time() - began > 0.05)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
