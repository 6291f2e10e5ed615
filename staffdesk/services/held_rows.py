"""Rows that a law keeps: finance for the law and privacy read them, and nobody else (GDPR Art. 18(2); policy, H)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from staffdesk.data.customers.held import Holds
from staffdesk.data.customers.reading import Values
from staffdesk.data.references import TABLE_OF
from staffdesk.data.transaction import Read
from staffdesk.domain.access import Purpose, Role
from staffdesk.domain.records import Match
from staffdesk.services.clearance import Clearance

_READERS: Final = frozenset({(Role.FINANCE, Purpose.LEGAL), *((Role.PRIVACY, purpose) for purpose in (None, *Purpose))})


def reads_held(cleared: Clearance) -> bool:
    """Say whether this access reaches held rows at all."""
    return (cleared.role, cleared.purpose) in _READERS


def may_read(tx: Read, cleared: Clearance, table: str, number: int) -> bool:
    """Say whether one row may be read."""
    return reads_held(cleared) or not Holds(tx).holds(table, number)


def readable(
    tx: Read, cleared: Clearance, found: Mapping[str, tuple[Values, ...]], opened: tuple[str, int]
) -> Mapping[str, tuple[Values, ...]]:
    """Leave out of a record what a law keeps from this role; nothing is left where it was ``opened`` as such a row."""
    if reads_held(cleared):
        return found
    held = Holds(tx).among({table: [row["id"] for row in rows] for table, rows in found.items()})
    table, number = opened
    if number in held.get(table, ()):
        return {}
    if not held:
        return found
    return {table: tuple(row for row in rows if row["id"] not in held.get(table, ())) for table, rows in found.items()}


def listable(tx: Read, cleared: Clearance, found: tuple[Match, ...]) -> tuple[Match, ...]:
    """Leave out of what was found the rows that a law keeps from this role."""
    if not found or reads_held(cleared):
        return found
    asked: dict[str, list[int]] = {}
    for match in found:
        asked.setdefault(TABLE_OF[match.kind], []).append(match.id)
    held = Holds(tx).among(asked)
    return tuple(match for match in found if match.id not in held.get(TABLE_OF[match.kind], ())) if held else found
