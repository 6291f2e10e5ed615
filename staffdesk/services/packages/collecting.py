"""Collecting everything that is held of a person, inside a look that was logged before."""

from __future__ import annotations

import datetime as dt
import itertools
import time
from collections.abc import Iterator, Mapping, Sequence

from staffdesk.data import register
from staffdesk.data.customers.disclosed import disclosures
from staffdesk.data.customers.held import Holds
from staffdesk.data.customers.holdings import PAGE, Holdings
from staffdesk.data.customers.reading import Reading
from staffdesk.data.transaction import Read
from staffdesk.domain.access import Entity
from staffdesk.domain.errors import BadInput, NotFound
from staffdesk.domain.packages import Contents, Held, PackageRules
from staffdesk.domain.packages import rules as shipped
from staffdesk.domain.reveals import Reveal
from staffdesk.domain.sharing import told
from staffdesk.domain.transfers import known_recipients
from staffdesk.parameters.shapes import sessions
from staffdesk.services.packages.consultations import consultations
from staffdesk.services.packages.third_parties import findings


def collect(
    tx: Read,
    person_id: int,
    number: str,
    *,
    same: Sequence[int] = (),
    named: Sequence[Reveal] = (),
    by: PackageRules | None = None,
) -> Contents:
    """Return everything the register knows of a person, for the request with this number.

    ``same`` are his other records, ``named`` the consultations of which the employee is named. Much may be held: give
    the look a deadline of its own. Raises :class:`NotFound` where there is no such person, and :class:`BadInput` where
    a package would be too large to be made here.
    """
    rules = by or shipped()
    holdings, reading = Holdings(tx), Reading(tx)
    people = tuple(dict.fromkeys((person_id, *same)))
    aids = [aid for each in people if (aid := holdings.aid(each)) is not None]
    if len(aids) != len(people):
        raise NotFound("There is no such person.", "Search again: the record may have been merged or erased.")
    held = _held(holdings, people, rules)
    consulted, entities = consultations(tx, aids, rules, sessions().open_record_minutes, named)
    kinds = {each.code: each.kind for each in known_recipients()}
    person = next(row for row in held["person"] if row.id == person_id)
    return Contents(
        number=number,
        customer=person_id,
        collected_at=time.time_ns() // 1_000_000,
        language=person.values.get("language"),
        held=held,
        given=told((row for each in people for row in disclosures(tx, each)), kinds, lambda _: True),
        partners={number: name for number, name, _ in reading.partners(_numbers(held, "partner_id"))},
        imports=reading.imports(_numbers(held, "import_id")),
        consulted=consulted,
        affiliate=bool(entities - {Entity.BE}),
        kept_until=dict(_kept_until(tx, held)),
        findings=findings(tx, person_id, held, rules),
    )


def _held(holdings: Holdings, people: Sequence[int], rules: PackageRules) -> dict[str, tuple[Held, ...]]:
    found: dict[str, tuple[Held, ...]] = {}
    left = rules.limits.most_rows
    for table in register.packaged_tables():
        rows = tuple(itertools.islice(holdings.rows(table, people), left + 1))
        left -= len(rows)
        if left < 0:
            raise BadInput(
                f"More than {rules.limits.most_rows:,} rows are held of this person.",
                "A package of that size is made by whoever keeps the database.",
            )
        found[table] = rows
    return found


def _kept_until(tx: Read, held: Mapping[str, Sequence[Held]]) -> Iterator[tuple[tuple[str, int], dt.date]]:
    holds = Holds(tx)
    for table, rows in held.items():
        for start in range(0, len(rows), PAGE):
            found = holds.of(table, [row.id for row in rows[start : start + PAGE]])
            yield from (((table, number), max(each.until for each in among)) for number, among in found.items())


def _numbers(held: Mapping[str, Sequence[Held]], column: str) -> set[int]:
    return set(_values(held, column))


def _values(held: Mapping[str, Sequence[Held]], column: str) -> Iterator[int]:
    for row in (row for rows in held.values() for row in rows):
        value = row.values.get(column)
        if isinstance(value, int):
            yield value
