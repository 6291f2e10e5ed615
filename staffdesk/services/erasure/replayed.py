"""Whether everybody who was erased is gone from a database that is about to be opened.

It stands apart from what erases again: every command and every terminal asks this, and few of them erase.
"""

from __future__ import annotations

from pathlib import Path

from staffdesk.data.database import Database
from staffdesk.data.entries import Entries
from staffdesk.data.tombstones import Tombstones
from staffdesk.domain.errors import StorageUnavailable
from staffdesk.services.erasure.ledger import Ledger, check_reaches
from staffdesk.services.erasure.settling import may_have_been_made


def check_replayed(database: Database, ledger_file: Path, secret: bytes) -> None:
    """Refuse to open a database in which somebody is back, or whose ledger is gone; ``run-due`` erases him again.

    Raises :class:`StorageUnavailable`.
    """
    with database.append() as tx:
        buried = {each.aid for each in Tombstones(tx).buried()}
        origin = Entries(tx).origin()
    if not buried and not ledger_file.exists():
        return
    lines = Ledger(ledger_file, secret, origin).lines()
    check_reaches(lines, sorted(buried))
    made = {line.subject for line in lines if line.done}
    if made - buried:  # it may have been made since they were read
        with database.append() as tx:
            buried = {each.aid for each in Tombstones(tx).buried()}
    back = any(line.place and not line.done for line in lines)
    if back:
        with database.append() as tx:
            back = may_have_been_made(tx, lines)
    if back or made - buried:
        raise StorageUnavailable(
            "This database is older than its ledger of erasures: somebody who was erased would be shown.",
            "Run: staffdesk run-due",
        )
