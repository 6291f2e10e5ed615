"""Remarks about people that are never held: health, belief, politics and union, origin, sex life (Art. 9 GDPR).

How they are recognised is ``special_categories.toml``: words that are said of people alone, words that need a person
before them, and patterns. Only what is written about somebody is asked, not the names of customers.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import chain

from staffdesk.domain.errors import Misconfigured
from staffdesk.parameters import Dated, read


@dataclass(frozen=True, slots=True, kw_only=True)
class Persons:
    """How a language says that somebody is or has something.

    ``subjects`` and ``being`` stand before what he is, with at most three of ``between``; ``having`` before what he
    has, with at most two of ``articles``. A note may leave the person out: then what he is begins a sentence, and the
    sentence ends there or goes on with one of ``after``.
    """

    subjects: tuple[str, ...]
    being: tuple[str, ...]
    between: tuple[str, ...]
    having: tuple[str, ...]
    articles: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """One kind of remark: the words that make it, by language where they need a person, and what is said of it.

    ``of_things`` are those of ``being`` that need a person named by what he is to us, since a picture may be blind.
    ``phrases`` hold one of ``words`` and are no remarks, as a pregnant pause.
    ``of_firms`` says that all of ``being`` are said of firms too: a name before them does not do, nor a noun behind.
    """

    name: str
    what: str
    next: str
    words: tuple[str, ...]
    patterns: tuple[str, ...]
    phrases: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    being: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    having: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    of_things: tuple[str, ...] = ()
    of_firms: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecialCategories(Dated):
    """All remarks that are never held, ``persons`` by language; the first that is found speaks.

    Beside one of ``of_names`` a category's words are the name of a firm, a film or an event. ``terms`` are lists of
    words that patterns name in braces; ``titles`` stand before a name, ``no_names`` begin a sentence and are no names.
    """

    reason: str
    of_names: tuple[str, ...]
    titles: tuple[str, ...]
    no_names: tuple[str, ...]
    terms: Mapping[str, tuple[str, ...]]
    persons: Mapping[str, Persons]
    categories: tuple[Category, ...]

    def __post_init__(self) -> None:
        """Refuse a language nobody can be said of in, and a pattern that is none."""
        for category in self.categories:
            if unknown := {*category.being, *category.having} - self.persons.keys():
                raise Misconfigured(f"special_categories.toml: {category.name}: no persons in {min(unknown)}.")
            try:
                _Kind(category, self)
            except (re.error, KeyError) as error:
                raise Misconfigured(f"special_categories.toml: {category.name}: a pattern: {error}.") from None


class Remarks:
    """The rules made ready: build once, ask for every text."""

    __slots__ = ("_has", "_is", "_kinds", "_named", "_starts", "reason")

    def __init__(self, rules: SpecialCategories) -> None:
        """Compile the words; ``reason`` says of each why it is refused."""
        self.reason = rules.reason
        being = _any_of(_all(rules, "being"))
        subjects = _any_of(_all(rules, "subjects"))
        titled = rf"(?:{_any_of(rules.titles)})\.?\s+\w+"
        self._is = re.compile(rf"(?<![\w-])(?:{subjects}|{titled})(?:{being})(?=\s)")
        self._has = re.compile(rf"(?<![\w-])(?:{_any_of(_all(rules, 'having'))})(?:(?<=['\u2019])|(?![\w-]))")
        self._named = re.compile(
            rf"(?<![\w-])(?!(?i:{_any_of(rules.no_names)})\b)[A-Z][a-z]+(?:[ -][A-Z][a-z]+){{0,2}}(?:{being})(?=\s)"
        )
        said = _any_of(form.strip() for form in _all(rules, "being") if form.startswith(" "))
        self._starts = re.compile(
            rf"(?:\A|[.!?(\n]|\s-|\b(?:{subjects})\s{{0,3}}[:,(])\s{{0,3}}"
            rf"(?:(?:{subjects})[ ]+)?(?:(?:{said})[ ]+)?(?=\w)"
        )
        self._kinds = [_Kind(category, rules) for category in rules.categories]

    def find(self, text: str) -> Category | None:
        """Return the first kind of remark that ``text`` makes about somebody, or nothing."""
        plain = text if text.isascii() else text.translate(_UNACCENTED)
        low = plain.lower()
        heads = _Heads(
            [found.end() for found in self._is.finditer(low)],
            [found.end() for found in self._named.finditer(plain)],
            [found.end() for found in self._starts.finditer(low)],
            [found.end() for found in self._has.finditer(low)],
        )
        return next((kind.category for kind in self._kinds if kind.stands_in(plain, low, heads)), None)


@cache
def shipped() -> Remarks:
    """Return the shipped rules made ready."""
    return Remarks(read("special_categories", SpecialCategories))


@dataclass(frozen=True, slots=True)
class _Heads:
    """Where in a text something may be said of somebody: after a person and "is", after a name and "is", and so on."""

    persons: list[int]
    names: list[int]
    starts: list[int]
    having: list[int]


class _Kind:
    """One category made ready; all but ``named`` is asked of a text in small letters without accents."""

    __slots__ = ("_anywhere", "_being", "_having", "_named", "_of_people", "_said", "_started", "category")

    def __init__(self, category: Category, rules: SpecialCategories) -> None:
        self.category = category
        words = [*chain.from_iterable(category.being.values())]
        being = _any_of(words)
        of_people = _any_of(set(words) - set(category.of_things))
        terms = {name: f"(?:{_any_of(term)})" for name, term in rules.terms.items()} | {"being": f"(?:{being})"}
        between = rf"(?:(?:{_any_of(_all(rules, 'between'))})\s+){{0,3}}"
        ends = rf"(?=\s*(?:[,.;!?)\n]|\Z|-\s|\b(?:{_any_of(_all(rules, 'after'))})(?![\w-])))"
        alone = ends
        if category.of_firms:
            more = rf"(?:{being}|{_any_of(rules.terms['languages'])})"
            alone = (
                rf"(?=\s*,|\s+(?:-|but|who|maar|mais|qui|aber)\s)(?!\W+(?:(?:and|or|et|ou|en|of|und|oder)\s+)?{more})"
            )
        names = _any_of(rules.of_names)
        said = rf"({_any_of(category.words)})(?![\w-]|\s(?:{names})\b)"
        named = rf"(?:{names})\s+(?:[\w'-]+\s+){{0,2}}(?:{_any_of(category.words)})"
        self._said = _pattern([_any_of(category.phrases), named, said])
        self._anywhere = _pattern(_filled(each, terms) for each in category.patterns)
        self._named = _pattern([_filled(each, terms) for each in category.named], re.IGNORECASE)
        self._being = re.compile(rf"\s+{between}(?:{being})(?![\w-])" + (ends if category.of_firms else ""))
        self._of_people = re.compile(rf"\s+{between}(?:{of_people})(?![\w-]){ends}")
        self._started = re.compile(rf"{between}(?:{of_people})(?![\w-]){alone}")
        articles = _any_of(_all(rules, "articles"))
        having = _any_of(chain.from_iterable(category.having.values()))
        self._having = re.compile(rf"(?:\s*\b(?:{articles})){{0,2}}\s*\b(?:{having})(?![\w-])")

    def stands_in(self, plain: str, low: str, heads: _Heads) -> bool:
        named = () if self.category.of_firms else heads.names
        return (
            any(found[1] for found in self._said.finditer(low))
            or bool(self._anywhere.search(low) or self._named.search(plain))
            or any(self._being.match(low, head) for head in heads.persons)
            or any(self._of_people.match(low, head) for head in named)
            or any(self._started.match(low, head) for head in heads.starts)
            or any(self._having.match(low, head) for head in heads.having)
        )


def _all(rules: SpecialCategories, name: str) -> Iterator[str]:
    return chain.from_iterable(getattr(persons, name) for persons in rules.persons.values())


def _pattern(parts: Iterable[str], flags: int = 0) -> re.Pattern[str]:
    """Return what finds one of the parts as whole words; without parts, nothing."""
    return re.compile(rf"(?<![\w-])(?:{'|'.join(filter(None, parts)) or _NEVER})(?![\w-])", flags)


_NEVER = r"(?!)"
_TERM = re.compile(r"\{([a-z_]+)\}")


def _filled(pattern: str, terms: Mapping[str, str]) -> str:
    """Return a pattern without accents, with the words of each term that it names in braces."""
    return _TERM.sub(lambda found: terms[found[1]], pattern.translate(_UNACCENTED))


class _Tree(dict[str, "_Tree"]):
    """Words by their first sign, then the next: the expression made of it is tried once a sign, not once a word."""

    ends = False

    def add(self, word: str) -> None:
        here = self
        for char in word:
            here = here.setdefault(_SIGNS.get(char) or re.escape(char), _Tree())
        here.ends = True

    def expression(self) -> str:
        if not self:
            return ""
        parts = [sign + rest.expression() for sign, rest in sorted(self.items())]
        one = parts[0] if len(parts) == 1 and not self.ends else f"(?:{'|'.join(parts)})"
        return f"{one}?" if self.ends else one


_SIGNS = {" ": r"[\s-]+", "*": r"\w*", "'": "['\u2019]"}
"""In a word of the rules, a space is any space or a hyphen, a star any ending, an apostrophe the curved one too."""


def _any_of(words: Iterable[str]) -> str:
    """Return an expression for any of the words; without words, one that finds nothing."""
    return _expression(tuple(words))


@cache
def _expression(words: tuple[str, ...]) -> str:
    """Make each once: every category asks for the same persons, and rules are looked through before they are used."""
    tree = _Tree()
    for word in words:
        tree.add(word.translate(_UNACCENTED).lower())
    return tree.expression() or _NEVER


class _Unaccented(dict[int, str]):
    """The letter that is left of each without its accent: many leave them out. One sign stays one."""

    def __missing__(self, code: int) -> str:
        self[code] = unicodedata.normalize("NFD", chr(code))[0]
        return self[code]


_UNACCENTED = _Unaccented()
