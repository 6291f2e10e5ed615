"""The team's PostgreSQL: no session state, limits are said inside the transaction, so a pooler may stand between."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, cast

import sqlalchemy as sa
from sqlalchemy.pool import QueuePool

from staffdesk.data.database import Database
from staffdesk.data.deadline import Deadline
from staffdesk.domain.errors import Misconfigured

if TYPE_CHECKING:
    import psycopg

CONNECT_SECONDS: Final = 2


def make_engine(url: str) -> sa.Engine:
    """Return an engine of one connection for ``postgresql+psycopg://…``; raises :class:`Misconfigured`."""
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError as error:
        raise Misconfigured(
            "The database URL cannot be read.", "Write it as postgresql+psycopg://user@host/name"
        ) from error
    if parsed.drivername not in {"postgresql", "postgresql+psycopg"}:
        raise Misconfigured(
            "The database URL names a database that staffdesk does not know.",
            "Write it as postgresql+psycopg://user@host/name",
        )
    try:
        return sa.create_engine(
            parsed.set(drivername="postgresql+psycopg"),
            poolclass=QueuePool,
            pool_size=1,
            max_overflow=0,
            pool_timeout=1,
            pool_reset_on_return=None,
            isolation_level="AUTOCOMMIT",
            hide_parameters=True,
            connect_args={
                "connect_timeout": CONNECT_SECONDS,
                "tcp_user_timeout": CONNECT_SECONDS * 1000,
                "prepare_threshold": None,
            },
        )
    except ModuleNotFoundError as error:
        raise Misconfigured(
            "The PostgreSQL driver is not installed.", "Run: pip install 'staffdesk[postgres]'"
        ) from error


class PostgresDatabase(Database):
    """The team's database; the head row's lock is the queue."""

    is_postgres = True

    def __init__(self, url: str, secret: bytes) -> None:
        """Prepare the engine; the first transaction connects."""
        super().__init__(make_engine(url), secret)

    @staticmethod
    def _say(connection: sa.Connection, words: str) -> None:
        _driver(connection).execute(words)

    @contextmanager
    def _begun(self, connection: sa.Connection, deadline: Deadline, *, writes: bool, opens: bool) -> Iterator[None]:
        del opens  # row security asks for the ticket itself once it is switched on
        left = max(1, int(deadline.left() * 1000))
        mode = "READ WRITE" if writes else "READ ONLY"
        try:
            self._say(
                connection,
                f"BEGIN {mode}; SET LOCAL statement_timeout = {left}; SET LOCAL lock_timeout = {left}",
            )
        except self._driver_error:
            connection.invalidate()
            raise
        yield


def _driver(connection: sa.Connection) -> "psycopg.Connection[object]":
    return cast("psycopg.Connection[object]", connection.connection.driver_connection)
