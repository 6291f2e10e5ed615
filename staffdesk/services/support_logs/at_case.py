"""The case under which zips of logs are worked with: which one it is, whether it is open, who may."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from staffdesk.data.deadline import Deadline
from staffdesk.data.references import Reference, References
from staffdesk.data.ticket import Ticket
from staffdesk.data.transaction import Read
from staffdesk.domain.access import Access, Act, Role
from staffdesk.domain.errors import Denied, NotFound, SessionEnded
from staffdesk.domain.support_logs import LogBundle
from staffdesk.services.clearance import Clearance, Wanted
from staffdesk.services.door import Door, Draft
from staffdesk.services.held_rows import may_read
from staffdesk.services.standing import reference_number
from staffdesk.services.support_logs.log_spool import LogSpool

LOGS: Final = "logs"
"""What stands first among the kinds of every entry about zips."""

_SEES_CLOSED: Final = frozenset({Role.PRIVACY})
"""Who answers for what is held once a case is closed."""

R = TypeVar("R")


class AtCase:
    """Finds cases by their numbers, and reads what is under them through the door."""

    def __init__(self, door: Door) -> None:
        """Read through ``door``."""
        self.door = door

    def case(self, access: Access, number: str) -> Reference:
        """Return a case, open or not; raises :class:`NotFound`, :class:`SessionEnded`."""
        wanted = reference_number(number)
        case = self.door.peek(access, lambda tx: References(tx).reference(wanted))
        if case is None or case.kind != "case":
            raise _no_case()
        return case

    def open_case(self, access: Access, number: str) -> Reference:
        """Return an open case; raises as :meth:`case`."""
        case = self.case(access, number)
        if not case.is_open:
            raise _no_case()
        return case

    def look(
        self, access: Access, case: Reference, act: Act, read: Callable[[Read], R], longer: Deadline | None = None
    ) -> R:
        """Read what is under a case, its entry first; what is much to read has a ``longer`` deadline.

        Raises :class:`NotFound` for a closed case, :class:`Denied`.
        """

        def checked(tx: Read, cleared: Clearance, _ticket: Ticket) -> R:
            check_open(case, cleared)
            if not may_read(tx, cleared, "support_case", case.id):
                raise Denied("This case is restricted, and its logs with it.", "Privacy reads what there is.")
            return read(tx)

        return self.door.look(access, draft_of(act, case), checked, longer=longer)


def draft_of(act: Act, case: Reference) -> Draft:
    """Return the intent: it names the case, and whom it is about, who must be one that may be received."""
    about_nobody = case.person_id is None and case.organisation_id is None
    record = None if about_nobody else ("support_case", case.id)
    return Draft(wanted=Wanted(act=act, record=record), obj=(case.aid,), kinds=(LOGS,))


def check_open(case: Reference, cleared: Clearance) -> None:
    """Refuse a closed case to all but privacy."""
    if not case.is_open and cleared.role not in _SEES_CLOSED:
        raise _no_case()


def actor_of(cleared: Clearance) -> str:
    """Return who does it."""
    if cleared.actor is None:
        raise SessionEnded("You are not signed in.", "Sign in again.")
    return cleared.actor.staff_id


def there(bundle: LogBundle | None) -> LogBundle:
    """Return a zip that is there; raises :class:`NotFound`."""
    if bundle is None:
        raise NotFound("This case has no such zip of logs.", "Look at the list: staffdesk case logs list NUMBER")
    return bundle


def removed(spool: LogSpool, files: tuple[str, ...]) -> int:
    """Remove the files of zips whose keys are destroyed; return how many the disk did not let go."""
    return sum(not spool.destroy(each) for each in files)


def _no_case() -> NotFound:
    return NotFound("There is no open case with this number.", "Look at the list of your cases.")
