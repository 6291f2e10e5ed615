"""An erasure killed with signal 9 at a random moment, again and again: never half, and the next run ends it.

Run: ``python -m tests.drills.erasure_killed --times 50`` (the suite kills a few). ``--child`` is what is killed.
"""

from __future__ import annotations

import argparse
import random
import signal
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from staffdesk.services.erasure.due import finish
from staffdesk.services.erasure.storage import Storage
from staffdesk.services.verification import verify_log
from tests import databases, run_folder
from tests.databases import Place
from tests.forked import Forked
from tests.services.erasures import NOW, TODAY, erased, ledger_of, planned, somebody, storage_of
from tests.services.offices import Office
from tests.services.store_files import held
from tests.verifying import opener

LONGEST = 0.6
_MAKING = 0.08
"""Most of the longest is what is destroyed afterwards: every other kill comes while the erasure itself is made."""
_CHILD = "from tests.drills.erasure_killed import main; main()"
_WORK = "destruction"
"""What is destroyed afterwards may be done or not; everything else is as before, or as after."""


def child(place: Place, folder: Path, person: int, request: int) -> None:
    """Erase, and finish what is due; say before that it begins."""
    storage = storage_of(place, place.open(), folder)
    decided = planned(storage.database, person, request=request)
    print("begins", flush=True)  # noqa: T201 - read by whoever kills this
    erased(storage, decided, request)
    finish(storage, "2024-10", TODAY, NOW)


def once(place: Place, folder: Path, delay: float) -> str:
    """Kill an erasure after ``delay`` seconds; return whether it was made, and raise AssertionError if by half."""
    database = place.open()
    from staffdesk.domain.access import Role  # noqa: PLC0415 - the child needs none

    him = somebody(database, Office(database).hire("ana", Role.SUPPORT))
    database.close()
    before = _rows(place)
    with _start(place, folder, him.person, him.request) as running:
        assert running.stdout.readline() == b"begins\n"
        time.sleep(delay)
        running.signal(signal.SIGKILL)
        running.wait()
    database = place.open()
    storage = storage_of(place, database, folder)
    after = _rows(place)
    made = bool(after["tombstone"])
    if not made:
        assert after == before, "something was changed by an erasure that was not made"
        erased(storage, planned(database, him.person, request=him.request), him.request)
    assert ledger_of(storage).lines()[0].subject == him.aid, "nobody is erased without his line"
    _check_gone(_rows(place), him.person, on_server=place.url is not None)
    _check_finished(storage, place)
    database.close()
    return "made" if made else "not made"


def _check_gone(rows: Mapping[str, list[tuple[object, ...]]], person: int, *, on_server: bool) -> None:
    assert not [row for row in rows["person"] if row[0] == person]
    counts = {name: len(found) for name, found in rows.items()}
    wanted = {"sales_order": 1, "invoice": 1, "order_line": 1, "shipment": 1, "subscription": 0, "contact_report": 1}
    assert {name: counts[name] for name in wanted} == wanted
    assert (counts["tombstone"], counts["suppression"], counts[_WORK]) == (1, 4, 4 if on_server else 3)
    assert counts["hold"] == 5


def _check_finished(storage: Storage, place: Place) -> None:
    done = finish(storage, "2024-10", TODAY, NOW)
    assert done.open == 0, [found.left for found in done.swept]
    assert ledger_of(storage).lines()[0].done
    assert verify_log(opener(place), storage.ledger_file.parent, (), None).findings == ()


def _rows(place: Place) -> dict[str, list[tuple[object, ...]]]:
    return held(place)


def _start(place: Place, folder: Path, person: int, request: int) -> Forked:
    where = str(place.path) if place.path is not None else str(place.url)
    return Forked("-c", _CHILD, "--child", where, str(folder), str(person), str(request))


def main() -> None:
    """Run as the docstring says."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--child", nargs=4)
    asked = parser.parse_args()
    if asked.child:
        where, folder, person, request = asked.child
        place = Place("postgres", url=where) if "://" in where else Place("sqlite", path=Path(where))
        child(place, Path(folder), int(person), int(request))
        return
    seed = asked.seed if asked.seed is not None else random.randrange(2**32)  # noqa: S311 - a drill's dice
    dice = random.Random(seed)  # noqa: S311 - as above
    run_folder.begin()
    try:
        counted: dict[str, int] = {}
        for turn in range(asked.times):
            delay = dice.uniform(0, LONGEST if turn % 2 else _MAKING)
            with tempfile.TemporaryDirectory() as folder:
                told = once(databases.fresh_sqlite(Path(folder)), Path(folder), delay)
                counted[told] = counted.get(told, 0) + 1
        print(f"seed {seed}: {counted}, never half")  # noqa: T201 - a drill's answer
    finally:
        run_folder.end()


if __name__ == "__main__":
    main()
