"""Somebody who stands twice on file, and who may put the two together."""

from __future__ import annotations

from dataclasses import replace

import pytest

from staffdesk.data.tables.fields import FieldStatus
from staffdesk.domain.access import Access, Purpose, Role
from staffdesk.domain.policy import matrix
from staffdesk.services.merging import Merging
from tests import factories
from tests.services.front import Front
from tests.services.offices import Office


@pytest.fixture
def front(office: Office) -> Front:
    return Front(office)


@pytest.fixture
def sue(front: Front) -> Access:
    return front.staff("sue", Role.SUPPORT, "T-1182")


@pytest.fixture
def pia(front: Front) -> Access:
    return replace(front.staff("pia", Role.PRIVACY, "T-1182"), purpose=Purpose.RIGHTS)


@pytest.fixture
def merging(front: Front) -> Merging:
    return Merging(front.office.door, matrix(), clock=front.office.clock)


@pytest.fixture
def two(front: Front) -> tuple[int, int]:
    """A customer with something of everything, and himself as somebody else took him down."""
    him = factories.customer(front.office.database, phone="+32 470 55 01 42")
    again = factories.person(
        given_name="Anders",
        family_name="Bo-Holm",
        email="anders.bo@home.example",
        phone="+32 470 55 01 42",
        country="DK",
    )
    (other,) = factories.put(front.office.database, again)
    factories.put(
        front.office.database,
        factories.order(person_id=other, number="SO-77001"),
        factories.licence(person_id=other, serial="MR4-777777-QX"),
        factories.report(other, "He asked for a discount"),
        FieldStatus.checked({**factories.provenance(), "person_id": other, "field": "email"}),
    )
    return him.person, other
