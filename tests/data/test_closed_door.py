"""While no access is open no customer's value comes out of the desk's connection, however it is asked for.

On PostgreSQL the same is row security's work, which comes with a later step: there the closed door is kept by the kinds
of transaction and the import rules alone, so these attacks are made on the encrypted file.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlcipher3 import dbapi2

from staffdesk.data.customers.search import Search
from staffdesk.data.database import Database
from staffdesk.data.log import Event, Log, Opened
from staffdesk.data.ticket import Ticket
from staffdesk.data.transaction import Transaction
from staffdesk.domain.access import Act
from staffdesk.domain.errors import LogUnavailable, StorageUnavailable
from tests import databases, factories
from tests.databases import Place

pytestmark = pytest.mark.xdist_group("closed door")

VALUE = "anders@nordlys.example"
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
        assert Search(tx).by_words(["anders"], names=True, companies=True)
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


DIRECT = (
    "SELECT email FROM person",
    "SELECT * FROM person",
    "SELECT PERSON.EMAIL FROM Person",
    "SELECT p.email AS country FROM person AS p",
    "SELECT * FROM (SELECT email FROM person)",
    "SELECT (SELECT email FROM person)",
    "SELECT (SELECT email) FROM person",
    "WITH x AS (SELECT email FROM person) SELECT * FROM x",
    "WITH x AS MATERIALIZED (SELECT email AS id FROM person) SELECT id FROM x",
    "WITH RECURSIVE x(v) AS (SELECT email FROM person UNION SELECT v FROM x) SELECT v FROM x",
    "VALUES ((SELECT email FROM person))",
    "SELECT id FROM person UNION SELECT email FROM person",
    "SELECT json_group_array(email) FROM person",
    "EXPLAIN SELECT email FROM person",
    "SELECT name FROM organisation",
    "SELECT words FROM person",
    "SELECT sort_name FROM person",
    "SELECT email_normal FROM person",
    "SELECT mac, ip FROM activation",
    "SELECT serial FROM licence",
    "SELECT value FROM opening",
)
SIDE_CHANNELS = (
    "SELECT id FROM person WHERE email LIKE 'a%'",
    "SELECT EXISTS (SELECT 1 FROM person WHERE email = 'x')",
    "SELECT id FROM person ORDER BY email",
    "SELECT count(*) FROM person GROUP BY family_name",
    "SELECT id FROM person WHERE (email, id) > ('a', 0)",
    "SELECT row_number() OVER (ORDER BY email) FROM person",
    "SELECT min(id) FILTER (WHERE email > 'a') FROM person",
    "SELECT id FROM person LIMIT (SELECT length(email) FROM person)",
    "SELECT a.id FROM person AS a JOIN person AS b ON a.email = b.email",
    "DELETE FROM opening WHERE value LIKE 'a%'",
)
SHARED_COLUMNS = (
    "SELECT email FROM person FULL JOIN (SELECT 'x' AS email) AS g USING (email)",
    "SELECT email FROM person NATURAL FULL JOIN (SELECT 'x' AS email) AS g",
    "SELECT value FROM opening FULL JOIN (SELECT 'x' AS value) AS g USING (value)",
    f"SELECT person.id FROM person JOIN (SELECT '{VALUE}' AS email) AS g USING (email)",
    "SELECT count(*) FROM person NATURAL JOIN shipment",
    "INSERT INTO counter SELECT email, 1, 1 FROM person FULL JOIN (SELECT 'x' AS email) USING (email)",
)
WRITES = (
    "INSERT INTO throttle (key, failures, retry_at) SELECT email, 0, 0 FROM person",
    "INSERT INTO entry_subject (seq, aid) SELECT (SELECT seq FROM head), email FROM person",
    "INSERT INTO opening (seq, field, kind, salt, value) SELECT 1, 'a', 'value', x'00', email FROM person",
    "INSERT INTO opening (seq, field, kind, salt, value) VALUES (1, 'a', 'value', x'00', 'v') RETURNING value",
    "INSERT INTO throttle VALUES ('a', 0, 0) ON CONFLICT (key) DO UPDATE SET key = (SELECT email FROM person)",
    "UPDATE counter SET name = name RETURNING (SELECT email FROM person)",
    "UPDATE person SET country = 'X' RETURNING email",
    "UPDATE person SET country = 'X'",
    "DELETE FROM person",
    "INSERT INTO person (id) VALUES (1)",
    "REPLACE INTO person (id) VALUES (1)",
    "UPDATE desk_subject_person SET aid = 'x'",
)
WORD_INDEX = (
    "SELECT rowid FROM person_words WHERE person_words MATCH 'anders'",
    "SELECT count(*) FROM person_words('anders*')",
    "SELECT count(*) FROM PERSON_WORDS('anders*')",
    "SELECT 1 FROM \"Person_Words\"('anders*')",
    "SELECT words FROM person_words",
    "SELECT count(*) FROM Person_Words",
    "SELECT block FROM person_words_data",
    "SELECT count(*) FROM PERSON_WORDS_DATA",
    "SELECT * FROM person_words_idx",
    "SELECT * FROM organisation_words_data",
    "INSERT INTO person_words (rowid, words) VALUES (-1, 'a')",
    "INSERT INTO person_words (person_words, rank) VALUES ('merge', 1)",
)
SCHEMA = (
    "CREATE TABLE leak AS SELECT email FROM person",
    "CREATE TEMP TABLE leak AS SELECT email FROM person",
    "CREATE VIEW leak AS SELECT email FROM person",
    "CREATE TEMP VIEW leak AS SELECT email FROM person",
    "CREATE TRIGGER leak AFTER UPDATE ON head BEGIN INSERT INTO throttle SELECT email, 0, 0 FROM person; END",
    "CREATE TEMP TRIGGER leak AFTER UPDATE ON head BEGIN SELECT email FROM person; END",
    "CREATE VIRTUAL TABLE leak USING fts5vocab('person_words', 'row')",
    "CREATE INDEX leak ON person (email)",
    "DROP TRIGGER entry_stays",
    "DROP VIEW desk_subject_person",
    "ALTER TABLE person RENAME COLUMN email TO country2",
    "ATTACH DATABASE ':memory:' AS other",
    "DETACH DATABASE main",
    "PRAGMA key",
    "PRAGMA table_info(person)",
    "PRAGMA writable_schema = ON",
    "PRAGMA trusted_schema = ON",
    "SELECT * FROM pragma_table_info('person')",
    "SAVEPOINT a",
    "ANALYZE",
    "REINDEX",
    "VACUUM",
    "SELECT load_extension('x')",
    "SELECT sqlcipher_export('temp')",
    "SELECT sqlcipher_export('main', 'main')",
)


@pytest.mark.parametrize("attack", [*DIRECT, *SIDE_CHANNELS, *SHARED_COLUMNS, *WRITES, *WORD_INDEX, *SCHEMA])
def test_an_attack_on_the_closed_door_is_refused(attack: str, desk: Database) -> None:
    with pytest.raises(LogUnavailable) as caught, desk.append() as tx:
        tx.rows(sa.text(attack))
    assert caught.value.sentence == "Nothing was shown: the event could not be written."
    assert_closed(desk)


@pytest.mark.parametrize("attack", SHARED_COLUMNS)
def test_a_column_is_not_shared_out_at_the_open_door_either(attack: str, desk: Database) -> None:
    with pytest.raises(StorageUnavailable), desk.read(ticket_of(desk)) as tx:
        tx.rows(sa.text(attack))


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
    subject = ("record_id", "person_id", "organisation_id", "aid", "relation_keys", "country")
    reference = ("number", "record_id", "aid", "person_id", "organisation_id", "made_by", "origin", "at", "is_open")
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
        with pytest.raises(LogUnavailable), desk.append() as second:
            second.rows(EMAILS)
        assert tx.rows(EMAILS) == [(VALUE,)]
    assert_closed(desk)
