"""Whom an employee declares to be close to: each look of his there says so and is flagged; it goes with the person."""

from __future__ import annotations

from pathlib import Path

import pytest

from staffdesk.data.database import Database
from staffdesk.domain.access import Access, RecordKind, Relation, Role
from staffdesk.domain.declared import Whom
from staffdesk.domain.errors import BadInput, Conflict, Denied, NotFound
from staffdesk.domain.flags import flags_of, rules
from staffdesk.domain.requests import RequestChannel, RequestType
from staffdesk.services.declaring import Declaring, forget_withdrawn
from tests import factories
from tests.databases import Place
from tests.factories import Customer
from tests.services.erasures import erased, planned, rows, somebody, storage_of
from tests.services.front import Front
from tests.services.offices import Office, entries
from tests.services.workflows import workflow_of

DAY_MS = 24 * 3600 * 1000


@pytest.fixture
def front(office: Office) -> Front:
    return Front(office)


@pytest.fixture
def declaring(office: Office) -> Declaring:
    return Declaring(office.door, office.clock)


@pytest.fixture
def anders(database: Database) -> Customer:
    return factories.customer(database)


@pytest.fixture
def ana(front: Front) -> Access:
    return front.staff("ana", Role.SUPPORT, "T-1182")


def _looked(front: Front, access: Access, place: Place, customer: int) -> tuple[str, ...]:
    front.gateway.open(access, RecordKind.PERSON, customer)
    return entries(place)[-1].rel


def test_each_look_at_whom_he_declared_says_so_and_is_flagged(
    front: Front, declaring: Declaring, ana: Access, anders: Customer, place: Place
) -> None:
    before = _looked(front, ana, place, anders.person)
    declaring.declare(ana, Whom.PERSON, anders.person, "family")
    assert before == ()
    assert _looked(front, ana, place, anders.person) == ("declared",)
    assert _looked(front, front.staff("bo", Role.SUPPORT, "T-1183"), place, anders.person) == ()
    flagged = [each for each in flags_of(entries(place), rules()) if each.rule == "declared"]
    (opened,) = [core for core in entries(place) if core.act == "customer.opened" and core.rel == ("declared",)]
    assert [(each.actor, each.seqs) for each in flagged] == [(opened.actor, (opened.seq,))]


def test_a_declared_company_means_all_who_belong_to_it(
    front: Front, declaring: Declaring, ana: Access, anders: Customer, place: Place, database: Database
) -> None:
    colleague, stranger = factories.put(
        database, factories.person(organisation_id=anders.organisation), factories.person()
    )
    declaring.declare(ana, Whom.COMPANY, anders.organisation, "employer")
    assert _looked(front, ana, place, anders.person) == ("declared",)
    assert _looked(front, ana, place, colleague) == ("declared",)
    assert _looked(front, ana, place, stranger) == ()


def test_one_is_listed_ones_own_by_number_and_takes_it_back(
    front: Front, declaring: Declaring, ana: Access, anders: Customer, place: Place
) -> None:
    bo = front.staff("bo", Role.SALES)
    declaring.declare(ana, Whom.PERSON, anders.person, "neighbour")
    (mine,) = declaring.own(ana)
    assert (mine.whom, mine.number, mine.kind, mine.who) == (Whom.PERSON, anders.person, "neighbour", "ana")
    assert declaring.own(bo) == ()
    with pytest.raises(NotFound):
        declaring.withdraw(bo, mine.id)
    with pytest.raises(Conflict):
        declaring.declare(ana, Whom.PERSON, anders.person, "neighbour")
    declaring.withdraw(ana, mine.id)
    said = [(core.act, core.out, core.kinds) for core in entries(place) if core.act.startswith("staff.")]
    assert ("staff.declared", "ok", ("neighbour",)) in said
    assert ("staff.withdrew", "ok", ("neighbour",)) in said


def test_what_he_took_back_counts_for_ninety_days_and_the_admin_sees_that_he_did(
    front: Front, declaring: Declaring, ana: Access, anders: Customer, place: Place, office: Office
) -> None:
    declaring.declare(ana, Whom.PERSON, anders.person, "neighbour")
    (mine,) = declaring.own(ana)
    assert [each.withdrawn_at for each in declaring.withdraw(ana, mine.id)] == [office.clock.now]
    assert _looked(front, ana, place, anders.person) == ("declared",)
    assert [each.rule for each in flags_of(entries(place), rules())].count("declared") == 1
    (seen,) = declaring.all(front.staff("adam", Role.ADMIN))
    assert seen.counts_until == office.clock.now + 90 * DAY_MS
    with pytest.raises(Conflict, match="already"):
        declaring.withdraw(ana, mine.id)
    assert _forgotten(office) == 0
    with place.owner() as owner:
        owner.exec_driver_sql(f"UPDATE declared_relation SET withdrawn_at = {office.clock.now - 90 * DAY_MS}")
    assert _looked(front, ana, place, anders.person) == ()
    assert declaring.own(ana) == ()
    assert _forgotten(office) == 1
    assert rows(place, "SELECT count(*) FROM declared_relation") == [(0,)]
    assert (entries(place)[-1].act, entries(place)[-1].actor) == ("staff.withdrew", None)


def test_what_he_took_back_and_declares_again_stands_once(
    front: Front, declaring: Declaring, ana: Access, anders: Customer, place: Place
) -> None:
    declaring.declare(ana, Whom.COMPANY, anders.organisation, "employer")
    declaring.withdraw(ana, declaring.own(ana)[0].id)
    declaring.declare(ana, Whom.COMPANY, anders.organisation, "employer")
    assert [each.withdrawn_at for each in declaring.own(ana)] == [None]
    with pytest.raises(Conflict):
        declaring.declare(ana, Whom.COMPANY, anders.organisation, "employer")
    assert _looked(front, ana, place, anders.person) == ("declared",)


def test_a_list_says_that_somebody_on_it_is_declared_or_restricted(
    front: Front, declaring: Declaring, ana: Access, anders: Customer, place: Place, database: Database
) -> None:
    colleague, stranger = factories.put(
        database,
        factories.person(organisation_id=anders.organisation, family_name="Quixada"),
        factories.person(family_name="Quillfeather"),
    )

    def listed(access: Access, text: str) -> tuple[str, ...]:
        assert front.gateway.search(access, text).hits
        return entries(place)[-1].rel

    assert (listed(ana, "Quixada"), listed(ana, "Quillfeather")) == ((), ())
    declaring.declare(ana, Whom.COMPANY, anders.organisation, "competitor")
    assert listed(ana, "Quixada") == ("declared",)
    assert listed(ana, "Quillfeather") == ()
    front.listings.colleagues(ana, anders.person)
    assert (entries(place)[-1].act, entries(place)[-1].rel) == ("customer.listed", ("declared",))
    pia = front.staff("pia", Role.PRIVACY, "T-1184")
    front.requests.receive(pia, kind=RequestType.OBJECT, channel=RequestChannel.PHONE, customer=stranger)
    assert listed(pia, "Quillfeather") == ("restricted",), "whom the others do not find any more"
    assert not [each for each in flags_of(entries(place), rules()) if each.rule == "declared"], "a list is no look"
    assert colleague


def _forgotten(office: Office) -> int:
    return forget_withdrawn(office.door, office.database, office.clock.now)


def test_admin_and_auditor_see_that_it_is_declared_and_nobody_else(
    front: Front, declaring: Declaring, ana: Access, anders: Customer
) -> None:
    declaring.declare(ana, Whom.PERSON, anders.person, "friend")
    for role in (Role.ADMIN, Role.AUDITOR):
        (found,) = declaring.all(front.staff(role.value, role))
        assert (found.who, found.kind, found.number) == ("ana", "friend", anders.person)
    with pytest.raises(Denied):
        declaring.all(ana)
    history = front.gateway.history(front.staff("pia", Role.PRIVACY, "T-1184"), anders.person)
    assert "staff.declared" not in {look.act for look in history}


def test_what_is_not_on_the_list_is_not_declared_and_nobody_declares_who_is_not_there(
    declaring: Declaring, ana: Access, anders: Customer
) -> None:
    for whom, kind in ((Whom.PERSON, "enemy"), (Whom.COMPANY, "family")):
        with pytest.raises(BadInput, match="not declared as that"):
            declaring.declare(ana, whom, anders.person, kind)
    with pytest.raises(NotFound):
        declaring.declare(ana, Whom.PERSON, 10**6, "family")


def test_a_look_at_somebody_restricted_says_so_until_it_is_lifted(front: Front, anders: Customer, place: Place) -> None:
    pia = front.staff("pia", Role.PRIVACY, "T-1184")
    assert _looked(front, pia, place, anders.person) == ()
    front.requests.receive(pia, kind=RequestType.OBJECT, channel=RequestChannel.PHONE, customer=anders.person)
    assert _looked(front, pia, place, anders.person) == (Relation.RESTRICTED.value,)
    with place.owner() as owner:
        owner.exec_driver_sql("UPDATE hold SET ended_at = 1")
    assert _looked(front, pia, place, anders.person) == ()


def test_a_declaration_goes_with_the_person(
    database: Database, office: Office, declaring: Declaring, front: Front, tmp_path: Path, place: Place
) -> None:
    him = somebody(database, office.hire("eva", Role.SUPPORT))
    ana = front.staff("ana", Role.SUPPORT)
    declaring.declare(ana, Whom.PERSON, him.person, "family")
    declaring.declare(ana, Whom.PERSON, him.colleague, "friend")
    erased(storage_of(place, database, tmp_path), planned(database, him.person))
    assert [each.number for each in declaring.own(ana)] == [him.colleague]
    assert rows(place, "SELECT person_id, kind FROM declared_relation") == [(him.colleague, "friend")]


def test_nobody_works_on_a_request_of_whom_he_declared(
    front: Front, declaring: Declaring, anders: Customer, tmp_path: Path
) -> None:
    pia = front.staff("pia", Role.PRIVACY)
    asked = front.requests.receive(pia, kind=RequestType.ACCESS, channel=RequestChannel.POST, customer=anders.person)
    declaring.declare(pia, Whom.COMPANY, anders.organisation, "competitor")
    with pytest.raises(Conflict, match="about himself"):
        workflow_of(front.office, tmp_path).make(pia, asked.number, "acknowledge")
