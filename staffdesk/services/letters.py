"""Letters to customers in English, French and Dutch, from the templates in ``staffdesk/letters``.

Every letter names the house, the request, the day, the policy in force and whom to ask; no employee is named in one.
"""

from __future__ import annotations

import datetime as dt
import textwrap
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from string import Template
from typing import Final

from staffdesk.domain.requests import RequestType
from staffdesk.parameters.shapes import policy

_FOLDER: Final = resources.files("staffdesk").joinpath("letters")
_WIDTH: Final = 72


class Language(StrEnum):
    """What letters are written in."""

    EN = "en"
    FR = "fr"
    NL = "nl"


class LetterKind(StrEnum):
    """What a letter says; the value is the name of its templates."""

    MARKETING_STOPPED = "l9"


ANSWER_TO: Final[Mapping[RequestType, LetterKind]] = {RequestType.OBJECT_MKT: LetterKind.MARKETING_STOPPED}
"""The letter that answers a request once it is carried out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a letter tells of its request; ``lists`` are the names of the mail lists concerned."""

    number: str
    written_on: dt.date
    effective_on: dt.date
    lists: Sequence[str] = ()


def language_of(code: str | None) -> Language:
    """Return the language of letters to somebody whose language this is: ``fr``, ``nl-BE``; English for any other."""
    main = (code or "").replace("_", "-").partition("-")[0].lower()
    return next((each for each in Language if each.value == main), Language.EN)


def write(kind: LetterKind, language: Language, facts: Facts) -> str:
    """Return a letter, ready to send: plain text, no line longer than mail wants it."""
    in_force, words = policy(), _words()[language]
    house = in_force.controller
    text = _template(kind, language).substitute(
        controller="\n".join((house.name, *house.address)),
        date=_day(facts.written_on, words),
        number=facts.number,
        effective=_day(facts.effective_on, words),
        lists=", ".join(facts.lists) or words.none,
        contact=in_force.contact,
        policy=_month(in_force.in_force_on, words),
        reference=in_force.reference,
        name=house.name,
    )
    return "\n".join(_wrapped(line) for line in text.splitlines())


@dataclass(frozen=True, slots=True)
class _Words:
    months: tuple[str, ...]
    first: str
    none: str


@cache
def _words() -> Mapping[Language, _Words]:
    table = tomllib.loads(_FOLDER.joinpath("words.toml").read_text(encoding="utf-8"))
    return {
        each: _Words(tuple(table[each]["months"]), str(table[each]["first"]), str(table[each]["none"]))
        for each in Language
    }


@cache
def _template(kind: LetterKind, language: Language) -> Template:
    return Template(_FOLDER.joinpath(f"{kind}.{language}.txt").read_text(encoding="utf-8"))


def _wrapped(line: str) -> str:
    return textwrap.fill(line, _WIDTH, break_long_words=False, break_on_hyphens=False)


def _day(day: dt.date, words: _Words) -> str:
    return f"{words.first if day.day == 1 else day.day} {_month(day, words)}"


def _month(day: dt.date, words: _Words) -> str:
    return f"{words.months[day.month - 1]} {day.year}"
