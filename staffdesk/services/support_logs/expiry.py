"""What ``run-due`` does for support logs: bytes end on their day, and files that no row knows are removed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from staffdesk.data.customers.log_bundles import (
    KeepingLogBundles,
    LogBundles,
    due_bundles,
    in_quarantine,
    known_files,
)
from staffdesk.data.database import Database
from staffdesk.data.deadline import Deadline
from staffdesk.data.transaction import Change
from staffdesk.domain.access import Act
from staffdesk.domain.errors import Misconfigured, NotFound
from staffdesk.domain.log_scan import must_not_be_held
from staffdesk.domain.support_log_rules import rules
from staffdesk.domain.support_logs import LogsEnded, Quarantined
from staffdesk.parameters.shapes import retention
from staffdesk.services.door import Door, Result
from staffdesk.services.sessions import utc_ms
from staffdesk.services.support_logs.at_case import LOGS
from staffdesk.services.support_logs.checking import LogCheck
from staffdesk.services.support_logs.log_spool import LogSpool
from staffdesk.services.support_logs.printing import KEPT_BY
from staffdesk.services.support_logs.sealed_stream import Altered

_DAY_MS: Final = 24 * 60 * 60 * 1000
_SECONDS: Final = 20.0


@dataclass(frozen=True, slots=True)
class Expired:
    """How many zips ended, how many files were removed that no row knew, and what privacy must see.

    ``waiting`` are zips with what must not be held, or that are not what came.
    """

    zips: int = 0
    files: int = 0
    waiting: tuple[Quarantined, ...] = ()


class LogExpiry:
    """Ends zips on their day at one home."""

    def __init__(self, door: Door, database: Database, spool: LogSpool, *, clock: Callable[[], int] = utc_ms) -> None:
        """Work through ``door``; nobody is signed in."""
        self._door = door
        self._database = database
        self._spool = spool
        self._clock = clock

    def run(self) -> Expired:
        """Destroy the keys of what is due, in one transaction with its entry, then every file that has no row.

        Then each zip that is held is compared with its manifest. Raises :class:`StorageUnavailable`,
        :class:`LogUnavailable`; what was done stays done.
        """
        ended = self._end()
        removed = remove_unknown(self._database, self._spool)
        self._compare()
        with self._database.append() as tx:
            quarantined = in_quarantine(tx, rules())
        waiting = tuple(each for each in quarantined if must_not_be_held(each.found, rules()))
        return Expired(ended, removed, waiting)

    def _compare(self) -> None:
        with self._database.append() as tx:
            if not known_files(tx):
                return
        seen = Result(act=Act.CASE_LOGS_LISTED, kinds=(LOGS, "compared"))
        check = LogCheck(self._door, self._spool, rules())
        for held in self._door.scheduled_look(seen, lambda tx: LogBundles(tx).held(), longer=Deadline(_SECONDS)):
            try:
                with suppress(Altered):  # the alarm about it stands by now
                    check.whole(held)
            except NotFound:
                # One that lies at another desk is compared there; a desk on a file of its own has no other.
                if not self._database.is_postgres:
                    check.missing(held)

    def _end(self) -> int:
        now, periods = self._clock(), rules().periods
        days = retention().kinds[KEPT_BY].days
        if days is None:
            raise Misconfigured(f"retention.toml: {KEPT_BY} names no days.")
        moments = {
            "closed": now - days * _DAY_MS,
            "received": now - periods.most_days * _DAY_MS,
            "quarantined": now - periods.quarantine_days * _DAY_MS,
        }
        with self._database.append() as tx:
            if not due_bundles(tx, **moments):
                return 0
        kinds = (LOGS, LogsEnded.PERIOD.value)

        def write(tx: Change) -> tuple[int, Result | None]:
            due = due_bundles(tx, **moments)
            ended = KeepingLogBundles(tx).end([number for number, _ in due], LogsEnded.PERIOD, now)
            cases = tuple(dict.fromkeys(aid for _, aid in due))
            return len(ended), Result(act=Act.CASE_LOGS_DESTROYED, obj=cases, kinds=kinds, n=len(ended))

        return self._door.scheduled(Result(act=Act.CASE_LOGS_DESTROYED, kinds=kinds), write)


def held_and_gone(database: Database, spool: LogSpool) -> tuple[int, int]:
    """Return how many sealed files have a row at a desk on a file of its own, and how many of them are gone.

    Of a desk on PostgreSQL none: they may lie at another one.
    """
    with database.append() as tx:
        known = frozenset[str]() if database.is_postgres else known_files(tx)
    return len(known), sum(not spool.has(name) for name in known)


def remove_unknown(database: Database, spool: LogSpool) -> int:
    """Remove every sealed file that no row knows; return how many. Raises :class:`StorageUnavailable`."""

    def known() -> frozenset[str]:
        with database.append() as tx:
            return known_files(tx)

    return spool.destroy_unknown(known)
