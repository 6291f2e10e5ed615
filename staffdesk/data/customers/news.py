"""Who gets news, who said that he does not want it, and since when: what a campaign service's list is held against."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.customers.came_by_merge import came_by
from staffdesk.data.customers.former import Former
from staffdesk.data.customers.listed import Held
from staffdesk.data.customers.merges import records_of
from staffdesk.data.tables.campaign import CampaignAddress
from staffdesk.data.tables.people import Person
from staffdesk.data.tables.requests import Suppression
from staffdesk.data.tables.sharing import Subscription
from staffdesk.data.transaction import Change, Transaction, padded
from staffdesk.domain.marketing import SubscriptionStatus, Suppressed

_PERSON: Final = register.table(Person)
_SUBSCRIPTION: Final = register.table(Subscription)
_SUPPRESSION: Final = register.table(Suppression)
_ADDRESS: Final = register.table(CampaignAddress)
_EMAILS: Final[sa.BindParameter[Any]] = sa.bindparam("emails", expanding=True)

_OF_PEOPLE: Final = sa.select(_SUBSCRIPTION).where(
    _SUBSCRIPTION.c.person_id.in_(sa.bindparam("people", expanding=True))
)
_OF_ADDRESS: Final = (
    sa.select(_SUBSCRIPTION, _PERSON.c.aid)
    .join(_PERSON, _PERSON.c.id == _SUBSCRIPTION.c.person_id)
    .where(
        _PERSON.c.email_normal.in_(sa.bindparam("emails", expanding=True)),
        _SUBSCRIPTION.c.status == SubscriptionStatus.SUBSCRIBED.value,
    )
)
_HAS: Final = sa.select(_PERSON.c.email_normal, _PERSON.c.id).where(_PERSON.c.email_normal.in_(_EMAILS))
_WAS_WRITTEN_TO: Final = sa.select(_ADDRESS.c.email, _ADDRESS.c.person_id).where(_ADDRESS.c.email.in_(_EMAILS))
_ADDRESS_OF: Final = sa.select(_PERSON.c.id, _PERSON.c.email_normal).where(
    _PERSON.c.id.in_(sa.bindparam("people", expanding=True)), _PERSON.c.email_normal.is_not(None)
)
_NO_MAIL: Final = sa.select(_SUPPRESSION.c.digest, _SUPPRESSION.c.since).where(
    _SUPPRESSION.c.digest.in_(sa.bindparam("digests", expanding=True)), _SUPPRESSION.c.no_mail.is_(sa.true())
)
_AGAIN: Final = sa.select(_SUPPRESSION.c.digest).where(
    _SUPPRESSION.c.digest.in_(sa.bindparam("digests", expanding=True)),
    _SUPPRESSION.c.no_mail.is_(sa.false()),
    _SUPPRESSION.c.since > sa.bindparam("moment"),
)
_SUPPRESS: Final = sa.text(
    "INSERT INTO suppression (kind, digest, no_mail, no_return, since) VALUES (:kind, :digest, TRUE, FALSE, :since) "
    "ON CONFLICT (kind, digest) DO UPDATE SET no_mail = TRUE, "
    "since = CASE WHEN suppression.no_mail AND suppression.since > excluded.since "
    "THEN suppression.since ELSE excluded.since END"
)
_LET_MAIL: Final = (
    sa.update(_SUPPRESSION)
    .where(_SUPPRESSION.c.digest.in_(sa.bindparam("digests", expanding=True)), _SUPPRESSION.c.no_return.is_(sa.false()))
    .values(
        no_mail=False,
        since=sa.case(
            (_SUPPRESSION.c.since < sa.bindparam("since"), sa.bindparam("since")), else_=_SUPPRESSION.c.since
        ),
    )
)
_END: Final = (
    sa.update(_SUBSCRIPTION)
    .where(_SUBSCRIPTION.c.id.in_(sa.bindparam("ids", expanding=True)))
    .values(status=SubscriptionStatus.UNSUBSCRIBED.value, ended_on=sa.bindparam("day", type_=sa.Date()), evidence=None)
)


@dataclass(frozen=True, slots=True, repr=False)
class Subscribed:
    """The subscriptions of people by the record that each was made for and the list, and the addresses of records.

    ``records`` has of each person the numbers of his records, his own first.
    """

    held: Mapping[tuple[int, str], Held]
    records: Mapping[int, Sequence[int]]
    addresses: Mapping[int, str]

    def record_of(self, person: int, email: str, list_name: str) -> int:
        """Return for which of a person's records what a list says of an address stands.

        A yes is for the address it was given with. One that none of them has any more is of the record that is on the
        list, or his own.
        """
        his = self.records.get(person, ())
        by_address = (record for record in his if self.addresses.get(record) == email)
        by_list = (record for record in his if (record, list_name) in self.held)
        return next(by_address, next(by_list, person))


class News:
    """Reads who gets news; needs the open door."""

    def __init__(self, tx: Transaction) -> None:
        """Read in ``tx``."""
        self._tx = tx

    def of_people(self, people: Collection[int]) -> "Subscribed":
        """Return the subscriptions of people, and who of their records has which address."""
        if not people:
            return Subscribed({}, {}, {})
        came = came_by(self._tx, _SUBSCRIPTION, people)
        records = records_of(self._tx, people)
        numbers = frozenset[int]().union(*records.values())
        has = {int(row[0]): str(row[1]) for row in self._tx.rows(_ADDRESS_OF, {"people": padded(numbers)})}
        return Subscribed(
            {
                (came.get(int(row.id), int(row.person_id)), str(row.list_name)): Held(int(row.id), row._asdict())
                for row in self._tx.rows(_OF_PEOPLE, {"people": padded(people)})
            },
            {person: (person, *sorted(his - {person})) for person, his in records.items()},
            has,
        )

    def to_addresses(self, emails: Collection[str]) -> list[Held]:
        """Return the subscriptions by which news goes to these normalised addresses, with their owners' audit ids."""
        if not emails:
            return []
        return [Held(int(row.id), row._asdict()) for row in self._tx.rows(_OF_ADDRESS, {"emails": padded(emails)})]

    def of_the_same(self, emails: Collection[str]) -> Mapping[str, frozenset[str]]:
        """Return with each of these normalised addresses all of whoever has it, or had it when he was written to.

        His may be another one by now, and further records may have been put together with his.
        """
        if not emails:
            return {}
        whose: dict[str, set[int]] = defaultdict(set)
        for statement in (_HAS, _WAS_WRITTEN_TO):
            for row in self._tx.rows(statement, {"emails": padded(emails)}):
                whose[str(row[0])].add(int(row[1]))
        for person, had in Former(self._tx).by_address(emails).items():
            for email in had:
                whose[email].add(person)
        records = records_of(self._tx, {person for people in whose.values() for person in people})
        numbers = frozenset[int]().union(*records.values())
        rows = self._tx.rows(_ADDRESS_OF, {"people": padded(numbers)}) if numbers else ()
        has = {int(row[0]): str(row[1]) for row in rows}
        return {
            email: frozenset({email, *(has[each] for one in whose[email] for each in records[one] if each in has)})
            for email in emails
        }

    def no_mail_since(self, digests: Collection[str]) -> dict[str, int]:
        """Return which of these keyed digests no mail goes to, and since when (UTC milliseconds)."""
        if not digests:
            return {}
        return {str(row[0]): int(row[1]) for row in self._tx.rows(_NO_MAIL, {"digests": padded(digests)})}

    def opted_in_after(self, digests: Collection[str], moment: int) -> frozenset[str]:
        """Return to which of these keyed digests mail goes again by an opt-in after a moment (UTC milliseconds)."""
        if not digests:
            return frozenset()
        return frozenset(str(row[0]) for row in self._tx.rows(_AGAIN, {"digests": padded(digests), "moment": moment}))


class NewsChanges:
    """Lets news go to an address no more, or again."""

    def __init__(self, tx: Change) -> None:
        """Write in ``tx``."""
        self._tx = tx

    def suppress(self, digest: str, since: int) -> None:
        """Let no mail go to an address, by its keyed digest, since a moment (UTC milliseconds); a later one stands."""
        self._tx.write(_SUPPRESS, {"kind": Suppressed.EMAIL.value, "digest": digest, "since": since})

    def let_mail(self, digests: Collection[str], since: int) -> None:
        """Let mail go there again by an opt-in of a moment (UTC milliseconds), unless its owner was erased."""
        self._tx.write(_LET_MAIL, {"digests": list(digests), "since": since})

    def end(self, subscriptions: Collection[int], day: dt.date) -> int:
        """End subscriptions on a day and drop their evidence; return how many rows were touched."""
        return self._tx.write(_END, {"ids": list(subscriptions), "day": day})
