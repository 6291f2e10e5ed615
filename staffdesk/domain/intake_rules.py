"""The words and bounds by which a mail that asks something is read, as they stand in ``intake.toml``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from staffdesk.domain.errors import Misconfigured
from staffdesk.domain.requests import RequestType
from staffdesk.parameters import Dated, read

_WORD: Final = re.compile(r"[a-z0-9]+")
_PHRASE: Final = re.compile(r"\^?[a-z0-9]+\*?(?: (?:[a-z0-9]+\*?|\.\.\.))*")
_GAP: Final = r"(?:[a-z0-9]+ ){0,4}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Beyond what a mail is not read, and from what size on a picture may be a card."""

    megabytes: int
    text_characters: int
    parts: int
    depth: int
    seconds: int
    memory_megabytes: int
    card_kilobytes: int
    claimed_days: int
    mails_at_once: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sureness:
    """What it takes to tell a language from the next, and from how many types on nobody guesses."""

    fewest_words: int
    lead: float
    most_types: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeWords:
    """How a type is asked for: ``things`` one asks for, ``verbs`` one bids another do, what is ``said`` outright."""

    things: tuple[str, ...]
    verbs: tuple[str, ...]
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageWords:
    """A language's words; ``reach`` is how many words may stand between who asks and what he asks for.

    ``then`` joins what is asked besides to what is asked before it.
    """

    words: frozenset[str]
    ask: tuple[str, ...]
    please: tuple[str, ...]
    reach: int
    please_reach: int
    then: tuple[str, ...]
    then_reach: int
    conditions: tuple[str, ...]
    stop: tuple[str, ...]
    never: tuple[str, ...]
    about: tuple[str, ...]
    marketing: tuple[str, ...]
    reminder: tuple[str, ...]
    complaint: tuple[str, ...]
    types: Mapping[RequestType, TypeWords]

    def __post_init__(self) -> None:
        """Refuse a table in which a type is missing or a phrase cannot be met."""
        for each in RequestType:
            if each not in self.types:
                raise Misconfigured(f"intake.toml: types.{each} is missing.")
        lists = [self.ask, self.please, self.then, self.conditions, self.stop, self.never, self.about, self.marketing]
        lists += [self.reminder, self.complaint]
        lists += [each for of in self.types.values() for each in (of.things, of.verbs, of.said)]
        for phrase in (each for phrases in lists for each in phrases):
            if _PHRASE.fullmatch(phrase) is None:
                raise Misconfigured(f"intake.toml: {phrase!r} is no phrase of plain words.")


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeRules(Dated):
    """All of it; ``unread`` are languages that are told from the others and read no further."""

    limits: Limits
    sureness: Sureness
    implied: Mapping[RequestType, tuple[RequestType, ...]]
    articles: Mapping[str, RequestType]
    unread: Mapping[str, frozenset[str]]
    languages: Mapping[str, LanguageWords]

    def __post_init__(self) -> None:
        """Refuse an article that is no number."""
        for each in self.articles:
            if not each.isdigit():
                raise Misconfigured("intake.toml: articles are numbers.")


@cache
def rules() -> IntakeRules:
    """Return the shipped rules."""
    return read("intake", IntakeRules)


def plain_words(text: str) -> str:
    """Return a text as words without accents, in small letters, with one space around each."""
    folded = text.casefold().replace("\u0153", "oe").replace("\u00e6", "ae")
    bare = "".join(char for char in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(char))
    return f" {' '.join(_WORD.findall(bare))} "


@cache
def phrases(written: Sequence[str]) -> re.Pattern[str]:
    """Return what meets any of these phrases in :func:`plain_words`."""
    return re.compile("|".join(map(_pattern, sorted(written, key=len, reverse=True))))


def _pattern(phrase: str) -> str:
    """Write a phrase so that it begins after a space and its last space is only looked at."""
    start = r"(?<=\A )" if phrase.startswith("^") else r"(?<= )"
    parts = phrase.removeprefix("^").split(" ")
    body = ""
    for place, part in enumerate(parts):
        if part == "...":
            body += _GAP
        else:
            body += part.replace("*", "[a-z0-9]*") + (" " if place < len(parts) - 1 else "")
    return f"{start}{body}(?= )"
