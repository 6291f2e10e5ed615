"""What imports there were, the notice that is owed for one, and undoing one (privacy policy, B; GDPR Art. 14)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from staffdesk.data.customers.bounces import MarkingBounces
from staffdesk.data.customers.changed_orders import ChangedOrders
from staffdesk.data.customers.undoing import TABLES, Stays, Undoing
from staffdesk.data.deadline import Deadline
from staffdesk.data.import_runs import EndingRuns, ImportRuns, Run
from staffdesk.data.tables.sales import Order
from staffdesk.data.transaction import Append, Change
from staffdesk.domain.access import Access, Act
from staffdesk.domain.errors import BadInput, Conflict, NotFound
from staffdesk.domain.manifest import OwedNotice
from staffdesk.services.clearance import Clearance, Wanted, today_in_brussels
from staffdesk.services.door import Door, Draft, Result
from staffdesk.services.importing.on_the_way import standing
from staffdesk.services.sessions import utc_ms

_AT_ONCE: Final = 50
_PATIENCE_SECONDS: Final = 30.0


@dataclass(slots=True)
class Undone:
    """What undoing an import took away and what it put back, by table, and what stays, with the reason.

    ``lifted`` are the addresses of which it had told that mail came back.
    """

    run: Run
    removed: Counter[str] = field(default_factory=Counter)
    restored: Counter[str] = field(default_factory=Counter)
    stays: list[Stays] = field(default_factory=list)
    lifted: int = 0


@dataclass(slots=True)
class _Place:
    """How far an undoing is: in which table, and after which row."""

    table: int = 0
    after: int = 0


class RunsOfImports:
    """Lists imports, notes the notice that was given for one, undoes one."""

    def __init__(self, door: Door) -> None:
        """Read and write through ``door``."""
        self._door = door

    def all(self, access: Access) -> tuple[Run, ...]:
        """Return every import, the oldest first; raises :class:`Denied`."""
        draft = Draft(wanted=Wanted(act=Act.IMPORT_RUN), kinds=("list",))

        def read(tx: Append, _cleared: Clearance) -> tuple[tuple[Run, ...], Result]:
            runs = ImportRuns(tx).all()
            return runs, Result(act=Act.IMPORT_RUN, kinds=("list",), n=len(runs))

        return self._door.act(access, draft, read, intent=False)

    def owed(self, access: Access) -> tuple[OwedNotice, ...]:
        """Return the notices that are overdue or soon due; numbers and dates alone, so no entry is made."""
        return self._door.peek(access, lambda tx: ImportRuns(tx).owed(today_in_brussels()))

    def told(self, access: Access, number: int, day: dt.date | None = None) -> None:
        """Note that whom the partner of an import named was told where his data come from, today or on a ``day``.

        Raises :class:`BadInput` where no notice is owed, or the day is to come; :class:`Denied`.
        """
        today = today_in_brussels()
        if day is not None and day > today:
            raise BadInput("That day is still to come.", "Give the day on which they were told.")
        draft = Draft(wanted=Wanted(act=Act.IMPORT_RUN), kinds=("told",), n=1)

        def write(tx: Append, _cleared: Clearance) -> tuple[None, Result]:
            if EndingRuns(tx).told(number, day or today) != 1:
                raise BadInput("No notice is owed for an import of this number.", "Run: staffdesk import list")
            return None, Result(act=Act.IMPORT_RUN, kinds=("told",), n=1)

        self._door.act(access, draft, write)

    def undo(self, access: Access, number: int, progress: Callable[[int], None] | None = None) -> Undone:
        """Take away what an import brought, but for what was changed since or is belonged to; say what stays.

        An order that was there before, and that nothing else changed since, says again what it said before.

        It goes some rows at a time, each an entry; what is stopped goes on when it is run again. That somebody left a
        list stays so. ``progress`` is told how many rows were looked at. Raises :class:`NotFound`, :class:`Denied`.
        """
        undone = Undone(self._begin(access, number))
        looked_at, at = 0, _Place()
        with standing(lambda: undone.removed.total() + undone.restored.total() + undone.lifted > 0):
            while at.table < len(TABLES):
                looked_at += self._step(access, undone, at)
                if progress is not None:
                    progress(looked_at)
            while self._lift(access, undone) == _AT_ONCE:
                pass
            self._end(access, undone)
        return undone

    def _begin(self, access: Access, number: int) -> Run:
        draft = Draft(wanted=Wanted(act=Act.IMPORT_UNDONE), kinds=("begin",))

        def read(tx: Append, _cleared: Clearance) -> tuple[Run, Result]:
            run = ImportRuns(tx).of_number(number)
            if run is None:
                raise NotFound("There is no import with this number.", "Run: staffdesk import list")
            return run, Result(act=Act.IMPORT_UNDONE, kinds=("begin", run.store))

        return self._door.act(access, draft, read)

    def _step(self, access: Access, undone: Undone, at: _Place) -> int:
        """Take the next rows of the first table that has some away, and return how many were looked at."""
        kinds = ("batch", undone.run.store)
        draft = Draft(wanted=Wanted(act=Act.IMPORT_UNDONE), kinds=kinds)

        def write(tx: Change, _cleared: Clearance) -> tuple[int, Result]:
            EndingRuns(tx).alone()
            undoing = Undoing(tx, undone.run.id)
            ids = undoing.rows(TABLES[at.table], at.after, _AT_ONCE)
            while not ids and at.table + 1 < len(TABLES):
                at.table, at.after = at.table + 1, 0
                ids = undoing.rows(TABLES[at.table], 0, _AT_ONCE)
            record = TABLES[at.table]
            changed = ChangedOrders(tx, undone.run.id)
            before = changed.among(ids) if record is Order else frozenset()
            stays = undoing.staying(record, set(ids) - before) if ids else {}
            stays |= undoing.held(record, before) if before else {}
            back = [each for each in ids if each in before and each not in stays]
            going = [each for each in ids if each not in before and each not in stays]
            aids = undoing.aids(record, [*going, *back])
            if undoing.remove(record, going) != len(going) or (back and changed.restore(back) != len(back)):
                raise Conflict("A record was taken away meanwhile.", "Undo the import again.")
            undone.stays += stays.values()
            undone.removed[str(record.__tablename__)] += len(going)
            undone.restored[str(record.__tablename__)] += len(back)
            at.table, at.after = (at.table, ids[-1]) if ids else (len(TABLES), 0)
            return len(ids), Result(act=Act.IMPORT_UNDONE, kinds=kinds, obj=aids, n=len(going) + len(back))

        return self._door.change(access, draft, write, Deadline(_PATIENCE_SECONDS))

    def _lift(self, access: Access, undone: Undone) -> int:
        """Take back that mail came back from some addresses, where nothing else told it since; return from how many."""
        kinds = ("batch", undone.run.store)
        draft = Draft(wanted=Wanted(act=Act.IMPORT_UNDONE), kinds=kinds)

        def write(tx: Change, _cleared: Clearance) -> tuple[int, Result]:
            EndingRuns(tx).alone()
            marks = MarkingBounces(tx)
            marked = marks.by_import(undone.run.id, _AT_ONCE)
            if marks.lift([number for number, _ in marked]) != len(marked):
                raise Conflict("A record was taken away meanwhile.", "Undo the import again.")
            undone.lifted += len(marked)
            aids = tuple(aid for _, aid in marked)
            return len(marked), Result(act=Act.IMPORT_UNDONE, kinds=kinds, obj=aids, n=len(marked))

        return self._door.change(access, draft, write, Deadline(_PATIENCE_SECONDS))

    def _end(self, access: Access, undone: Undone) -> None:
        draft = Draft(wanted=Wanted(act=Act.IMPORT_UNDONE), kinds=("end", undone.run.store))

        def write(tx: Change, _cleared: Clearance) -> tuple[None, Result]:
            EndingRuns(tx).alone()
            told = {(each.table, each.number) for each in undone.stays}
            before = Undoing(tx, undone.run.id).changed_before()
            undone.stays += (each for each in before if (each.table, each.number) not in told)
            if EndingRuns(tx).undone(undone.run.id, utc_ms()) != 1:
                raise Conflict("The import was taken away meanwhile.", "Run: staffdesk import list")
            n = undone.removed.total() + undone.restored.total() + undone.lifted
            return None, Result(act=Act.IMPORT_UNDONE, kinds=("end", undone.run.store), n=n)

        self._door.change(access, draft, write, Deadline(_PATIENCE_SECONDS))
