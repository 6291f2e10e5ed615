"""What a search asks the database: the statements themselves, taken down while it runs, for the driver to run bare."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

import sqlalchemy as sa

from staffdesk.data.log import Event, Log
from staffdesk.data.prepared import Prepared
from staffdesk.data.ticket import Ticket
from staffdesk.data.transaction import AnyRow, Parameters, Read
from staffdesk.domain.access import Access, Act
from staffdesk.domain.identifiers import recognise
from staffdesk.domain.policy import matrix
from staffdesk.domain.search_text import read_filters
from staffdesk.parameters.shapes import policy
from staffdesk.services.clearance import Clearance, Wanted, clear
from staffdesk.services.finding import Finding
from staffdesk.services.home import Home
from staffdesk.services.opening_homes import open_database
from staffdesk.services.searched_by import KEYS
from tests.bench.figures import timed

_TICKET_SECONDS: Final = 600

Statement = tuple[sa.Executable | Prepared, dict[str, object]]


class _Recording(Read):
    """A read that takes down what it is asked."""

    __slots__ = ("asked",)

    def __init__(self, tx: Read) -> None:
        """Ask through the connection of ``tx``."""
        super().__init__(tx._connection, is_postgres=tx.is_postgres, secret=tx.secret)
        self.asked: list[Statement] = []

    def rows(self, statement: sa.Executable | Prepared, parameters: Parameters | None = None) -> Sequence[AnyRow]:
        self.asked.append((statement, dict(parameters or {})))
        return super().rows(statement, parameters)


class Asking:
    """Asks as the gateway does, past the log."""

    def __init__(self, home: Home, access: Access) -> None:
        """Ask as somebody who signed in, on a connection of its own."""
        self._database = open_database(home)
        self._access = access
        self._ticket: Ticket | None = None
        self._cleared: Clearance | None = None

    def statements(self, text: str, *, typing: bool) -> Sequence[Statement]:
        """Return the statements that a search for this text runs."""
        asked = read_filters(text)
        readings = recognise(asked.text)
        keys = tuple(dict.fromkeys(key for reading in readings for key in KEYS[reading.kind]))
        with self._database.append() as tx:
            cleared = clear(tx, matrix(), self._access, Wanted(act=Act.CUSTOMER_SEARCH, keys=keys))
            ticket = Log(tx, policy().version).append(Event(act=Act.CUSTOMER_SEARCH))
        with self._database.read(ticket) as read:
            recording = _Recording(read)
            finding = Finding(recording, matrix(), cleared, asked)
            finding.count(readings) if typing else finding.list(readings)
            return recording.asked

    def time(self, text: str, *, typing: bool) -> float:
        """Return how many milliseconds the search itself takes in an open transaction, its log left out."""
        asked = read_filters(text)
        readings = recognise(asked.text)
        if self._ticket is None or self._ticket.age() > _TICKET_SECONDS:
            with self._database.append() as tx:
                wanted = Wanted(
                    act=Act.CUSTOMER_SEARCH, keys=tuple(dict.fromkeys(k for each in KEYS.values() for k in each))
                )
                self._cleared = clear(tx, matrix(), self._access, wanted)
                self._ticket = Log(tx, policy().version).append(Event(act=Act.CUSTOMER_SEARCH))
        assert self._cleared is not None
        with self._database.read(self._ticket) as read:
            finding = Finding(read, matrix(), self._cleared, asked)
            return timed(partial(finding.count if typing else finding.list, readings))

    def close(self) -> None:
        """Close the connection."""
        self._database.close()
