"""Programs in a pseudo-terminal whose imports are behind them: forked from a process that has imported the desk.

An interpreter that starts and imports the desk takes more than a second of the processor, and most tests that need a
real terminal are about what a person does in it. What a start does is tested with programs that are started.
"""

from __future__ import annotations

import atexit
import fcntl
import mmap
import multiprocessing
import os
import runpy
import signal
import struct
import sys
import termios
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Final

from pexpect.fdpexpect import fdspawn

_IMPORTED: Final = ["tests.tui.preloading"]


class Preloaded:
    """A program in a pseudo-terminal, asked as pexpect's own are."""

    def __init__(self, arguments: Sequence[str], environ: Mapping[str, str], size: tuple[int, int], cwd: Path) -> None:
        """Run the file that is the first of ``arguments``, with the rest of them."""
        self.child_fd, slave = os.openpty()
        self.setwinsize(size[1], size[0])
        there, here = multiprocessing.Pipe()
        with there, here:
            given = (os.ttyname(slave), here, list(arguments), dict(environ), str(cwd))
            self._process = server().Process(target=_become, args=given, daemon=True)
            self._process.start()
            there.recv()
        os.close(slave)
        self._read = fdspawn(self.child_fd)
        self.closed = False

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    @property
    def exitstatus(self) -> int | None:
        code = self._process.exitcode
        return code if code is not None and code >= 0 else None

    @property
    def signalstatus(self) -> int | None:
        code = self._process.exitcode
        return -code if code is not None and code < 0 else None

    def isalive(self) -> bool:
        return self._process.is_alive()

    def read_nonblocking(self, size: int, timeout: float) -> bytes:
        return bytes(self._read.read_nonblocking(size, timeout))

    def send(self, keys: bytes) -> int:
        return os.write(self.child_fd, keys)

    def setwinsize(self, rows: int, columns: int) -> None:
        fcntl.ioctl(self.child_fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def close(self, force: bool = False) -> None:
        """Close the terminal, and with ``force`` end the program that goes on."""
        os.close(self.child_fd)
        self.closed = True
        self._process.join(1)
        self.terminate(force)

    def terminate(self, force: bool = False) -> None:
        """End the program, with ``force`` however it takes it."""
        for number in (signal.SIGHUP, signal.SIGCONT, signal.SIGINT, *((signal.SIGKILL,) if force else ())):
            if not self.isalive():
                return
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)
            self._process.join(1)


@cache
def server() -> ForkServerContext:
    """Return the one process of this run's worker that has imported a desk, and forks."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_IMPORTED)
    return context


def _become(terminal: str, ready: Connection, arguments: list[str], environ: dict[str, str], cwd: str) -> None:
    """Be the process that an interpreter started with these arguments in this terminal would be."""
    os.setsid()
    opened = os.open(terminal, os.O_RDWR)
    fcntl.ioctl(opened, termios.TIOCSCTTY, 0)
    for number in (0, 1, 2):
        os.dup2(opened, number)
    os.close(opened)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(environ)
    time.tzset()
    sys.argv[:] = arguments
    sys.stdin = sys.__stdin__ = open(0, encoding="utf-8", closefd=False)  # type: ignore[misc] # noqa: SIM115
    sys.stdout = sys.__stdout__ = open(1, "w", 1, encoding="utf-8", closefd=False)  # type: ignore[misc] # noqa: SIM115
    sys.stderr = sys.__stderr__ = open(2, "w", 1, "utf-8", "backslashreplace", closefd=False)  # type: ignore[misc] # noqa: SIM115
    from staffdesk.tui import launcher  # noqa: PLC0415 - imported long ago where this runs

    launcher._stops = mmap.mmap(-1, 1)  # else one of all the programs
    ready.send(None)
    ready.close()
    os._exit(ended(lambda: runpy.run_path(arguments[0], run_name="__main__")))


def ended(run: Callable[[], object]) -> int:
    """Run a program and end as an interpreter does; return the code."""
    code = 0
    try:
        run()
    except SystemExit as ends:
        code = ends.code if isinstance(ends.code, int) else int(ends.code is not None)
    except BaseException as error:  # noqa: BLE001 - whatever it is, the hook is told
        sys.excepthook(type(error), error, error.__traceback__)
        code = 1
    with suppress(OSError):
        threading._shutdown()  # type: ignore[attr-defined]
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
    return code
