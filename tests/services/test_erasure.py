"""Somebody is erased: what goes, what stays without him, what a law keeps, and that nothing else of him is anywhere.

Seen to fail: with the plan carried out though it is another one by now, with no row kept because one that is held hangs
on it, with openings that name him left, with a text about somebody else as it was, and with a hold ended on its day.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from staffdesk.audit.checkpoint import verify
from staffdesk.audit.entry import leaf_hash
from staffdesk.audit.tree import root_from_path
from staffdesk.data import side_by_side, sweeping
from staffdesk.data.database import Database
from staffdesk.data.file_bytes import pieces
from staffdesk.data.log import Event, Log, Opened
from staffdesk.domain.access import Act
from staffdesk.domain.errors import Conflict, StorageUnavailable
from staffdesk.parameters.shapes import sessions
from staffdesk.services.erasure.certificate import certificate
from staffdesk.services.erasure.due import finish
from staffdesk.services.erasure.storage import Storage
from staffdesk.services.erasure.sweep import sweep
from staffdesk.services.sealing import Sealer
from staffdesk.services.verification import verify_log
from tests import factories
from tests.databases import Place
from tests.services.erasures import (
    EMAIL,
    MARKERS,
    NOW,
    TODAY,
    Somebody,
    erased,
    ledger_of,
    planned,
    rows,
)
from tests.services.offices import entries
from tests.services.seals import KEY, SEED
from tests.verifying import opener


def test_each_kind_meets_what_the_policy_says(place: Place, him: Somebody, storage: Storage) -> None:
    decided = planned(storage.database, him.person, request=him.request)
    told = {(row.table, row.id): (row.action.value, row.ground and row.ground.value, row.until) for row in decided.rows}
    assert told["person", him.person] == ("erase", None, None)
    assert told["sales_order", him.old_order] == ("erase", None, None)
    assert told["sales_order", him.new_order] == ("restrict", "accounting", dt.date(2034, 12, 31))
    assert told["licence", him.licence] == ("anonymise", None, None)
    outcome = erased(storage, decided, him.request)
    assert outcome.until == dt.date(2034, 12, 31)
    assert {f"{table} {action.value}": n for (table, action), n in outcome.counts.items()} == {
        "person erase": 1, "field_status erase": 1, "sales_order erase": 1, "sales_order restrict": 1,
        "order_line erase": 1, "order_line restrict": 1, "invoice erase": 1, "invoice restrict": 1,
        "shipment erase": 1, "shipment restrict": 1, "licence anonymise": 1, "activation anonymise": 1,
        "support_case anonymise": 1, "contact_report erase": 1, "subscription erase": 1, "request restrict": 1,
    }  # fmt: skip
    assert rows(place, "SELECT person_id, total FROM sales_order") == [(None, "149.00")]
    assert rows(place, "SELECT billing_name FROM invoice") == [("Xylorimba Quetzalbrot",)]
    assert rows(place, "SELECT recipient_name, phone FROM shipment") == [("Xylorimba Quetzalbrot", None)]
    assert rows(place, "SELECT serial, person_id, order_id FROM licence") == [("QZ77-UNIQ-0001", None, None)]
    assert rows(place, "SELECT user_name, mac, ip, status FROM activation") == [(None, None, None, "active")]
    assert rows(place, "SELECT caller, summary, person_id FROM support_case") == [(None, None, None)]
    assert rows(place, "SELECT topic FROM contact_report") == [("A colleague's own matter",)]
    assert rows(place, "SELECT count(*) FROM subscription") == [(0,)]
    assert rows(place, "SELECT reply_address, person_id FROM request") == [(EMAIL, None)]
    assert rows(place, "SELECT kind, no_mail, no_return FROM suppression ORDER BY kind") == [
        ("account", True, True), ("email", True, True), ("phone", True, True),
        ("phone", True, True),
    ]  # fmt: skip
    assert rows(place, "SELECT aid, request, seq FROM tombstone") == [(him.aid, "DSR-2026-0001", outcome.seq)]


def test_before_each_trace_is_there_and_afterwards_none_but_where_a_law_keeps_it(
    place: Place, him: Somebody, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    decided = planned(storage.database, him.person, request=him.request)
    exported = storage.owned[0] / "log.jsonl"
    exported.parent.mkdir()
    exported.write_text(f'{{"value":"{EMAIL}"}}\n', encoding="utf-8")
    before = sweep(storage, decided.identity, TODAY)
    monkeypatch.setattr(sweeping, "_ROWS_AT_ONCE", 2)
    assert sweep(storage, decided.identity, TODAY) == before, "however few rows are read at once"
    if place.path is not None:
        monkeypatch.setattr(side_by_side, "_MUCH", 0)
        assert sweep(storage, decided.identity, TODAY) == before, "by processes of their own too"
        monkeypatch.undo()
    there = {place.split(".")[0].split()[0] for place in before.left} | {name.split(".")[0] for name in before.shared}
    assert {"person", "shipment", "invoice", "support_case", "opening", "activation", "request", "file"} <= there
    erased(storage, decided, him.request)
    done = finish(storage, "2024-10", TODAY, NOW)
    assert (done.open, [found.left for found in done.swept]) == (0, [{}])
    (found,) = done.swept
    assert {name.split(".")[0] for name in found.held} == {"invoice", "shipment", "request", "request_letter"}
    assert not exported.exists()
    assert finish(storage, "2024-10", TODAY, NOW).destroyed == 0, "once is enough"
    if place.path is not None:
        held = b"".join(piece for piece, _ in pieces(place.path, place.key)).lower()
        gone = [each for each in MARKERS if each.lower().encode() not in held]
        assert set(MARKERS) - set(gone) == {"Xylorimba", "Quetzalbrot", EMAIL, "zwiebelfisch", "Silberdistelweg 17"}
        assert found.pages > 50
    else:
        assert found.aged_out == TODAY + dt.timedelta(days=30)


def test_a_text_about_somebody_else_loses_his_address_and_what_was_asked_since_too(
    place: Place, him: Somebody, storage: Storage
) -> None:
    erased(storage, planned(storage.database, him.person, request=him.request), him.request)
    with storage.database.append() as tx:
        Log(tx, "2024-10").append(Event(act=Act.CUSTOMER_SEARCH, openings=(Opened("term", EMAIL),)))
    assert finish(storage, "2024-10", TODAY, NOW).open == 0
    assert rows(place, "SELECT body FROM contact_report") == [("Write to (erased) ((erased)), too.",)]
    assert rows(place, "SELECT value FROM opening") == [("somebody else",)]
    assert verify_log(opener(place), storage.ledger_file.parent, (), None).findings == ()


def test_the_log_still_verifies_and_his_openings_are_gone(place: Place, him: Somebody, storage: Storage) -> None:
    decided = planned(storage.database, him.person, request=him.request)
    outcome = erased(storage, decided, him.request)
    assert outcome.openings == 3
    assert [row[0] for row in rows(place, "SELECT value FROM opening")] == ["somebody else"]
    report = verify_log(opener(place), storage.ledger_file.parent, (), None)
    assert report.findings == ()
    entry = entries(place)[outcome.seq - 1]
    assert (entry.act, entry.obj, len(entry.kinds)) == ("audit.erased", (him.aid,), 2)


@pytest.mark.parametrize(
    "changed",
    [
        "UPDATE person SET city = 'Gent' WHERE id = {0.person}",
        "UPDATE support_case SET person_id = {0.colleague} WHERE id = {0.case}",
        (
            "INSERT INTO contact_report (source, obtained_on, person_id, channel, contact_at, topic)"
            " VALUES ('STORE_ACCOUNT', '2026-01-01', {0.person}, 'call', 1, 'new')"
        ),
        (
            "INSERT INTO hold (record_table, record_id, ground, law, until, made_at)"
            " VALUES ('support_case', {0.case}, 'claim', 'x', '2030-01-01', 1)"
        ),
    ],
)
def test_what_changed_or_came_since_voids_the_plan(changed: str, place: Place, him: Somebody, storage: Storage) -> None:
    decided = planned(storage.database, him.person, request=him.request)
    with place.owner() as owner:
        source = owner.exec_driver_sql("SELECT source FROM person").scalar()
        owner.exec_driver_sql(changed.format(him).replace("STORE_ACCOUNT", str(source)))
    with pytest.raises(Conflict):
        erased(storage, decided, him.request)
    assert not ledger_of(storage).exists
    assert rows(place, "SELECT count(*) FROM tombstone") == [(0,)]


def test_a_request_that_moves_does_not_void_its_own_plan(place: Place, him: Somebody, storage: Storage) -> None:
    decided = planned(storage.database, him.person, request=him.request)
    with place.owner() as owner:
        owner.exec_driver_sql("UPDATE request SET state = 'notifying'")
    assert erased(storage, decided, him.request).suppressed == 4


def test_a_named_dispute_keeps_the_whole_row_and_what_it_hangs_on(
    place: Place, him: Somebody, storage: Storage
) -> None:
    with place.owner() as owner:
        owner.exec_driver_sql(
            "INSERT INTO hold (record_table, record_id, ground, law, until, reference, made_at)"
            " SELECT 'activation', id, 'claim', 'GDPR Art. 17(3)(e)', '2030-01-01', 'RC 12/77', 1 FROM activation"
        )
    erased(storage, planned(storage.database, him.person, request=him.request), him.request)
    assert rows(place, "SELECT mac FROM activation") == [("02:00:5E:AB:CD:EF",)]
    assert rows(place, "SELECT count(*) FROM hold WHERE ground = 'claim'") == [(2,)], (
        "it is the erasure's own now, and beside it is the licence it is of"
    )


def test_the_line_of_the_ledger_stands_before_anything_goes_and_tells_nothing(
    place: Place, him: Somebody, storage: Storage
) -> None:
    decided = planned(storage.database, him.person, request=him.request)
    storage.ledger_file.mkdir()
    with pytest.raises(StorageUnavailable):
        erased(storage, decided, him.request)
    storage.ledger_file.rmdir()
    assert rows(place, "SELECT count(*) FROM tombstone") == [(0,)]
    erased(storage, decided, him.request)
    (line,) = ledger_of(storage).lines()
    assert (line.subject, line.request, line.done) == (him.aid, "DSR-2026-0001", False)
    finish(storage, "2024-10", TODAY, NOW)
    assert ledger_of(storage).lines()[0].done
    text = storage.ledger_file.read_text("ascii")
    assert not [each for each in MARKERS if each.lower() in text.lower()]
    for harmed in (text.replace(him.aid, "s_" + "0" * 20), text.split("\n", 1)[1]):
        storage.ledger_file.write_text(harmed, "ascii")
        with pytest.raises(StorageUnavailable):
            ledger_of(storage).lines()


def test_the_certificate_proves_that_the_entry_is_in_the_log(
    place: Place, him: Somebody, storage: Storage, tmp_path: Path
) -> None:
    outcome = erased(storage, planned(storage.database, him.person, request=him.request), him.request)
    Sealer(storage.database, SEED, tmp_path / "notes", sessions().log).seal()
    with storage.database.append() as tx:
        before = certificate(tx, him.request, "DSR-2026-0001")
    assert not before.finished
    finish(storage, "2024-10", TODAY, NOW)
    with storage.database.append() as tx:
        told = certificate(tx, him.request, "DSR-2026-0001")
    assert (told.finished, told.people, told.erased_at) == (True, 1, NOW)
    assert "nothing left" in told.destroyed[-1].result
    assert ("invoice", dt.date(2034, 12, 31), 1) in told.held
    assert told.inclusion is not None
    assert told.inclusion.leaf == leaf_hash(entries(place)[outcome.seq - 1].encode())
    root = root_from_path(told.inclusion.leaf, outcome.seq - 1, told.inclusion.size, told.inclusion.path)
    checkpoint = verify(told.inclusion.checkpoint, (KEY,))
    assert (checkpoint.size, checkpoint.root) == (told.inclusion.size, root)


def test_a_name_in_another_script_is_swept_for_on_both_databases(storage: Storage, database: Database) -> None:
    (him,) = factories.put(database, factories.person(given_name="太郎", family_name="山田", email=None))
    (other,) = factories.put(database, factories.person())
    factories.put(database, factories.report(other, "He knows 山田 太郎 well"))
    storage.ledger_file.parent.mkdir(exist_ok=True)
    erased(storage, planned(database, him))
    done = finish(storage, "2024-10", TODAY, NOW)
    assert [(found.left, found.named) for found in done.swept] == [({}, {"contact_report.topic": 1})]


def test_a_held_row_goes_on_its_day(place: Place, him: Somebody, storage: Storage) -> None:
    erased(storage, planned(storage.database, him.person, request=him.request), him.request)
    finish(storage, "2024-10", TODAY, NOW)
    last = dt.date(2034, 12, 31)
    assert finish(storage, "2024-10", last, NOW).ended == 1, "the proof of delivery alone"
    assert rows(place, "SELECT count(*) FROM invoice") == [(1,)]
    done = finish(storage, "2024-10", last + dt.timedelta(days=1), NOW)
    assert done.ended == 3
    for table in ("invoice", "sales_order", "order_line", "shipment"):
        assert rows(place, f"SELECT count(*) FROM {table}") == [(0,)], table
    assert rows(place, "SELECT reply_address FROM request") == [(EMAIL,)], "its answer is still owed"
    with place.owner() as owner:
        owner.exec_driver_sql("UPDATE request SET state = 'completed'")
    assert finish(storage, "2024-10", last + dt.timedelta(days=1), NOW).ended == 2, "the request and its letter"
    assert rows(place, "SELECT body FROM request_letter") == [(None,)]
    assert rows(place, "SELECT requester, reply_address FROM request") == [("(erased)", "(erased)")]
    assert finish(storage, "2024-10", last + dt.timedelta(days=9), NOW).ended == 0
