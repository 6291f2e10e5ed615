"""Finding what was typed: each reading the role may search by, then a part of a word, then the word somebody meant.

A later step is taken only where the one before found nobody whom this employee may receive, so that what is listed,
what is counted and what is suggested never tell of somebody else. Nor is anybody found by the name of a company that
may not be received: being found by it would tell where he works.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import product
from typing import Final

from staffdesk.data.customers.search import MOST_LOOKED_AT, Search
from staffdesk.data.customers.search_companies import Companies
from staffdesk.data.customers.vocabulary import Vocabulary
from staffdesk.data.transaction import Read
from staffdesk.domain import words
from staffdesk.domain.access import Entity, RecordKind
from staffdesk.domain.identifiers import Identifier, Recognised
from staffdesk.domain.phone_numbers import phone_candidates
from staffdesk.domain.policy import AccessMatrix
from staffdesk.domain.records import Match
from staffdesk.domain.search_text import Asked
from staffdesk.domain.spelling import one_slip_away, slips_between
from staffdesk.domain.transfers import rules
from staffdesk.domain.words import Inside, sort_name, words_of
from staffdesk.services.clearance import Clearance, may_see_country
from staffdesk.services.held_rows import listable, reads_contested
from staffdesk.services.listings import receivable
from staffdesk.services.searched_by import KEYS, refuse_kind

_HOME: Final = Entity.BE
"""Whoever may not receive what is held of people where this company sits does not receive all: he is shown no word of
the vocabulary, and no number of people whose companies were not looked at."""

_MOST_MISSPELT: Final = 2
_MOST_TRIED: Final = 4
"""Misspelt words in a query, and words tried in the place of each."""
_TWO: Final = 2
_BEGINNING: Final = 2
_LONG: Final = 6
"""Slips looked for in a word of so many letters, whose first ones were typed as they are."""
_ENOUGH: Final = MOST_LOOKED_AT + 1
"""How many a word must find for no other one to be a better suggestion: a list would look at no more."""


@dataclass(frozen=True, slots=True, repr=False)
class Found:
    """What a search came to: matches to list, or their number alone, or a text that would find somebody.

    ``count`` is None where nothing was counted; ``more`` says that others matched.
    """

    matches: tuple[Match, ...] = ()
    more: bool = False
    count: int | None = None
    suggestion: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class _Words:
    """The words to look for and the fields to look in."""

    terms: tuple[str, ...]
    names: bool
    companies: bool
    inside: Inside = field(default_factory=dict)
    inside_companies: Inside = field(default_factory=dict)

    def are_of_name(self, match: Match) -> bool:
        """Say whether they are all found in the person's own name, so that his company need not be known."""
        held = words_of(match.given_name, match.family_name).split()
        return self.names and all(
            any(word.startswith(term) or word in self.inside.get(term, ()) for word in held) for term in self.terms
        )


class Finding:
    """One search by one employee; the filters of what is ``asked`` hold for every step."""

    def __init__(self, tx: Read, matrix: AccessMatrix, cleared: Clearance, asked: Asked) -> None:
        """Search in ``tx`` as far as ``cleared`` allows; raises :class:`Denied` for a kind the role may not list."""
        refuse_kind(matrix, cleared, asked)
        self._tx = tx
        self._limits = matrix.limits
        self._cleared = cleared
        self._asked = asked

    def list(self, readings: Sequence[Recognised]) -> Found:
        """Return what the likeliest reading that finds anybody finds, or a suggestion."""
        if self._asked.kind is RecordKind.ORGANISATION:
            companies = self._companies(readings, self._limits.rows)
            return companies if companies.matches else Found(suggestion=self._suggestion(readings))
        if found := self._by_identifiers(readings):
            return found
        for wording in self._wordings(readings):
            if found := self._by_words(wording):
                return found
        return Found(suggestion=self._suggestion(readings))

    def count(self, readings: Sequence[Recognised]) -> Found:
        """As :meth:`list` for a whole identifier; words are counted, and listed where few are left."""
        if self._asked.kind is RecordKind.ORGANISATION:
            companies = self._companies(readings, self._limits.counted)
            number = len(companies.matches) + companies.more
            few = number <= self._limits.listed_while_typing
            return replace(companies, matches=companies.matches if few else (), count=number)
        if found := self._by_identifiers(readings):
            return found
        for wording in self._wordings(readings):
            number = self._number(wording, self._limits.counted + 1)
            if number > self._limits.listed_while_typing:
                return Found(count=number)
            if number and (found := self._by_words(wording)):
                return replace(found, count=number)
        return Found(count=0, suggestion=self._suggestion(readings))

    def _companies(self, readings: Sequence[Recognised], most: int) -> Found:
        """Return the companies whose name begins with what was typed, then those that have its words further on.

        A part of a word is looked for where neither finds one. That nobody belongs to them is no matter.
        """
        name = sort_name(self._asked.text)
        found = self._sought(most).named(name) if len(name) >= self._limits.letters else ()
        for wording in self._wordings(readings):
            found = tuple(dict.fromkeys((*found, *self._of_company(wording, most))))
            if found:
                break
        known = listable(self._tx, self._cleared, receivable(found, self._cleared))
        return Found(matches=known[:most], more=len(known) > most)

    def _of_company(self, wording: _Words, most: int) -> tuple[Match, ...]:
        asked = (wording.terms, wording.inside_companies, MOST_LOOKED_AT)
        return self._sought(most).worded(*asked) if wording.companies else ()

    def _sought(self, most: int) -> Companies:
        return Companies(self._tx, self._asked, most + 1, contested=reads_contested(self._cleared))

    def _by_identifiers(self, readings: Sequence[Recognised]) -> Found | None:
        for reading in readings:
            if reading.kind is Identifier.WORDS or not any(key in self._cleared.keys for key in KEYS[reading.kind]):
                continue
            if found := self._whom_he_may_receive(partial(self._identified, reading)):
                return found
        return None

    def _by_words(self, wording: _Words) -> Found | None:
        return self._whom_he_may_receive(partial(self._worded, wording), wording)

    def _whom_he_may_receive(
        self, ask: Callable[[Search], tuple[Match, ...]], wording: _Words | None = None
    ) -> Found | None:
        """List those this employee's company may receive: a list is a transfer too.

        Where some may not be received, as many are looked at as are counted, so that they take nobody's place; that
        there are others is said of those alone who may be.
        """
        rows = self._limits.rows
        found = ask(Search(self._tx, rows))
        listed = self._receivable(found, wording)
        if len(listed) < len(found) and len(found) > rows:
            looked_at = self._limits.counted + 1
            found = ask(Search(self._tx, looked_at, looked_at))
            listed = self._receivable(found, wording)
        if not listed:
            return None
        return Found(matches=listed[:rows], more=len(listed) > rows)

    def _receivable(self, found: tuple[Match, ...], wording: _Words | None) -> tuple[Match, ...]:
        """Leave out also who was found by words of a company whose name this employee does not receive."""
        listed = listable(self._tx, self._cleared, receivable(found, self._cleared))
        if wording is None or not wording.companies:
            return listed
        employed = {(match.kind, match.id) for match in found if match.company is not None}
        return tuple(
            match
            for match in listed
            if match.company is not None or (match.kind, match.id) not in employed or wording.are_of_name(match)
        )

    def _identified(self, reading: Recognised, search: Search) -> tuple[Match, ...]:
        if reading.kind is Identifier.PHONE:
            return search.by_phone(phone_candidates(reading.value), self._asked)
        return search.by_identifier(reading.kind, reading.value, self._asked)

    def _worded(self, wording: _Words, search: Search) -> tuple[Match, ...]:
        return search.by_words(
            wording.terms,
            names=wording.names,
            companies=wording.companies,
            inside=wording.inside,
            inside_companies=wording.inside_companies,
            asked=self._asked,
        )

    def _number(self, wording: _Words, most: int) -> int:
        """Count, of the first so many matches by number, those of whom this employee would be shown a row."""
        if self._asked.kind is RecordKind.ORGANISATION:
            return len(self._of_company(wording, most))
        if wording.companies and not self._receives_all:
            # Whose company may not be received cannot be told from numbers.
            return len(self._receivable(self._worded(wording, Search(self._tx, most, most)), wording))
        search = Search(self._tx, self._limits.rows, most)
        numbers = search.count_words(
            wording.terms,
            names=wording.names,
            companies=wording.companies,
            inside=wording.inside,
            inside_companies=wording.inside_companies,
            asked=self._asked,
            by_country=not self._receives_all,
        )
        return sum(number for country, number in numbers.items() if self._may_see(country))

    def _wordings(self, readings: Sequence[Recognised]) -> Iterator[_Words]:
        """Yield the words to look for: first what begins so, then what has it further on."""
        wording = self._words(readings)
        if wording is None:
            return
        yield wording
        if not self._receives_all:
            return
        vocabulary = self._vocabulary(wording)
        held = {term: vocabulary.holding(term) for term in wording.terms if len(term) >= self._limits.letters}
        names, companies = ({part: each[at] for part, each in held.items() if each[at]} for at in (0, 1))
        if names or companies:
            yield replace(wording, inside=names, inside_companies=companies)

    def _suggestion(self, readings: Sequence[Recognised]) -> str:
        """Return the text that was meant, where a word that nobody has is near to one that finds somebody.

        Of several the one that finds most; the first that finds more than a list looks at is taken as it is. Where
        nobody has all the words, the one of them that finds fewest.
        """
        wording = self._words(readings)
        if wording is None or not self._receives_all:
            return ""
        vocabulary = self._vocabulary(wording)
        misspelt = [term for term in wording.terms if not vocabulary.begins(term)]
        if not 0 < len(misspelt) <= _MOST_MISSPELT:
            return ""
        near = {term: _near(term, vocabulary) if term in misspelt else (term,) for term in wording.terms}
        best = self._most_found(wording, near) or self._fewest_found(wording, near)
        return self._asked.instead(best) if best else ""

    def _most_found(self, wording: _Words, near: Mapping[str, Sequence[str]]) -> str:
        best, most = "", 0
        for terms in product(*(near[term] for term in wording.terms)):
            number = self._number(replace(wording, terms=terms), _ENOUGH)
            if number > most:
                best, most = " ".join(terms), number
            if number >= _ENOUGH:
                break
        return best

    def _fewest_found(self, wording: _Words, near: Mapping[str, Sequence[str]]) -> str:
        """Return the word by which alone fewest are found; one that many have tells of nobody."""
        alone = [word for term in wording.terms for word in near[term]] if len(wording.terms) > 1 else []
        found = {word: self._number(replace(wording, terms=(word,)), _ENOUGH) for word in alone}
        return min((word for word in alone if 0 < found[word] < _ENOUGH), key=found.__getitem__, default="")

    def _words(self, readings: Sequence[Recognised]) -> _Words | None:
        """Return the words and the fields in which this role looks for words, if there are any."""
        names, companies = (key in self._cleared.keys for key in KEYS[Identifier.WORDS])
        names = names and self._asked.kind is not RecordKind.ORGANISATION
        if not (names or companies):
            return None
        values = [reading.value for reading in readings if reading.kind is Identifier.WORDS]
        return _Words(words.terms(values[0]), names, companies) if values else None

    def _vocabulary(self, wording: _Words) -> Vocabulary:
        return Vocabulary(self._tx, names=wording.names, companies=wording.companies)

    @property
    def _receives_all(self) -> bool:
        return self._may_see(rules().entities[_HOME].country)

    def _may_see(self, country: str | None) -> bool:
        actor = self._cleared.actor
        return actor is not None and may_see_country(actor, country).allowed


def _near(term: str, vocabulary: Vocabulary) -> Sequence[str]:
    """Return a few words that may have been meant: at one slip, else at two from a longer word that begins alike."""
    if found := vocabulary.among(one_slip_away(term)):
        return _likeliest(term, found)
    if len(term) < _LONG:
        return ()
    alike = vocabulary.beginning(term[:_BEGINNING], len(term) - _TWO, len(term) + _TWO)
    return _likeliest(term, [word for word in alike if slips_between(term, word, _TWO) <= _TWO])


def _likeliest(term: str, near: Sequence[str]) -> Sequence[str]:
    """Return a few words: those that begin alike first, then those as long."""
    return sorted(near, key=lambda word: (word[0] != term[0], abs(len(word) - len(term)), word))[:_MOST_TRIED]
