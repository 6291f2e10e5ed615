"""One pattern for many words: a text is gone through once, however many there are to be found."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, Final, TypeAlias

from pydantic_core import SchemaValidator, core_schema

_PATTERN_HOLDS: Final = 1_000
"""Words one pattern is made of, since the size of a pattern is bounded."""

_Branch: TypeAlias = dict[str, Any]
_END = ""


def any_of(words: Iterable[str]) -> str:
    """Return a regular expression for any of these words, which share their beginnings; no word matches nothing."""
    root: _Branch = {}
    for word in words:
        branch = root
        for char in word:
            branch = branch.setdefault(char, {})
        if word:
            branch[_END] = {}
    return _pattern(root) if root else r"(?!)"


def finder(words: Iterable[str], patterns: Iterable[str] = ()) -> Callable[[str], bool]:
    """Return what says whether any of these words stands in a text, for looking through very much text.

    ``patterns`` are regular expressions that are looked for besides, as both kinds of pattern read them.

    The regular expressions of pydantic's validators go through a text a hundred times as fast as Python's, whatever
    number of words there is; they only tell whether there is one.
    """
    listed = [*map(_escaped, sorted({word for word in words if word})), *patterns]
    found_by = [
        SchemaValidator(
            core_schema.str_schema(pattern="|".join(listed[at : at + _PATTERN_HOLDS]), regex_engine="rust-regex")
        )
        for at in range(0, len(listed), _PATTERN_HOLDS)
    ]
    return lambda text: any(pattern.isinstance_python(text, strict=True) for pattern in found_by)


def _escaped(word: str) -> str:
    """Write a word so that both kinds of pattern read it as it stands, whatever is in it."""
    return "".join(char if char.isalnum() else f"\\x{{{ord(char):x}}}" for char in word)


def _pattern(branch: _Branch) -> str:
    """Write a branch down to where it ends or parts; a word that others go on from is enough."""
    text = ""
    while len(branch) == 1 and _END not in branch:
        ((char, branch),) = branch.items()
        text += re.escape(char)
    if _END in branch:
        return text
    return f"{text}(?:{'|'.join(re.escape(char) + _pattern(below) for char, below in sorted(branch.items()))})"
