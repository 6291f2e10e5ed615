"""The people made up twice as a desk holds them, and the pairs that its list of everybody tells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from staffdesk.data.customers.twin_pairs import TwinPairs
from staffdesk.data.database import Database
from staffdesk.data.deadline import Deadline
from staffdesk.data.log import Event, Log
from staffdesk.domain.access import Act
from staffdesk.domain.twin_pairs import BEGINNING, PairsAfter
from tests import factories
from tests.bench.known_twins.drawing import Entry
from tests.databases import fresh_sqlite

_PAGE = 200
"""More than a page on the screen, since nobody decides here and so what waits would never come."""


def listed_pairs(entries: Mapping[int, Entry]) -> set[tuple[int, int]]:
    """Return the pairs on every page of the list, by the entries' own numbers, from an encrypted file of its own."""
    with TemporaryDirectory(prefix="twins-") as folder:
        database = fresh_sqlite(Path(folder)).open()
        try:
            whose = dict(zip(put(database, entries), entries, strict=True))
            return {(min(pair), max(pair)) for pair in ((whose[a], whose[b]) for a, b in _all(database))}
        finally:
            database.close()


def put(database: Database, entries: Mapping[int, Entry]) -> list[int]:
    """Put these people and their companies on file, and return their customers' numbers in the same order."""
    names = sorted({entry.company for entry in entries.values() if entry.company})
    with factories.writing(database) as pen:
        firms = dict(zip(names, pen.add([factories.organisation(name, country="BE") for name in names]), strict=True))
    people = [
        factories.person(
            given_name=entry.given or None, family_name=entry.family or None, email=entry.email.lower() or None,
            phone=entry.phone or None, country=entry.country, organisation_id=firms.get(entry.company),
        )
        for entry in entries.values()
    ]  # fmt: skip
    with factories.writing(database) as pen:
        return list(pen.add(people))


def _all(database: Database) -> Iterator[tuple[int, int]]:
    after: PairsAfter | None = BEGINNING
    while after is not None:
        with database.append() as tx:
            ticket = Log(tx, "2024-10").append(Event(act=Act.CUSTOMER_SEARCH))
        with database.read(ticket, Deadline(60)) as read:
            page = TwinPairs(read, _PAGE).page(after)
        yield from page.pairs
        after = page.after
