"""Break-glass: one record, some minutes, a written reason; who is not of the roles has none, and the admin is told.

Seen to fail: with the session, the subject and the time of a grant left unasked, one after another, with the transfer
gate decided after it, and with a reason of nine letters taken.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from staffdesk.data.database import Database
from staffdesk.domain.access import Access, Act, Purpose, RecordKind, Role
from staffdesk.domain.classes import Exposure
from staffdesk.domain.errors import BadInput, Denied, MustNotBeHeld
from staffdesk.domain.policy import matrix
from staffdesk.services.break_glass import BreakGlass
from tests import factories
from tests.databases import Place
from tests.factories import Customer
from tests.services.front import Front, move_to_the_us
from tests.services.offices import Office, entries

WHY = "the parcel went to a wrong street"


@pytest.fixture
def front(office: Office) -> Front:
    return Front(office)


@pytest.fixture
def anders(database: Database) -> Customer:
    return factories.customer(database)


def broken(front: Front, access: Access, person: int) -> Access:
    """Break the glass for a person and return the access under it."""
    grant = BreakGlass(front.office.door, matrix()).open(access, RecordKind.PERSON, person, WHY)
    return replace(access, break_glass=grant.number)


def test_it_opens_every_class_of_the_record_masked_and_each_reveal_is_an_entry(
    front: Front, anders: Customer, place: Place
) -> None:
    ana = front.staff("ana", Role.FINANCE, "T-1182")
    before = front.gateway.open(ana, RecordKind.PERSON, anders.person)
    assert "activation" not in before.sections
    under = broken(front, ana, anders.person)
    record = front.gateway.open(under, RecordKind.PERSON, anders.person)
    assert record.glass is not None
    assert record.rows("activation")[0].cells["mac"].exposure is Exposure.MASKED
    cells = [cell for rows in record.sections.values() for row in rows for cell in row.cells.values()]
    assert {cell.exposure for cell in cells} == {Exposure.SHOWN, Exposure.MASKED}
    assert all(cell.revealable for cell in cells if cell.exposure is Exposure.MASKED and cell.text)
    mac = record.rows("activation")[0].cells["mac"].key
    assert front.gateway.reveal(under, mac).text == "02:00:5E:10:20:30"
    made = entries(place)[-5:]
    assert [(core.act, core.out, core.kinds[0]) for core in made] == [
        ("customer.opened", "ok", "person"),
        ("customer.break_glass", "intent", "break-glass"),
        ("customer.break_glass", "ok", "break-glass"),
        ("customer.opened", "ok", "break-glass"),
        ("customer.revealed", "ok", "break-glass"),
    ]
    assert [core.level for core in made[1:3]] == [None, "opened"]
    with pytest.raises(Denied):
        front.gateway.reveal(ana, mac)


def test_what_hangs_on_the_person_is_the_record_too_and_his_company(front: Front, anders: Customer) -> None:
    under = broken(front, front.staff("ana", Role.SUPPORT, "T-1182"), anders.person)
    front.gateway.open(under, RecordKind.ORDER, anders.order)
    (company,) = front.gateway.open(under, RecordKind.PERSON, anders.person).rows("organisation")
    assert company.cells["street"].exposure is Exposure.MASKED
    with pytest.raises(Denied, match="over, or is not for this record") as caught:
        front.gateway.reveal(replace(under, break_glass=10**30), f"organisation:{anders.organisation}:name")
    assert "its own reason" in caught.value.hint
    assert front.gateway.reveal(under, f"organisation:{anders.organisation}:name").text


def test_it_holds_for_its_own_session_record_and_minutes_alone(
    front: Front, database: Database, anders: Customer, place: Place
) -> None:
    under = broken(front, front.staff("ana", Role.SUPPORT, "T-1182"), anders.person)
    (other,) = factories.put(database, factories.person(country="BE"))
    with pytest.raises(Denied, match="not for this record"):
        front.gateway.open(under, RecordKind.PERSON, other)
    with pytest.raises(Denied, match="not for this record"):
        front.gateway.open(
            replace(under, session=front.again("ana", Role.SUPPORT).session), RecordKind.PERSON, anders.person
        )
    front.gateway.open(under, RecordKind.PERSON, anders.person)
    with place.owner() as owner:
        owner.execute(sa.text("UPDATE break_glass SET until_at = opened_at"))
    with pytest.raises(Denied, match="is over"):
        front.gateway.reveal(under, f"person:{anders.person}:street")
    last = entries(place)[-1]
    assert (last.act, last.kinds[0]) == ("denied", "customer.revealed")


@pytest.mark.parametrize("role", [Role.ADMIN, Role.AUDITOR, Role.APPROVER])
def test_it_is_not_for_who_never_sees_a_customer(role: Role, front: Front, anders: Customer) -> None:
    access = front.staff("ana", role, "T-1182")
    with pytest.raises(Denied, match="opening a record by break-glass"):
        BreakGlass(front.office.door, matrix()).open(access, RecordKind.PERSON, anders.person, WHY)


def test_an_auditor_has_none_by_another_role_of_his(front: Front, anders: Customer) -> None:
    front.office.hire("ana", Role.AUDITOR, Role.PRIVACY)
    access = front.again("ana", Role.PRIVACY, "T-1182")
    held = {Role.AUDITOR, Role.PRIVACY}
    assert matrix().role_in_force(held, Purpose.RIGHTS, Act.CUSTOMER_BREAK_GLASS) is None
    with pytest.raises(Denied, match="The role auditor rules out opening a record by break-glass"):
        BreakGlass(front.office.door, matrix()).open(access, RecordKind.PERSON, anders.person, WHY)


def test_purpose_reference_and_the_transfer_gate_stay_in_force(front: Front, anders: Customer, place: Place) -> None:
    ana = front.staff("ana", Role.SUPPORT, "T-1182")
    glass = BreakGlass(front.office.door, matrix())
    for lacking in (replace(ana, purpose=None), replace(ana, reference=None)):
        with pytest.raises(Denied):
            glass.open(lacking, RecordKind.PERSON, anders.person, WHY)
    under = broken(front, ana, anders.person)
    move_to_the_us(place, "ana")
    with pytest.raises(Denied, match="may not leave the EEA"):
        front.gateway.open(under, RecordKind.PERSON, anders.person)
    with pytest.raises(Denied, match="may not leave the EEA"):
        glass.open(ana, RecordKind.PERSON, anders.person, WHY)


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("", BadInput),
        ("nine ltrs 123456789", BadInput),
        ("1234567890 1234567890", BadInput),
        ("card 4111 1111 1111 1111 was read out", MustNotBeHeld),
    ],
)
def test_a_reason_that_says_nothing_or_holds_what_must_not_be_held_is_refused(
    reason: str, kind: type[BadInput], front: Front, anders: Customer, place: Place
) -> None:
    access = front.staff("ana", Role.SUPPORT, "T-1182")
    before = len(entries(place))
    with pytest.raises(kind):
        BreakGlass(front.office.door, matrix()).open(access, RecordKind.PERSON, anders.person, reason)
    assert len(entries(place)) == before


def test_the_reason_is_an_opening_and_the_admin_is_told_at_sign_in(
    front: Front, anders: Customer, place: Place
) -> None:
    front.office.hire("frank", Role.ADMIN)
    front.office.come_in("frank")
    front.office.clock.forward(seconds=1)
    broken(front, front.staff("ana", Role.SUPPORT, "T-1182"), anders.person)
    with place.owner() as owner:
        rows = owner.exec_driver_sql("SELECT field, kind, value FROM opening WHERE field LIKE 'reason.break%%'").all()
    assert [tuple(row) for row in rows] == [("reason.break_glass", "reason", WHY)]
    ok = next(core for core in entries(place) if (core.act, core.out) == ("customer.break_glass", "ok"))
    assert "reason.break_glass" in ok.sec
    front.office.clock.forward(minutes=1)
    told = "Records opened by break-glass since your last sign-in: 1. In the log: act:customer.break_glass."
    assert told in front.office.come_in("frank").notices
    front.office.clock.forward(minutes=1)
    assert told not in front.office.come_in("frank").notices
    assert told not in front.office.come_in("ana").notices


def test_a_role_that_excludes_it_ends_a_grant_given_before(front: Front, anders: Customer) -> None:
    office = front.office
    office.hire("ada", Role.ADMIN)
    office.hire("abe", Role.APPROVER)
    pia = front.staff("pia", Role.PRIVACY, "T-1182")
    grant = BreakGlass(office.door, matrix()).open(pia, RecordKind.PERSON, anders.person, WHY)
    asked = office.staff.change_roles(office.access("ada"), "pia", [Role.PRIVACY, Role.AUDITOR])
    assert asked.pending_id is not None
    office.staff.approve(office.access("abe"), asked.pending_id)
    with pytest.raises(Denied):
        front.gateway.open(replace(pia, break_glass=grant.number), RecordKind.PERSON, anders.person)
