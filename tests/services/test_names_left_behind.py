"""Who was erased is in no name and no reason that staff gave to a thing of the desk's own.

Seen to fail: a claim's name, a filter's and the reason of a setting kept his address, so that no sweep ended clean; and
a name with an address in it was taken.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from staffdesk.data.database import Database
from staffdesk.domain.access import Purpose, Role
from staffdesk.domain.errors import MustNotBeHeld
from staffdesk.domain.names_of_things import refuse_addresses
from staffdesk.services.claim_holds import ClaimHolds
from staffdesk.services.erasure.due import finish
from staffdesk.services.log_filters import LogFilters
from staffdesk.services.sessions import day_in_brussels
from tests.databases import Place
from tests.services.erasures import EMAIL, NOW, TODAY, erased, planned, rows, somebody, storage_of
from tests.services.front import Front
from tests.services.offices import Office


def test_no_name_and_no_reason_keeps_him(office: Office, database: Database, place: Place, tmp_path: Path) -> None:
    staff = office.hire("ines", Role.SUPPORT)
    him = somebody(database, staff)
    hold = "record_table, record_id, ground, law, until, reference, made_at, ended_at"
    with place.owner() as owner:
        owner.exec_driver_sql(
            f"INSERT INTO hold ({hold}) VALUES ('person', {him.person}, 'claim', 'x', '2027-01-01', '{EMAIL} 1', 1, 2)"
        )
        for name in (EMAIL, EMAIL.upper(), "mine"):
            owner.exec_driver_sql(f"INSERT INTO saved_filter VALUES ('{staff}', '{name}', 'act:customer.opened')")
        owner.exec_driver_sql(
            "INSERT INTO local_setting (name, set_at, set_by, reason)"
            f" VALUES ('front_of_card', 1, '{staff}', 'Because {EMAIL} complained')"
        )
        owner.commit()
    storage = storage_of(place, database, tmp_path)
    erased(storage, planned(database, him.person, request=him.request), him.request)
    assert finish(storage, "2024-10", TODAY, NOW).open == 0
    assert rows(place, "SELECT reference FROM hold WHERE ended_at = 2") == [("(erased) 1",)]
    assert sorted(rows(place, "SELECT name FROM saved_filter")) == [("(erased)",), ("(erased) 2",), ("mine",)]
    assert rows(place, "SELECT reason FROM local_setting") == [("Because (erased) complained",)]


@pytest.mark.parametrize(
    "name",
    [
        EMAIL,
        "x@vergissmeinnicht",
        "Anna, +32 470 55 51 42",
        "Anna 0470/55.51.42",
        "0032470555142",
        "Anna (02) 555 12 34",
    ],
)
def test_a_name_with_an_address_in_it_is_not_taken(name: str) -> None:
    with pytest.raises(MustNotBeHeld, match="outlives"):
        refuse_addresses(name)


@pytest.mark.parametrize("name", ["Brussels court 26/1412", "C-2026-0099", "2026/AR/00012345", "night looks @ 22:00"])
def test_a_reference_is(name: str) -> None:
    refuse_addresses(name)


def test_a_claim_and_a_filter_are_named_so(office: Office) -> None:
    front = Front(office)
    pia = replace(front.staff("pia", Role.PRIVACY), purpose=Purpose.RIGHTS)
    with pytest.raises(MustNotBeHeld, match="outlives"):
        ClaimHolds(office.door, clock=office.clock).set(
            pia, 1, claim=EMAIL, reason="He sues us for his studio.", until=day_in_brussels(office.clock())
        )
    with pytest.raises(MustNotBeHeld, match="outlives") as refused:
        LogFilters(office.door).save(front.staff("adm", Role.ADMIN), EMAIL[:40], "act:customer.opened")
    assert "court" not in refused.value.hint, "a filter is no claim"
