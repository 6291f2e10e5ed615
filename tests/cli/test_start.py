"""What happens before the first frame: no desk, no terminal, options in the wrong place."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from staffdesk import __version__
from staffdesk.cli.guard import guarded
from tests.cli.conftest import Commands
from tests.demos import cheap_passwords


@pytest.mark.parametrize("command", [[], ["run"]])
def test_without_a_desk_the_terminal_names_the_command_that_makes_one(
    command: list[str], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert guarded([*command, "--home", str(tmp_path)]) == 5
    said = capfd.readouterr().err
    assert "staffdesk init" in said
    assert "staffdesk demo" in said


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


@pytest.mark.parametrize("command", [[], ["search"], ["audit", "list"], ["db", "check"]])
def test_a_short_h_is_help(command: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    """Seen to fail: with the library's own names for help."""
    assert guarded([*command, "--help"]) == 0
    long = capfd.readouterr().out
    assert guarded([*command, "-h"]) == 0
    assert capfd.readouterr().out == long
    assert "Usage: staffdesk" in long


def test_the_demo_goes_where_the_environment_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Seen to fail: with a folder of its own whatever STAFFDESK_HOME said."""
    monkeypatch.setenv("STAFFDESK_HOME", str(tmp_path / "there"))
    with cheap_passwords():
        assert guarded(["demo", "--people", "3", "--no-open", "--json"]) == 0
    assert json.loads(capfd.readouterr().out)["home"] == str(tmp_path / "there")
    assert guarded(["demo", "--people", "3", "--no-open"]) == 8


def test_the_demo_says_that_its_one_key_signs_in_but_once(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with cheap_passwords():
        assert guarded(["demo", "--people", "3", "--home", str(tmp_path / "there")]) == 9
    said = capfd.readouterr().err
    assert f"Open it again with: staffdesk run --home {tmp_path / 'there'}" in said
    assert "takes a user name and its password" in said


@pytest.mark.parametrize(
    "given",
    [
        ["show", "dupont"],
        ["show", "1", "--purpose", "dupont"],
        ["audit", "list", "--limit", "0"],
        ["audit", "list", "--limit", "501"],
        ["audit", "list", "--since", "dupont"],
        ["staff", "add", "x", "--role", "dupont"],
        ["requests", "add", "--type", "dupont"],
    ],
)
def test_a_usage_error_is_said_in_our_words_without_the_value(
    given: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    """Seen to fail: with the library's sentences."""
    assert guarded([*given, "--as", "anna", "--name", "x", "--number", "1"][: len(given) + 2]) == 2
    said = capfd.readouterr().err
    assert said.startswith("Invalid value for ")
    assert ": it is " in said
    for theirs in ("Value error", "Input should", "dupont", "%Y"):
        assert theirs not in said
