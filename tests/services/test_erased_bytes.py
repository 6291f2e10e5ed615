"""What an erasure leaves in bytes that no row has any more: they go at once, or by a day that is told.

Seen to fail: without the announcement, without the file written anew, with a server's indexes left as they are, and
with every match in the bytes believed.
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
    NOW,
    TODAY,
    Somebody,
    erased,
    planned,
    rows,
)


def test_a_server_builds_its_indexes_anew_within_the_days_that_the_certificate_tells(
    place: Place, him: Somebody, storage: Storage
) -> None:
    erased(storage, planned(storage.database, him.person, request=him.request), him.request)
    finish(storage, "2024-10", TODAY, NOW)
    with storage.database.append() as tx:
        told = [(each.what, each.result, each.at) for each in certificate(tx, him.request, "DSR-2026-0001").destroyed]
    by = TODAY + dt.timedelta(days=rules().pages_days)
    waits = (Destroyed.PAGES, f"indexes built anew by {by}", None)
    assert (waits in told) == (place.path is None)
    number = "SELECT relfilenode FROM pg_class WHERE relname = 'person_pkey'"
    stood = rows(place, number) if place.path is None else []
    finish(storage, "2024-10", by - dt.timedelta(days=1), NOW)
    assert stood == (rows(place, number) if place.path is None else [])
    finish(storage, "2024-10", by, NOW)
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
