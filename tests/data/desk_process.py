"""A desk in a process of its own, for tests that kill it."""

from __future__ import annotations

from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from staffdesk.data.deadline import Deadline
from staffdesk.data.log import Event, Log, Opened
from staffdesk.domain.access import Act
from staffdesk.domain.errors import LogUnavailable
from staffdesk.parameters.shapes import sessions
from staffdesk.services.sealing import Sealer
from tests.databases import Place

PATIENCE: Final = 30.0


def append_many(place: Place, folder: Path, seed: bytes, appends: int, told: Connection) -> None:
    """Wait for a word, then append; each number is told as soon as its transaction is committed."""
    database = place.open()
    sealer = Sealer(database, seed, folder, sessions().log)
    told.recv()
    event = Event(act=Act.CUSTOMER_SEARCH, obj=("s_1",), openings=(Opened("term", "anders"),))
    done = 0
    while done < appends:
        try:
            with database.append(Deadline(PATIENCE)) as tx:
                ticket = Log(tx, "2024-10").append(event)
        except LogUnavailable:  # it stood in the queue for too long, as a screen would say
            continue
        done += 1
        told.send(ticket.seq)
        sealer.after(ticket.seq)
    sealer.close()
    database.close()
