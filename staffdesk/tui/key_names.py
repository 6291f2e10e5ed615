"""How the framework's names of keys are written for people."""

from __future__ import annotations

from typing import Final

_NAMES: Final = {
    "question_mark": "?",
    "colon": ":",
    "slash": "/",
    "escape": "esc",
    "pagedown": "pgdn",
    "pageup": "pgup",
    "shift+tab": "⇧tab",
    "ampersand": "&",
    "quotation_mark": '"',
    "apostrophe": "'",
    "left_parenthesis": "(",
    "section_sign": "§",
    "comma": ",",
    "semicolon": ";",
}


def key_name(key: str) -> str:
    """Return how a key is written: ``^r`` for Ctrl+R."""
    return _NAMES.get(key) or (f"^{key.removeprefix('ctrl+')}" if key.startswith("ctrl+") else key)
