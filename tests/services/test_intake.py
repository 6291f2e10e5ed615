"""What people ask by mail is matched, proposed and received once, by the way every request is received.

Seen to fail: with the check for the same mail taken out of the transaction, with the second of several received
now or not linked, with others' receipts told to support, with a closed file joined, with mail not stopped, and with an
acknowledgement that names no other request of the letter.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import pytest

from staffdesk.data.database import Database
from staffdesk.domain.access import Access, Role
from staffdesk.domain.deadlines import due_dates
from staffdesk.domain.errors import Conflict, Denied, NotFound
from staffdesk.domain.request_letters import LetterKind
from staffdesk.domain.request_mail import RequestMail
from staffdesk.domain.requests import RequestType
from staffdesk.services.intake.reading import read_mail
from staffdesk.services.intake.service import Received
from tests import factories, mails
from tests.databases import Place
from tests.services.front import Front
from tests.services.offices import Office, acts
from tests.services.workflows import workflow_of

SEVERAL = "Hello, I request a copy of the data you hold about me. After that, please delete my account and all my data."


@pytest.fixture
def front(office: Office) -> Front:
    return Front(office)


@pytest.fixture
def privacy(front: Front) -> Access:
    return front.staff("pia", Role.PRIVACY)


def take(front: Front, access: Access, mail: RequestMail, types: Sequence[RequestType] | None = None) -> Received:
    proposal = front.intake.propose(access, mail)
    return front.intake.receive(
        access, mail, types or proposal.types, customer=proposal.customer, language=proposal.understood.language,
        card=proposal.card,
    )  # fmt: skip


def held(place: Place, columns: str) -> list[tuple[object, ...]]:
    with place.owner() as owner:
        return [tuple(row) for row in owner.exec_driver_sql(f"SELECT {columns} FROM request ORDER BY id")]


def test_a_mail_is_matched_by_a_logged_search_and_received_when_it_came(
    front: Front, privacy: Access, database: Database, place: Place
) -> None:
    anders = factories.customer(database)
    mail = read_mail(mails.mail(card=mails.CARD))
    proposal = front.intake.propose(privacy, mail)
    assert (proposal.customer, proposal.types, proposal.card) == (anders.person, (RequestType.ACCESS,), True)
    assert acts(place)[-3:] == [("customer.search", "ok"), ("customer.listed", "ok"), ("request.listed", "ok")]
    (request,) = take(front, privacy, mail).requests
    due = due_dates(dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC))
    assert (request.customer, request.hard_due, request.channel) == (anders.person, due.hard, "email")
    ((requester, address, language, card, note),) = held(
        place, "requester, reply_address, language, proof_came_along, note"
    )
    assert (requester, address, language, bool(card)) == ("Anders Bo", "anders@nordlys.example", "en", True)
    assert "copy of all the data" in str(note)


def test_who_is_not_on_file_asks_all_the_same(front: Front, privacy: Access) -> None:
    mail = read_mail(mails.mail(sender="Nora <nora@nowhere.example>", reply_to="nora@home.example"))
    proposal = front.intake.propose(privacy, mail)
    assert (proposal.matches, proposal.customer) == ((), None)
    assert take(front, privacy, mail).requests[0].customer is None


def test_a_letter_that_asks_two_things_is_two_linked_requests_of_one_receipt(
    front: Front, privacy: Access, database: Database, place: Place, tmp_path: Path
) -> None:
    factories.customer(database)
    first, second = take(front, privacy, read_mail(mails.mail(SEVERAL))).requests
    assert [first.kind, second.kind] == ["access", "erase"]
    assert (first.received_at, first.hard_due) == (second.received_at, second.hard_due)
    assert [row[0] for row in held(place, "linked_to")] == [None, first.id]
    pages = [front.request_pages.open(privacy, each.number) for each in (first, second)]
    assert [[(other.number, other.kind) for other in page.linked] for page in pages] == [
        [(second.number, "erase")], [(first.number, "access")],
    ]  # fmt: skip
    assert {page.language for page in pages} == {"en"}
    for each, other in ((first, second), (second, first)):
        workflow_of(front.office, tmp_path).make(privacy, each.number, "acknowledge")
        letter = (tmp_path / "data" / "letters" / f"L0-{each.number}.txt").read_text()
        assert f"- {other.number}: " in letter, "whoever asked two things is told both numbers by either letter"


def test_the_same_mail_is_received_once_for_each_thing_it_asks(
    front: Front, privacy: Access, database: Database, place: Place
) -> None:
    factories.customer(database)
    mail = read_mail(mails.mail(SEVERAL))
    take(front, privacy, mail, [RequestType.ACCESS])
    assert front.intake.propose(privacy, mail).types == (RequestType.ERASE,)
    with pytest.raises(Conflict):
        take(front, privacy, mail, [RequestType.ACCESS])
    take(front, privacy, mail)
    assert front.intake.propose(privacy, mail).types == ()
    digests = {row[0] for row in held(place, "message_digest")}
    assert len(digests) == 1
    assert "nordlys" not in str(digests)


def test_what_the_same_person_asked_before_is_offered_for_joining(
    front: Front, privacy: Access, database: Database
) -> None:
    factories.customer(database)
    (first,) = take(front, privacy, read_mail(mails.mail())).requests
    again = front.intake.propose(privacy, read_mail(mails.mail(message_id="<2@nordlys.example>")))
    assert [each.number for each in again.duplicates(again.types)] == [first.number]
    support = front.staff("sam", Role.SUPPORT)
    assert front.intake.propose(support, read_mail(mails.mail(message_id="<3@nordlys.example>"))).still_open == ()


def test_a_mail_joins_its_case_and_says_so_there_and_in_the_log(
    front: Front, privacy: Access, database: Database, place: Place
) -> None:
    factories.customer(database)
    (first,) = take(front, privacy, read_mail(mails.mail())).requests
    reply = read_mail(mails.mail(f"> Your case {first.number}\n\nHere it is.", subject="Re: x", card=mails.CARD))
    proposal = front.intake.propose(privacy, reply)
    assert proposal.case == first.number
    front.intake.join(privacy, first.number, reply, kind=LetterKind.REMINDER, card=proposal.card)
    ((note, came),) = held(place, "note, proof_came_along")
    assert str(note).endswith("\n2026-11-02: a reminder came by mail, with something that may be a card.")
    assert came
    assert acts(place)[-2:] == [("request.moved", "intent"), ("request.moved", "ok")]
    with pytest.raises(NotFound):
        front.intake.join(privacy, "DSR-2026-0999", reply, kind=LetterKind.REMINDER, card=False)
    with place.owner() as owner:
        owner.exec_driver_sql("UPDATE request SET state = 'archived'")
    with pytest.raises(Conflict):
        front.intake.join(privacy, first.number, reply, kind=LetterKind.REMINDER, card=False)


def test_an_objection_to_marketing_is_carried_out_as_it_is_taken_in(
    front: Front, privacy: Access, database: Database, place: Place
) -> None:
    factories.customer(database)
    words = "Please unsubscribe me from your newsletter and stop sending me offers by mail. Thank you for it."
    assert take(front, privacy, read_mail(mails.mail(words))).unstopped == ""
    assert held(place, "kind, carried_out_at IS NOT NULL") in ([("object_mkt", 1)], [("object_mkt", True)])
    stranger = read_mail(mails.mail(words, sender="n@nowhere.example", message_id="<2@nowhere.example>"))
    assert "no mail to stop" in take(front, privacy, stranger).unstopped


@pytest.mark.parametrize("role", [Role.ADMIN, Role.AUDITOR])
def test_who_has_no_customers_takes_in_nothing(role: Role, front: Front) -> None:
    access = front.staff(role.value, role)
    with pytest.raises(Denied):
        front.intake.propose(access, read_mail(mails.mail()))


def test_what_must_not_be_held_does_not_come_in_by_mail_and_stops_no_request(
    front: Front, privacy: Access, place: Place
) -> None:
    words = f"{mails.ASKS}\nMy card number is 4111 1111 1111 1111."
    received = take(front, privacy, read_mail(mails.mail(words, sender="Nora <nora@nowhere.example>")))
    assert received.unkept
    assert held(place, "note") == [(None,)]
