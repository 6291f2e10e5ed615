"""Both databases find the same people in the same order, which is the order a plain reading of the rule gives.

Seen to fail: with FTS5 cutting by its own ``unicode61`` instead of at spaces, and with 150 names looked at on one of
the two databases instead of 200; with the terms never split between name and organisation; with words that begin with
a part among those by trigram.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from staffdesk.data.customers.search import Search
from staffdesk.data.customers.vocabulary import Vocabulary
from staffdesk.data.database import Database
from staffdesk.data.log import Event, Log
from staffdesk.data.ticket import Ticket
from staffdesk.domain.access import Act
from staffdesk.domain.words import sort_name, terms, usable, words_of
from tests import databases, factories
from tests.data import search_corpus
from tests.data.test_vocabulary import fit
from tests.databases import Place

BOUND = 200
ROWS = 20
CHUNK = 250


@dataclass(frozen=True)
class Desks:
    """The same people on both databases, under the same numbers."""

    both: tuple[Database, Database]
    places: tuple[Place, Place]

    def ask(self, asked: Sequence[str], *, names: bool = True, companies: bool = True) -> list[list[int]]:
        found: list[list[int]] = []
        for database in self.both:
            with database.read(ticket_of(database)) as tx:
                matches = Search(tx, ROWS).by_words(asked, names=names, companies=companies)
            found.append([match.id for match in matches])
        return found


def ticket_of(database: Database) -> Ticket:
    with database.append() as tx:
        return Log(tx, "2024-10").append(Event(act=Act.CUSTOMER_SEARCH))


@pytest.fixture(scope="module")
def desks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desks]:
    with databases.fresh_postgres() as server:
        places = (databases.fresh_sqlite(tmp_path_factory.mktemp("same")), server)
        both = (places[0].open(), places[1].open())
        houses = [factories.organisation(name) for name in search_corpus.companies()]
        crowd = [
            factories.person(given_name=first, family_name=last, organisation_id=None if house is None else house + 1)
            for first, last, house in search_corpus.people()
        ]
        for database in both:
            with factories.writing(database) as pen:
                assert pen.add(houses) == tuple(range(1, len(houses) + 1))
            for at in range(0, len(crowd), CHUNK):
                with factories.writing(database) as pen:
                    assert pen.add(crowd[at : at + CHUNK])[0] == at + 1
        yield Desks((both[0], both[1]), places)
        for database in both:
            database.close()


class Reading:
    """The rule as it is written, on lists: first 200 by number, of those by folded name, then number.

    Each term is looked for in the name and in the organisation's, whichever has it: nothing is split here.
    """

    def __init__(self) -> None:
        self._houses = [words_of(name).split() for name in search_corpus.companies()]
        self._people = [
            (number, words_of(first, last).split(), house, _name(first, last, number))
            for number, (first, last, house) in enumerate(search_corpus.people(), 1)
        ]

    def find(self, asked: Sequence[str], *, names: bool, companies: bool) -> list[int]:
        found = [each for each in self._people if _has(self._words(each[1], each[2], names, companies), asked)][:BOUND]
        return [each[0] for each in sorted(found, key=lambda each: (each[3].encode(), each[0]))][: ROWS + 1]

    def _words(self, own: Sequence[str], house: int | None, names: bool, companies: bool) -> Sequence[str]:
        employed = self._houses[house] if companies and house is not None else []
        return [*(own if names else []), *employed]


def _name(first: str | None, last: str | None, number: int) -> str:
    assert first or last, number
    return sort_name(" ".join(part for part in (last, first) if part))


def _has(words: Sequence[str], asked: Sequence[str]) -> bool:
    return all(any(word.startswith(term) for word in words) for term in asked)


def test_the_kept_queries_are_those_of_the_generator() -> None:
    kept = search_corpus.kept_queries()
    assert len(kept) == search_corpus.QUERIES
    assert kept == search_corpus.make_queries()


def test_both_databases_answer_the_kept_queries_alike(desks: Desks) -> None:
    rule, answered, tied, full = Reading(), 0, 0, 0
    for query in search_corpus.kept_queries():
        asked = terms(query)
        if not usable(asked):
            continue
        here, there = desks.ask(asked)
        assert here == there, query
        assert here == rule.find(asked, names=True, companies=True), query
        answered += bool(here)
        full += len(here) > ROWS
        tied += len(here) > 1
    assert answered > 200
    assert full > 20
    assert tied > 100


@pytest.mark.parametrize(("names", "companies"), [(True, False), (False, True)])
def test_names_and_companies_apart(names: bool, companies: bool, desks: Desks) -> None:
    rule = Reading()
    for query in search_corpus.kept_queries()[::10]:
        asked = terms(query)
        if usable(asked):
            here, there = desks.ask(asked, names=names, companies=companies)
            assert here == there == rule.find(asked, names=names, companies=companies), query


def test_a_name_and_a_company_together_find_who_works_there(desks: Desks) -> None:
    """Any order, up to more words than are tried in every order."""
    rule, tried, longest = Reading(), 0, 0
    houses = search_corpus.companies()
    for first, last, house in search_corpus.people()[:400:8]:
        if first and last and house is not None:
            for text in (f"{last} {houses[house]}", f"{houses[house]} {first} {last}"):
                asked = terms(text)
                here, there = desks.ask(asked)
                assert here == there == rule.find(asked, names=True, companies=True), text
                assert here
                tried, longest = tried + 1, max(longest, len(asked))
    assert tried > 20
    assert longest > 4


def test_a_part_of_a_name_beside_a_company_finds_who_works_there(desks: Desks) -> None:
    """The part is of a word that begins otherwise, so that the words which hold it are asked for beside what begins."""
    tried, houses = 0, search_corpus.companies()
    called = sorted({word for first, last, _ in search_corpus.people() for word in words_of(first, last).split()})
    for number, (first, last, house) in enumerate(search_corpus.people()[:600:12], 0):
        long = [word for word in words_of(first, last).split() if len(word) > 4]
        if not long or house is None:
            continue
        part, employed = long[0][1:5], words_of(houses[house]).split()[0]
        inside = {part: [word for word in called if part in word[1:]][:BOUND]}
        found = []
        for database in desks.both:
            with database.read(ticket_of(database)) as tx:
                search = Search(tx, 10**4, 10**4)
                met = search.by_words([part, employed], names=True, companies=True, inside=inside)
            found.append([match.id for match in met])
        assert found[0] == found[1], (part, employed)
        assert number * 12 + 1 in found[0], (part, employed)
        tried += 1
    assert tried > 10


@pytest.mark.parametrize("bound", [20, 1001])
def test_as_many_are_counted_as_are_of_all_countries_together(bound: int, desks: Desks) -> None:
    for query in search_corpus.kept_queries()[::25]:
        asked = terms(query)
        if not usable(asked):
            continue
        counts = []
        for database in desks.both:
            with database.read(ticket_of(database)) as tx:
                search = Search(tx, ROWS, bound)
                for by_country in (True, False):
                    counted = search.count_words(asked, names=True, companies=True, by_country=by_country)
                    counts.append(sum(counted.values()))
        assert len(set(counts)) == 1, (query, counts)
        assert counts[0] <= bound


def test_ties_are_ordered_by_number(desks: Desks) -> None:
    called = Counter(_name(first, last, 0) for first, last, _ in search_corpus.people())
    tried = 0
    for name, often in called.most_common(40):
        if usable(terms(name)):
            here, there = desks.ask(terms(name), companies=False)
            assert here == there
            assert len(here) >= often > 1
            tried += 1
    assert tried > 10


def test_a_part_of_a_word_is_found_alike_by_trigrams_and_by_reading_all_words(desks: Desks) -> None:
    """All parts of three to five characters of every word, and some that no word has."""
    words = sorted({word for first, last, _ in search_corpus.people() for word in words_of(first, last).split()})
    parts = {word[at : at + size] for word in words for size in (3, 4, 5) for at in range(len(word) - size + 1)}
    asked = [*sorted(parts), "zzq", "ann\U00020000", "o", "qu"]
    read = [_holding(database, asked) for database in desks.both]
    assert read[0] == read[1]
    assert sum(any(each) for each in read[0]) > 100
    for place in desks.places:
        fit(place, built_from=1)
    assert [_holding(database, asked) for database in desks.both] == read
    for place in desks.places:
        assert not fit(place, built_from=10**9, emptied_below=10**9).by_trigrams


def _holding(database: Database, asked: Sequence[str]) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    with database.read(ticket_of(database)) as tx:
        vocabulary = Vocabulary(tx, names=True, companies=True)
        return [vocabulary.holding(part) for part in asked]


TRICKY = "".join(dict.fromkeys("".join(search_corpus.kept_queries()))) + "\u200c\u200d\u00b4\u0131\u0663\ufb00"
TEXTS = st.text(
    st.one_of(
        st.sampled_from(TRICKY),
        st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co")),
    ),
    min_size=1,
    max_size=24,
)


def _give_words(desks: Desks, words: str) -> None:
    """Write the words of the first person."""
    for database in desks.both:
        with database.append() as tx:
            ticket = Log(tx, "2024-10").append(Event(act=Act.CUSTOMER_CHANGED))
        with database.change(ticket) as tx2:
            assert tx2.write(sa.text("UPDATE person SET words = :words WHERE id = 1"), {"words": words}) == 1


@pytest.fixture
def as_before(desks: Desks) -> Iterator[None]:
    """Put the first person's words back: a worker that is done takes tests from before this one."""
    yield
    first, last, _ = search_corpus.people()[0]
    _give_words(desks, words_of(first, last))


@pytest.mark.usefixtures("as_before")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(TEXTS, TEXTS, st.integers(1, 6))
def test_the_cut_gives_both_indexes_the_same_words(desks: Desks, text: str, query: str, length: int) -> None:
    """One row is given the text's words; both are asked for it by its own words, and by others."""
    words = words_of(text)
    _give_words(desks, words)
    for asked in (terms(text), terms(query), tuple(word[:length] for word in terms(text))):
        if asked:
            here, there = desks.ask(asked, companies=False)
            assert here == there
            expected = _has(words.split(), asked)
            assert expected or 1 not in here
            assert 1 in here or not expected or len(here) > ROWS


def test_the_row_that_was_fuzzed_is_still_whole(desks: Desks) -> None:
    for database in desks.both:
        with database.read(ticket_of(database)) as tx:
            assert len(tx.rows(sa.text("SELECT id FROM person"))) == search_corpus.PEOPLE
