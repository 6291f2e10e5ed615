"""The team's PostgreSQL: no session state, limits are said inside the transaction, so a pooler may stand between."""

from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any, Final, cast

import sqlalchemy as sa
from sqlalchemy.pool import QueuePool

from staffdesk.data.database import AnswerLost, Database
from staffdesk.data.deadline import Deadline, Watchdog
from staffdesk.domain.errors import Misconfigured

if TYPE_CHECKING:
    import psycopg

CONNECT_SECONDS: Final = 2
CANCEL_SECONDS: Final = 0.5
SEARCH_PATH: Final = "search_path = public"
"""Where our tables are. A user called desk has the schema of our functions first on his own path, and tables in it."""


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
            pool_timeout=0,
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


class _Cancellation:
    """Has the server end what a connection runs, as long as one transaction is under way on it."""

    def __init__(self, driver: "psycopg.Connection[object]") -> None:
        """Cancel what ``driver`` runs."""
        self._driver = driver
        self._asking = Lock()
        self._over = False

    def ask(self) -> None:
        """Cancel without waiting for it: asking the server takes a line of its own."""
        Thread(target=self._cancel, name="cancel", daemon=True).start()

    def close(self) -> bool:
        """Ask no more, and say whether nothing is being asked: the next transaction must not be what is cancelled."""
        quiet = self._asking.acquire(timeout=CANCEL_SECONDS)
        self._over = True
        if quiet:
            self._asking.release()
        return quiet

    def _cancel(self) -> None:
        with self._asking:
            if not self._over:
                with suppress(OSError, self._driver.Error):  # the watchdog ends the wait then
                    self._driver.cancel_safe(timeout=CANCEL_SECONDS)


class PostgresDatabase(Database):
    """The team's database; the head row's lock is the queue.

    The server's limits hold for one statement each, and not at all on a server that stopped: a watchdog ends the wait.
    What runs for somebody who gave up is cancelled.
    """

    is_postgres = True

    def __init__(self, url: str, secret: bytes) -> None:
        """Prepare the engine; the first transaction connects."""
        super().__init__(make_engine(url), secret)
        self._watchdog = Watchdog()
        self._deadline = Deadline(0)

        @sa.event.listens_for(self._engine, "do_connect")
        def connect(dialect: sa.Dialect, _record: object, args: list[Any], options: dict[str, Any]) -> object:
            return _connect(dialect, args, options, self._deadline)

        @sa.event.listens_for(self._engine, "connect", insert=True)
        def attach(connection: "psycopg.Connection[object]", _record: object) -> None:
            """Run before SQLAlchemy asks the new connection what it is, which may block as well."""
            self._watchdog.attach(connection.fileno())

        @sa.event.listens_for(self._engine, "close")
        def detach(_connection: object, _record: object) -> None:
            self._watchdog.detach()

    def close(self) -> None:
        """Close the pooled connection, and end the thread that watched it."""
        super().close()
        self._watchdog.close()

    @contextmanager
    def _reserved(self, deadline: Deadline) -> Iterator[None]:
        with super()._reserved(deadline):
            self._deadline = deadline
            self._watchdog.arm(deadline)
            try:
                yield
            finally:
                self._watchdog.disarm()

    @staticmethod
    def _say(connection: sa.Connection, words: str) -> None:
        _driver(connection).execute(words)

    def _commit(self, connection: sa.Connection) -> None:
        """Say COMMIT; after a failed statement the server rolls back instead, and calls that no error."""
        driver = _driver(connection)
        try:
            answer = driver.execute("COMMIT").statusmessage
        except self._driver_error as error:
            if driver.closed:
                raise AnswerLost from error
            raise
        if answer != "COMMIT":
            raise self._driver_error(f"COMMIT was answered by {answer}")

    @contextmanager
    def _begun(self, connection: sa.Connection, deadline: Deadline, *, writes: bool, opens: bool) -> Iterator[None]:
        del opens  # row security asks for the ticket itself once it is switched on
        left = max(1, int(deadline.left() * 1000))
        mode = "READ WRITE" if writes else "READ ONLY"
        cancellation = _Cancellation(_driver(connection))
        try:
            try:
                self._say(
                    connection,
                    f"BEGIN {mode}; SET LOCAL statement_timeout = {left}; SET LOCAL lock_timeout = {left};"
                    f" SET LOCAL {SEARCH_PATH}",
                )
            except self._driver_error:
                connection.invalidate()
                raise
            with deadline.on_giving_up(cancellation.ask):
                yield
        finally:
            quiet = cancellation.close()
            if self._watchdog.disarm() or not quiet:
                connection.invalidate()  # here, since a connection in the pool is never cut


def _connect(dialect: sa.Dialect, args: list[Any], options: dict[str, Any], deadline: Deadline) -> object:
    """Connect in a thread of its own: the driver's shortest limit is two seconds, and it looks names up without any."""
    coming: Future[Any] = Future()

    def connect() -> None:
        try:
            coming.set_result(dialect.connect(*args, **options))
        except BaseException as error:  # noqa: BLE001 - raised again where the result is asked for
            coming.set_exception(error)

    Thread(target=connect, name="connect", daemon=True).start()
    try:
        return coming.result(deadline.left())
    except BaseException:
        coming.add_done_callback(_close_late_comer)
        raise


def _close_late_comer(coming: Future[Any]) -> None:
    if coming.exception() is None:
        coming.result().close()


def _driver(connection: sa.Connection) -> "psycopg.Connection[object]":
    return cast("psycopg.Connection[object]", connection.connection.driver_connection)
