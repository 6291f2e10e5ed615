"""Which database on which server this is: what a server's own tools put back is another one."""

from typing import Final

import sqlalchemy as sa

from staffdesk.data.transaction import Transaction

_PLACE: Final = sa.text(
    "SELECT concat_ws('.', (SELECT system_identifier FROM pg_control_system()),"
    " (SELECT timeline_id FROM pg_control_checkpoint()),"
    " (SELECT oid FROM pg_database WHERE datname = current_database()), 'entry'::regclass::oid)"
)


def place(tx: Transaction) -> str:
    """Return a server's number, its timeline, and the numbers it gave to the database and to the table of the log.

    A dump that is read back makes a new table or database, and a server that takes over begins a new timeline; a copy
    of its files that is put back in their place alone is not told. Nothing for a file, whose restore says so itself.
    """
    row = tx.row(_PLACE) if tx.is_postgres else None
    return "" if row is None else str(row[0])
