"""Another desk, in a process of its own, that holds the log's lock until the test is done, three seconds at most."""

from __future__ import annotations

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
from tests.forked import Forked

HELD_SECONDS: Final = 3.0
_HOLDER: Final = "import sys; from tests.data.lock_holder import hold; hold(*sys.argv[1:])"


@contextmanager
def another_desk_holds_the_lock(place: Place) -> Iterator[None]:
    with Forked("-c", _HOLDER, place.kind, str(place.url or place.path), place.key) as holder:
        assert holder.stdout.readline() == b"held\n"
        yield
        assert holder.runs, "the lock was let go of too early"


def hold(kind: str, where: str, key: str) -> None:
    place = Place(kind, url=where) if kind == "postgres" else Place(kind, path=Path(where), key=key)
    with place.open().append(Deadline(60)) as tx:
        Log(tx, "2024-10").append(Event(act=Act.CUSTOMER_SEARCH))
        sys.stdout.write("held\n")
        sys.stdout.flush()
        time.sleep(HELD_SECONDS)
        raise SystemExit
