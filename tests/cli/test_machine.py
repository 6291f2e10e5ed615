"""The doctor reads a machine as it is and says what is open: files, system, SSH, sudo, the employees' homes.

Real folders with wrong modes and owners, and a machine's files under a folder of their own; what ``sshd -T`` prints is
a file. The whole of it on a real sshd: ``python -m tests.drills.ssh``. Seen to fail: with each look answering that all
is well.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest

from staffdesk.services import machine
from staffdesk.services.deployment import Server, over_ssh
from staffdesk.services.home import Home
from staffdesk.services.machine.files import file_findings
from staffdesk.services.machine.finding import Finding, Grade, Machine
from staffdesk.services.machine.ssh import ssh_findings
from staffdesk.services.machine.system import system_findings
from tests.cli.conftest import Commands

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="gives files to another account")

EFFECTIVE = """forcecommand /usr/bin/sudo -n -u staffdesk -- /opt/staffdesk/bin/staffdesk
permituserrc no
permituserenvironment no
permitemptypasswords no
permittunnel no
disableforwarding yes
authorizedkeysfile /etc/ssh/authorized_keys/%u
acceptenv STAFFDESK_TAKES_NONE
clientaliveinterval 30
maxsessions 2
authenticationmethods publickey,keyboard-interactive
"""


@pytest.fixture
def server(tmp_path: Path) -> Machine:
    """A machine on which what is printed was put in place, with one employee."""
    program, home = PurePosixPath("/opt/staffdesk/bin/staffdesk"), PurePosixPath("/var/lib/staffdesk")
    parts = over_ssh(Server(group="desk", user="staffdesk", program=program, home=home))
    written = {part.path: part.text for part in parts} | {
        "/etc/ssh/sshd_config": "Include /etc/ssh/sshd_config.d/*.conf\nX11Forwarding yes\nAcceptEnv LANG LC_*\n",
        "/etc/sudoers": "Defaults env_reset\nroot ALL=(ALL:ALL) ALL\n",
        "/etc/group": "root:x:0:\ndesk:x:990:anna\n",
        "/etc/passwd": "root:x:0:0::/root:/bin/bash\nanna:x:1001:1001::/home/anna:/bin/sh\n",
        "/proc/swaps": "Filename\tType\tSize\tUsed\tPriority\n/dev/dm-1 partition 1 0 -2\n/dev/zram0 partition 1 0 5\n",
        "/sys/class/block/dm-1/dm/uuid": "CRYPT-PLAIN-swap\n",
        "/proc/sys/fs/suid_dumpable": "0\n",
        "/proc/sys/kernel/core_pattern": "core\n",
        "/proc/sys/kernel/yama/ptrace_scope": "1\n",
        "/proc/self/status": "Name:\tx\nUmask:\t0077\n",
    }
    for path, text in written.items():
        if path:
            put(tmp_path, path, text)
    return Machine(tmp_path, "linux", is_root=True, run=_says(EFFECTIVE), clock_is_set=lambda: True)


def put(root: Path, path: str, text: str) -> None:
    file = root / path.removeprefix("/")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def _says(text: str | None) -> Callable[[Sequence[str]], str | None]:
    return lambda _command: text


def _not_good(findings: object) -> list[tuple[str, str]]:
    assert isinstance(findings, tuple)
    return [(each.about, each.grade.value) for each in findings if each.grade is not Grade.GOOD]


def _system(machine_: Machine, **environ: str) -> tuple[Finding, ...]:
    return tuple(system_findings(machine_, environ, "4"))


def test_a_server_as_it_is_printed_has_nothing_open(server: Machine) -> None:
    for each in (server, replace(server, is_root=False), replace(server, run=_says(None))):
        assert _not_good(tuple(ssh_findings(each))) == []
    assert _not_good(_system(server)) == []


@pytest.mark.parametrize(
    ("theirs", "ours", "grade"),
    [
        ("forcecommand /usr/bin/sudo -n -u staffdesk -- /opt/staffdesk/bin/staffdesk", "forcecommand none", "wrong"),
        ("permituserrc no", "permituserrc yes", "wrong"),
        ("permituserenvironment no", "permituserenvironment yes", "wrong"),
        ("permittunnel no", "permittunnel yes", "wrong"),
        ("disableforwarding yes", "disableforwarding no", "wrong"),
        ("authorizedkeysfile /etc/ssh/authorized_keys/%u", "authorizedkeysfile .ssh/authorized_keys", "wrong"),
        ("acceptenv STAFFDESK_TAKES_NONE", "acceptenv LANG\nacceptenv LC_*", "open"),
        ("clientaliveinterval 30", "clientaliveinterval 0", "open"),
        ("maxsessions 2", "maxsessions 10", "open"),
        ("authenticationmethods publickey,keyboard-interactive", "authenticationmethods any", "open"),
    ],
)
def test_each_word_of_sshd_that_opens_something_is_named(theirs: str, ours: str, grade: str, server: Machine) -> None:
    found = tuple(ssh_findings(replace(server, run=_says(EFFECTIVE.replace(theirs, ours)))))
    assert _not_good(found) == [("SSH", grade)]


def test_the_files_are_read_where_sshd_tells_nothing(server: Machine) -> None:
    file = server.root / "etc/ssh/sshd_config.d/20-staffdesk.conf"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("DisableForwarding yes", "").replace("PermitUserRC no", ""), encoding="utf-8")
    found = tuple(ssh_findings(replace(server, is_root=False)))
    assert _not_good(found) == [("SSH", "wrong"), ("SSH", "wrong")]
    file.unlink()
    (only,) = ssh_findings(server)
    assert (only.grade, "leads nobody to a desk" in only.found) == (Grade.GOOD, True)


@pytest.mark.parametrize(
    ("theirs", "ours", "grade"),
    [
        ('bin/staffdesk ""', "bin/staffdesk", "wrong"),
        ('bin/staffdesk ""', "ALL", "wrong"),
        ("use_pty", "!use_pty", "wrong"),
        ("umask = 0077, umask_override, ", "", "open"),
    ],
)
def test_a_rule_of_sudo_that_gives_more_is_named(theirs: str, ours: str, grade: str, server: Machine) -> None:
    file = server.root / "etc/sudoers.d/staffdesk"
    file.write_text(file.read_text(encoding="utf-8").replace(theirs, ours), encoding="utf-8")
    assert _not_good(tuple(ssh_findings(server))) == [("sudo", grade)]


def test_a_rule_that_cannot_be_read_is_said_to_be_unread(server: Machine) -> None:
    (server.root / "etc/sudoers.d/staffdesk").unlink()
    assert _not_good(tuple(ssh_findings(server))) == [("sudo", "not read")]


@as_root
def test_a_home_that_its_employee_may_write_and_a_shell_that_reads_files_are_named(server: Machine) -> None:
    home = server.root / "home/anna"
    home.mkdir(parents=True)
    assert _not_good(tuple(ssh_findings(server))) == []
    os.chown(home, 1001, 1001)
    assert _not_good(tuple(ssh_findings(server))) == [("Employees", "wrong")]
    os.chown(home, 0, 0)
    put(server.root, "/etc/passwd", "anna:x:1001:1001::/home/anna:/bin/bash\n")
    assert _not_good(tuple(ssh_findings(server))) == [("Employees", "open")]


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("/sys/class/block/dm-1/dm/uuid", "LVM-x\n", ("Swap", "open")),
        ("/proc/swaps", "Filename\n/swapfile file 1 0 -2\n", ("Swap", "open")),
        ("/proc/sys/fs/suid_dumpable", "1\n", ("Core files", "wrong")),
        ("/proc/sys/kernel/core_pattern", "|/usr/bin/collect %p\n", ("Core files", "open")),
        ("/proc/sys/kernel/yama/ptrace_scope", "0\n", ("Debuggers", "open")),
        ("/proc/self/status", "Umask:\t0022\n", ("New files", "open")),
    ],
)
def test_what_the_system_leaves_open_is_named(path: str, text: str, expected: tuple[str, str], server: Machine) -> None:
    put(server.root, path, text)
    assert _not_good(_system(server)) == [expected]


def test_a_clock_that_follows_no_other_and_tmux_are_named(server: Machine) -> None:
    assert _not_good(_system(replace(server, clock_is_set=lambda: False))) == [("Clock", "open")]
    assert _not_good(_system(server, TMUX="/tmp/x")) == [("Copying", "open")]  # noqa: S108 - a variable's value


def test_on_macos_it_says_what_it_cannot_read(tmp_path: Path) -> None:
    found = _system(Machine(tmp_path, "darwin", run=_says(None), clock_is_set=lambda: None))
    unread = [each.about for each in found if each.grade is Grade.UNREAD]
    assert unread == ["Swap", "Core files", "Debuggers", "New files", "Clock"]


def _files(home: Home) -> list[tuple[str, str]]:
    return [(each.found, each.hint) for each in file_findings(home) if each.grade is Grade.WRONG]


def test_each_file_that_is_open_to_others_is_named_with_its_command(desk: Commands) -> None:
    home = desk.home
    assert _files(home) == []
    for path in (home.key_file, home.database_file, home.checkpoints):
        kept = path.stat().st_mode & 0o777
        path.chmod(kept | 0o044)
        ((said, hint),) = _files(home)
        assert path.name in said
        assert hint == f"Run: chmod {kept:o} {path}"
        path.chmod(kept)
    desk.root.chmod(0o777)
    ((said, _),) = _files(home)
    assert str(desk.root) in said
    ran = desk.run("doctor", "--json")
    assert ran.code == 9
    assert [row["grade"] for row in ran.rows if row["exit_code"]] == ["wrong"]


@as_root
def test_a_file_of_another_account_is_named_and_a_seal_key_of_another_is_what_proves(desk: Commands) -> None:
    home = desk.home
    proof = {each.about: each for each in file_findings(home)}["Proof"]
    assert (proof.grade, "can rewrite the log" in proof.found) == (Grade.OPEN, True)
    os.chown(home.seal_key_file, 65534, 65534)
    assert {each.about: each.grade for each in file_findings(home)}["Proof"] is Grade.GOOD
    os.chown(home.database_file, 65534, 65534)
    ((said, hint),) = _files(home)
    assert "desk.db belongs to nobody" in said
    assert hint.startswith("Run as root: chown root ")


def test_a_backup_is_known_by_its_entry(desk: Commands, tmp_path: Path) -> None:
    def said() -> Finding:
        return next(each for each in machine.examine(desk.home, {}) if each.about == "Backups")

    assert (said().grade, said().found) == (Grade.OPEN, "The log knows of no backup.")
    secrets = [desk.password("frank"), "a passphrase of an invented firm", "a passphrase of an invented firm"]
    assert desk.run("backup", str(tmp_path / "kept"), as_="frank", secrets=secrets).code == 0
    assert said().grade is Grade.GOOD


def test_nothing_of_a_customer_is_said_and_nobody_signs_in(desk: Commands) -> None:
    before = desk.home.database_file.stat().st_size
    ran = desk.run("doctor")
    assert desk.home.database_file.stat().st_size == before
    assert ".example" not in ran.out + ran.err
    assert "✓ ok" in ran.out
    assert "! open" in ran.out
