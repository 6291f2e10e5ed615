"""Reading a long list in a process beside the one that writes: items come in their order, a few ahead.

With them come the rows of the people they name, validated and with what is derived, for whoever turns out to be new.
They are what the writing process would make itself, and does where there is none: a row that cannot be made is refused
there, with its place.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, islice, repeat
from pathlib import Path
from typing import Final

from staffdesk.data.customers.fields import Origin
from staffdesk.data.side_by_side import in_order, processors
from staffdesk.domain.errors import BadInput, StorageUnavailable
from staffdesk.domain.imported_lists import party_of
from staffdesk.domain.manifest import Manifest
from staffdesk.domain.read_items import Imported, ReadItem
from staffdesk.services.importing import reader_of
from staffdesk.services.importing.keys import keyed
from staffdesk.services.importing.new_people import Rows, new_row
from staffdesk.services.importing.parts import refused
from staffdesk.services.importing.profiles import profile
from staffdesk.services.importing.reading import place_in

MUCH: Final = 1_000_000
"""Bytes from which starting a process takes less time than it saves."""

_AT_ONCE: Final = 200
_MOST_READY: Final = 5_000
"""Rows that wait: who is met again and filled up leaves one behind that nobody takes."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Reading:
    """What is to be read, what its rows say of where they came from, and the key of what is derived from them."""

    store: str
    told: Manifest | None
    files: tuple[Path, ...]
    origin: Origin
    secret: bytes


def read_all(reading: Reading, ready: Rows) -> Iterator[ReadItem]:
    """Yield what stands in the files, in order; rows that are made beside are put into ``ready``.

    Raises :class:`StorageUnavailable` where the process beside is ended: what was written stays, a re-run goes on.
    """
    if not _is_worth_a_process(reading):
        yield from _items(reading)
        return
    broken = StorageUnavailable(
        "The import was broken off: the process that reads its files was ended, or could not begin.",
        "Run the import again: it goes on where it was.",
    )
    for items, rows in in_order(_more, chain([reading], repeat(None)), 1, broken):
        if len(ready) > _MOST_READY:
            ready.clear()
        ready.update(rows)
        yield from items
        if len(items) < _AT_ONCE:
            return


def _is_worth_a_process(reading: Reading) -> bool:
    """Say whether it is much, of small records, and two processes can run at a time."""
    size = 0
    for path in reading.files:
        with suppress(OSError):
            size += path.stat().st_size
    return profile(reading.store).lists and size >= MUCH and processors() > 1


def _items(reading: Reading) -> Iterator[ReadItem]:
    reader = reader_of(reading.store, reading.told, reading.files)
    for path in reading.files:
        try:
            yield from reader(path)
        except Exception as error:  # noqa: BLE001 - whatever one file provokes, the others come in
            yield refused(place_in(path), error)


_under_way: list[tuple[Reading, Iterator[ReadItem]]] = []
"""What the process beside reads; it reads one thing in its life."""


def _more(begun: Reading | None) -> tuple[list[ReadItem], Rows]:
    """Begin to read where told what, and give the next items; runs in the process beside."""
    if begun is not None:
        _under_way[:] = [(begun, _items(begun))]
    reading, left = _under_way[0]
    items = list(islice(left, _AT_ONCE))
    return items, _rows(reading, items)


def _rows(reading: Reading, items: list[ReadItem]) -> Rows:
    rows: Rows = {}
    known = profile(reading.store)
    for item in items:
        party = party_of(keyed(reading.secret, item).record) if isinstance(item, Imported) else None
        if party is not None:
            with suppress(BadInput):
                rows[party] = new_row(reading.origin, known, reading.store, party, reading.secret)
    return rows
