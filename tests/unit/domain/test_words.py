# ruff: noqa: RUF001 - letters that look like other letters are what is tested
"""How text becomes words: the same words for both databases, and what a person expects to find."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlcipher3 import dbapi2

from staffdesk.domain.words import cut, entries_query, fold, fts5_query, sort_name, splits, terms, usable, words_of

TRICKY = (
    "O'Brien’´`ß İıſŉĸŁøæœ e\u0301\u0345\u20dd\ufe0f\u200c\u200d ガｶﾞ\u3099ヷー 각ᄀ\u1161\u11a8ᄒㅎㅏ 々〆〇田\uf900"
    ' क्षि ำ أىیـ٣ ①½ﷺ \x00\ud800\ufffe"\\*&|()-_'
)
NASTY = "\u1100\u1161\u11a8'\u0300 ｶﾞがİς"
TEXT = st.text(st.one_of(st.characters(exclude_categories=()), st.sampled_from(TRICKY))) | st.text(
    st.sampled_from(NASTY)
)


def finds(query: str, *stored: str) -> bool:
    """Whether a row with these texts is found: each term begins one of its words."""
    words = words_of(*stored).split()
    asked = terms(query)
    return bool(asked) and all(any(word.startswith(term) for word in words) for term in asked)


@given(TEXT)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_folding_twice_is_folding_once_for_every_letter_but_the_ideographs() -> None:
    codes = [code for code in range(0x20000) if not 0x3400 <= code < 0xA000 and not 0xAC00 <= code < 0xF900]
    letters = [char for char in map(chr, codes) if unicodedata.category(char) not in {"Cn", "Co", "Cs"}]
    assert len(letters) > 39_000
    for first in range(0, len(letters), 1000):
        folded = fold(" ".join(letters[first : first + 1000]))
        assert fold(folded) == folded


@given(TEXT)
def test_case_composition_and_accents_make_no_other_words(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(text)
    assert fold(unicodedata.normalize("NFKC", text)) == fold(text) or "´" in text or "\u1ffd" in text
    assert fold(text.casefold()) == fold(text) or set(text) & set("İıſʼŉĸ\u0345")


@given(TEXT, TEXT)
def test_the_indexed_column_holds_nothing_a_database_could_read_otherwise(one: str, other: str) -> None:
    column = words_of(one, None, other)
    words = column.split(" ") if column else []
    assert words == sorted(set(words))
    assert [word.encode() for word in words] == sorted(word.encode() for word in words)
    for word in words:
        assert 1 <= len(word) <= 64
        assert re.fullmatch(r"[a-z0-9\u0080-\U0010ffff]+", word)
        assert not {unicodedata.category(char) for char in word} & {"Cc", "Cf", "Cs", "Co", "Zs", "Zl", "Zp", "Po"}


@given(TEXT, TEXT)
def test_the_indexed_column_cut_again_is_the_same_words(one: str, other: str) -> None:
    assert set(cut(words_of(one, other))) == set(words_of(one, other).split())


@given(TEXT)
def test_every_word_of_a_text_finds_the_text(text: str) -> None:
    assert set(cut(text)) <= set(words_of(text).split())
    if terms(text):
        assert finds(text, text)
        assert finds(text.replace("'", " "), text)


@given(st.lists(TEXT, max_size=12), TEXT)
def test_sqlite_indexes_exactly_these_words_and_answers_as_promised(texts: list[str], query: str) -> None:
    database = dbapi2.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE i USING fts5(words, tokenize='ascii', detail=none, columnsize=0)")
    database.execute("CREATE VIRTUAL TABLE held USING fts5vocab(i, 'instance')")
    database.executemany("INSERT INTO i(rowid, words) VALUES (?, ?)", [(n, words_of(t)) for n, t in enumerate(texts)])
    held = {(doc, term) for doc, term in database.execute("SELECT doc, term FROM held")}
    assert held == {(n, word) for n, text in enumerate(texts) for word in words_of(text).split()}
    for asked in (query, *(text[: len(text) // 2] for text in texts)):
        if terms(asked):
            found = database.execute("SELECT rowid FROM i WHERE i MATCH ? ORDER BY rowid", (fts5_query(terms(asked)),))
            assert [row for (row,) in found] == [n for n, text in enumerate(texts) if finds(asked, text)]
    database.close()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Müller Straße", ("muller", "strasse")),
        ("Łukasz Ørsted Æsir Đặng Þór", ("lukasz", "orsted", "aesir", "dang", "thor")),
        ("İSTANBUL ılık", ("istanbul", "ilik")),
        ("AB-1234 / C++ a_b", ("ab", "1234", "c", "a", "b")),
        ("O'Brien d’Hondt O´Neill", ("obrien", "dhondt", "oneill")),
        ("Col·legi", ("collegi",)),
        ("田中太郎", ("田", "中", "太", "郎")),
        ("佐々木さくら", ("佐", "々", "木", "さくら")),
        ("ガンダム ｶﾞﾝﾀﾞﾑ がんだむ", ("がんだむ",) * 3),
        ("がか", ("がか",)),
        ("김민수 \u1100\u1161 \u1100\u0300\u1161 \u1100'\u1161", ("김민수", "가", "가", "가")),
        ("Ὀδυσσεύς ΟΔΥΣΣΕΥΣ", ("οδυσσευσ",) * 2),
        ("㈱東京 Ｔｏｋｙｏ", ("株", "東", "京", "tokyo")),
        ("कुमार", ("कुमार",)),
        ("أحمد محمـد", ("احمد", "محمد")),
        ("Ёлка Жуґ", ("елка", "жуг")),
        ("٣٤ ४२ ２ ²", ("34", "42", "2", "2")),
        ("Jo\u200bhn \u202eAna", ("john", "ana")),
        ("a" * 70, ("a" * 64,)),
        ("\x00 – 🎬 \ud800", ()),
    ],
)
def test_what_a_word_is(text: str, words: tuple[str, ...]) -> None:
    assert cut(text) == words


@pytest.mark.parametrize("query", ["O'Brien", "o’brien", "OBRIEN", "obri", "o brien", "brien", "Brien O"])
def test_an_irish_name_is_found_however_it_is_typed(query: str) -> None:
    assert finds(query, "Conor O'Brien")


def test_a_name_stored_without_its_apostrophe_is_found_with_it() -> None:
    assert finds("O'Brien", "OBrien")
    assert finds("d'hondt", "Dhondt")
    assert not finds("brien", "OBrien")


def test_words_are_found_by_their_beginning_in_any_order_over_several_fields() -> None:
    assert finds("mul an", "Anna", "Müller")
    assert finds("1234 ab", "AB-1234")
    assert not finds("ull", "Müller")
    assert finds("中", "田中太郎")
    assert finds("علی رضا", "\u0639\u0644\u06cc\u200c\u0631\u0636\u0627")
    assert finds("\u0639\u0644\u064a\u0631\u0636\u0627", "\u0639\u0644\u06cc\u200c\u0631\u0636\u0627")


def test_a_missing_text_has_no_words() -> None:
    assert words_of() == words_of(None, "", "–") == ""


def test_terms_are_said_once_in_the_order_typed_and_the_longer_beginning_stands_for_the_shorter() -> None:
    assert terms("mul an mul") == ("mul", "an")
    assert terms("an anna mu") == ("anna", "mu")
    assert terms("") == ()
    assert len(terms(" ".join(chr(0x4E00 + n) for n in range(100)))) == 24
    assert terms("abc " * 100 + "xyz") == ("abc",)


@pytest.mark.parametrize(
    ("query", "searched"),
    [
        ("an", False),
        ("a b c d", False),
        ("li na", False),
        ("42", False),
        ("", False),
        ("...", False),
        ("ann", True),
        ("li ann", True),
        ("田", True),
        ("々", True),
        ("김", False),
        ("이산", True),
        ("みき", True),
        ("か", False),
        ("ｶﾞｲ", True),
        ("ßa", True),
    ],
)
def test_three_characters_two_syllables_or_one_ideograph_are_needed(query: str, searched: bool) -> None:
    assert usable(terms(query)) is searched


def test_queries_are_written_as_each_database_reads_them() -> None:
    assert fts5_query(("mul", "an")) == '"mul"* AND "an"*'
    assert entries_query(("mul", "an")) == "mul an"


def test_a_term_may_be_a_whole_word_as_well() -> None:
    inside = {"an": ("jan", "o2")}
    assert fts5_query(("mul", "an"), inside) == '"mul"* AND ("an"* OR (("jan" OR "o2") NOT ""))'
    assert fts5_query(("an",), {"an": ("jan",)}, {"an": ("an", "ann")}) == '("an" OR "ann" OR "jan")'
    assert entries_query(("mul", "an"), inside) == "mul an|jan|o2"


@given(st.lists(st.tuples(st.sampled_from("abcdefghij"), st.booleans(), st.booleans()), min_size=1, max_size=10))
def test_every_way_to_split_asks_for_every_term_once_where_it_may_be(held: list[tuple[str, bool, bool]]) -> None:
    ways = splits(held)
    for named, employed in ways:
        assert sorted((*named, *employed)) == sorted(term for term, *_ in held)
        assert set(named) <= {term for term, is_name, _ in held if is_name}
        assert set(employed) <= {term for term, _, is_company in held if is_company}
    either = sum(is_name and is_company for _, is_name, is_company in held)
    if all(is_name or is_company for _, is_name, is_company in held):
        assert len(ways) == (2**either if either <= 6 else 2 * either)
    else:
        assert ways == ()


@pytest.mark.parametrize("write", [fts5_query, entries_query])
def test_a_query_of_nothing_is_not_a_query_for_everything(write: Callable[[tuple[str, ...]], str]) -> None:
    with pytest.raises(ValueError, match="needs a term"):
        write(())


@given(st.text(min_size=1))
def test_no_term_can_leave_its_quotes(term: str) -> None:
    assert re.fullmatch(r'"(?:[^"]|"")+"\*', fts5_query((term,)))


@given(st.text())
def test_no_word_holds_what_stands_between_two_of_them_in_a_query(text: str) -> None:
    assert not {" ", "|"} & set("".join(cut(text)))


def test_names_are_ordered_without_case_accents_and_punctuation() -> None:
    assert sort_name("  Łukasz  O'Brien-Ørsted ") == "lukasz obrien orsted"
    assert sorted(["Zoë", "Émile", "eric", "Ångström"], key=sort_name) == ["Ångström", "Émile", "eric", "Zoë"]
