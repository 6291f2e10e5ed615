"""Requests of customers: numbered, with both due dates, whoever receives them.

Seen to fail: with the number's year taken in UTC, with a time of receipt of any age taken, and with what is answered
listed among what is not.
"""

from __future__ import annotations

import datetime as dt
import itertools

import pytest

from staffdesk.data.database import Database
from staffdesk.domain.access import Role
from staffdesk.domain.deadlines import due_dates
from staffdesk.domain.errors import BadInput, Denied, MustNotBeHeld, NotFound
from staffdesk.domain.requests import RequestChannel, RequestType
from tests import factories
from tests.databases import Place
from tests.services.front import Front
from tests.services.offices import Office, entries


@pytest.fixture
def front(office: Office) -> Front:
    return Front(office)


def at(text: str) -> int:
    return int(dt.datetime.fromisoformat(text).timestamp() * 1000)


def receive(front: Front, role: Role = Role.SUPPORT, **values: object) -> object:
    given = {"kind": RequestType.ERASE, "channel": RequestChannel.EMAIL, "customer": None, "requester": "Anders Bo",
             "reply_address": "anders@nordlys.example"}  # fmt: skip
    user = f"u{role.value}"
    access = front.staff(user, role)
    return front.requests.receive(access, **{**given, **values})  # type: ignore[arg-type] # a test's own words


@pytest.mark.parametrize("role", [Role.SUPPORT, Role.SALES, Role.FINANCE, Role.PRIVACY, Role.APPROVER])
def test_whoever_is_asked_receives_it(role: Role, front: Front, place: Place) -> None:
    made = receive(front, role, received_at=at("2026-01-30T09:00:00+00:00"))
    due = due_dates(dt.datetime(2026, 1, 30, 9, tzinfo=dt.UTC))
    assert (made.number, made.hard_due, made.soft_due) == ("DSR-2026-0001", due.hard, due.soft)  # type: ignore[attr-defined]
    assert [(each.act, each.out) for each in entries(place)[-2:]] == [
        ("request.received", "intent"),
        ("request.received", "ok"),
    ]


def test_none_is_refused_for_the_way_it_came_or_what_it_asks(front: Front) -> None:
    access = front.staff("ana", Role.SUPPORT)
    for n, (kind, channel) in enumerate(itertools.product(RequestType, RequestChannel), start=1):
        made = front.requests.receive(
            access, kind=kind, channel=channel, customer=None, requester="Anders Bo", reply_address="+45 55 55 01 42"
        )
        assert made.number.endswith(f"-{n:04d}")


@pytest.mark.parametrize("role", [Role.ADMIN, Role.AUDITOR])
def test_who_has_no_customers_receives_none(role: Role, front: Front) -> None:
    with pytest.raises(Denied):
        receive(front, role)


def test_the_year_of_the_number_is_the_year_in_brussels(front: Front) -> None:
    assert receive(front, received_at=at("2024-12-31T23:30:00+00:00")).number == "DSR-2025-0001"  # type: ignore[attr-defined]


def test_the_list_is_by_due_date_open_ones_first_and_names_nobody(front: Front, place: Place) -> None:
    privacy = front.staff("pia", Role.PRIVACY)
    for moment in ("2026-03-01T09:00:00+00:00", "2026-01-05T09:00:00+00:00", "2026-02-01T09:00:00+00:00"):
        front.requests.receive(
            privacy, kind=RequestType.ACCESS, channel=RequestChannel.POST, customer=None, requester="A B",
            reply_address="Street 1, 1000 Brussels", received_at=at(moment),
        )  # fmt: skip
    with place.owner() as owner:
        owner.exec_driver_sql("UPDATE request SET state = 'completed' WHERE number = 'DSR-2026-0002'")
    found = front.requests.open_requests(privacy)
    assert [row.number[-1] for row in found] == ["3", "1", "2"]
    assert "A B" not in repr(found)


def test_privacy_sees_every_request_and_others_those_they_received(front: Front) -> None:
    receive(front, Role.SUPPORT)
    receive(front, Role.SALES)
    assert len(front.requests.open_requests(front.staff("pia", Role.PRIVACY))) == 2
    own = front.requests.open_requests(front.again("usupport", Role.SUPPORT))
    assert [row.number[-1] for row in own] == ["1"]
    for role in (Role.FINANCE, Role.APPROVER):
        assert front.requests.open_requests(front.staff(role.value, role)) == ()
    for role in (Role.ADMIN, Role.AUDITOR):
        with pytest.raises(Denied):
            front.requests.open_requests(front.staff(role.value, role))


@pytest.mark.parametrize(
    ("values", "held"),
    [
        ({"email": f"{'a' * 60}@{'b' * 63}.{'c' * 63}.{'d' * 55}.example"}, None),
        ({"given_name": "G" * 200, "family_name": "F" * 200}, None),
        ({"email": None, "phone": "+371449635398431", "country": "LV"}, "+371449635398431"),
        ({"email": None, "phone": None}, "Havnegade 12, 1058 K\u00f8benhavn, DK"),
    ],
)
def test_nobody_the_desk_holds_is_refused_a_request(
    values: dict[str, object], held: str | None, front: Front, database: Database, place: Place
) -> None:
    anders = factories.customer(database, **values)
    receive(front, customer=anders.person, requester=None, reply_address=None)
    with place.owner() as owner:
        row = owner.exec_driver_sql("SELECT requester, reply_address FROM request").one()
    assert row[1] == (held or values.get("email") or "anders@nordlys.example")


def test_from_a_record_the_name_and_the_address_are_those_held(front: Front, database: Database, place: Place) -> None:
    anders = factories.customer(database)
    receive(front, customer=anders.person, requester=None, reply_address=None)
    with place.owner() as owner:
        row = owner.exec_driver_sql("SELECT requester, reply_address FROM request").one()
    assert tuple(row) == ("Anders Bo", "anders@nordlys.example")


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"received_at": 2**50}, BadInput),
        ({"received_at": -(10**18)}, BadInput),
        ({"received_at": 0}, BadInput),
        ({"requester": None}, BadInput),
        ({"reply_address": ""}, BadInput),
        ({"reply_address": "by post"}, BadInput),
        ({"customer": 10**9}, NotFound),
        ({"customer": 2**64}, NotFound),
        ({"note": "my password: hunter2hunter2"}, MustNotBeHeld),
        ({"requester": "a\u202eb"}, BadInput),
    ],
)
def test_what_cannot_be_taken(values: dict[str, object], error: type[Exception], front: Front, place: Place) -> None:
    with pytest.raises(error):
        receive(front, **values)  # type: ignore[arg-type] # a test's own words
    with place.owner() as owner:
        assert owner.exec_driver_sql("SELECT count(*) FROM request").scalar() == 0
