"""What a person gives that cannot be taken ends with 6; a reader that goes away ends quietly with 141.

Seen to fail: with the exit codes 1 and 5 that these ended with, and with an incident for a full disk.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Commands, open_with

ROOT = Path(__file__).resolve().parents[2]
FULL = Path("/dev/full")


def _shell(words: str, *fds: int, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", words],
        capture_output=True, text=True, check=False, cwd=ROOT, timeout=60, pass_fds=fds,
        env={**os.environ, "DESK": f"{sys.executable} -m staffdesk", **environment},
    )  # fmt: skip


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("command", ["keys", "keys --json", "--help", "--version", "search --help"])
def test_a_reader_that_goes_away_is_141_without_a_word(command: str, unbuffered: str) -> None:
    ran = _shell(f"$DESK {command} | true; exit ${{PIPESTATUS[0]}}", PYTHONUNBUFFERED=unbuffered)
    assert ran.returncode in {0, 141}
    assert ran.stderr == ""
    reading, writing = os.pipe()
    os.close(reading)
    ran = _shell(f"$DESK {command} >&{writing}", writing, PYTHONUNBUFFERED=unbuffered)
    os.close(writing)
    assert (ran.returncode, ran.stderr) == (141, "")


@pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full to write to")
@pytest.mark.parametrize("command", ["keys", "keys --json", "--help", "--version"])
@pytest.mark.parametrize("where", [">/dev/full", ">&-"])
def test_a_standard_output_that_takes_nothing_is_said(command: str, where: str) -> None:
    ran = _shell(f"$DESK {command} {where}")
    assert ran.returncode == 6
    assert ran.stderr.splitlines() == [
        "Standard output takes nothing: it is closed, or its disk is full. What was done is done.",
        "Send it to another file or to the terminal.",
    ]


@pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full to write to")
def test_a_search_onto_a_full_disk_is_no_incident(desk: Commands) -> None:
    with open_with([desk.password("anna")]) as fd:
        ran = _shell(
            f"$DESK search dupont --as anna --purpose support --reference {desk.demo.case} --password-fd {fd}"
            f" --home {desk.root} >/dev/full",
            fd,
        )
    assert ran.returncode == 6
    assert "incident" not in ran.stderr
    assert "Dupont" not in ran.stderr


def test_words_that_nobody_can_hear_change_no_exit_code(desk: Commands) -> None:
    for where in ("2>/dev/full", "2>&-"):
        ran = _shell(f"$DESK db check --home {desk.root} {where}")
        assert ran.returncode == 0, where


def test_a_file_for_a_backup_is_refused_before_anything_is_asked(desk: Commands, tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.write_text("mine", encoding="utf-8")
    for file, said in ((there, "exists already"), (tmp_path / "no" / "x", "its folder is not there")):
        ran = desk.run("backup", str(file), as_="frank", secrets=[desk.password("frank")])
        assert ran.code == 6
        assert said in ran.err
    assert there.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("option", [[], ["--recovery-file"]])
def test_a_file_to_restore_from_that_is_not_there_is_said_to_be_not_there(
    desk: Commands, tmp_path: Path, option: list[str]
) -> None:
    ran = desk.run("restore", *option, str(tmp_path / "none"))
    assert ran.code == 6
    assert "is not there." in ran.err
    ran = desk.run("restore", *option, str(tmp_path))
    assert ran.code == 6


def test_answers_that_are_not_there_are_6(desk: Commands, tmp_path: Path) -> None:
    elsewhere = Commands(desk.demo, tmp_path / "elsewhere", desk.capture)
    assert elsewhere.run("init", "--answers", str(tmp_path / "none.toml")).code == 6
