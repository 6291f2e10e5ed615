"""Accounts, people, product news and recipients in numbers."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.deciding import usable
from staffdesk.data.tables.people import Person
from staffdesk.data.tables.requests import Suppression
from staffdesk.data.tables.sharing import PolicyVersion, Recipient, Subscription
from staffdesk.data.tables.staff import Session, Staff, StaffRole
from staffdesk.data.tables.types import BigInt
from staffdesk.data.transaction import Read
from staffdesk.domain.access import Entity, Role
from staffdesk.domain.marketing import SubscriptionStatus

_STAFF: Final = register.table(Staff)
_ROLE: Final = register.table(StaffRole)
_SESSION: Final = register.table(Session)
_PERSON: Final = register.table(Person)
_SUPPRESSION: Final = register.table(Suppression)
_SUBSCRIPTION: Final = register.table(Subscription)
_RECIPIENT: Final = register.table(Recipient)
_VERSION: Final = register.table(PolicyVersion)

_IN_USE: Final = sa.select(_STAFF.c.entity, sa.func.count()).where(usable(_STAFF)).group_by(_STAFF.c.entity)
_CLOSED: Final = sa.select(sa.func.count()).where(
    sa.or_(_STAFF.c.disabled_at.is_not(None), _STAFF.c.valid_until < sa.bindparam("today", type_=sa.Date()))
)
_HELD: Final = (
    sa.select(_ROLE.c.staff_id, _ROLE.c.role).join(_STAFF, _STAFF.c.id == _ROLE.c.staff_id).where(usable(_STAFF))
)
_LEFT_OPEN: Final = (
    sa.select(sa.func.count())
    .select_from(_SESSION.join(_STAFF, _STAFF.c.id == _SESSION.c.staff_id))
    .where(
        _SESSION.c.ended_at.is_(None),
        _SESSION.c.started_at > sa.bindparam("since", type_=BigInt),
        sa.not_(usable(_STAFF)),
    )
)
_PEOPLE: Final = sa.select(sa.func.count()).select_from(_PERSON)
_BOUNCED: Final = _PEOPLE.where(_PERSON.c.bounced_at.is_not(None))
_STALE: Final = _PEOPLE.where(
    sa.func.coalesce(_PERSON.c.confirmed_on, _PERSON.c.obtained_on) <= sa.bindparam("before", type_=sa.Date())
)
_SUPPRESSED: Final = sa.select(sa.func.count()).select_from(_SUPPRESSION).where(_SUPPRESSION.c.no_mail)
_WITHOUT_BASIS: Final = (
    sa.select(sa.func.count())
    .select_from(_SUBSCRIPTION)
    .where(_SUBSCRIPTION.c.status == SubscriptionStatus.SUBSCRIBED.value, _SUBSCRIPTION.c.basis.is_(None))
)
_VERSIONS: Final = sa.select(sa.func.count()).select_from(_VERSION)
_RECIPIENTS: Final = sa.select(
    _RECIPIENT.c.code,
    _RECIPIENT.c.country,
    _RECIPIENT.c.contract,
    _RECIPIENT.c.mechanism,
    _RECIPIENT.c.mechanism_until,
).order_by(_RECIPIENT.c.code)


@dataclass(frozen=True, slots=True)
class Given:
    """A recipient as the transfer check asks about it; ``contract`` is the number of the one recorded."""

    code: str
    country: str
    contract: str | None
    mechanism: str | None
    until: dt.date | None


class PeopleFigures:
    """Counts over accounts and customers."""

    def __init__(self, tx: Read, today: dt.date) -> None:
        """Count in ``tx``, as things stand today."""
        self._tx = tx
        self._today = today

    def in_use(self) -> dict[Entity, int]:
        """Return how many accounts may be used, by the company that employs."""
        return {Entity(row[0]): int(row[1]) for row in self._tx.rows(_IN_USE, {"today": self._today})}

    def closed(self) -> int:
        """Return how many accounts were closed, or have come to their last day."""
        return self._one(_CLOSED, today=self._today)

    def roles_in_use(self) -> tuple[frozenset[Role], ...]:
        """Return the roles of each account that may be used."""
        found: dict[str, set[Role]] = defaultdict(set)
        for row in self._tx.rows(_HELD, {"today": self._today}):
            found[str(row[0])].add(Role(row[1]))
        return tuple(frozenset(roles) for roles in found.values())

    def sessions_of_closed(self, since: int) -> int:
        """Return how many sessions begun since then are open though their account may not be used."""
        return self._one(_LEFT_OPEN, today=self._today, since=since)

    def people(self) -> int:
        """Return how many people are on file."""
        return self._one(_PEOPLE)

    def bounced(self) -> int:
        """Return how many people mail does not reach."""
        return self._one(_BOUNCED)

    def stale(self, before: dt.date) -> int:
        """Return how many people were last obtained or confirmed on a day or earlier."""
        return self._one(_STALE, before=before)

    def suppressed(self) -> int:
        """Return how many addresses and accounts get no mail."""
        return self._one(_SUPPRESSED)

    def subscribed_without_basis(self) -> int:
        """Return how many subscriptions stand on no basis."""
        return self._one(_WITHOUT_BASIS)

    def policy_versions(self) -> int:
        """Return how many versions of the policy are recorded."""
        return self._one(_VERSIONS)

    def recipients(self) -> tuple[Given, ...]:
        """Return what the transfer check asks of each recipient."""
        rows = self._tx.rows(_RECIPIENTS)
        return tuple(Given(str(row[0]), str(row[1]), row[2], row[3], row[4]) for row in rows)

    def _one(self, statement: sa.Executable, **told: object) -> int:
        row = self._tx.row(statement, told)
        return 0 if row is None else int(row[0])
