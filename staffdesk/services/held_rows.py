"""What is kept back from a role: rows that a law holds or the person restricted, and fields that are contested.

Finance for the law and privacy read held rows, privacy alone contested fields (GDPR Art. 18(1) and (2); policy, H).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from staffdesk.data.customers.contested import ContestedFields
from staffdesk.data.customers.held import Holds
from staffdesk.data.customers.reading import Contact, Values
from staffdesk.data.customers.request_files import RequestFiles
from staffdesk.data.references import TABLE_OF
from staffdesk.data.transaction import Read
from staffdesk.domain.access import Purpose, Role
from staffdesk.domain.errors import Denied
from staffdesk.domain.records import CONTESTED, Match
from staffdesk.services.clearance import Clearance

_REQUEST: Final = "request"
_NAMES: Final = frozenset({"given_name", "family_name"})
_LISTED: Final = frozenset({*_NAMES, "email"})
_PARTS: Final = {
    "name": _NAMES,
    "email": frozenset({"email"}),
    "phone": frozenset({"phone"}),
    "address": frozenset({"street", "postal_code", "city", "region", "country"}),
}
"""Of which columns each part of a contact is made."""
_READERS: Final = frozenset({(Role.FINANCE, Purpose.LEGAL), *((Role.PRIVACY, purpose) for purpose in (None, *Purpose))})


def reads_contested(cleared: Clearance) -> bool:
    """Say whether this access reads fields whose accuracy is contested: who settles it does."""
    return cleared.role is Role.PRIVACY


def check_not_contested(cleared: Clearance, request: str | None) -> None:
    """Raise :class:`Denied` for a field that is contested under a request, and is not this access's to settle."""
    if request is not None and not reads_contested(cleared):
        raise Denied(
            f"This value is contested under {request}, so it is not used meanwhile.", "Privacy settles what is right."
        )


def contested_in(statuses: Sequence[Values]) -> Mapping[tuple[str, int], frozenset[str]]:
    """Return the contested fields of a record, by table and number, from what is known of its fields."""
    found: dict[tuple[str, int], set[str]] = {}
    for each in statuses:
        if each["contested_under"] is not None:
            owner = "person" if each["person_id"] is not None else "organisation"
            found.setdefault((owner, each[f"{owner}_id"]), set()).add(each["field"])
    return {place: frozenset(fields) for place, fields in found.items()}


def without_contested(contact: Contact, contested: Mapping[int, frozenset[tuple[str, str]]]) -> Contact:
    """Return how one person is called and reached, without what is contested of it: no letter goes there meanwhile."""
    columns = {column for fields in contested.values() for owner, column in fields if owner == "person"}
    return replace(contact, **{part: "" for part, made_of in _PARTS.items() if not made_of.isdisjoint(columns)})


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
    found = _without_named_later(tx, cleared, found)
    if reads_held(cleared):
        return found
    held = Holds(tx).among({table: [row["id"] for row in rows] for table, rows in found.items()})
    table, number = opened
    if number in held.get(table, ()):
        return {}
    if not held:
        return found
    return {table: tuple(row for row in rows if row["id"] not in held.get(table, ())) for table, rows in found.items()}


def _without_named_later(
    tx: Read, cleared: Clearance, found: Mapping[str, tuple[Values, ...]]
) -> Mapping[str, tuple[Values, ...]]:
    """Leave out what this employee received of somebody whom privacy named later: that is not his to know."""
    rows = found.get(_REQUEST, ())
    if cleared.role is Role.PRIVACY or cleared.actor is None or not rows:
        return found
    his = {row["id"] for row in rows if row["received_by"] == cleared.actor.staff_id}
    later = {number for number in his if RequestFiles(tx).named_later(number)}
    return {**found, _REQUEST: tuple(row for row in rows if row["id"] not in later)} if later else found


def listable(tx: Read, cleared: Clearance, found: tuple[Match, ...]) -> tuple[Match, ...]:
    """Leave out of what was found the rows that a law keeps from this role, and of the others what is contested."""
    if not found or reads_contested(cleared):
        return found
    kept_back = Holds(tx).kept_back()
    if kept_back.held and not reads_held(cleared):
        found = _not_held(tx, found)
    return _without_contested(tx, found) if kept_back.contested else found


def _not_held(tx: Read, found: tuple[Match, ...]) -> tuple[Match, ...]:
    asked: dict[str, list[int]] = {}
    for match in found:
        asked.setdefault(TABLE_OF[match.kind], []).append(match.id)
    held = Holds(tx).held_of(asked)
    return tuple(match for match in found if match.id not in held.get(TABLE_OF[match.kind], ()))


def _without_contested(tx: Read, found: tuple[Match, ...]) -> tuple[Match, ...]:
    fields = ContestedFields(tx).of_people({match.customer for match in found if match.customer is not None})
    if not fields:
        return found
    return tuple(_bare(match, fields.get(match.customer or 0, frozenset())) for match in found)


def _bare(match: Match, contested: frozenset[tuple[str, str]]) -> Match:
    """Return a row of a list without what is contested of it; the company says so, since a row may have none."""
    hidden: dict[str, str | None] = {
        column: None for owner, column in contested if owner == "person" and column in _LISTED
    }
    if ("organisation", "name") in contested:
        hidden["company"] = f"! {CONTESTED}"
    if not _NAMES.isdisjoint(hidden):
        hidden |= {"given_name": f"customer {match.customer}", "family_name": f"! {CONTESTED}"}
    return replace(match, **hidden) if hidden else match  # type: ignore[arg-type] # columns of a match that are text
