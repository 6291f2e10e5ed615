"""Statements that are compiled once a process, for whichever engine runs them.

An engine keeps what it compiled, and a test's engine lives a second: the next one's compiled the same statements again,
which was more work than running them.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import Compiled
from sqlalchemy.util import LRUCache

_MOST: Final = 4_000


class _Compilations(LRUCache[Any, Compiled]):
    """What an engine keeps, found by the kind of its dialect: all engines of a kind speak to one server or library."""

    def get(self, key: Any, default: Any = None) -> Any:  # noqa: ANN401 - the library's types, which it does not name
        return super().get(_of_the_kind(key), default)

    def __setitem__(self, key: Any, compiled: Compiled) -> None:  # noqa: ANN401 - as above
        super().__setitem__(_of_the_kind(key), compiled)


_kept: Final = _Compilations(_MOST)


def share() -> None:
    """Let every engine of this process that connects from now on find what another one compiled."""
    if not sa.event.contains(sa.Engine, "engine_connect", _take):
        sa.event.listen(sa.Engine, "engine_connect", _take)


def _take(connection: sa.Connection) -> None:
    connection.engine._compiled_cache = _kept


def _of_the_kind(key: tuple[Any, ...]) -> Hashable:
    dialect, *statement = key
    return (type(dialect), dialect.server_version_info, *statement)
