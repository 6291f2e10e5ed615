"""Backups, restoring, the schema, the doctor."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from staffdesk.services.home import Home
from staffdesk.services.recovery_key import RecoveryKey
from tests.cli.conftest import Commands

pytestmark = pytest.mark.usefixtures("migrated_once")

PASSPHRASE = "eleven copper kettles sing"


def _backup(desk: Commands, file: Path) -> None:
    ran = desk.run("backup", str(file), as_="frank", secrets=[desk.password("frank"), PASSPHRASE])
    assert ran.code == 0, ran.err


def test_what_is_backed_up_comes_back_whole(desk: Commands, tmp_path: Path) -> None:
    file = tmp_path / "desk.backup"
    _backup(desk, file)
    elsewhere = Commands(desk.demo, tmp_path / "elsewhere", desk.capture)
    assert elsewhere.run("restore", str(file), "--without-ledger", secrets=[PASSPHRASE]).code == 0
    assert "Dupont" in elsewhere.look("search", "dupont").out
    assert elsewhere.run("audit", "verify").code == 0


def test_a_backup_opens_with_its_passphrase_alone_and_over_no_desk(desk: Commands, tmp_path: Path) -> None:
    file = tmp_path / "desk.backup"
    _backup(desk, file)
    assert b"Dupont" not in file.read_bytes()
    elsewhere = Commands(desk.demo, tmp_path / "elsewhere", desk.capture)
    assert elsewhere.run("restore", str(file), "--without-ledger", secrets=["eleven copper kettles sigh"]).code == 6
    assert not (tmp_path / "elsewhere" / "data" / "desk.db").exists()
    assert desk.run("restore", str(file), "--without-ledger", secrets=[PASSPHRASE]).code == 8


def test_only_an_admin_makes_a_backup(desk: Commands, tmp_path: Path) -> None:
    file = tmp_path / "desk.backup"
    assert desk.run("backup", str(file), as_="anna", secrets=[desk.password("anna"), PASSPHRASE]).code == 3
    assert not file.exists()


def test_a_lost_key_file_comes_back_from_the_recovery_key(desk: Commands) -> None:
    recovery = str(RecoveryKey.of(desk.home.read_key()))
    desk.home.key_file.unlink()
    assert desk.look("search", "dupont").code == 5
    assert desk.run("restore", "--recovery-key", secrets=[recovery.lower().replace(" ", "-")]).code == 0
    assert "Dupont" in desk.look("search", "dupont").out


def test_the_recovery_key_of_another_desk_leaves_no_key_file(desk: Commands) -> None:
    desk.home.key_file.unlink()
    other = str(RecoveryKey.of("ab" * 32))
    assert desk.run("restore", "--recovery-key", secrets=[other]).code == 5
    assert not desk.home.key_file.exists()


def test_restore_wants_one_source(desk: Commands) -> None:
    assert desk.run("restore").code == 6
    assert desk.run("restore", "x.backup", "--recovery-key").code == 6


def test_the_schema_is_the_newest_and_an_upgrade_changes_nothing(desk: Commands) -> None:
    checked = desk.run("db", "check", "--json")
    assert checked.code == 0
    assert desk.run("db", "upgrade").code == 0
    assert desk.run("db", "check", "--json").record == checked.record


def test_the_doctor_finds_nothing_in_a_sound_desk(desk: Commands) -> None:
    ran = desk.run("doctor", "--json")
    assert ran.code == 0, ran.out
    assert [row["about"] for row in ran.rows][:13] == [
        "Terminal",
        "Home",
        "Key file",
        "Settings",
        "Disk",
        "Database",
        "Tables",
        "Writing",
        "Seal key",
        "Identity",
        "Due dates",
        "Words",
        "Log",
    ]
    assert not [row for row in ran.rows if row["exit_code"]]


@pytest.mark.parametrize(
    ("harm", "about"),
    [
        (lambda home: home.key_file.chmod(0o644), "Key file"),
        (lambda home: home.data.chmod(0o755), "Home"),
        (lambda home: home.settings_file.write_text('database = "sqlite"\ncolour = "red"\n'), "Settings"),
        (lambda home: home.database_file.write_bytes(b"SQLite format 3\x00" + b"\x00" * 4096), "Database"),
        (lambda home: home.verifier_key_file.unlink(), "Seal key"),
    ],
    ids=["key open to others", "data open to others", "unknown setting", "plain database", "no public key"],
)
def test_the_doctor_names_the_first_thing_wrong_and_the_next_step(
    desk: Commands, harm: Callable[[Home], object], about: str
) -> None:
    harm(desk.home)
    ran = desk.run("doctor", "--json")
    wrong = [row for row in ran.rows if row["exit_code"]]
    assert wrong[0]["about"] == about
    assert ran.code == wrong[0]["exit_code"] != 0
    assert wrong[0]["hint"]
