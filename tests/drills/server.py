"""A server that is thrown away: this machine's files in a mount namespace of its own, with a real sshd on loopback.

What ``staffdesk deploy ssh --print`` prints is put in place there word for word: files where it says, commands as root.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.drills.network import free_port

ROOT: Final = Path(__file__).resolve().parents[2]
PROGRAM: Final = "/opt/staffdesk/bin/staffdesk"
INSIDE: Final = "STAFFDESK_DRILL_FOLDER"
PASSWORD: Final = "drill-of-an-invented-employee"
SSH: Final = ("/usr/sbin/sshd", "/usr/bin/ssh", "/usr/bin/sftp")
SUDO: Final = ("/usr/bin/sudo", "/usr/sbin/visudo")
_EMPTY: Final = ("/home", "/opt", "/run", "/var/log", "/var/lib")


class CannotRun(Exception):
    """The drill proves nothing here; the message says why."""


def enter_namespace(module: str, arguments: Sequence[str], needed: Sequence[str] = (*SSH, *SUDO)) -> int | None:
    """Run this module again in mounts and processes of its own; return its exit code, or None inside it.

    ``needed`` are the programs without which it proves nothing.
    Raises :class:`CannotRun` where this machine cannot give them.
    """
    if INSIDE in os.environ:
        return None
    if sys.platform != "linux" or os.geteuid() != 0:
        raise CannotRun("It needs root on Linux: it makes accounts, in a namespace of its own.")
    missing = [each for each in (*needed, "/usr/bin/unshare") if not Path(each).exists()]
    if missing:
        raise CannotRun(f"Not installed: {', '.join(missing)} (openssh-server, openssh-client, sudo).")
    folder = Path("/tmp") / f"staffdesk-drill-{os.getpid()}"  # noqa: S108 - root's own, closed below
    folder.mkdir(mode=0o711)
    command = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--propagation", "private"]
    try:
        environ = {**os.environ, INSIDE: str(folder)}
        return subprocess.run(
            [*command, sys.executable, "-m", module, *arguments], env=environ, cwd=ROOT, check=False
        ).returncode
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run(*command: str, given: str = "", environ: Mapping[str, str] | None = None, patience: float = 30) -> Ran:
    """Run a command and return how it ended, whatever that was."""
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        env=None if environ is None else dict(environ),
    ) as process:
        try:
            out, err = process.communicate(given, timeout=patience)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            return Ran(None, out, err)
    return Ran(process.returncode, out, err)


@dataclass(frozen=True)
class Ran:
    """How a command ended; ``code`` is None where it had to be killed."""

    code: int | None
    out: str
    err: str


def must(*command: str, given: str = "") -> str:
    """Run a command that the drill itself needs."""
    done = run(*command, given=given, patience=120)
    if done.code != 0:
        raise CannotRun(f"{' '.join(command)}: {done.err or done.out}")
    return done.out


@dataclass(frozen=True)
class Server:
    """The sshd that runs, the key that opens it, and the demo's accounts."""

    folder: Path
    port: int
    accounts: Sequence[Mapping[str, str]]

    @property
    def environ(self) -> dict[str, str]:
        """What a client has in its environment; the second question is answered by a program."""
        return {
            "PATH": os.environ["PATH"],
            "TERM": "xterm-256color",
            "LC_CANARY": "canary",
            "SSH_ASKPASS": str(self.folder / "askpass"),
            "SSH_ASKPASS_REQUIRE": "force",
        }

    def client(self, program: str, employee: str, *arguments: str) -> list[str]:
        """Return a command line of ssh, or with ``-P`` of scp and sftp, to this server."""
        options = ("StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR", "SendEnv=LC_CANARY")
        named = [part for option in (*options, f"User={employee}") for part in ("-o", option)]
        port = "-p" if program == "ssh" else "-P"
        return [program, "-F", "none", "-i", str(self.folder / "key"), port, str(self.port), *named, *arguments]


@contextmanager
def server(without: Sequence[str] = ()) -> Iterator[Server]:
    """Put the printed configuration in place, add three employees, and run sshd; only inside the namespace.

    Lines that hold one of the words ``without`` are left out, to see what then is open.
    """
    folder = Path(os.environ[INSIDE])
    own_mounts(folder)
    parts = {part["name"]: part for part in json.loads(must(PROGRAM, "deploy", "ssh", "--print", "--json"))}
    must("sh", "-euc", parts["account"]["text"])
    for name in ("environment", "sudoers", "sshd"):
        path = Path(parts[name]["path"])
        path.write_text(_left(parts[name]["text"], without), encoding="utf-8")
        path.chmod(int(parts[name]["mode"], 8))
    must("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "drill", "-f", str(folder / "key"))
    public = (folder / "key.pub").read_text(encoding="utf-8").strip()
    for employee in ("anna", "bert", "cleo"):
        must("env", f"EMPLOYEE={employee}", "sh", "-euc", parts["employee"]["text"])
        must("chpasswd", given=f"{employee}:{PASSWORD}\n")
        options, _, _ = parts["authorized_key"]["text"].partition(" ")
        line = f"{'' if options in without else options} {public}\n"
        Path(parts["authorized_key"]["path"].replace("EMPLOYEE", employee)).write_text(line, encoding="utf-8")
    askpass = folder / "askpass"
    askpass.write_text(f"#!/bin/sh\necho '{PASSWORD}'\n", encoding="utf-8")
    askpass.chmod(0o700)
    must("visudo", "-cf", "/etc/sudoers")
    as_desk = ("runuser", "-u", "staffdesk", "--", "env", "-i", "PATH=/usr/bin:/bin", PROGRAM)
    made = must(*as_desk, "demo", "--people", "20", "--no-open", "--json", "--home", "/var/lib/staffdesk")
    with listening_sshd(folder) as port:
        yield Server(folder, port, json.loads(made)["accounts"])


@contextmanager
def listening_sshd(folder: Path) -> Iterator[int]:
    """Run sshd on a free port of loopback, with the configuration that lies there now; only inside the namespace."""
    port = free_port()
    _listen_on(port)
    must("/usr/sbin/sshd", "-t")
    log = folder / "sshd.log"
    with subprocess.Popen(["/usr/sbin/sshd", "-D", "-E", str(log)]) as sshd:
        try:
            _wait_for(port, log)
            yield port
        finally:
            sshd.terminate()


def _left(text: str, without: Sequence[str]) -> str:
    return "".join(line for line in text.splitlines(keepends=True) if not any(word in line for word in without))


def own_mounts(folder: Path) -> None:
    """Give this namespace a copy of /etc to write to, and empty folders where accounts and programs go."""
    shutil.copytree("/etc", folder / "etc", symlinks=True)
    for path in (folder / "etc").rglob("*"):
        kept = Path("/etc") / path.relative_to(folder / "etc")
        with suppress(OSError):
            owner = kept.lstat()
            os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)
    must("mount", "--bind", str(folder / "etc"), "/etc")
    for name in _EMPTY:
        must("mount", "-t", "tmpfs", "-o", "mode=0755", "tmpfs", name)
    Path("/run/sshd").mkdir(mode=0o755)
    _install()


def _install() -> None:
    """Install this checkout as an administrator would, with what it is installed in here, all of it root's."""
    packages = [Path(path) for path in sys.path if path.endswith("site-packages")]
    mounted = {"python": Path(sys.base_prefix), "checkout": ROOT}
    mounted |= {f"packages{at}": path for at, path in enumerate(packages)}
    for name, kept in mounted.items():
        Path("/opt", name).mkdir(mode=0o755)
        must("mount", "--bind", "-o", "ro", str(kept), f"/opt/{name}")
    # An interpreter built for its own folder looks for its library there, which other accounts may not reach.
    Path("/etc/ld.so.conf.d/00-drill.conf").write_text("/opt/python/lib\n", encoding="utf-8")
    must("ldconfig")
    interpreter = Path(sys.executable).resolve().relative_to(sys.base_prefix)
    folder = Path(PROGRAM).parents[1]
    inside = folder / "lib" / packages[0].parent.name / "site-packages"
    inside.mkdir(parents=True, mode=0o755)
    Path(PROGRAM).parent.mkdir(mode=0o755)
    (folder / "pyvenv.cfg").write_text(f"home = {Path('/opt/python', interpreter).parent}\n", encoding="utf-8")
    (folder / "bin" / "python").symlink_to(Path("/opt/python", interpreter))
    (inside / "staffdesk.pth").write_text("".join(f"/opt/{name}\n" for name in list(mounted)[1:]), encoding="utf-8")
    Path(PROGRAM).write_text(
        f"#!{folder}/bin/python -I\nfrom staffdesk.cli.main import main\nmain()\n", encoding="utf-8"
    )
    Path(PROGRAM).chmod(0o755)
    must("runuser", "-u", "nobody", "--", PROGRAM, "--version")


def _listen_on(port: int) -> None:
    """Let the distribution's own configuration stand, with all it allows, and listen on loopback alone."""
    config = Path("/etc/ssh/sshd_config")
    config.write_text(f"Port {port}\nListenAddress 127.0.0.1\n{config.read_text(encoding='utf-8')}", encoding="utf-8")


def _wait_for(port: int, log: Path) -> None:
    until = time.monotonic() + 10
    while time.monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise CannotRun(f"sshd does not listen: {log.read_text(encoding='utf-8')}")
