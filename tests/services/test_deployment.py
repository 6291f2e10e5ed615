"""What is printed for a server is taken by the real programs, closes what it says, and holds no name that acts.

What an employee can do there is tried by ``python -m tests.drills.ssh``. Seen to fail: with a forwarding word left out,
with a misspelt one in either file, and with names taken as they came.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path, PurePosixPath
from typing import Final

import pytest

from staffdesk.cli.guard import guarded
from staffdesk.domain.errors import BadInput
from staffdesk.services.deployment import Server, over_ssh

GIVEN = {"group": "desk", "user": "staffdesk", "program": "/opt/d/bin/staffdesk", "home": "/srv/desk"}


_STARTED: Final = (
    ("unshare", "--mount", "sh", "-c", 'mount -t tmpfs tmpfs /run && mkdir /run/sshd && exec "$@"', "sh")
    if os.geteuid() == 0 and sys.platform == "linux"
    else ()
)
"""sshd wants the folder that its service makes; here it gets one of its own, where that can be."""


def _texts(**names: str) -> dict[str, str]:
    given = GIVEN | names
    server = Server(
        group=given["group"],
        user=given["user"],
        program=PurePosixPath(given["program"]),
        home=PurePosixPath(given["home"]),
    )
    return {part.name: part.text for part in over_ssh(server)}


def _program(name: str) -> str:
    found = shutil.which(name, path="/usr/sbin:/sbin:/usr/bin:/bin")
    if found is None:
        pytest.skip(f"{name} is not installed here")
    return found


def test_sshd_takes_the_file_and_gives_an_employee_the_desk_alone(tmp_path: Path) -> None:
    sshd, key = _program("sshd"), tmp_path / "host_key"
    if not _STARTED and not Path("/run/sshd").is_dir():
        pytest.skip("sshd checks no file where its service never ran")
    subprocess.run([_program("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    ours, config = tmp_path / "20-staffdesk.conf", tmp_path / "sshd_config"
    ours.write_text(_texts()["sshd"].replace("Match Group desk", "Match User anna"), encoding="utf-8")
    theirs = f"Include {ours}\nHostKey {key}\nX11Forwarding yes\nAcceptEnv LANG LC_*\n"
    config.write_text(theirs, encoding="utf-8")
    subprocess.run([*_STARTED, sshd, "-t", "-f", str(config)], check=True)

    asked = [*_STARTED, sshd, "-T", "-f", str(config), "-C", "user=anna,host=h,addr=192.0.2.1"]
    lines = subprocess.run(asked, check=True, capture_output=True, text=True).stdout.splitlines()

    assert next(line for line in lines if line.startswith("forcecommand ")).startswith(
        "forcecommand /usr/bin/sudo -n -u staffdesk -- /opt/d/bin/staffdesk ||"
    )
    expected = {
        "disableforwarding yes", "allowtcpforwarding no", "allowstreamlocalforwarding no", "allowagentforwarding no",
        "x11forwarding no", "permittunnel no", "permitopen none", "permitlisten none", "permituserrc no",
        "permituserenvironment no", "acceptenv STAFFDESK_TAKES_NONE", "maxsessions 2", "clientaliveinterval 30",
        "clientalivecountmax 3", "authenticationmethods publickey,keyboard-interactive",
        "authorizedkeysfile /etc/ssh/authorized_keys/%u",
    }  # fmt: skip
    assert expected - set(lines) == set()
    assert [line for line in lines if line.startswith("acceptenv")] == ["acceptenv STAFFDESK_TAKES_NONE"]


def test_sudo_takes_the_file_and_one_command_without_an_argument(tmp_path: Path) -> None:
    visudo, file = _program("visudo"), tmp_path / "staffdesk"
    file.write_text(_texts()["sudoers"], encoding="utf-8")
    done = subprocess.run([visudo, "-c", "-s", "-f", str(file)], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    (rule,) = (line for line in file.read_text(encoding="utf-8").splitlines() if line.startswith("%desk"))
    assert rule == '%desk ALL = (staffdesk) NOPASSWD: /opt/d/bin/staffdesk ""'


@pytest.mark.parametrize("name", ["account", "employee"])
def test_the_commands_are_commands(name: str) -> None:
    subprocess.run(["/bin/sh", "-n"], input=_texts()[name], text=True, check=True)


@pytest.mark.parametrize(
    "given",
    [
        {"group": "a\nALL ALL = NOPASSWD: ALL"},
        {"user": "a b"},
        {"user": "root"},
        {"user": "desk"},
        {"program": "/opt/x, /bin/sh"},
        {"program": "staffdesk"},
        {"home": "/srv/$(id)"},
        {"home": "/srv/../etc"},
    ],
)
def test_a_name_that_would_act_in_one_of_the_files_is_refused(given: dict[str, str]) -> None:
    with pytest.raises(BadInput):
        _texts(**given)


def test_the_command_prints_every_part_with_its_place_and_its_check(capfd: pytest.CaptureFixture[str]) -> None:
    assert guarded(["deploy", "ssh"]) == 6
    assert "deploy ssh --print" in capfd.readouterr().err
    assert guarded(["deploy", "ssh", "--print", "--group", "support", "--json"]) == 0
    parts = json.loads(capfd.readouterr().out)
    assert [part["name"] for part in parts if not part["check"]] == []
    assert guarded(["deploy", "ssh", "--print", "--group", "support"]) == 0
    printed = capfd.readouterr().out
    assert "/etc/ssh/sshd_config.d/20-staffdesk.conf, owner root, mode 0600" in printed
    assert "Match Group support" in printed
    assert [part["name"] for part in parts if part["text"].strip() not in printed] == []
