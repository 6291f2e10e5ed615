"""A real pseudo-terminal with a process in it: what it writes is kept byte for byte, and read as a screen by pyte."""

from __future__ import annotations

import os
import re
import sys
import termios
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pexpect
import psutil
import pyte

from tests.tui.preloaded import Preloaded

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0
PROGRAM = str(Path(__file__).with_name("desk_in_pty.py"))
_STAFFDESK = str(ROOT / "staffdesk" / "__main__.py")


class Terminal:
    """A process in a pseudo-terminal of 80 by 24, or another size."""

    def __init__(
        self, arguments: Sequence[str], environ: Mapping[str, str], size: tuple[int, int], *, preloaded: bool = False
    ) -> None:
        width, height = size
        self.written = bytearray()
        self._screen = pyte.Screen(width, height)
        self._stream = pyte.ByteStream(self._screen)
        self._child: pexpect.spawn[bytes] | Preloaded
        if preloaded:
            self._child = Preloaded(arguments[1:], environ, size, ROOT)
            return
        self._child = pexpect.spawn(
            arguments[0],
            list(arguments[1:]),
            env=dict(environ),
            dimensions=(height, width),
            cwd=str(ROOT),
            timeout=PATIENCE,
        )

    @property
    def pid(self) -> int:
        return int(self._child.pid)

    @property
    def code(self) -> int | None:
        """How the process ended: its exit code, or minus the signal that ended it."""
        if self._child.signalstatus is not None:
            return -int(self._child.signalstatus)
        return None if self._child.exitstatus is None else int(self._child.exitstatus)

    @property
    def title(self) -> str:
        """What the process wrote into the window's title."""
        return str(self._screen.title)

    def lines(self) -> list[str]:
        """Return what stands on the screen."""
        return [line.rstrip() for line in self._screen.display]

    def text(self) -> str:
        return "\n".join(self.lines())

    def read(self, seconds: float = 0.1) -> bytes:
        """Read what is written within ``seconds``, without a pause of more than a twentieth; b"" at the end."""
        read = bytearray()
        if self._child.closed:
            time.sleep(0.05)
            return b""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                part = self._child.read_nonblocking(65536, 0.05)
            except pexpect.TIMEOUT:
                continue
            except pexpect.EOF:
                break
            read += part
        self.written += read
        self._stream.feed(bytes(read))
        return bytes(read)

    def wait_for(self, *texts: str, seconds: float = PATIENCE) -> None:
        """Read until all these texts stand on the screen."""
        self.wait_until(lambda: all(text in self.text() for text in texts), str(texts), seconds)

    def wait_until(self, stands: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
        """Read until this is so of the screen: between two reads it may stand half painted."""
        until = time.monotonic() + seconds
        while not stands():
            self.read()
            if time.monotonic() > until or not self._child.isalive():
                self.read(0.5)
                if stands():
                    return
                raise AssertionError(f"{what} did not come:\n{self.text()}")

    def send(self, keys: str) -> None:
        """Send keys as a terminal does."""
        self._child.send(keys.encode())

    def below(self) -> psutil.Process:
        """Return the process that the one in the terminal started and waits for."""
        (child,) = psutil.Process(self.pid).children()
        return child

    def signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def resize(self, width: int, height: int) -> None:
        """Give the window another size."""
        self._screen.resize(height, width)
        self._child.setwinsize(height, width)

    @property
    def cooked(self) -> bool:
        """Whether the terminal hands lines over and echoes them, as a shell expects."""
        modes = termios.tcgetattr(self._child.child_fd)[3]
        return bool(modes & termios.ECHO) and bool(modes & termios.ICANON)

    @property
    def modes(self) -> frozenset[int]:
        """The private modes that were set and not reset, in the order of what was written."""
        on: set[int] = set()
        for numbers, sets in re.findall(rb"\x1b\[\?([\d;]+)([hl])", bytes(self.written)):
            (on.update if sets == b"h" else on.difference_update)(map(int, numbers.split(b";")))
        return frozenset(on)

    def hang_up(self) -> None:
        """Close the terminal's other end, as a lost connection does."""
        os.close(self._child.child_fd)
        self._child.closed = True

    def end(self, seconds: float = PATIENCE) -> int | None:
        """Wait for the process to end and return its exit code."""
        until = time.monotonic() + seconds
        while self._child.isalive():
            self.read()
            if time.monotonic() > until:
                raise AssertionError(f"the process goes on:\n{self.text()}")
        self.read(0.5)
        return self.code

    def close(self) -> None:
        if not self._child.closed:
            self._child.close(force=True)
        elif self._child.isalive():
            self._child.terminate(force=True)


@contextmanager
def desk_in_terminal(*arguments: str) -> Iterator[Terminal]:
    """Run ``desk_in_pty.py`` with these arguments as :func:`terminal` does, its imports behind it: ``preloaded.py``."""
    found = Terminal([sys.executable, PROGRAM, *arguments], _environ({}), (80, 24), preloaded=True)
    try:
        yield found
    finally:
        found.close()


@contextmanager
def staffdesk_in_terminal(*arguments: str, size: tuple[int, int] = (80, 24)) -> Iterator[Terminal]:
    """Run ``staffdesk`` with these arguments as :func:`terminal` does, its imports behind it: ``preloaded.py``."""
    found = Terminal([sys.executable, _STAFFDESK, *arguments], _environ({}), size, preloaded=True)
    try:
        yield found
    finally:
        found.close()


@contextmanager
def terminal(
    *arguments: str,
    size: tuple[int, int] = (80, 24),
    environ: Mapping[str, str] | None = None,
    within: Sequence[str] = (),
    preloaded: bool = False,
) -> Iterator[Terminal]:
    """Run this interpreter with these arguments in a pseudo-terminal; ``environ`` is added to a small environment.

    ``within`` is a program with its arguments that runs it in turn, as tmux does. A ``preloaded`` one is the path of a
    program whose imports are behind it: ``preloaded.py``.
    """
    found = Terminal([*within, sys.executable, *arguments], _environ(environ or {}), size, preloaded=preloaded)
    try:
        yield found
    finally:
        found.close()


def _environ(more: Mapping[str, str]) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "PYTHONPATH") if name in os.environ}
    return {**kept, "LANG": "C.UTF-8", "TERM": "xterm-256color", "COLORTERM": "truecolor", **more}
