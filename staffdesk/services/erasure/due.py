"""What ``run-due`` does for erasures: destructions are finished and swept, holds end on their day.

Each step may be run again, and a process killed in the middle of one leaves it to be run again.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

from staffdesk.data.customers.belongings import of_requests
from staffdesk.data.customers.claims import Claims, still_held
from staffdesk.data.customers.erasing import fates, kept_again, standing
from staffdesk.data.customers.erasing_log import Naming, OpeningsOf
from staffdesk.data.customers.erasing_rows import Erasing
from staffdesk.data.customers.erasing_traces import traces_of
from staffdesk.data.customers.held import Holding, Holds
from staffdesk.data.customers.mentions import rewrite
from staffdesk.data.deadline import Deadline
from staffdesk.data.destructions import Destroying, Destructions, ToDo
from staffdesk.data.log import Event
from staffdesk.data.transaction import Change
from staffdesk.domain.access import Act, Purpose
from staffdesk.domain.erasure import Destroyed, Swept
from staffdesk.domain.errors import BadInput
from staffdesk.domain.holds import rules
from staffdesk.domain.policy import matrix
from staffdesk.domain.traces import Identity
from staffdesk.services.door import Door, Result
from staffdesk.services.erasure import sealed
from staffdesk.services.erasure.ended import write_ended
from staffdesk.services.erasure.files import destroy_files, destroy_packages
from staffdesk.services.erasure.ledger import Ledger
from staffdesk.services.erasure.plans import index_of, say_erased
from staffdesk.services.erasure.settling import settle
from staffdesk.services.erasure.storage import Storage
from staffdesk.services.erasure.sweep import sweep
from staffdesk.services.sessions import day_in_brussels

_MOST_HOLDS: Final = 5_000
_MOST_ROWS: Final = 50
_LONGEST: Final = 80
_PATIENCE_SECONDS: Final = 30.0
_LONG_SECONDS: Final = 600.0
CLEAN: Final = "nothing left"
_TAKEN_OUT: Final = {Destroyed.INDEX: "index and journal rewritten", Destroyed.SERVER: "server vacuumed"}

T = TypeVar("T")
Announce = Callable[[str], None]
"""Tells whoever runs it, before it happens, what colleagues will notice."""


@dataclass(slots=True)
class Finished:
    """What was done: how much was destroyed, what each sweep found, and how many held rows ended.

    ``unwritten`` are the requests whose person could not be written that what was held of him is gone. ``open`` is what
    could not be finished: something of a person is left, and the next run looks again.
    """

    destroyed: int = 0
    swept: list[Swept] = field(default_factory=list)
    ended: int = 0
    unwritten: set[int] = field(default_factory=set)
    open: int = 0


def finish(storage: Storage, policy: str, today: dt.date, now: int, *, announce: Announce | None = None) -> Finished:
    """Do everything that is due; an entry of the log says what was done, and none where nothing was.

    Desks go on meanwhile, but for what is announced: a file that must be written anew.

    Raises :class:`StorageUnavailable`; what was done before stays done.
    """
    finished, door = Finished(), door_of(storage, policy)
    _end_holds(door, storage, today, now, finished)
    _destroy(door, storage, policy, today, now, finished, announce)
    _settle(storage, now)
    return finished


def door_of(storage: Storage, policy: str) -> Door:
    """Return the door that scheduled work goes through; nobody waits for it."""
    return Door(storage.database, matrix(), policy, deadline_seconds=_PATIENCE_SECONDS)


def said(kind: str, n: int = 0, *more: str) -> Result:
    """Return what is done about erasures by itself, in the log's words."""
    return Result(act=Act.REQUEST_MOVED, kinds=(kind, *more), n=n)


def release(tx: Change, request_id: int, today: dt.date, now: int) -> int:
    """Forget who made a request once its answer is sent and its file closed (C25); return how many rows that were."""
    holding = Holding(tx)
    mine = [
        (number, table, row)
        for number, table, row, request, _ in holding.due(dt.date.max, _MOST_HOLDS)
        if request == request_id and table in of_requests()
    ]
    return _end(tx, mine, today, now).total()


def _end_holds(door: Door, storage: Storage, today: dt.date, now: int, finished: Finished) -> None:
    with storage.database.append() as tx:
        due = Holds(tx).due(today, _MOST_HOLDS)
    if not due:
        return
    by_request: dict[int | None, list[tuple[int, str, int]]] = defaultdict(list)
    for number, table, row, request, _ in due:
        by_request[request].append((number, table, row))
    for request, holds in by_request.items():

        def write(
            tx: Change, request: int | None = request, holds: list[tuple[int, str, int]] = holds
        ) -> tuple[Counter[str], Result | None]:
            gone = _end(tx, _answered(tx, holds), today, now, request)
            if request is not None and gone:
                try:
                    write_ended(tx, request, gone, today, now)
                except BadInput:  # what the law kept goes on its day, with a letter or without
                    finished.unwritten.add(request)
            return gone, said("hold.ended", gone.total()) if gone else None

        gone = door.scheduled(said("hold.due"), write)
        finished.ended += gone.total()


def _answered(tx: Change, holds: Sequence[tuple[int, str, int]]) -> list[tuple[int, str, int]]:
    """Leave out a request, and what hangs on it, whose answer is still owed."""
    waiting = standing(tx, [row for _, table, row in holds if table in of_requests()])
    return [each for each in holds if each[1] not in of_requests() or not waiting]


def _end(
    tx: Change, holds: Sequence[tuple[int, str, int]], today: dt.date, now: int, request: int | None = None
) -> Counter[str]:
    """End holds, and do to rows that nothing holds any more what the erasure would have done; return how many.

    What holds a row is asked again; one that no erasure left is its person's as before.
    """
    holding = Holding(tx)
    if not holds:
        return Counter()
    claimed = Claims(tx).numbered([number for number, _, _ in holds])
    holding.end([number for number, _, _ in holds], now)
    rows: dict[str, set[int]] = defaultdict(set)
    for _, table, row in holds:
        rows[table].add(row)
    still = still_held(tx, rows)
    left = {table: holding.left_by_an_erasure(table, ids - still[table]) for table, ids in rows.items()}
    kept = kept_again(tx, left, today)
    holding.keep_on(kept, request, now)
    # A claim kept the whole row; another law keeps less of it.
    besides = kept_again(tx, {table: holding.left_by_an_erasure(table, ids) for table, ids in still.items()}, today)
    less = [row for row in (*kept, *besides) if row.empties and (row.table, row.id) in claimed]
    for each in kept:
        left[each.table] -= {each.id}
    identity, there = traces_of(tx, left)
    planned = fates(tx, sorted(there))
    erasing = Erasing(tx, now)
    erasing.carry_out([*planned, *less])
    if planned or less:
        looked_for = {Destroyed.SWEEP: sealed.close(tx.secret, identity)} if identity else {}
        erasing.list_destructions(request, {**index_of(tx), **looked_for})
    return Counter(row.table for row in planned)


def _destroy(
    door: Door, storage: Storage, policy: str, today: dt.date, now: int, finished: Finished, announce: Announce | None
) -> None:
    with storage.database.append() as tx:
        waiting = Destructions(tx).to_do()
    if not waiting:
        return
    boxes = _boxes(door, waiting, Destroyed.SWEEP, sealed.open_)
    finished.destroyed += _take_out(door, storage, waiting, boxes, now)
    compacted = False
    for number, identity in boxes.items():
        found = sweep(storage, identity, today)
        if found.texts or "opening.value" in found.left:
            _forget_mentions(door, policy, identity, found)
            storage.forget_deleted()
            found = sweep(storage, identity, today)
        if not compacted and any(place.startswith("bytes") for place in found.left):
            _note_left(door, number, found)  # so that it is known where there is no room, or the night too short
            storage.see_room_to_compact()
            if announce is not None:
                announce(storage.what_compacting_costs())
            storage.compact()
            compacted = True
            found = sweep(storage, identity, today)
        finished.swept.append(found)
        if found.clean:
            finished.destroyed += _mark(door, [number], told(found), now, "erasure.swept")
        else:
            finished.open += 1
            _note_left(door, number, found)
    finished.destroyed += _write_anew(door, storage, waiting, today, now, announce)


def _take_out(door: Door, storage: Storage, waiting: Collection[ToDo], boxes: Mapping[int, Identity], now: int) -> int:
    """Destroy files, and what was deleted in indexes or on a server: where that keeps it, nothing is swept yet."""
    destroyed = 0
    if any(each.what is Destroyed.FILES for each in waiting):
        boxed = _boxes(door, waiting, Destroyed.FILES, sealed.open_numbers)
        his = {number for listed in boxed.values() for number in listed}
        files = destroy_packages(storage, his) + sum(destroy_files(storage, each, his) for each in boxes.values())
        files += storage.remove_unknown_logs()
        destroyed += _done(door, waiting, Destroyed.FILES, "1 file" if files == 1 else f"{files} files", now)
    if found := [what for what in _TAKEN_OUT if any(each.what is what for each in waiting)]:
        storage.forget_deleted()
        destroyed += sum(_done(door, waiting, what, _TAKEN_OUT[what], now) for what in found)
    return destroyed


def _write_anew(
    door: Door, storage: Storage, waiting: Collection[ToDo], today: dt.date, now: int, announce: Announce | None
) -> int:
    due = [each for each in waiting if each.what is Destroyed.PAGES and _is_old(each, today)]
    if not due:
        return 0
    storage.write_tables_anew(announce or str)
    return _done(door, due, Destroyed.PAGES, "tables and indexes written anew", now)


def _is_old(each: ToDo, today: dt.date) -> bool:
    return day_in_brussels(each.made_at) + dt.timedelta(days=rules().pages_days) <= today


def _forget_mentions(door: Door, policy: str, identity: Identity, found: Swept) -> None:
    """Take a person's numbers and addresses out of texts about others, and out of what was asked of the log since."""
    # Looked for without the write lock, which desks wait for.
    named = door.scheduled_look(
        said("erasure.due"), lambda tx: Naming(tx).naming(identity, ()), longer=Deadline(_LONG_SECONDS)
    )

    def write(tx: Change) -> tuple[None, Result]:
        rewritten = rewrite(tx, identity, found.texts)
        if named:
            say_erased(tx, Event(act=Act.AUDIT_ERASED, purpose=Purpose.SYSTEM), named, policy, len(named))
            OpeningsOf(tx).empty((), named)
        return None, said("erasure.mentions", rewritten)

    door.scheduled(said("erasure.mentions"), write)


def _note_left(door: Door, number: int, found: Swept) -> None:
    """Say where something of him is left, by table and number: privacy looks there, and the next run again."""
    rows = [f"{table} {row}" for table, row in found.rows]
    told = ", ".join(rows) or ", ".join(sorted(found.left))
    if len(told) > _LONGEST:
        told = f"{told[: _LONGEST - 1]}…"

    def write(tx: Change) -> tuple[None, Result]:
        Destroying(tx).note(number, told)
        return None, said("erasure.left", sum(found.left.values()), *sorted(found.left), *rows[:_MOST_ROWS])

    door.scheduled(said("erasure.left"), write)


def told(found: Swept) -> str:
    """Return the result of a sweep as it is kept for the certificate, in at most 80 characters."""
    held = f", {sum(found.held.values())} in held rows" if found.held else ""
    held += f", {sum(found.named.values())} by name in texts about others" if found.named else ""
    where = f"{found.pages} pages" if found.aged_out is None else f"server's journal past on {found.aged_out}"
    return f"{CLEAN if found.clean else 'something left'}{held}, {where}, {found.files} files"


def _boxes(door: Door, waiting: Collection[ToDo], what: Destroyed, open_: Callable[[bytes, bytes], T]) -> dict[int, T]:
    ids = [each.id for each in waiting if each.what is what]
    if not ids:
        return {}

    def read(tx: Change) -> tuple[dict[int, T], None]:
        return {number: open_(tx.secret, box) for number, box in Destroying(tx).sealed(ids)}, None

    return door.scheduled(said("erasure.due"), read)


def _done(door: Door, waiting: Collection[ToDo], what: Destroyed, result: str, now: int) -> int:
    return _mark(door, [each.id for each in waiting if each.what is what], result, now, "erasure.destroyed")


def _mark(door: Door, ids: Sequence[int], result: str, now: int, kind: str) -> int:
    def write(tx: Change) -> tuple[int, Result]:
        done = Destroying(tx).done(ids, result, now)
        return done, said(kind, done)

    return door.scheduled(said(kind), write)


def _settle(storage: Storage, now: int) -> None:
    """Write into the ledger which erasures happened, and which came to nothing."""
    ledger = Ledger(storage.ledger_file, storage.secret)
    if ledger.exists:
        with storage.database.append() as tx:
            settle(tx, ledger, now)
