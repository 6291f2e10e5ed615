"""An address that mail does not reach is marked, by whatever way it is told, until it is confirmed or set right."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from staffdesk.data.customers.fields import Fields
from staffdesk.data.database import Database
from staffdesk.domain.access import Access, Act, Role
from staffdesk.domain.accuracy import Mend
from staffdesk.domain.correction import Seen
from staffdesk.domain.errors import BadInput, Denied
from staffdesk.domain.matters import NewCase
from staffdesk.domain.policy import matrix
from staffdesk.services.accuracy import Accuracy
from staffdesk.services.bounces import ReturnedMails
from staffdesk.services.door import Result
from staffdesk.services.import_runs import RunsOfImports
from staffdesk.services.intake.reading import read_mail
from tests import factories
from tests.databases import Place
from tests.factories import Customer
from tests.mails import mail, returned
from tests.services.front import Front
from tests.services.lists import table, taken
from tests.services.offices import Office, entries
from tests.services.store_files import column, seller

HIS = "anders@nordlys.example"
CAMPAIGN = {"source": "STORE_ACCOUNT", "obtained": "2026-10-01", "evidence": "the campaign service's own export"}
CLEANED = ("Email Address", "First Name", "CLEAN_TIME")
NEWS = ("Email", "First name", "Last name", "Transpond Status", "Opted in at")
MARK = "SELECT bounced_at FROM person"


@pytest.fixture
def anders(database: Database) -> Customer:
    return factories.customer(database)


def _marked(place: Place) -> bool:
    return column(place, MARK) != [(None,)]


def test_a_mail_that_came_back_marks_the_address_once(office: Office, anders: Customer, place: Place) -> None:
    ana, mails = Front(office).staff("ana", Role.SUPPORT), ReturnedMails(office.door)
    came_back = read_mail(returned(HIS))
    assert mails.take(ana, came_back).marked == (anders.person,)
    assert column(place, MARK) == [(int(dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC).timestamp() * 1000),)]
    again = mails.take(ana, came_back)
    assert (again.marked, again.known) == ((), (anders.person,))
    done = [each for each in entries(place) if (each.act, each.out) == (Act.CUSTOMER_BOUNCED, "ok")]
    assert [(each.n, len(each.obj)) for each in done] == [(1, 1), (0, 0)]


def test_a_notice_whose_server_says_a_sentence_first_is_read(office: Office, anders: Customer) -> None:
    ana, mails = Front(office).staff("ana", Role.SUPPORT), ReturnedMails(office.door)
    report = b"--b\nContent-Type: message/delivery-status\n\n"
    whole = returned(HIS).replace(report, report + b"This could not be delivered, because:\n\n" + report)
    bracketed = whole.replace(f"rfc822; {HIS}".encode(), f"RFC822; <{HIS}>".encode())
    assert mails.take(ana, read_mail(bracketed)).marked == (anders.person,)


@pytest.mark.parametrize(
    ("status", "action", "marks"),
    [
        ("5.1.1", "failed", True), ("5.1.10", "failed", True), ("5.0.0", "failed", True), ("5.2.1", "failed", True),
        ("5.2.2", "failed", False), ("5.7.1", "failed", False), ("4.4.7", "delayed", False),
        ("5.1.1", "relayed", False),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("anders")
def test_a_full_mailbox_or_a_filter_says_nothing_of_the_address(
    office: Office, place: Place, status: str, action: str, marks: bool
) -> None:
    ana = Front(office).staff("ana", Role.SUPPORT)
    ReturnedMails(office.door).take(ana, read_mail(returned(HIS, status=status, action=action)))
    assert _marked(place) is marks


@pytest.mark.usefixtures("anders")
def test_what_is_no_notice_is_refused_and_an_address_of_nobody_marks_nobody(office: Office, place: Place) -> None:
    ana, mails = Front(office).staff("ana", Role.SUPPORT), ReturnedMails(office.door)
    with pytest.raises(BadInput, match="no notice"):
        mails.take(ana, read_mail(mail()))
    assert mails.take(ana, read_mail(returned("nobody@else.example"))).unknown == 1
    assert mails.take(ana, read_mail(returned("x@far.example", written_to="no+2Bbody@else.example"))).unknown == 1
    # Sent on to another house: the address we wrote to is the first one's.
    assert mails.take(ana, read_mail(returned("x@far.example", written_to="Anders@Nordlys.example"))).marked
    with pytest.raises(Denied):
        mails.take(Front(office).staff("gus", Role.AUDITOR), read_mail(returned(HIS)))
    assert _marked(place)


def test_the_mark_goes_with_the_address_or_with_its_confirmation_and_does_not_come_back(
    office: Office, anders: Customer, place: Place, tmp_path: Path
) -> None:
    front = Front(office)
    ana = front.staff("ana", Role.SUPPORT)
    ana = replace(ana, reference=front.cases.open(ana, NewCase("support", "call", customer=anders.person)).number)
    mails = ReturnedMails(office.door)
    mails.take(ana, read_mail(returned(HIS)))
    front.repairs.confirm(ana, anders.person, [Seen(f"person:{anders.person}:given_name", "Anders")])
    assert _marked(place)
    front.repairs.confirm(ana, anders.person, [Seen(f"person:{anders.person}:email", HIS)])
    assert not _marked(place)
    cleaned = table(tmp_path, (HIS, "Anders", "2026-10-01 10:00:00"), header=CLEANED, name="cleaned.csv")
    assert taken(office, seller(office), cleaned, source="mailchimp", said=CAMPAIGN).of("news")["unchanged"] == 1
    assert not _marked(place)


def test_the_mark_goes_where_the_address_is_another_one(office: Office, anders: Customer, place: Place) -> None:
    ReturnedMails(office.door).take(Front(office).staff("ana", Role.SUPPORT), read_mail(returned(HIS)))
    due = Result(act=Act.CUSTOMER_CHANGED)

    def correct(tx: object) -> tuple[int, None]:
        fields = Fields(tx)  # type: ignore[arg-type] # the door hands a Change
        row = fields.row("person", anders.person)
        assert row is not None
        return fields.change(fields.checked("person", row, "email", "new@nordlys.example"), "email", HIS), None

    assert office.door.scheduled(due, correct) == 1
    assert not _marked(place)


def test_undoing_an_import_takes_back_the_marks_it_made_and_no_other(
    office: Office, anders: Customer, place: Place, tmp_path: Path
) -> None:
    access, runs = seller(office), RunsOfImports(office.door)
    eva, jo = factories.put(
        office.database, *(factories.person(email=f"{name}@nordlys.example") for name in ("eva", "jo"))
    )
    mails, ana = ReturnedMails(office.door), Front(office).staff("ana", Role.SUPPORT)
    mails.take(ana, read_mail(returned("eva@nordlys.example")))
    days = {"anders": "2026-10-01", "jo": "2026-10-01", "eva": "2026-11-10"}
    rows = [(f"{name}@nordlys.example", "", f"{day} 10:00:00") for name, day in days.items()]
    cleaned = table(tmp_path, *rows, header=CLEANED, name="cleaned.csv")
    report = taken(office, access, cleaned, source="mailchimp", said={**CAMPAIGN, "obtained": "2026-11-12"})
    assert report.of("news") == {"new": 0, "changed": 2, "unchanged": 1}
    mails.take(ana, read_mail(returned("jo@nordlys.example")))
    undone = runs.undo(access, report.number or 0)
    assert (undone.lifted, undone.removed.total()) == (1, 0)
    assert column(place, f"{MARK} WHERE id = {anders.person}") == [(None,)]
    told = int(dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC).timestamp() * 1000)
    assert column(place, f"{MARK} WHERE id IN ({eva}, {jo})") == [(told,), (told,)], "a notice told it"
    lifted = [each for each in entries(place) if each.act == Act.IMPORT_UNDONE and each.out == "ok" and each.obj]
    assert [(each.n, len(each.obj)) for each in lifted] == [(1, 1)]


@pytest.mark.parametrize("source", ["mailchimp", "transpond"])
@pytest.mark.usefixtures("anders")
def test_what_a_campaign_service_does_not_reach_is_marked_and_is_no_wish_of_his(
    office: Office, place: Place, tmp_path: Path, source: str
) -> None:
    access = seller(office)
    file = (
        table(tmp_path, (HIS, "Anders", "2026-10-01 10:00:00"), header=CLEANED, name="cleaned.csv")
        if source == "mailchimp"
        else table(tmp_path, (HIS, "Anders", "Bo", "INACTIVE", ""), header=NEWS, name="t.csv")
    )
    dry = taken(office, access, file, source=source, said=CAMPAIGN, dry_run=True)
    assert not _marked(place)
    report = taken(office, access, file, source=source, said=CAMPAIGN)
    assert dry.of("news") == report.of("news") == {"new": 0, "changed": 1, "unchanged": 0}
    assert _marked(place)
    assert column(place, "SELECT count(*) FROM suppression") == [(0,)]
    assert taken(office, access, file, source=source, said=CAMPAIGN).of("news")["unchanged"] == 1


def test_whom_mail_does_not_reach_is_listed_by_number_alone(office: Office, anders: Customer, place: Place) -> None:
    front, lists = Front(office), Accuracy(office.door, matrix())
    ana, ben = front.staff("ana", Role.SUPPORT), front.staff("ben", Role.SALES)
    privacy = front.staff("pia", Role.PRIVACY)
    ReturnedMails(office.door).take(ana, read_mail(returned(HIS)))
    front.cases.open(ana, NewCase("support", "call", customer=anders.person))

    def numbers(access: Access) -> list[int]:
        return [each.number for each in lists.list(access, Mend.BOUNCED).rows]

    assert (numbers(ana), numbers(ben), numbers(privacy)) == ([anders.person], [], [anders.person])
    listed = [each for each in entries(place) if (each.act, each.out) == (Act.CUSTOMER_LISTED, "ok")]
    assert [(each.kinds, len(each.obj), each.n) for each in listed] == [(("bounced", "person"), 1, 1)] * 2
