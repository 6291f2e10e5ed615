"""What a start costs, beside a bare Textual app.

``python -m tests.bench.start [--rounds N] [--json]`` starts the terminal in a pty and measures CPU seconds (user and
system) to the first frame and to a usable search box, and resident memory there. Checking a password costs CPU on
purpose: it is measured by itself and taken off the way to the search box.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import psutil
import pyte
from ptyprocess import PtyProcess

from staffdesk.domain.access import Role
from staffdesk.services.demo import make_demo
from staffdesk.services.home import Home
from staffdesk.services.password_hashes import PasswordHashes
from tests.bench.figures import machine

PATIENCE: Final = 60.0
MIB: Final = 1024 * 1024
BARE: Final = """
from textual.app import App
from textual.widgets import Footer, Static
class Bare(App):
    def compose(self):
        yield Static("bare and ready")
        yield Footer()
Bare().run()
"""


class Screen:
    """A program in a pty, and what it shows."""

    def __init__(self, command: Sequence[str], home: Path) -> None:
        """Start the program at 80x24, on a desk."""
        environment = {**os.environ, "TERM": "xterm-256color", "STAFFDESK_HOME": str(home)}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        self._pty = PtyProcess.spawn(list(command), dimensions=(24, 80), env=environment)
        self._process = psutil.Process(self._pty.pid)
        self._display = pyte.Screen(80, 24)
        self._stream = pyte.ByteStream(self._display)

    def until(self, words: str) -> float:
        """Read until the words stand on the screen; return the CPU seconds spent so far."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            with contextlib.suppress(EOFError):
                self._stream.feed(self._pty.read(65536))
            if any(words in line for line in self._display.display):
                return float(sum(sum(each.cpu_times()[:2]) for each in self._processes()))
        raise TimeoutError("\n".join(self._display.display))

    def type(self, keys: str) -> None:
        """Send keys."""
        self._pty.write(keys.encode())

    def _processes(self) -> list[psutil.Process]:
        return [self._process, *self._process.children(recursive=True)]

    def resident(self) -> float:
        """Return the resident memory of the program that draws, in MiB."""
        return float(self._processes()[-1].memory_info().rss) / MIB

    def resident_above(self) -> float:
        """Return the resident memory of what waits above it, in MiB; most of it is shared between the two."""
        return float(self._process.memory_info().rss) / MIB

    def close(self) -> None:
        """End the program."""
        self._pty.terminate(force=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.start", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        home = Home.locate(Path(folder), os.environ)
        demo = make_demo(home, people=200, seed=1)
        user = next(each for each in demo.accounts if each.role is Role.SUPPORT)
        rounds = [_round(Path(folder), user.user, user.password) for _ in range(options.rounds + 1)][1:]
    middle = {name: round(statistics.median(each[name] for each in rounds), 3) for name in rounds[0]}
    report = {
        "machine": machine(),
        **middle,
        "first_frame_ratio": round(middle["first_frame_cpu_s"] / middle["bare_cpu_s"], 2),
        "search_box_ratio": round(middle["search_box_cpu_s"] / middle["bare_cpu_s"], 2),
    }
    if options.json:
        json.dump(report, sys.stdout, indent=1)
    else:
        sys.stdout.writelines(f"{name:20} {value}\n" for name, value in report.items())
    return 0


def _round(folder: Path, user: str, password: str) -> dict[str, float]:
    with _running([sys.executable, "-c", BARE], folder) as bare:
        bare_cpu, bare_rss = bare.until("bare and ready"), bare.resident()
    hashes = PasswordHashes()
    known = hashes.hash(password)
    began = time.process_time()
    hashes.matches(known, password)
    check = time.process_time() - began
    with _running([sys.executable, "-m", "staffdesk", "run"], folder) as desk:
        first = desk.until("User name")
        desk.type(user + "\t" + password + "\r")
        desk.until("My open cases")
        desk.type("S")
        usable = desk.until("Type a name")
        return {
            "bare_cpu_s": bare_cpu,
            "bare_rss_mib": bare_rss,
            "password_cpu_s": check,
            "first_frame_cpu_s": first,
            "search_box_cpu_s": usable - check,
            "rss_mib": desk.resident(),
            "launcher_rss_mib": desk.resident_above(),
        }


@contextlib.contextmanager
def _running(command: Sequence[str], home: Path) -> Iterator[Screen]:
    screen = Screen(command, home)
    try:
        yield screen
    finally:
        screen.close()


if __name__ == "__main__":
    raise SystemExit(main())
