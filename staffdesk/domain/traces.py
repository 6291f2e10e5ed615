"""By what a person is looked for after his erasure, and the one test by which a text names him.

The same test decides what the sweep finds, what a text about others loses, which openings are emptied and which files
are destroyed. An address or a number counts where it stands by itself: ``jan@lis.example`` is not ``an@lis.example``,
and what is a part of another number is another number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import Final

from staffdesk.domain.any_of import any_of
from staffdesk.domain.words import cut, fold

FEWEST_SIGNS: Final = 6
"""Letters and digits a number or an account has at least to be looked for: a shorter one stands in anything."""
MOST_ORDINARY: Final = 8
"""Digits up to which a number may be anything's: it counts where it is a whole token, and never in bytes."""
SHORTEST_WORD: Final = 4
"""Letters of a name's word that is looked for by itself in bytes."""


class Trace(StrEnum):
    """By what a person is looked for after his erasure; never by an IP address, which is many people's."""

    EMAIL = "email"
    PHONE = "phone"
    NAME = "name"
    STREET = "street"
    ACCOUNT = "account"
    MAC = "mac"
    USER_NAME = "user_name"
    SERIAL = "serial"
    WORD = "word"


KNOWN_BY: Final = (Trace.EMAIL, Trace.PHONE, Trace.ACCOUNT, Trace.MAC, Trace.SERIAL)
"""By these somebody alone is known, so that a text about others may lose them without being read first."""

_NO_SIGNS: Final = bytes(code for code in range(128) if not chr(code).isalnum())
_BY_WORDS: Final = frozenset({Trace.NAME, Trace.STREET, Trace.USER_NAME})
_BARE: Final = frozenset({Trace.PHONE, Trace.MAC, Trace.SERIAL, Trace.ACCOUNT})

_SIGN: Final = r"[^\W_]"
_ADDRESS_SIGN: Final = r"[.+\-]"
_JOINS: Final = r"[\-_./+]"
_GAP: Final = r"[^\w,;\n]{0,3}"
_ABROAD: Final = re.compile(r"\+([0-9]{1,3})[^\w,;\n+]{1,3}\Z")
_LONGEST_ABROAD: Final = 7

Place = tuple[Trace, int, int]
"""What stands in a text, and from where to where."""


@dataclass(frozen=True, repr=False)
class Identity:
    """What somebody is known by, as it is held, by kind."""

    traces: Mapping[Trace, tuple[str, ...]]

    @cached_property
    def folded(self) -> Mapping[Trace, tuple[str, ...]]:
        """The same in the forms a text is compared in: words for names, letters and digits alone for numbers."""
        return {
            trace: tuple(dict.fromkeys(form for value in values if (form := self.form(trace, value))))
            for trace, values in self.traces.items()
        }

    @cached_property
    def forms(self) -> tuple[tuple[Trace, str, str], ...]:
        """Each value that is looked for: by what, as it is held, and in the form that is compared."""
        formed = ((trace, value, self.form(trace, value)) for trace, values in self.traces.items() for value in values)
        return tuple(each for each in formed if each[2])

    @cached_property
    def tagged(self) -> tuple[str, ...]:
        """Regular expressions for his addresses with a tag, in a folded text: ``name+tag@domain`` is his as well."""
        return tuple(_tagged(address) for address in self.folded.get(Trace.EMAIL, ()))

    @cached_property
    def _any_tagged(self) -> re.Pattern[str]:
        return re.compile("|".join(self.tagged) or r"(?!)")

    @cached_property
    def _loose(self) -> re.Pattern[str]:
        return re.compile(any_of(bare(value) for _, value in self._looked_for()))

    @cached_property
    def _strict(self) -> re.Pattern[str]:
        return re.compile(any_of(bare(value) for trace, value in self._looked_for() if trace is not Trace.WORD))

    def _looked_for(self) -> Iterator[tuple[Trace, str]]:
        for trace, values in self.folded.items():
            for value in values:
                yield trace, value

    @staticmethod
    def form(trace: Trace, value: str) -> str:
        """Return the form a value is compared in; empty where it is too short, or too common, to be looked for."""
        return _form(trace, value)

    def may_be_in(self, text: str) -> bool:
        """Say whether a text has something in it that may name this person, words of his name too."""
        return self._loose.search(bare(text)) is not None or self._has_tagged(text)

    def _has_tagged(self, text: str) -> bool:
        plain = fold(text)
        return "+" in plain and self._any_tagged.search(plain) is not None

    def found_in(self, text: str) -> Iterator[Trace]:
        """Yield by what a text names this person; a word of a name by itself names nobody."""
        if self._strict.search(bare(text)) is None and not self._has_tagged(text):
            return
        words = f" {' '.join(cut(text))} "
        alone = {trace for trace, _, _ in self.places(text)}
        for trace, values in self.folded.items():
            if trace in alone or (trace in _BY_WORDS and any(f" {value} " in words for value in values)):
                yield trace

    def places(self, text: str) -> Iterator[Place]:
        """Yield where the addresses and numbers stand by which this person alone is known."""
        within, (plain, at) = bare(text), folded_in_place(text)
        for trace in KNOWN_BY:
            for value in self.folded.get(trace, ()):
                if bare(value) not in within and not (trace is Trace.EMAIL and "+" in plain):
                    continue
                for begin, end in self._alone(trace, value, plain):
                    yield trace, at[begin], at[end - 1] + 1

    def _alone(self, trace: Trace, value: str, plain: str) -> Iterator[tuple[int, int]]:
        for match in _pattern(trace, value).finditer(plain):
            if trace is not Trace.PHONE or not self._is_abroad(value, plain[: match.start()]):
                yield match.span()

    def _is_abroad(self, number: str, before: str) -> bool:
        """Say whether a country's number stands before it with which it is another telephone."""
        abroad = _ABROAD.search(before[-_LONGEST_ABROAD:])
        return abroad is not None and f"{abroad[1]}{number.lstrip('0')}" not in self.folded[Trace.PHONE]

    def without(self, text: str, instead: str) -> str:
        """Return a text in which each of these places is something else."""
        parts: list[str] = []
        kept = 0
        for _, begin, end in sorted(self.places(text), key=lambda place: (place[1], -place[2])):
            if begin >= kept:
                parts += [text[kept:begin], instead]
                kept = end
        return "".join([*parts, text[kept:]])

    def is_named(self, text: str) -> bool:
        """Say whether a text names this person."""
        return next(self.found_in(text), None) is not None

    def __bool__(self) -> bool:
        """Say whether there is anything to look for."""
        return any(self.traces.values())


def bare(text: str) -> str:
    """Return the letters and digits of a text, folded."""
    folded = fold(text)
    if folded.isascii():  # most of what there is, and a sweep reads all of it
        return folded.encode("ascii").translate(None, _NO_SIGNS).decode("ascii")
    return "".join(filter(str.isalnum, folded))


def untagged(address: str) -> str:
    """Return an e-mail address without the tag its owner put behind his name: ``name+shop@domain`` is his too."""
    local, at, domain = address.rpartition("@")
    name = local.partition("+")[0]
    return f"{name}{at}{domain}" if name else address


def is_ordinary(form: str) -> bool:
    """Say whether a form is a number of so few digits that it may be anything's."""
    return form.isdigit() and len(form) <= MOST_ORDINARY


def _form(trace: Trace, value: str) -> str:
    if trace in _BY_WORDS:
        words = cut(value)
        # One word is no full name, and a street without a number is many people's.
        enough = len(words) > 1 or (trace is Trace.USER_NAME and len(value) >= FEWEST_SIGNS)
        return " ".join(words) if enough else ""
    if trace in _BARE:
        signs = bare(value)
        return signs if len(signs) >= FEWEST_SIGNS else ""
    return untagged(fold(value)) if trace is Trace.EMAIL else fold(value)


def _tagged(address: str) -> str:
    local, _, domain = address.rpartition("@")
    return rf"{re.escape(local)}\+[\w.+\-]*@{re.escape(domain)}"


@lru_cache(maxsize=1_024)
def _pattern(trace: Trace, form: str) -> re.Pattern[str]:
    if trace is Trace.EMAIL:
        before = rf"(?<!\w)(?<!\w{_ADDRESS_SIGN})(?<!\w{_ADDRESS_SIGN}{{2}})"
        return re.compile(rf"{before}(?:{re.escape(form)}|{_tagged(form)})(?!{_ADDRESS_SIGN}*\w)")
    if is_ordinary(form):
        within = form if trace is Trace.ACCOUNT else _GAP.join(form)
        return re.compile(rf"(?<!\w)(?<!\w{_JOINS}){within}(?!{_JOINS}?\w)")
    return re.compile(rf"(?<!{_SIGN}){_GAP.join(map(re.escape, form))}(?!{_SIGN})")


def folded_in_place(text: str) -> tuple[str, range | list[int]]:
    """Return a text folded, and for each of its signs where it stands in the text."""
    if text.isascii():
        return fold(text), range(len(text))
    signs: list[str] = []
    at: list[int] = []
    for place, char in enumerate(text):
        for folded in fold(char):
            signs.append(folded)
            at.append(place)
    return "".join(signs), at
