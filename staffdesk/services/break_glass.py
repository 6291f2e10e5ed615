"""Break-glass: more than the role sees, for one record and some minutes, with a written reason, on the admin's list."""

from __future__ import annotations

from staffdesk.data.break_glass import Grants
from staffdesk.data.log import Opened
from staffdesk.data.references import TABLE_OF
from staffdesk.data.tables.break_glass import BreakGlass as GrantRecord
from staffdesk.data.transaction import Append
from staffdesk.domain.access import Access, Act, Grant, Level, RecordKind
from staffdesk.domain.errors import Conflict, NotFound, SessionEnded
from staffdesk.domain.policy import AccessMatrix
from staffdesk.domain.written_reasons import written_reason
from staffdesk.services.cells import parse_key
from staffdesk.services.clearance import Clearance, Wanted
from staffdesk.services.door import BREAK_GLASS, Door, Draft, Result
from staffdesk.services.sessions import Clock, utc_ms

_MS_A_MINUTE = 60_000


class BreakGlass:
    """Grants it; what a grant opens is decided where every access is, in the transaction of its entry."""

    def __init__(self, door: Door, matrix: AccessMatrix, clock: Clock = utc_ms) -> None:
        """Write through ``door``, by the rules of ``matrix``."""
        self._door = door
        self._rules = matrix.break_glass
        self._clock = clock

    def open(self, access: Access, kind: RecordKind, record_id: int, reason: str) -> Grant:
        """Grant it to this session for one record; the record is then opened with the grant's number in the access.

        Raises :class:`BadInput` for a reason that tells nobody why, :class:`MustNotBeHeld`, :class:`Denied`,
        :class:`NotFound`, :class:`Conflict` where the same person opens it twice in one moment.
        """
        return self._grant(access, (TABLE_OF[kind], record_id), kind.value, reason)

    def open_for_value(self, access: Access, key: str, reason: str) -> Grant:
        """Grant it as :meth:`open` does, for the record a value belongs to, which is then revealed by its key."""
        table, record_id, _, privacy_class = parse_key(key)
        return self._grant(access, (table, record_id), privacy_class.value, reason)

    def _grant(self, access: Access, record: tuple[str, int], kind: str, reason: str) -> Grant:
        written = written_reason(reason)
        kinds = (BREAK_GLASS, kind)
        draft = Draft(wanted=Wanted(act=Act.CUSTOMER_BREAK_GLASS, record=record), kinds=kinds, n=1)

        def write(tx: Append, cleared: Clearance) -> tuple[Grant, Result]:
            if cleared.actor is None or cleared.purpose is None or cleared.number is None:
                raise SessionEnded("You are not signed in.", "Sign in again.")
            if cleared.subject is None:
                raise NotFound("There is no such record.", "Search again: it may have been merged or erased.")
            now = self._clock()
            until = now + self._rules.minutes * _MS_A_MINUTE
            grants = Grants(tx)
            if grants.given_since(cleared.actor.staff_id, cleared.subject.aid, cleared.intent):
                raise Conflict("It was opened in another of your sessions meanwhile.", "Go on there, or ask once more.")
            number = grants.add(
                GrantRecord.checked(
                    {
                        "staff_id": cleared.actor.staff_id,
                        "sid": cleared.actor.sid,
                        "aid": cleared.subject.aid,
                        "organisation_id": cleared.subject.organisation_id,
                        "opened_at": now,
                        "until_at": until,
                        "entry": cleared.intent,
                        "purpose": cleared.purpose.value,
                        "reference": grants.key_of(cleared.number),
                    }
                )
            )
            result = Result(
                act=Act.CUSTOMER_BREAK_GLASS,
                level=Level.OPENED,
                kinds=kinds,
                n=1,
                openings=(Opened("reason.break_glass", written),),
            )
            return Grant(number, until), result

        return self._door.act(access, draft, write)
