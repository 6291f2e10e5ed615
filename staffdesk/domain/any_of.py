"""One pattern for many words: a text is gone through once, however many there are to be found."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, TypeAlias

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


def _pattern(branch: _Branch) -> str:
    """Write a branch down to where it ends or parts; a word that others go on from is enough."""
    text = ""
    while len(branch) == 1 and _END not in branch:
        ((char, branch),) = branch.items()
        text += re.escape(char)
    if _END in branch:
        return text
    return f"{text}(?:{'|'.join(re.escape(char) + _pattern(below) for char, below in sorted(branch.items()))})"
