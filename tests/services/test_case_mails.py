"""A mail becomes a report of its case once, with its sender's own words and what came along by name.

Seen to fail: with the addresses on file left unread.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from staffdesk.data.database import Database
from staffdesk.domain.access import Access, Role
from staffdesk.domain.case_mail import case_named
from staffdesk.domain.correspondence import Correspondent, Direction
from staffdesk.domain.errors import BadInput, Conflict, Denied, MustNotBeHeld, NotFound
from staffdesk.domain.request_mail import RequestMail
from staffdesk.services.intake.reading import read_mail
from tests import factories, mails
from tests.databases import Place
from tests.services.case_mailing import OURS, PASS, WORDS, a_case, reports, written
from tests.services.front import Front, move_to_the_us
from tests.services.offices import entries


@pytest.fixture
def ana(front: Front) -> Access:
    return front.staff("ana", Role.SUPPORT)


@pytest.fixture
def anders(database: Database) -> int:
    return factories.customer(database).person


def test_a_mail_is_a_report_with_its_senders_own_words_direction_and_date(
    front: Front, ana: Access, anders: int, place: Place
) -> None:
    number = a_case(front, ana, anders)
    attached = front.case_mails.attach(ana, number.lower(), written())
    assert (attached.direction, attached.correspondent, attached.proven) == (
        Direction.IN, Correspondent.CUSTOMER, False,
    )  # fmt: skip
    (row,) = reports(place)
    assert (row["person_id"], row["channel"], row["direction"], row["topic"], row["contact_at"], row["source"]) == (
        anders, "email", "in", "The red key", 1793610000000, "EMAIL_IN",
    )  # fmt: skip
    assert row["body"] == "The red key does nothing since the update.\n\nAnders"
    last = entries(place)[-1]
    assert (last.act, last.out, last.kinds) == ("case.noted", "ok", ("report", "mail", "in"))


def test_what_we_wrote_is_out_and_whose_it_is_is_told(front: Front, ana: Access, anders: int) -> None:
    number = a_case(front, ana, anders)
    sent = read_mail(
        mails.mail(sender="support@softron.example", message_id="<2@x>").replace(
            b"To: privacy@softron.example", b"To: Anders <ANDERS@nordlys.example>"
        )
    )
    attached = front.case_mails.attach(ana, number, sent)
    assert (attached.direction, attached.correspondent) == (Direction.OUT, Correspondent.CUSTOMER)
    other = front.case_mails.attach(ana, number, written(sender="Eve <eve@nordlys.example>", message_id="<3@x>"))
    assert (other.direction, other.correspondent) == (Direction.IN, Correspondent.SOMEBODY_ELSE)
    said = front.case_mails.attach(ana, number, written(message_id="<4@x>"), direction=Direction.OUT)
    assert (said.direction, said.correspondent) == (Direction.OUT, Correspondent.SOMEBODY_ELSE)


def test_the_same_mail_twice_is_once(front: Front, ana: Access, anders: int, place: Place) -> None:
    number = a_case(front, ana, anders)
    front.case_mails.attach(ana, number, written())
    with pytest.raises(Conflict, match="already"):
        front.case_mails.attach(front.staff("bo", Role.SUPPORT), number, written())
    assert len(reports(place)) == 1
    front.case_mails.attach(ana, a_case(front, ana, anders), written())
    assert len(reports(place)) == 2, "a mail about two things is in both cases"


def test_what_must_not_be_held_is_refused_with_the_reason_and_nothing_of_it_is_logged(
    front: Front, ana: Access, anders: int, place: Place, tmp_path: Path
) -> None:
    number = a_case(front, ana, anders)
    file = mails.written(tmp_path, content=mails.mail("My card is 4111 1111 1111 1111, take it."))
    with pytest.raises(MustNotBeHeld, match="card"):
        front.case_mails.attach_file(ana, number, file)
    assert file.read_bytes() == mails.mail("My card is 4111 1111 1111 1111, take it."), "nothing is lost"
    named = mails.mail(card=mails.CARD, message_id="<2@x>").replace(b"../../card.png", b"pwd: hunter2.png")
    with pytest.raises(MustNotBeHeld):
        front.case_mails.attach(ana, number, read_mail(named, names=True))
    assert reports(place) == []
    assert b"4111" not in b"".join(each.encode() for each in entries(place))
    front.case_mails.attach_file(ana, number, file, topic="he sent a card number; told to leave it out")
    assert [(row["topic"], row["body"]) for row in reports(place)] == [
        ("he sent a card number; told to leave it out", None)
    ]


def test_what_came_along_is_named_and_counted_and_no_byte_of_it_is_kept(
    front: Front, ana: Access, anders: int, place: Place, tmp_path: Path
) -> None:
    number = a_case(front, ana, anders)
    both = mails.mail(WORDS, card=mails.CARD, card_type="application/zip", message_id="<z@x>")
    attached = front.case_mails.attach_file(ana, number, mails.written(tmp_path, content=both))
    assert (attached.attachments, attached.zips) == (1, 1)
    assert reports(place)[0]["attachments"] == "../../card.zip (45 kB)"
    held = "".join(map(str, reports(place)[0].values())).encode()
    assert mails.CARD[:40] not in held
    assert mails.CARD_AS_SENT not in held


def test_what_makes_no_report_writes_none(front: Front, ana: Access, anders: int, place: Place, tmp_path: Path) -> None:
    number = a_case(front, ana, anders)
    with pytest.raises(BadInput):
        front.case_mails.attach_file(ana, number, tmp_path / "none.eml")
    with pytest.raises(NotFound):
        front.case_mails.attach(ana, "C-2026-9999", written())
    with pytest.raises(Conflict, match="address on file"):
        front.case_mails.attach(ana, number, written(sender="eve@evil.example"), his_own=True)
    front.cases.close(ana, number)
    with pytest.raises(NotFound):
        front.case_mails.attach(ana, number, written())
    other = a_case(front, ana, anders)
    with pytest.raises(Denied):
        front.case_mails.attach(front.staff("fin", Role.FINANCE), other, written())
    front.office.hire("us", Role.SUPPORT)
    move_to_the_us(place, "us")
    with pytest.raises(Denied):
        front.case_mails.attach(front.again("us", Role.SUPPORT), other, written())
    assert reports(place) == []


def test_a_case_that_names_nobody_takes_a_mail_and_is_told_that_it_stands_for_nothing(
    front: Front, ana: Access, anders: int, place: Place
) -> None:
    number = a_case(front, ana, None)
    attached = front.case_mails.attach(ana, number, written(results=PASS), server=OURS)
    assert (attached.correspondent, attached.proven, attached.about_nobody) == (
        Correspondent.SOMEBODY_ELSE, False, True,
    )  # fmt: skip
    front.cases.tie(ana, number, anders)
    assert reports(place)[0]["person_id"] == anders, "what was noted becomes his"


@pytest.mark.parametrize(
    ("subject", "text", "case"),
    [
        ("Re: C-2026-0412 red key", "", "C-2026-0412"),
        ("Re: your call", "it was c-2026-412, you said", "C-2026-0412"),
        ("C-2026-0412 and C-2026-0413", "C-2026-0412", None),
        ("Re: DSR-2026-0001", "PC-2026-0412", None),
        ("C-2026-0000", "", None),
    ],
)
def test_a_mail_names_its_case_by_the_subject_else_by_its_words(subject: str, text: str, case: str | None) -> None:
    mail = RequestMail(sender="a@b.example", sender_name="", reply_to="", subject=subject, text=text, message_id="")
    assert case_named(mail) == case
