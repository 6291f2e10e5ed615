"""What is looked for in a log, line by line, and what stands in its place in a curated copy.

Three things: what must not be held, by the one screen that every text goes through; what tells about somebody by its
shape, as the name of a home folder; and what is held of this very customer. A word that merely may be a name is not
looked for: in logs nearly every word may be.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from staffdesk.domain import screening
from staffdesk.domain.screening import Screen
from staffdesk.domain.screening_rules import ScreeningRules
from staffdesk.domain.support_log_rules import Effect, Problem, SupportLogRules
from staffdesk.domain.support_logs import Counts
from staffdesk.domain.traces import Identity, Trace, folded_in_place
from staffdesk.domain.triggered import any_trigger
from staffdesk.domain.unescaped import unescaped
from staffdesk.parameters import read

_KNOWN: Final = "known_"
_HOME: Final = "home"
_BY_WORDS: Final = (Trace.NAME, Trace.USER_NAME, Trace.STREET)
_BETWEEN: Final = r"[\W_]{1,3}"
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?")
"""When a line was written: twenty figures that are no number of anything, at the head of nearly every line."""
_FIGURES: Final = re.compile(r"\d(?:[\W_]{0,4}\d){10}", re.ASCII)
"""Of figures side by side a card and a register number have as many at least."""
_ACCOUNT: Final = re.compile(r"([A-Z]{2})[\W_]{0,4}\d[\W_]{0,4}\d|([A-Za-z]{2})\d[\W_]{0,4}\d", re.ASCII)
"""A bank account begins with the two letters of a country that has them, and two figures."""


@dataclass(frozen=True, slots=True)
class Found:
    """What tells about a person and where it stands, from the first sign to the one after the last."""

    begin: int
    end: int
    name: str
    instead: str


class LogScan:
    """Looks through texts for one customer; build it once for each zip.

    ``names`` are those of home folders that were met elsewhere in the zip: each is looked for by itself then.
    """

    def __init__(
        self,
        by: SupportLogRules,
        identity: Identity,
        screen: Screen | None = None,
        *,
        names: Collection[str] = (),
    ) -> None:
        """Look by these rules, for what this person is known by and for what must not be held."""
        self._by = by
        self._identity = identity
        self._screen = screen or screening.shipped()
        self._shapes = [(shape, re.compile(shape.pattern)) for shape in by.personal]
        self._contacts = [
            (rule, re.compile(rule.pattern), f"({rule.what})")
            for rule in _screening().contacts
            if rule.name in by.known.contacts
        ]
        self._triggers = any_trigger(_screening().rules)
        self._words = [
            (trace, re.compile("|".join(words)))
            for trace in _BY_WORDS
            if (words := [_words(value) for value in identity.traces.get(trace, ()) if Identity.form(trace, value)])
        ]
        met = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
        self._met = re.compile(rf"(?<![^\W_])(?:{met})(?=s?(?![^\W_]))") if met else None

    def find(self, text: str) -> Counts:
        """Count what stands in some lines; what must not be held counts once a line, whatever its number there."""
        plain = unescaped(text).text
        found = Counter(each.name for each in self._places(plain))
        found.update(self._forbidden(text))
        if plain != text:
            found |= Counter(self._forbidden(plain))
        found |= Counter(self._named(plain))
        return dict(found)

    def places(self, text: str) -> list[Found]:
        """Return where something stands that tells about a person, however it is escaped; what overlaps too."""
        view = unescaped(text)
        found = [
            Found(*view.written(each.begin, each.end), each.name, each.instead) for each in self._places(view.text)
        ]
        return sorted(found, key=lambda each: (each.begin, -each.end))

    def scrub(self, text: str) -> str:
        """Return some lines with something else in the place of whatever tells about a person."""
        parts: list[str] = []
        kept = 0
        for each in self.places(text):
            if each.begin >= kept:
                parts += [text[kept : each.begin], each.instead]
            kept = max(kept, each.end)
        return "".join([*parts, text[kept:]])

    def names_in(self, text: str) -> Iterator[str]:
        """Yield the names of home folders and accounts in a text, folded, but those that many have."""
        plain = unescaped(text).text
        for _, pattern in self._shapes:
            for found in pattern.finditer(plain):
                name = folded_in_place(found["name"])[0].strip("._-")
                if len(name) >= self._by.known.shortest and name not in self._by.known.ordinary and not name.isdigit():
                    yield name

    def _places(self, text: str) -> Iterator[Found]:
        lower = text.lower()
        for shape, pattern in self._shapes:
            if any(sign in lower for sign in shape.triggers):
                for found in pattern.finditer(text):
                    yield Found(found.start("name"), found.end("name"), shape.name, shape.instead)
        yield from self._known(text)
        for rule, pattern, instead in self._contacts:
            if any(sign in text for sign in rule.triggers):
                for begin, line in _lines(text):
                    if any(sign in line for sign in rule.triggers):
                        for found in pattern.finditer(line):
                            yield Found(begin + found.start(), begin + found.end(), rule.name, instead)

    def _known(self, text: str) -> Iterator[Found]:
        if self._identity.may_be_in(text):
            for trace, begin, end in self._identity.places(text):
                yield Found(begin, end, f"{_KNOWN}{trace.value}", self._by.known.instead)
            folded, at = folded_in_place(text)
            for trace, pattern in self._words:
                for found in pattern.finditer(folded):
                    yield Found(*_in_place(found, at, len(text)), f"{_KNOWN}{trace.value}", self._by.known.instead)
        if self._met is not None:
            folded, at = folded_in_place(text)
            for found in self._met.finditer(folded):
                yield Found(*_in_place(found, at, len(text)), _HOME, self._by.met_instead)

    def _named(self, text: str) -> Iterator[str]:
        """Yield by what he is named, line by line, by the test of his erasure, whether or not the place is found."""
        if next(self._identity.found_in(text), None) is not None:
            for line in text.splitlines():
                yield from (f"{_KNOWN}{trace.value}" for trace in self._identity.found_in(line))

    def _forbidden(self, text: str) -> Iterator[str]:
        """Yield what must not be held, line by line: figures below one another are no number together.

        The screen takes seconds for a megabyte of figures, so it is asked for the lines alone in which anything may be.
        """
        for line in _TIME.sub("t", text).splitlines():
            if not line.isascii() or _has_number(line) or self._triggers.search(line.lower()):
                finding = self._screen.find(line)
                if finding is not None:
                    yield finding.name


def effect_of(name: str, by: SupportLogRules) -> Effect:
    """Return what follows from a finding, by its name: what must not be held keeps a zip in quarantine."""
    if name in set(Problem):
        return by.problems[Problem(name)].effect
    personal = {shape.name for shape in by.personal} | set(by.known.contacts)
    return Effect.SCRUBBED if name in personal or name.startswith(_KNOWN) else Effect.QUARANTINED


def worst(found: Counts, by: SupportLogRules) -> Counts:
    """Return of what was found that which must not be held: it keeps a zip in quarantine until it is destroyed."""
    return {name: n for name, n in found.items() if effect_of(name, by) is Effect.QUARANTINED}


def must_not_be_held(found: Counts, by: SupportLogRules) -> bool:
    """Say whether anything that was found must not be held."""
    return bool(worst(found, by))


def said_of(name: str, by: SupportLogRules) -> str:
    """Return in words what a finding is."""
    if name in set(Problem):
        return by.problems[Problem(name)].sentence
    if name.startswith(_KNOWN):
        return by.known.what.get(Trace(name.removeprefix(_KNOWN)), name)
    rules = _screening()
    said = {shape.name: shape.what for shape in by.personal}
    return said.get(name) or next((rule.what for rule in (*rules.rules, *rules.contacts) if rule.name == name), name)


def told(found: Counts, by: SupportLogRules) -> Iterator[str]:
    """Yield what was found in words, the worst first."""
    order = list(Effect)
    for name in sorted(found, key=lambda name: (order.index(effect_of(name, by)), name)):
        yield f"{found[name]} \u00d7 {said_of(name, by)}"


def _words(value: str) -> str:
    parts = _BETWEEN.join(map(re.escape, re.findall(r"[^\W_]+", folded_in_place(value)[0])))
    return rf"(?<![^\W_]){parts}(?![^\W_])"


def _in_place(found: re.Match[str], at: range | list[int], length: int) -> tuple[int, int]:
    """Return where something stands in a text that was found in its folded form; marks above a letter go with it."""
    return at[found.start()], at[found.end()] if found.end() < len(at) else length


def _lines(text: str) -> Iterator[tuple[int, str]]:
    begin = 0
    for line in text.splitlines(keepends=True):
        yield begin, line
        begin += len(line)


@cache
def _screening() -> ScreeningRules:
    return read("screening", ScreeningRules)


def _has_number(line: str) -> bool:
    """Say whether a line has anything in it that may be the number of a card, of an account or of a register."""
    if _FIGURES.search(line) is not None:
        return True
    return any((found[1] or found[2]).upper() in _countries() for found in _ACCOUNT.finditer(line))


@cache
def _countries() -> frozenset[str]:
    from stdnum import numdb  # noqa: PLC0415 - the registry of such accounts; asked by who scans alone

    return frozenset(code for _, code, *_ in numdb.get("iban").prefixes)
