"""Stop marketing: at once, by whoever of support, sales and privacy is asked, and nobody's import undoes it.

Seen to fail: with the suppression written in a transaction of its own, with the subscription's evidence left, with a
telephone number hashed as it is typed, with the right to move asked only after the request was received, and with two
employees at once not made to wait for each other.
"""

from __future__ import annotations

import json
import time
from functools import partial

import pytest

from staffdesk.data.customers.digests import Addressee
from staffdesk.data.database import Database
from staffdesk.data.log import Event, Log
from staffdesk.data.tables.sharing import Subscription
from staffdesk.domain.access import Act, Role
from staffdesk.domain.errors import Denied, NotFound, StorageUnavailable
from staffdesk.domain.requests import RequestChannel, RequestType
from staffdesk.services import requests
from staffdesk.services.marketing import Marketing, Stopped, may_subscribe
from tests import factories
from tests.databases import Place
from tests.factories import Customer
from tests.services.front import Front
from tests.services.offices import Office, at_once, entries


@pytest.fixture
def front(office: Office) -> Front:
    return Front(office)


@pytest.fixture
def anders(database: Database) -> Customer:
    made = factories.customer(database, store="fastspring", account_id="acc-1", language="fr")
    for name in ("product news", "beta news"):
        factories.put(database, subscription(made.person, name))
    return made


def subscription(person: int, name: str) -> Subscription:
    return Subscription.checked(
        {
            **factories.provenance(), "person_id": person, "list_name": name, "status": "subscribed",
            "basis": "existing customer", "evidence": "ticked at the first order",
        }
    )  # fmt: skip


def all_of(place: Place, table: str) -> list[tuple[object, ...]]:
    with place.owner() as owner:
        return [tuple(row) for row in owner.exec_driver_sql(f"SELECT * FROM {table} ORDER BY id")]


@pytest.mark.parametrize("role", [Role.SUPPORT, Role.SALES, Role.PRIVACY])
def test_one_objection_ends_all_mail_at_once(role: Role, front: Front, anders: Customer, place: Place) -> None:
    ana = front.staff("ana", role)
    before = len(entries(place))
    stopped = front.marketing.stop(ana, anders.person)
    assert (stopped.already, stopped.request.kind, stopped.request.state) == (False, "object_mkt", "notifying")
    with place.owner() as owner:
        mail = owner.exec_driver_sql("SELECT status, evidence, ended_on IS NULL FROM subscription").all()
        kept = owner.exec_driver_sql("SELECT kind, no_mail, no_return FROM suppression ORDER BY kind").all()
        told = owner.exec_driver_sql("SELECT recipient, state, sent_at FROM recipient_task").all()
        held = owner.exec_driver_sql("SELECT state, requester, reply_address, carried_out_at FROM request").one()
    assert [tuple(row) for row in mail] == [("unsubscribed", None, False)] * 2
    assert [(row[0], bool(row[1]), bool(row[2])) for row in kept] == [
        ("account", True, False), ("email", True, False), ("phone", True, False),
    ]  # fmt: skip
    assert [tuple(row) for row in told] == [("CAMPAIGN_SERVICE", "open", None)]
    assert tuple(held) == ("notifying", "Anders Bo", "anders@nordlys.example", stopped.request.carried_out_at)
    made = entries(place)[before:]
    assert [(each.act, each.out) for each in made] == [
        ("request.listed", "ok"), ("request.received", "intent"), ("request.received", "ok"),
        ("request.moved", "intent"), ("request.moved", "ok"),
    ]  # fmt: skip
    assert made[-1].kinds == ("request", "object_mkt", "stop_marketing", "notifying")


def test_what_is_remembered_names_nobody_and_nothing_of_his_computer(
    front: Front, anders: Customer, place: Place
) -> None:
    front.marketing.stop(front.staff("ana", Role.SUPPORT), anders.person)
    held = json.dumps(all_of(place, "suppression"), default=str)
    assert len(all_of(place, "suppression")) == 3
    for word in ("anders", "nordlys", "4555550142", "acc-1", "02:00:5E", "192.0.2.17", "mbp"):
        assert word not in held


def test_the_second_time_says_since_when_and_receives_nothing(front: Front, anders: Customer, place: Place) -> None:
    first = front.marketing.stop(front.staff("ana", Role.SUPPORT), anders.person)
    again = front.marketing.stop(front.staff("sia", Role.SALES), anders.person)
    assert (again.already, again.request) == (True, first.request)
    assert len(all_of(place, "request")) == 1


def test_an_objection_left_lying_is_carried_out_and_not_received_twice(
    front: Front, anders: Customer, place: Place
) -> None:
    lying = front.requests.receive(
        front.staff("fia", Role.FINANCE), kind=RequestType.OBJECT_MKT, channel=RequestChannel.POST,
        customer=anders.person,
    )  # fmt: skip
    stopped = front.marketing.stop(front.staff("ana", Role.SUPPORT), anders.person)
    assert (stopped.request.number, stopped.request.state) == (lying.number, "notifying")
    assert len(all_of(place, "request")) == 1


@pytest.mark.parametrize("role", [Role.FINANCE, Role.APPROVER, Role.ADMIN, Role.AUDITOR])
def test_others_are_refused_with_a_sentence_before_anything_is_received(
    role: Role, front: Front, anders: Customer, place: Place
) -> None:
    access = front.staff("fia", role)
    with pytest.raises(Denied, match="going on with a request") as caught:
        front.marketing.stop(access, anders.person)
    assert "support" in caught.value.hint
    assert all_of(place, "request") == all_of(place, "suppression") == []
    assert (entries(place)[-1].act, entries(place)[-1].kinds[0]) == ("denied", "request.moved")


def test_somebody_without_any_address_is_marked_all_the_same(front: Front, database: Database, place: Place) -> None:
    (person,) = factories.put(
        database, factories.person(given_name=None, family_name=None, email=None, user_name="quiet-fader")
    )
    stopped = front.marketing.stop(front.staff("ana", Role.SUPPORT), person)
    assert stopped.request.carried_out_at is not None
    assert all_of(place, "suppression") == []
    with pytest.raises(NotFound):
        front.marketing.stop(front.again("ana", Role.SUPPORT), 10**6)


def test_it_has_its_whole_effect_or_none(
    front: Front, anders: Customer, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> int:
        raise StorageUnavailable("The disk is full.")

    ana = front.staff("ana", Role.SUPPORT)
    with monkeypatch.context() as patch:
        patch.setattr("staffdesk.data.customers.objections.Objections.tell", broken)
        with pytest.raises(StorageUnavailable):
            front.marketing.stop(ana, anders.person)
    assert all_of(place, "suppression") == all_of(place, "recipient_task") == []
    assert (entries(place)[-1].act, entries(place)[-1].out) == ("request.moved", "failed")
    with place.owner() as owner:
        assert owner.exec_driver_sql("SELECT DISTINCT status FROM subscription").scalar_one() == "subscribed"
        assert owner.exec_driver_sql("SELECT state FROM request").scalar_one() == "received"
    assert front.marketing.stop(ana, anders.person).request.state == "notifying"
    assert len(all_of(place, "request")) == 1


@pytest.mark.parametrize(
    ("addressee", "may"),
    [
        (Addressee(email="Anders@NORDLYS.example"), False),
        (Addressee(phone="55 55 01 42", country="DK", email="new@nordlys.example"), False),
        (Addressee(store="fastspring", account_id="acc-1"), False),
        (Addressee(store="shopify", account_id="acc-1", email="new@nordlys.example"), True),
        (Addressee(), True),
    ],
)
def test_no_import_subscribes_who_objected(
    addressee: Addressee, may: bool, front: Front, anders: Customer, database: Database, place: Place
) -> None:
    del place
    front.marketing.stop(front.staff("ana", Role.SUPPORT), anders.person)
    with database.append() as tx:
        ticket = Log(tx, "2024-10").append(Event(act=Act.IMPORT_RUN))
    with database.change(ticket) as tx2:
        assert may_subscribe(tx2, addressee) is may
        assert may_subscribe(tx2, Addressee(), anders.person) is False


def test_who_opted_in_again_can_object_again(front: Front, anders: Customer, database: Database, place: Place) -> None:
    ana = front.staff("ana", Role.SUPPORT)
    first = front.marketing.stop(ana, anders.person)
    factories.put(database, subscription(anders.person, "product news"))
    again = front.marketing.stop(ana, anders.person)
    assert not again.already
    assert again.request.number != first.request.number
    assert len(all_of(place, "suppression")) == 3


def test_records_of_him_by_the_same_address_get_no_mail_either_and_stand_in_the_entry(
    front: Front, database: Database, place: Place
) -> None:
    shared = "+45 55 55 01 99"
    first, second, colleague = factories.put(
        database,
        *(factories.person(email=f"{name}@nordlys.example", phone=shared) for name in ("ditte", "ditte", "mette")),
    )
    factories.put(database, *(subscription(person, "product news") for person in (first, second, colleague)))
    front.marketing.stop(front.staff("ana", Role.SUPPORT), first)
    with place.owner() as owner:
        rows = owner.exec_driver_sql("SELECT person_id, status FROM subscription ORDER BY person_id").all()
        aids = [str(row[0]) for row in owner.exec_driver_sql("SELECT aid FROM person ORDER BY id")]
    assert [tuple(row) for row in rows] == [
        (first, "unsubscribed"), (second, "unsubscribed"), (colleague, "subscribed"),
    ]  # fmt: skip
    done = [core for core in entries(place) if (core.act, core.out) == ("request.moved", "ok")][-1]
    assert {aids[0], aids[1]} <= set(done.obj)
    assert aids[2] not in done.obj


def test_two_employees_at_once_stop_mail_once(
    front: Front, anders: Customer, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = requests._who

    def slowly(*arguments: object) -> object:
        time.sleep(0.2)
        return really(*arguments)  # type: ignore[arg-type] # passed through as they came

    monkeypatch.setattr(requests, "_who", slowly)
    ana, bo = front.staff("ana", Role.SUPPORT), front.staff("bo", Role.SALES)
    other = place.open()
    try:
        desks = ((front, ana), (Front(Office(other)), bo))
        came = at_once(*(partial(desk.marketing.stop, access, anders.person) for desk, access in desks))
    finally:
        other.close()
    stopped = [each for each in came if isinstance(each, Stopped)]
    assert sorted(each.already for each in stopped) == [False, True]
    assert len({each.request.number for each in stopped}) == len(all_of(place, "request")) == 1
    done = [core.act for core in entries(place) if core.out == "ok"]
    assert (done.count("request.received"), done.count("request.moved")) == (1, 1)
    assert len(all_of(place, "recipient_task")) == 1


def test_whoever_comes_between_receipt_and_carrying_out_is_not_received_twice(
    front: Front, anders: Customer, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, bo = front.staff("ana", Role.SUPPORT), front.staff("bo", Role.SALES)
    really = Marketing._made

    def later(self: Marketing, *arguments: object) -> object:
        found = really(self, *arguments)  # type: ignore[arg-type] # passed through as they came
        monkeypatch.undo()
        front.marketing.stop(bo, anders.person)
        return found

    monkeypatch.setattr(Marketing, "_made", later)
    stopped = front.marketing.stop(ana, anders.person)
    assert stopped.already
    assert len(all_of(place, "request")) == 1
