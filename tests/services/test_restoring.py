"""What is restored is what was there, or nothing is, and what is no whole backup leaves nothing behind."""

from __future__ import annotations

import shutil
import stat
import tarfile
from pathlib import Path

import pytest

from staffdesk.domain.errors import BadInput, Conflict, StorageUnavailable
from staffdesk.parameters.shapes import sessions
from staffdesk.services.backups import restore
from staffdesk.services.home import read_seal_key
from staffdesk.services.opening_homes import open_database
from staffdesk.services.sealing import Sealer
from staffdesk.services.verification import verify_home
from tests.services.kept import PASSPHRASE, Kept, everything_in, home_in, place_of
from tests.services.offices import Office
from tests.services.store_files import held

PARTS = ("manifest.json", "sealed", "desk.db", "checkpoints/")


def test_a_restored_desk_is_the_desk_that_was_kept(kept: Kept, tmp_path: Path) -> None:
    home = home_in(tmp_path)
    report = restore(home, kept.file, PASSPHRASE, None)
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
            restore(home_in(tmp_path), file, PASSPHRASE, None)
        assert everything_in(tmp_path) == {file}, name


@pytest.mark.parametrize("bytes_kept", [0, 100, 512, 4096, 60_000])
def test_a_file_cut_short_is_refused(bytes_kept: int, kept: Kept, tmp_path: Path) -> None:
    file = tmp_path / "cut"
    file.write_bytes(kept.file.read_bytes()[:bytes_kept])
    with pytest.raises(BadInput):
        restore(home_in(tmp_path), file, PASSPHRASE, None)
    assert everything_in(tmp_path) == {file}


@pytest.mark.parametrize("name", ["../../desk.key", "/tmp/desk.key", "checkpoints/../x.note", "surprise"])  # noqa: S108 - an attack
def test_a_part_that_no_backup_has_is_not_unpacked(name: str, kept: Kept, tmp_path: Path) -> None:
    file = tmp_path / "forged"
    shutil.copy(kept.file, file)
    with tarfile.open(file, "a") as archive:
        archive.addfile(tarfile.TarInfo(name))
    with pytest.raises(BadInput):
        restore(home_in(tmp_path), file, PASSPHRASE, None)
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
            restore(home_in(tmp_path), source, passphrase, None)
    assert everything_in(tmp_path) == set()


def test_a_home_that_holds_anything_of_a_desk_is_left_as_it_is(kept: Kept, tmp_path: Path) -> None:
    home = home_in(tmp_path)
    home.make_folders()
    for path in (home.database_file.with_name("desk.db-wal"), home.settings_file, home.checkpoints / "1.note"):
        path.write_text("mine", encoding="utf-8")
        before = everything_in(tmp_path)
        with pytest.raises(Conflict):
            restore(home, kept.file, PASSPHRASE, None)
        assert everything_in(tmp_path) == before
        assert path.read_text("utf-8") == "mine"
        path.unlink()
    with pytest.raises(Conflict):
        restore(kept.home, kept.file, PASSPHRASE, None)


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
        restore(home_in(tmp_path), kept.file, PASSPHRASE, None)
    assert everything_in(tmp_path) == set()
