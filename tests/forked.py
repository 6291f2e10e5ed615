"""Programs without a terminal whose imports are behind them, as ``tests.tui.preloaded`` has them with one.

An interpreter that starts and imports the desk takes more than half a second of the processor, and most tests that need
a process of its own are about what it does, or what is left when it is killed. What a start does, and what a shell does
with one, is tested with programs that are started.
"""

from __future__ import annotations

import fcntl
import os
import resource
import runpy
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import BinaryIO, Final, Self

from tests.tui.preloaded import ended, server

ROOT: Final = Path(__file__).resolve().parents[1]
PROGRAM: Final = str(ROOT / "staffdesk" / "__main__.py")
_PATIENCE: Final = 120.0
_ELSEWHERE: Final = 200
"""Above every number under which a program is given a file."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a program ended: its exit code, or minus the signal that ended it, and what it wrote."""

    returncode: int
    stdout: str
    stderr: str


class Forked:
    """A program that runs; what it is told is written to ``stdin``, what it tells is read from ``stdout``."""

    def __init__(
        self,
        *run: str,
        fds: Sequence[int] = (),
        environ: Mapping[str, str] | None = None,
        bytes_at_most: int | None = None,
    ) -> None:
        """Run what an interpreter is given: the path of a program, or ``-c`` and its text, and its arguments.

        It finds ``fds`` under the same numbers; a limit on the size of files stands for a disk that is full.
        """
        told, writing = os.pipe()
        reading, tells = os.pipe()
        hearing, complains = os.pipe()
        self.stdin: BinaryIO = os.fdopen(writing, "wb", 0)
        self.stdout: BinaryIO = os.fdopen(reading, "rb")
        self._stderr: BinaryIO = os.fdopen(hearing, "rb")
        given = {0: told, 1: tells, 2: complains, **{fd: fd for fd in fds}}
        passed = [(Connection(os.dup(fd)), number) for number, fd in given.items()]
        told_of = (passed, list(run), dict(os.environ if environ is None else environ), bytes_at_most)
        self._process = server().Process(target=_become, args=told_of, daemon=True)
        self._process.start()
        for connection, _ in passed:
            connection.close()
        for fd in (told, tells, complains):
            os.close(fd)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.is_alive():
            self._process.kill()
        self.close()

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    @property
    def runs(self) -> bool:
        return self._process.is_alive()

    def signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def wait(self, seconds: float = _PATIENCE) -> int:
        """Wait for the end and return the exit code, or minus the signal that ended it."""
        self._process.join(seconds)
        assert self._process.exitcode is not None, "the program goes on"
        return self._process.exitcode

    def end(self, told: bytes = b"") -> Ended:
        """Tell it the last, and return how it ended; what it complains of fits into a pipe."""
        with suppress(BrokenPipeError):
            self.stdin.write(told)
        self.stdin.close()
        out, said = self.stdout.read(), self._stderr.read()
        found = Ended(self.wait(), out.decode(), said.decode())
        self.close()
        return found

    def close(self) -> None:
        for file in (self.stdin, self.stdout, self._stderr):
            file.close()


def _become(
    given: list[tuple[Connection, int]], run: list[str], environ: dict[str, str], bytes_at_most: int | None
) -> None:
    """Be the process that an interpreter started with this would be."""
    elsewhere = [(fcntl.fcntl(found.fileno(), fcntl.F_DUPFD, _ELSEWHERE), number) for found, number in given]
    for found, _ in given:
        found.close()
    for fd, number in elsewhere:
        os.dup2(fd, number)
        os.close(fd)
    os.chdir(ROOT)
    os.environ.clear()
    os.environ.update(environ)
    time.tzset()
    sys.stdin = sys.__stdin__ = open(0, encoding="utf-8", closefd=False)  # type: ignore[misc] # noqa: SIM115
    sys.stdout = sys.__stdout__ = open(1, "w", encoding="utf-8", closefd=False)  # type: ignore[misc] # noqa: SIM115
    sys.stderr = sys.__stderr__ = open(2, "w", 1, "utf-8", "backslashreplace", closefd=False)  # type: ignore[misc] # noqa: SIM115
    if bytes_at_most is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_at_most, bytes_at_most))
    if run[0] == "-c":
        sys.argv[:] = ["-c", *run[2:]]
        os._exit(ended(lambda: exec(run[1], {"__name__": "__main__"})))  # noqa: S102 - the text of a test
    sys.argv[:] = run
    os._exit(ended(lambda: runpy.run_path(run[0], run_name="__main__")))
