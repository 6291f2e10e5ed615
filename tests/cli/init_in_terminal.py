"""``init`` as somebody sits before it."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pexpect
from pexpect.fdpexpect import fdspawn

from tests.forked import PROGRAM, ROOT
from tests.tui.preloaded import Preloaded


def environ_of(term: str) -> dict[str, str]:
    """Return the environment of a terminal of this kind."""
    return {name: value for name, value in os.environ.items() if name != "STAFFDESK_HOME"} | {"TERM": term}


class Init:
    """``init`` in a terminal, its imports behind it; how it is started is tested once."""

    def __init__(self, root: Path, term: str = "xterm", columns: int = 120) -> None:
        self._program = Preloaded([PROGRAM, "init", "--home", str(root)], environ_of(term), (columns, 30), ROOT)
        self._read = fdspawn(self._program.child_fd, encoding="utf-8", timeout=60)
        self.expect_exact = self._read.expect_exact

    def sendline(self, text: str) -> None:
        self._program.send(f"{text}\n".encode())

    def sendcontrol(self, key: str) -> None:
        self._program.send(bytes([ord(key) & 0x1F]))

    @property
    def before(self) -> str:
        """What came before what was last waited for."""
        return str(self._read.before)

    def end(self) -> int | None:
        """Read to the end and return the exit code."""
        self._read.expect(pexpect.EOF)
        while self._program.isalive():
            time.sleep(0.01)
        self._program.close()
        return self._program.exitstatus
