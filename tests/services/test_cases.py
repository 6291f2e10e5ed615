"""Cases: opened in one line, numbered without a gap, listed to who opened them, closed once.

Seen to fail: with the number of the case to close taken as typed.
"""

from __future__ import annotations

import re

import pytest

from staffdesk.data.database import Database
from staffdesk.domain.access import Role
from staffdesk.domain.errors import BadInput, Denied, MustNotBeHeld, NotFound
from staffdesk.domain.matters import NewCase
from tests import factories
from tests.databases import Place
from tests.services.front import Front
from tests.services.offices import Office, entries

CALL = NewCase(kind="support", channel="call", product="MovieRecorder", caller="Anders of Nordlys")


@pytest.fixture
def front(office: Office) -> Front:
    return Front(office)


def test_a_case_is_opened_listed_and_closed(front: Front, place: Place) -> None:
    ana, bo = front.staff("ana", Role.SUPPORT), front.staff("bo", Role.SALES)
    first, second = front.cases.open(ana, CALL), front.cases.open(ana, CALL)
    assert re.fullmatch(r"C-\d{4}-0001", first.number)
    assert second.number.endswith("-0002")
    assert [case.number for case in front.cases.mine(ana.session)] == [second.number, first.number]
    assert front.cases.mine(bo.session) == ()
    front.cases.close(ana, first.number.lower().replace("-0001", "-1"))
    assert [case.number for case in front.cases.mine(ana.session)] == [second.number]
    with pytest.raises(NotFound):
        front.cases.close(ana, first.number)
    assert [(each.act, each.out) for each in entries(place)[-4:]] == [
        ("case.closed", "intent"), ("case.closed", "ok"), ("case.closed", "intent"), ("case.closed", "failed"),
    ]  # fmt: skip


def test_a_case_of_a_customer_names_him_in_the_log(front: Front, database: Database, place: Place) -> None:
    anders = factories.customer(database)
    made = front.cases.open(front.staff("ana", Role.SUPPORT), NewCase("support", "call", customer=anders.person))
    assert made.customer == anders.person
    assert [[aid[:2] for aid in each.obj] for each in entries(place)[-2:]] == [["s_"], ["s_", "c_"]]


@pytest.mark.parametrize(
    ("new", "error"),
    [
        (NewCase("gossip", "call"), BadInput),
        (NewCase("support", "pigeon"), BadInput),
        (NewCase("support", "call", recognised="his voice"), BadInput),
        (NewCase("support", "call", caller="a\x1b[2Jb"), BadInput),
        (NewCase("support", "call", caller="card 4111 1111 1111 1111"), MustNotBeHeld),
        (NewCase("support", "call", summary="IBAN BE68 5390 0754 7034"), MustNotBeHeld),
        (NewCase("support", "call", customer=2**70), NotFound),
        (NewCase("support", "call", customer=0), NotFound),
    ],
)
def test_what_cannot_be_taken_makes_no_case(new: NewCase, error: type[Exception], front: Front, place: Place) -> None:
    ana = front.staff("ana", Role.SUPPORT)
    with pytest.raises(error):
        front.cases.open(ana, new)
    assert front.cases.mine(ana.session) == ()
    assert b"4111" not in b"".join(each.encode() for each in entries(place))
    assert front.cases.open(ana, CALL).number.endswith("-0001")


@pytest.mark.parametrize("role", [Role.FINANCE, Role.PRIVACY, Role.APPROVER, Role.ADMIN, Role.AUDITOR])
def test_others_open_no_case(role: Role, front: Front) -> None:
    with pytest.raises(Denied):
        front.cases.open(front.staff("ana", role), CALL)
