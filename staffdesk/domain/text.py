"""What text the desk takes in, and how it shows text it already holds.

Text comes in composed (NFC) and without the characters that control a terminal, hide what follows them or turn the
reading direction; such a text is refused with the place, never repaired. Text that is already stored is never changed,
only shown with such characters made visible.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from functools import cache
from typing import Final

from staffdesk.domain.errors import BadInput

_JOINERS = (0x200C, 0x200D)
IGNORABLE: Final = (
    (0x00AD, 0x00AD), (0x034F, 0x034F), (0x061C, 0x061C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F),
    (0x200B, 0x200B), _JOINERS, (0x200E, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164),
    (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A),
    (0xE0000, 0xE0FFF),
)  # fmt: skip
"""First and last code point of each range that shows nothing: Default_Ignorable_Code_Point of Unicode 16."""

_MARKS_A_BASE = 8
_MARKS_BEFORE_COMPOSING = 16
"""NFC takes at most three marks into one letter, so a longer run is refused before it: its cost grows with the square
of a run's length (128,000 marks take twelve seconds)."""

_SHRINKS_AT_MOST = 8
"""NFC makes one code point of at most four."""

_FIRST_MARK, _AFTER_LAST_MARK = 0x0300, 0x20000


def _class(ranges: Iterable[tuple[int, int]]) -> str:
    return "".join(rf"\U{first:08x}-\U{last:08x}" for first, last in ranges)


_CONTROL = r"\x00-\x1f\x7f-\x9f"
_CONTROL_IN_TEXT = r"\x00-\x08\x0b-\x1f\x7f-\x9f"
_SURROGATE = r"\ud800-\udfff"
_SEPARATOR = r"\u2028\u2029"
_NONCHARACTER = _class([(0xFDD0, 0xFDEF), *((end | 0xFFFE, end | 0xFFFF) for end in range(0, 0x110000, 0x10000))])

_KINDS: Final = {
    "control": "control character",
    "surrogate": "lone surrogate",
    "noncharacter": "non-character",
    "direction": "direction control",
    "tag": "tag character",
    "separator": "line separator",
}
_REFUSED = (
    rf"|(?P<surrogate>[{_SURROGATE}])|(?P<noncharacter>[{_NONCHARACTER}])|(?P<separator>[{_SEPARATOR}])"
    r"|(?P<direction>[\u202a-\u202e\u2066-\u2069])|(?P<tag>[\U000e0000-\U000e0fff])"
)
_REFUSED_IN_LINE = re.compile(rf"(?P<control>[{_CONTROL}]){_REFUSED}")
_REFUSED_IN_TEXT = re.compile(rf"(?P<control>[{_CONTROL_IN_TEXT}]){_REFUSED}")
_LINE_ENDS = re.compile(r"\r\n?")
_HIDDEN = re.compile(f"[{_class(IGNORABLE)}]")

_BADGE = "\u2039{}\u203a"
_JOINING = r"\u0600-\u08ff\u0900-\u109f\u1780-\u18af"
"""Arabic to Myanmar, Khmer and Mongolian: scripts in which a joiner inside a word is spelling."""

_BADGED = re.compile(
    rf"[{_CONTROL}{_SURROGATE}{_SEPARATOR}{_NONCHARACTER}\ufff9-\ufffb{_class(r for r in IGNORABLE if r != _JOINERS)}]"
    rf"|(?<![{_JOINING}])[{_class([_JOINERS])}]|[{_class([_JOINERS])}](?![{_JOINING}])"
)


def clean_line(value: str, limit: int) -> str:
    """Return one line of text as it is stored: composed (NFC), outer white space gone.

    ``limit`` counts code points of the result. Raises ``BadInput`` for an empty text, a longer one, a character of
    the reject list (security.md 1b) or more than eight combining marks on one base; the sentence names kind and place.
    """
    return _clean(value, limit, _REFUSED_IN_LINE)


def clean_text(value: str, limit: int) -> str:
    """Return text of several lines as it is stored; tab and line feed are allowed, CR LF and CR become LF.

    Otherwise as ``clean_line``.
    """
    return _clean(_LINE_ENDS.sub("\n", value), limit, _REFUSED_IN_TEXT)


def optional_line(value: str | None, limit: int) -> str | None:
    """As ``clean_line``, but nothing, or nothing visible, gives None."""
    if value is None or is_blank(value):
        return None
    return clean_line(value, limit)


def has_hidden(value: str) -> bool:
    """Whether the text holds a character that shows nothing: a joiner, a zero-width space, a variation selector."""
    return not value.isascii() and _HIDDEN.search(value) is not None


def without_hidden(value: str) -> str:
    """Return the text without the characters that show nothing, for comparing, never for storing."""
    return value if value.isascii() else _HIDDEN.sub("", value)


def visible(value: str, *, lines: bool = False) -> str:
    """Return any stored text so that nothing in it is hidden or acts: a badge with its number stands for it.

    A badge is the code point between single angle quotation marks, as U+202E; marks beyond eight on one base give way
    to one with their number. A joiner stays where it is spelling (between letters of Arabic or Indic scripts;
    ``has_hidden`` still tells). With ``lines`` a line feed stays and a tab becomes four spaces. The stored text may be
    anything, also what ``clean_line`` refuses today.
    """
    if value.isascii() and value.isprintable():
        return value
    shown = _BADGED.sub(_badge_in_text if lines else _badge, value)
    if _may_be_stacked(shown):
        stacked, _ = _stacks()
        shown = stacked.sub(_unstack, shown)
    return shown


def _clean(value: str, limit: int, refused: re.Pattern[str]) -> str:
    if len(value) > _SHRINKS_AT_MOST * limit and len(value.strip()) > _SHRINKS_AT_MOST * limit:
        raise _too_long(len(value), limit)
    if value.isascii() and value.isprintable():  # most texts are: nothing in them can be refused, composed or hidden
        value = value.strip()
        if not value:
            raise _blank()
        if len(value) > limit:
            raise _too_long(len(value), limit)
        return value
    if _may_be_stacked(value) and _stacks()[1].search(value):
        raise _too_many_marks()
    value = unicodedata.normalize("NFC", value)
    if _may_be_stacked(value) and _stacks()[0].search(value):
        raise _too_many_marks()
    if found := refused.search(value):
        kind = _KINDS[found.lastgroup or ""]
        raise BadInput(
            f"The text holds a {kind} (U+{ord(found[0]):04X}) at position {found.start() + 1}.",
            "Type the text anew instead of pasting it, or remove that character.",
        )
    value = value.strip()
    if is_blank(value):
        raise _blank()
    if len(value) > limit:
        raise _too_long(len(value), limit)
    return value


def _blank() -> BadInput:
    return BadInput("The text is empty.", "Type at least one character that can be seen.")


def is_blank(value: str) -> bool:
    """Say whether nothing of a text can be seen."""
    return not (value if value.isascii() else without_hidden(value)).strip()


def _may_be_stacked(value: str) -> bool:
    """Say whether a text has so many marks that one base may carry too many."""
    if value.isascii() or ord(max(value)) < _FIRST_MARK:
        return False
    return sum(unicodedata.category(char).startswith("M") for char in value) > _MARKS_A_BASE


def _too_long(length: int, limit: int) -> BadInput:
    return BadInput(f"The text has {length:,} characters; {limit:,} fit here.", "Shorten it.")


def _too_many_marks() -> BadInput:
    return BadInput(
        f"A letter of the text carries more than {_MARKS_A_BASE} accents or other combining marks.",
        "Type the text anew without them.",
    )


def unbadged(value: str) -> str:
    """Return the text without what ``visible`` shows as a badge: what somebody begins with who sets it right."""
    return value if value.isascii() and value.isprintable() else _BADGED.sub("", value)


def _badge(found: re.Match[str]) -> str:
    return _BADGE.format(f"U+{ord(found[0]):04X}")


def _badge_in_text(found: re.Match[str]) -> str:
    return {"\n": "\n", "\t": "    "}.get(found[0]) or _badge(found)


def _unstack(found: re.Match[str]) -> str:
    marks = sum(unicodedata.category(char).startswith("M") for char in found[2])
    return found[1] + _BADGE.format(f"+{marks} marks")


@cache
def _stacks() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what finds more than eight marks on one base, in two groups, and what finds a run too long to compose.

    An ignorable character between two marks shows nothing, so it begins no new base. Built on first need, since it
    costs a quarter of a first frame: hardly a text has that many marks.
    """
    codes = range(_FIRST_MARK, _AFTER_LAST_MARK)
    marks = [code for code in codes if unicodedata.category(chr(code)).startswith("M")]
    between = sorted({code for first, last in IGNORABLE for code in range(first, last + 1)}.difference(marks))
    one = f"(?:[{_class(_ranges(marks))}][{_class(_ranges(between))}]*+)"
    return (
        re.compile(f"({one}{{{_MARKS_A_BASE}}})({one}+)"),
        re.compile(f"{one}{{{_MARKS_BEFORE_COMPOSING + 1}}}"),
    )


def _ranges(codes: Iterable[int]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for code in codes:
        if found and code == found[-1][1] + 1:
            found[-1] = (found[-1][0], code)
        else:
            found.append((code, code))
    return found


def listed_words(words: Collection[str], last: str) -> str:
    """Return words as a person lists them: ``support, sales and privacy``."""
    *most, final = (str(word) for word in words)
    return f"{', '.join(most)} {last} {final}" if most else final
