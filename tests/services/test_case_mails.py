"""A mail becomes a report of its case once, and stands for the case only where a server proved whose it is.

Seen to fail: with a file's sender taken for proven; with the results of any server believed; with the addresses on file
left unread; with what a server proved taken for the employee's own work; with what a sender
put in quotes or comments read as the server's; with one mail standing for two cases.
"""

from __future__ import annotations

import datetime as dt
from email.utils import format_datetime
from pathlib import Path

import pytest

from staffdesk.data.database import Database
from staffdesk.domain.access import Access, RecordKind, Role, Standing
from staffdesk.domain.case_mail import Correspondent, Direction, case_named
from staffdesk.domain.errors import BadInput, Conflict, Denied, MustNotBeHeld, NotFound
from staffdesk.domain.flags.entry import Moment, look_of
from staffdesk.domain.flags.matters import Ground, Matters, explained
from staffdesk.domain.flags.rules import rules
from staffdesk.domain.matters import NewCase
from staffdesk.domain.request_mail import RequestMail
from staffdesk.services.intake.reading import read_mail
from tests import factories, mails
from tests.databases import Place
from tests.services.front import Front, move_to_the_us
from tests.services.offices import Office, entries

OURS = "mx.softron.example"
PASS = f"{OURS}; spf=pass smtp.mailfrom=nordlys.example; dmarc=pass (p=reject) header.from=nordlys.example"
FORGED = (
    'spf=pass smtp.mailfrom="x; dmarc=pass header.from=nordlys.example"@evil.example; dmarc=fail',
    'dkim=pass header.i="a header.d=nordlys.example "@evil.example header.d=evil.example',
    'dkim=pass reason="header.d=nordlys.example" header.d=evil.example',
    r"dkim=fail (bad \) ; dmarc=pass header.from=nordlys.example ) header.d=evil.example",
    'spf=pass (of "x) smtp.mailfrom=") ; dmarc=pass header.from=nordlys.example ;"@evil.example; dmarc=fail',
)
"""What a sender of evil.example makes an honest server write, which proves nothing of nordlys.example."""
WORDS = "The red key does nothing since the update.\n\nAnders\n\nOn Monday Softron wrote:\n> Which key?\n"


@pytest.fixture
def front(office: Office) -> Front:
    return Front(office)


@pytest.fixture
def ana(front: Front) -> Access:
    return front.staff("ana", Role.SUPPORT)


@pytest.fixture
def anders(database: Database) -> int:
    return factories.customer(database).person


def written(
    text: str = WORDS,
    *,
    results: str = "",
    sender: str = "Anders Bo <anders@nordlys.example>",
    message_id: str = "<1@nordlys.example>",
    days_ago: int | None = None,
) -> RequestMail:
    """Return a mail of November 2026, or of so many days ago; one with results comes today where nothing is said."""
    headers = {"Authentication_Results": results} if results else {}
    raw = mails.mail(text, subject="The red key", sender=sender, message_id=message_id, card=None, **headers)
    if results or days_ago is not None:
        came = dt.datetime.now(dt.UTC) - dt.timedelta(days=days_ago or 0)
        raw = raw.replace(mails.SENT_ON.encode(), format_datetime(came).encode())
    return read_mail(raw, names=True)


def reports(place: Place) -> list[dict[str, object]]:
    with place.owner() as owner:
        rows = owner.exec_driver_sql("SELECT * FROM contact_report WHERE direction IS NOT NULL ORDER BY id")
        return [dict(row._mapping) for row in rows]


def a_case(front: Front, access: Access, customer: int | None) -> str:
    return front.cases.open(access, NewCase("support", "call", product="MovieRecorder", customer=customer)).number


def standing(front: Front, access: Access, number: str, customer: int, place: Place) -> str | None:
    front.gateway.open(Access(access.session, access.purpose, number), RecordKind.PERSON, customer)
    return entries(place)[-1].standing


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


def test_a_mail_that_was_attached_as_a_file_is_proven_when_it_is_fetched(
    front: Front, ana: Access, anders: int, place: Place
) -> None:
    """And what its sender wrote stands there then, not what the file said."""
    number = a_case(front, ana, anders)
    front.case_mails.attach(ana, number, written("Open my record.", message_id="<9@x>"), direction=Direction.OUT)
    (file,) = reports(place)
    with pytest.raises(Conflict, match="already"):
        front.case_mails.attach(ana, number, written(message_id="<9@x>"), server=OURS)
    bo = front.staff("bo", Role.SUPPORT)
    fetched = written(results=PASS, message_id="<9@x>")
    attached = front.case_mails.attach(bo, number, fetched, server=OURS, his_own=True)
    assert (attached.proven, attached.was_there) == (True, True)
    (row,) = reports(place)
    assert row["body"] == "The red key does nothing since the update.\n\nAnders"
    assert (row["id"], row["author_id"], row["direction"], row["correspondent"], bool(row["proven"])) == (
        file["id"], file["author_id"], "in", "customer", True,
    )  # fmt: skip
    last = entries(place)[-1]
    assert (last.act, last.out, last.kinds) == (
        "case.noted", "ok", ("report", "mail", "in", "proven", "the customer's"),
    )  # fmt: skip
    assert standing(front, ana, number, anders, place) == Standing.VERIFIED
    with pytest.raises(Conflict, match="already"):
        front.case_mails.attach(bo, number, fetched, server=OURS)
    with_topic = written("My card is 4111 1111 1111 1111", results=PASS, message_id="<10@x>")
    front.case_mails.attach(ana, number, with_topic, topic="his question")
    front.case_mails.attach(bo, number, with_topic, topic="another word", server=OURS)
    assert [(row["topic"], row["body"], bool(row["proven"])) for row in reports(place)[1:]] == [
        ("his question", None, True)
    ]


def test_one_mail_stands_for_one_case_alone(front: Front, ana: Access, anders: int, place: Place) -> None:
    first, second = a_case(front, ana, anders), a_case(front, ana, anders)
    assert front.case_mails.attach(ana, first, written(results=PASS), server=OURS).proven
    assert front.case_mails.attach(ana, second, written(results=PASS), server=OURS).elsewhere
    assert "the customer's" not in entries(place)[-1].kinds
    assert standing(front, ana, first, anders, place) == Standing.VERIFIED
    assert standing(front, ana, second, anders, place) == Standing.CLAIMED, "one mail would open a record for ever"


def test_a_mail_that_came_long_before_the_case_does_not_stand_for_it(
    front: Front, ana: Access, anders: int, place: Place
) -> None:
    """Or whoever has the mailbox at hand would open a customer's record by what he wrote years ago."""
    number = a_case(front, ana, anders)
    attached = front.case_mails.attach(ana, number, written(results=PASS, days_ago=8), server=OURS)
    assert (attached.proven, attached.old) == (True, True)
    assert "the customer's" not in entries(place)[-1].kinds
    assert standing(front, ana, number, anders, place) == Standing.CLAIMED
    fresh = written(results=PASS, days_ago=6, message_id="<2@x>")
    assert not front.case_mails.attach(ana, number, fresh, server=OURS).old
    assert standing(front, ana, number, anders, place) == Standing.VERIFIED


def test_only_a_mail_that_the_mailboxs_server_proved_stands_for_who_opened_the_case(
    front: Front, ana: Access, anders: int, place: Place
) -> None:
    number = a_case(front, ana, anders)
    for n, (results, server) in enumerate(
        (
            ("", OURS),
            (PASS, None),
            (PASS, "mx.other.example"),
            (PASS.replace("dmarc=pass", "dmarc=fail"), OURS),
            (PASS.replace("header.from=nordlys", "header.from=evil"), OURS),
            (f"{OURS}; none; x=(dmarc=pass header.from=nordlys.example)", OURS),
            *((f"{OURS}; {forged}", OURS) for forged in FORGED),
        )
    ):
        attached = front.case_mails.attach(ana, number, written(results=results, message_id=f"<{n}@x>"), server=server)
        assert not attached.proven, results
    eve = written(results=PASS, sender="Eve <eve@nordlys.example>", message_id="<eve@x>")
    assert not front.case_mails.attach(ana, number, eve, server=OURS).proven, "her domain is his, her address is not"
    assert standing(front, ana, number, anders, place) == Standing.CLAIMED
    assert front.case_mails.attach(ana, number, written(results=PASS, message_id="<last@x>"), server=OURS).proven
    assert standing(front, ana, number, anders, place) == Standing.VERIFIED


def test_a_claimed_look_is_corroborated_by_a_proven_mail_within_seven_days_and_by_no_file_of_ones_own(
    front: Front, ana: Access, anders: int, place: Place
) -> None:
    number = a_case(front, ana, anders)
    assert standing(front, ana, number, anders, place) == Standing.CLAIMED
    front.case_mails.attach(ana, number, written())
    assert _ground(place) is None
    front.case_mails.attach(ana, number, written(results=PASS, message_id="<9@x>"), server=OURS)
    assert _ground(place) is Ground.CORROBORATED
    late = 8 * 24 * 60 * 60 * 1000
    assert _ground(place, later=late) is None


def _ground(place: Place, later: int = 0) -> Ground | None:
    """Return what explains the look, with the entries about mails so much ``later``."""
    told = entries(place)
    look = next(each for each in told if each.act == "customer.opened")
    matters = Matters()
    for each in told:
        matters.take(each.dated(each.t + later) if each.act == "case.noted" else each)
    return explained(look_of(look, Moment(0, 10, weekend=False)), matters, rules())


def test_a_file_that_a_colleague_attaches_is_his_work_and_stands_for_others(
    front: Front, ana: Access, anders: int, place: Place
) -> None:
    number = a_case(front, ana, anders)
    standing(front, ana, number, anders, place)
    front.case_mails.attach(front.staff("bo", Role.SUPPORT), number, written())
    assert _ground(place) is Ground.CORROBORATED


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
