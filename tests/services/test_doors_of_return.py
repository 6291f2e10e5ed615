"""Who was erased comes to every door again: an order, an activation, a lead, a campaign's export, a mail, a ticket.

Each time he is stopped, or a person decides it.

Seen to fail: with activations of a licence that names nobody taken in, with a name known by its halves in order, with
his account and telephone left as they were when he is let back, with all of them let back by a telephone, and with an
account known as it was written alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from staffdesk.data.database import Database
from staffdesk.domain.access import Access, Role
from staffdesk.domain.errors import Conflict
from staffdesk.domain.matters import NewCase
from staffdesk.domain.new_people import NewPerson
from staffdesk.services.importing.report import ImportReport
from staffdesk.services.intake.reading import read_mail
from tests import factories, mails
from tests.databases import Place
from tests.services.erasures import EMAIL, Somebody, erased, planned, somebody, storage_of
from tests.services.front import Front
from tests.services.lists import HEADER, MET, table, taken
from tests.services.offices import Office, entries
from tests.services.store_files import column, contact, held, order, seller, written
from tests.services.ticket_files import SAID as DESK
from tests.services.ticket_files import conversation, file_of, freshdesk, zendesk

MANAGER: Final[Mapping[str, object]] = {**DESK, "source": "SLM_ACCOUNT"}
STORE: Final[Mapping[str, object]] = {**DESK, "source": "STORE_ACCOUNT"}
SERIAL: Final = "QZ77-UNIQ-0001"


@pytest.fixture
def him(office: Office, place: Place, database: Database, tmp_path: Path) -> Somebody:
    """Somebody who was erased; the ticket he had sent is held without him."""
    (folder := tmp_path / "desk").mkdir()
    made = somebody(database, office.hire("ines", Role.SUPPORT))
    taken(office, seller(office), file_of(tmp_path, [_ticket(12)]), source="freshdesk", said=DESK)
    assert column(place, "SELECT person_id FROM support_case WHERE ticket = '12'") == [(made.person,)]
    erased(storage_of(place, database, folder), planned(database, made.person, request=made.request), made.request)
    return made


@pytest.fixture
def access(him: Somebody, office: Office) -> Access:
    assert him
    return office.access("sam")


def _ticket(number: int, **values: object) -> dict[str, object]:
    whom = {"id": 77, "name": "Xylorimba Quetzalbrot", "email": EMAIL.title()}
    return freshdesk(number, requester=whom, **values)


def _is_stopped(place: Place, office: Office, access: Access, *files: Path, **how: object) -> ImportReport:
    """Import, dry and in earnest, and see that nothing of it stays."""
    before = held(place)
    dry = taken(office, access, *files, dry_run=True, **how)  # type: ignore[arg-type] # passed on as it is
    report = taken(office, access, *files, **how)  # type: ignore[arg-type] # as above
    assert held(place) == before
    assert (report.suppressed, report.counts) == (dry.suppressed, dry.counts)
    return report


def test_the_door_of_an_order(office: Office, place: Place, access: Access, tmp_path: Path) -> None:
    file = written(tmp_path, order("R-1", contact(first="X", last="Q", email=EMAIL.title())))
    report = _is_stopped(place, office, access, file, source="fastspring", said=STORE)
    assert (report.suppressed, len(report.refused)) == (1, 1)


def test_the_door_of_an_account_in_another_letter_case(
    office: Office, place: Place, access: Access, database: Database, tmp_path: Path
) -> None:
    (folder := tmp_path / "another").mkdir()
    (she,) = factories.put(database, factories.person(store="fastspring", account_id="Acc-Yara"))
    erased(storage_of(place, database, folder), planned(database, she))
    orders = [
        order(f"R-{at}", contact(first=f"X{at}", last="Q", email=f"x{at}@else.example"), account=account)
        for at, account in enumerate(("acc-yara", "ACC-YARA", "Acc-Yara", "acc-yaro"))
    ]
    report = taken(office, access, written(tmp_path, *orders), source="fastspring", said=STORE)
    assert (report.suppressed, report.of("orders")["new"]) == (3, 1)


def test_the_door_of_an_activation(office: Office, place: Place, access: Access, tmp_path: Path) -> None:
    files = (
        table(
            tmp_path, ("a-1", "quetzalbrot-imac", "Xylorimba", "Quetzalbrot", EMAIL),
            header=("Account", "User name", "First name", "Last name", "E-mail"), name="accounts.csv",
        ),
        table(
            tmp_path, ("QZ77-UNIQ-0009", "MovieRecorder", "a-1"), header=("Serial", "Product", "Account"),
            name="licences.csv",
        ),
        table(
            tmp_path, ("QZ77-UNIQ-0009", "2026-10-05 10:00:00", "quetzalbrot-imac", "02:00:5E:AB:CD:EF", "192.0.2.99"),
            header=("Serial", "Activated at", "User name", "MAC", "IP"), name="activations.csv",
        ),
    )  # fmt: skip
    report = _is_stopped(place, office, access, *files, source="licences", said=MANAGER)
    assert (report.suppressed, len(report.refused)) == (1, 3)


def test_the_door_of_an_activation_of_the_licence_he_had(
    office: Office, place: Place, access: Access, tmp_path: Path
) -> None:
    file = table(
        tmp_path, (SERIAL, "2026-10-05 10:00:00", "quetzalbrot-imac", "02:00:5E:AB:CD:EF", "192.0.2.99"),
        header=("Serial", "Activated at", "User name", "MAC", "IP"), name="activations.csv",
    )  # fmt: skip
    report = _is_stopped(place, office, access, file, source="licences", said=MANAGER)
    assert len(report.refused) == 1


def test_the_door_of_a_lead(office: Office, place: Place, access: Access, tmp_path: Path) -> None:
    by_mail = ("Xylorimba", "Quetzalbrot", EMAIL, "", "", "BE", "playout")
    by_telephone = ("X", "Q", "new@else.example", "0032470555142", "", "BE", "")
    file = table(tmp_path, by_mail, by_telephone, header=HEADER)
    report = _is_stopped(place, office, access, file, source="leads", said=MET)
    assert (report.suppressed, len(report.refused)) == (2, 2)


@pytest.mark.parametrize("status", ["ACTIVE", "UNSUBSCRIBED", "INACTIVE"])
def test_the_door_of_a_campaigns_export(
    status: str, office: Office, place: Place, access: Access, tmp_path: Path
) -> None:
    names = ("Email", "First name", "Last name", "Transpond Status", "Opted in at")
    file = table(tmp_path, (EMAIL, "Xylorimba", "Quetzalbrot", status, "2026-11-20 10:00:00"), header=names)
    assert _is_stopped(place, office, access, file, source="transpond", said=STORE).suppressed == 1


@pytest.mark.usefixtures("him")
def test_the_door_of_a_mail(office: Office, place: Place) -> None:
    """He may ask again, and makes no record by it; that he is a customer again is decided, and stands in the log."""
    front = Front(office)
    ana = front.staff("ana", Role.SUPPORT)
    people = column(place, "SELECT count(*) FROM person")
    with place.owner() as owner:  # his own request was written with the first number of the year
        owner.exec_driver_sql("INSERT INTO counter (name, year, last) VALUES ('request', 2026, 1)")
        owner.commit()
    mail = read_mail(mails.mail(sender=f"Xylorimba Quetzalbrot <{EMAIL}>"))
    proposal = front.intake.propose(ana, mail)
    assert (proposal.matches, proposal.customer) == ((), None)
    front.intake.receive(ana, mail, proposal.types, customer=None, language="en", card=False)
    assert column(place, "SELECT count(*) FROM person") == people
    ana = replace(ana, reference=front.cases.open(ana, NewCase("support", "email", product="Movie")).number)
    with pytest.raises(Conflict, match="erased at his own request"):
        front.new_customers.add(ana, NewPerson(given_name="X", family_name="Q", email=EMAIL))
    front.new_customers.add(
        ana, NewPerson(given_name="X", family_name="Q", email=EMAIL), returning="He wrote and ordered a new licence"
    )
    assert "reason.returned" in entries(place)[-1].sec


@pytest.mark.usefixtures("him")
def test_who_is_let_back_by_his_address_is_known_by_all_he_was_erased_with(
    office: Office, place: Place, access: Access, tmp_path: Path
) -> None:
    """His store account and telephone come in with a new order, where the address alone was said; mail stays away."""
    whom = {"id": "acc-87654321", "contact": contact(first="X", last="Q", email=EMAIL, phone="+32 470 55 51 42")}
    file = written(tmp_path, order("R-1", account=whom))
    assert _is_stopped(place, office, access, file, source="fastspring", said=STORE).suppressed == 1
    front = Front(office)
    ana = front.staff("ana", Role.SUPPORT)
    ana = replace(ana, reference=front.cases.open(ana, NewCase("support", "email", product="Movie")).number)
    front.new_customers.add(
        ana, NewPerson(given_name="X", family_name="Q", email=EMAIL), returning="He wrote and ordered a new licence"
    )
    report = taken(office, access, file, source="fastspring", said=STORE)
    assert (report.suppressed, report.refused) == (0, [])
    assert column(place, "SELECT DISTINCT no_mail, no_return FROM suppression") in ([(1, 0)], [(True, False)])


@pytest.mark.usefixtures("him")
def test_a_telephone_alone_lets_nobody_else_back(office: Office, place: Place, access: Access, tmp_path: Path) -> None:
    """Many may share it: a colleague who is taken down with it brings back nothing else of who was erased."""
    front = Front(office)
    ana = front.staff("ana", Role.SUPPORT)
    ana = replace(ana, reference=front.cases.open(ana, NewCase("support", "call", product="Movie")).number)
    colleague = NewPerson(given_name="Y", family_name="Z", email="y@else.example", phone="+32 470 55 51 42")
    front.new_customers.add(ana, colleague, returning="She has the telephone of the same studio")
    file = written(tmp_path, order("R-1", contact(first="X", last="Q", email=EMAIL)))
    assert _is_stopped(place, office, access, file, source="fastspring", said=STORE).suppressed == 1


def test_the_door_of_a_ticket(office: Office, place: Place, access: Access, tmp_path: Path) -> None:
    """Also where the file no longer tells his address, and where he answers in somebody else's ticket."""
    nameless = freshdesk(12, requester=None, requester_name="Xylorimba Quetzalbrot")
    by_telephone = freshdesk(14, requester={"id": 78, "name": "X", "phone": "0032470555142"}, requester_id=78)
    file = file_of(tmp_path, [_ticket(12), _ticket(13), nameless, by_telephone, conversation(1)])
    report = _is_stopped(place, office, access, file, source="freshdesk", said=DESK)
    assert (report.suppressed, len(report.refused)) == (4, 5)
    (of_the_case,) = (each for each in report.refused if "data had their time" in each.reason)
    assert "on file no more: he was erased at his own request, or" in of_the_case.reason, (
        "which, the case does not tell"
    )
    users = [{"id": 77, "name": "Xylorimba Quetzalbrot", "email": EMAIL, "role": "end-user"}]
    document = {"tickets": [zendesk(12)], "users": users}
    assert _is_stopped(place, office, access, file_of(tmp_path, document), source="zendesk", said=DESK).suppressed == 1
    copied = freshdesk(
        15, requester_id=79, requester={"id": 79, "name": "Ole Lund", "email": "ole@lund.example"},
        conversations=[conversation(1, incoming=True, from_email=f"X <{EMAIL}>", body_text="It stops here too.")],
    )  # fmt: skip
    report = taken(office, access, file_of(tmp_path, [copied]), source="freshdesk", said=DESK)
    assert (report.of("reports")["new"], report.suppressed) == (1, 1)
    assert "stops here too" not in str(held(place))
