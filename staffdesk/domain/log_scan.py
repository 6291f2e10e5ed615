"""What is looked for in a log, line by line, and what stands in its place in a curated copy.

Three things: what must not be held, by the one screen that every text goes through; what tells about somebody by its
shape, as the name of a home folder; and what is held of this very customer. A word that merely may be a name is not
looked for: in logs nearly every word may be.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache, partial
from typing import Final

from staffdesk.domain import screening
from staffdesk.domain.screening import Screen, ScreeningRules
from staffdesk.domain.support_logs import Counts, Effect, Problem, SupportLogRules
from staffdesk.domain.traces import Identity, Trace
from staffdesk.parameters import read

_KNOWN: Final = "known_"
_BY_WORDS: Final = (Trace.NAME, Trace.USER_NAME, Trace.STREET)
_BETWEEN: Final = r"[\W_]{1,3}"
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?")
"""When a line was written: twenty figures that are no number of anything, at the head of nearly every line."""
_FIGURES: Final = re.compile(r"\d(?:[\W_]{0,4}\d){10}", re.ASCII)
"""Of figures side by side a card and a register number have as many at least."""
_ACCOUNT: Final = re.compile(r"([A-Z]{2})[\W_]{0,4}\d[\W_]{0,4}\d|([A-Za-z]{2})\d[\W_]{0,4}\d", re.ASCII)
"""A bank account begins with the two letters of a country that has them, and two figures."""


class LogScan:
    """Looks through texts for one customer; build it once for each zip."""

    def __init__(self, by: SupportLogRules, identity: Identity, screen: Screen | None = None) -> None:
        """Look by these rules, for what this person is known by and for what must not be held."""
        self._by = by
        self._identity = identity
        self._screen = screen or screening.shipped()
        self._shapes = [(shape.name, re.compile(shape.pattern), shape.instead) for shape in by.personal]
        self._contacts = [
            (rule, re.compile(rule.pattern), f"({rule.what})")
            for rule in _screening().contacts
            if rule.name in by.known.contacts
        ]
        triggers = sorted({re.escape(word.lower()) for rule in _screening().rules for word in rule.triggers})
        self._triggers = re.compile("|".join(triggers))
        traces = ((trace, value) for trace in _BY_WORDS for value in identity.traces.get(trace, ()))
        words = [_words(value) for trace, value in traces if Identity.form(trace, value)]
        self._words = re.compile("|".join(words), re.IGNORECASE) if words else None

    def find(self, text: str) -> Counts:
        """Count what stands in some lines; what must not be held counts once a line, whatever its number there."""
        found: Counter[str] = Counter()
        for name, pattern, _ in self._shapes:
            found[name] += sum(1 for _ in pattern.finditer(text))
        for rule, pattern, _ in self._contacts:
            if any(sign in text for sign in rule.triggers):
                lines = (line for line in text.splitlines() if any(sign in line for sign in rule.triggers))
                found[rule.name] += sum(1 for line in lines for _ in pattern.finditer(line))
        found.update(self._forbidden(text))
        if next(self._identity.found_in(text), None) is not None:
            named = (trace for line in text.splitlines() for trace in self._identity.found_in(line))
            found.update(f"{_KNOWN}{trace.value}" for trace in named)
        return {name: n for name, n in found.items() if n}

    def _forbidden(self, text: str) -> Iterator[str]:
        """Yield what must not be held, line by line: figures below one another are no number together.

        The screen takes seconds for a megabyte of figures, so it is asked for the lines alone in which anything may be.
        """
        for line in _TIME.sub("t", text).splitlines():
            if not line.isascii() or _has_number(line) or self._triggers.search(line.lower()):
                finding = self._screen.find(line)
                if finding is not None:
                    yield finding.name

    def scrub(self, text: str) -> str:
        """Return some lines with something else in the place of whatever tells about a person."""
        for _, pattern, instead in self._shapes:
            text = pattern.sub(partial(_without_name, instead), text)
        text = self._identity.without(text, self._by.known.instead)
        if self._words is not None:
            text = self._words.sub(self._by.known.instead, text)
        for rule, pattern, instead in self._contacts:
            if any(sign in text for sign in rule.triggers):
                lines = text.splitlines(keepends=True)
                text = "".join(
                    pattern.sub(instead, line) if any(sign in line for sign in rule.triggers) else line
                    for line in lines
                )
        return text


def effect_of(name: str, by: SupportLogRules) -> Effect:
    """Return what follows from a finding, by its name: what must not be held keeps a zip in quarantine."""
    if name in set(Problem):
        return by.problems[Problem(name)].effect
    personal = {shape.name for shape in by.personal} | set(by.known.contacts)
    return Effect.SCRUBBED if name in personal or name.startswith(_KNOWN) else Effect.QUARANTINED


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


def _without_name(instead: str, found: re.Match[str]) -> str:
    begin, end = found.start("name") - found.start(), found.end("name") - found.start()
    return f"{found[0][:begin]}{instead}{found[0][end:]}"


def _words(value: str) -> str:
    parts = _BETWEEN.join(map(re.escape, re.findall(r"[^\W_]+", value)))
    return rf"(?<![^\W_]){parts}(?![^\W_])"


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
