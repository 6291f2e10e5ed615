"""The doctor finds what stops a desk from writing its log, leaves no trace of looking, and never sends to itself.

Seen to fail: with the doctor that only opened the database and verified what was already in the log.
"""

from __future__ import annotations

import os
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from staffdesk.data import maintenance
from staffdesk.data.deadline import Deadline
from staffdesk.data.sqlite import queued
from staffdesk.services.home import Home
from tests.cli.conftest import Commands, Ran

pytestmark = pytest.mark.usefixtures("migrated_once")

RAISING = "CREATE TRIGGER stop BEFORE INSERT ON entry BEGIN SELECT RAISE(ABORT, 'no'); END"


def _owner(desk: Commands, words: str) -> None:
    with maintenance.sqlite_owner(desk.home.database_file, desk.home.read_key()) as owner:
        owner.exec_driver_sql(words)


def _wrong(ran: Ran) -> list[tuple[object, object]]:
    return [(row["about"], row["found"]) for row in ran.rows if row["exit_code"]]


@pytest.mark.parametrize(
    ("harm", "named"),
    [
        (RAISING, "trigger stop does not belong here"),
        ("DROP TABLE entry", "table entry is missing"),
        ("ALTER TABLE entry RENAME TO entry_gone", "table entry is missing"),
        ("DROP TRIGGER entry_stays", "trigger entry_stays is missing"),
        ("DROP VIEW desk_reference_case", "view desk_reference_case is missing"),
        ("ALTER TABLE person ADD COLUMN note TEXT", "table person is changed"),
    ],
)
def test_tables_and_triggers_are_compared_with_what_the_migration_makes(desk: Commands, harm: str, named: str) -> None:
    _owner(desk, harm)
    ran = desk.run("doctor", "--json")
    ((about, found),) = _wrong(ran)
    assert (about, ran.code) == ("Tables", 5)
    assert named in str(found)
    checked = desk.run("db", "check")
    assert (checked.code, checked.out) == (5, "")
    assert named in checked.err


def test_a_sealed_zip_that_was_taken_away_is_told(desk: Commands) -> None:
    assert "Support logs" not in desk.run("doctor").out
    _owner(
        desk,
        "INSERT INTO log_bundle (case_id, state, received_at, size, digest, files, curated, file, key) "
        "SELECT min(id), 'received', 1, 1, 'x', 1, 'unknown', 'aa', x'00' FROM support_case",
    )
    ran = desk.run("doctor")
    assert "1 of 1 sealed zips were taken away" in ran.out + ran.err


def test_an_entry_is_tried_and_taken_back_without_a_trace(desk: Commands) -> None:
    before = desk.entries()
    assert desk.run("doctor").code == 0
    after = desk.entries()
    lowest = max(int(str(entry["seq"])) for entry in before)
    acts = [entry["act"] for entry in after if int(str(entry["seq"])) > lowest]
    assert set(acts) <= {"session.ended", "session.signed_in", "audit.listed"}


def test_a_log_that_takes_no_entry_is_found_also_where_the_tables_are_right(
    desk: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    _owner(desk, RAISING)
    monkeypatch.setattr("staffdesk.services.upgrades.check_shape", lambda _home: None)
    ran = desk.run("doctor", "--json")
    assert _wrong(ran) == [("Writing", "No entry can be written to the log, so the desk shows nothing.")]
    assert ran.code == 5


def test_a_lock_that_somebody_holds_is_found(desk: Commands) -> None:
    with queued(desk.home.database_file, Deadline(1)):
        ran = desk.run("doctor", "--json")
    assert [about for about, _ in _wrong(ran)] == ["Writing"]


@contextmanager
def _files_end_at(size: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_disk_that_takes_nothing_is_found(desk: Commands) -> None:
    with _files_end_at(512 * 1024):
        ran = desk.run("doctor", "--json")
    ((about, found),) = _wrong(ran)
    assert about == "Disk"
    assert "Nothing can be written to the folder data" in str(found)


def test_a_disk_that_is_nearly_full_is_found_and_a_good_one_says_its_space(
    desk: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = {row["about"]: str(row["found"]) for row in desk.run("doctor", "--json").rows}
    assert "MB free" in said["Disk"]
    monkeypatch.setattr("shutil.disk_usage", lambda _path: _Usage())
    ran = desk.run("doctor", "--json")
    assert _wrong(ran) == [("Disk", "Only 3 MB are free on the disk of the data.")]


class _Usage:
    free = 3_500_000


def test_a_folder_without_room_for_checkpoints_is_found(desk: Commands) -> None:
    for note in desk.home.checkpoints.iterdir():
        note.unlink()
    desk.home.checkpoints.rmdir()
    ran = desk.run("doctor", "--json")
    assert [about for about, _ in _wrong(ran)] == ["Disk"]


def test_a_server_that_is_gone_has_its_own_sentence(desk: Commands, tmp_path: Path) -> None:
    desk.home.settings_file.write_text(
        f'database = "postgresql+psycopg://nobody@/desk?host={tmp_path}"\n', encoding="utf-8"
    )
    for ran in (desk.run("doctor"), desk.run("db", "check")):
        assert ran.code == 5
        assert "The PostgreSQL server cannot be reached" in ran.out + ran.err


@pytest.mark.parametrize(
    "harm",
    [
        lambda home: home.database_file.write_bytes(os.urandom(8192)),
        lambda home: home.database_file.write_bytes(b""),
        lambda home: home.database_file.unlink(),
        lambda home: home.data.rename(home.data.with_name("elsewhere")),
        lambda home: home.data.chmod(0o755),
    ],
)
def test_nobody_is_sent_back_here_nor_to_a_new_beginning(desk: Commands, harm: Callable[[Home], object]) -> None:
    harm(desk.home)
    ran = desk.run("doctor")
    assert ran.code == 5
    assert ran.err
    assert "doctor" not in ran.out + ran.err
    assert "staffdesk init" not in ran.out + ran.err


def test_the_hint_of_an_error_that_names_the_doctor_is_replaced(
    desk: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    from staffdesk.domain.errors import StorageUnavailable  # noqa: PLC0415 - for this test alone

    def fail(_home: Home) -> str:
        raise StorageUnavailable("It did not answer.", "Try again; if it stays so: staffdesk doctor")

    monkeypatch.setattr("staffdesk.services.upgrades.check_revision", fail)
    ran = desk.run("doctor")
    assert "doctor" not in ran.err
    assert "staffdesk restore" in ran.err
