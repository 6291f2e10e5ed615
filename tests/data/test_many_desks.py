"""Eight desks append at once and some are killed in the middle: no number is missing, none is given twice.

Seen to fail: with the number taken in one transaction and the entry written in the next one.
"""

from __future__ import annotations

import random
import signal
import time
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Final

from staffdesk.audit.checkpoint import verifier_key
from staffdesk.services.verification import verify_log
from tests.databases import Place
from tests.tui.preloaded import server
from tests.verifying import opener

DESKS: Final = 8
KILLED: Final = 3
APPENDS: Final = 200
SEED: Final = bytes(range(32))


@dataclass
class Desk:
    process: ForkServerProcess
    line: Connection
    committed: list[int] = field(default_factory=list)

    def listen(self) -> None:
        try:
            while self.line.poll(0 if self.process.is_alive() else 0.1):
                self.committed.append(self.line.recv())
        except (EOFError, ConnectionResetError):
            return


def start(place: Place, folder: Path, appends: int) -> Desk:
    from tests.data.desk_process import append_many  # noqa: PLC0415 - the fork server loads it for itself

    here, there = server().Pipe()
    process = server().Process(target=append_many, args=(place, folder, SEED, appends, there))
    process.start()
    there.close()
    return Desk(process, here)


def test_eight_desks_append_while_some_are_killed(place: Place, tmp_path: Path) -> None:
    folder = tmp_path / "checkpoints"
    dice = random.Random(place.kind)  # noqa: S311 - which desks are killed when
    desks = [start(place, folder, APPENDS) for _ in range(DESKS)]
    late = [start(place, folder, APPENDS) for _ in range(KILLED)]
    try:
        for desk in desks:
            desk.line.send("go")
        for after, victim in zip(late, dice.sample(desks, KILLED), strict=True):
            time.sleep(dice.uniform(0.05, 0.3))
            victim.process.kill()
            after.line.send("go")
        until = time.monotonic() + 60
        while any(desk.process.is_alive() for desk in (*desks, *late)) and time.monotonic() < until:
            for desk in (*desks, *late):
                desk.listen()
            time.sleep(0.02)
        for desk in (*desks, *late):
            desk.process.join(1)
            desk.listen()
    finally:
        for desk in (*desks, *late):
            desk.process.kill()
    ended = [desk.process.exitcode for desk in desks]
    assert ended.count(0) == DESKS - KILLED
    assert ended.count(-signal.SIGKILL) == KILLED
    _assert_one_log(place, folder, [seq for desk in (*desks, *late) for seq in desk.committed])


def _assert_one_log(place: Place, folder: Path, committed: list[int]) -> None:
    assert len(committed) == len(set(committed)), "a number was given twice"
    assert len(committed) >= DESKS * APPENDS
    with place.owner() as owner:
        stored = [row[0] for row in owner.exec_driver_sql("SELECT seq FROM entry ORDER BY seq")]
        assert owner.exec_driver_sql("SELECT seq FROM head").scalar() == len(stored)
    assert stored == list(range(1, len(stored) + 1)), "a number is missing"
    assert set(committed) <= set(stored), "what a desk was told is committed is not there"
    assert len(stored) - len(committed) <= KILLED, "an entry stands there that no desk committed"
    report = verify_log(opener(place), folder, (verifier_key("staffdesk", SEED),), None)
    assert (report.exit_code, report.findings, report.entries) == (0, (), len(stored))
    assert report.newest_checkpoint is not None
    assert report.uncovered <= len(stored) % 100 + KILLED
