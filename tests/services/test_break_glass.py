"""Break-glass: one record, some minutes, a written reason; who is not of the roles has none, and the admin is told.

Seen to fail: with the session, the subject, the time, the purpose and the number of a grant left unasked, one after
another, with the transfer gate decided after it, with a reason of one word taken, and with the admin told once.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from staffdesk.audit.checkpoint import verifier_key
from staffdesk.data.break_glass import Grants
from staffdesk.data.database import Database
from staffdesk.domain.access import Access, Act, Purpose, RecordKind, Role
from staffdesk.domain.classes import Exposure
from staffdesk.domain.errors import BadInput, Denied, MustNotBeHeld
from staffdesk.domain.policy import matrix
from staffdesk.parameters.shapes import sessions
from staffdesk.services.audit_review import AuditReview, EntryDetail
from staffdesk.services.break_glass import BreakGlass
from staffdesk.services.sealing import Sealer
from tests import factories
from tests.databases import Place
from tests.factories import Customer
from tests.services.front import Front, move_to_the_us
from tests.services.offices import Office, acts, at_once, entries
from tests.verifying import opener

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


def to_review(front: Front, user_name: str) -> list[str]:
    """Sign in and return what is said of break-glass, up to where it says what to do."""
    said = [each for each in front.office.come_in(user_name).notices if each.startswith("Break-glass")]
    return [each.partition(" In the log")[0] for each in said]


def log_review(front: Front, place: Place, folder: Path) -> AuditReview:
    sealer = Sealer(front.office.database, bytes(32), folder, sessions().log)
    vkey = verifier_key("staffdesk", bytes(32))
    return AuditReview(front.office.door, matrix(), sealer, opener(place), folder, vkey)


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
    front.office.hire("ana", Role.SUPPORT, Role.SALES)
    under = broken(front, front.again("ana", Role.SUPPORT, "T-1182"), anders.person)
    (other,) = factories.put(database, factories.person(country="BE"))
    with pytest.raises(Denied, match="not for this record"):
        front.gateway.open(under, RecordKind.PERSON, other)
    with pytest.raises(Denied, match="not for this record"):
        front.gateway.open(
            replace(under, session=front.again("ana", Role.SUPPORT).session), RecordKind.PERSON, anders.person
        )
    for other_ground in (replace(under, reference="T-1183"), replace(under, purpose=Purpose.SALE)):
        with pytest.raises(Denied, match="not for this record, purpose and number"):
            front.gateway.open(other_ground, RecordKind.PERSON, anders.person)
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
        ("nine lrs 123456789", BadInput),
        ("aaaaaaaaaa", BadInput),
        ("on air on air on air", BadInput),
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
    broken(front, front.staff("ana", Role.SUPPORT, "T-1182"), anders.person)
    with place.owner() as owner:
        rows = owner.exec_driver_sql("SELECT field, kind, value FROM opening WHERE field LIKE 'reason.break%%'").all()
    assert [tuple(row) for row in rows] == [("reason.break_glass", "reason", WHY)]
    ok = next(core for core in entries(place) if (core.act, core.out) == ("customer.break_glass", "ok"))
    assert "reason.break_glass" in ok.sec
    assert to_review(front, "frank") == [f"Break-glass not reviewed yet: entry {ok.seq}."]
    assert to_review(front, "ana") == []


def test_it_stays_on_the_admins_list_until_an_admin_has_read_its_reason(
    front: Front, anders: Customer, place: Place, tmp_path: Path
) -> None:
    for name, role in (("frank", Role.ADMIN), ("fleur", Role.ADMIN), ("udo", Role.AUDITOR)):
        front.office.hire(name, role)
    for number in ("T-1182", "T-1183"):
        broken(front, front.staff(f"ana{number[-1]}", Role.SUPPORT, number), anders.person)
    first, second = (core.seq for core in entries(place) if (core.act, core.out) == ("customer.break_glass", "ok"))
    review = log_review(front, place, tmp_path)
    both = [f"Break-glass not reviewed yet: entry {first}, {second}."]
    assert to_review(front, "frank") == to_review(front, "frank") == both
    review.entry(front.office.access("udo"), first)
    review.entry(front.office.access("frank"), first - 1)
    assert to_review(front, "fleur") == both
    frank = front.office.access("frank")
    assert review.entry(frank, first).openings == {"reason.break_glass": WHY}
    made = [(core.act, core.out, core.kinds) for core in entries(place)[-3:]]
    named = (f"entry:{first}",)
    assert made == [
        ("audit.opened", "ok", named), ("audit.reviewed", "intent", named), ("audit.reviewed", "ok", named),
    ]  # fmt: skip
    assert to_review(front, "fleur") == to_review(front, "udo") == [f"Break-glass not reviewed yet: entry {second}."]
    review.entry(frank, first)
    assert entries(place)[-1].act == "audit.opened"


def test_two_admins_who_read_it_at_once_review_it_once(
    front: Front, anders: Customer, place: Place, tmp_path: Path
) -> None:
    broken(front, front.staff("ana", Role.SUPPORT, "T-1182"), anders.person)
    (seq,) = (core.seq for core in entries(place) if (core.act, core.out) == ("customer.break_glass", "ok"))
    other = place.open()
    try:
        desks = (front, Front(Office(other)))
        jobs = []
        for name, desk in zip(("frank", "fleur"), desks, strict=True):
            front.office.hire(name, Role.ADMIN)
            jobs.append(partial(log_review(desk, place, tmp_path).entry, front.office.access(name), seq))
        assert [type(each) for each in at_once(*jobs)] == [EntryDetail, EntryDetail]
    finally:
        other.close()
    assert acts(place).count(("audit.reviewed", "ok")) == 1


def test_each_of_two_opened_at_once_has_its_own_reason_to_review(front: Front, anders: Customer, place: Place) -> None:
    """Seen to fail: with nobody made to wait for the other session of his."""
    accesses = [front.staff("ana", Role.SUPPORT, "T-1182"), front.again("ana", Role.SUPPORT, "T-1182")]
    others = [place.open() for _ in accesses]
    try:
        desks = [Front(Office(each)) for each in others]
        for _ in range(5):
            jobs = [
                partial(BreakGlass(desk.office.door, matrix()).open, access, RecordKind.PERSON, anders.person, WHY)
                for desk, access in zip(desks, accesses, strict=True)
            ]
            at_once(*jobs)
        given = [core.seq for core in entries(place) if (core.act, core.out) == ("customer.break_glass", "ok")]
        with others[0].append() as tx:
            assert sorted(Grants(tx).to_review().values()) == given
    finally:
        for each in others:
            each.close()


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
