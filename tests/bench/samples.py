"""What is looked up: values that are in the database, spread over all of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

import sqlalchemy as sa

from staffdesk.data import maintenance
from staffdesk.domain.identifiers import recognise
from staffdesk.domain.words import cut, fold, terms, usable
from staffdesk.services.home import Home
from staffdesk.services.settings import read_settings

MOST: Final = 300

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Samples:
    """Texts to type, by class of look-up, and people to open."""

    people: Sequence[int]
    reachable: Sequence[int]
    emails: Sequence[str]
    phones: Sequence[str]
    orders: Sequence[str]
    serials: Sequence[str]
    macs: Sequence[str]
    ips: Sequence[str]
    words: Sequence[str]
    pairs: Sequence[str]
    mixed: Sequence[str]
    parts: Sequence[str]
    misspelt: Sequence[str]
    common: Sequence[str]
    ideographs: Sequence[str]
    accented: Sequence[str]


def samples_of(home: Home) -> Samples:
    """Draw the samples, evenly over the numbers."""
    url = read_settings(home).postgres_url
    owner = (
        maintenance.postgres_owner(url)
        if url is not None
        else maintenance.sqlite_owner(home.database_file, home.read_key())
    )
    with owner as connection:
        people = connection.execute(
            sa.text("SELECT id, given_name, family_name, email, phone FROM person ORDER BY id")
        ).all()

        def column(table: str, name: str) -> list[str]:
            rows = connection.execute(sa.text(f"SELECT {name} FROM {table} WHERE {name} IS NOT NULL ORDER BY id")).all()
            return [str(row[0]) for row in _spread(rows)]

        names = [(row[1] or "", row[2] or "") for row in people]
        latin = [(given, family) for given, family in names if given.isascii() and family.isascii() and len(family) > 3]
        starts = Counter(word[:3] for given, family in names for word in (*cut(given), *cut(family)) if len(word) > 3)
        return Samples(
            people=[int(row[0]) for row in _spread(people)],
            reachable=[int(row[0]) for row in _spread([row for row in people if row[4]])],
            emails=column("person", "email"),
            phones=column("person", "phone"),
            orders=column("sales_order", "number"),
            serials=column("licence", "serial"),
            macs=column("activation", "mac"),
            ips=column("activation", "ip"),
            words=_typed([family[:4] for _, family in latin]),
            mixed=_typed([f"{family[:5]} {word[:5]}" for family, word in _employed(connection)]),
            parts=_typed([family[1:6] for _, family in latin if len(family) > 5]),
            misspelt=_typed([_swapped(family) for _, family in latin if len(cut(family)[0]) > 5]),
            pairs=_typed([f"{given[:3]} {family[:4]}" for given, family in latin]),
            common=[start for start, _ in starts.most_common(3)],
            ideographs=_spread(
                [family for _, family in names if family and all("\u4e00" <= c <= "\u9fff" for c in family)]
            ),
            accented=_spread(
                [family for _, family in names if not family.isascii() and fold(family).isascii() and len(family) > 3]
            ),
        )


def _employed(connection: sa.Connection) -> list[tuple[str, str]]:
    """Return family names with a word of the organisation, of people at one."""
    rows = connection.execute(
        sa.text(
            "SELECT person.family_name, organisation.name FROM person"
            " JOIN organisation ON organisation.id = person.organisation_id ORDER BY person.id"
        )
    ).all()
    return [(row[0], max(cut(row[1]), key=len)) for row in rows if row[0] and row[0].isascii() and len(row[0]) > 3]


def _swapped(family: str) -> str:
    """Return the first word of a name with two letters in its middle the wrong way round."""
    word = cut(family)[0]
    at = next((at for at in range(len(word) // 2, len(word) - 1) if word[at] != word[at + 1]), 0)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _typed(texts: Sequence[str]) -> list[str]:
    """Return texts that the search box takes as words."""
    return _spread([text for text in texts if usable(terms(text)) and recognise(text)])


def _spread(values: Sequence[T]) -> list[T]:
    step = max(1, len(values) // MOST)
    return list(values[::step][:MOST])
