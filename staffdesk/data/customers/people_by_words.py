"""The people with these words, as SQL: in the name, in the organisation's, or some here and the rest there.

Every way a query can be split is looked at; of each the first matches by number are taken, then the first of all. Where
there are filters, the first ``MOST_EXAMINED`` of each way are held against them.
"""

from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

import sqlalchemy as sa

from staffdesk.domain.words import Inside, fts5_query, splits, tsquery

MOST_EXAMINED: Final = 10_000
"""How many matches by number are held against filters; ``desk.find_people`` has the same figure."""
MOST_ORGANISATIONS: Final = 200
"""Of how many matching organisations by number the people are looked at; as above."""
MOST_ORGANISATIONS_BESIDE_A_NAME: Final = 1_000
"""The same where some of the terms are of the name: of fewer people a row comes; as above."""

Shape = tuple[tuple[bool, bool], ...]
"""For each way to split the terms: whether names are asked, and whether organisations are."""

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
        return tuple((bool(named), bool(employed)) for named, employed in self.ways())

    def values(self, *, is_postgres: bool) -> dict[str, object]:
        """Return the values that :func:`people` binds, but for filters and bounds."""
        ways = self.ways()
        if is_postgres:
            return {
                "names": [tsquery(named, self.inside) if named else None for named, _ in ways],
                "companies": [tsquery(employed, self.inside) if employed else None for _, employed in ways],
            }
        names = {f"names_{at}": fts5_query(named, self.inside) for at, (named, _) in enumerate(ways) if named}
        companies = {f"companies_{at}": fts5_query(other, self.inside) for at, (_, other) in enumerate(ways) if other}
        return {**names, **companies}


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


def _way(at: int, named: bool, employed: bool, in_country: bool, since: bool) -> str:
    filtered = in_country or since
    most = str(MOST_EXAMINED) if filtered else ":looked"
    houses = MOST_ORGANISATIONS_BESIDE_A_NAME if named else MOST_ORGANISATIONS
    colleagues = (
        "SELECT person.id FROM person WHERE person.organisation_id IN (SELECT rowid FROM organisation_words"  # noqa: S608 - as above
        f" WHERE organisation_words MATCH :companies_{at} ORDER BY rowid LIMIT {houses})"
    )
    if named:
        # The plus keeps the index from being asked anew for each colleague: it is read once, in its own order.
        both = f" AND +person_words.rowid IN ({colleagues})" if employed else ""
        found = (
            f"SELECT rowid AS id FROM person_words WHERE person_words MATCH :names_{at}{both}"  # noqa: S608 - as above
            f" ORDER BY rowid LIMIT {most}"
        )
    else:
        found = f"{colleagues} ORDER BY person.id LIMIT {most}"
    if not filtered:
        return f"SELECT id FROM ({found})"  # noqa: S608 - as above
    wanted = (("it.country = :country", in_country), ("it.obtained_on >= :since", since))
    return (
        f"SELECT id FROM (SELECT met.id FROM ({found}) AS met"  # noqa: S608 - as above
        " CROSS JOIN person AS it INDEXED BY person_filters ON it.id = met.id"
        f" WHERE {' AND '.join(words for words, asked in wanted if asked)} ORDER BY met.id LIMIT :looked)"
    )
