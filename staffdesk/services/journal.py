"""A transaction and what is appended to the log in it, for acts that go through no door: signing in and out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from staffdesk.data.database import Database
from staffdesk.data.log import Event, Log
from staffdesk.data.transaction import Append

Write = Callable[[Event], None]


class Journal:
    """The log, under one version of the policy; ``after`` is told the last number written, once it is committed."""

    def __init__(self, database: Database, policy: str, after: Callable[[int], None] | None = None) -> None:
        """Write to a database."""
        self._database = database
        self._policy = policy
        self._after = after

    @contextmanager
    def reading(self) -> Iterator[Append]:
        """Give a transaction that reads accounts and sessions; raises :class:`LogUnavailable`."""
        with self._database.append() as tx:
            yield tx

    @contextmanager
    def writing(self) -> Iterator[tuple[Append, Write]]:
        """Give a transaction and what appends to the log in it; raises :class:`LogUnavailable`."""
        written: list[int] = []
        with self._database.append() as tx:
            log = Log(tx, self._policy)

            def write(event: Event) -> None:
                written.append(log.append(event).seq)

            yield tx, write
        if written and self._after is not None:
            self._after(written[-1])
