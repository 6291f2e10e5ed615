"""Declaring whom one is close to: for everybody, about himself alone; admin and auditor see that it is so."""

from __future__ import annotations

from staffdesk.data.declared import DeclarationChanges, Declarations
from staffdesk.data.transaction import Append, Change
from staffdesk.domain import declared
from staffdesk.domain.access import Access, Act
from staffdesk.domain.declared import Declaration, Whom
from staffdesk.domain.errors import Conflict, NotFound, SessionEnded
from staffdesk.services.clearance import Clearance, Wanted
from staffdesk.services.door import Door, Draft, Result
from staffdesk.services.sessions import Clock, utc_ms

_DECLARED = "declared"
_RECORD = {Whom.PERSON: "person", Whom.COMPANY: "organisation"}


class Declaring:
    """What an employee says of himself; every method raises what :class:`staffdesk.services.door.Door` raises."""

    def __init__(self, door: Door, clock: Clock = utc_ms) -> None:
        """Work through ``door``."""
        self._door = door
        self._clock = clock

    def declare(self, access: Access, whom: Whom, number: int, kind: str) -> None:
        """Declare a relation of one's own to a customer, or to a company and all who belong to it.

        From then on each look of his at them is flagged. Raises :class:`BadInput` for a kind that is not on the list,
        :class:`NotFound`, :class:`Conflict` where it is declared already.
        """
        code = declared.kinds().check(kind, whom)
        draft = Draft(wanted=Wanted(act=Act.STAFF_DECLARED, record=(_RECORD[whom], number)), kinds=(code,), n=1)

        def write(tx: Change, cleared: Clearance) -> tuple[None, Result]:
            if DeclarationChanges(tx).add(_me(cleared), code, (whom, number), self._clock()) != 1:
                raise Conflict("You declared this already.", "Look at: staffdesk own declarations")
            return None, Result(act=Act.STAFF_DECLARED, kinds=(code,), n=1)

        self._door.change(access, draft, write)

    def own(self, access: Access) -> tuple[Declaration, ...]:
        """Return what one declared, by customers' numbers; nobody is opened by it."""

        def read(tx: Append, cleared: Clearance) -> tuple[tuple[Declaration, ...], Result]:
            found = Declarations(tx).of(_me(cleared))
            return found, Result(act=Act.AUDIT_OWN, kinds=(_DECLARED,), n=len(found))

        draft = Draft(wanted=Wanted(act=Act.AUDIT_OWN), kinds=(_DECLARED,))
        return self._door.act(access, draft, read, intent=False)

    def all(self, access: Access) -> tuple[Declaration, ...]:
        """Return everybody's, for admin and auditor: who, of which kind, about which number."""

        def read(tx: Append, _cleared: Clearance) -> tuple[tuple[Declaration, ...], Result]:
            found = Declarations(tx).all()
            return found, Result(act=Act.AUDIT_LISTED, kinds=(_DECLARED,), n=len(found))

        draft = Draft(wanted=Wanted(act=Act.AUDIT_LISTED), kinds=(_DECLARED,))
        return self._door.act(access, draft, read, intent=False)

    def withdraw(self, access: Access, declaration: int) -> tuple[Declaration, ...]:
        """Take a declaration of one's own back and return those left; the log goes on saying that it stood.

        Raises :class:`NotFound`.
        """
        mine = next((each for each in self.own(access) if each.id == declaration), None)
        if mine is None:
            raise _not_yours()
        wanted = Wanted(act=Act.STAFF_WITHDREW, record=(_RECORD[mine.whom], mine.number))

        def write(tx: Change, cleared: Clearance) -> tuple[tuple[Declaration, ...], Result]:
            if DeclarationChanges(tx).take_back(_me(cleared), mine.id) != 1:
                raise _not_yours()
            return Declarations(tx).of(_me(cleared)), Result(act=Act.STAFF_WITHDREW, kinds=(mine.kind,), n=1)

        return self._door.change(access, Draft(wanted=wanted, kinds=(mine.kind,), n=1), write)


def _not_yours() -> NotFound:
    return NotFound("You made no declaration of this number.", "Look at: staffdesk own declarations")


def _me(cleared: Clearance) -> str:
    if cleared.actor is None:
        raise SessionEnded("You are not signed in.", "Sign in again.")
    return cleared.actor.staff_id
