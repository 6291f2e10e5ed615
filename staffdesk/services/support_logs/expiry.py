"""What ``run-due`` does for support logs: bytes end on their day, and files that no row knows are removed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from staffdesk.data.customers.log_bundles import KeepingLogBundles, due_bundles, known_files
from staffdesk.data.database import Database
from staffdesk.data.transaction import Change
from staffdesk.domain.access import Act
from staffdesk.domain.errors import Misconfigured
from staffdesk.domain.support_logs import LogsEnded, rules
from staffdesk.parameters.shapes import retention
from staffdesk.services.door import Door, Result
from staffdesk.services.sessions import utc_ms
from staffdesk.services.support_logs.at_case import LOGS
from staffdesk.services.support_logs.log_spool import LogSpool
from staffdesk.services.support_logs.service import KEPT_BY

_DAY_MS: Final = 24 * 60 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Expired:
    """How many zips ended, and how many files were removed that no row knew."""

    zips: int = 0
    files: int = 0


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

        Raises :class:`StorageUnavailable`, :class:`LogUnavailable`; what was done stays done.
        """
        ended = self._end()
        return Expired(ended, remove_unknown(self._database, self._spool))

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


def remove_unknown(database: Database, spool: LogSpool) -> int:
    """Remove every sealed file that no row knows; return how many. Raises :class:`StorageUnavailable`."""

    def known() -> frozenset[str]:
        with database.append() as tx:
            return known_files(tx)

    return spool.destroy_unknown(known)
