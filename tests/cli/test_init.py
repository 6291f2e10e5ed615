"""A new desk: at most eight questions, or none; the recovery key is seen once, on a screen that is wiped.

Seen to fail: with the desk made before the recovery key was read, and with answers looked at after the last question.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pexpect
import pytest

from staffdesk.cli.guard import guarded
from staffdesk.services.home import Home
from staffdesk.services.init_answers import QUESTIONS
from staffdesk.services.recovery_key import RecoveryKey, read_recovery_file
from tests.cli.conftest import open_with
from tests.cli.init_in_terminal import Init, environ_of
from tests.forked import PROGRAM, Ended, Forked

pytestmark = pytest.mark.usefixtures("migrated_once")

OWN = "three quiet otters knitting"
PASSPHRASE = "eleven copper kettles sing"


def _answer_all(child: pexpect.spawn[str] | Init) -> None:
    for question in QUESTIONS:
        child.expect_exact(question.text)
        child.sendline("")
    for prompt in ("Password of ", "The same once more"):
        child.expect_exact(prompt)
        child.sendline(OWN)


def test_pressing_enter_makes_a_desk_and_the_recovery_key_is_wiped(tmp_path: Path) -> None:
    child = pexpect.spawn(
        sys.executable,
        ["-m", "staffdesk", "init", "--home", str(tmp_path / "home")],
        encoding="utf-8", timeout=60, env=environ_of("xterm"), dimensions=(30, 120),
    )  # fmt: skip
    child.delaybeforesend = None
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


@pytest.mark.parametrize(("key", "code"), [("c", 130), ("d", 6)])
def test_stopping_at_the_recovery_key_wipes_it_and_makes_nothing(tmp_path: Path, key: str, code: int) -> None:
    child = Init(tmp_path / "home")
    _answer_all(child)
    child.expect_exact("Type its last group")
    child.sendcontrol(key)
    child.expect_exact("\x1b[2J\x1b[H\x1b[?1049l")
    child.expect_exact("Nothing was made.")
    child.expect_exact("Begin again: staffdesk init")
    assert child.end() == code
    assert not (tmp_path / "home").exists()


def test_an_answer_is_looked_at_at_once_and_asked_again(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("mine", encoding="utf-8")
    child = Init(tmp_path / "home")
    wrong: dict[str, list[tuple[str, str]]] = {
        "firm": [("5", "There is no preset for 5 people."), ("many", "The number of people is a number.")],
        "admin": [("\u738b\u5c0f\u660e", "No user name can be made from this name."), ("4111 1111 1111 1111", "card")],
        "approver": [("Ada Admin", "Two people have the same user name")],
        "others": [("A One, B Two, C Three", "has 1 others"), ("Ada Admin", "Two people have the same user name")],
        "entity": [("FR", "The company is BE or US.")],
        "database": [("mysql://x", 'neither "sqlite" nor'), ("postgresql://u:p@h/d", "holds a password")],
        "recovery": [(str(taken), "exists already"), (str(tmp_path / "no" / "r"), "cannot be made there")],
    }
    right = {"admin": "Ada Admin", "others": "\u738b\u5c0f\u660e = wang"}
    for question in QUESTIONS:
        for reply, said in wrong[question.key]:
            child.expect_exact(question.text)
            child.sendline(reply)
            child.expect_exact(said)
        child.expect_exact(question.text)
        child.sendline(right.get(question.key, ""))
    child.expect_exact("Password of ada.admin")
    child.sendcontrol("c")
    child.end()
    assert not (tmp_path / "home").exists()
    assert taken.read_text(encoding="utf-8") == "mine"


def test_the_end_of_the_input_at_a_question_makes_nothing(tmp_path: Path) -> None:
    child = Init(tmp_path / "home")
    child.expect_exact(QUESTIONS[0].text)
    child.sendcontrol("d")
    child.expect_exact("Nothing was made.")
    assert child.end() == 6


def test_a_password_typed_otherwise_the_second_time_is_asked_again(tmp_path: Path) -> None:
    child = Init(tmp_path / "home")
    for question in QUESTIONS:
        child.expect_exact(question.text)
        child.sendline("")
    for prompt, typed in (("Password of ", OWN), ("The same once more", PASSPHRASE)):
        child.expect_exact(prompt)
        child.sendline(typed)
    child.expect_exact("The two were not the same.")
    child.expect_exact("Password of ")
    child.sendcontrol("c")
    child.end()


@pytest.mark.parametrize("term", ["dumb", ""])
def test_a_terminal_that_cannot_be_cleared_shows_no_recovery_key_and_offers_the_file(tmp_path: Path, term: str) -> None:
    child = Init(tmp_path / "home", term)
    for question in QUESTIONS:
        child.expect_exact(question.text)
        child.sendline("")
    child.expect_exact("This terminal cannot be cleared")
    child.expect_exact(QUESTIONS[-1].text)
    child.sendline(str(tmp_path / "recovery"))
    for prompt, typed in (
        ("Password of ", OWN), ("The same once more", OWN),
        ("Passphrase of ", PASSPHRASE), ("The same once more", PASSPHRASE),
    ):  # fmt: skip
        child.expect_exact(prompt)
        child.sendline(typed)
    child.expect_exact("One-time password")
    assert child.end() == 0
    key = Home.locate(tmp_path / "home", {}).read_key()
    assert read_recovery_file(tmp_path / "recovery", PASSPHRASE).key == key


def test_a_weak_password_is_asked_again(tmp_path: Path) -> None:
    child = Init(tmp_path / "home")
    for question in QUESTIONS:
        child.expect_exact(question.text)
        child.sendline("")
    child.expect_exact("Password of ")
    child.sendline("short")
    child.expect_exact("too short")
    child.expect_exact("Password of ")
    assert "once more" not in child.before, "nobody types twice what cannot be taken"
    child.sendcontrol("c")
    child.expect_exact("\r\nNothing was made.\r\nBegin again: staffdesk init\r\n\r\n")
    assert child.end() == 130
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


def _begin(answers: Path, root: Path, *more: str) -> int:
    with open_with([OWN, PASSPHRASE]) as fd:
        return guarded(["init", "--answers", str(answers), "--password-fd", str(fd), "--home", str(root), *more])


def _recovery(answers: Path, place: Path) -> None:
    lines = answers.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if "recovery" not in line]
    answers.write_text("\n".join([f'recovery = "{place}"', *kept]), encoding="utf-8")


@pytest.mark.parametrize("place", ["nonexist/r.json", "taken", "."])
def test_a_recovery_file_that_cannot_be_made_is_said_before_anything_is_made(
    tmp_path: Path, answers: Path, place: str, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "taken").write_text("mine", encoding="utf-8")
    _recovery(answers, tmp_path / place)
    assert _begin(answers, tmp_path / "home") == 6
    assert "The file for the recovery key" in capfd.readouterr().err
    assert not (tmp_path / "home").exists()
    assert (tmp_path / "taken").read_text(encoding="utf-8") == "mine"


def test_a_beginning_that_fails_leaves_no_recovery_file(tmp_path: Path, answers: Path) -> None:
    nowhere = f"postgresql+psycopg://nobody@/desk?host={tmp_path}"
    assert _begin(answers, tmp_path / "home", "--database", nowhere) == 5
    assert not (tmp_path / "recovery.json").exists()
    assert not (tmp_path / "home").exists()
    assert _begin(answers, tmp_path / "home") == 0


def _begin_in_a_shell(answers: Path, root: Path, before: str, after: str) -> Ended:
    with open_with([OWN, PASSPHRASE]) as fd:
        words = f"{sys.executable} -m staffdesk init --answers {answers} --password-fd {fd} --home {root}"
        ran = subprocess.run(
            ["bash", "-c", before + words + after],
            capture_output=True, text=True, check=False, timeout=60, pass_fds=(fd,),
        )  # fmt: skip
    return Ended(ran.returncode, ran.stdout, ran.stderr)


def test_passwords_that_standard_output_does_not_take_are_said_all_the_same(tmp_path: Path, answers: Path) -> None:
    ran = _begin_in_a_shell(answers, tmp_path / "home", "", " >/dev/full")
    assert ran.returncode == 6
    assert "ada: as chosen" in ran.stderr
    first = ran.stderr.partition("abe: ")[2].partition("\n")[0]
    with open_with([first, PASSPHRASE]) as fd:
        given = ["case", "list", "--as", "abe", "--password-fd", str(fd), "--home", str(tmp_path / "home")]
        assert guarded(given) == 0


@pytest.mark.parametrize("kilobytes", [0, 4, 40, 400])
def test_a_disk_that_fills_up_on_the_way_leaves_nothing(tmp_path: Path, answers: Path, kilobytes: int) -> None:
    """The database file of a new desk is larger than all of these."""
    root = tmp_path / "home"
    if kilobytes:
        with open_with([OWN, PASSPHRASE]) as fd:
            words = ("init", "--answers", str(answers), "--password-fd", str(fd), "--home", str(root))
            with Forked(PROGRAM, *words, fds=(fd,), bytes_at_most=kilobytes * 1024) as running:
                ran = running.end()
    else:
        ran = _begin_in_a_shell(answers, root, "ulimit -f 0; ", "")
    assert ran.returncode == 5, ran.stderr
    assert "incident" not in ran.stderr
    assert "space" in ran.stderr
    assert not (tmp_path / "home").exists()
    assert not (tmp_path / "recovery.json").exists()
