"""How many hostile cases the walk over all screens makes, and whether any of them acted.

``python -m tests.bench.hostile [--json]`` walks every screen at three sizes, once for each text as the first.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final
from unittest import mock

from staffdesk.services.demo import make_demo
from staffdesk.services.home import Home
from tests.demos import cheap_passwords
from tests.tui.payloads import every
from tests.tui.walk import screens, walk

SIZES: Final = ((60, 20), (80, 24), (120, 40))


def main(arguments: Sequence[str] | None = None) -> int:
    """Walk and print; 1 if anything acted or a screen was not walked."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.hostile", description=__doc__)
    parser.add_argument("--turns", type=int, default=4, help="how often all screens are walked at each size")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    payloads = every()
    fields, seen, texts, frames, wrong = set[str](), set[object](), 0, 0, list[str]()
    # Nothing is counted for whoever stands still: a stage has no answer to it.
    pausing = mock.patch("staffdesk.tui.screens.search.typing_pause", return_value=3600.0)
    with tempfile.TemporaryDirectory() as folder, cheap_passwords(), pausing:
        home = Home.locate(Path(folder) / "home", os.environ)
        demo = make_demo(home, people=20, seed=1)
        for size in SIZES:
            for turn in range(options.turns):
                first = turn * len(payloads) // options.turns
                walked = asyncio.run(walk(home, demo, (size,), (*payloads[first:], *payloads[:first])))
                fields |= walked.fields
                seen |= walked.screens
                texts, frames = texts + walked.texts, frames + walked.frames
                wrong += walked.wrong
    report = {
        "screens": len(screens() & seen),
        "screens_not_walked": len(screens() - seen),
        "payloads": len(payloads),
        "fields": len(fields),
        "cases": texts,
        "frames": frames,
        "wrong": len(wrong),
    }
    if options.json:
        json.dump(report, sys.stdout, indent=1)
    else:
        sys.stdout.writelines(f"{name:20} {value}\n" for name, value in report.items())
    return int(bool(wrong or screens() - seen))


if __name__ == "__main__":
    raise SystemExit(main())
