"""One server, one desk, employees over SSH: a real sshd with the printed configuration, and all ways past the desk.

``python -m tests.drills.ssh``, as root on Linux with openssh-server and sudo. In a namespace that is thrown away it
puts in place what ``staffdesk deploy ssh --print`` prints, over the distribution's own configuration, and tries what an
employee could: the desk opens, and nothing else does. Where it cannot run it says why and ends with 2; a way that is
open ends it with 1. ``--without WORD`` leaves out the printed lines that hold the word, to see what then fails. One
employee has bash and a home of her own, against what is printed: code runs there, which shows that this drill would
see it.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.drills.network import SECRET, ask, free_port, listener
from tests.drills.server import PROGRAM, CannotRun, Server, enter_namespace, must, run, server
from tests.tui.terminal import Terminal

MARK: Final = Path("/home/mark")
PATIENCE: Final = 15.0
KNOWN: Final = frozenset({
    "HOME", "LANG", "LOGNAME", "MAIL", "PATH", "SHELL", "SSH_CONNECTION", "STAFFDESK_HOME", "SUDO_COMMAND", "SUDO_GID",
    "SUDO_UID", "SUDO_USER", "TERM", "USER",
})  # fmt: skip
DIRTY: Final = ("-A", "-X")


class Open(AssertionError):
    """A way past the desk."""


def closed(held: bool, what: str) -> None:
    """Fail where something did not hold; asserts may be switched off, a drill not."""
    if not held:
        raise Open(what)


@contextmanager
def seat(at: Server, *options: str, employee: str = "anna", asked: str = "") -> Iterator[Terminal]:
    """Give an employee's terminal on the way to the desk."""
    command = at.client("ssh", employee, "-tt", *options, "127.0.0.1", *([asked] if asked else []))
    tty = Terminal(command, at.environ, (80, 24))
    try:
        yield tty
    finally:
        tty.close()


def the_desk_opens(at: Server) -> None:
    account = next(each for each in at.accounts if each["role"] == "support")
    with seat(at) as tty:
        tty.wait_for("User name", seconds=PATIENCE)
        tty.send(f"{account['user']}\t{account['password']}\r")
        tty.wait_for("My open cases", seconds=PATIENCE)
        tty.send("\x11")
        closed(tty.end() == 0, "the desk did not end well")


def nothing_comes_along(at: Server) -> None:
    with seat(at, *DIRTY, "-o", "SetEnv=LD_PRELOAD=/evil.so") as tty:
        tty.wait_for("User name", seconds=PATIENCE)
        folder = _process(PROGRAM)
        found = {
            part.partition("=")[0] for part in (folder / "environ").read_text(encoding="utf-8").split("\0") if part
        }
        closed(found <= KNOWN, f"in the environment: {sorted(found - KNOWN)}")
        closed({"TERM", "SSH_CONNECTION", "STAFFDESK_HOME"} <= found, f"missing: {sorted(KNOWN - found)}")
        closed("Umask:\t0077" in (folder / "status").read_text(encoding="utf-8"), "the umask is open")
        before = (_process("sudo -n") / "environ").read_text(encoding="utf-8")
        for word in ("LC_CANARY", "LD_PRELOAD", "SSH_AUTH_SOCK", "DISPLAY"):
            closed(f"{word}=" not in before, f"{word} reached the session")


def a_command_is_not_run(at: Server) -> None:
    ran = run(*at.client("ssh", "anna", "127.0.0.1", "cat /etc/passwd"), environ=at.environ)
    closed(ran.code not in {0, None} and "root:" not in ran.out + ran.err, "a command was run")
    with seat(at, asked="cat /etc/passwd; exec sh") as tty:
        tty.wait_for("User name", seconds=PATIENCE)
        closed(b"root:" not in tty.written, "a command was run in a terminal")


def no_file_is_moved(at: Server) -> None:
    target = at.folder / "taken"
    for command in (
        at.client("sftp", "anna", "-b", "-", "127.0.0.1"),
        at.client("scp", "anna", "127.0.0.1:/etc/passwd", str(target)),
        at.client("scp", "anna", "-O", "127.0.0.1:/etc/passwd", str(target)),
        at.client("scp", "anna", "-O", str(at.folder / "key.pub"), "127.0.0.1:/tmp/brought"),
        at.client("ssh", "anna", "-s", "127.0.0.1", "sftp"),
    ):
        ran = run(*command, given=f"get /etc/passwd {target}\n", environ=at.environ)
        closed(ran.code not in {0, None}, f"{command[0]} went through")
        closed(not target.exists() and not Path("/tmp/brought").exists(), f"{command[0]} moved a file")  # noqa: S108


def nothing_is_forwarded(at: Server) -> None:
    with listener() as port:
        here = free_port()
        for option, way in (
            ("-L", f"{here}:127.0.0.1:{port}"),
            ("-D", f"127.0.0.1:{here}"),
        ):
            with seat(at, option, way) as tty:
                tty.wait_for("User name", seconds=PATIENCE)
                asked = b"" if option == "-L" else b"\x05\x01\x00\x05\x01\x00\x01\x7f\x00\x00\x01" + port.to_bytes(2)
                closed(SECRET not in ask(here, asked), f"{option} went through")
        for options in (("-R", f"{here}:127.0.0.1:{port}"), ("-w", "any")):
            ran = run(
                *at.client("ssh", "anna", "-N", "-o", "ExitOnForwardFailure=yes", *options, "127.0.0.1"),
                environ=at.environ,
                patience=8,
            )
            closed(ran.code not in {0, None}, f"{options[0]} was taken")
        ran = run(*at.client("ssh", "anna", "-W", f"127.0.0.1:{port}", "127.0.0.1"), environ=at.environ)
        closed(ran.code not in {0, None} and SECRET.decode() not in ran.out, "-W went through")


def no_file_of_a_home_runs(at: Server) -> None:
    """Bert's home is his, against what is printed: his shell alone keeps his files from running."""
    for name in (".bashrc", ".profile", ".bash_profile", ".ssh/rc", ".ssh/environment", ".config/x"):
        ran = run("runuser", "-u", "anna", "--", "touch", f"/home/anna/{name}")
        closed(ran.code != 0, f"an employee writes {name} in his home")
    _plant("bert")
    with seat(at, employee="bert") as tty:
        tty.wait_for("User name", seconds=PATIENCE)
    run(*at.client("ssh", "bert", "127.0.0.1", "true"), environ=at.environ)
    closed(not MARK.exists(), "a file of a home was run")


def a_bashrc_would_be_seen(at: Server) -> None:
    """Cleo has bash and a home of her own, against what is printed: what runs there is seen by this drill."""
    _plant("cleo")
    must("usermod", "--shell", "/bin/bash", "cleo")
    run(*at.client("ssh", "cleo", "127.0.0.1", "true"), environ=at.environ)
    closed(MARK.exists(), "this drill would not see a file that runs")
    MARK.unlink()


def no_early_key_gives_a_shell(at: Server) -> None:
    for pause in (0.0, 0.15, 0.3, 0.6):
        for key in ("\x03", "\x1a", "\x1c", "\x03\x1a\x1c"):
            with seat(at) as tty:
                time.sleep(pause)
                tty.send(key * 5)
                time.sleep(0.3)
                tty.send(key + "echo op''en\r")
                tty.read(0.8)
                closed(b"open" not in tty.written, f"{key!r} after {pause} s gave a shell")


def sudo_gives_nothing_else(at: Server) -> None:
    del at
    for asked in (
        ("/bin/sh",), (PROGRAM, "audit", "verify"), (PROGRAM, "run"), ("LD_PRELOAD=/evil.so", PROGRAM), ("-E", PROGRAM),
        ("-s",), ("-i",), ("/opt/staffdesk/bin/python",),
    ):  # fmt: skip
        ran = run(
            "runuser", "-u", "anna", "--", "script", "-qec", f"sudo -n -u staffdesk {' '.join(asked)}", "/dev/null"
        )
        refused = ran.code not in {0, None} and re.search("password is required|not allowed|sorry", ran.out + ran.err)
        closed(bool(refused), f"sudo {' '.join(asked)}: {ran.out}{ran.err}")
    for path in ("/var/lib/staffdesk/data/desk.db", "/var/lib/staffdesk/config/desk.key"):
        closed(run("runuser", "-u", "anna", "--", "cat", path).code != 0, f"{path} can be read")


def the_doctor_sees_it(at: Server) -> None:
    """Anna's account is as printed; Bert's home and Cleo's shell are not."""
    del at
    found = json.loads(run(PROGRAM, "doctor", "--json", "--home", "/var/lib/staffdesk").out)
    of = {about: [each for each in found if each["about"] == about] for about in ("SSH", "sudo", "Employees", "Files")}
    for about in ("SSH", "sudo", "Files"):
        closed([each["grade"] for each in of[about]] == ["ok"], f"{about}: {of[about]}")
    closed("as sshd itself tells" in of["SSH"][0]["found"], f"sshd was not asked: {of['SSH']}")
    said = " ".join(each["found"] for each in of["Employees"])
    closed("bert" in said and "cleo" in said and "anna" not in said, said)


def a_killed_desk_gives_the_terminal_back(at: Server) -> None:
    with seat(at) as tty:
        tty.wait_for("User name", seconds=PATIENCE)
        must("kill", "-9", _process(PROGRAM).name)
        tty.end()
        closed(tty.written.rfind(b"\x1b[?1049l") > tty.written.rfind(b"\x1b[?1049h"), "the screen stays")


DRILLS: Final[tuple[Callable[[Server], None], ...]] = (
    the_desk_opens,
    nothing_comes_along,
    a_command_is_not_run,
    no_file_is_moved,
    nothing_is_forwarded,
    no_file_of_a_home_runs,
    a_bashrc_would_be_seen,
    no_early_key_gives_a_shell,
    sudo_gives_nothing_else,
    a_killed_desk_gives_the_terminal_back,
    the_doctor_sees_it,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run every drill; say each one's name and whether it held."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    parser = argparse.ArgumentParser(prog="python -m tests.drills.ssh", description=__doc__)
    parser.add_argument("--without", metavar="WORD", action="append", default=[])
    options = parser.parse_args(given)
    try:
        code = enter_namespace("tests.drills.ssh", given)
        return _all(options.without) if code is None else code
    except CannotRun as error:
        sys.stderr.write(f"This drill could not run, so nothing is proved: {error}\n")
        return 2


def _all(without: Sequence[str]) -> int:
    failed = 0
    with server(without) as at:
        for drill in DRILLS:
            began = time.monotonic()
            try:
                drill(at)
                held = "held"
            except AssertionError as error:
                failed += 1
                held = f"FAILED: {error}"
            name = drill.__name__.replace("_", " ")
            sys.stdout.write(f"{name}: {held} ({time.monotonic() - began:.1f} s)\n")
            sys.stdout.flush()
    return 1 if failed else 0


def _process(words: str) -> Path:
    """Return the folder in /proc of the newest process whose command line holds these words and is no shell's."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:  # it has ended meanwhile
                continue
            if (
                words in line
                and not line.startswith(("sh -c", "/bin/sh", "ssh "))
                and ("sudo" in words or "sudo" not in line)
            ):
                found.append(folder)
    closed(bool(found), f"no process runs {words}")
    return max(found, key=lambda folder: int(folder.name))


def _plant(employee: str) -> None:
    """Give an employee a home of his own, full of files that leave a mark."""
    home = Path("/home") / employee
    (home / ".ssh").mkdir()
    for name in (".bashrc", ".profile", ".bash_profile", ".bash_login", ".zshenv", ".ssh/rc"):
        (home / name).write_text(f"touch {MARK}\n", encoding="utf-8")
    (home / ".ssh" / "environment").write_text(f"ENV={home}/.profile\nBASH_ENV={home}/.profile\n", encoding="utf-8")
    must("chown", "-R", f"{employee}:{employee}", str(home))
    Path("/home").chmod(0o1777)


if __name__ == "__main__":
    raise SystemExit(main())
