"""Logged before shown: no customer datum leaves the gateway before the entry that records it is committed.

Seen to fail: with ``Door.look`` reading before ``_enter``, with the third step (listed) left out, and with nothing that
ends the wait for a server that stopped.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

import pytest
import sqlalchemy as sa

from staffdesk.audit.entry import Core
from staffdesk.data.customers.reading import Reading
from staffdesk.data.database import Database
from staffdesk.domain.access import Access, Act, Purpose, RecordKind, Role
from staffdesk.domain.errors import LogUnavailable, StaffdeskError, StorageUnavailable
from staffdesk.domain.policy import matrix
from staffdesk.parameters.shapes import sessions
from staffdesk.services.gateway import Gateway
from tests import databases, factories
from tests.data.lock_holder import another_desk_holds_the_lock
from tests.data.stopped_backend import stopping
from tests.databases import Place
from tests.services.offices import Office, entries


def gateway_of(office: Office) -> Gateway:
    return Gateway(office.door, matrix(), sessions())


def access_of(office: Office, role: Role = Role.SUPPORT, purpose: Purpose = Purpose.SUPPORT) -> Access:
    office.hire("ana", role)
    return Access(session=office.come_in("ana").sid, purpose=purpose, reference="T-1182", host="desk 1")


LOOKS: dict[str, tuple[Callable[[Gateway, Access, int], object], str]] = {
    "search": (lambda gateway, access, _: gateway.search(access, "anders"), Act.CUSTOMER_LISTED),
    "open": (lambda gateway, access, n: gateway.open(access, RecordKind.PERSON, n), Act.CUSTOMER_OPENED),
    "reveal": (lambda gateway, access, n: gateway.reveal(access, f"person:{n}:phone"), Act.CUSTOMER_REVEALED),
    "copy": (lambda gateway, access, n: gateway.copy(access, f"person:{n}:phone"), Act.CUSTOMER_COPIED),
    "history": (lambda gateway, access, n: gateway.history(access, n), Act.CUSTOMER_HISTORY),
}


@pytest.mark.parametrize("look", LOOKS)
def test_what_is_returned_stands_in_the_log_already(
    look: str, office: Office, database: Database, place: Place
) -> None:
    number = factories.customer(database).person
    access = access_of(office)
    ask, act = LOOKS[look]
    ask(gateway_of(office), access, number)
    last = entries(place)[-1]
    assert (last.act, last.out) == (act, "ok")


@pytest.mark.parametrize("look", LOOKS)
def test_no_customer_is_read_before_the_entry_is_committed(
    look: str, office: Office, database: Database, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = factories.customer(database).person
    access = access_of(office)
    before = len(entries(place))
    seen: list[Core] = []
    really = Database.read

    def read(self: Database, *arguments: object, **options: object) -> object:
        seen.extend(entries(place)[before:])
        return really(self, *arguments, **options)  # type: ignore[arg-type] # passed through as they came

    monkeypatch.setattr(Database, "read", read)
    ask, act = LOOKS[look]
    ask(gateway_of(office), access, number)
    wanted = Act.CUSTOMER_SEARCH if look == "search" else act
    assert [core.act for core in seen] == [wanted]


@pytest.mark.parametrize(("look", "nth"), [*((look, 1) for look in LOOKS), ("search", 2)])
def test_where_the_entry_cannot_be_written_nothing_is_shown(
    look: str, nth: int, office: Office, database: Database, place: Place
) -> None:
    number = factories.customer(database).person
    access = access_of(office)
    ask, _ = LOOKS[look]
    with place.owner() as owner:
        _refuse_inserts(owner.exec_driver_sql, place, after=nth - 1)
    with pytest.raises(LogUnavailable) as caught:
        ask(gateway_of(office), access, number)
    assert "Nothing was shown" in caught.value.sentence


def test_a_lock_held_by_another_process_for_three_seconds_is_refused_within_two(
    office: Office, database: Database, place: Place
) -> None:
    number = factories.customer(database).person
    access = access_of(office)
    with another_desk_holds_the_lock(place):
        began = time.monotonic()
        with pytest.raises(LogUnavailable, match="Nothing was shown"):
            gateway_of(office).open(access, RecordKind.PERSON, number)
        assert time.monotonic() - began < 2.5
    gateway_of(office).open(access, RecordKind.PERSON, number)


def test_a_server_that_stops_in_the_middle_of_a_look_is_refused_within_two_seconds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    really = Reading.person
    with databases.fresh_postgres() as server:
        database = server.open()
        office = Office(database)
        number = factories.customer(database).person
        access = access_of(office)
        with database.append() as tx:
            (pid,) = tx.rows(sa.text("SELECT pg_backend_pid()"))[0]
        with stopping(pid) as stop, monkeypatch.context() as patch:
            patch.setattr(Reading, "person", lambda *asked: (stop(), really(*asked))[1])
            began = time.monotonic()
            with pytest.raises(StorageUnavailable, match="Nothing was shown"):
                gateway_of(office).open(access, RecordKind.PERSON, number)
            assert time.monotonic() - began < 2.5
            patch.undo()
            gateway_of(office).open(access, RecordKind.PERSON, number)
        assert [core.out for core in entries(server)[-3:]] == ["ok", "failed", "ok"]
        database.close()


def test_a_failure_after_the_entry_is_in_the_log_too(
    office: Office, database: Database, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = factories.customer(database).person
    access = access_of(office)

    def fail(*_: object, **__: object) -> object:
        raise StaffdeskError("The disk is gone.")

    monkeypatch.setattr("staffdesk.services.gateway.Reading.person", fail)
    with suppress(StaffdeskError):
        gateway_of(office).open(access, RecordKind.PERSON, number)
    assert [(core.act, core.out) for core in entries(place)[-2:]] == [
        (Act.CUSTOMER_OPENED, "ok"),
        (Act.CUSTOMER_OPENED, "failed"),
    ]


def _refuse_inserts(run: Callable[[str], object], place: Place, *, after: int) -> None:
    """Let the database refuse every entry but the next ``after``, as a full disk or a broken trigger would."""
    limit = f"(SELECT seq FROM head) > {len(entries(place)) + after}"
    if place.url is None:
        run(f"CREATE TRIGGER broken BEFORE INSERT ON entry WHEN {limit} BEGIN SELECT RAISE(ABORT, 'broken'); END")
        return
    run(
        "CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {limit} THEN RAISE EXCEPTION 'broken'; END IF; RETURN NEW; END $$"
    )
    run("CREATE TRIGGER broken BEFORE INSERT ON entry FOR EACH ROW EXECUTE FUNCTION broken()")
