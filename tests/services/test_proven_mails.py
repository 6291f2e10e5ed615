"""A mail stands for a case only where a server proved whose it is.

Seen to fail: with a file's sender taken for proven; with the results of any server believed; with what a server proved
taken for the employee's own work; with what a sender put in quotes or comments read as the server's; with one mail
standing for two cases.
"""

from __future__ import annotations

import pytest

from staffdesk.data.database import Database
from staffdesk.domain.access import Access, Role, Standing
from staffdesk.domain.correspondence import Direction
from staffdesk.domain.errors import Conflict
from staffdesk.domain.flags.entry import Moment, look_of
from staffdesk.domain.flags.matters import Ground, Matters, explained
from staffdesk.domain.flags.rules import rules
from tests import factories
from tests.databases import Place
from tests.services.case_mailing import FORGED, OURS, PASS, a_case, reports, standing, written
from tests.services.front import Front
from tests.services.offices import entries


@pytest.fixture
def ana(front: Front) -> Access:
    return front.staff("ana", Role.SUPPORT)


@pytest.fixture
def anders(database: Database) -> int:
    return factories.customer(database).person


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
