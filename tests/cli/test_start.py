"""What happens before the first frame: no desk, no terminal, options in the wrong place."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from staffdesk import __version__
from staffdesk.cli.guard import guarded
from tests.cli.conftest import Commands


@pytest.mark.parametrize("command", [[], ["run"]])
def test_without_a_desk_the_terminal_names_the_command_that_makes_one(
    command: list[str], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert guarded([*command, "--home", str(tmp_path)]) == 5
    assert "staffdesk init" in capfd.readouterr().err


def test_without_a_terminal_the_commands_are_named_instead(desk: Commands) -> None:
    ran = desk.run("run")
    assert (ran.code, ran.out) == (9, "")
    assert "staffdesk search" in ran.err


def test_the_home_may_come_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAFFDESK_HOME", str(tmp_path / "nowhere"))
    assert guarded(["audit", "verify"]) == 5


def test_an_option_before_the_command_is_not_silently_ignored(capfd: pytest.CaptureFixture[str]) -> None:
    assert guarded(["--home", "/nowhere", "keys"]) == 6
    assert "--home stands after the command." in capfd.readouterr().err


def test_both_ways_of_starting_it_tell_the_version() -> None:
    for command in ([sys.executable, "-m", "staffdesk"], [str(Path(sys.executable).with_name("staffdesk"))]):
        done = subprocess.run([*command, "--version"], capture_output=True, text=True, check=True, timeout=60)
        assert done.stdout == f"staffdesk {__version__}\n"
