"""Checking a letter against the table of what it must contain, and against what no letter may hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from staffdesk.domain.errors import BadInput
from staffdesk.domain.request_moves import Letter
from staffdesk.domain.request_words import LETTERS
from staffdesk.domain.screening import screen
from staffdesk.domain.words import fold
from staffdesk.parameters.shapes import policy
from staffdesk.services.letters.language import Language, months
from staffdesk.services.letters.rules import letter_rules
from staffdesk.services.letters.words import place
from staffdesk.services.letters.writing import Written

_COUNT = r"\d[\d., ]*"
_WORDS = re.compile(r"\w+")
_ONE_WORD = 2
_NUMBER = r"DSR-\d{4}-\d{4,}"


def lint(written: Written, letter: Letter, language: Language) -> tuple[str, ...]:
    """Return the blocks that a letter must contain and does not, by their names in ``letters.toml``."""
    text = _flat(written.text)
    return tuple(
        block
        for block in letter_rules().must_contain(letter)
        if not all(pattern.search(text) for pattern in _patterns(block, language))
    )


def forbidden(written: Written, staff: Iterable[str] = ()) -> str | None:
    """Return what a letter holds that none may, in words, or nothing; ``staff`` are names of employees."""
    text = _flat(f"{written.subject} {written.text}")
    found = screen(text)
    if found is not None:
        return found.what
    for each in letter_rules().never:
        if re.search(each.pattern, text):
            return each.what
    return next(("the name of an employee" for name in staff if _names(name, text)), None)


def check(written: Written, letter: Letter, language: Language, staff: Iterable[str] = ()) -> None:
    """Raise :class:`BadInput` for a letter that lacks a block or holds what none may; nothing of its text is said."""
    missing = lint(written, letter, language)
    if missing:
        raise BadInput(
            f"The letter ({LETTERS[letter]}) lacks what it must contain: {', '.join(missing).replace('_', ' ')}.",
            "Write it again; if that does not help, correct its template.",
        )
    found = forbidden(written, staff)
    if found is not None:
        raise BadInput(
            f"The letter ({LETTERS[letter]}) holds what looks like {found}, which no letter may.",
            "Take it out of what was recorded with the request, then write the letter again.",
        )


def _names(name: str, text: str) -> bool:
    """Say whether a whole name stands in a text, however it is spelt; a name of one word is too common to tell."""
    words, told = (f" {' '.join(_WORDS.findall(fold(each)))} " for each in (name, text))
    return words.count(" ") > _ONE_WORD and words in told


def _flat(text: str) -> str:
    return " ".join(text.split())


@cache
def _patterns(block: str, language: Language) -> tuple[re.Pattern[str], ...]:
    found = []
    for pattern in letter_rules().blocks[block][language]:
        whole = pattern
        for name, stands_for in _stand_ins(language):
            whole = whole.replace(name, stands_for)
        found.append(re.compile(whole))
    return tuple(found)


def _stand_ins(language: Language) -> Iterator[tuple[str, str]]:
    in_force, authority = policy(), letter_rules().authority
    house = in_force.controller
    month = rf"(?:{'|'.join(months(language))}) \d{{4}}"
    yield "<day>", rf"(?:1er|\d{{1,2}}) {month}"
    yield "<month>", month
    yield "<number>", _NUMBER
    yield "<count>", _COUNT
    yield "<house>", re.escape(house.name)
    yield "<address>", re.escape(" ".join(place(language, line) for line in house.address))
    yield "<contact>", re.escape(in_force.contact)
    yield "<reference>", re.escape(in_force.reference)
    told = (authority.name[language], authority.official, authority.address[language])
    yield "<authority>", ".*".join(map(re.escape, (*told, authority.phone, authority.email, authority.web)))
