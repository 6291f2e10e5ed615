"""Declaring whom one is close to: for everybody, about himself alone; admin and auditor see that it is so."""

from __future__ import annotations

from staffdesk.data.database import Database
from staffdesk.data.declared import DeclarationChanges, Declarations
from staffdesk.data.transaction import Append, Change, Transaction
from staffdesk.domain import declared
from staffdesk.domain.access import Access, Act
from staffdesk.domain.declared import Declaration, Whom, counting_since
from staffdesk.domain.errors import Conflict, NotFound, SessionEnded
from staffdesk.services.clearance import Clearance, Wanted
from staffdesk.services.door import Door, Draft, Result
from staffdesk.services.sessions import Clock, utc_ms

_DECLARED, _OVER = "declared", "over"
_RECORD = {Whom.PERSON: "person", Whom.COMPANY: "organisation"}


class Declaring:
    """What an employee says of himself; every method raises what :class:`staffdesk.services.door.Door` raises."""

    def __init__(self, door: Door, clock: Clock = utc_ms) -> None:
        """Work through ``door``."""
        self._door = door
        self._clock = clock

    def declare(self, access: Access, whom: Whom, number: int, kind: str) -> None:
        """Declare a relation of one's own to a customer, or to a company and all who belong to it.

        From then on each look of his at them is flagged, and for a time after it was taken back.
        Raises :class:`BadInput` for a kind that is not on the list, :class:`NotFound`, :class:`Conflict` where it is
        declared already.
        """
        code = declared.kinds().check(kind, whom)
        draft = Draft(wanted=Wanted(act=Act.STAFF_DECLARED, record=(_RECORD[whom], number)), kinds=(code,), n=1)

        def write(tx: Change, cleared: Clearance) -> tuple[None, Result]:
            now = self._clock()
            if DeclarationChanges(tx).add(_me(cleared), code, (whom, number), now, counting_since(now)) != 1:
                raise Conflict("You declared this already.", "Look at: staffdesk own declarations")
            return None, Result(act=Act.STAFF_DECLARED, kinds=(code,), n=1)

        self._door.change(access, draft, write)

    def own(self, access: Access) -> tuple[Declaration, ...]:
        """Return what one declared and what of it one took back and counts still; nobody is opened by it."""

        def read(tx: Append, cleared: Clearance) -> tuple[tuple[Declaration, ...], Result]:
            found = self._counting(tx).of(_me(cleared))
            return found, Result(act=Act.AUDIT_OWN, kinds=(_DECLARED,), n=len(found))

        draft = Draft(wanted=Wanted(act=Act.AUDIT_OWN), kinds=(_DECLARED,))
        return self._door.act(access, draft, read, intent=False)

    def all(self, access: Access) -> tuple[Declaration, ...]:
        """Return everybody's, for admin and auditor: who, of which kind, about which number, and when taken back."""

        def read(tx: Append, _cleared: Clearance) -> tuple[tuple[Declaration, ...], Result]:
            found = self._counting(tx).all()
            return found, Result(act=Act.AUDIT_LISTED, kinds=(_DECLARED,), n=len(found))

        draft = Draft(wanted=Wanted(act=Act.AUDIT_LISTED), kinds=(_DECLARED,))
        return self._door.act(access, draft, read, intent=False)

    def withdraw(self, access: Access, declaration: int) -> tuple[Declaration, ...]:
        """Take a declaration of one's own back and return all that count; the log goes on saying that it stood.

        It counts for a time still (``declared.toml``): nobody ends it on the day on which he wants to look. Raises
        :class:`NotFound`, :class:`Conflict` for one that was taken back already.
        """
        mine = next((each for each in self.own(access) if each.id == declaration), None)
        if mine is None:
            raise _not_yours()
        if mine.withdrawn_at is not None:
            raise _taken_back()
        wanted = Wanted(act=Act.STAFF_WITHDREW, record=(_RECORD[mine.whom], mine.number))

        def write(tx: Change, cleared: Clearance) -> tuple[tuple[Declaration, ...], Result]:
            if DeclarationChanges(tx).take_back(_me(cleared), mine.id, self._clock()) != 1:
                raise _taken_back()
            return self._counting(tx).of(_me(cleared)), Result(act=Act.STAFF_WITHDREW, kinds=(mine.kind,), n=1)

        return self._door.change(access, Draft(wanted=wanted, kinds=(mine.kind,), n=1), write)

    def _counting(self, tx: Transaction) -> Declarations:
        return Declarations(tx, counting_since(self._clock()))


def forget_withdrawn(door: Door, database: Database, now: int) -> int:
    """Delete by itself what was taken back so long ago that it counts no more; return how many that was."""
    since = counting_since(now)
    with database.append() as tx:
        over = Declarations(tx, since).over()
    if not over:
        return 0

    def write(tx: Change) -> tuple[int, Result]:
        gone = DeclarationChanges(tx).forget(since)
        return gone, Result(act=Act.STAFF_WITHDREW, kinds=(_DECLARED, _OVER), n=gone)

    return door.scheduled(Result(act=Act.STAFF_WITHDREW, kinds=(_DECLARED, _OVER), n=over), write)


def _taken_back() -> Conflict:
    return Conflict("You took this back already.", "Look at until when it counts: staffdesk own declarations")


def _not_yours() -> NotFound:
    return NotFound("You made no declaration of this number.", "Look at: staffdesk own declarations")


def _me(cleared: Clearance) -> str:
    if cleared.actor is None:
        raise SessionEnded("You are not signed in.", "Sign in again.")
    return cleared.actor.staff_id
