"""Canonical JSON by RFC 8785, restricted: a writer and a reader that knows no other spelling.

The restriction leaves RFC 8785 without its hard parts: there are no floats, so there is no number formatting; keys are
ASCII, so UTF-16 order is byte order; strings hold no control characters, so the quotation mark and the backslash alone
are escaped (RFC 8785 section 3.2.2.2).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

Value: TypeAlias = "bool | int | str | list[Value] | dict[str, Value] | None"

_LITERALS: dict[str, bool | None] = {"null": None, "true": True, "false": False}
_INTEGER = re.compile(r"0|-?[1-9][0-9]*", re.ASCII)
_STRING = re.compile(r'"((?:[^"\\]|\\["\\])*)"')
_ESCAPED = re.compile(r"\\(.)")
_FIRST_UNSAFE_INTEGER = 2**53


class NotCanonicalError(ValueError):
    """The value has no restricted canonical form, or the bytes are not one."""


def encode(value: object) -> bytes:
    """Write ``value`` as its one canonical spelling.

    Raises ``NotCanonicalError`` for what the restriction excludes: a float, an integer of 2**53 or more, text that is
    not NFC or holds a control character or a lone surrogate, a key that is not ASCII text, any other type.
    """
    return _written(value).encode("utf-8")


def decode(data: bytes) -> Value:
    """Read one canonical value.

    Raises ``NotCanonicalError`` for any other spelling of it: a space, an order, a key twice, an escape, a zero.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotCanonicalError("not UTF-8") from error
    reader = _Reader(text)
    value = reader.value()
    if reader.at != len(text):
        raise NotCanonicalError("something follows the value")
    return value


def _written(value: object) -> str:
    if value is None or value is True or value is False:
        return {None: "null", True: "true", False: "false"}[value]
    if type(value) is int:
        return str(_safe(value))
    if type(value) is str:
        return '"' + _plain(value).replace("\\", "\\\\").replace('"', '\\"') + '"'
    if type(value) is list:
        return "[" + ",".join(_written(item) for item in value) + "]"
    if type(value) is dict:
        keys = sorted((_key(key) for key in value), key=lambda key: key.encode("ascii"))
        return "{" + ",".join(_written(key) + ":" + _written(value[key]) for key in keys) + "}"
    raise NotCanonicalError(f"no canonical form for {type(value).__name__}")


def _safe(number: int) -> int:
    if abs(number) >= _FIRST_UNSAFE_INTEGER:
        raise NotCanonicalError("an integer that a double cannot hold exactly")
    return number


def _plain(text: str) -> str:
    for character in text:
        if unicodedata.category(character) in {"Cc", "Cs"}:
            raise NotCanonicalError("a control character or a lone surrogate")
    if unicodedata.normalize("NFC", text) != text:
        raise NotCanonicalError("text that is not NFC")
    return text


def _key(key: object) -> str:
    if type(key) is not str or not key.isascii():
        raise NotCanonicalError("a key that is not ASCII text")
    return key


@dataclass
class _Reader:
    """Recursive descent over the canonical grammar; ``at`` is the next character."""

    text: str
    at: int = 0

    def value(self) -> Value:
        for word, meaning in _LITERALS.items():
            if self._took(word):
                return meaning
        if self._took("["):
            return self._items()
        if self._took("{"):
            return self._members()
        if self.text.startswith('"', self.at):
            return self._string()
        return self._integer()

    def _took(self, expected: str) -> bool:
        if not self.text.startswith(expected, self.at):
            return False
        self.at += len(expected)
        return True

    def _expect(self, expected: str) -> None:
        if not self._took(expected):
            raise NotCanonicalError(f"no {expected!r} at character {self.at}")

    def _matched(self, pattern: re.Pattern[str]) -> re.Match[str]:
        match = pattern.match(self.text, self.at)
        if match is None:
            raise NotCanonicalError(f"no value at character {self.at}")
        self.at = match.end()
        return match

    def _integer(self) -> int:
        digits = self._matched(_INTEGER)[0]
        if len(digits) > len(str(-_FIRST_UNSAFE_INTEGER)):
            raise NotCanonicalError("an integer that a double cannot hold exactly")
        return _safe(int(digits))

    def _string(self) -> str:
        return _plain(_ESCAPED.sub(r"\1", self._matched(_STRING)[1]))

    def _items(self) -> list[Value]:
        items: list[Value] = []
        self._each("]", lambda: items.append(self.value()))
        return items

    def _members(self) -> dict[str, Value]:
        members: dict[str, Value] = {}
        self._each("}", lambda: self._member(members))
        return members

    def _member(self, members: dict[str, Value]) -> None:
        key = _key(self._string())
        if members and key <= next(reversed(members)):
            raise NotCanonicalError("keys out of order, or one key twice")
        self._expect(":")
        members[key] = self.value()

    def _each(self, closing: str, read: Callable[[], None]) -> None:
        if self._took(closing):
            return
        read()
        while not self._took(closing):
            self._expect(",")
            read()
