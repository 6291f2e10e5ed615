"""News goes to the address that somebody said yes for, also where two of his records were put together.

Seen to fail: with the address of the record that stands mailed whatever address the yes was given for, with the other
record asked in the second look of an export and not the one that stands, and with the address of the merged record
left out of those that its service may know.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from staffdesk.domain.access import Access, Role
from staffdesk.domain.campaign import Drift, Told
from staffdesk.domain.masking import mask_email
from staffdesk.domain.policy import matrix
from staffdesk.services.importing.report import ImportReport
from staffdesk.services.merging import Merging
from tests import factories
from tests.databases import Place
from tests.services.campaigns import ADDED, REMOVED, Newsroom, newsroom, subscribed
from tests.services.lists import table, taken
from tests.services.offices import Office

OWN, OTHER = "anders@nordlys.example", "anders.bo@home.example"


@pytest.fixture
def room(office: Office, tmp_path: Path) -> Newsroom:
    return newsroom(office, tmp_path)


@pytest.fixture
def sue(room: Newsroom) -> Access:
    return room.front.staff("sue", Role.SUPPORT, "T-1182")


def put_together(room: Newsroom, sue: Access, *consents: str) -> tuple[int, int]:
    """Put two records of one man together, of which those with these addresses said yes to news."""
    numbers = {}
    for email in (OWN, OTHER):
        person = factories.person(email=email, given_name="Anders", family_name="Holm", phone="+32 470 55 01 42")
        (numbers[email],) = factories.put(room.database, person)
        if email in consents:
            factories.put(room.database, subscribed(numbers[email]))
    Merging(room.office.door, matrix(), clock=room.office.clock).merge(sue, numbers[OWN], numbers[OTHER])
    return numbers[OWN], numbers[OTHER]


def test_the_address_that_said_yes_gets_news_and_the_other_one_none(room: Newsroom, sue: Access) -> None:
    him, _ = put_together(room, sue, OTHER)
    assert room.eligible() == {OTHER: him}
    assert room.campaign.export(room.officer).told == {Told.GIVEN: 1}
    assert room.files() == {ADDED: {OTHER: ""}}
    assert room.campaign.export(room.officer).told == {}
    told = room.campaign.why(sue, him)
    assert (told.eligible, told.against) == (True, ())
    (shown,) = told.evidence
    assert f"given for {mask_email(OTHER)}, of a record put together with this one" in shown
    assert OTHER not in shown
    assert told.given_on is not None


def test_who_said_yes_with_both_gets_it_at_the_address_that_stands(room: Newsroom, sue: Access) -> None:
    him, _ = put_together(room, sue, OWN, OTHER)
    assert room.eligible() == {OWN: him}
    told = room.campaign.why(sue, him)
    assert [("put together" in shown) for shown in told.evidence] == [False, True]


def test_what_speaks_against_the_address_that_said_yes_is_asked_of_that_one(
    room: Newsroom, sue: Access, place: Place
) -> None:
    him, other = put_together(room, sue, OTHER)
    with place.owner() as owner:
        owner.exec_driver_sql(f"UPDATE person SET bounced_at = 1 WHERE id = {other}")
    assert room.eligible() == {}
    with place.owner() as owner:
        owner.exec_driver_sql(f"UPDATE person SET bounced_at = CASE id WHEN {him} THEN 1 END")
    assert room.eligible() == {OTHER: him}


def test_who_objects_after_it_is_stopped_where_its_service_may_know_him_and_named_nowhere_else(
    room: Newsroom, sue: Access
) -> None:
    him, _ = put_together(room, sue, OTHER)
    stopped = room.front.marketing.stop(room.front.staff("ana", Role.SUPPORT), him)
    assert room.eligible() == {}
    done = room.campaign.export(room.officer)
    assert room.files() == {REMOVED: {OTHER: "DENYLISTED"}}
    assert done.noted == (stopped.request.number,)


def test_its_service_is_held_against_the_address_that_said_yes(room: Newsroom, sue: Access, tmp_path: Path) -> None:
    him, _ = put_together(room, sue, OTHER)
    theirs = tmp_path / "group.csv"
    theirs.write_text(f"Email,First name,Transpond Status\n{OWN},,\n{OTHER},,\n")
    found = room.campaign.drift(room.officer, [theirs])
    assert found.alike == 1
    (drifted,) = found.drifted
    assert (drifted.drift, drifted.customer, drifted.address) == (Drift.NOT_ELIGIBLE, him, mask_email(OWN))
    assert "another address of his" in drifted.why


def test_taken_apart_again_each_record_has_its_own_yes(room: Newsroom, sue: Access) -> None:
    him, other = put_together(room, sue, OTHER)
    Merging(room.office.door, matrix(), clock=room.office.clock).unmerge(sue, him, other)
    assert room.eligible() == {OTHER: other}


def test_a_yes_that_a_list_tells_of_one_address_later_is_for_that_address_alone(
    room: Newsroom, sue: Access, tmp_path: Path
) -> None:
    him, other = put_together(room, sue)
    list_of = ("Email", "Transpond Status", "Opted in at")
    file = table(tmp_path, (OTHER, "ACTIVE", "2026-11-21 10:00:00"), header=list_of)
    said = {"source": "STORE_ACCOUNT", "evidence": "the campaign service's export", "obtained": "2026-11-22"}

    def again() -> ImportReport:
        return taken(room.office, room.officer, file, source="transpond", said=said)

    done = again()
    assert done.of("news")["new"] == 1
    assert room.eligible() == {OTHER: him}
    assert again().of("news")["unchanged"] == 1
    merging = Merging(room.office.door, matrix(), clock=room.office.clock)
    merging.unmerge(sue, him, other)
    assert room.eligible() == {OTHER: other}, "what was said of his record goes with it"
