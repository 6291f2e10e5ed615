"""What is to be set right at the next contact, as lists of work: numbers and what is missing, no name, no value.

Privacy is listed the whole desk's, twenty at a time; whoever works with customers, those of his own open cases alone:
who has no business with a customer is told nothing of him. Each listing is a look, with the entry that names the
listed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

from staffdesk.data import register
from staffdesk.data.customers.search import MOST_LOOKED_AT, Search
from staffdesk.data.customers.to_mend import Found, RecordsToMend
from staffdesk.data.deadline import Deadline
from staffdesk.data.ticket import Ticket
from staffdesk.data.transaction import Read
from staffdesk.domain.access import Access, Act, Level, Purpose, Relation, Role
from staffdesk.domain.accuracy import Mend, ToMend, WorkList, rules
from staffdesk.domain.correction import rules as correction_rules
from staffdesk.domain.deadlines import nominal
from staffdesk.domain.policy import AccessMatrix
from staffdesk.services.clearance import Clearance, Wanted, may_see_country, today_in_brussels
from staffdesk.services.door import Door, Draft, Result
from staffdesk.services.held_rows import listable
from staffdesk.services.listings import receivable, relations_to
from staffdesk.services.sessions import day_in_brussels

_PERSON: Final = "person"
_PATIENCE_SECONDS: Final = 30.0
"""The whole desk is counted, which nobody waits for in a call."""

_Listed = tuple[WorkList, tuple[Relation, ...]]


class Accuracy:
    """Lists what is to be set right."""

    def __init__(self, door: Door, matrix: AccessMatrix) -> None:
        """Go through ``door``; ``matrix`` says how many rows a list has."""
        self._door = door
        self._matrix = matrix

    def every(self, access: Access, deadline: Deadline | None = None) -> tuple[WorkList, ...]:
        """Return the list of each kind, each a look of its own; raises as :meth:`list`."""
        return tuple(self.list(access, mend, deadline) for mend in Mend)

    def list(self, access: Access, mend: Mend, deadline: Deadline | None = None) -> WorkList:
        """Return the list of one kind; without a ``deadline`` as long as counting takes. Raises :class:`Denied`."""
        draft = Draft(wanted=Wanted(act=Act.CUSTOMER_SEARCH), kinds=(mend.value,))

        def read(tx: Read, cleared: Clearance, ticket: Ticket) -> _Listed:
            staff = None if cleared.role is Role.PRIVACY or cleared.actor is None else cleared.actor.staff_id
            records = RecordsToMend(tx, MOST_LOOKED_AT, staff, self._kinds_of_cases(cleared))
            count, people = _people(records, mend)
            if mend is Mend.INCOMPLETE:
                more, companies = records.incomplete("organisation", rules().complete.organisation)
                count += more
            else:
                companies = ()
            matches = Search(tx, len(people)).by_numbers([each.number for each in people])
            seen = {each.id: each for each in listable(tx, cleared, receivable(matches, cleared))}
            rows = [
                *(_to_mend(_PERSON, each) for each in people if each.number in seen),
                *(_to_mend("organisation", each) for each in companies if _is_receivable(cleared, each)),
            ][: self._matrix.limits.rows]
            found = WorkList(mend, tuple(rows), count, mine=staff is not None, seq=ticket.seq)
            listed = tuple(seen[each.number] for each in rows if each.table == _PERSON)
            return found, relations_to(tx, cleared, listed)

        longer = Deadline(_PATIENCE_SECONDS) if deadline is None else None
        found, _ = self._door.look(access, draft, read, _entry, deadline, longer=longer)
        return found

    def _kinds_of_cases(self, cleared: Clearance) -> Sequence[str]:
        """Return the kinds of cases in which one of the employee's roles opens a customer."""
        roles = frozenset[Role]() if cleared.actor is None else cleared.actor.roles
        opens = (each for each in Purpose if self._matrix.role_in_force(roles, each, Act.CUSTOMER_OPENED) is not None)
        return [each.value for each in opens]


def _people(records: RecordsToMend, mend: Mend) -> tuple[int, Sequence[Found]]:
    if mend is Mend.BOUNCED:
        return records.bounced()
    if mend is Mend.INCOMPLETE:
        return records.incomplete(_PERSON, rules().complete.person)
    return records.stale(nominal(today_in_brussels(), -correction_rules().confirm_after_months))


def _is_receivable(cleared: Clearance, company: Found) -> bool:
    return cleared.actor is not None and may_see_country(cleared.actor, company.country).allowed


def _to_mend(table: str, found: Found) -> ToMend:
    columns = register.of_table(table)
    labels = tuple(columns[column].label for column in found.missing)
    since = found.since if found.since is None or isinstance(found.since, dt.date) else day_in_brussels(found.since)
    return ToMend(table, found.number, found.aid, labels, since)


def _entry(found: _Listed) -> Result | None:
    """Return the entry that names the listed; none where nobody is."""
    page, rel = found
    if not page.rows:
        return None
    kinds = (page.mend.value, *dict.fromkeys(each.table for each in page.rows))
    aids = tuple(each.aid for each in page.rows)
    return Result(act=Act.CUSTOMER_LISTED, level=Level.LISTED, obj=aids, kinds=kinds, n=len(aids), rel=rel)
