"""One request in full: a look at its person; privacy opens every one, others what they received; the letter is ready.

Seen to fail: with a colleague's receipt opened to anybody, and with the page read before its entry.
"""

from __future__ import annotations

import pytest

from staffdesk.data.database import Database
from staffdesk.domain.access import Role
from staffdesk.domain.classes import Exposure
from staffdesk.domain.errors import Denied, NotFound
from staffdesk.domain.requests import RequestChannel, RequestType
from tests import factories
from tests.databases import Place
from tests.services.front import Front
from tests.services.offices import Office, entries


@pytest.fixture
def front(office: Office) -> Front:
    return Front(office)


def receive(front: Front, role: Role, customer: int | None = None) -> str:
    return front.requests.receive(
        front.staff(f"u{role.value}", role), kind=RequestType.ERASE, channel=RequestChannel.POST, customer=customer,
        requester="Anders Bo", reply_address="anders@nordlys.example", note="all of it",
    ).number  # fmt: skip


def test_privacy_reads_all_of_it_and_who_received_it(front: Front, database: Database, place: Place) -> None:
    anders = factories.customer(database).person
    number = receive(front, Role.SUPPORT, anders)
    page = front.request_pages.open(front.staff("pia", Role.PRIVACY), number.lower())
    assert (page.requester.text, page.reply_address.text, page.note.text) == (
        "Anders Bo", "anders@nordlys.example", "all of it",
    )  # fmt: skip
    assert (page.request.number, page.request.state, page.request.customer) == (number, "received", anders)
    assert page.received_by == "support · Usupport Holm"
    assert (page.told, page.letter) == ((), "")
    entry = entries(place)[-1]
    assert (entry.seq, entry.act, entry.out, entry.level) == (page.seq, "request.opened", "ok", "opened")
    assert [aid[0] for aid in entry.obj] == ["s", "r"]


def test_who_received_it_sees_it_with_the_address_masked_and_no_name_of_a_colleague(
    front: Front, database: Database
) -> None:
    number = receive(front, Role.SUPPORT, factories.customer(database).person)
    page = front.request_pages.open(front.again("usupport", Role.SUPPORT), number)
    assert (page.note.text, page.reply_address.text) == ("all of it", "a•••@nordlys.example")
    assert page.received_by == "support"


@pytest.mark.parametrize("role", [Role.SALES, Role.FINANCE, Role.APPROVER])
def test_a_colleagues_receipt_is_refused_and_that_is_logged(role: Role, front: Front, place: Place) -> None:
    number = receive(front, Role.SUPPORT)
    with pytest.raises(Denied, match="A colleague received this request"):
        front.request_pages.open(front.staff("other", role), number)
    assert [(each.act, each.out) for each in entries(place)[-1:]] == [("denied", "denied")]
    with pytest.raises(Denied):
        front.request_pages.letter(front.again("other", role), number)


def test_a_role_that_sees_no_request_reads_of_its_own_receipt_what_the_list_says(front: Front) -> None:
    number = receive(front, Role.FINANCE)
    page = front.request_pages.open(front.again("ufinance", Role.FINANCE), number)
    assert {page.requester.exposure, page.note.exposure} == {Exposure.NONE}
    assert page.request.number == number


@pytest.mark.parametrize("number", ["DSR-2026-9999", "C-2026-0001", "anders"])
def test_what_is_no_request_is_not_found(number: str, front: Front) -> None:
    with pytest.raises(NotFound, match="no request with this number"):
        front.request_pages.open(front.staff("pia", Role.PRIVACY), number)


def test_the_letter_is_ready_once_mail_is_stopped(front: Front, database: Database, place: Place) -> None:
    anders = factories.customer(database, language="nl-BE").person
    ana = front.staff("ana", Role.SUPPORT)
    number = front.marketing.stop(ana, anders).request.number
    page = front.request_pages.open(ana, number)
    assert f"Ons kenmerk: {number}" in page.letter
    assert [(each.recipient, each.state, each.sent_at) for each in page.told] == [("CAMPAIGN_SERVICE", "open", None)]
    assert front.request_pages.letter(ana, number) == page.letter
    assert (entries(place)[-1].act, entries(place)[-1].kinds) == ("request.opened", ("request", "letter"))
    with pytest.raises(NotFound, match="no letter to send yet"):
        front.request_pages.letter(front.again("ana", Role.SUPPORT), receive_by(front, anders))


def receive_by(front: Front, customer: int) -> str:
    ana = front.again("ana", Role.SUPPORT)
    return front.requests.receive(
        ana, kind=RequestType.ACCESS, channel=RequestChannel.EVENT, customer=customer
    ).number  # fmt: skip
