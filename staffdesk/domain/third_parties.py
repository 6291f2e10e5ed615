"""Other people in a text: their names, addresses and numbers found one by one, each to be hidden or left (Art. 15(4)).

Nothing here knows the desk's people: whoever asks says which words are names and whose they are. What is found is
where something stands and what kind of thing it is, never whom it is about.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from staffdesk.domain.errors import BadInput
from staffdesk.domain.identifiers import (
    normal_email,
)
from staffdesk.domain.name_parts import parts_of, with_initials
from staffdesk.domain.name_parts import rules as name_rules
from staffdesk.domain.names_in_text import Word, runs, words_with_places
from staffdesk.domain.numbers_in_text import bare_serial, ip_addresses, macs, serials
from staffdesk.domain.phone_numbers import normal_phone, phone_candidates
from staffdesk.domain.words import cut, words_of

_NOT_IN_AN_EMAIL = re.compile(r"[\s@<>\"(),:;\\\[\]{}/|=]")
_AFTER_AN_EMAIL = ".!?'\u2019"
_LONGEST_EMAIL_PART = 320
_ABROAD = re.compile(r"(?<![\w+])(?:\+|00)\s?\(?\d(?:[\s./()-]{0,2}\d){6,14}(?!\d)")
_DIGITS = re.compile(r"(?<!\w)[+(]{0,2}\d[\d\s./()+-]{4,}\d")
_FEWEST_DIGITS: Final = 6
_TIES: Final = frozenset({" ", "-", "'", "\u2019", " '", " \u2019"})
_OF_THE_DESK = re.compile(r"(?<!\w)(?:DSR|C)-\d{4}-\d{4,9}$")
"""Where a number of a case or request ends: its year and count could be a telephone's."""


class ThirdKind(StrEnum):
    """What of another person stands in a text."""

    NAME = "name"
    EMPLOYEE = "employee"
    EMAIL = "email"
    PHONE = "phone"
    MAC = "mac"
    IP = "ip"
    SERIAL = "serial"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a text, from ``start`` up to ``end``, and what stands there."""

    start: int
    end: int
    kind: ThirdKind


@dataclass(frozen=True, slots=True, repr=False)
class Own:
    """What is the person's own and is never another's, in the form in which it is compared.

    ``names`` are the folded words of his name, ``values`` his addresses and numbers.
    """

    names: frozenset[str] = frozenset()
    values: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, repr=False)
class Known:
    """Who else is known; a name is as :func:`staffdesk.domain.words.words_of` has it.

    ``in_names`` are the words that are in somebody's name at all; ``people`` and ``employees`` whole names. ``near``
    are single words of names of those who are likely to be meant, and ``staff`` of employees: they count where they
    begin with a capital. ``numbers`` are serials and IP addresses of others, ``addresses`` e-mail addresses of
    employees, ``nobodys`` addresses and numbers that are no person's. After ``titles`` stands a name; national
    telephone numbers are recognised of ``regions``.
    """

    in_names: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    employees: frozenset[str] = frozenset()
    near: frozenset[str] = frozenset()
    staff: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()
    nobodys: frozenset[str] = frozenset()
    titles: frozenset[str] = frozenset()
    regions: tuple[str, ...] = ()


def words_in(text: str) -> frozenset[str]:
    """Return every folded word of a text, to ask which of them are in somebody's name."""
    return frozenset(folded for word in words_with_places(text) for folded in (*word.folded, *word.base))


def possible_names(text: str, in_names: Collection[str]) -> frozenset[str]:
    """Return what may be a whole name in a text."""
    return frozenset(run.name for run in runs(text, words_with_places(text), in_names))


def find(text: str, own: Own, known: Known) -> tuple[Mark, ...]:
    """Return what of other people stands in a text, in its order, no two overlapping."""
    return joined((*_emails(text, own, known), *_phones(text, own, known), *_numbers(text, own, known),
                   *_names(text, own, known)))  # fmt: skip


def find_words(text: str, phrase: str) -> tuple[Mark, ...]:
    """Return where a phrase that somebody named stands in a text as whole words, whatever its case and accents."""
    wanted = tuple(folded for word in words_with_places(phrase) for folded in word.folded)
    flat = [(word, folded) for word in words_with_places(text) for folded in word.folded]
    places = range(len(flat) - len(wanted) + 1) if wanted else ()
    return joined(
        Mark(flat[at][0].start, flat[at + len(wanted) - 1][0].end, ThirdKind.WORDS)
        for at in places
        if tuple(folded for _, folded in flat[at : at + len(wanted)]) == wanted
    )


def whole(text: str, own: Own) -> tuple[Mark, ...]:
    """Return the whole of a text that is somebody's name, unless a word of it is of the person's own name."""
    words = words_in(text)
    return () if not words or words & own.names else (Mark(0, len(text), ThirdKind.NAME),)


def redacted(text: str, marks: Iterable[Mark], instead: Mapping[ThirdKind, str]) -> str:
    """Return a text with each place hidden behind the words for its kind."""
    parts: list[str] = []
    kept = 0
    for mark in joined(marks):
        parts += [text[kept : mark.start], instead[mark.kind]]
        kept = mark.end
    return "".join([*parts, text[kept:]])


def joined(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """Return marks in order; those that overlap become one, of the kind of the longest, so that no part is left."""
    found: list[Mark] = []
    longest = 0
    for mark in sorted(marks, key=lambda each: (each.start, -each.end)):
        length = mark.end - mark.start
        if not found or mark.start >= found[-1].end:
            found.append(mark)
            longest = length
            continue
        last = found[-1]
        found[-1] = Mark(last.start, max(last.end, mark.end), mark.kind if length > longest else last.kind)
        longest = max(longest, length)
    return tuple(found)


def _emails(text: str, own: Own, known: Known) -> Iterator[Mark]:
    at = text.find("@")
    while at >= 0:
        before = text[max(0, at - _LONGEST_EMAIL_PART) : at]
        after = text[at + 1 : at + 1 + _LONGEST_EMAIL_PART]
        left = 0 if _NOT_IN_AN_EMAIL.match(before[-1:]) else len(_NOT_IN_AN_EMAIL.split(before)[-1])
        right = len(_NOT_IN_AN_EMAIL.split(after, maxsplit=1)[0].rstrip(_AFTER_AN_EMAIL))
        if left and right:
            mark = (at - left, at + 1 + right)
            try:
                address = normal_email(text[slice(*mark)])
            except BadInput:
                address = ""
            if address not in own.values and address not in known.nobodys:
                yield Mark(*mark, ThirdKind.EMPLOYEE if address in known.addresses else ThirdKind.EMAIL)
        at = text.find("@", at + 1)


def _phones(text: str, own: Own, known: Known) -> Iterator[Mark]:
    for found in _DIGITS.finditer(text):
        if sum(map(str.isdigit, found[0])) < _FEWEST_DIGITS or _OF_THE_DESK.search(text, 0, found.end()):
            continue
        for start, end in _placed(found[0], known.regions):
            if not phone_forms(found[0][start:end], known.regions) & (own.values | known.nobodys):
                yield Mark(found.start() + start, found.start() + end, ThirdKind.PHONE)


def _placed(digits: str, regions: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
    """Return where telephone numbers stand among digits and what stands between them."""
    import phonenumbers  # noqa: PLC0415 - 0.2 s, and most texts hold no telephone number

    places = {each.span() for each in _ABROAD.finditer(digits)}
    for region in regions:
        places |= {(each.start, each.end) for each in phonenumbers.PhoneNumberMatcher(digits, region)}
    return tuple(sorted(places))


def phone_forms(typed: str, regions: tuple[str, ...]) -> frozenset[str]:
    """Return all a telephone number may be compared as."""
    placed = {normal_phone(typed, region) for region in regions}
    return frozenset({*phone_candidates(typed, regions), *placed} - {None})  # type: ignore[arg-type] # None is out


def _numbers(text: str, own: Own, known: Known) -> Iterator[Mark]:
    for place, value in macs(text):
        if value not in own.values:
            yield Mark(*place, ThirdKind.MAC)
    for place, value in ip_addresses(text):
        if value in known.numbers and value not in own.values:
            yield Mark(*place, ThirdKind.IP)
    wanted = {bare_serial(each) for each in known.numbers} - {bare_serial(each) for each in own.values}
    for place, value in serials(text) if wanted else ():
        if value in wanted:
            yield Mark(*place, ThirdKind.SERIAL)


def _names(text: str, own: Own, known: Known) -> Iterator[Mark]:
    words = words_with_places(text)
    mine = words_of(" ".join(own.names))
    ends: dict[str, int] = {}
    for run in runs(text, words, known.in_names | known.staff):
        # "Maria Jansen, Maria" names her once in full: the name backwards, from its second word on, is not another.
        if run.name == mine or run.start < ends.get(run.name, 0):
            continue
        if run.name in known.employees or run.name in known.people:
            kind = ThirdKind.EMPLOYEE if run.name in known.employees else ThirdKind.NAME
            yield Mark(*with_initials(text, run.start, run.end), kind)
            ends[run.name] = run.end
    for at, word in enumerate(words):
        if word.capital and not word.initial and not _is_of(word, own.names) and not _is_particle(word):
            yield from _alone(text, words, at, known)
    for at, word in enumerate(words):
        if "".join(word.folded) in known.titles:
            yield from _titled(text, word, words[at + 1 : at + 3], own)


def _alone(text: str, words: Sequence[Word], at: int, known: Known) -> Iterator[Mark]:
    """Yield a word by which one is called who is likely to be meant, or anybody's where initials stand before it."""
    word = words[at]
    # "appel de Marie": written small, it is no part of her name, unless initials stand before it.
    place = with_initials(text, far := _start(text, words[: at + 1], small=True), word.end)
    if place[0] == far:
        place = with_initials(text, far := _start(text, words[: at + 1], small=False), word.end)
    if _is_of(word, known.staff):
        yield Mark(*place, ThirdKind.EMPLOYEE)
    elif _is_of(word, known.near) or (place[0] < far and _is_of(word, known.in_names)):
        yield Mark(*place, ThirdKind.NAME)


def _start(text: str, words: Sequence[Word], *, small: bool) -> int:
    """Return where the name begins that the last word ends: with the particles before it, or those with a capital."""
    start = words[-1].start
    for before in reversed(words[:-1]):
        if not (small or before.capital) or not _is_particle(before) or text[before.end : start] not in _TIES:
            break
        start = before.start
    return start


def _is_of(word: Word, names: Collection[str]) -> bool:
    return any(all(folded in names for folded in each) for each in (word.folded, word.base) if each)


def _is_particle(word: Word) -> bool:
    return all(folded in name_rules().particles for folded in word.folded)


def _titled(text: str, title: Word, after: Sequence[Word], own: Own) -> Iterator[Mark]:
    """Yield the name after a title: one word with a capital, or two."""
    named: list[Word] = []
    for each in after:
        between = text[(named[-1] if named else title).end : each.start]
        allowed = {" ", "-", "'", "\u2019"} if named else {". "} if title.initial else {" ", ". "}
        if not each.capital or between not in allowed:
            break
        named.append(each)
    if named and not any(own.names.issuperset(each.folded) for each in named):
        yield Mark(named[0].start, named[-1].end, ThirdKind.NAME)


def folded_words(*texts: str | None) -> frozenset[str]:
    """Return the folded words of names, whole and in parts."""
    found = frozenset(words_of(*texts).split()) | frozenset(word for text in texts if text for word in cut(text))
    return found | frozenset(part for text in texts if text for part in parts_of(text))
