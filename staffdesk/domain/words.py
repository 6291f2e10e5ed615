# ruff: noqa: RUF001 - letters that look like other letters are the subject of this module
"""How text becomes words: the one function that folds and cuts for both databases.

Neither database folds, stems, splits or sorts by itself: each indexes ``words_of`` as it stands, so both find the same
rows and put them in the same order. Of ASCII the words hold ``a-z`` and ``0-9`` alone, no quote and no separator: what
FTS5's ``ascii`` tokenizer and PostgreSQL's ``string_to_array(words, ' ')`` leave whole.

One word is a run of letters and digits, cut off at 64: ``AB-1234`` is two. An apostrophe (or Catalan middle dot, or the
zero-width non-joiner of Persian compounds) does not cut: ``O'Brien`` is ``obrien``, and is indexed as ``o`` and
``brien`` too, so that ``o'brien``, ``obrien``, ``o brien`` and ``brien`` find it. A Han ideograph is a word by itself,
wherever it stands; kana and Hangul syllables make runs as letters do, and katakana is hiragana. Vowel signs of Indic
scripts and Thai are kept, accents are not. Scripts written without spaces (Thai, Khmer) give one word for a run.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from staffdesk.domain.policy import matrix
from staffdesk.domain.text import IGNORABLE

_LONGEST_WORD = 64
_MOST_TERMS = 24
_LONGEST_QUERY = 256
_SYLLABLES_NEEDED = 2
_MOST_IN_ANY_ORDER = 6

Inside = Mapping[str, Sequence[str]]
"""For a term the indexed words that hold it further on than at their beginning."""
NOWHERE: Final[Inside] = {}

_ACUTE = "´"
_APOSTROPHES = f"’‘‛ʼʻʽʹʾʿ′`{_ACUTE}·\u05f3\u05f4\u200cꞌ"
_UNDECOMPOSED = (
    "ß=ss ø=o æ=ae œ=oe ł=l đ=d ð=d þ=th ı=i ȷ=j ŋ=n ĸ=k ħ=h ŧ=t ə=e ǝ=e ƀ=b ɓ=b ƈ=c ȼ=c ɖ=d ɗ=d ɇ=e ɛ=e ƒ=f ǥ=g "
    "ɠ=g ɣ=g ɨ=i ɩ=i ɉ=j ƙ=k ƚ=l ɲ=n ƞ=n ɵ=o ɔ=o ƥ=p ɍ=r ƭ=t ʈ=t ʉ=u ʊ=u ʋ=v ɏ=y ƴ=y ƶ=z ȥ=z ʒ=z ґ=г ى=ي ی=ي ک=ك"
)
_PLAIN: Final = dict.fromkeys(_APOSTROPHES, "'") | dict(pair.split("=") for pair in _UNDECOMPOSED.split())
"""Letters that Unicode does not take apart; the last three are one Arabic letter as two keyboards write it."""

_KATAKANA = ((0x30A1, 0x30F6), (0x30FD, 0x30FE))
_TO_HIRAGANA = 0x60
_WHOLE = ((0x3041, 0x3096), (0x309D, 0x309E), (0xAC00, 0xD7A3))
"""Hiragana and Hangul syllables: taking them apart would lose a consonant's voice or cut a syllable into letters."""
_IDEOGRAPHS = (
    (0x3005, 0x3007), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x2FFFD), (0x30000, 0x3FFFD),
)  # fmt: skip
"""Han by range, with the iteration mark of 佐々木, so that an older Unicode table cuts as a newer one does."""

_TATWEEL = "\u0640"
_ASCII_WORD = re.compile(r"[a-z0-9]+")
_REMEMBERED = 32_768


class _Table(dict[int, str]):
    """A table for ``str.translate`` that learns each character when it first comes, up to a bound."""

    def __init__(self, rule: Callable[[str], str]) -> None:
        super().__init__()
        self._rule = rule

    def __missing__(self, code: int) -> str:
        became = self._rule(chr(code))
        if len(self) < _REMEMBERED:
            self[code] = became
        return became


def fold(text: str) -> str:
    """Return the text without case, accents, width and hidden characters; folding it again changes nothing.

    Letters Unicode does not take apart are mapped (ø is o, ß is ss), digits of any script become 0 to 9, apostrophes
    of any kind one. The Unicode tables are those of the running Python: after a change of Python that knows new
    letters, rows that hold such letters must be folded again.
    """
    if text.isascii():
        return text.lower().replace("`", "'")
    composed = unicodedata.normalize("NFKC", text.replace(_ACUTE, "'"))
    return unicodedata.normalize("NFC", composed.translate(_FOLDED))


def cut(text: str) -> tuple[str, ...]:
    """Return the words of a text, folded, in their order, repeated ones too, none longer than 64 characters."""
    return _cut_folded(fold(text))


def words_of(*texts: str | None) -> str:
    """Return the derived column both databases index: every word once, sorted by code point, one space between.

    Sorted by code point is sorted by the bytes of UTF-8. A word with an apostrophe stands there whole and in parts.
    None is skipped. Give it texts that ``clean_line`` or ``clean_text`` took.
    """
    found: set[str] = set()
    for text in texts:
        if text:
            folded = fold(text)
            found.update(_cut_folded(folded))
            if "'" in folded:
                found.update(_cut_folded(folded.replace("'", " ")))
    return " ".join(sorted(found))


def sort_name(text: str) -> str:
    """Return what rows are ordered by: the folded words, for SQLite's BINARY and PostgreSQL's COLLATE "C"."""
    return " ".join(cut(text))


def name_key(text: str) -> str:
    """Return the folded words of a name in one order: told in one piece, it may begin with either half."""
    return " ".join(sorted(cut(text)))


def terms(query: str) -> tuple[str, ...]:
    """Return the words of a query, each a prefix that a row must have, in the order typed.

    A word that begins another one asks for nothing more and is left out. Past 256 characters or 24 words the rest is
    not read.
    """
    typed = tuple(dict.fromkeys(cut(query[:_LONGEST_QUERY])))
    longest = [word for word in typed if not any(other != word and other.startswith(word) for other in typed)]
    return tuple(longest[:_MOST_TERMS])


def usable(query_terms: Iterable[str]) -> bool:
    """Whether the desk searches for these terms: one has three characters, or two syllables, or is an ideograph.

    A syllable is a kana or a Hangul one. Shorter terms beside a long enough one narrow the search.
    """
    return any(_is_long_enough(term) for term in query_terms)


def fts5_query(query_terms: Iterable[str], inside: Inside = NOWHERE, beginning: Inside = NOWHERE) -> str:
    """Return the terms as an FTS5 query: all of them, each a prefix, no phrase (``detail=none`` has none).

    ``inside`` gives whole words that will do for a term as well, ``beginning`` all that begin with it, which are asked
    for in its place: FTS5 would first read through all that any of them has. Raises ValueError without a term: nothing
    asked is not everything.
    """
    return " AND ".join(_fts5_term(term, inside, beginning) for term in _at_least_one(query_terms))


def entries_query(query_terms: Iterable[str], inside: Inside = NOWHERE) -> str:
    """Return the terms as PostgreSQL's ``desk.find_people`` reads them: all of them, a space between, each a prefix.

    ``inside`` gives whole words that will do for a term as well: they follow it, each after a bar. As
    :func:`fts5_query` otherwise.
    """
    return " ".join("|".join((term, *inside.get(term, ()))) for term in _at_least_one(query_terms))


def splits(held: Sequence[tuple[str, bool, bool]]) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    """Return the ways to look for some terms in a person's name and for the others in the organisation's.

    ``held`` says of each term whether any name may have it, and whether any organisation's may; one that nothing may
    have leaves no way. Each way is the terms of the name and those of the organisation, in their order. Past six terms
    that both may have, only what stands together is looked for together: the first of them here, the rest there.
    """
    if any(not (named or employed) for _, named, employed in held):
        return ()
    certain = frozenset(at for at, (_, named, employed) in enumerate(held) if named and not employed)
    either = [at for at, (_, named, employed) in enumerate(held) if named and employed]
    count = len(either)
    if count <= _MOST_IN_ANY_ORDER:
        chosen = [[at for bit, at in enumerate(either) if way >> bit & 1] for way in range(2**count)]
    else:
        chosen = [*(either[:end] for end in range(count + 1)), *(either[end:] for end in range(1, count))]
    return tuple(
        (
            tuple(term for at, (term, *_) in enumerate(held) if at in certain or at in named),
            tuple(term for at, (term, *_) in enumerate(held) if at not in certain and at not in named),
        )
        for named in chosen
    )


def _fts5_term(term: str, inside: Inside, beginning: Inside) -> str:
    """Return what a term asks for; the words that hold it stand apart, since few rows have any of them.

    Alternatives of one list are all looked at for each row that one of them has; "NOT nothing" keeps lists apart.
    """
    quoted = term.replace('"', '""')
    words, held = ([f'"{word}"' for word in of.get(term, ())] for of in (beginning, inside))
    alternatives = words if term in beginning else [f'"{quoted}"*']
    if held:
        alternatives.append(held[0] if len(held) == 1 else f'(({" OR ".join(held)}) NOT "")')
    return alternatives[0] if len(alternatives) == 1 else f"({' OR '.join(alternatives)})"


def _at_least_one(query_terms: Iterable[str]) -> tuple[str, ...]:
    if found := tuple(query_terms):
        return found
    raise ValueError("a query needs a term")


def _is_long_enough(term: str) -> bool:
    if len(term) >= matrix().limits.letters or _within(ord(term[0]), _IDEOGRAPHS):
        return True
    return sum(_within(ord(char), _WHOLE) for char in term) >= _SYLLABLES_NEEDED


def _cut_folded(folded: str) -> tuple[str, ...]:
    if folded.isascii():
        found = _ASCII_WORD.findall(folded.replace("'", ""))
        if len(folded) <= _LONGEST_WORD:
            return tuple(found)
    else:
        found = unicodedata.normalize("NFC", folded.translate(_CUT)).split(" ")
    return tuple(word[:_LONGEST_WORD] for word in found if word)


def _fold_character(char: str) -> str:
    code = ord(char)
    if _within(code, _KATAKANA):
        return chr(code - _TO_HIRAGANA)
    if _within(code, _WHOLE):
        return char
    parts = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", char))
    lowered = "".join(part for part in parts if not _is_dropped(part)).casefold()
    folded = "".join(_PLAIN.get(part) or _digit(part) for part in lowered)
    return folded if folded == char else "".join(map(_fold_character, folded))


def _digit(char: str) -> str:
    return str(unicodedata.decimal(char, char))


def _is_dropped(char: str) -> bool:
    """Whether a character only modifies another one; a vowel sign (combining class 0) is a letter of its script."""
    if char in _PLAIN:
        return False
    category = unicodedata.category(char)
    return (
        category == "Me"
        or (category in {"Mn", "Mc"} and unicodedata.combining(char) != 0)
        or char == _TATWEEL
        or _within(ord(char), IGNORABLE)
    )


def _cut_character(char: str) -> str:
    if char == "'":
        return ""
    if _within(ord(char), _IDEOGRAPHS):
        return f" {char} "
    return char if unicodedata.category(char)[0] in "LNM" else " "


def _within(code: int, ranges: Iterable[tuple[int, int]]) -> bool:
    return any(first <= code <= last for first, last in ranges)


_FOLDED: Final = _Table(_fold_character)
_CUT: Final = _Table(_cut_character)
