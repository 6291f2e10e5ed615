"""Connections to the databases that a process gives from test to test: closed by one test, opened by the next.

A backend that begins knows no table and has planned nothing: that was half of what the server did for a test. A desk
keeps nothing in its connection, since a pooler may stand between, so the next one may have it. What was run in it once
is planned no more: that was half of the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from unittest import mock

from psycopg._preparing import PrepareManager
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

if TYPE_CHECKING:
    import psycopg

_AS_NEW: Final = (
    "RESET ALL; RESET SESSION AUTHORIZATION; UNLISTEN *; CLOSE ALL; DISCARD TEMP; DISCARD SEQUENCES; "
    "SELECT pg_advisory_unlock_all()"
)
"""All that DISCARD ALL does but for the plans."""


class _Planned(PrepareManager):
    """Has the server keep the plan of what is run a second time, also when a transaction between was rolled back.

    The server itself plans anew what a change of a table or of who asks makes another.
    """

    prepare_threshold = 1
    prepared_max = 4_000

    def _should_discard(self, prep: object, results: object, clears: object = None) -> bool:  # noqa: ARG002 - the library's
        return False


_kept: Final[dict[str, list[psycopg.Connection[Any]]]] = {}

_connect = PGDialect_psycopg.connect


def keep(name: str) -> None:
    """Keep the connections to this database from now on, whoever closes them."""
    _kept.setdefault(name, [])


def backends(name: str) -> list[int]:
    """Return the processes of the server that are kept for this database."""
    return [each.info.backend_pid for each in _kept.get(name, ()) if not each.closed]


def drop(name: str) -> None:
    """Close what is kept of this database, and keep no more."""
    for each in _kept.pop(name, ()):
        each.close()


def _opened(self: PGDialect_psycopg, *args: Any, **options: Any) -> Any:  # noqa: ANN401 - as the dialect has it
    name = str(options.get("dbname"))
    kept = _kept.get(name, [])
    asked = options.get("user"), options.get("options") or ""
    for found in [each for each in kept if (each.info.user, each.info.options) == asked]:
        kept.remove(found)
        if _is_as_new(found):
            return found
        found.close()
    made: Any = _connect(self, *args, **options)
    if name in _kept:
        made._prepared = _Planned()
    return made


def _is_as_new(connection: psycopg.Connection[Any]) -> bool:
    """Undo what a test set in its session; say whether the server still answers."""
    try:
        connection.autocommit = True
        connection.execute(_AS_NEW)
    except connection.Error:
        return False
    return True


def _closed(_self: PGDialect_psycopg, connection: psycopg.Connection[Any]) -> None:
    """Keep what is closed in good order; what is invalidated is closed by ``do_terminate``."""
    kept = _kept.get(connection.info.dbname) if not connection.closed else None
    if kept is not None and connection.info.transaction_status.name == "IDLE":
        connection._notice_handlers.clear()
        kept.append(connection)
    else:
        connection.close()


def _ended(_self: PGDialect_psycopg, connection: psycopg.Connection[Any]) -> None:
    connection.close()


def share() -> None:
    """Let the engines of this process keep their connections so."""
    mock.patch.object(PGDialect_psycopg, "connect", _opened).start()
    mock.patch.object(PGDialect_psycopg, "do_close", _closed).start()
    mock.patch.object(PGDialect_psycopg, "do_terminate", _ended).start()
