"""From a key to what is painted, in a real pty, beside a bare list of twenty rows in the same harness.

``python -m tests.bench.paint [--rounds N] [--home DIR] [--json]`` drives a demo's terminal at 80x24 and at 120x40, as
it is and over SSH (calm: fewer frames); with ``--home`` that of the company which :mod:`tests.bench.lookup` keeps
there. *painted* is the moment at which the words that are waited for stand in what was written, or, where none are
named, the last byte before a pause; *bytes* is all that the key had written. No search waits for a pause in typing
here: rows come on Enter. A round takes about three minutes: a pause follows each of its keys.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import select
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pyte
from ptyprocess import PtyProcess

from staffdesk.services.demo import make_demo
from staffdesk.services.home import Home
from tests.bench.figures import machine, percentiles
from tests.bench.presses import DAYS, MOST_BYTES, Kind

QUIET: Final = 0.3
REST: Final = 5.0
"""How long words are waited for after the last byte."""
PEOPLE: Final = 2000
SIZES: Final = ((80, 24), (120, 40))
CALM: Final = {"SSH_CONNECTION": "192.0.2.1 1 192.0.2.2 22"}
DESK: Final = str(Path(__file__).parents[1] / "tui" / "desk_in_pty.py")
BARE: Final = """
from textual.app import App
from textual.widgets import OptionList
class Bare(App):
    ENABLE_COMMAND_PALETTE = False
    BINDINGS = [("x", "fill", "fill")]
    n = 0
    def compose(self):
        yield OptionList()
    def on_mount(self):
        self.action_fill()
    def action_fill(self):
        self.n += 1
        rows = self.query_one(OptionList)
        rows.clear_options()
        rows.add_options([f"row {i} of round {self.n}, a name and a company" for i in range(20)])
        rows.highlighted = 0
Bare().run()
"""
_FIRST: Final = {"s": "My open cases", "d": "newest first", "p": "by due date"}
_ESCAPES: Final = re.compile(rb"\x1b(?:\[[0-9;?<>=]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()][A-Z0-9]|[=>78])")


@dataclass
class Step:
    """What one key did, each time it was pressed."""

    first: list[float] = field(default_factory=list)
    painted: list[float] = field(default_factory=list)
    written: list[int] = field(default_factory=list)

    def report(self) -> dict[str, object]:
        """Return the figures."""
        return {
            "first_byte_ms": percentiles(self.first),
            "painted_ms": percentiles(self.painted),
            "bytes": sorted(self.written)[len(self.written) // 2],
            "n": len(self.painted),
        }


class Pty:
    """A program in a pty whose bytes are taken the moment they come."""

    def __init__(self, command: Sequence[str], size: tuple[int, int], environ: Mapping[str, str]) -> None:
        """Start it."""
        width, height = size
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        given = {**kept, "TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8", **environ}
        self._pty = PtyProcess.spawn(list(command), dimensions=(height, width), env=given)
        self._screen = pyte.Screen(width, height)
        self._stream = pyte.ByteStream(self._screen)
        self.steps: dict[str, Step] = {}

    def press(self, keys: str, name: str = "", words: str = "", quiet: float = QUIET) -> None:
        """Send keys and read until a pause; keep what was measured under ``name``."""
        began = time.perf_counter()
        self._pty.write(keys.encode())
        first = painted = last = 0.0
        read = b""
        while True:
            if not select.select([self._pty.fd], [], [], REST if words and not painted else quiet)[0]:
                break
            read += os.read(self._pty.fd, 65536)
            last = (time.perf_counter() - began) * 1000
            first = first or last
            if words and not painted and words.encode() in _ESCAPES.sub(b"", read):
                painted = last
        self._stream.feed(read)
        if words and not painted:
            # Cells that hold what they held are not written again: the words may stand there from before.
            if not any(words in line for line in self._screen.display):
                raise TimeoutError(f"{words!r} did not come:\n" + "\n".join(self._screen.display))
            painted = last
        if name and read:
            step = self.steps.setdefault(name, Step())
            step.first.append(first)
            step.painted.append(painted or last)
            step.written.append(len(read))

    def close(self) -> None:
        """End the program."""
        self._pty.terminate(force=True)


@contextmanager
def _running(command: Sequence[str], size: tuple[int, int], environ: Mapping[str, str]) -> Iterator[Pty]:
    pty = Pty(command, size, environ)
    try:
        yield pty
    finally:
        pty.close()


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.paint", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--home", metavar="DIR", type=Path, help="the company kept here")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        kept = options.home or Path(folder) / "home"
        case, listed = _company(kept, is_kept=options.home is not None)
        accounts = Path(folder) / "accounts.json"
        accounts.write_text(json.dumps({"home": str(kept), "accounts": listed}), encoding="utf-8")
        report: dict[str, object] = {"machine": machine()}
        for size in SIZES:
            for mode, environ in (("normal", {}), ("calm", CALM)):
                report[f"{size[0]}x{size[1]} {mode}"] = _measured(accounts, case, size, environ, options.rounds)
    if options.json:
        json.dump(report, sys.stdout, indent=1)
        return 0
    for name, found in report.items():
        sys.stdout.write(f"{name}\n")
        if isinstance(found, dict):
            sys.stdout.writelines(f"  {key:14} {value}\n" for key, value in found.items())
    return 0


def _company(folder: Path, *, is_kept: bool) -> tuple[str, list[dict[str, str]]]:
    """Return an open case of a company and who may sign in, of one that is kept or of a new one."""
    if is_kept:
        known = json.loads((folder / "bench.json").read_text(encoding="utf-8"))
        return known["case"], known["accounts"]
    demo = make_demo(Home.locate(folder, os.environ), people=PEOPLE, seed=1)
    return demo.case, [
        {"user": each.user, "role": each.role.value, "password": each.password} for each in demo.accounts
    ]


def _measured(
    accounts: Path, case: str, size: tuple[int, int], environ: Mapping[str, str], rounds: int
) -> dict[str, object]:
    with _running([sys.executable, "-c", BARE], size, environ) as bare:
        bare.press("", words="of round 1")
        for at in range(rounds):
            bare.press("x", "bare list", f"of round {at + 2},")
            bare.press("\x1b[B", "bare cursor")
    steps = dict(bare.steps)
    kinds: dict[str, Kind] = {}
    for letter, day in DAYS.items():
        with _running([sys.executable, DESK, str(accounts)], size, environ) as desk:
            desk.press("", words="one key signs in", quiet=1.0)
            desk.press(letter, words=_FIRST[letter], quiet=1.0)
            for _ in range(rounds):
                for press in day(case):
                    desk.press(press.keys, press.name, press.words)
                    kinds[press.name] = press.kind
            steps |= desk.steps
    return _report(steps, kinds)


def _report(steps: Mapping[str, Step], kinds: Mapping[str, Kind]) -> dict[str, object]:
    found: dict[str, object] = {name: step.report() for name, step in steps.items()}
    middle = {name: percentiles(step.painted)["p50"] for name, step in steps.items()}
    found["ratio_results"] = round(middle["enter to rows"] / middle["bare list"], 2)
    found["ratio_cursor"] = round(middle["down · results"] / middle["bare cursor"], 2)
    for kind in Kind:
        of_kind = [step for name, step in steps.items() if kinds.get(name) is kind]
        painted = [each for step in of_kind for each in step.painted]
        most = {name: max(step.written) for name, step in steps.items() if kinds.get(name) is kind}
        found[f"every {kind}"] = {
            "painted_ms": percentiles(painted),
            "most_bytes": max(most.values()),
            "n": len(painted),
        }
        found[f"{kind}s over {MOST_BYTES[kind]:,} bytes"] = {
            name: bytes_ for name, bytes_ in most.items() if bytes_ > MOST_BYTES[kind]
        }
    return found


if __name__ == "__main__":
    raise SystemExit(main())
