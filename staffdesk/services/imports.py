"""Importing what sources export in batches, each a change with its own entry; a re-run changes nothing."""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from staffdesk.data.deadline import Deadline
from staffdesk.data.transaction import Append, Change, Read
from staffdesk.domain.access import Access, Act
from staffdesk.domain.errors import BadInput, SessionEnded
from staffdesk.domain.imported import ImportedOrder, ImportedSubscription
from staffdesk.domain.imported_lists import ImportedSubscriber
from staffdesk.domain.manifest import Bought, Manifest
from staffdesk.domain.read_items import Imported, LeftOut, ReadItem, Reason, Refused, SameColumns, UnknownColumns
from staffdesk.services.clearance import Clearance, Wanted, today_in_brussels
from staffdesk.services.door import Door, Draft, Result
from staffdesk.services.erasure.ledger import Ledger
from staffdesk.services.importing import Reader, columns_in, reader_of
from staffdesk.services.importing.batch import Batch, name_of
from staffdesk.services.importing.batch_sizes import FIRST_BATCH, next_size
from staffdesk.services.importing.files import digest_of
from staffdesk.services.importing.going_on import begin_batch, beside_another, finish, go_on, note_written
from staffdesk.services.importing.lists import ListBatch
from staffdesk.services.importing.manifests import manifest
from staffdesk.services.importing.on_the_way import standing
from staffdesk.services.importing.partners import check_partner
from staffdesk.services.importing.parts import refused
from staffdesk.services.importing.profiles import Profile, profile
from staffdesk.services.importing.reading import place_in
from staffdesk.services.importing.reading_in import read_in
from staffdesk.services.importing.report import ImportReport
from staffdesk.services.importing.run import Name, Outcome, Run, origin_of
from staffdesk.services.importing.stopping import no_ledger, stop_of
from staffdesk.services.importing.tickets import TicketBatch

_PATIENCE_SECONDS: Final = 30.0


class Imports:
    """Takes in what sources export."""

    def __init__(self, door: Door, ledger: Callable[[], Ledger] = no_ledger) -> None:
        """Write through ``door``.

        Who left a list stands in the ``ledger`` before his news is stopped, so that no restored backup forgets it.
        """
        self._door = door
        self._ledger = ledger

    def run(
        self,
        access: Access,
        store: str,
        files: Sequence[Path],
        *,
        said: Mapping[str, object] | None = None,
        dry_run: bool = False,
        test_orders: bool = False,
        progress: Callable[[int], None] | None = None,
    ) -> ImportReport:
        """Read ``files`` of a source and write what is new or changed; ``progress`` is told the records read so far.

        ``said`` is how they were obtained (see :data:`staffdesk.domain.manifest.KEYS`); where it is empty, a manifest
        beside each file says so. It is None where the program itself imports, from a source that is its own evidence.
        A bad record is reported with its place and stops nothing else. Raises :class:`BadInput` for an unknown source
        and for what may not be said, :class:`Denied`, and what the database raises; batches written before stay
        written, and a re-run of the same files, obtained in the same way, goes on under their number.
        """
        known = profile(store)
        if not files:
            raise BadInput("No file was named.", f"Run: staffdesk import {store} FILE")
        told = self._told(access, store, known, files, said)
        report = ImportReport(store=store, dry_run=dry_run)
        report.notice_due_on = None if told is None else told.notice_due_on
        run = self._begin(access, store, files, known, told, dry_run=dry_run)
        reader = reader_of(store, told, files)
        if dry_run:
            report.columns = tuple(filter(None, (columns_in(store, told, path) for path in files)))
        size, waiting = FIRST_BATCH, list[Imported]()
        later: dict[Name, list[Imported]] = {}
        with beside_another(self._door, access, lambda: run.id), standing(lambda: run.id is not None):
            for item in self._items(reader, files, report, later, test_orders=test_orders):
                waiting.append(item)
                if len(waiting) >= size:
                    size = self._batch(access, run, waiting, report, later)
                    waiting = []
                    if progress is not None:
                        progress(report.read)
            if waiting:
                size = self._batch(access, run, waiting, report, later)
            for _ in self._change(access, run, report, later.values(), size):
                if progress is not None:
                    progress(report.read)
            finish(self._door, access, run, _PATIENCE_SECONDS)
        report.number = run.id
        if progress is not None:
            progress(report.read)
        return report

    def _change(
        self, access: Access, run: Run, report: ImportReport, changed: Iterable[list[Imported]], size: int
    ) -> Iterator[int]:
        """Write what changes records that are held: all states of one in one batch, which finds its buyer's last.

        Yields after each batch how large the next may be.
        """
        waiting: list[Imported] = []
        for states in changed:
            waiting += states
            if len(waiting) >= size:
                yield (size := self._batch(access, run, waiting, report, None))
                waiting = []
        if waiting:
            yield self._batch(access, run, waiting, report, None)

    def _items(
        self,
        reader: Reader,
        files: Sequence[Path],
        report: ImportReport,
        later: dict[Name, list[Imported]],
        *,
        test_orders: bool,
    ) -> Iterator[Imported]:
        """Yield what is to be written now; what is said again of a record in ``later`` waits there with it."""
        for path in files:
            for item in _read(reader, path):
                if not self._note(item, report, test_orders=test_orders) or not isinstance(item, Imported):
                    continue
                states = later.get(name_of(item.record))
                if states is None:
                    yield item
                else:
                    states.append(item)

    @staticmethod
    def _note(item: ReadItem, report: ImportReport, *, test_orders: bool) -> bool:
        """Count an item; say whether it is to be written."""
        if isinstance(item, Refused):
            report.refuse(item)
            return False
        if isinstance(item, UnknownColumns):
            report.unknown_columns.append(item)
            return False
        if isinstance(item, SameColumns):
            report.same_columns.append(item)
            return False
        if isinstance(item, LeftOut):
            report.left_out[item.reason.value] += 1
            if item.reason is Reason.TEXT:
                report.texts_left_out.append(item)
            return False
        report.read_one(item)
        if isinstance(item.record, ImportedOrder | ImportedSubscription) and item.record.test and not test_orders:
            report.test_orders += 1
            return False
        return True

    def _told(
        self, access: Access, store: str, known: Profile, files: Sequence[Path], said: Mapping[str, object] | None
    ) -> Manifest | None:
        """Return how the files were obtained; that a list was bought is an entry in the log before it is refused."""
        if said is None:
            if known.own_evidence is None:
                raise BadInput("How the file was obtained is not told.", "Say its source, day and evidence.")
            return None
        try:
            told = manifest(files, said, today_in_brussels())
            known.check_origin(told.source)
        except Bought:
            kinds = ("refused", store)
            draft = Draft(wanted=Wanted(act=Act.IMPORT_RUN), kinds=kinds, n=len(files))
            self._door.act(access, draft, lambda _tx, _cleared: (None, Result(act=Act.IMPORT_RUN, kinds=kinds)))
            raise
        if told.partner is not None:
            check_partner(self._door, access, store, told.partner)
        return told

    def _begin(
        self,
        access: Access,
        store: str,
        files: Sequence[Path],
        known: Profile,
        told: Manifest | None,
        *,
        dry_run: bool,
    ) -> Run:
        kinds = ("dry_run" if dry_run else "begin", store)
        draft = Draft(wanted=Wanted(act=Act.IMPORT_RUN), kinds=kinds, n=len(files))
        evidence = (known.own_evidence or "") if told is None else told.evidence
        run = Run(store=store, profile=known, told=origin_of(known, told, today_in_brussels()), evidence=evidence)
        read = digest_of(files)
        # Checked before the log is waited for: what it takes to check a first record is more than a desk may wait.
        run.begin(read.hex(), 0, "", told)
        read_in(known)

        def write(tx: Append, cleared: Clearance) -> tuple[Run, Result]:
            if cleared.actor is None:
                raise SessionEnded("You are not signed in.", "Sign in again.")
            if dry_run:
                run.begun = None
            else:
                # Keyed, since a short file could be guessed from its bare digest.
                keyed = hmac.new(tx.secret, b"import files" + read, "sha256").hexdigest()
                run.begin(keyed, time.time_ns() // 1_000_000, cleared.actor.staff_id, told)
                go_on(tx, run)
            return run, Result(act=Act.IMPORT_RUN, kinds=kinds, n=len(files))

        with beside_another(self._door, access, lambda: None):
            return self._door.act(access, draft, write, deadline=Deadline(_PATIENCE_SECONDS))

    def _batch(
        self,
        access: Access,
        run: Run,
        items: Sequence[Imported],
        report: ImportReport,
        later: dict[Name, list[Imported]] | None,
    ) -> int:
        """Take a batch in and return how large the next may be; what cannot be taken is cut down to its one record.

        What changes a record that is held goes into ``later``; where that is None, it is written.
        """
        id_before = run.id
        try:
            outcome, seconds = (self._preview if run.begun is None else self._write)(access, run, items, later is None)
        except Exception as error:  # noqa: BLE001 - whatever one record provokes, the others come in
            run.id = id_before
            refusal = refused(items[0].place, error)
            if len(items) == 1:
                report.refuse(refusal)
                return FIRST_BATCH
            half = len(items) // 2
            self._batch(access, run, items[:half], report, later)
            return self._batch(access, run, items[half:], report, later)
        report.take(outcome)
        run.met.update(outcome.met)
        if later is not None:
            for item in outcome.later:
                later.setdefault(name_of(item.record), []).append(item)
        return next_size(run, outcome, len(items), seconds)

    def _write(self, access: Access, run: Run, items: Sequence[Imported], last: bool) -> tuple[Outcome, float]:
        kinds = ("batch", run.store)
        draft = Draft(wanted=Wanted(act=Act.IMPORT_RUN), kinds=kinds, n=len(items))
        # Asked for before, since it reads in a transaction of its own.
        ledger = self._ledger() if any(isinstance(item.record, ImportedSubscriber) for item in items) else None

        def write(tx: Change, _cleared: Clearance) -> tuple[tuple[Outcome, float], Result]:
            began = time.perf_counter()
            begin_batch(tx, run)
            outcome = _taking(tx, run, last=last).write(tx, items)
            note_written(tx, run)
            about = list(outcome.touched)
            if outcome.stopped and ledger is not None:
                stop = stop_of(outcome.stopped, time.time_ns() // 1_000_000)
                ledger.stop(stop)
                about.append(stop.request)
            return (outcome, began), Result(act=Act.IMPORT_RUN, kinds=kinds, n=len(items), obj=tuple(about))

        outcome, began = self._door.change(access, draft, write, Deadline(_PATIENCE_SECONDS))
        return outcome, time.perf_counter() - began

    def _preview(self, access: Access, run: Run, items: Sequence[Imported], last: bool) -> tuple[Outcome, float]:
        draft = Draft(wanted=Wanted(act=Act.IMPORT_RUN), kinds=("dry_run", run.store), n=len(items))

        def read(tx: Read, _cleared: Clearance, _ticket: object) -> Outcome:
            return _taking(tx, run, last=last).compare(items)

        return self._door.look(access, draft, read, deadline=Deadline(_PATIENCE_SECONDS)), 0.0


def _taking(tx: Read, run: Run, *, last: bool) -> Batch | ListBatch | TicketBatch:
    if run.profile.tickets is not None:
        return TicketBatch(tx, run)
    return ListBatch(tx, run) if run.profile.lists else Batch(tx, run, last=last)


def _read(reader: Reader, path: Path) -> Iterator[ReadItem]:
    """Read a file; where the reader itself fails, what is left of the file is refused."""
    try:
        yield from reader(path)
    except Exception as error:  # noqa: BLE001 - whatever one file provokes, the others come in
        yield refused(place_in(path), error)
