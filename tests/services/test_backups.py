"""A backup holds all of the desk and shows nothing; what is restored is what was there, or nothing is."""

from __future__ import annotations

import os
import shutil
import stat
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from staffdesk.data import maintenance
from staffdesk.domain.access import Access, Act, Outcome, Role
from staffdesk.domain.entry_filter import EntryFilter
from staffdesk.domain.errors import BadInput, Conflict, Denied, StaffdeskError, StorageUnavailable
from staffdesk.parameters.shapes import sessions
from staffdesk.services import backups
from staffdesk.services.backups import BackupReport, restore
from staffdesk.services.bootstrap import initialise
from staffdesk.services.desk import open_database, open_desk
from staffdesk.services.home import Home, read_seal_key
from staffdesk.services.init_answers import Answers, Person
from staffdesk.services.sealing import Sealer
from staffdesk.services.verification import verify_home
from tests.databases import Place
from tests.services.offices import CHEAP, PASSWORD, Office, acts, entries
from tests.services.store_files import column, contact, held, order, written

PASSPHRASE = "seven brass kettles sing"
PARTS = ("manifest.json", "sealed", "desk.db", "checkpoints/")


PEOPLE = Answers(firm=3, people=tuple(Person(full_name=name) for name in ("Ana Holm", "Bo Berg", "Cem Can")))


@dataclass(frozen=True, slots=True)
class Kept:
    """A desk, the backup made of it, who asks, and what was in it when the backup was made."""

    home: Home
    file: Path
    report: BackupReport
    admin: Access
    other: Access
    rows: dict[str, list[tuple[object, ...]]]


def home_in(folder: Path) -> Home:
    return Home.locate(folder / "home", os.environ)


def place_of(home: Home) -> Place:
    return Place("sqlite", path=home.database_file, key=home.read_key())


def everything_in(folder: Path) -> set[Path]:
    return set(folder.rglob("*"))


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    folder = tmp_path_factory.mktemp("kept")
    home = home_in(folder)
    names = ("ana.holm", "bo.berg", "cem.can")
    initialise(home, PEOPLE, passwords_given=dict.fromkeys(names, PASSWORD), hashes=CHEAP)
    file = written(folder, *(order(f"A-{n}", contact(last=f"Lindqvist{n}")) for n in range(20)))
    database = open_database(home)
    office = Office(database)
    seller, _, admin = (office.access(name) for name in names)
    database.close()
    desk = open_desk(home)
    desk.imports.run(seller, "fastspring", [file])
    report = desk.backups.make(admin, folder / "desk.backup", lambda: PASSPHRASE)
    desk.close()
    yield Kept(home, folder / "desk.backup", report, admin, seller, held(place_of(home)))
    shutil.rmtree(folder)


def test_a_restored_desk_is_the_desk_that_was_kept(kept: Kept, tmp_path: Path) -> None:
    home = home_in(tmp_path)
    report = restore(home, kept.file, PASSPHRASE)
    assert report.exit_code == 0
    assert held(place_of(home)) == kept.rows
    assert home.read_key() == kept.home.read_key()
    assert (verify_home(home).exit_code, verify_home(home).uncovered) == (0, 0), "what the restoring said is sealed too"
    first, *notes, newest = sorted(path.name for path in home.checkpoints.glob("*.note"))
    assert {first, *notes} <= {path.name for path in kept.home.checkpoints.glob("*.note")}
    assert newest == f"{report.entries + 1:012d}.note"
    database = open_database(home)
    try:
        assert Office(database).come_in("ana.holm").sid
        Sealer(database, read_seal_key(home), home.checkpoints, sessions().log).seal()
    finally:
        database.close()
    assert verify_home(home).uncovered == 0, "the key that signs checkpoints came back too"
    assert {stat.S_IMODE(path.stat().st_mode) for path in everything_in(home.config) | {home.database_file}} == {0o600}
    assert everything_in(tmp_path) == {home.config.parent} | {
        path for folder in (home.config, home.data) for path in everything_in(folder) | {folder}
    }
    assert not list(home.data.glob(".staffdesk-*"))


def test_the_log_says_that_a_backup_was_made_and_that_it_was_restored(kept: Kept, tmp_path: Path) -> None:
    made = [core for core in entries(place_of(kept.home)) if core.act == Act.SYSTEM_BACKUP]
    assert [(core.out, core.kinds, core.role) for core in made] == [
        (Outcome.OK.value, ("begun",), Role.ADMIN),
        (Outcome.OK.value, ("made",), Role.ADMIN),
    ]
    assert made[1].n == kept.report.entries
    home = home_in(tmp_path)
    restore(home, kept.file, PASSPHRASE)
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


@pytest.mark.parametrize("part", PARTS)
def test_one_changed_byte_in_any_part_is_refused_and_nothing_is_left(part: str, kept: Kept, tmp_path: Path) -> None:
    with tarfile.open(kept.file) as archive:
        members = [member for member in archive if member.name.startswith(part)]
    for name, at in [(member.name, member.offset_data + member.size // 2) for member in members[:1]]:
        damaged = bytearray(kept.file.read_bytes())
        damaged[at] ^= 1
        file = tmp_path / "damaged"
        file.write_bytes(damaged)
        with pytest.raises(BadInput):
            restore(home_in(tmp_path), file, PASSPHRASE)
        assert everything_in(tmp_path) == {file}, name


@pytest.mark.parametrize("bytes_kept", [0, 100, 512, 4096, 60_000])
def test_a_file_cut_short_is_refused(bytes_kept: int, kept: Kept, tmp_path: Path) -> None:
    file = tmp_path / "cut"
    file.write_bytes(kept.file.read_bytes()[:bytes_kept])
    with pytest.raises(BadInput):
        restore(home_in(tmp_path), file, PASSPHRASE)
    assert everything_in(tmp_path) == {file}


@pytest.mark.parametrize("name", ["../../desk.key", "/tmp/desk.key", "checkpoints/../x.note", "surprise"])  # noqa: S108 - an attack
def test_a_part_that_no_backup_has_is_not_unpacked(name: str, kept: Kept, tmp_path: Path) -> None:
    file = tmp_path / "forged"
    shutil.copy(kept.file, file)
    with tarfile.open(file, "a") as archive:
        archive.addfile(tarfile.TarInfo(name))
    with pytest.raises(BadInput):
        restore(home_in(tmp_path), file, PASSPHRASE)
    assert everything_in(tmp_path) == {file}


def test_a_wrong_passphrase_a_missing_file_and_a_folder_are_refused_and_nothing_is_left(
    kept: Kept, tmp_path: Path
) -> None:
    for source, passphrase in (
        (kept.file, "seven brass kettles sink"),
        (tmp_path / "none", PASSPHRASE),
        (tmp_path, ""),
    ):
        with pytest.raises(BadInput):
            restore(home_in(tmp_path), source, passphrase)
    assert everything_in(tmp_path) == set()


def test_a_home_that_holds_anything_of_a_desk_is_left_as_it_is(kept: Kept, tmp_path: Path) -> None:
    home = home_in(tmp_path)
    home.make_folders()
    for path in (home.database_file.with_name("desk.db-wal"), home.settings_file, home.checkpoints / "1.note"):
        path.write_text("mine", encoding="utf-8")
        before = everything_in(tmp_path)
        with pytest.raises(Conflict):
            restore(home, kept.file, PASSPHRASE)
        assert everything_in(tmp_path) == before
        assert path.read_text("utf-8") == "mine"
        path.unlink()
    with pytest.raises(Conflict):
        restore(kept.home, kept.file, PASSPHRASE)


def test_what_cannot_be_put_in_place_leaves_nothing_behind(
    kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = Path.replace

    def full(self: Path, target: Path) -> Path:
        if target.name == "desk.db":
            raise OSError("no space left")
        return really(self, target)

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(StorageUnavailable):
        restore(home_in(tmp_path), kept.file, PASSPHRASE)
    assert everything_in(tmp_path) == set()


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
def test_a_weak_passphrase_makes_no_backup(passphrase: str, kept: Kept, tmp_path: Path) -> None:
    desk = open_desk(kept.home)
    try:
        with pytest.raises(BadInput):
            desk.backups.make(kept.admin, tmp_path / "weak", lambda: passphrase)
    finally:
        desk.close()
    assert everything_in(tmp_path) == set()


def test_an_existing_file_a_missing_folder_and_a_role_that_may_not_make_no_backup(kept: Kept, tmp_path: Path) -> None:
    existing = tmp_path / "existing"
    existing.write_text("mine", encoding="utf-8")
    desk = open_desk(kept.home)
    try:
        refusals: list[tuple[type[StaffdeskError], Access, Path]] = [
            (StorageUnavailable, kept.admin, existing),
            (Denied, kept.other, tmp_path / "backup"),
        ]
        for kind, access, target in refusals:
            with pytest.raises(kind):
                desk.backups.make(access, target, _never_asked)
    finally:
        desk.close()
    assert everything_in(tmp_path) == {existing}
    assert existing.read_text("utf-8") == "mine"
    assert (Act.DENIED, "denied") in acts(place_of(kept.home))


def _never_asked() -> str:
    raise AssertionError("a passphrase was asked for that no backup needed")


def test_a_folder_that_is_not_there_is_said(kept: Kept, tmp_path: Path) -> None:
    desk = open_desk(kept.home)
    try:
        with pytest.raises(StorageUnavailable):
            desk.backups.make(kept.admin, tmp_path / "nowhere" / "backup", lambda: PASSPHRASE)
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
    assert restore(home_in(tmp_path / "again"), tmp_path / "made", PASSPHRASE).exit_code == 0


def test_a_backup_that_does_not_read_back_is_not_kept(
    kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a disk that loses a byte: the file is spoilt between the writing and the reading back."""
    really = backups._read_back

    def spoilt(whole: Path, folder: Path, passphrase: str) -> object:
        content = bytearray(whole.read_bytes())
        content[len(content) // 2] ^= 1
        whole.write_bytes(content)
        return really(whole, folder, passphrase)

    monkeypatch.setattr(backups, "_read_back", spoilt)
    desk = open_desk(kept.home)
    try:
        with pytest.raises(StorageUnavailable, match="read back"):
            desk.backups.make(kept.admin, tmp_path / "spoilt", lambda: PASSPHRASE)
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
