"""The people with these words, as SQL: in the name, in the organisation's, or some here and the rest there.

Every way a query can be split is looked at; of each the first matches by number are taken, then the first of all. Where
there are filters, the first ``MOST_EXAMINED`` of each way are held against them.
"""

import json
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from typing import Any, Final

import sqlalchemy as sa

from staffdesk.domain.words import Inside, entries_query, fts5_query, splits, usable

MOST_EXAMINED: Final = 10_000
"""How many matches by number are held against filters; ``desk.find_people`` has the same figure."""
MOST_ORGANISATIONS: Final = 200
"""Of how many matching organisations by number the people are looked at; as above."""
MOST_ORGANISATIONS_BESIDE_A_NAME: Final = 1_000
"""The same where some of the terms are of the name: of fewer people a row comes; as above."""

MOST_READ_BY_ROW: Final = 40
"""Of so many organisations the people are read, rather than all whose name has a word of one or two letters."""


class Led(Enum):
    """What leads to people where some terms are of the name: the longest of these."""

    BY_TERM = "term"
    BY_WORDS = "words"
    """Words will do for it besides."""
    BY_BRIEF = "brief"
    """Many people have a word that begins so."""


Shape = tuple[tuple[int, bool, Led], ...]
"""For each way to split the terms: how many are asked of names, whether organisations are, what leads to people."""

_LAST: Final = "\U0010ffff"
_TYPES: Final[dict[str, sa.types.TypeEngine[Any]]] = {
    "names": sa.ARRAY(sa.String()),
    "companies": sa.ARRAY(sa.String()),
    "country": sa.String(),
    "since": sa.Date(),
    "looked": sa.Integer(),
}
_IN_COUNTRY: Final = (
    "person_words_by_country AS it ON it.country = :country AND it.sixty = met.id / 60 AND it.people >> met.id % 60 & 1"
)
"""One bit stands for a person of a country; each page that is read must be deciphered."""
_SINCE: Final = "person AS dated INDEXED BY person_filters ON dated.id = met.id AND dated.obtained_on >= :since"
_POSTGRES: Final = "SELECT id FROM desk.find_people(:names, :companies, :country, :since, :looked)"


@dataclass(frozen=True, slots=True, repr=False)
class Wording:
    """What is asked in words: each term a prefix, or one of the words ``inside`` gives for it in names.

    ``inside_companies`` gives those of organisations' names; ``beginning`` and ``beginning_companies`` give all words
    that begin with a term, where these are known. ``held`` says of each term whether it is looked for in names, and
    whether in organisations'.
    """

    held: tuple[tuple[str, bool, bool], ...]
    inside: Inside = field(default_factory=dict)
    inside_companies: Inside = field(default_factory=dict)
    beginning: Inside = field(default_factory=dict)
    beginning_companies: Inside = field(default_factory=dict)

    def ways(self) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
        """Return the ways to split the terms between the fields; none where a term is looked for nowhere."""
        return splits(self.held)

    def shape(self) -> Shape:
        """Return what the statement for SQLite hangs on."""
        return tuple((len(named), bool(employed), self._led(named, employed)) for named, employed in self.ways())

    def values(self, *, is_postgres: bool) -> dict[str, object]:
        """Return the values that :func:`people` binds, but for filters and bounds."""
        ways = self.ways()
        if is_postgres:
            return {
                "names": [entries_query(named, self.inside) if named else None for named, _ in ways],
                "companies": [
                    entries_query(employed, self.inside_companies) if employed else None for _, employed in ways
                ],
            }
        values: dict[str, object] = {}
        for at, (named, employed) in enumerate(ways):
            if not employed:
                values[f"names_{at}"] = fts5_query(named, self.inside, self.beginning)
                continue
            values[f"companies_{at}"] = fts5_query(employed, self.inside_companies, self.beginning_companies)
            if named:
                leading = _leading(named)
                values[f"first_{at}"], values[f"last_{at}"] = leading, leading + _LAST
                values[f"names_{at}"] = fts5_query(named, self.inside, self.beginning)
                values[f"inside_{at}"] = json.dumps(list(self.inside.get(leading, ())))
                values.update((f"term_{at}_{nth}", term) for nth, term in enumerate(named))
        return values

    def _led(self, named: tuple[str, ...], employed: tuple[str, ...]) -> Led:
        if not (named and employed):
            return Led.BY_TERM
        if _leading(named) in self.inside:
            return Led.BY_WORDS
        return Led.BY_TERM if usable(named) or any(term in self.inside for term in named) else Led.BY_BRIEF


def _leading(named: tuple[str, ...]) -> str:
    """Return the term of names by which their words are read: of the longest the fewest words begin so."""
    return max(named, key=len)


@cache
def people(shape: Shape | None, *, in_country: bool, since: bool) -> str:
    """Return a query for the numbers of people; None stands for PostgreSQL, which has a function for it.

    ``:looked`` bounds it. On PostgreSQL ``:country`` and ``:since`` are bound always, on SQLite where they are asked.
    """
    if shape is None:
        return _POSTGRES
    ways = (_way(at, *each, in_country, since) for at, each in enumerate(shape))
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


def _way(at: int, named: int, employed: bool, led: Led, in_country: bool, since: bool) -> str:
    filtered = in_country or since
    most = str(MOST_EXAMINED) if filtered else ":looked"
    if employed and named:
        found = f"{_employed(at, named, led)} ORDER BY id LIMIT {most}"
    elif employed:
        found = f"{_colleagues(_houses(at, MOST_ORGANISATIONS))} ORDER BY person.id LIMIT {most}"
    else:
        found = f"{_named(at)} LIMIT {most}"
    if not filtered:
        return f"SELECT id FROM ({found})"  # noqa: S608 - as above
    kept = "".join(f" CROSS JOIN {of}" for of, asked in ((_IN_COUNTRY, in_country), (_SINCE, since)) if asked)
    return f"SELECT id FROM (SELECT met.id FROM ({found}) AS met{kept} ORDER BY met.id LIMIT :looked)"  # noqa: S608 - as above


def _named(at: int) -> str:
    return f"SELECT rowid AS id FROM person_words WHERE person_words MATCH :names_{at} ORDER BY rowid"  # noqa: S608 - as above


def _houses(at: int, most: int) -> str:
    return (
        f"SELECT rowid AS id FROM organisation_words WHERE organisation_words MATCH :companies_{at}"  # noqa: S608 - as above
        f" ORDER BY rowid LIMIT {most}"
    )


def _employed(at: int, named: int, led: Led) -> str:
    """Return a query for the people of organisations who have the terms asked of names.

    The words that begin with the leading term are read, with the organisation of each; where there is none, no word is.
    By a brief one rows of people are read instead, where that is less.
    """
    houses = f"houses_{at}"
    size = f"(SELECT count(*) FROM {houses})"  # noqa: S608 - as above
    read_by_row = MOST_READ_BY_ROW if led is Led.BY_BRIEF else 0
    # The plus sign keeps SQLite from seeking each word at each organisation.
    held = f" AND +organisation_id IN (SELECT id FROM {houses})"  # noqa: S608 - as above
    if named > 1:
        held += f" AND person_id IN (SELECT rowid FROM person_words WHERE person_words MATCH :names_{at})"  # noqa: S608 - as above
    found = [f"word >= (SELECT :first_{at} WHERE {size} > {read_by_row}) AND word < :last_{at}{held}"]
    if led is Led.BY_WORDS:
        found.append(f"word IN (SELECT value FROM json_each(:inside_{at}) WHERE {size} > 0){held}")  # noqa: S608 - as above
    ways = [f"SELECT person_id AS id FROM person_words_with_organisation WHERE {each}" for each in found]  # noqa: S608 - as above
    if led is Led.BY_BRIEF:
        few = f"SELECT id FROM {houses} WHERE {size} <= {read_by_row}"  # noqa: S608 - as above
        begun = "".join(f" AND instr(' ' || person.words, ' ' || :term_{at}_{nth}) > 0" for nth in range(named))
        ways.append(f"{_colleagues(few)}{begun}")
    found_once = f"SELECT DISTINCT id FROM ({' UNION ALL '.join(ways)})"  # noqa: S608 - as above
    return f"WITH {houses} AS MATERIALIZED ({_houses(at, MOST_ORGANISATIONS_BESIDE_A_NAME)}) {found_once}"


def _colleagues(houses: str) -> str:
    return f"SELECT person.id FROM person WHERE person.organisation_id IN ({houses})"  # noqa: S608 - as above
