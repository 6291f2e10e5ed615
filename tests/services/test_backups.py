"""A backup holds all of the desk and shows nothing, and one that cannot be read back is not kept."""

from __future__ import annotations

import shutil
import stat
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from staffdesk.data import maintenance
from staffdesk.domain.access import Access, Act, Outcome, Role
from staffdesk.domain.entry_filter import EntryFilter
from staffdesk.domain.errors import BadInput, Denied, StaffdeskError, StorageUnavailable
from staffdesk.services import backups
from staffdesk.services.backups import restore
from staffdesk.services.bootstrap import initialise
from staffdesk.services.opening_homes import open_database, open_desk
from tests.services.kept import PASSPHRASE, PEOPLE, Kept, everything_in, home_in, place_of
from tests.services.offices import CHEAP, PASSWORD, Office, acts, entries
from tests.services.store_files import column


@pytest.fixture
def own(kept: Kept, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """Return the kept desk in a copy, for a test that writes into it."""
    home = home_in(tmp_path_factory.mktemp("own"))
    shutil.copytree(kept.home.config.parent, home.config.parent)
    return replace(kept, home=home)


def test_the_log_says_that_a_backup_was_made_and_that_it_was_restored(kept: Kept, tmp_path: Path) -> None:
    made = [core for core in entries(place_of(kept.home)) if core.act == Act.SYSTEM_BACKUP]
    assert [(core.out, core.kinds, core.role) for core in made] == [
        (Outcome.OK.value, ("begun",), Role.ADMIN),
        (Outcome.OK.value, ("made",), Role.ADMIN),
    ]
    assert made[1].n == kept.report.entries
    home = home_in(tmp_path)
    restore(home, kept.file, PASSPHRASE, None)
    assert acts(place_of(home))[-2:] == [(Act.SYSTEM_BACKUP, "ok"), (Act.SYSTEM_RESTORED, "ok")]


def test_the_report_is_what_was_read_back(kept: Kept) -> None:
    assert (kept.report.path, kept.report.size) == (kept.file, kept.file.stat().st_size)
    assert kept.report.entries == kept.report.covered
    assert stat.S_IMODE(kept.file.stat().st_mode) == 0o600
    assert not [path for path in kept.file.parent.iterdir() if path.name.startswith(".staffdesk-")]


def test_no_customer_and_no_key_can_be_read_in_the_file(kept: Kept) -> None:
    content = kept.file.read_bytes()
    rows = column(place_of(kept.home), "SELECT family_name, email, phone, street FROM person")
    values = {str(value) for row in rows for value in row if value is not None and len(str(value)) > 4}
    assert len(values) > 20
    assert not [value for value in values if value.encode() in content]
    assert kept.home.read_key().encode() not in content
    assert bytes.fromhex(kept.home.read_key()) not in content
    assert b"SQLite format 3" not in content
    with tarfile.open(kept.file) as archive:
        assert {(member.uid, member.uname) for member in archive} == {(0, "")}


def test_a_log_that_does_not_verify_is_not_restored(kept: Kept, tmp_path: Path) -> None:
    home = home_in(tmp_path)
    shutil.copytree(kept.home.config.parent, home.config.parent)
    with place_of(home).owner() as owner:
        for (name,) in owner.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").all():
            owner.exec_driver_sql(f"DROP TRIGGER {name}")
        owner.exec_driver_sql("DELETE FROM entry WHERE seq = 2")
    desk = open_desk(home)
    try:
        before = everything_in(tmp_path)
        with pytest.raises(StorageUnavailable, match="does not verify"):
            desk.backups.make(kept.admin, tmp_path / "bad", lambda: PASSPHRASE)
        assert not (tmp_path / "bad").exists()
        assert not [path for path in everything_in(tmp_path) - before if path.parent == tmp_path]
    finally:
        desk.close()
    assert [core.kinds for core in entries(place_of(home)) if core.act == Act.SYSTEM_BACKUP][2:] == [("begun",)]


@pytest.mark.parametrize("passphrase", ["", "short", "password password", "aaaaaaaaaaaaaaaaaaaaa"])
def test_a_weak_passphrase_makes_no_backup(passphrase: str, own: Kept, tmp_path: Path) -> None:
    desk = open_desk(own.home)
    try:
        with pytest.raises(BadInput):
            desk.backups.make(own.admin, tmp_path / "weak", lambda: passphrase)
    finally:
        desk.close()
    assert everything_in(tmp_path) == set()


def test_an_existing_file_a_missing_folder_and_a_role_that_may_not_make_no_backup(own: Kept, tmp_path: Path) -> None:
    existing = tmp_path / "existing"
    existing.write_text("mine", encoding="utf-8")
    desk = open_desk(own.home)
    try:
        refusals: list[tuple[type[StaffdeskError], Access, Path]] = [
            (StorageUnavailable, own.admin, existing),
            (Denied, own.other, tmp_path / "backup"),
        ]
        for kind, access, target in refusals:
            with pytest.raises(kind):
                desk.backups.make(access, target, _never_asked)
    finally:
        desk.close()
    assert everything_in(tmp_path) == {existing}
    assert existing.read_text("utf-8") == "mine"
    assert (Act.DENIED, "denied") in acts(place_of(own.home))


def _never_asked() -> str:
    raise AssertionError("a passphrase was asked for that no backup needed")


def test_a_folder_that_is_not_there_is_said(own: Kept, tmp_path: Path) -> None:
    desk = open_desk(own.home)
    try:
        with pytest.raises(StorageUnavailable):
            desk.backups.make(own.admin, tmp_path / "nowhere" / "backup", lambda: PASSPHRASE)
    finally:
        desk.close()
    assert everything_in(tmp_path) == set()


def test_a_desk_that_seals_in_between_spoils_no_backup(
    kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = home_in(tmp_path)
    shutil.copytree(kept.home.config.parent, home.config.parent)
    really = maintenance.copy_encrypted
    desk, other = open_desk(home), open_desk(home)

    def busy(*arguments: Path | str) -> None:
        for sealed in (False, True):
            other.audit.list(kept.admin, EntryFilter())
            other.sealer.seal()
            if not sealed:
                really(*arguments)  # type: ignore[arg-type] # as they came

    monkeypatch.setattr(maintenance, "copy_encrypted", busy)
    try:
        desk.backups.make(kept.admin, tmp_path / "made", lambda: PASSPHRASE)
    finally:
        desk.close()
        other.close()
    monkeypatch.undo()
    assert restore(home_in(tmp_path / "again"), tmp_path / "made", PASSPHRASE, None).exit_code == 0


def test_a_backup_that_does_not_read_back_is_not_kept(
    own: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a disk that loses a byte: the file is spoilt between the writing and the reading back."""
    really = backups._read_back

    def spoilt(whole: Path, folder: Path, passphrase: str) -> object:
        content = bytearray(whole.read_bytes())
        content[len(content) // 2] ^= 1
        whole.write_bytes(content)
        return really(whole, folder, passphrase)

    monkeypatch.setattr(backups, "_read_back", spoilt)
    desk = open_desk(own.home)
    try:
        with pytest.raises(StorageUnavailable, match="read back"):
            desk.backups.make(own.admin, tmp_path / "spoilt", lambda: PASSPHRASE)
    finally:
        desk.close()
    assert everything_in(tmp_path) == set()


def test_a_desk_on_postgres_is_told_what_keeps_it(tmp_path: Path, postgres_url: str) -> None:
    home = home_in(tmp_path)
    initialise(home, PEOPLE, database_url=postgres_url, passwords_given={"cem.can": PASSWORD}, hashes=CHEAP)
    database = open_database(home)
    access = Office(database).access("cem.can")
    database.close()
    desk = open_desk(home)
    try:
        with pytest.raises(BadInput) as refused:
            desk.backups.make(access, tmp_path / "backup", lambda: PASSPHRASE)
    finally:
        desk.close()
    assert "pg_dump" in refused.value.hint
    assert not (tmp_path / "backup").exists()
