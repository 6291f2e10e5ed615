"""Every signal in every state of a desk on PostgreSQL: the last entry is the session's end, the terminal as it was.

``python -m tests.drills.leaving`` makes a small company on a server of its own and starts a desk in a pseudo-terminal
for each signal and each state. A state that is left otherwise is named, and ends it with 1.
"""

from __future__ import annotations

import itertools
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from staffdesk.services.demo import make_demo
from staffdesk.services.home import Home
from tests import run_folder
from tests.databases import Place, fresh_postgres
from tests.demos import cheap_passwords
from tests.tui.conftest import listed
from tests.tui.terminal import PROGRAM, Terminal, terminal
from tests.tui.test_leaving import STATES, acts_in, left_clean, on_a_record


def _searching(tty: Terminal) -> None:
    on_a_record(tty)
    tty.send("S")
    tty.wait_for("/ Search")
    tty.send("nor\r")
    tty.wait_for("found")


SIGNALS: Final = (signal.SIGHUP, signal.SIGTERM, signal.SIGQUIT)
ARRIVE: Final[dict[str, Callable[[Terminal], None]]] = {
    **{name: arrive for name, (arrive, _) in STATES.items()},
    "searching": _searching,
}


def left(place: Place, accounts: Path, state: str, number: signal.Signals) -> float:
    """Leave a desk in this state by this signal, and return after how many seconds it was gone."""
    with terminal(PROGRAM, str(accounts)) as tty:
        tty.wait_for("one key signs in")
        before = acts_in(place)
        ARRIVE[state](tty)
        began = time.monotonic()
        tty.signal(number)
        assert tty.end() == 0, "another code"
        took = time.monotonic() - began
        left_clean(tty)
    acts = acts_in(place)
    if state == "at the sign-in":
        assert acts == before, "an entry of nobody's session"
    else:
        assert acts[-1] == "session.ended", f"the last entry is {acts[-1]}"
        assert acts.count("session.ended") == before.count("session.ended") + 1, "it was ended twice"
    return took


def main() -> int:
    """Try them all."""
    wrong = 0
    run_folder.begin()
    try:
        with tempfile.TemporaryDirectory() as folder, fresh_postgres(empty=True) as place:
            home = Home.locate(Path(folder) / "home", {})
            with cheap_passwords():
                demo = make_demo(home, people=60, seed=1, database_url=place.url)
            accounts = listed(demo, home, Path(folder) / "accounts.json")
            for state, number in itertools.product(ARRIVE, SIGNALS):
                try:
                    sys.stdout.write(f"{state:16} {number.name:8} {left(place, accounts, state, number):.2f} s\n")
                except AssertionError as error:
                    wrong += 1
                    sys.stdout.write(f"{state:16} {number.name:8} wrong: {error}\n")
                sys.stdout.flush()
    finally:
        run_folder.end()
    return int(wrong > 0)


if __name__ == "__main__":
    raise SystemExit(main())
