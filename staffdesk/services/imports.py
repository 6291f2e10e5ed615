"""Importing a store's exports in batches, each a change with its own entry; a re-run changes nothing."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from staffdesk.data.customers.writing import Writing
from staffdesk.data.deadline import Deadline
from staffdesk.data.tables.sharing import ImportRun
from staffdesk.data.transaction import Change, Read
from staffdesk.domain.access import Access, Act
from staffdesk.domain.errors import BadInput, SessionEnded
from staffdesk.domain.imported import Imported, Place, ReadItem, Refused, UnknownColumns
from staffdesk.services.clearance import Clearance, Wanted, today_in_brussels
from staffdesk.services.door import Door, Draft, Result
from staffdesk.services.importing import SOURCES
from staffdesk.services.importing.batch import Batch, Outcome, Run

_FIRST_BATCH: Final = 100
_LARGEST_BATCH: Final = 500
_HOLD_SECONDS: Final = 0.15
"""How long a batch aims to hold the write lock: other desks must never wait more than a quarter of a second."""

_PATIENCE_SECONDS: Final = 30.0


@dataclass(slots=True)
class ImportReport:
    """What an import did, or would do; no part of it repeats a value from a file.

    ``counts`` by (``people|orders|subscriptions``, ``new|changed|unchanged``); ``dropped`` by category of field.
    """

    store: str
    dry_run: bool
    read: int = 0
    test_orders: int = 0
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)
    refused: list[Refused] = field(default_factory=list)
    conflicts: list[Place] = field(default_factory=list)
    unknown_columns: list[UnknownColumns] = field(default_factory=list)

    def of(self, kind: str) -> Mapping[str, int]:
        """Return the counts of one kind of record by state."""
        return {state: self.counts[kind, state] for state in ("new", "changed", "unchanged")}

    def take(self, outcome: Outcome) -> None:
        """Add what became of a batch."""
        self.counts.update(outcome.counts)
        self.conflicts += outcome.conflicts


class Imports:
    """Takes store exports in."""

    def __init__(self, door: Door) -> None:
        """Write through ``door``."""
        self._door = door

    def run(
        self,
        access: Access,
        store: str,
        files: Sequence[Path],
        *,
        dry_run: bool = False,
        test_orders: bool = False,
        progress: Callable[[int], None] | None = None,
    ) -> ImportReport:
        """Read ``files`` of a store and write what is new or changed; ``progress`` is told the records read so far.

        A bad record is reported with its place and stops nothing else. Raises :class:`BadInput` for an unknown store,
        :class:`Denied`, and what the database raises; batches written before stay written, and a re-run goes on.
        """
        if store not in SOURCES:
            raise BadInput("This store is not known.", f"Choose one of: {', '.join(SOURCES)}.")
        if not files:
            raise BadInput("No file was named.", f"Run: staffdesk import {store} FILE")
        report = ImportReport(store=store, dry_run=dry_run)
        run = Run(
            store=store,
            id=None if dry_run else self._begin(access, store, files),
            today=today_in_brussels(),
        )
        size, waiting = _FIRST_BATCH, list[Imported]()
        for item in self._items(store, files, report, test_orders=test_orders):
            waiting.append(item)
            if len(waiting) >= size:
                size = self._batch(access, run, waiting, report)
                waiting = []
                if progress is not None:
                    progress(report.read)
        if waiting:
            self._batch(access, run, waiting, report)
        if dry_run and not report.read:
            self._preview(access, run, [], report)
        if progress is not None:
            progress(report.read)
        return report

    def _items(
        self, store: str, files: Sequence[Path], report: ImportReport, *, test_orders: bool
    ) -> Iterator[Imported]:
        for path in files:
            for item in SOURCES[store](path):
                if self._note(item, report, test_orders=test_orders) and isinstance(item, Imported):
                    yield item

    @staticmethod
    def _note(item: ReadItem, report: ImportReport, *, test_orders: bool) -> bool:
        """Count an item; say whether it is to be written."""
        if isinstance(item, Refused):
            report.refused.append(item)
            return False
        if isinstance(item, UnknownColumns):
            report.unknown_columns.append(item)
            return False
        report.read += 1
        report.dropped.update({category.value: n for category, n in item.dropped.items()})
        if item.record.test and not test_orders:
            report.test_orders += 1
            return False
        return True

    def _begin(self, access: Access, store: str, files: Sequence[Path]) -> int:
        draft = Draft(wanted=Wanted(act=Act.IMPORT_RUN), kinds=("begin", store), n=len(files))

        def write(tx: Change, cleared: Clearance) -> tuple[int, Result]:
            if cleared.actor is None:
                raise SessionEnded("You are not signed in.", "Sign in again.")
            record = ImportRun.checked(
                {
                    "store": store,
                    "digest": _digest(files),
                    "started_at": time.time_ns() // 1_000_000,
                    "staff_id": cleared.actor.staff_id,
                }
            )
            (number,) = Writing(tx).add([record])
            return number, Result(act=Act.IMPORT_RUN, kinds=("begin", store), n=len(files))

        return self._door.change(access, draft, write)

    def _batch(self, access: Access, run: Run, items: Sequence[Imported], report: ImportReport) -> int:
        """Take a batch in and return how large the next may be; one bad value refuses its record alone."""
        if run.id is None:
            self._preview(access, run, items, report)
            return _LARGEST_BATCH
        try:
            outcome, seconds = self._write(access, run, items)
        except BadInput as error:
            if len(items) == 1:
                report.refused.append(Refused(items[0].place, error.sentence))
                return _FIRST_BATCH
            for item in items:
                self._batch(access, run, [item], report)
            return _FIRST_BATCH
        report.take(outcome)
        return max(1, min(_LARGEST_BATCH, int(len(items) * _HOLD_SECONDS / max(seconds, 0.001))))

    def _write(self, access: Access, run: Run, items: Sequence[Imported]) -> tuple[Outcome, float]:
        kinds = ("batch", run.store)
        draft = Draft(wanted=Wanted(act=Act.IMPORT_RUN), kinds=kinds, n=len(items))

        def write(tx: Change, _cleared: Clearance) -> tuple[tuple[Outcome, float], Result]:
            began = time.perf_counter()
            outcome = Batch(tx, run).write(tx, items)
            result = Result(act=Act.IMPORT_RUN, kinds=kinds, n=len(items), obj=tuple(outcome.touched))
            return (outcome, time.perf_counter() - began), result

        return self._door.change(access, draft, write, Deadline(_PATIENCE_SECONDS))

    def _preview(self, access: Access, run: Run, items: Sequence[Imported], report: ImportReport) -> None:
        draft = Draft(wanted=Wanted(act=Act.IMPORT_RUN), kinds=("dry_run", run.store), n=len(items))

        def read(tx: Read, _cleared: Clearance, _ticket: object) -> Outcome:
            return Batch(tx, run).compare(items)

        report.take(self._door.look(access, draft, read, deadline=Deadline(_PATIENCE_SECONDS)))


def _digest(files: Sequence[Path]) -> str:
    """Return the SHA-256 over the files' own, so that a run can be told from another."""
    whole = hashlib.sha256()
    for path in files:
        try:
            with path.open("rb") as file:
                whole.update(hashlib.file_digest(file, "sha256").digest())
        except OSError:
            whole.update(b"unreadable")  # the reader reports the file as refused, with its name
    return whole.hexdigest()
