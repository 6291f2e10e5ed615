"""Who leaves a list by an address that is not the one he has now gets news at none of his addresses.

Seen to fail: with the list's own address stopped alone.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from staffdesk.data.customers.fields import Fields, Origin
from staffdesk.domain.access import Access, Role
from staffdesk.domain.policy import matrix
from staffdesk.domain.provenance import Source
from staffdesk.services.importing.report import ImportReport
from staffdesk.services.merging import Merging
from tests import factories
from tests.services.campaigns import Newsroom, newsroom, subscribed
from tests.services.lists import table, taken
from tests.services.offices import Office

OLD, NEW = "mette@old.example", "mette@new.example"
HEADER: Final = ("Email", "Transpond Status", "Opted in at")
SAID: Final = {"source": "STORE_ACCOUNT", "evidence": "the campaign service's export"}


@pytest.fixture
def room(office: Office, tmp_path: Path) -> Newsroom:
    return newsroom(office, tmp_path)


@pytest.fixture
def sue(room: Newsroom) -> Access:
    return room.front.staff("sue", Role.SUPPORT, "T-1182")


def _listed(room: Newsroom, folder: Path, email: str, status: str, day: str, opted_in: str = "") -> ImportReport:
    file = table(folder, (email, status, opted_in), header=HEADER)
    return taken(room.office, room.officer, file, source="transpond", said={**SAID, "obtained": day})


def _put_together(room: Newsroom, sue: Access, *, of_first: bool) -> tuple[int, int]:
    """Return two records of one person, who said yes by one of them."""
    name = {"given_name": "Mette", "family_name": "Lund", "phone": "+45 55 55 01 42", "country": "DK"}
    people = [factories.person(**name, email=email) for email in (NEW, OLD)]
    first, other = factories.put(room.database, *people)
    factories.put(room.database, subscribed(first if of_first else other))
    Merging(room.office.door, matrix(), clock=room.office.clock).merge(sue, first, other)
    assert room.eligible() == {NEW if of_first else OLD: first}, "to the address he said yes for"
    return first, other


@pytest.mark.parametrize("of_first", [True, False])
def test_who_leaves_by_the_address_of_a_record_that_was_put_together_leaves_by_both(
    of_first: bool, room: Newsroom, sue: Access, tmp_path: Path
) -> None:
    first, _ = _put_together(room, sue, of_first=of_first)
    assert _listed(room, tmp_path, OLD, "UNSUBSCRIBED", "2026-11-20").of("news")["changed"] == 1
    assert room.eligible() == {}
    assert _listed(room, tmp_path, OLD, "UNSUBSCRIBED", "2026-11-20").of("news")["changed"] == 0
    _listed(room, tmp_path, NEW, "ACTIVE", "2026-11-22", "2026-11-21 10:00:00")
    assert room.eligible() == {NEW: first}, "his own later opt-in undoes it"
    _listed(room, tmp_path, OLD, "UNSUBSCRIBED", "2026-11-23")
    assert room.eligible() == {NEW: first}, "that the old address was left before is nothing new"


def test_an_old_address_that_mail_does_not_reach_stops_none_that_it_does(
    room: Newsroom, sue: Access, tmp_path: Path
) -> None:
    first, _ = _put_together(room, sue, of_first=True)
    _listed(room, tmp_path, OLD, "BOUNCED", "2026-11-20")
    assert room.eligible() == {NEW: first}


@pytest.mark.parametrize("known_by", ["an import", "an export"])
def test_who_leaves_by_the_address_he_was_written_to_before_it_was_set_right_leaves_by_the_new_one(
    known_by: str, room: Newsroom, tmp_path: Path
) -> None:
    if known_by == "an import":
        _listed(room, tmp_path, OLD, "ACTIVE", "2026-11-10", "2026-11-01 10:00:00")
    else:
        room.subscriber(OLD)
        room.campaign.export(room.officer)
    (person,) = room.eligible().values()
    _set_right(room, person)
    assert room.eligible() == {NEW: person}
    _listed(room, tmp_path, OLD, "UNSUBSCRIBED", "2026-11-20")
    assert room.eligible() == {}


def _set_right(room: Newsroom, person: int) -> None:
    """Change his address as a correction does."""
    origin = Origin(source=Source.EMAIL_IN.value, obtained_on=factories.DAY)
    with factories.writing(room.database) as pen:
        fields = Fields(pen._tx)
        row = fields.row("person", person)
        assert row is not None
        before = fields.key_before("person", row, "email")
        assert fields.change(fields.checked("person", row, "email", NEW), "email", row["email"]) == 1
        assert fields.put_status("person", person, "email", origin, {**origin.values(), **before}) == 1
