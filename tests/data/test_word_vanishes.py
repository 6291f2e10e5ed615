"""A word that no row holds any more is nowhere in the file's bytes: no page, no index, no journal has it.

The words' trigrams are kept besides. Seen to fail: without the merge after the dummy row, without the checkpoint's
TRUNCATE, with ``secure_delete`` off, with the trigrams not built anew, on a server without INDEX_CLEANUP; and with
what stands beside the file while it is written anew put there by a sort, which has no cipher.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Final

import pytest
import sqlalchemy as sa

from staffdesk.data import maintenance, vacuuming
from staffdesk.data.database import Database
from staffdesk.data.tables.people import Person
from staffdesk.domain.errors import StorageUnavailable
from staffdesk.parameters.shapes import TrigramSizes
from tests import databases, factories
from tests.data.deciphering import plain_bytes
from tests.databases import KEY, Place

GIVEN, FAMILY, MAIL = "Xylorimba", "Quetzalbrot", "zwiebelfisch@vergissmeinnicht.example"
OPEN_FILES: Final = Path("/proc/self/fd")
MARKERS = ("xylorimba", "quetzalbrot", "zwiebelfisch", "vergissmeinnicht")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return databases.fresh_sqlite(tmp_path)


def hits(place: Place) -> dict[str, int]:
    assert place.path is not None
    held = plain_bytes(place.path, KEY).lower()
    return {marker: held.count(marker.encode()) for marker in MARKERS}


def fill(database: Database, *, people: int, marked_at: int) -> int:
    """Write invented people, one of them marked, many at a time so that pages split; return the marked one's number.

    All are at companies: their words stand with these besides.
    """
    marked = 0
    houses = factories.put(database, *(factories.organisation(f"House{n}") for n in range(7)))
    for first in range(0, people, 500):
        crowd = [
            factories.person(given_name=f"Given{n}", family_name=f"Family{n}", organisation_id=houses[n % len(houses)])
            for n in range(500)
        ]
        with factories.writing(database) as pen:
            pen.add(crowd)
            if first <= marked_at < first + 500:
                (marked,) = pen.add(
                    [factories.person(given_name=GIVEN, family_name=FAMILY, email=MAIL, organisation_id=houses[3])]
                )
    return marked


def edit(database: Database, number: int) -> None:
    with factories.writing(database) as pen:
        assert pen.replace(factories.person(id=number, given_name="Anna", family_name="Bo", email="a@b.example")) == 1


def erase(database: Database, number: int) -> None:
    with factories.writing(database) as pen:
        assert pen.remove(Person, "id", number) == 1


@pytest.mark.parametrize("vanish", [erase, edit])
@pytest.mark.parametrize(("people", "marked_at"), [(500, 0), (3000, 700), (3000, 2900)])
def test_a_word_vanishes_from_the_files_bytes(vanish: object, people: int, marked_at: int, place: Place) -> None:
    assert place.path is not None
    database = place.open()
    marked = fill(database, people=people, marked_at=marked_at)
    assert maintenance.fit_trigrams_sqlite(place.path, KEY, TrigramSizes(1, 1)).by_trigrams
    assert all(hits(place).values()), "the test does not see what is there"
    vanish(database, marked)  # type: ignore[operator] # one of the two above
    fill(database, people=500, marked_at=-1)
    maintenance.forget_words(place.path, KEY)
    assert hits(place) == dict.fromkeys(MARKERS, 0)
    assert place.path.with_name("desk.db-wal").stat().st_size == 0
    database.close()


def test_after_the_forgetting_everybody_else_is_still_found(place: Place) -> None:
    assert place.path is not None
    database = place.open()
    marked = fill(database, people=500, marked_at=0)
    erase(database, marked)
    maintenance.forget_words(place.path, KEY)
    with place.owner() as owner:
        for index in ("person_words", "organisation_words"):
            owner.exec_driver_sql(f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)")
        found = owner.exec_driver_sql("SELECT count(*) FROM person_words('\"given7\"*')").scalar()
        assert found == 11
        assert owner.exec_driver_sql("SELECT count(*) FROM person_words('zzzz')").scalar() == 0
        assert owner.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    database.close()


def test_a_reader_who_still_sees_the_old_state_is_told_of_not_passed_over(place: Place) -> None:
    """His snapshot keeps the journal, and the word in it."""
    assert place.path is not None
    database = place.open()
    marked = fill(database, people=500, marked_at=0)
    with place.owner() as reader:
        reader.exec_driver_sql("BEGIN")
        reader.exec_driver_sql("SELECT count(*) FROM person").all()
        erase(database, marked)
        with pytest.raises(StorageUnavailable):
            maintenance.forget_words(place.path, KEY, patience=0.5)
        reader.exec_driver_sql("ROLLBACK")
    maintenance.forget_words(place.path, KEY)
    assert hits(place) == dict.fromkeys(MARKERS, 0)
    database.close()


@pytest.mark.parametrize(
    ("table", "columns"),
    [("person_vocabulary", ""), ("person_words", ", n, NULL, NULL, current_date, concat('word', n)")],
)
def test_on_a_server_no_index_leads_to_the_few_rows_that_went(table: str, columns: str) -> None:
    """Where they are few among many a server leaves their entries, and words in them, for later."""
    entries = sa.text(
        f"SELECT count(*) FROM generate_series(1, pg_relation_size('{table}_pkey') / 8192 - 1) AS page,"
        f" bt_page_items('{table}_pkey', page) WHERE replace(data, ' ', '') LIKE '%' || :word || '%'"
    ).bindparams(word=b"word12345".hex())
    with databases.fresh_postgres() as place, place.owner() as owner:
        assert place.url is not None
        owner.exec_driver_sql("CREATE EXTENSION pageinspect")
        owner.exec_driver_sql(f"INSERT INTO {table} SELECT concat('word', n){columns} FROM generate_series(1, 30000) n")
        owner.exec_driver_sql(f"VACUUM {table}")
        owner.exec_driver_sql(f"DELETE FROM {table} WHERE word = 'word12345'")
        assert owner.execute(entries).scalar() == 1
        vacuuming.vacuum_postgres(place.url)
        assert owner.execute(entries).scalar() == 0


def test_on_a_server_no_inner_page_of_an_index_keeps_what_went_once_its_table_is_written_anew() -> None:
    """An index finds its way by values it has copied from its entries, and keeps them when these go."""
    pages = "generate_series(1, pg_relation_size('person_vocabulary_pkey') / 8192 - 1) AS page"
    kept = f"SELECT count(*) FROM {pages}, bt_page_items('person_vocabulary_pkey', page) WHERE data = :value"
    inner = (
        f"SELECT max(data) FROM {pages}, bt_page_items('person_vocabulary_pkey', page),"
        " bt_page_stats('person_vocabulary_pkey', page) WHERE type IN ('i', 'r') AND data <> ''"
    )
    with databases.fresh_postgres() as place, place.owner() as owner:
        assert place.url is not None
        owner.exec_driver_sql("CREATE EXTENSION pageinspect")
        owner.exec_driver_sql("INSERT INTO person_vocabulary SELECT concat('word', n) FROM generate_series(1, 30000) n")
        value = owner.exec_driver_sql(inner).scalar()
        word = bytes.fromhex(str(value)).strip(b"\0")[1:].decode()
        deleted = owner.execute(sa.text("DELETE FROM person_vocabulary WHERE word = :word"), {"word": word})
        assert deleted.rowcount == 1
        vacuuming.vacuum_postgres(place.url)
        assert owner.execute(sa.text(kept), {"value": value}).scalar() != 0
        owner.exec_driver_sql("CREATE INDEX word_ccnew ON person_vocabulary (word)")
        owner.exec_driver_sql("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'word_ccnew'::regclass")
        vacuuming.write_anew_postgres(place.url)
        assert owner.execute(sa.text(kept), {"value": value}).scalar() == 0
        left = owner.exec_driver_sql("SELECT count(*) FROM pg_class WHERE relname = 'word_ccnew'")
        assert left.scalar() == 0, "the server passes over what was broken off"


@pytest.mark.skipif(not OPEN_FILES.exists(), reason="this system does not show what files a process has open")
def test_the_copy_that_is_written_beside_the_file_holds_no_readable_word(place: Place) -> None:
    assert place.path is not None
    with maintenance.sqlite_owner(place.path, KEY) as connection:
        connection.exec_driver_sql("CREATE TABLE much (words TEXT)")
        connection.exec_driver_sql(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40000)"
            f" INSERT INTO much SELECT i || ' {GIVEN} {FAMILY} {MAIL}' FROM n"
        )
    with ThreadPoolExecutor(1) as another:
        rewriting = another.submit(maintenance.compact, place.path, KEY)
        beside: dict[str, bytes] = {}
        while not rewriting.done():
            beside |= written_beside(place.path)
        rewriting.result()
    assert max(map(len, beside.values()), default=0) > 1_000_000, "it was seen while it was written"
    read = b"".join(beside.values()).lower()
    assert {marker: read.count(marker.encode()) for marker in MARKERS} == dict.fromkeys(MARKERS, 0)


def written_beside(path: Path) -> dict[str, bytes]:
    """Return the bytes, by name, of what this process has open in the database's folder beside the database itself."""
    found: dict[str, bytes] = {}
    for each in OPEN_FILES.iterdir():
        with suppress(OSError):  # it was closed meanwhile
            name = each.readlink()
            if name.parent == path.parent and not name.name.startswith(path.name):
                found[str(name)] = each.read_bytes()
    return found
