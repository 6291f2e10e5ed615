"""Who looked, for a person: listed, opened and revealed apart, by day and purpose, and nobody named who need not be."""

from __future__ import annotations

import pytest

from staffdesk.data.database import Database
from staffdesk.domain.access import Level, Purpose, RecordKind, Role
from staffdesk.domain.errors import Denied
from staffdesk.domain.policy import matrix
from staffdesk.services.sessions import day_in_brussels
from staffdesk.services.who_looked import LooksAtPeople, WhoLooked
from tests import factories
from tests.services.front import Front
from tests.services.offices import Office


@pytest.fixture
def front(office: Office) -> Front:
    return Front(office)


@pytest.fixture
def customer(front: Front, database: Database) -> int:
    """Somebody whom support listed once, opened twice within minutes, revealed and copied, and sales opened."""
    made = factories.customer(database)
    key = f"person:{made.person}:email"
    ana, sal = front.staff("ana", Role.SUPPORT, "T-1182"), front.staff("sal", Role.SALES, "T-1183")
    front.gateway.search(ana, "nordlys")
    for _ in range(2):
        front.gateway.open(ana, RecordKind.PERSON, made.person)
    front.gateway.reveal(ana, key)
    front.gateway.copy(ana, key)
    front.gateway.open(sal, RecordKind.PERSON, made.person)
    with pytest.raises(Denied):
        front.gateway.reveal(ana, f"person:{made.person}:street")
    return made.person


def _told(front: Front, customer: int, role: Role, *, without_names: bool = False) -> WhoLooked:
    access = front.staff(f"who{role.value}", role, "T-9")
    return LooksAtPeople(front.office.door, matrix()).of(access, customer, without_names=without_names)


def test_listed_opened_and_revealed_are_counted_apart_by_day_and_purpose(front: Front, customer: int) -> None:
    found = _told(front, customer, Role.PRIVACY, without_names=True)
    day = day_in_brussels(front.office.clock()).isoformat()
    listed, opened, revealed = Level
    assert {key: dict(counts) for key, counts in found.by_day.items()} == {
        (day, Purpose.SALE.value): {listed: 0, opened: 1, revealed: 0},
        (day, Purpose.SUPPORT.value): {listed: 1, opened: 1, revealed: 2},
    }
    assert dict(found.counts) == {listed: 1, opened: 2, revealed: 2}
    assert found.kept_months is not None


def test_nobody_is_named_but_to_privacy_who_asks_for_names(front: Front, customer: int) -> None:
    assert {each.who for each in _told(front, customer, Role.PRIVACY).looks} == {"ana", "sal", "whoprivacy"}
    assert {each.who for each in _told(front, customer, Role.SALES).looks} == {""}
    found = _told(front, customer, Role.FINANCE, without_names=True)
    assert {each.who for each in found.looks} == {""}
    assert {each.told.role for each in found.looks} >= {"support", "sales"}
