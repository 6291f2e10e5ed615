"""What each letter must contain and by what that is recognised, and what none may (``letters.toml``)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from staffdesk.domain.errors import Misconfigured
from staffdesk.domain.request_moves import Letter
from staffdesk.parameters import Dated, read
from staffdesk.services.letters.language import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority(Dated):
    """To whom a customer may complain; ``official`` are its own names, which are the same in every language."""

    name: Mapping[Language, str]
    official: str
    address: Mapping[Language, str]
    phone: str
    email: str
    web: str


@dataclass(frozen=True, slots=True)
class Never:
    """What no letter may hold, besides what the desk may not hold at all."""

    what: str
    pattern: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterRules(Dated):
    """The blocks of every letter and of each, the patterns that show each block, and the words for what is missing.

    A pattern is found in a text whose white space is single blanks. In it ``<day>``, ``<month>``, ``<number>``,
    ``<count>``, ``<house>``, ``<address>``, ``<contact>``, ``<reference>`` and ``<authority>`` stand for these.
    """

    authority: Authority
    every: tuple[str, ...]
    letters: Mapping[Letter, tuple[str, ...]]
    blocks: Mapping[str, Mapping[Language, tuple[str, ...]]]
    facts: Mapping[str, str]
    never: tuple[Never, ...]

    def __post_init__(self) -> None:
        """Refuse a table without one of the letters, a block that is not described, and a pattern that is none."""
        for each in Letter:
            if each not in self.letters:
                raise Misconfigured(f"letters.toml: letters.{each} is missing.")
        for block in {*self.every, *(name for names in self.letters.values() for name in names)}:
            for language in Language:
                if not self.blocks.get(block, {}).get(language):
                    raise Misconfigured(f"letters.toml: blocks.{block}.{language} is missing.")
        for pattern in (
            *(each.pattern for each in self.never),
            *(pattern for block in self.blocks.values() for patterns in block.values() for pattern in patterns),
        ):
            try:
                re.compile(pattern)
            except re.error as error:
                raise Misconfigured(f"letters.toml: the pattern {pattern} cannot be read: {error}.") from None

    def must_contain(self, letter: Letter) -> tuple[str, ...]:
        """Return the blocks of a letter."""
        return (*self.every, *self.letters[letter])


@cache
def letter_rules() -> LetterRules:
    """Return the shipped rules."""
    return read("letters", LetterRules)
