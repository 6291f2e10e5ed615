"""Finding customers: identifiers by B-tree, words by the word index; at most twenty rows, never "list all".

The first 200 matches by number are looked at; of those the first 20 by folded name, then number, are given, so both
databases answer with the same rows in the same order. Orders, licences and cases listed of people are the first 200 by
number of those that belong to the first 200 people.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

import sqlalchemy as sa

from staffdesk.data.customers.merges import standing_for
from staffdesk.data.customers.people_by_words import Shape, Wording, typed
from staffdesk.data.customers.search_statements import (
    BY_PHONE,
    ORGANISATION,
    PERSON,
    SINCE,
    STATEMENTS,
    first_owned,
    matching_people,
    narrowed,
    numbers_of,
    owned,
    people_of,
)
from staffdesk.data.customers.vocabulary import few_beginning, fields_of
from staffdesk.data.prepared import Prepared
from staffdesk.data.transaction import AnyRow, Read
from staffdesk.domain.access import RecordKind
from staffdesk.domain.identifiers import Identifier
from staffdesk.domain.new_people import Company
from staffdesk.domain.records import Match
from staffdesk.domain.search_text import Asked
from staffdesk.domain.words import NOWHERE, Inside

MOST_LOOKED_AT: Final = 200
"""How many matches by number a list looks at."""

EVERYTHING: Final = Asked("")
"""No filter."""

_AFTER_ALL: Final = "\U0010ffff"
_BY_COMPANY: Final = Prepared(
    sa.select(ORGANISATION.c.id, ORGANISATION.c.aid, ORGANISATION.c.name, ORGANISATION.c.country)
    .where(ORGANISATION.c.sort_name >= sa.bindparam("first"), ORGANISATION.c.sort_name < sa.bindparam("after"))
    .order_by(ORGANISATION.c.sort_name, ORGANISATION.c.id)
    .limit(sa.bindparam("most", type_=sa.Integer()))
)
_COLLEAGUES: Final = Prepared(
    matching_people(PERSON.c.organisation_id == sa.bindparam("organisation"), PERSON.c.id != sa.bindparam("but"))
)
_BY_NUMBERS: Final = matching_people(PERSON.c.id.in_(sa.bindparam("numbers", expanding=True)))


class Search:
    """The look-ups behind the one box; what is ``asked`` narrows them, its text is not read."""

    def __init__(self, tx: Read, rows: int, looked_at: int = MOST_LOOKED_AT) -> None:
        """Search in ``tx`` for at most one match more than ``rows``, which says that there are others."""
        self._tx = tx
        self._most = rows + 1
        self._looked_at = looked_at

    def by_identifier(self, identifier: Identifier, value: str, asked: Asked = EVERYTHING) -> tuple[Match, ...]:
        """Return the records with a normalised identifier, at most one more than the limit.

        Where another kind is asked for, that of the people found; nothing where the identifier is no person's.
        """
        found = _identified(identifier, asked.kind, in_country=asked.country is not None, since=asked.since is not None)
        if found is None:
            return ()
        kind, statement = found
        return self._matches(kind, self._tx.rows(statement, {"value": value, **self._bounds(kind, asked)}))

    def colleagues(self, organisation_id: int, but: int) -> tuple[Match, ...]:
        """Return the people of an organisation, all but one, by name."""
        asked = {"organisation": organisation_id, "but": but, "most": self._most}
        found = self._matches(RecordKind.PERSON, self._tx.rows(_COLLEAGUES, asked))
        return tuple(match for match in found if match.id != but)

    def by_numbers(self, numbers: Sequence[int]) -> tuple[Match, ...]:
        """Return the people with these numbers, by name."""
        rows = self._tx.rows(_BY_NUMBERS, {"numbers": list(numbers), "most": len(numbers)}) if numbers else ()
        return _matches(RecordKind.PERSON, rows)

    def companies(self, sort_name: str) -> tuple[Company, ...]:
        """Return the organisations whose folded name begins as this one does, the shortest first."""
        asked = {"first": sort_name, "after": sort_name + _AFTER_ALL, "most": self._most}
        rows = self._tx.rows(_BY_COMPANY, asked)
        return tuple(Company(row.id, row.aid, row.name, row.country or "") for row in rows)

    def by_phone(self, candidates: Sequence[str], asked: Asked = EVERYTHING) -> tuple[Match, ...]:
        """Return the people with one of these telephone numbers, each as it is stored, or what is theirs."""
        kind = asked.kind or RecordKind.PERSON
        statement = _called(kind, in_country=asked.country is not None, since=asked.since is not None)
        return self._matches(kind, self._tx.rows(statement, {"values": list(candidates), **self._bounds(kind, asked)}))

    def by_words(
        self,
        terms: Sequence[str],
        *,
        names: bool,
        companies: bool,
        inside: Inside = NOWHERE,
        inside_companies: Inside = NOWHERE,
        asked: Asked = EVERYTHING,
    ) -> tuple[Match, ...]:
        """Return the people of whom each folded term begins a word of the name or of the organisation's.

        A term may also be one of the words that ``inside`` gives for it in names, ``inside_companies`` in those of
        organisations. Where another kind is asked for: what is
        theirs of that kind.
        """
        wording = self._wording(terms, names, companies, inside, inside_companies)
        if not wording.ways():
            return ()
        kind = asked.kind or RecordKind.PERSON
        statement = _worded(
            self._shape(wording), kind, in_country=asked.country is not None, since=asked.since is not None
        )
        return self._matches(kind, self._tx.rows(statement, self._values(wording, kind, asked)))

    def count_words(
        self,
        terms: Sequence[str],
        *,
        names: bool,
        companies: bool,
        inside: Inside = NOWHERE,
        inside_companies: Inside = NOWHERE,
        asked: Asked = EVERYTHING,
        by_country: bool = True,
    ) -> Mapping[str | None, int]:
        """Return how many :meth:`by_words` would look at, by the person's country, up to the bound of this search.

        Without ``by_country`` all stand under None: of a thousand people the number alone is read then.
        """
        wording = self._wording(terms, names, companies, inside, inside_companies)
        if not wording.ways():
            return {}
        kind = asked.kind or RecordKind.PERSON
        statement = _counted(
            self._shape(wording),
            kind,
            in_country=asked.country is not None,
            since=asked.since is not None,
            by_country=by_country,
        )
        return {row.country: int(row.n) for row in self._tx.rows(statement, self._values(wording, kind, asked))}

    def _matches(self, kind: RecordKind, rows: Sequence[AnyRow]) -> tuple[Match, ...]:
        """Return what was found; of a record that was put together with another that one, once."""
        matches = _matches(kind, rows)
        if kind is not RecordKind.PERSON:
            return matches
        instead = standing_for(self._tx, [match.id for match in matches])
        if not instead:
            return matches
        found = {match.id: match for match in (*self.by_numbers(sorted(set(instead.values()))), *matches)}
        shown = (found[number] for match in matches if (number := instead.get(match.id, match.id)) in found)
        return tuple(dict.fromkeys(shown))

    def _wording(
        self, terms: Sequence[str], names: bool, companies: bool, inside: Inside, inside_companies: Inside
    ) -> Wording:
        """Ask first where each of several terms begins a word at all: most are of a name or of a company alone."""
        held = tuple((term, names, companies) for term in terms)
        if len(terms) > 1 and names and companies:
            held = tuple(
                (term, named or term in inside, employed or term in inside_companies)
                for term, named, employed in fields_of(self._tx, terms)
            )
        beginning = ({}, {}) if self._tx.is_postgres or len(terms) == 1 else few_beginning(self._tx, terms)
        return Wording(held, inside, inside_companies, *beginning)

    def _shape(self, wording: Wording) -> Shape | None:
        return None if self._tx.is_postgres else wording.shape()

    def _values(self, wording: Wording, kind: RecordKind, asked: Asked) -> dict[str, object]:
        values = wording.values(is_postgres=self._tx.is_postgres)
        since = asked.since if kind is RecordKind.PERSON else None
        return {**self._bounds(kind, asked), **values, "country": asked.country, "since": since}

    def _bounds(self, kind: RecordKind, asked: Asked) -> dict[str, object]:
        return {
            "most": self._most,
            "looked": self._looked_at,
            "country": asked.country,
            "since_when": asked.since if SINCE[kind].is_date else asked.since_ms,
        }


@cache
def _identified(
    identifier: Identifier, wanted: RecordKind | None, *, in_country: bool, since: bool
) -> tuple[RecordKind, Prepared] | None:
    kind, statement = STATEMENTS[identifier]
    if wanted is None or wanted is kind:
        return kind, Prepared(narrowed(statement, kind, in_country=in_country, since=since))
    if kind is not RecordKind.PERSON:
        return None
    return wanted, Prepared(_of_people(statement, wanted, in_country=in_country, since=since))


@cache
def _called(kind: RecordKind, *, in_country: bool, since: bool) -> Prepared:
    return Prepared(_of_people(BY_PHONE, kind, in_country=in_country, since=since))


def _of_people(statement: sa.Select[Any], kind: RecordKind, *, in_country: bool, since: bool) -> sa.Select[Any]:
    """Return a statement for people as it is, or for what they own of another kind."""
    if kind is RecordKind.PERSON:
        return narrowed(statement, kind, in_country=in_country, since=since)
    matching = narrowed(statement, RecordKind.PERSON, in_country=in_country, since=False)
    return owned(kind, numbers_of(matching), since=since)


@cache
def _worded(shape: Shape | None, kind: RecordKind, *, in_country: bool, since: bool) -> Prepared:
    found = _numbers(shape, kind, in_country=in_country, since=since)
    if kind is RecordKind.PERSON:
        return Prepared(people_of(found))
    return Prepared(owned(kind, found, since=since))


@cache
def _counted(shape: Shape | None, kind: RecordKind, *, in_country: bool, since: bool, by_country: bool) -> Prepared:
    found = _numbers(shape, kind, in_country=in_country, since=since)
    if kind is RecordKind.PERSON:
        whose = found.subquery("met").c.id
    else:
        whose = first_owned(kind, found, since=since).c.person_id
    if not by_country:
        return Prepared(sa.select(sa.null().label("country"), sa.func.count(whose).label("n")))
    # The narrow index answers for the country: a row of a person is ten times as wide.
    person = PERSON.alias("it")
    counted = sa.select(person.c.country, sa.func.count().label("n")).where(person.c.id == whose)
    return Prepared(
        counted.group_by(person.c.country).with_hint(person, "INDEXED BY person_filters", dialect_name="sqlite")
    )


def _numbers(shape: Shape | None, kind: RecordKind, *, in_country: bool, since: bool) -> sa.TextualSelect:
    """Return the query for the numbers of people; the date is the owned thing's where that is what is asked for."""
    since = since and kind is RecordKind.PERSON
    return typed(shape, in_country=in_country, since=since).columns(sa.column("id", sa.BigInteger()))


def _matches(kind: RecordKind, rows: Sequence[AnyRow]) -> tuple[Match, ...]:
    return tuple(
        Match(
            kind=kind,
            id=row.id,
            aid=row.aid or "",
            customer=row.customer,
            given_name=row.given_name,
            family_name=row.family_name,
            email=row.email,
            company=row.company,
            country=row.country,
            company_country=row.company_country,
            number=row.number,
            product=row.product,
            is_open=bool(row.is_open),
            relation_keys=row.relation_keys or "",
        )
        for row in rows
    )
