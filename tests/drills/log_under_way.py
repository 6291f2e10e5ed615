"""Eight processes append while one prunes, one seals, and one of them after another is killed; then the log verifies.

Run: ``python -m tests.drills.log_under_way`` on an encrypted file, with ``--postgres`` on a server of its own, or with
``--database URL`` on an empty database. It prints how often each was killed, what was pruned, how long the longest
append waited and how long pruning held the write lock at most; it ends with 1 where anything is not as it must be.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from unittest.mock import patch

from staffdesk.audit.checkpoint import verifier_key
from staffdesk.audit.report import Report
from staffdesk.data.database import Database
from staffdesk.data.deadline import Deadline
from staffdesk.data.log import Event, Log, Opened
from staffdesk.data.ticket import Ticket
from staffdesk.data.transaction import Change
from staffdesk.domain.access import Act
from staffdesk.domain.errors import StaffdeskError
from staffdesk.domain.policy import matrix
from staffdesk.parameters.shapes import sessions
from staffdesk.services.door import Door
from staffdesk.services.pruning import Pruning
from staffdesk.services.sealing import Sealer
from staffdesk.services.verification import verify_log
from tests import databases, run_folder
from tests.databases import Place
from tests.verifying import opener

SEED: Final = bytes(range(32))
KEY: Final = verifier_key("staffdesk", SEED)
DESKS: Final = 8
MONTHS: Final = ("2021-01", "2021-02", "2021-03", "2025-06", "2025-07")
"""The first three are over for all of their entries, the others for sign-ins."""
ALL: Final = 3
SIGN_IN: Final = Event(act=Act.SESSION_SIGNED_IN, actor="u_1")
SEARCH: Final = Event(act=Act.CUSTOMER_SEARCH, obj=("s_1", "s_2"), openings=(Opened("term", "anders"),))
REASON: Final = Event(act=Act.CUSTOMER_OPENED, obj=("s_1",), openings=(Opened("reason.reference", "his call"),))
_TWO: Final = 2
_AT_ONCE: Final = 500


@dataclass(slots=True)
class Outcome:
    """What came of it."""

    killed: Counter[str] = field(default_factory=Counter)
    appended: int = 0
    longest_wait: float = 0.0
    locks: list[float] = field(default_factory=list)
    verified: int = 0
    report: Report | None = None
    seconds: float = 0.0


def arrange(place: Place, folder: Path, of_a_month: int) -> int:
    """Write months that are over, reviewed and sealed; return how many of their entries are to go."""
    database, going = place.open(), 0
    sealer = Sealer(database, SEED, folder / "checkpoints", sessions().log)
    first = 1
    for number, month in enumerate(MONTHS):
        at = int(time.mktime((int(month[:4]), int(month[5:]), 9, 9, 0, 0, 0, 0, 0))) * 1_000_000_000
        events = [(SIGN_IN, SEARCH, SEARCH, REASON)[n % 4] for n in range(of_a_month)]
        going += of_a_month if number < ALL else sum(1 for event in events if event is SIGN_IN)
        for at_once in range(0, of_a_month, _AT_ONCE):
            with patch("time.time_ns", lambda at=at: at), database.append(Deadline(60)) as tx:
                for event in events[at_once : at_once + _AT_ONCE]:
                    last = Log(tx, "2024-10").append(event).seq
        with place.owner() as owner:
            owner.exec_driver_sql(
                "INSERT INTO review_month (month, first_seq, last_seq, entries, opens, closed_at)"
                f" VALUES ('{month}', {first}, {last}, {of_a_month}, 0, 1)"
            )
        first = last + 1
    shows = at + 10 * 86_400 * 1_000_000_000  # what came behind the last month, by which its age is seen
    with patch("time.time_ns", lambda: shows), database.append(Deadline(60)) as tx:
        Log(tx, "2024-10").append(SIGN_IN)
    sealer.seal()
    database.close()
    return going


def pruning_of(database: Database, sealer: Sealer) -> Pruning:
    """Return what prunes on a desk of its own, which seals what it writes."""
    return Pruning(Door(database, matrix(), "2024-10", deadline_seconds=30.0, after=sealer.after), database)


def work(what: str, place: Place, folder: Path) -> None:
    """Do one thing until told to stop, and say what was measured."""
    database, stop = place.open(), folder / "stop"
    sealer = Sealer(database, SEED, folder / "checkpoints", sessions().log)
    done, longest = 0, 0.0

    def tell(held: float) -> None:
        sys.stdout.write(f"{json.dumps({'what': what, 'done': done, 'wait': longest, 'held': held})}\n")
        sys.stdout.flush()

    with _timed(database, tell) if what == "prune" else nullcontext():
        while not stop.exists():
            began = time.monotonic()
            try:
                if what == "append":
                    with database.append(Deadline(30.0)) as tx:
                        ticket = Log(tx, "2024-10").append(REASON if done % 3 else SEARCH)
                    longest = max(longest, time.monotonic() - began)
                    sealer.after(ticket.seq)
                    time.sleep(0.002)
                elif what == "seal":
                    sealer.seal_quietly()
                    time.sleep(0.02)
                else:
                    pruning_of(database, sealer).run()
                    time.sleep(0.05)
            except StaffdeskError as error:  # it stood in the queue for too long, as a desk would say
                sys.stderr.write(f"{what}: {error.sentence}\n")
                continue
            done += 1
            if done % 20 == 0 or what == "prune":
                tell(0.0)
    sealer.close()
    database.close()


@contextmanager
def _timed(database: Database, tell: Callable[[float], None]) -> Iterator[None]:
    """Tell how long each change holds the write lock, its commit with it."""
    change = database.change

    @contextmanager
    def timed(ticket: Ticket, deadline: Deadline | None = None) -> Iterator[Change]:
        began = 0.0
        with change(ticket, deadline) as tx:
            began = time.monotonic()
            yield tx
        tell(time.monotonic() - began)

    with patch.object(database, "change", timed):
        yield


def under_way(place: Place, folder: Path, dice: random.Random, *, desks: int, kills: int, patience: float) -> Outcome:
    """Let them all work, kill one after the other, verify meanwhile, and stop when the kills are done."""
    found, began = Outcome(), time.monotonic()
    jobs = ["append"] * desks + ["prune", "seal"]
    outputs: list[Path] = []

    def start(what: str) -> subprocess.Popen[bytes]:
        outputs.append(folder / f"told-{len(outputs)}")
        where = str(place.path) if place.path is not None else str(place.url)
        words = [sys.executable, "-m", "tests.drills.log_under_way", "--child", what, where, str(folder)]
        with outputs[-1].open("wb") as told, (folder / "errors").open("ab") as errors:
            return subprocess.Popen(words, stdout=told, stderr=errors)

    running = [(what, start(what)) for what in jobs]
    try:
        _wait(lambda: sum(1 for each in outputs if each.stat().st_size) >= desks, 60)
        for turn in range(kills):
            time.sleep(dice.uniform(0.05, patience))
            # Every second time it is the one that prunes.
            at = dice.randrange(len(jobs)) if turn % 2 else desks
            what, process = running[at]
            process.kill()
            process.wait()
            found.killed[what] += 1
            if turn % 3 == _TWO:
                _must_be_sound(place, folder)
                found.verified += 1
            running[at] = (what, start(what))
        time.sleep(patience)
    finally:
        (folder / "stop").touch()
        for _, process in running:
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
    for told in outputs:
        lines = [json.loads(line) for line in told.read_text().splitlines() if line.endswith("}")]
        found.appended += lines[-1]["done"] if lines and lines[-1]["what"] == "append" else 0
        found.longest_wait = max(found.longest_wait, *(line["wait"] for line in lines), 0.0)
        found.locks.extend(line["held"] for line in lines if line["held"])
    _finish(place, folder)
    found.report = _must_be_sound(place, folder)
    found.seconds = time.monotonic() - began
    return found


def _finish(place: Place, folder: Path) -> None:
    """Prune what the last of them left, and see that nothing is left then."""
    database = place.open()
    sealer = Sealer(database, SEED, folder / "checkpoints", sessions().log)
    pruning_of(database, sealer).run()
    again = pruning_of(database, sealer).run()
    assert (again.entries, again.months, again.expired) == (0, {}, {}), "something was left"
    sealer.seal()
    database.close()


def _must_be_sound(place: Place, folder: Path) -> Report:
    report = verify_log(opener(place), folder / "checkpoints", (KEY,), None)
    assert report.findings == (), [finding.sentence for finding in report.findings]
    return report


def _wait(until: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < end, "they did not begin"
        time.sleep(0.05)


def main() -> int:
    """Run as the docstring says."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--entries", type=int, default=20_000, help="of each month")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--database", metavar="URL")
    parser.add_argument("--child", nargs=3)
    asked = parser.parse_args()
    if asked.child:
        what, where, folder = asked.child
        place = Place("postgres", url=where) if "://" in where else Place("sqlite", path=Path(where))
        work(what, place, Path(folder))
        return 0
    seed = asked.seed if asked.seed is not None else random.randrange(2**32)  # noqa: S311 - a drill's dice
    run_folder.begin()
    try:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            given = databases.given_postgres(asked.database) if asked.database else databases.fresh_postgres()
            with given if asked.database or asked.postgres else nullcontext(databases.fresh_sqlite(folder)) as place:
                going = arrange(place, folder, asked.entries)
                dice = random.Random(seed)  # noqa: S311 - as above
                found = under_way(place, folder, dice, desks=DESKS, kills=asked.kills, patience=1.0)
            assert found.report is not None
            told = (
                f"seed {seed} on {place.kind}: {found.report.entries:,} entries, {found.report.pruned:,} pruned of "
                f"{going:,} due (with what became due of the log's own), {found.appended:,} appended meanwhile, "
                f"killed {dict(found.killed)}, sound {found.verified} times meanwhile and at the end; the longest "
                f"append took {found.longest_wait:.3f} s, pruning held the lock {len(found.locks):,} times, "
                f"{max(found.locks, default=0.0):.3f} s at most; "
                f"{found.seconds:.0f} s\n"
            )
            sys.stdout.write(told)
            return int(found.report.pruned < going)
    finally:
        run_folder.end()


if __name__ == "__main__":
    raise SystemExit(main())
