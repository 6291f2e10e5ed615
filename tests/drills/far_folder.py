"""Two machines in one namespace: a desk with a sealer beside it, and an account that keeps notes behind a real sshd.

What ``help/sealing.md`` prints is put in place word for word; the host in it is loopback under a name.
"""

from __future__ import annotations

import json
import os
import subprocess
import textwrap
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Final

from staffdesk.audit.checkpoint import Checkpoint, parse, sign
from staffdesk.services.note_folder import NoteFolder
from tests.drills.receivers import receivers, waiting
from tests.drills.server import INSIDE, PROGRAM, CannotRun, Ran, listening_sshd, must, own_mounts, run

HOST: Final = "notes@notes.example"
_SEALER: Final = Path("/var/lib/staffdesk-seal")
_HOME: Final = "/var/lib/staffdesk"
_KEYS: Final = Path("/etc/ssh/authorized_keys/notes")
_PATIENCE: Final = 240.0


class Open(AssertionError):
    """Something that was to be closed, or kept, was not."""


def closed(held: bool, what: str) -> None:
    """Fail where something did not hold; asserts may be switched off, a drill not."""
    if not held:
        raise Open(what)


@dataclass(frozen=True)
class Far:
    """The sealer here, and the folder there that it sends to."""

    scratch: Path
    admin: str
    folder: Path = Path("/srv/notes")
    key: Path = _SEALER / "own.key"
    state: Path = _SEALER / "state"

    def kept(self) -> dict[str, bytes]:
        """Return all that is in the folder there."""
        return {each.name: each.read_bytes() for each in self.folder.iterdir()}

    def notes(self) -> list[bytes]:
        """Return the sealer's own notes, the oldest first."""
        return [each.read_bytes() for each in sorted((self.state / "notes").iterdir())]

    def sizes(self) -> list[int]:
        """Return over how many entries they are."""
        return [parse(note.decode())[0].size for note in self.notes()]

    def grow(self) -> None:
        """Have an entry written."""
        must(*_as("staffdesk", PROGRAM, "audit", "list", "--as", "frank", "--password-fd", "0", "--home", _HOME),
             given=f"{self.admin}\n")  # fmt: skip

    def seal(self, *, must_sign: bool = True) -> Ran:
        """Let the sealer's user sign what is piped to it, as the printed service does."""
        leaves = must(*_as("staffdesk", PROGRAM, "audit", "leaves", "--home", _HOME))
        run(*_as("staffdesk-seal", "/bin/sh", "-c", f"exec {_printed('ExecStartPre=-')}"), patience=_PATIENCE)
        named = ("--key", str(self.key), "--state", str(self.state), "--there", str(self.state / "there"))
        ran = run(
            *_as("staffdesk-seal", PROGRAM, "audit", "seal", "--leaves", "--once", *named),
            given=leaves,
            patience=_PATIENCE,
        )
        if must_sign:
            closed(ran.code == 0 and ran.err.startswith("Signed"), f"{ran}")
        return ran

    def send_newest(self) -> Ran:
        """Run the very line of the help that sends the newest note."""
        return run(*_as("staffdesk-seal", "/bin/sh", "-c", f"exec {_printed('ExecStartPost=')}"), patience=_PATIENCE)

    def bring(self) -> None:
        """Have one more note there, from which the next is proved to grow."""
        self.grow()
        self.seal()
        closed(self.send_newest().code == 0, "the note before was not taken")

    def send(self, text: str, *asked: str) -> Ran:
        """Send any text as the holder of the SSH key can."""
        return run(*self.client("ssh", "-T", HOST, *asked), given=text, patience=_PATIENCE)

    def send_together(self, texts: Sequence[str]) -> list[Ran]:
        """Send texts at the same time."""
        with NoteFolder(self.folder).held():
            with_them = [self._started() for _ in texts]
            for process, text in zip(with_them, texts, strict=True):
                assert process.stdin is not None
                process.stdin.write(text.encode())
                process.stdin.close()
                process.stdin = None
            self._until(lambda: len(waiting()) == len(texts), "they do not wait for each other")
        ended = [process.communicate(timeout=_PATIENCE) for process in with_them]
        codes = [process.returncode for process in with_them]
        return [Ran(code, out.decode(), err.decode()) for code, (out, err) in zip(codes, ended, strict=True)]

    def client(self, program: str, *arguments: str) -> list[str]:
        """Return a command line of the sender's user."""
        return [*_as("staffdesk-seal", program, "-o", "BatchMode=yes"), *arguments]

    @contextmanager
    def line(self, *options: str) -> Iterator[subprocess.Popen[bytes]]:
        """Give a line on which the one command waits for its text; it is cut afterwards."""
        self.no_receiver()
        process = self._started(*options)
        try:
            self.receiver()
            yield process
        finally:
            process.kill()
            process.communicate()

    def receiver(self) -> int:
        """Return the process that receives, once there is one."""
        self._until(lambda: bool(receivers()), "nobody receives")
        return receivers()[0]

    def no_receiver(self) -> None:
        """Wait until nobody receives."""
        self._until(lambda: not receivers(), "a receiver is left behind")

    def _until(self, held: Callable[[], bool], otherwise: str) -> None:
        until = time.monotonic() + _PATIENCE
        while not held():
            closed(time.monotonic() < until, otherwise)
            time.sleep(0.1)

    def growth(self, old: int, new: int) -> str:
        """Return the proof that one of the notes extends another, each named by its place."""
        notes = sorted((self.state / "notes").iterdir())
        for name, at in (("older", old), ("newer", new)):
            (self.scratch / name).write_bytes(notes[at].read_bytes())
        between = ("--from", str(self.scratch / "older"), "--to", str(self.scratch / "newer"))
        return must(*_as("staffdesk", PROGRAM, "audit", "prove", *between, "--key", "/srv/seal.vkey", "--home", _HOME))

    def signed(
        self,
        note: str,
        *,
        more: int = 0,
        root: bytes | None = None,
        origin: str = "",
        seed: bytes | None = None,
        above: str = "",
    ) -> str:
        """Return another note like one: what whoever has the sealer's key could sign, or with another key forge."""
        found = parse(note)[0]
        key = bytes.fromhex(self.key.read_text(encoding="ascii")) if seed is None else seed
        told = Checkpoint(origin=origin or found.origin, size=found.size + more, root=root or found.root)
        return above + sign(told, "seal.example", key)

    @contextmanager
    def tiny_disk(self) -> Iterator[Callable[[], None]]:
        """Put the folder on a disk of a few pages, with the newest note in it; give what fills the rest of it."""
        kept = self.kept()
        name = max(kept)
        must("mount", "-t", "tmpfs", "-o", "size=32k,mode=0700", "tmpfs", str(self.folder))
        try:
            (self.folder / name).write_bytes(kept[name])
            must("chown", "-R", "notes:notes", str(self.folder))
            yield self._fill
        finally:
            kept |= {each: data for each, data in self.kept().items() if each.endswith(".note")}
            must("umount", str(self.folder))
            for each, data in kept.items():
                (self.folder / each).write_bytes(data)
            must("chown", "-R", "notes:notes", str(self.folder))

    def _fill(self) -> None:
        with (self.folder / "filler").open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(4096))
            except OSError:
                return

    @contextmanager
    def append_only(self) -> Iterator[None]:
        """Have the file system itself keep the folder append-only."""
        must("chattr", "+a", str(self.folder))
        try:
            yield
        finally:
            must("chattr", "-a", str(self.folder))

    def verify(self) -> Ran:
        """Hold the desk's log against the notes there, with both keys, as root: nothing there is the desk's."""
        keys = ("--key", f"{_HOME}/config/seal.vkey", "--key", "/srv/seal.vkey")
        return run(
            PROGRAM, "audit", "verify", "--home", _HOME, "--checkpoints", str(self.folder), *keys, patience=_PATIENCE
        )

    def rewrite(self) -> None:
        """Change an entry's leaf as who holds the database and its key can."""
        words = (
            "import sys; from pathlib import Path; from staffdesk.data.maintenance import sqlite_owner; "
            f"home = Path('{_HOME}')\n"
            "with sqlite_owner(home / 'data/desk.db', (home / 'config/desk.key').read_text().strip()) as owner:\n"
            "    for name in owner.exec_driver_sql(\"SELECT name FROM sqlite_master WHERE type = 'trigger'\").all():\n"
            "        owner.exec_driver_sql(f'DROP TRIGGER {name[0]}')\n"
            "    owner.exec_driver_sql('UPDATE entry SET leaf = zeroblob(32) WHERE seq = 2')\n"
        )
        must(*_as("staffdesk", f"{Path(PROGRAM).parent}/python", "-I", "-c", words))

    def _started(self, *options: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self.client("ssh", "-T", *options, HOST),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )


@contextmanager
def far_folder(without: Sequence[str] = ()) -> Iterator[Far]:
    """Put both sides in place as printed, but for the words left out, and run sshd; only inside the namespace."""
    scratch = Path(os.environ[INSIDE])
    (scratch / "srv").mkdir(mode=0o755)
    must("mount", "--bind", str(scratch / "srv"), "/srv")
    own_mounts(scratch)
    must("sh", "-euc", _block("useradd "))
    must("useradd", "--system", "--home-dir", _HOME, "--create-home", "--shell", "/usr/sbin/nologin", "staffdesk")
    must("useradd", "--system", "--home-dir", str(_SEALER), "--create-home", "--shell", "/bin/sh", "staffdesk-seal")
    for path in (_HOME, str(_SEALER)):
        must("chmod", "0700", path)
    made = must(*_as("staffdesk", PROGRAM, "demo", "--people", "20", "--no-open", "--json", "--home", _HOME))
    must(*_as("staffdesk-seal", PROGRAM, "audit", "new-key", str(_SEALER / "own.key"), "--name", "seal.example"))
    Path("/srv/seal.vkey").write_bytes((_SEALER / "own.vkey").read_bytes())
    must(*_as("staffdesk-seal", "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(_SEALER / ".ssh/id_ed25519")))
    public = (_SEALER / ".ssh/id_ed25519.pub").read_text(encoding="utf-8").strip()
    options = next(line for line in _block("# /etc/ssh/authorized_keys/notes").splitlines() if " ssh-ed25519" in line)
    for word in without:
        options = options.replace(word, "").replace(",,", ",").lstrip(",")
    _KEYS.write_text(options.replace("ssh-ed25519 ...", public) + "\n", encoding="utf-8")
    config = _block("# /etc/ssh/sshd_config.d/30-notes.conf").splitlines(keepends=True)
    Path("/etc/ssh/sshd_config.d/30-notes.conf").write_text(
        "".join(line for line in config if not any(word in line for word in without)), encoding="utf-8"
    )
    scratch.chmod(0o755)
    with listening_sshd(scratch) as port:
        lines = f"Host notes.example\n HostName 127.0.0.1\n Port {port}\n StrictHostKeyChecking accept-new\n"
        (_SEALER / ".ssh/config").write_text(lines, encoding="utf-8")
        (scratch / "older").touch()
        accounts = json.loads(made)["accounts"]
        yield Far(scratch, next(each["password"] for each in accounts if each["user"] == "frank"))


def _as(user: str, *command: str) -> tuple[str, ...]:
    """Return a command line that becomes this user's; the process that is started is the command itself."""
    folder = _SEALER if user == "staffdesk-seal" else Path(_HOME)
    clean = ("env", "-i", f"HOME={folder}", "PATH=/usr/sbin:/usr/bin:/sbin:/bin")
    return ("setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups", *clean, *command)


def _printed(setting: str) -> str:
    """Return the line of the help that a service is given."""
    (line,) = (part for part in _page().split("\n\n") if part.lstrip().startswith(setting))
    return textwrap.dedent(line).removeprefix(setting).replace("\\\n", "").replace("notes@HOST", HOST)


def _page() -> str:
    return resources.files("staffdesk").joinpath("help", "sealing.md").read_text(encoding="utf-8")


def _block(beginning: str) -> str:
    """Return the printed lines that begin so."""
    for part in _page().split("\n\n"):
        if part.startswith(f"    {beginning}"):
            return textwrap.dedent(part) + "\n"
    raise CannotRun(f"The help prints nothing that begins with {beginning}.")
