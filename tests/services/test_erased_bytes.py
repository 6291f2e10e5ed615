"""What an erasure leaves in bytes that no row has any more: they go at once, or by a day that is told.

Seen to fail: without the announcement, without the file written anew, with a server's indexes left as they are, and
with every match in the bytes believed. On a server: with what is kept for a reader called done, with what the planner
knows left as it is, with nothing taken out after texts about others were rewritten, and with its tables not written
anew.
"""

from __future__ import annotations

import datetime as dt

import pytest

from staffdesk.data import maintenance
from staffdesk.data.file_bytes import pieces
from staffdesk.domain.erasure import Destroyed
from staffdesk.domain.errors import StorageUnavailable
from staffdesk.domain.holds import rules
from staffdesk.services.erasure.certificate import certificate
from staffdesk.services.erasure.due import finish
from staffdesk.services.erasure.storage import Storage
from tests import factories
from tests.databases import Place
from tests.services.erasures import (
    EMAIL,
    NOW,
    TODAY,
    Somebody,
    erased,
    planned,
    rows,
)


def test_a_server_writes_its_tables_and_indexes_anew_within_the_days_that_the_certificate_tells(
    place: Place, him: Somebody, storage: Storage
) -> None:
    erased(storage, planned(storage.database, him.person, request=him.request), him.request)
    finish(storage, "2024-10", TODAY, NOW)
    with storage.database.append() as tx:
        told = [(each.what, each.result, each.at) for each in certificate(tx, him.request, "DSR-2026-0001").destroyed]
    by = TODAY + dt.timedelta(days=rules().pages_days)
    waits = (Destroyed.PAGES, f"tables and indexes written anew by {by}", None)
    assert (waits in told) == (place.path is None)
    number = "SELECT relfilenode FROM pg_class WHERE relname = 'person_pkey'"
    stood = rows(place, number) if place.path is None else []
    finish(storage, "2024-10", by - dt.timedelta(days=1), NOW)
    assert stood == (rows(place, number) if place.path is None else [])
    said: list[str] = []
    finish(storage, "2024-10", by, NOW, announce=said.append)
    assert len(said) == (place.path is None)
    assert place.path is not None or rows(place, number) != stood
    assert rows(place, "SELECT target FROM destruction WHERE done_at IS NULL") == []


def test_bytes_that_no_row_has_any_more_are_found_and_the_file_is_written_anew_after_saying_so(
    place: Place, him: Somebody, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    if place.path is None:
        pytest.skip("what is in a server's bytes is past with its journal")
    with place.owner() as owner:
        owner.exec_driver_sql("PRAGMA secure_delete = OFF")
        owner.exec_driver_sql("INSERT INTO throttle (key, failures, retry_at) VALUES ('acc-87654321', 1, 1)")
        owner.exec_driver_sql("DELETE FROM throttle WHERE failures = 1")
    erased(storage, planned(storage.database, him.person))
    said: list[str] = []
    with monkeypatch.context() as patch:
        patch.setattr(maintenance, "_ROOM_TO_COMPACT", 1e9)
        with pytest.raises(StorageUnavailable, match="no room to write it anew"):
            finish(storage, "2024-10", TODAY, NOW, announce=said.append)
    assert said == [], "no desk is told to wait for what does not happen"
    assert rows(place, "SELECT target FROM destruction WHERE done_at IS NULL") == [("bytes account",)]
    assert finish(storage, "2024-10", TODAY, NOW, announce=said.append).open == 0
    assert [text.split(":")[0] for text in said] == ["Erased bytes are still in the file, so it is written anew now"]
    assert b"acc-87654321" not in b"".join(piece for piece, _ in pieces(place.path, place.key))


@pytest.mark.usefixtures("him")
def test_two_values_of_a_row_that_make_a_name_together_keep_no_erasure_open(place: Place, storage: Storage) -> None:
    neighbour = factories.person(given_name="Ida", family_name="Holm", email="ida@film.quirl", street="Grande Rue 9")
    who, _ = factories.put(storage.database, factories.person(family_name="Quirlgrand"), neighbour)
    said: list[str] = []
    erased(storage, planned(storage.database, who))
    assert finish(storage, "2024-10", TODAY, NOW, announce=said.append).open == 0
    assert said == [], "nothing of his is in the file, so it is not written anew"
    if place.path is not None:
        written = b"".join(piece for piece, _ in pieces(place.path, place.key)).lower()
        assert b"quirlgrand" in written, "the two values stand side by side, or this asks nothing"


@pytest.fixture
def server(place: Place) -> Place:
    if place.url is None:
        pytest.skip("the bytes of an encrypted file are searched")
    return place


def pages_with(server: Place, table: str, text: str) -> tuple[int, int]:
    """Return how many rows, gone or not, hold a text in a table's pages, and how many pages do anywhere."""
    pages = f"generate_series(0, pg_relation_size('{table}') / 8192 - 1) AS n, get_raw_page('{table}', n::int) AS page"
    has = "position('{}'::bytea in {}) > 0"
    with server.owner() as owner:
        owner.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS pageinspect")
        held = owner.exec_driver_sql(
            f"SELECT count(*) FROM {pages}, heap_page_items(page) WHERE {has.format(text, 't_data')}"
        ).scalar_one()
        any_ = owner.exec_driver_sql(f"SELECT count(*) FROM {pages} WHERE {has.format(text, 'page')}").scalar_one()
    return int(held), int(any_)


def test_a_server_that_keeps_what_was_deleted_for_a_reader_is_not_said_to_have_let_it_go(
    server: Place, him: Somebody, storage: Storage
) -> None:
    with server.owner() as reader:
        reader.exec_driver_sql("BEGIN ISOLATION LEVEL REPEATABLE READ")
        assert reader.exec_driver_sql(f"SELECT email FROM person WHERE id = {him.person}").scalar_one() == EMAIL
        erased(storage, planned(storage.database, him.person, request=him.request), him.request)
        with pytest.raises(StorageUnavailable, match="a transaction that is still open"):
            finish(storage, "2024-10", TODAY, NOW)
        assert pages_with(server, "person", EMAIL)[0] != 0
        assert (Destroyed.SWEEP.value,) in rows(server, "SELECT what FROM destruction WHERE done_at IS NULL")
        reader.exec_driver_sql("ROLLBACK")
    assert finish(storage, "2024-10", TODAY, NOW).open == 0
    assert pages_with(server, "person", EMAIL)[0] == 0


def test_a_server_forgets_what_it_noted_of_columns_for_its_planner(
    server: Place, him: Somebody, storage: Storage
) -> None:
    noted = (
        "SELECT count(*) FROM pg_stats WHERE schemaname = 'public' AND tablename <> 'request'"
        f" AND concat(histogram_bounds, most_common_vals) LIKE '%{EMAIL}%'"
    )
    with server.owner() as owner:
        owner.exec_driver_sql("ANALYZE")
    assert rows(server, noted.replace("%", "%%")) != [(0,)]
    erased(storage, planned(storage.database, him.person))
    finish(storage, "2024-10", TODAY, NOW)
    assert rows(server, noted.replace("%", "%%")) == [(0,)]


def test_a_server_lets_go_of_texts_about_others_as_they_were(server: Place, him: Somebody, storage: Storage) -> None:
    assert pages_with(server, "contact_report", "Zwiebelfisch@")[0] != 0
    erased(storage, planned(storage.database, him.person))
    finish(storage, "2024-10", TODAY, NOW)
    assert pages_with(server, "contact_report", "Zwiebelfisch@")[0] == 0


def test_the_places_where_rows_stood_are_empty_by_the_day_that_the_certificate_tells(
    server: Place, him: Somebody, storage: Storage
) -> None:
    erased(storage, planned(storage.database, him.person))
    finish(storage, "2024-10", TODAY, NOW)
    assert pages_with(server, "person", EMAIL) == (0, 1)
    finish(storage, "2024-10", TODAY + dt.timedelta(days=rules().pages_days), NOW)
    assert pages_with(server, "person", EMAIL) == (0, 0)
