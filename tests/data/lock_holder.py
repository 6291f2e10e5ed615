"""Another desk, in a process of its own, that holds the log's lock until the test is done, three seconds at most."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from staffdesk.data.deadline import Deadline
from staffdesk.data.log import Event, Log
from staffdesk.domain.access import Act
from tests.databases import Place

HELD_SECONDS: Final = 3.0
ROOT: Final = Path(__file__).resolve().parents[2]


@contextmanager
def another_desk_holds_the_lock(place: Place) -> Iterator[None]:
    arguments = [sys.executable, "-m", "tests.data.lock_holder", place.kind, str(place.url or place.path), place.key]
    with subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        try:
            assert holder.stdout.readline() == "held\n"
            yield
            assert holder.poll() is None, "the lock was let go of too early"
        finally:
            holder.kill()


def hold(kind: str, where: str, key: str) -> None:
    place = Place(kind, url=where) if kind == "postgres" else Place(kind, path=Path(where), key=key)
    with place.open().append(Deadline(60)) as tx:
        Log(tx, "2024-10").append(Event(act=Act.CUSTOMER_SEARCH))
        sys.stdout.write("held\n")
        sys.stdout.flush()
        time.sleep(HELD_SECONDS)
        raise SystemExit


if __name__ == "__main__":
    hold(*sys.argv[1:])
