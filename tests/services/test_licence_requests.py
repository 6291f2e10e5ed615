"""A licence request is a case with its steps: who did each when, what is open at the end, what moves by it."""

from __future__ import annotations

import datetime as dt

import pytest

from staffdesk.data.database import Database
from staffdesk.data.tables.erasure import Hold
from staffdesk.data.tables.twins import PersonPair
from staffdesk.domain.access import Access, Role
from staffdesk.domain.errors import BadInput, Conflict, Denied, MustNotBeHeld, NotFound
from staffdesk.domain.licence_requests import StepsOpen, rules
from staffdesk.domain.matters import NewCase
from staffdesk.services.licence_requests import LicenceDesk
from tests import factories
from tests.databases import Place
from tests.services.front import Front, move_to_the_us
from tests.services.offices import Office, entries
from tests.services.store_files import column

HOW = "call-back to the number on file"


@pytest.fixture
def front(office: Office) -> Front:
    return Front(office)


@pytest.fixture
def desk(front: Front) -> LicenceDesk:
    return LicenceDesk(front.office.door)


@pytest.fixture
def anders(database: Database) -> factories.Customer:
    return factories.customer(database)


def called(front: Front, user: str, customer: int) -> Access:
    """Sign somebody in, and take a call of a customer in hand."""
    access = front.staff(user, Role.SUPPORT)
    number = front.cases.open(access, NewCase("support", "call", product="x", customer=customer)).number
    return Access(access.session, access.purpose, number, access.host)


def row(place: Place, table: str, columns: str, number: int) -> tuple[object, ...]:
    with place.owner() as owner:
        found = owner.exec_driver_sql(f"SELECT {columns} FROM {table} WHERE id = {number}").one()
    return tuple(found)


def test_a_licence_request_is_the_work_of_support_alone(
    front: Front, desk: LicenceDesk, anders: factories.Customer
) -> None:
    ana = called(front, "ana", anders.person)
    desk.start(ana, ana.reference or "", "seat_freed", anders.licence)
    ben = front.staff("ben", Role.SALES)
    with pytest.raises(Denied, match="not the work of your role"):
        desk.of_case(ben, ana.reference or "")
    with pytest.raises(Denied, match="not the work of your role"):
        desk.tick(ben, ana.reference or "", "holder", note=HOW)
    assert next(each.id for each in desk.of_case(ana, ana.reference or "").still_open) == "holder"


def test_a_seat_is_freed_once_the_holder_was_recognised_and_each_step_says_who_and_when(
    front: Front, desk: LicenceDesk, anders: factories.Customer, place: Place
) -> None:
    ana = called(front, "ana", anders.person)
    number = ana.reference or ""
    begun = desk.start(ana, number, "seat_freed", anders.licence)
    assert [each.id for each in begun.still_open] == ["holder", "freed", "manager", "told"]
    with pytest.raises(Conflict, match="Before it is open"):
        desk.free_seat(ana, number, anders.activation)
    with pytest.raises(BadInput, match="says how"):
        desk.tick(ana, number, "holder")
    with pytest.raises(MustNotBeHeld):
        desk.tick(ana, number, "holder", note="pwd: hunter2")
    with pytest.raises(Conflict, match="by doing it"):
        desk.tick(ana, number, "freed")
    desk.tick(ana, number, "holder", note=HOW)
    freed = desk.free_seat(ana, number, anders.activation)
    assert [(each.step.id, each.done_by, each.note) for each in freed.steps if each.done_at] == [
        ("holder", "ana", HOW), ("freed", "ana", ""),
    ]  # fmt: skip
    assert [(each.active, each.computer) for each in freed.seats] == [
        (False, ("•••••••", "02:00:5E:••:••:••", "192.0.2.•"))
    ], "what the role may see of the computer"
    assert row(place, "activation", "status", anders.activation) == ("released",)
    done = entries(place)[-1]
    assert (done.act, done.out, done.kinds) == ("customer.changed", "ok", ("licence request", "activation.status"))
    assert {each[:2] for each in done.obj} == {"s_", "c_"}
    assert desk.of_case(ana, number).seats == freed.seats
    with pytest.raises(Conflict, match="no seat"):
        desk.free_seat(ana, number, anders.activation)


def test_closing_asks_about_what_is_open(front: Front, desk: LicenceDesk, anders: factories.Customer) -> None:
    ana = called(front, "ana", anders.person)
    number = ana.reference or ""
    desk.start(ana, number, "lost_activation", anders.licence)
    desk.tick(ana, number, "holder", note=HOW)
    with pytest.raises(StepsOpen, match="found on file"):
        front.cases.close(ana, number, resolution="he will call again")
    assert [each.number for each in front.cases.mine(ana.session)] == [number]
    front.cases.close(ana, number, resolution="he will call again", unfinished=True)
    assert front.cases.mine(ana.session) == ()
    with pytest.raises(NotFound):
        desk.of_case(ana, number)


def test_a_licence_goes_to_another_person_on_file_as_its_holder_confirms_and_takes_no_computer_along(
    front: Front, desk: LicenceDesk, anders: factories.Customer, database: Database, place: Place
) -> None:
    (bo,) = factories.put(database, factories.person(given_name="Bo"))
    ana = called(front, "ana", anders.person)
    number = ana.reference or ""
    desk.start(ana, number, "other_person", anders.licence)
    with pytest.raises(Conflict, match="taken"):
        desk.move(ana, number, bo)
    desk.tick(ana, number, "holder", note="his mail of today")
    desk.free_seat(ana, number, anders.activation)
    with pytest.raises(Conflict, match="Before it is open"):
        desk.move(ana, number, bo)
    desk.tick(ana, number, "recipient")
    with pytest.raises(NotFound):
        desk.move(ana, number, 999_999)
    with pytest.raises(BadInput):
        desk.move(ana, number, anders.person)
    assert row(place, "licence", "person_id", anders.licence) == (anders.person,)
    moved = desk.move(ana, number, bo)
    assert [each.id for each in moved.still_open] == ["manager", "told"]
    assert row(place, "licence", "person_id", anders.licence) == (bo,)
    assert row(place, "activation", "user_name, mac, ip", anders.activation) == (None, None, None)
    last = entries(place)[-1]
    assert sorted(each[:2] for each in last.obj) == ["c_", "l_", "s_", "s_"], "both are named"


def test_no_licence_goes_to_a_record_that_is_restricted_or_put_together_nor_moves_in_a_restricted_case(
    front: Front, desk: LicenceDesk, anders: factories.Customer, database: Database, place: Place
) -> None:
    bo, again = factories.put(database, factories.person(given_name="Bo"), factories.person(given_name="Bo"))
    ana = called(front, "ana", anders.person)
    number = ana.reference or ""
    desk.start(ana, number, "other_person", anders.licence)
    desk.tick(ana, number, "holder", note=HOW)
    desk.free_seat(ana, number, anders.activation)
    desk.tick(ana, number, "recipient")
    ((case, staff),) = column(place, "SELECT id, opened_by FROM support_case")
    together = {"person_id": bo, "other_id": again, "answer": "same", "staff_id": staff}
    factories.put(database, PersonPair.checked({**together, "likeness": "name", "decided_at": 1}))
    with pytest.raises(Conflict, match="put together"):
        desk.move(ana, number, again)
    for table, held, words in (("support_case", case, "case is restricted"), ("person", bo, "new holder")):
        hold = {"record_table": table, "record_id": held, "ground": "restriction", "law": "x", "made_at": 1}
        (made,) = factories.put(database, Hold.checked({**hold, "until": dt.date(2030, 1, 1)}))
        with pytest.raises(Denied, match=words):
            desk.move(ana, number, bo)
        with place.owner() as owner:
            owner.exec_driver_sql(f"UPDATE hold SET ended_at = 2 WHERE id = {made}")
    assert row(place, "licence", "person_id", anders.licence) == (anders.person,)
    desk.move(ana, number, bo)
    assert row(place, "licence", "person_id", anders.licence) == (bo,)


def test_a_tick_that_was_a_mistake_is_taken_back_and_what_the_desk_did_is_not(
    front: Front, desk: LicenceDesk, anders: factories.Customer
) -> None:
    ana = called(front, "ana", anders.person)
    number = ana.reference or ""
    desk.start(ana, number, "other_computer", anders.licence)
    desk.tick(ana, number, "holder", note=HOW)
    with pytest.raises(Conflict, match="done"):
        desk.tick(ana, number, "holder", note=HOW)
    assert len(desk.untick(ana, number, "holder").still_open) == 4
    with pytest.raises(Conflict):
        desk.untick(ana, number, "holder")
    desk.tick(ana, number, "holder", note=HOW)
    desk.free_seat(ana, number, anders.activation)
    with pytest.raises(Conflict, match="done"):
        desk.untick(ana, number, "freed")
    with pytest.raises(Conflict, match="What rests on it is done"):
        desk.untick(ana, number, "holder")


@pytest.mark.parametrize("kind", [each for each in rules().kinds if each != "other_person"])
def test_no_step_is_ticked_before_the_one_it_rests_on(
    front: Front, desk: LicenceDesk, anders: factories.Customer, kind: str
) -> None:
    """The licence manager is not told, and nobody hears of it, before the seat is freed here."""
    ana = called(front, "ana", anders.person)
    number = ana.reference or ""
    desk.start(ana, number, kind, anders.licence)
    steps = [each.id for each in rules().kind(kind).steps]
    before, after = steps[: steps.index("freed")], steps[steps.index("freed") + 1 :]
    for step in before:
        desk.tick(ana, number, step, note=HOW)
    for step in after:
        with pytest.raises(Conflict, match="Before it is open"):
            desk.tick(ana, number, step)
    desk.free_seat(ana, number, anders.activation)
    for step in after:
        done = desk.tick(ana, number, step)
    assert done.still_open == ()
    with pytest.raises(Conflict, match="What rests on it is done"):
        desk.untick(ana, number, after[0])
    for step in reversed(after):
        done = desk.untick(ana, number, step)
    assert [each.id for each in done.still_open] == after


def test_what_is_no_request_of_his_is_refused(
    front: Front, desk: LicenceDesk, anders: factories.Customer, database: Database, place: Place
) -> None:
    other = factories.customer(database, email="other@example.test")
    ana = called(front, "ana", anders.person)
    number = ana.reference or ""
    for kind, licence, error in (
        ("gift", anders.licence, BadInput), ("seat_freed", other.licence, NotFound), ("seat_freed", 2**70, NotFound),
    ):  # fmt: skip
        with pytest.raises(error):
            desk.start(ana, number, kind, licence)
    with pytest.raises(NotFound, match="no licence request"):
        desk.tick(ana, number, "told")
    nobody = front.cases.open(ana, NewCase("support", "call", product="x")).number
    with pytest.raises(NotFound):
        desk.start(ana, nobody, "seat_freed", anders.licence)
    desk.start(ana, number, "seat_freed", anders.licence)
    with pytest.raises(Conflict, match="already"):
        desk.start(ana, number, "seat_freed", anders.licence)
    with pytest.raises(BadInput, match="no such step"):
        desk.tick(ana, number, "moved")
    with pytest.raises(Conflict, match="no part"):
        desk.move(ana, number, other.person)
    desk.tick(ana, number, "holder", note=HOW)
    with pytest.raises(Conflict, match="no seat"):
        desk.free_seat(ana, number, other.activation)
    with pytest.raises(Conflict, match="no seat"):
        desk.free_seat(ana, number, 2**70)
    assert row(place, "activation", "status", other.activation) == ("active",)
    front.office.hire("us", Role.SUPPORT)
    move_to_the_us(place, "us")
    with pytest.raises(Denied):
        desk.of_case(front.again("us", Role.SUPPORT), number)
    with pytest.raises(Denied):
        desk.of_case(front.staff("fin", Role.FINANCE), number)


def test_every_kind_has_steps_and_one_that_says_who_asked() -> None:
    for kind in rules().kinds.values():
        assert kind.steps[0].id == "holder"
        assert kind.steps[0].noted
        assert any(each.does for each in kind.steps)
