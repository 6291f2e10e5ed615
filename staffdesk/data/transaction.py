"""The three kinds of transaction, as repositories see them; the database alone begins and ends them."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, TypeVar

import sqlalchemy as sa

from staffdesk.data.prepared import Prepared
from staffdesk.data.ticket import Ticket

Parameters = Mapping[str, object]
V = TypeVar("V")

_FEW: Final = (1, 4, 16)
_LENGTHS_APART: Final = 64
AnyRow = sa.Row[*tuple[Any, ...]]


def padded(values: Collection[V]) -> list[V]:
    """Return what a statement asks for in one of few lengths, the last value again and again.

    Of each length the words are others, and the driver keeps each as it was prepared: hundreds of them, of a tenth of a
    megabyte.
    """
    listed = list(values)
    count = len(listed)
    length = next((few for few in _FEW if count <= few), count + -count % _LENGTHS_APART)
    return listed + listed[-1:] * (length - count)


class Transaction:
    """A transaction under way; repositories run Core statements on it and keep nothing of it."""

    __slots__ = ("_connection", "_tickets", "is_postgres", "secret")

    def __init__(self, connection: sa.Connection, *, is_postgres: bool, secret: bytes) -> None:
        """Wrap a connection on which BEGIN has been said; ``secret`` keys what is compared without being readable."""
        self._connection = connection
        self._tickets: list[Ticket] = []
        self.is_postgres = is_postgres
        self.secret = secret

    def rows(self, statement: sa.Executable | Prepared, parameters: Parameters | None = None) -> Sequence[AnyRow]:
        """Run a statement and return all its rows."""
        if isinstance(statement, Prepared):
            return statement.rows(self._connection, parameters or {})
        return self._connection.execute(statement, parameters or {}).all()

    def row(self, statement: sa.Executable | Prepared, parameters: Parameters | None = None) -> AnyRow | None:
        """Run a statement and return its first row, or None."""
        if isinstance(statement, Prepared):
            found = statement.rows(self._connection, parameters or {})
            return found[0] if found else None
        return self._connection.execute(statement, parameters or {}).first()

    def rows_of_many(self, statement: sa.Executable, parameters: Sequence[Parameters]) -> Sequence[AnyRow]:
        """Run a write for each set of parameters and return what it gives back, in the same order."""
        return self._connection.execute(statement, parameters).all()

    def write(
        self, statement: sa.Executable | Prepared, parameters: Parameters | Sequence[Parameters] | None = None
    ) -> int:
        """Run a write and return how many rows it touched; a sequence of parameters runs it once for each.

        Without being told, SQLAlchemy keeps no count of an INSERT whose driver could have returned the row.
        """
        if isinstance(statement, Prepared):
            return statement.write(self._connection, parameters or {})
        counted = {"preserve_rowcount": True}
        touched: int = self._connection.execute(statement, parameters or {}, execution_options=counted).rowcount
        return touched

    def issue(self, ticket: Ticket) -> None:
        """Remember a ticket, to be committed with the transaction."""
        self._tickets.append(ticket)

    def settle(self) -> None:
        """Commit the tickets; the database calls this after COMMIT."""
        for ticket in self._tickets:
            ticket.commit()


class Append(Transaction):
    """A transaction that writes the log and reads no customer."""

    __slots__ = ()


class Read(Transaction):
    """A transaction that reads customers under a ticket."""

    __slots__ = ()


class Change(Append, Read):
    """A transaction that reads and writes customers under a ticket, and writes the log."""

    __slots__ = ()
