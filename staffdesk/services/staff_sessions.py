"""Who is signed in where: an account's open terminals, and ending them from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from staffdesk.data.database import Database
from staffdesk.data.deciding import Deciding
from staffdesk.data.sessions import Sessions
from staffdesk.data.staff import Accounts
from staffdesk.data.transaction import Append
from staffdesk.domain.access import Access, Act
from staffdesk.domain.accounts import is_user_name, typed_user_name
from staffdesk.domain.errors import BadInput, Conflict, Denied, NotFound
from staffdesk.domain.matters import Account, OpenSession
from staffdesk.domain.policy import AccessMatrix, Allowed
from staffdesk.parameters.shapes import SessionRules
from staffdesk.services.clearance import Clearance, Wanted
from staffdesk.services.deciding import begun
from staffdesk.services.door import Door, Draft, Result
from staffdesk.services.sessions import Clock, day_in_brussels, is_open


class StaffSessions:
    """The terminals of accounts; every method raises what :class:`staffdesk.services.door.Door` raises."""

    def __init__(
        self, door: Door, database: Database, *, matrix: AccessMatrix, rules: SessionRules, clock: Clock
    ) -> None:
        """Write through ``door``; whose account is meant is looked up in ``database`` first, for the intent's entry."""
        self._door = door
        self._database = database
        self._matrix = matrix
        self._rules = rules
        self._clock = clock

    def sessions(self, access: Access, user_name: str) -> tuple[OpenSession, ...]:
        """Return the open terminals of an account, newest first, for who may list accounts."""
        staff_id = self._id_of(user_name)

        def read(tx: Append, cleared: Clearance) -> tuple[tuple[OpenSession, ...], Result]:
            accounts, by = self._begun(tx, cleared)
            account = known(accounts, staff_id, by)
            found = self._open(tx, account.id, by)
            return found, Result(act=Act.STAFF_LISTED, obj=(account.id,), kinds=("sessions",), n=len(found))

        return self._door.act(access, draft_of(Act.STAFF_LISTED, staff_id, ("sessions",)), read, intent=False)

    def own_sessions(self, access: Access) -> tuple[OpenSession, ...]:
        """Return one's own open terminals, newest first; for everybody."""

        def read(tx: Append, cleared: Clearance) -> tuple[tuple[OpenSession, ...], Result]:
            _, by = self._begun(tx, cleared)
            found = self._open(tx, by.staff_id, by)
            return found, Result(act=Act.AUDIT_OWN, kinds=("sessions",), n=len(found))

        return self._door.act(access, draft_of(Act.AUDIT_OWN, None, ("sessions",)), read, intent=False)

    def end_session(self, access: Access, user_name: str) -> int:
        """End every session of an account and return how many: one's own, or as an admin anybody's."""
        staff_id = self._id_of(user_name)

        def write(tx: Append, cleared: Clearance) -> tuple[int, Result]:
            accounts, by = self._begun(tx, cleared)
            account = known(accounts, staff_id, by)
            if account.id != by.staff_id and not self._manages(cleared):
                raise Denied("You may end your own sessions only.", "Ask an admin.")
            ended = Sessions(tx).end_all(account.id, by.now, "ended by hand")
            return ended, Result(act=Act.SESSION_ENDED, obj=(account.id,), n=ended)

        return self._door.act(access, draft_of(Act.SESSION_ENDED, staff_id), write)

    def end_one(self, access: Access, sid: str) -> None:
        """End one session from elsewhere: one's own, or as an admin anybody's.

        Raises :class:`BadInput` for the one that asks, :class:`NotFound` for another's and for none.
        """

        def write(tx: Append, cleared: Clearance) -> tuple[None, Result]:
            _, by = self._begun(tx, cleared)
            whole = Sessions(tx).whole(sid)
            if whole is None or (whole.staff_id != by.staff_id and not self._manages(cleared)):
                raise NotFound("There is no such session of yours.", "Look at the list of them.")
            if sid == by.sid:
                raise BadInput("This is the session you are in.", "Leaving the desk ends it.")
            if Sessions(tx).end(sid, by.now, "ended by hand") != 1:
                raise Conflict("This session has ended already.", "Nothing is left to do.")
            return None, Result(act=Act.SESSION_ENDED, obj=(whole.staff_id,), kinds=("one",), n=1)

        self._door.act(access, draft_of(Act.SESSION_ENDED, None, ("one",)), write)

    def _open(self, tx: Append, staff_id: str, by: Deciding) -> tuple[OpenSession, ...]:
        return tuple(
            OpenSession(row.sid, row.host, row.started_at, row.seen_at, row.locked, row.sid == by.sid)
            for row in Sessions(tx).not_ended(staff_id)
            if is_open(row, by.now, self._rules)
        )

    def _manages(self, cleared: Clearance) -> bool:
        held = () if cleared.actor is None else cleared.actor.roles
        return isinstance(self._matrix.decide(held, Act.STAFF_DISABLED), Allowed)

    def _begun(self, tx: Append, cleared: Clearance) -> tuple[Accounts, Deciding]:
        """Return the accounts and who decides about them, as :func:`begun` does."""
        return Accounts(tx), begun(tx, cleared, self._clock)

    def _id_of(self, user_name: str) -> str | None:
        if not is_user_name(typed_user_name(user_name)):
            return None
        with self._database.append() as tx:
            found = Accounts(tx).of_name(typed_user_name(user_name), day_in_brussels(self._clock()))
        return None if found is None else found.id


def draft_of(act: Act, staff_id: str | None, kinds: Sequence[str] = ()) -> Draft:
    """Return the entry of an act on an account, which may be one that is not there."""
    return Draft(wanted=Wanted(act=act), obj=() if staff_id is None else (staff_id,), kinds=tuple(kinds))


def known(accounts: Accounts, staff_id: str | None, by: Deciding) -> Account:
    """Return an account; raises :class:`NotFound`."""
    account = None if staff_id is None else accounts.of_id(staff_id, by.today)
    if account is None:
        raise NotFound("There is no such account.", "staffdesk staff list shows them.")
    return account
