"""Whatever happens, a command ends with a code and a sentence; never with a traceback, never with a value."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from staffdesk.cli.guard import guarded
from staffdesk.domain import errors
from tests.cli.conftest import Commands, open_with

ROOT = Path(__file__).resolve().parents[2]
SECRET = "Élodie Dupont 4711"


def _raising(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr("staffdesk.services.home.Home.check_made", fail)


@pytest.mark.parametrize(
    "error", [RuntimeError(SECRET), ValueError(SECRET), KeyError(SECRET), OSError(5, SECRET), RecursionError(SECRET)]
)
def test_a_crash_says_an_incident_and_no_value(
    error: Exception, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    _raising(monkeypatch, error)
    assert guarded(["run"]) == 1
    printed = capfd.readouterr()
    assert printed.out == ""
    assert re.match(r"staffdesk stopped \(incident [0-9A-F]{6}: \w+ at staffdesk\.[\w.]+:\d+\)\.", printed.err)
    assert "Dupont" not in printed.err
    assert "Traceback" not in printed.err


def _all_errors(kind: type[errors.StaffdeskError] = errors.StaffdeskError) -> list[type[errors.StaffdeskError]]:
    return [
        kind,
        *(each for sub in kind.__subclasses__() if sub.__module__ == errors.__name__ for each in _all_errors(sub)),
    ]


@pytest.mark.parametrize("kind", _all_errors())
def test_an_error_meant_for_a_person_is_its_sentence_its_hint_and_its_code(
    kind: type[errors.StaffdeskError], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    _raising(monkeypatch, kind("It is closed.", "Knock."))
    assert guarded(["run"]) == kind.exit_code
    assert capfd.readouterr() == ("", "It is closed.\nKnock.\n")


@pytest.mark.parametrize("page", ["README.md", "staffdesk/help/exit-codes.md"])
def test_every_exit_code_is_in_the_manual(page: str) -> None:
    told = {int(code) for code in re.findall(r"\| (\d+) \|", (ROOT / page).read_text(encoding="utf-8"))}
    assert {kind.exit_code for kind in _all_errors()} | {0, 1, 2, 10, 20} <= told


def test_ctrl_c_is_130(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("staffdesk.services.home.Home.check_made", stop)
    assert guarded(["run"]) == 130
    assert "Traceback" not in capfd.readouterr().err


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_goes_away_is_no_crash(unbuffered: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "staffdesk", "keys"],
        stdout=writing, stderr=subprocess.PIPE, text=True, check=False, cwd=ROOT, timeout=60,
        env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
    )  # fmt: skip
    os.close(writing)
    assert done.stderr == ""


def test_a_command_that_is_ended_by_a_signal_still_signs_out(desk: Commands) -> None:
    with open_with([desk.password("anna")]) as fd:
        command = [sys.executable, "-m", "staffdesk", "case", "new", "--as", "anna", "--password-fd", str(fd)]
        running = subprocess.Popen(
            [*command, "--summary", "x", "--home", str(desk.root)], pass_fds=(fd,), stderr=subprocess.PIPE, cwd=ROOT
        )
        assert running.stderr is not None
        running.stderr.readline()
        running.send_signal(signal.SIGTERM)
        running.wait(30)
        running.stderr.close()
    acts = [(entry["act"], entry["out"]) for entry in desk.entries()]
    assert acts.count(("session.ended", "ok")) == acts.count(("session.signed_in", "ok")) - 1
