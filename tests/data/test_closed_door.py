"""While no access is open no customer's value comes out of the desk's connection, however it is asked for.

On PostgreSQL the same is row security's work, which comes with a later step: there the closed door is kept by the kinds
of transaction and the import rules alone, so these attacks are made on the encrypted file.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Final

import pytest
import sqlalchemy as sa
from sqlcipher3 import dbapi2

from staffdesk.data import register
from staffdesk.data.customers.search import Search
from staffdesk.data.database import Database
from staffdesk.data.deadline import Deadline
from staffdesk.data.log import Event, Log, Opened
from staffdesk.data.sqlite_door import DoorState
from staffdesk.data.ticket import Ticket
from staffdesk.data.transaction import Transaction
from staffdesk.domain.access import Act
from staffdesk.domain.errors import LogUnavailable, StorageUnavailable
from tests import databases, factories
from tests.data.attacks import DIRECT, SCHEMA, SHARED_COLUMNS, SIDE_CHANNELS, VALUE, WORD_INDEX, WRITES
from tests.databases import Place

EMAILS = sa.text("SELECT email FROM person")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return databases.fresh_sqlite(tmp_path_factory.mktemp("closed"))


@pytest.fixture(scope="module")
def desk(place: Place) -> Iterator[Database]:
    """One desk for all attacks, since none may do anything; its full-text table is loaded by a search before."""
    opened = place.open()
    factories.customer(opened)
    with opened.read(ticket_of(opened)) as tx:
        assert Search(tx, 20).by_words(["anders"], names=True, companies=True)
    yield opened
    opened.close()


def ticket_of(desk: Database) -> Ticket:
    with desk.append() as tx:
        return Log(tx, "2024-10").append(Event(act=Act.CUSTOMER_SEARCH, openings=(Opened("term", VALUE),)))


def driver_of(tx: Transaction) -> dbapi2.Connection:
    return tx._connection.connection.driver_connection


def assert_closed(desk: Database) -> None:
    with pytest.raises(LogUnavailable), desk.append() as tx:
        tx.rows(EMAILS)


@pytest.mark.parametrize("attack", [*DIRECT, *SIDE_CHANNELS, *SHARED_COLUMNS, *WRITES, *WORD_INDEX, *SCHEMA])
def test_an_attack_on_the_closed_door_is_refused(attack: str, desk: Database) -> None:
    with pytest.raises(LogUnavailable) as caught, desk.append() as tx:
        tx.rows(sa.text(attack))
    assert caught.value.sentence == "Nothing was shown: the event could not be written."
    assert_closed(desk)


_ONE_THAT_HAS_JUST_STARTED: Final = """
import json, sys
from pathlib import Path
from sqlcipher3 import dbapi2
from staffdesk.data import sqlite
assert not {"staffdesk.data.tables.people", "staffdesk.data.tables.sales"} & set(sys.modules)
path, key, attacks = json.load(sys.stdin)
door = sqlite.connect(Path(path), key)
door.guard()
for attack in attacks:
    try:
        door.execute(attack)
    except dbapi2.DatabaseError:
        continue
    print(attack)
"""


def test_a_process_that_has_read_in_no_table_yet_refuses_every_column_and_every_write(place: Place) -> None:
    reads = [f'SELECT "{column}" FROM "{table}"' for table, column in sorted(register.customer_columns())]
    writes = [f'DELETE FROM "{table}"' for table in sorted(register.customer_tables())]
    for first in (reads + writes, writes + reads):
        done = subprocess.run(
            [sys.executable, "-c", _ONE_THAT_HAS_JUST_STARTED],
            input=json.dumps([str(place.path), databases.KEY, first]), capture_output=True, text=True, check=True,
            timeout=60,
        )  # fmt: skip
        assert done.stdout == ""


@pytest.mark.parametrize("attack", SHARED_COLUMNS)
def test_a_column_is_not_shared_out_at_the_open_door_either(attack: str, desk: Database) -> None:
    with pytest.raises(StorageUnavailable), desk.read(ticket_of(desk)) as tx:
        tx.rows(sa.text(attack))


@pytest.mark.parametrize("attack", [*WRITES, *SCHEMA, *(each for each in WORD_INDEX if "INSERT" in each)])
def test_a_read_opens_the_door_for_reading_alone(attack: str, desk: Database) -> None:
    with pytest.raises(StorageUnavailable), desk.read(ticket_of(desk)) as tx:
        tx.rows(sa.text(attack))
    with desk.read(ticket_of(desk)) as tx:
        assert tx.rows(EMAILS) == [(VALUE,)]


def test_a_write_prepared_while_a_change_was_under_way_is_refused_in_a_read(desk: Database) -> None:
    write = "UPDATE person SET country = 'NO'"
    with desk.change(ticket_of(desk)) as tx:
        cursor = driver_of(tx).cursor()
        cursor.execute(write)
    with desk.read(ticket_of(desk)), pytest.raises(dbapi2.DatabaseError, match="not authorized"):
        cursor.execute(write)


@pytest.mark.parametrize("words", [["anders"], ["and"], ["nordlys"]])
def test_a_desk_just_opened_finds_words_in_its_first_read(words: list[str], place: Place, desk: Database) -> None:
    ticket = ticket_of(desk)
    fresh = place.open()
    with fresh.read(ticket) as tx:
        assert Search(tx, 20).by_words(words, names=True, companies=True)
    fresh.close()


@pytest.mark.usefixtures("desk")
def test_statistics_hold_copies_of_values_and_are_refused(place: Place) -> None:
    with place.owner() as owner:
        owner.exec_driver_sql("ANALYZE")
        samples = owner.exec_driver_sql("SELECT sample FROM sqlite_stat4").all()
    assert any(VALUE.encode() in bytes(row[0]) for row in samples)
    fresh = place.open()
    with pytest.raises(LogUnavailable), fresh.append() as tx:
        tx.rows(sa.text("SELECT sample FROM SQLITE_STAT4"))
    fresh.close()
    with place.owner() as owner:
        owner.exec_driver_sql("DROP TABLE sqlite_stat4")


def test_keys_audit_ids_and_digests_can_be_read_while_the_door_is_closed(desk: Database) -> None:
    with desk.append() as tx:
        assert tx.rows(sa.text("SELECT id, aid, relation_keys FROM person"))
        assert tx.rows(sa.text("SELECT seq, core FROM entry"))


def test_the_views_for_the_log_show_keys_ids_dates_and_digests_and_nothing_else(desk: Database) -> None:
    columns: dict[str, tuple[str, ...]] = {}
    values: list[str] = []
    with desk.append() as tx:
        names = [row[0] for row in tx.rows(sa.text("SELECT name FROM sqlite_master WHERE type = 'view'"))]
        for name in names:
            rows = tx.rows(sa.text(f"SELECT * FROM {name}"))
            if rows:
                columns[name] = tuple(rows[0]._fields)
            values += [str(value) for row in rows for value in row]
    whose = ("record_id", "person_id", "organisation_id", "aid", "relation_keys", "country")
    subject = (*whose, "organisation_aid", "organisation_country")
    made = ("number", "record_id", "aid", "person_id", "organisation_id", "made_by", "origin", "at", "is_open")
    reference = (*made, "imported_by")
    assert set(columns.values()) == {subject, reference}
    shown = " ".join(values).casefold()
    assert not [word for word in ("anders", "nordlys", "havnegade", "+45", "02:00:5e", "192.0.2") if word in shown]


def test_the_door_is_closed_again_after_a_read(desk: Database) -> None:
    with desk.read(ticket_of(desk)) as tx:
        assert tx.rows(EMAILS) == [(VALUE,)]
    assert_closed(desk)


def test_the_door_is_closed_again_after_a_change(desk: Database) -> None:
    with desk.change(ticket_of(desk)) as tx:
        assert tx.write(sa.text("UPDATE person SET country = 'NO'")) == 1
    assert_closed(desk)


@pytest.mark.parametrize("kind", ["read", "change"])
@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, OSError])
def test_the_door_is_closed_again_after_an_exception(kind: str, error: type[BaseException], desk: Database) -> None:
    expected = StorageUnavailable if error is OSError else error
    with pytest.raises(expected), getattr(desk, kind)(ticket_of(desk)) as tx:  # noqa: PT012 - the open block is the subject
        tx.rows(EMAILS)
        raise error
    assert_closed(desk)


def test_the_door_is_closed_again_after_an_error_at_begin(desk: Database) -> None:
    ticket = ticket_of(desk)
    with desk.append() as tx:
        driver = driver_of(tx)
    driver.execute("BEGIN")
    with pytest.raises(StorageUnavailable), desk.read(ticket) as tx:
        pytest.fail("a transaction cannot begin inside another one")
    assert_closed(desk)


def test_the_door_is_closed_again_after_an_error_at_commit_and_at_rollback(desk: Database) -> None:
    with pytest.raises(StorageUnavailable), desk.read(ticket_of(desk)) as tx:  # noqa: PT012 - as above
        tx.rows(EMAILS)
        driver_of(tx).execute("COMMIT")
    assert_closed(desk)


def test_a_statement_prepared_while_the_door_was_open_is_refused_afterwards(desk: Database) -> None:
    with desk.read(ticket_of(desk)) as tx:
        driver = driver_of(tx)
        cursor = driver.cursor()
        assert cursor.execute("SELECT email FROM person").fetchall() == [(VALUE,)]
    with pytest.raises(dbapi2.DatabaseError, match="prohibited"):
        cursor.execute("SELECT email FROM person")


def test_no_words_find_a_statement_again_that_was_made_while_the_door_was_open(desk: Database) -> None:
    with desk.read(ticket_of(desk)) as tx:
        assert driver_of(tx).execute("SELECT email FROM person").fetchall()
        assert driver_of(tx).cursor().execute("SELECT email FROM person").fetchall()
    for state in DoorState:
        with pytest.raises(LogUnavailable), desk.append() as tx2:
            driver_of(tx2).execute("SELECT email FROM person" + state.value)
    with pytest.raises(LogUnavailable), desk.append() as tx3:
        driver_of(tx3).executescript("SELECT email FROM person /*reading*/; SELECT 1")


def test_a_second_thread_gets_no_open_door(desk: Database) -> None:
    """There is one connection: another thread waits for it, and finds the door closed when it comes."""
    found: list[object] = []

    def look() -> None:
        try:
            with desk.append() as tx:
                found.append(tx.rows(EMAILS))
        except LogUnavailable as error:
            found.append(error)

    thread = threading.Thread(target=look)
    with desk.read(ticket_of(desk)) as tx:
        tx.rows(EMAILS)
        thread.start()
        thread.join(0.2)
        assert thread.is_alive()
    thread.join(5)
    assert [type(each) for each in found] == [LogUnavailable]


def test_inside_an_open_door_no_second_transaction_begins(desk: Database) -> None:
    with desk.read(ticket_of(desk)) as tx:
        with pytest.raises(LogUnavailable), desk.append(Deadline(0.2)) as second:
            second.rows(EMAILS)
        assert tx.rows(EMAILS) == [(VALUE,)]
    assert_closed(desk)
