"""A new desk: at most eight questions, or none; the recovery key is seen once, on a screen that is wiped."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pexpect
import pytest

from staffdesk.cli.guard import guarded
from staffdesk.services.home import Home
from staffdesk.services.init_answers import QUESTIONS
from staffdesk.services.recovery_key import RecoveryKey, read_recovery_file
from tests.cli.conftest import open_with

OWN = "three quiet otters knitting"
PASSPHRASE = "eleven copper kettles sing"


def _init(root: Path) -> pexpect.spawn[str]:
    environment = {name: value for name, value in os.environ.items() if name != "STAFFDESK_HOME"} | {"TERM": "xterm"}
    child = pexpect.spawn(
        sys.executable,
        ["-m", "staffdesk", "init", "--home", str(root)],
        encoding="utf-8", timeout=60, env=environment, dimensions=(30, 120),
    )  # fmt: skip
    child.delaybeforesend = None
    return child


def _answer_all(child: pexpect.spawn[str]) -> None:
    for question in QUESTIONS:
        child.expect_exact(question.text)
        child.sendline("")
    for prompt in ("Password of ", "The same once more"):
        child.expect_exact(prompt)
        child.sendline(OWN)


def test_there_are_at_most_eight_questions_and_each_has_an_answer() -> None:
    assert len(QUESTIONS) <= 8


def test_pressing_enter_makes_a_desk_and_the_recovery_key_is_wiped(tmp_path: Path) -> None:
    child = _init(tmp_path / "home")
    _answer_all(child)
    child.expect_exact("\x1b[?1049h")
    child.expect_exact("Type its last group")
    shown = str(child.before)
    key = RecoveryKey.of(Home.locate(tmp_path / "home", {}).read_key())
    assert all(group in shown for group in key.groups)
    child.sendline("WRNG")
    child.expect_exact("That is not the last group.")
    child.sendline(key.groups[-1].lower())
    child.expect_exact("\x1b[2J\x1b[H\x1b[?1049l")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    after = str(child.before)
    assert not [group for group in key.groups if group in after]
    assert "One-time password" in after


def test_stopping_at_the_recovery_key_wipes_it_too(tmp_path: Path) -> None:
    child = _init(tmp_path / "home")
    _answer_all(child)
    child.expect_exact("Type its last group")
    child.sendcontrol("c")
    child.expect_exact("\x1b[2J\x1b[H\x1b[?1049l")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 130


def test_a_weak_password_is_asked_again(tmp_path: Path) -> None:
    child = _init(tmp_path / "home")
    for question in QUESTIONS:
        child.expect_exact(question.text)
        child.sendline("")
    for prompt in ("Password of ", "The same once more"):
        child.expect_exact(prompt)
        child.sendline("short")
    child.expect_exact("too short")
    child.expect_exact("Password of ")
    child.sendcontrol("c")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 130
    assert not (tmp_path / "home" / "config").exists(), "nothing is made before everything is answered"


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    file = tmp_path / "answers.toml"
    file.write_text(
        f"""
        recovery = "{tmp_path}/recovery.json"
        [[people]]
        full_name = "Ada Admin"
        user_name = "ada"
        roles = ["admin"]
        own_password = true
        [[people]]
        full_name = "Abe Approver"
        user_name = "abe"
        roles = ["approver"]
        """,
        encoding="utf-8",
    )
    return file


def test_an_answers_file_asks_nothing(tmp_path: Path, answers: Path, capfd: pytest.CaptureFixture[str]) -> None:
    root = tmp_path / "home"
    with open_with([OWN, PASSPHRASE]) as fd:
        code = guarded(["init", "--answers", str(answers), "--password-fd", str(fd), "--home", str(root)])
    assert code == 0, capfd.readouterr().err
    home = Home.locate(root, {})
    assert read_recovery_file(tmp_path / "recovery.json", PASSPHRASE).key == home.read_key()
    with open_with([OWN]) as fd:
        assert guarded(["staff", "list", "--as", "ada", "--password-fd", str(fd), "--home", str(root)]) == 0
    assert guarded(["init", "--answers", str(answers), "--home", str(root)]) == 8


def test_without_a_place_for_the_recovery_key_nothing_is_made(
    tmp_path: Path, answers: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    lines = answers.read_text(encoding="utf-8").splitlines()
    answers.write_text("\n".join(line for line in lines if "recovery" not in line), encoding="utf-8")
    with open_with([OWN]) as fd:
        code = guarded(["init", "--answers", str(answers), "--password-fd", str(fd), "--home", str(tmp_path / "home")])
    assert code == 6
    assert "nowhere to go" in capfd.readouterr().err
    assert not (tmp_path / "home").exists()


def test_an_unknown_answer_exits_9(tmp_path: Path, answers: Path) -> None:
    answers.write_text(f"colour = 'red'\n{answers.read_text(encoding='utf-8')}", encoding="utf-8")
    with open_with([OWN, PASSPHRASE]) as fd:
        code = guarded(["init", "--answers", str(answers), "--password-fd", str(fd), "--home", str(tmp_path / "home")])
    assert code == 9


def test_on_postgresql_nothing_of_a_customer_lies_in_the_home(
    tmp_path: Path, answers: Path, postgres_url: str, capfd: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "home"
    with open_with([OWN, PASSPHRASE]) as fd:
        given = ["--answers", str(answers), "--password-fd", str(fd), "--home", str(root), "--database", postgres_url]
        assert guarded(["init", *given]) == 0, capfd.readouterr().err
    assert not Home.locate(root, {}).database_file.exists()
    with open_with([OWN]) as fd:
        assert guarded(["staff", "list", "--as", "ada", "--password-fd", str(fd), "--home", str(root)]) == 0
    assert guarded(["audit", "verify", "--home", str(root)]) == 0
    assert guarded(["db", "check", "--home", str(root)]) == 0
