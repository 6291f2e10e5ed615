"""A restored copy is erased in again before anything of it can be shown: whoever the ledger names and is there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from staffdesk.data.customers.erasing import people_of
from staffdesk.data.customers.objections import Objections
from staffdesk.data.customers.request_progress import RequestMoves, RequestProgresses
from staffdesk.data.deadline import Deadline
from staffdesk.data.entries import Entries
from staffdesk.data.entry_pages import Selection
from staffdesk.data.log import Event
from staffdesk.data.references import References
from staffdesk.data.tombstones import Tombstones
from staffdesk.data.transaction import Change
from staffdesk.domain.access import Act, Purpose
from staffdesk.domain.errors import Conflict
from staffdesk.domain.requests import ANSWERED, RequestState
from staffdesk.services.door import Door, Result
from staffdesk.services.erasure.due import Announce, Finished, door_of, finish, said
from staffdesk.services.erasure.ledger import Ledger, Line, Stop, check_reaches
from staffdesk.services.erasure.plans import carry_out, plan
from staffdesk.services.erasure.settling import came_to_nothing, may_have_been_made
from staffdesk.services.erasure.storage import Storage
from staffdesk.services.request_numbers import REQUEST
from staffdesk.services.sessions import day_in_brussels

_PATIENCE_SECONDS: Final = 60.0
_COMPLETES: Final = "complete"


def run_due(storage: Storage, policy: str, today: dt.date, now: int, announce: Announce | None = None) -> Finished:
    """Do all that is due about erasures; first, in a server's database that was put back, those made since its copy.

    Raises :class:`StorageUnavailable`.
    """
    replay(storage, policy, today, now, of_a_copy=False)
    return finish(storage, policy, today, now, announce=announce)


def replay(storage: Storage, policy: str, today: dt.date, now: int, *, of_a_copy: bool = True) -> int:
    """Erase in a database who was erased after it was copied, by its own holds; return how many people that were.

    In a restored copy, and in any database that has not what the ledger knows to be made, an erasure that was begun
    counts as one that was made, unless the copy itself shows that it came to nothing: whether it was made later cannot
    be known there. The storage's ledger must know everybody the database
    has buried: :class:`StorageUnavailable` for one that is shorter or was altered. It may be run again.
    """
    with storage.database.append() as tx:
        ledger = Ledger(storage.ledger_file, storage.secret, Entries(tx).origin())
        lines = ledger.lines()
        buried = {each.aid for each in Tombstones(tx).buried()}
        check_reaches(lines, sorted(buried))
        void = {line.subject for line in lines if not line.done and came_to_nothing(tx, line)}
        of_a_copy = of_a_copy or may_have_been_made(tx, lines)
    of_a_copy = of_a_copy or any(line.done and line.subject not in buried for line in lines)
    erased, door = 0, door_of(storage, policy)
    _stop_again(door, storage, ledger.stops(), today, now)
    for line in (each for each in lines if of_a_copy or each.done):
        if line.subject in buried or line.subject in void:
            continue

        def write(tx: Change, line: Line = line) -> tuple[int, Result | None]:
            people = people_of(tx, line.subject)
            if not people:
                return 0, None
            done = Event(act=Act.AUDIT_ERASED, purpose=Purpose.SYSTEM)
            _answer_again(tx, line, now)  # first: what is answered the erasure empties, and holds for no answer
            fresh = plan(tx, people, today, alone=True)
            carry_out(tx, fresh, said=done, policy=policy, ledger=None, now=now, request=line.request, scope=line.scope)
            return 1, said("erasure.replayed", len(people))

        erased += door.scheduled(said("erasure.replayed"), write, longer=Deadline(_PATIENCE_SECONDS))
    if erased:
        finish(storage, policy, today, now)
    return erased


def _answer_again(tx: Change, line: Line, now: int) -> None:
    """Let the request under which somebody was erased end on the day that the ledger tells, where the copy has it open.

    Of its answer nothing is known here but that it followed.
    """
    known = None if line.request is None else References(tx).reference(line.request)
    before = None if known is None or known.kind != REQUEST else RequestProgresses(tx).of(known.id)
    if before is None or before.state in ANSWERED:
        return
    ended = replace(
        before, state=RequestState.COMPLETED, ended_on=day_in_brussels(line.at), carried_out_at=line.at, person=None
    )
    moves = RequestMoves(tx)
    if not moves.hold(before.id) or moves.move(before, ended) != 1:
        raise Conflict("A request of the copy changed meanwhile.", "Run it again.")
    moves.record(ended, before.turn + 1, _COMPLETES, None, "", now)


def _stop_again(door: Door, storage: Storage, stops: Sequence[Stop], today: dt.date, now: int) -> None:
    """Let no mail go to whoever stopped it after the copy was made: the copy has no such request."""
    with storage.database.append() as tx:
        entries = Entries(tx)
        known = entries.numbers([stop.request for stop in stops])
        # What an import stopped is known by its entry alone.
        lost = [
            stop for stop in stops
            if stop.request not in known and not entries.page(Selection(aid=stop.request), None, 1).cores
        ]  # fmt: skip
    if not lost:
        return

    def write(tx: Change) -> tuple[None, Result | None]:
        objections, suppressed = Objections(tx), 0
        for stop in lost:
            again = objections.suppress_again(stop.digests, stop.at, now)
            suppressed += again
            # Where all of it is known he may have opted in since; only his own wish undoes an objection.
            people = (person for aid in stop.subjects for person in people_of(tx, aid)) if again else ()
            for person in people:
                objections.end_subscriptions(person, today)
        return None, said("objection.replayed", suppressed) if suppressed else None

    door.scheduled(said("objection.replayed"), write, longer=Deadline(_PATIENCE_SECONDS))
