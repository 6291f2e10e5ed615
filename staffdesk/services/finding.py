"""Finding what was typed: each reading the role may search by, then a part of a word, then the word somebody meant.

A later step is taken only where the one before found nobody whom this employee may receive, so that what is listed,
what is counted and what is suggested never tell of somebody else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import Final

from staffdesk.data.customers.search import MOST_COUNTED, MOST_LOOKED_AT, Search
from staffdesk.data.customers.vocabulary import Vocabulary
from staffdesk.data.transaction import Read
from staffdesk.domain import words
from staffdesk.domain.access import RecordKind
from staffdesk.domain.access_table import ListingLimits, SearchKey
from staffdesk.domain.errors import Denied
from staffdesk.domain.identifiers import Identifier, Recognised, phone_candidates
from staffdesk.domain.matters import Actor
from staffdesk.domain.policy import AccessMatrix
from staffdesk.domain.records import Match
from staffdesk.domain.search_text import KINDS, Asked
from staffdesk.domain.spelling import one_slip_away
from staffdesk.domain.words import NOWHERE, Inside
from staffdesk.services.clearance import Clearance, may_see_country

KEYS: Final = {
    Identifier.EMAIL: (SearchKey.EMAIL,),
    Identifier.ORDER: (SearchKey.ORDER,),
    Identifier.INVOICE: (SearchKey.INVOICE,),
    Identifier.CASE: (SearchKey.CASE,),
    Identifier.REQUEST: (SearchKey.REQUEST,),
    Identifier.SERIAL: (SearchKey.SERIAL,),
    Identifier.MAC: (SearchKey.MAC,),
    Identifier.IP: (SearchKey.IP,),
    Identifier.PHONE: (SearchKey.PHONE,),
    Identifier.WORDS: (SearchKey.NAME, SearchKey.COMPANY),
}
"""By what a reading searches."""

_OF_KIND: Final = {
    RecordKind.ORDER: (SearchKey.ORDER, "sales_order"),
    RecordKind.LICENCE: (SearchKey.SERIAL, "licence"),
    RecordKind.CASE: (SearchKey.CASE, "support_case"),
}
"""What a role must search by, and of which table see the rows, to be listed what people own of a kind."""

_MOST_MISSPELT: Final = 2
_MOST_TRIED: Final = 4
"""Misspelt words in a query, and words tried in the place of each."""


@dataclass(frozen=True, slots=True, repr=False)
class Found:
    """What a search came to: matches to list, or their number alone, or a text that would find somebody.

    ``count`` is None where nothing was counted; ``more`` says that others matched.
    """

    matches: tuple[Match, ...] = ()
    more: bool = False
    count: int | None = None
    suggestion: str = ""


class Finding:
    """One search by one employee; the filters of what is ``asked`` hold for every step."""

    def __init__(self, tx: Read, matrix: AccessMatrix, cleared: Clearance, asked: Asked) -> None:
        """Search in ``tx`` as far as ``cleared`` allows; raises :class:`Denied` for a kind the role may not list."""
        _refuse_kind(matrix, cleared, asked)
        self._tx = tx
        self._limits: ListingLimits = matrix.limits
        self._cleared = cleared
        self._asked = asked
        self._terms = words.terms(asked.text)

    def list(self, readings: Sequence[Recognised]) -> Found:
        """Return what the likeliest reading that finds anybody finds, or a suggestion."""
        for reading in self._exact(readings):
            if found := self._open_to_employee(lambda search, reading=reading: self._identified(search, reading)):
                return self._page(found)
        for names, companies, inside in self._wordings(readings):
            found = self._open_to_employee(lambda search, at=(names, companies, inside): self._worded(search, *at))
            if found:
                return self._page(found)
        return Found(suggestion=self._suggestion(readings))

    def count(self, readings: Sequence[Recognised]) -> Found:
        """As :meth:`list` for a whole identifier; words are counted, and listed where few are left."""
        for reading in self._exact(readings):
            if found := self._open_to_employee(lambda search, reading=reading: self._identified(search, reading)):
                return self._page(found)
        for names, companies, inside in self._wordings(readings):
            number = self._number(names, companies, inside)
            if number > self._limits.listed_while_typing:
                return Found(count=number)
            if number:
                found = self._open_to_employee(lambda search, at=(names, companies, inside): self._worded(search, *at))
                return self._page(found)
        return Found(count=0, suggestion=self._suggestion(readings))

    def _exact(self, readings: Sequence[Recognised]) -> Iterator[Recognised]:
        allowed = self._cleared.keys
        for reading in readings:
            if reading.kind is not Identifier.WORDS and any(key in allowed for key in KEYS[reading.kind]):
                yield reading

    def _fields(self, readings: Sequence[Recognised]) -> tuple[bool, bool]:
        """Say whether words are looked for in names, and whether in organisations' names."""
        is_asked = any(reading.kind is Identifier.WORDS for reading in readings)
        names, companies = (key in self._cleared.keys for key in KEYS[Identifier.WORDS])
        return is_asked and names, is_asked and companies

    def _wordings(self, readings: Sequence[Recognised]) -> Iterator[tuple[bool, bool, Inside]]:
        """Yield the fields and the words to look for: first what begins so, then what has it further on."""
        names, companies = self._fields(readings)
        if names or companies:
            yield names, companies, NOWHERE
            vocabulary = Vocabulary(self._tx, names=names, companies=companies)
            long_enough = [term for term in self._terms if len(term) >= self._limits.letters]
            inside = {term: held for term in long_enough if (held := vocabulary.holding(term))}
            if inside:
                yield names, companies, inside

    def _identified(self, search: Search, reading: Recognised) -> tuple[Match, ...]:
        if reading.kind is Identifier.PHONE:
            return search.by_phone(phone_candidates(reading.value), self._asked)
        return search.by_identifier(reading.kind, reading.value, self._asked)

    def _worded(self, search: Search, names: bool, companies: bool, inside: Inside) -> tuple[Match, ...]:
        return search.by_words(self._terms, names=names, companies=companies, inside=inside, asked=self._asked)
