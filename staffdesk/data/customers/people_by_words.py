"""The people with these words, as SQL: in the name, in the organisation's, or some here and the rest there.

Every way a query can be split is looked at; of each the first matches by number are taken, then the first of all. Where
there are filters, the first ``MOST_EXAMINED`` of each way are held against them.
"""

import json
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

import sqlalchemy as sa

from staffdesk.domain.words import Inside, entries_query, fts5_query, splits

MOST_EXAMINED: Final = 10_000
"""How many matches by number are held against filters; ``desk.find_people`` has the same figure."""
MOST_ORGANISATIONS: Final = 200
"""Of how many matching organisations by number the people are looked at; as above."""
MOST_ORGANISATIONS_BESIDE_A_NAME: Final = 1_000
"""The same where some of the terms are of the name: of fewer people a row comes; as above."""

Shape = tuple[tuple[int, bool], ...]
"""For each way to split the terms: how many are asked of names, and whether organisations are asked."""

_TYPES: Final[dict[str, sa.types.TypeEngine[Any]]] = {
    "names": sa.ARRAY(sa.String()),
    "companies": sa.ARRAY(sa.String()),
    "country": sa.String(),
    "since": sa.Date(),
    "looked": sa.Integer(),
}
_POSTGRES: Final = "SELECT id FROM desk.find_people(:names, :companies, :country, :since, :looked)"


@dataclass(frozen=True, slots=True, repr=False)
class Wording:
    """What is asked in words: each term a prefix, or one of the words ``inside`` gives for it.

    ``held`` says of each term whether it is looked for in names, and whether in organisations' names.
    """

    held: tuple[tuple[str, bool, bool], ...]
    inside: Inside = field(default_factory=dict)

    def ways(self) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
        """Return the ways to split the terms between the fields; none where a term is looked for nowhere."""
        return splits(self.held)

    def shape(self) -> Shape:
        """Return what the statement for SQLite hangs on."""
        return tuple((len(named), bool(employed)) for named, employed in self.ways())

    def values(self, *, is_postgres: bool) -> dict[str, object]:
        """Return the values that :func:`people` binds, but for filters and bounds."""
        ways = self.ways()
        if is_postgres:
            return {
                "names": [entries_query(named, self.inside) if named else None for named, _ in ways],
                "companies": [entries_query(employed, self.inside) if employed else None for _, employed in ways],
            }
        values: dict[str, object] = {}
        for at, (named, employed) in enumerate(ways):
            if not employed:
                values[f"names_{at}"] = fts5_query(named, self.inside)
                continue
            values[f"companies_{at}"] = fts5_query(employed, self.inside)
            if named:
                values[f"names_{at}"] = fts5_query(named, self.inside)
            for nth, term in enumerate(named):
                values[f"term_{at}_{nth}"] = term
                values[f"inside_{at}_{nth}"] = json.dumps(list(self.inside.get(term, ())))
        return values


@cache
def people(shape: Shape | None, *, in_country: bool, since: bool) -> str:
    """Return a query for the numbers of people; None stands for PostgreSQL, which has a function for it.

    ``:looked`` bounds it. On PostgreSQL ``:country`` and ``:since`` are bound always, on SQLite where they are asked.
    """
    if shape is None:
        return _POSTGRES
    ways = (_way(at, named, employed, in_country, since) for at, (named, employed) in enumerate(shape))
    return f"SELECT id FROM ({' UNION '.join(ways)}) ORDER BY id LIMIT :looked"  # noqa: S608 - our own constants


def typed(shape: Shape | None, *, in_country: bool, since: bool) -> sa.TextClause:
    """Return the query of :func:`people` with what it binds in its types.

    How many are looked at is written into the words on SQLite, which would else plan them anew for each search.
    """
    written = () if shape is None else ("looked",)
    names = bound(shape, in_country=in_country, since=since)
    query = people(shape, in_country=in_country, since=since)
    return sa.text(query).bindparams(
        *(sa.bindparam(name, type_=_TYPES[name], literal_execute=name in written) for name in names)
    )


def bound(shape: Shape | None, *, in_country: bool, since: bool) -> tuple[str, ...]:
    """Return the names of the typed values a query of :func:`people` binds."""
    if shape is None:
        return tuple(_TYPES)
    asked = (("country", in_country), ("since", since), ("looked", True))
    return tuple(name for name, is_asked in asked if is_asked)


def _way(at: int, named: int, employed: bool, in_country: bool, since: bool) -> str:
    filtered = in_country or since
    most = str(MOST_EXAMINED) if filtered else ":looked"
    if employed and named:
        found = f"{_either_side_first(at, named)} ORDER BY id LIMIT {most}"
    elif employed:
        found = f"{_colleagues(_houses(at, MOST_ORGANISATIONS))} ORDER BY person.id LIMIT {most}"
    else:
        found = f"{_named(at)} LIMIT {most}"
    if not filtered:
        return f"SELECT id FROM ({found})"  # noqa: S608 - as above
    wanted = (("it.country = :country", in_country), ("it.obtained_on >= :since", since))
    # By country the few pages of one country are read again and again, by number as many pages as there are people.
    index = "person_countries" if in_country else "person_filters"
    return (
        f"SELECT id FROM (SELECT met.id FROM ({found}) AS met"  # noqa: S608 - as above
        f" CROSS JOIN person AS it INDEXED BY {index} ON it.id = met.id"
        f" WHERE {' AND '.join(words for words, asked in wanted if asked)} ORDER BY met.id LIMIT :looked)"
    )


def _named(at: int) -> str:
    return f"SELECT rowid AS id FROM person_words WHERE person_words MATCH :names_{at} ORDER BY rowid"  # noqa: S608 - as above


def _houses(at: int, most: int) -> str:
    return (
        f"SELECT rowid AS id FROM organisation_words WHERE organisation_words MATCH :companies_{at}"  # noqa: S608 - as above
        f" ORDER BY rowid LIMIT {most}"
    )


def _either_side_first(at: int, named: int) -> str:
    """Return a query for the people of organisations whose words hold the terms asked of names.

    A page is read for each person of such a name, or for every two organisations: the words stand in an index beside
    these, and several may be on a page.
    """
    houses, people = f"houses_{at}", f"named_{at}"
    are_few = f"(SELECT count(*) FROM {people}) <= (SELECT count(*) / 2 FROM {houses})"  # noqa: S608 - as above
    all_or_none = f"SELECT id FROM {houses} LIMIT CASE WHEN {are_few} THEN 0 ELSE -1 END"  # noqa: S608 - as above
    held = "".join(f" AND {_held(f'{at}_{nth}')}" for nth in range(named))
    return (
        f"WITH {houses} AS MATERIALIZED ({_houses(at, MOST_ORGANISATIONS_BESIDE_A_NAME)}),"  # noqa: S608 - as above
        f" {people} AS MATERIALIZED ({_named(at)} LIMIT (SELECT count(*) / 2 + 1 FROM {houses}))"
        f" SELECT person.id FROM (SELECT id FROM {people} LIMIT CASE WHEN {are_few} THEN -1 ELSE 0 END) AS met"
        f" CROSS JOIN person ON person.id = met.id WHERE person.organisation_id IN (SELECT id FROM {houses})"
        f" UNION ALL {_colleagues(all_or_none, ' INDEXED BY person_words_by_organisation')}{held}"
    )


def _colleagues(houses: str, index: str = "") -> str:
    return f"SELECT person.id FROM person{index} WHERE person.organisation_id IN ({houses})"  # noqa: S608 - as above


def _held(term: str) -> str:
    """Return the condition that a word of a person begins with a term, or is one of those that will do for it."""
    words = "' ' || person.words || ' '"
    return (
        f"(instr({words}, ' ' || :term_{term}) > 0 OR instr(person.words, :term_{term}) > 0 AND EXISTS (SELECT 1"  # noqa: S608 - as above
        f" FROM json_each(:inside_{term}) AS it WHERE instr({words}, ' ' || it.value || ' ') > 0))"
    )
