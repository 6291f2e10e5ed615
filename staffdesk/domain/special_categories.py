"""Remarks about people that are never held: health, belief, politics and union, origin, sex life (Art. 9 GDPR).

How they are recognised is ``special_categories.toml``: words that are said of people alone, words that need a person
before them, and patterns. Only what is written about somebody is asked, not the names of customers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from staffdesk.domain.errors import Misconfigured
from staffdesk.parameters import Dated, read


@dataclass(frozen=True, slots=True, kw_only=True)
class Persons:
    """How a language says that somebody is or has something.

    ``subjects`` and ``being`` stand before what he is, with at most two of ``between``; ``having`` before what he has,
    with at most two of ``articles``.
    """

    subjects: tuple[str, ...]
    being: tuple[str, ...]
    between: tuple[str, ...]
    having: tuple[str, ...]
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """One kind of remark: the words that make it, by language where they need a person, and what is said of it."""

    name: str
    what: str
    next: str
    words: tuple[str, ...]
    patterns: tuple[str, ...]
    being: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    having: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecialCategories(Dated):
    """All remarks that are never held, ``persons`` by language; the first that is found speaks."""

    reason: str
    persons: Mapping[str, Persons]
    categories: tuple[Category, ...]

    def __post_init__(self) -> None:
        """Refuse a language nobody can be said of in, and a pattern that is none."""
        for category in self.categories:
            if unknown := {*category.being, *category.having} - self.persons.keys():
                raise Misconfigured(f"special_categories.toml: {category.name}: no persons in {min(unknown)}.")
            try:
                re.compile("|".join(category.patterns))
            except re.error as error:
                raise Misconfigured(f"special_categories.toml: {category.name}: a pattern: {error}.") from None


class Remarks:
    """The rules made ready: build once, ask for every text."""

    __slots__ = ("_compiled", "reason")

    def __init__(self, rules: SpecialCategories) -> None:
        """Compile the words; ``reason`` says of each why it is refused."""
        self.reason = rules.reason
        self._compiled = [(category, _compiled(category, rules.persons)) for category in rules.categories]

    def find(self, text: str) -> Category | None:
        """Return the first kind of remark that ``text`` makes about somebody, or nothing."""
        return next((category for category, pattern in self._compiled if pattern.search(text)), None)


@cache
def shipped() -> Remarks:
    """Return the shipped rules made ready."""
    return Remarks(read("special_categories", SpecialCategories))


def _compiled(category: Category, persons: Mapping[str, Persons]) -> re.Pattern[str]:
    said = [_words(category.words)] if category.words else []
    for language, words in category.being.items():
        by = persons[language]
        said.append(
            f"(?:{_words(by.subjects)})(?:{_words(by.being)})(?:\\s+(?:{_words(by.between)})){{0,2}}\\s+(?:{_words(words)})"
        )
    for language, words in category.having.items():
        by = persons[language]
        said.append(f"(?:{_words(by.having)})(?:\\s*\\b(?:{_words(by.articles)})){{0,2}}\\s*\\b(?:{_words(words)})")
    return re.compile(rf"(?<![\w-])(?:{'|'.join((*said, *category.patterns))})(?![\w-])", re.IGNORECASE)


def _words(words: Iterable[str]) -> str:
    """Return the words as alternatives, a space in one being any space or a hyphen and a star any ending."""
    return "|".join(
        re.escape(word).replace(r"\ ", r"[\s-]+").replace(r"\*", r"\w*")
        for word in sorted(words, key=len, reverse=True)
    )
