"""What staff wrote, as whoever reviews the log may read it: a customer's identifiers give way to his number."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Final

from staffdesk.audit.entry import Core
from staffdesk.data.customers.reading import Reading
from staffdesk.data.entries import Entries
from staffdesk.data.entry_pages import Selection
from staffdesk.data.transaction import Read
from staffdesk.domain.access import Act
from staffdesk.domain.name_parts import parts_of, rules, with_initials
from staffdesk.domain.reviews import rules as rules_of_review
from staffdesk.domain.words import cut, fold

SHORTEST: Final = 3
"""Letters and digits an identifier has at least to be looked for within an address: a shorter one stands in many."""
SHORTEST_WORD: Final = 2
_LONG: Final = 6
"""From so many letters on words that are written together or apart are one name: of fewer, "as a" would be Asa."""
_SHOWN: Final = (
    Act.CUSTOMER_OPENED.value, Act.CUSTOMER_REVEALED.value, Act.CUSTOMER_COPIED.value, Act.CUSTOMER_HISTORY.value,
    Act.CUSTOMER_LISTED.value,
)  # fmt: skip
_SESSION_MS: Final = 12 * 60 * 60 * 1000
"""No session lasts longer than a working day."""
_MINUTE_MS: Final = 60_000
_MOST_ENTRIES, _MOST_OTHERS = 500, 300
_SYLLABIC: Final = "\u3005"
"""From here on in Unicode a sign is a syllable or a word: kana, Han and Hangul."""
_IPV4: Final = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
_ADDRESS: Final = re.compile(r"([^\s<>()\[\],;:\"@]+)@[^\W_](?:[\w.-]*[^\W_])?")


def identifiers_of(tx: Read, customers: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """Return what each of these people is found by, by customer number."""
    reading = Reading(tx)
    return {number: reading.identifiers(number) for number in customers}


def shown_beside(tx: Read, looks: Iterable[Core], known: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Return by what the others are named whom an employee was shown in the sessions of these looks of his.

    And around them, whatever the session, since each call of the command line is one. Of whom he opened it is all that
    he is found by, of whom he had on a list only what is long enough to be nobody else's. Those ``known`` are left
    out, and whom nobody knows any more.
    """
    opened, listed = dict[str, None](), dict[str, None]()
    for wanted in _selections(tuple(looks)):
        for core in Entries(tx).page(wanted, None, _MOST_ENTRIES).cores:
            (listed if core.act == Act.CUSTOMER_LISTED else opened).update(dict.fromkeys(core.obj))
    aids = [*opened, *(aid for aid in listed if aid not in opened)]
    numbers = {aid: number for aid, number in Entries(tx).customers(aids).items() if number not in known}
    found = identifiers_of(tx, [numbers[aid] for aid in aids if aid in numbers][:_MOST_OTHERS])
    met = {numbers[aid] for aid in opened if aid in numbers}
    return {
        number: values if number in met else tuple(each for each in values if len(_bare(each)) >= _LONG)
        for number, values in found.items()
    }


def _selections(looks: Sequence[Core]) -> Iterator[Selection]:
    """Yield what to read: the sessions of these entries, and the time around them, joined where it meets."""
    spans: dict[tuple[str, str], tuple[int, int]] = {}
    around = rules_of_review().named_minutes * _MINUTE_MS
    times: dict[str, list[tuple[int, int]]] = {}
    for core in sorted(looks, key=lambda each: each.t):
        if core.actor is None:
            continue
        if core.sid is not None:
            first, last = spans.get((core.actor, core.sid), (core.t, core.t))
            spans[core.actor, core.sid] = (min(first, core.t), max(last, core.t))
        known = times.setdefault(core.actor, [])
        since, until = core.t - around, core.t + around
        if known and since <= known[-1][1]:
            since, _ = known.pop()
        known.append((since, until))
    for (actor, sid), (first, last) in spans.items():
        yield Selection(actor=actor, sid=sid, acts=_SHOWN, since=first - _SESSION_MS, until=last + _SESSION_MS)
    for actor, each in times.items():
        yield from (Selection(actor=actor, acts=_SHOWN, since=since, until=until) for since, until in each)


def redacted(text: str, identifiers: Mapping[int, Iterable[str]]) -> str:
    """Return ``text`` with each identifier replaced by "customer N".

    Compared folded, letters and digits alone: a reference is kept without its spaces, and a name typed without its
    accents is the same name. A name counts where it stands as whole words, with initials or as what is his (*Duponts*)
    too, and a part of it where it begins with a capital; one of signs that are words themselves anywhere. An e-mail
    address that holds one gives way whole.
    """
    bare = _bare(text)
    for number, values in identifiers.items():
        wanted = sorted({each for each in values if _bare(each) in bare}, key=lambda each: (-len(_bare(each)), each))
        instead = f"customer {number}"
        text = _ADDRESS.sub(partial(_whole_address, wanted, instead), text)
        for value in wanted:
            text = _without(text, value, instead)
        for part in dict.fromkeys(part for value in values if not _has_digit(value) for part in parts_of(value)):
            text = _without(text, part, instead, capital=True) if part in bare else text
    return text


def _whole_address(identifiers: Sequence[str], instead: str, address: re.Match[str]) -> str:
    return instead if _is_of(address, identifiers) else address[0]


def _is_of(address: re.Match[str], identifiers: Iterable[str]) -> bool:
    local, whole = _bare(address[1]), _bare(address[0])
    for each in identifiers:
        value = _bare(each)
        if (len(value) >= SHORTEST and value in local) or (len(value) >= _LONG and value in whole):
            return True
        if _without(address[0], each, "") != address[0]:
            return True
    return False


def _without(text: str, identifier: str, instead: str, *, capital: bool = False) -> str:
    """Replace an identifier wherever it stands; with ``capital`` only where it begins with one."""
    value, signs = _bare(identifier), list(_places(identifier))
    if len(value) < SHORTEST_WORD and not value >= _SYLLABIC:
        return text
    apart = {at for at in range(1, min(len(value), len(signs))) if signs[at][1] - signs[at - 1][1] > 1}
    is_name = not _has_digit(value)
    capital = capital or value in rules().everyday
    everyday = rules().everyday | rules().particles >= set(cut(identifier))
    anywhere = len(value) >= _LONG or not is_name or value >= _SYLLABIC
    places = list(_places(text))
    bare = "".join(char for char, _ in places)
    parts: list[str] = []
    kept, at = 0, bare.find(value)
    while at >= 0:
        found = [place for _, place in places[at : at + len(value)]]
        begin, end = found[0], found[-1] + 1
        gaps = {n for n in range(1, len(found)) if any(map(_parts_words, text[found[n - 1] + 1 : found[n]]))}
        if is_name:
            end = _its_end(text, begin, end, value)
        whole = value >= _SYLLABIC or not (_goes_on(text[:begin][-1:]) or _goes_on(text[end : end + 1]))
        fits = gaps == apart if _is_ip(identifier) else anywhere or gaps <= apart
        if whole and fits and not (is_name and _is_a_word(text, begin, end, capital, everyday)):
            begin, end = with_initials(text, begin, end) if is_name else (begin, end)
            parts += [text[kept : max(kept, begin)], instead]
            kept = end
            at = bare.find(value, at + len(value))
        else:
            at = bare.find(value, at + 1)
    return "".join([*parts, text[kept:]])


def _its_end(text: str, begin: int, end: int, name: str) -> int:
    """Return where a name ends, with the ending that says that something is his."""
    for ending in rules().endings if len(name) >= rules().ends_from and _is_capital(text[begin]) else ():
        behind = end + len(ending)
        if fold(text[end:behind]) == ending and not _goes_on(text[behind : behind + 1]):
            return behind
    return end


def _is_a_word(text: str, begin: int, end: int, capital: bool, everyday: bool) -> bool:
    """Say whether what is written as a name is a word of every day, or begins one: *wit-balans*."""
    if _is_capital(text[begin]) or not text[begin].isalpha() or text[begin].upper() == text[begin]:
        return False
    return capital or (everyday and text[end : end + 1] == "-" and text[end + 1 : end + 2].isalpha())


def _is_capital(sign: str) -> bool:
    return sign != sign.lower()


def _has_digit(value: str) -> bool:
    return any(char.isdigit() for char in value)


def _is_ip(identifier: str) -> bool:
    """Say whether it is an IPv4 address: its digits alone stand in many a date and count."""
    return _IPV4.fullmatch(identifier) is not None


def _parts_words(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "ZPSC" and unicodedata.category(sign) != "Cf"


def _goes_on(beside: str) -> bool:
    """Whether a word goes on with this sign; one of the signs that are words themselves is another word."""
    return beside.isalnum() and beside < _SYLLABIC


def _places(text: str) -> Iterator[tuple[str, int]]:
    for place, char in enumerate(text):
        for folded in _bare(char):
            yield folded, place


def _bare(text: str) -> str:
    return "".join(char for char in fold(text) if char.isalnum())
