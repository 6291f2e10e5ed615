"""Support logs are gone when their customer is erased, and a desk that is killed leaves nothing that is not cleared."""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from staffdesk.data.database import Database
from staffdesk.domain.access import Role
from staffdesk.domain.errors import StaffdeskError
from staffdesk.domain.support_logs import LogState
from staffdesk.services.claim_holds import ClaimHolds
from staffdesk.services.erasure.due import finish
from staffdesk.services.erasure.storage import Storage
from staffdesk.services.sessions import day_in_brussels
from staffdesk.services.support_logs.expiry import LogExpiry
from staffdesk.services.support_logs.log_spool import LogSpool
from staffdesk.services.support_logs.service import SupportLogs
from tests.databases import Place
from tests.services.erasures import NOW, TODAY, Somebody, erased, planned, rows
from tests.services.front import Front
from tests.services.log_zips import AT_HOME, CLEAN, log_desk, zipped
from tests.services.offices import Office

HIS = b"registered to Xylorimba Quetzalbrot at quetzalbrot-imac\n"


def _sent(folder: Path, content: bytes) -> Path:
    path = folder / "sent.zip"
    path.write_bytes(zipped({"Users/quetzalbrot/xylorimba quetzalbrot.log": content}))
    return path


def test_an_erasure_takes_the_key_at_once_and_the_files_with_what_follows(
    him: Somebody, storage: Storage, office: Office, place: Place, tmp_path: Path
) -> None:
    folder = storage.ledger_file.parent / "logs"
    storage = replace(storage, logs=folder)
    support = Front(office).again("ana", Role.SUPPORT)
    ((number,),) = rows(place, f"SELECT number FROM support_case WHERE id = {him.case}")
    logs = SupportLogs(office.door, LogSpool(folder))
    logs.ask(support, str(number), "Xylorimba Quetzalbrot says that it stops")
    logs.intake.add(support, str(number), _sent(tmp_path, AT_HOME + HIS))
    (tmp_path / "sent.zip").unlink()
    assert rows(place, "SELECT name FROM log_bundle_file") == [("Users/quetzalbrot/xylorimba quetzalbrot.log",)]
    privacy = replace(Front(office).staff("pia", Role.PRIVACY), purpose=None)
    last = day_in_brussels(office.clock())
    ClaimHolds(office.door).set(privacy, him.person, claim="K-1", reason="He goes to court.", until=last)
    held = {table for (table,) in rows(place, "SELECT record_table FROM hold")}
    assert "support_case" in held
    assert not held & {"log_bundle", "log_bundle_file"}
    erased(storage, planned(office.database, him.person, request=him.request), him.request)
    assert (
        rows(place, "SELECT count(*) FROM log_bundle") == rows(place, "SELECT count(*) FROM log_bundle_file") == [(0,)]
    )
    assert len(list(folder.iterdir())) == 1
    finished = finish(storage, "2024-10", TODAY, NOW)
    assert list(folder.iterdir()) == []
    assert [each.left for each in finished.swept] == [{}]


@pytest.mark.parametrize("after", [1, 3])
def test_a_desk_killed_before_the_row_is_written_leaves_a_file_that_the_next_run_clears(
    after: int, office: Office, database: Database, place: Place, tmp_path: Path
) -> None:
    desk = log_desk(Front(office), database, tmp_path)
    sent = desk.sent({f"{n}.log": CLEAN for n in range(5)})
    child = os.fork()
    if child == 0:
        seen: list[int] = []

        def step(done: int, _total: int) -> None:
            seen.append(done)
            if len(seen) == after:
                os.kill(os.getpid(), signal.SIGKILL)

        try:
            SupportLogs(Office(place.open()).door, desk.spool).intake.add(desk.support, desk.case, sent, step=step)
        finally:
            os._exit(7)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    assert len(desk.files) == 1
    assert b"MovieRecorder" not in desk.files[0].read_bytes()
    assert desk.logs.of_case(desk.support, desk.case) == ()
    assert LogExpiry(office.door, database, desk.spool).run().files == 1
    assert desk.files == []
    assert desk.logs.intake.add(desk.support, desk.case, sent).bundle.files == 5


def test_a_desk_killed_while_it_makes_a_copy_leaves_the_original_as_it_was_and_no_half_copy(
    office: Office, database: Database, place: Place, tmp_path: Path
) -> None:
    desk = log_desk(Front(office), database, tmp_path)
    original = desk.logs.intake.add(desk.support, desk.case, desk.sent({"a.log": CLEAN + AT_HOME})).bundle
    (file,) = desk.files
    child = os.fork()
    if child == 0:
        try:
            intake = SupportLogs(Office(place.open()).door, desk.spool).intake
            intake.scrub(
                desk.support, desk.case, original.id, step=lambda _done, _total: os.kill(os.getpid(), signal.SIGKILL)
            )
        finally:
            os._exit(7)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    assert desk.logs.of_case(desk.support, desk.case) == (original,)
    assert LogExpiry(office.door, database, desk.spool).run().files == 1
    assert desk.files == [file]
    assert desk.logs.intake.scrub(desk.support, desk.case, original.id).bundle.state is LogState.CURATED


def test_a_desk_killed_after_the_key_is_destroyed_leaves_a_file_that_nobody_reads(
    office: Office, database: Database, tmp_path: Path
) -> None:
    desk = log_desk(Front(office), database, tmp_path)
    bundle = desk.logs.intake.add(desk.support, desk.case, desk.sent({"a.log": CLEAN})).bundle
    (file,) = desk.files
    kept = file.read_bytes()
    desk.logs.destroy(desk.support, desk.case, bundle.id)
    file.write_bytes(kept)  # as if it had never been removed
    with pytest.raises(StaffdeskError):
        desk.logs.read(desk.support, desk.case, bundle.id, 1)
    assert LogExpiry(office.door, database, desk.spool).run().files == 1
    assert desk.files == []
