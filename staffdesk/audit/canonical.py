"""Canonical JSON: one value, one sequence of bytes, so that a hash can be taken of it (RFC 8785, restricted).

Held values: text, whole numbers below 2^53 either way, true, false, null, lists and objects with ASCII keys. There are
no floats: their text form is the one part of RFC 8785 that other languages get wrong. Text is in Unicode form NFC and
holds no control character and no surrogate, so that what is hashed is also what a person reads.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

Value: TypeAlias = "str | int | bool | Sequence[Value] | Mapping[str, Value] | None"

LIMIT = 2**53
"""Whole numbers stay below this, either way: what every JSON reader keeps exactly (RFC 7493, 2.2)."""

DEPTH = 32
"""Lists and objects inside each other; a log entry needs three."""

_UNSEEN = re.compile(r"[\x7f-\x9f]")
_ESCAPED_QUOTE = re.compile(r'\\["\\]')
_to_text = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")).encode
_from_text = json.JSONDecoder().decode


class CanonicalError(ValueError):
    """The value has no canonical form here, or the bytes are not the canonical form of any value."""


def encode(value: object) -> bytes:
    """Return the canonical bytes of a value.

    Raises ``CanonicalError`` for a float, a number out of range, a key that is not ASCII, and text with control
    characters, surrogates or in another form than NFC.
    """
    _require_plain(value, DEPTH)
    text = _to_text(value)
    _require_readable(text)
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise CanonicalError("The text holds a lone surrogate.") from None


def decode(data: bytes) -> Value:
    """Return the value of canonical bytes.

    Raises ``CanonicalError`` for anything that ``encode`` would not have written: other spacing or order, a key
    twice, a number in another notation. The comparison at the end sees all of these at once.
    """
    try:
        value: Value = _from_text(data.decode())
    except (ValueError, RecursionError):
        raise CanonicalError("These bytes are not JSON in UTF-8.") from None
    if encode(value) != data:
        raise CanonicalError("These bytes are JSON, but not in its canonical form.")
    return value


def _require_plain(value: object, depth: int) -> None:
    """Refuse what JSON would coerce or round; strings are looked at afterwards, all in one text."""
    if value is None or isinstance(value, str | bool):
        return
    if isinstance(value, int):
        if not -LIMIT < value < LIMIT:
            raise CanonicalError("A whole number must be below 2^53 either way.")
    elif depth == 0:
        raise CanonicalError(f"Lists and objects stand more than {DEPTH} deep in each other.")
    elif isinstance(value, list | tuple):
        _require_all_plain(value, depth - 1)
    elif isinstance(value, dict):
        if not all(isinstance(key, str) and key.isascii() for key in value):
            raise CanonicalError("The key of an object must be ASCII text.")
        _require_all_plain(value.values(), depth - 1)
    else:
        raise CanonicalError(f"A value of the type {type(value).__name__} has no canonical form.")


def _require_all_plain(values: Iterable[object], depth: int) -> None:
    """Ask of each that is neither text nor nothing: most of an entry is, and each call costs more than the question."""
    for value in values:
        if value is not None and type(value) is not str:
            _require_plain(value, depth)


def _require_readable(text: str) -> None:
    r"""Refuse control characters and other forms than NFC, in the finished JSON text.

    JSON escapes the controls below U+0020, so that an escape other than \" and \\ betrays one. No character
    composes with a quotation mark, so that the whole is in NFC exactly when each of its strings is.
    """
    if "\\" in text and "\\" in _ESCAPED_QUOTE.sub("", text):
        raise CanonicalError("The text holds a control character.")
    if text.isascii():
        if "\x7f" in text:
            raise CanonicalError("The text holds a control character.")
    elif _UNSEEN.search(text):
        raise CanonicalError("The text holds a control character.")
    elif not unicodedata.is_normalized("NFC", text):
        raise CanonicalError("The text is not in the Unicode form NFC.")
