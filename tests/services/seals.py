"""A log that grows under a sealer, and the checkpoints its database holds."""

from __future__ import annotations

from staffdesk.audit.checkpoint import verifier_key
from staffdesk.data.database import Database
from staffdesk.data.log import Event, Log
from staffdesk.domain.access import Act
from staffdesk.services.sealing import Sealer
from tests.databases import Place

SEED = bytes(range(32))
KEY = verifier_key("staffdesk", SEED)


def append(database: Database, sealer: Sealer, n: int) -> None:
    for _ in range(n):
        with database.append() as tx:
            ticket = Log(tx, "2024-10").append(Event(act=Act.AUDIT_LISTED))
        sealer.after(ticket.seq)


def sizes(place: Place) -> list[int]:
    with place.owner() as owner:
        return [row[0] for row in owner.exec_driver_sql("SELECT size FROM checkpoint ORDER BY size")]
