"""What decides who gets product news, read for many people at once: their addresses and sources, never their computers.

No column of the class for licensing alone is read here (privacy policy, C.9; A32).
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.customers.came_by_merge import came_by
from staffdesk.data.customers.contested import ContestedFields
from staffdesk.data.customers.digests import digests_on_file
from staffdesk.data.customers.held import Holds
from staffdesk.data.customers.merges import standing_for
from staffdesk.data.tables.people import Organisation, Person
from staffdesk.data.tables.requests import Request, Suppression
from staffdesk.data.tables.sales import Order
from staffdesk.data.tables.sharing import Subscription
from staffdesk.data.transaction import AnyRow, Read
from staffdesk.domain.campaign import CampaignRules, Facts
from staffdesk.domain.deadlines import receive_day
from staffdesk.domain.imported import OrderState
from staffdesk.domain.marketing import SubscriptionStatus
from staffdesk.domain.request_moves import move
from staffdesk.domain.requests import RequestType

_PERSON: Final = register.table(Person)
_ORGANISATION: Final = register.table(Organisation)
_ORDER: Final = register.table(Order)
_SUBSCRIPTION: Final = register.table(Subscription)
_SUPPRESSION: Final = register.table(Suppression)
_REQUEST: Final = register.table(Request)
_PEOPLE: Final[sa.BindParameter[int]] = sa.bindparam("people", expanding=True)
_EMAIL: Final = ("person", "email")
_ADDRESS_ENDS: Final = "@%"

_ROWS: Final = (
    sa.select(
        _PERSON.c.id, _PERSON.c.aid, _PERSON.c.email_normal, _PERSON.c.phone_normal, _PERSON.c.store,
        _PERSON.c.account_id, _PERSON.c.source, _PERSON.c.obtained_on, _PERSON.c.event, _PERSON.c.country,
        _ORGANISATION.c.sole_trader, _PERSON.c.bounced_at,
    )
    .outerjoin(_ORGANISATION, _ORGANISATION.c.id == _PERSON.c.organisation_id)
    .where(_PERSON.c.id.in_(_PEOPLE))
    .order_by(_PERSON.c.id)
)  # fmt: skip
_NEWS: Final = (
    sa.select(
        _SUBSCRIPTION.c.id, _SUBSCRIPTION.c.person_id, _SUBSCRIPTION.c.list_name, _SUBSCRIPTION.c.status,
        _SUBSCRIPTION.c.basis, _SUBSCRIPTION.c.evidence, _SUBSCRIPTION.c.started_on,
    )
    .where(_SUBSCRIPTION.c.person_id.in_(_PEOPLE))
    .order_by(_SUBSCRIPTION.c.id)
)  # fmt: skip
_PAID: Final = (
    sa.select(_ORDER.c.id, _ORDER.c.person_id, _ORDER.c.number, _ORDER.c.store, _ORDER.c.ordered_at)
    .where(
        _ORDER.c.person_id.in_(_PEOPLE),
        _ORDER.c.payment_state.in_(sa.bindparam("paid", expanding=True)),
        _ORDER.c.state != OrderState.CANCELLED.value,
        _ORDER.c.is_test.is_(sa.false()),
    )
    .order_by(_ORDER.c.ordered_at.desc(), _ORDER.c.id.desc())
)
_SUPPRESSED: Final = sa.select(_SUPPRESSION.c.digest, _SUPPRESSION.c.no_mail, _SUPPRESSION.c.no_return).where(
    _SUPPRESSION.c.digest.in_(sa.bindparam("digests", expanding=True))
)
_WAITING: Final = sa.select(_REQUEST.c.person_id).where(
    _REQUEST.c.person_id.in_(_PEOPLE),
    _REQUEST.c.kind == RequestType.OBJECT_MKT.value,
    _REQUEST.c.state.in_(sa.bindparam("states", expanding=True)),
)
_SUBSCRIBED: Final = sa.select(_SUBSCRIPTION.c.person_id).where(
    _SUBSCRIPTION.c.status == SubscriptionStatus.SUBSCRIBED.value
)
_BOUGHT: Final = sa.select(_ORDER.c.person_id).where(
    _ORDER.c.person_id.is_not(None), _ORDER.c.store.in_(sa.bindparam("stores", expanding=True))
)
_AT: Final = sa.select(_PERSON.c.id, _PERSON.c.email_normal).where(
    _PERSON.c.email_normal.in_(sa.bindparam("emails", expanding=True))
)
_MOST_EMAILS: Final = 500


@dataclass(frozen=True, slots=True, repr=False)
class News:
    """One list somebody stands on, and the record of his that he was on it by: his own, or one put together with it."""

    record: int
    list_name: str
    status: str
    basis: str | None
    evidence: str | None
    started_on: dt.date | None


@dataclass(frozen=True, slots=True, repr=False)
class Paid:
    """An order that was paid, by which record, and whether its store offered to get no news on the day it was made."""

    record: int
    number: str
    store: str
    ordered_on: dt.date
    offered: bool


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class OnFile:
    """What decides of one person, and what shows it.

    ``email`` is the address that news goes to, as it is compared: that of the record which the ground came by,
    ``addressed``. Where there is no ground it is his own.
    """

    person: int
    addressed: int
    aid: str
    email: str | None
    country: str | None
    source: str
    obtained_on: dt.date
    event: str | None
    news: tuple[News, ...]
    paid: tuple[Paid, ...]
    facts: Facts


class CampaignPeople:
    """Reads what decides who gets news; needs the open door."""

    def __init__(self, tx: Read, rules: CampaignRules) -> None:
        """Read in ``tx``, by these rules."""
        self._tx = tx
        self._rules = rules

    def candidates(self) -> list[int]:
        """Return everybody for whom there may be a ground, by number; nobody else can have one."""
        found = {int(row[0]) for row in self._tx.rows(_SUBSCRIBED)}
        if stores := sorted(self._rules.soft_opt_in.offered_since):
            found |= {int(row[0]) for row in self._tx.rows(_BOUGHT, {"stores": stores})}
        email = _PERSON.c.email_normal
        names = sorted(self._rules.company_mailbox.names)
        mailboxes = sa.or_(*(email.like(f"{name}{end}") for name in names for end in (_ADDRESS_ENDS, "+%")))
        found |= {int(row[0]) for row in self._tx.rows(sa.select(_PERSON.c.id).where(mailboxes))} if names else set()
        return sorted(found)

    def at(self, emails: Collection[str]) -> Mapping[str, tuple[int, ...]]:
        """Return who has each of these normalised addresses, and whose record such a one was put together with."""
        found: dict[str, list[int]] = defaultdict(list)
        listed = sorted(emails)
        for start in range(0, len(listed), _MOST_EMAILS):
            for row in self._tx.rows(_AT, {"emails": listed[start : start + _MOST_EMAILS]}):
                found[str(row.email_normal)].append(int(row.id))
        stands = standing_for(self._tx, {number for people in found.values() for number in people})
        return {
            email: tuple(sorted({*people, *(stands[number] for number in people if number in stands)}))
            for email, people in found.items()
        }

    def on_file(self, people: Collection[int]) -> Mapping[int, OnFile]:
        """Return what is on file of these people, by number; ask of some hundreds at a time."""
        asked = {"people": sorted(people)}
        if not people:
            return {}
        news, paid = self._news(asked), self._paid(asked)
        addressed = {person: self._addressed(person, news[person], paid[person]) for person in people}
        rows = {int(row.id): row for row in self._tx.rows(_ROWS, {"people": sorted({*people, *addressed.values()})})}
        at = {person: rows[addressed[person]] for person in rows if person in addressed}
        of_each = {
            number: digests_on_file(self._tx.secret, row.email_normal, row.phone_normal, row.store, row.account_id)
            for number, row in rows.items()
        }
        digests = {person: {*of_each[person], *of_each[int(row.id)]} for person, row in at.items()}
        no_mail, no_return = self.suppressed([each for found in digests.values() for each in found])
        states = sorted(state.value for state in move("stop_marketing").starts)
        # News goes to an address: whoever shares it and may not be written to keeps it from the others too.
        sharing = self.at({row.email_normal for row in at.values() if row.email_normal is not None})
        them = sorted({*people, *(number for found in sharing.values() for number in found)})
        waiting = {int(row[0]) for row in self._tx.rows(_WAITING, {"people": them, "states": states})}
        held = Holds(self._tx).among({_PERSON.name: them}).get(_PERSON.name, frozenset())
        contested = ContestedFields(self._tx).of_people({*addressed.values()})
        merged = standing_for(self._tx, people)
        return {
            person: self._of(
                rows[person],
                row,
                news[person],
                paid[person],
                erased=not no_return.isdisjoint(digests[person]),
                objected=not waiting.isdisjoint({person, *sharing.get(row.email_normal, ())})
                or not no_mail.isdisjoint(digests[person]),
                restricted=not held.isdisjoint({person, *sharing.get(row.email_normal, ())}),
                contested=_EMAIL in contested.get(int(row.id), ()),
                merged=person in merged,
            )
            for person, row in at.items()
        }

    def _addressed(self, person: int, news: Sequence[News], paid: Sequence[Paid]) -> int:
        """Return the record at whose address news reaches a person: a yes, or an offer, was given for that one alone.

        Where his own record has such a ground, it is his own.
        """
        for grounds in (
            [each.record for each in news if self._is_yes(each) and each.evidence],
            [each.record for each in paid if each.offered],
        ):
            if grounds:
                return person if person in grounds else grounds[0]
        return person

    def _is_yes(self, news: News) -> bool:
        return news.status == SubscriptionStatus.SUBSCRIBED and news.basis in self._rules.consent.bases

    def suppressed(self, digests: Sequence[str]) -> tuple[frozenset[str], frozenset[str]]:
        """Return of these keyed digests those that no mail goes to, and those of whoever was erased."""
        found = self._tx.rows(_SUPPRESSED, {"digests": list(digests)}) if digests else ()
        return (
            frozenset(str(row.digest) for row in found if row.no_mail),
            frozenset(str(row.digest) for row in found if row.no_return),
        )

    def _of(
        self,
        row: AnyRow,
        at: AnyRow,
        news: Sequence[News],
        paid: Sequence[Paid],
        *,
        erased: bool,
        objected: bool,
        restricted: bool,
        contested: bool,
        merged: bool,
    ) -> OnFile:
        rules = self._rules
        in_force = [each for each in news if each.status == SubscriptionStatus.SUBSCRIBED]
        said_yes = [each for each in in_force if self._is_yes(each)]
        facts = Facts(
            address=at.email_normal is not None,
            event=row.source in rules.events and row.obtained_on is not None,
            erased=erased,
            objected=objected,
            left=bool(news) and not in_force,
            restricted=restricted,
            contested=contested,
            merged=merged,
            bounced_at=at.bounced_at,
            consent=bool(said_yes),
            evidence=any(each.evidence for each in said_yes),
            paid_order=bool(paid),
            opt_out_offered=any(each.offered for each in paid),
            company_mailbox=rules.is_company_mailbox(row.email_normal, of_a_company=row.sole_trader is False),
        )
        return OnFile(
            person=int(row.id),
            addressed=int(at.id),
            aid=str(row.aid),
            email=at.email_normal,
            country=row.country,
            source=str(row.source),
            obtained_on=row.obtained_on,
            event=row.event,
            news=tuple(news),
            paid=tuple(paid),
            facts=facts,
        )

    def _news(self, asked: Mapping[str, list[int]]) -> defaultdict[int, list[News]]:
        found: defaultdict[int, list[News]] = defaultdict(list)
        came = came_by(self._tx, _SUBSCRIPTION, asked["people"])
        for row in self._tx.rows(_NEWS, asked):
            record = came.get(row.id, int(row.person_id))
            found[row.person_id].append(
                News(record, row.list_name, row.status, row.basis, row.evidence, row.started_on)
            )
        return found

    def _paid(self, asked: Mapping[str, list[int]]) -> defaultdict[int, list[Paid]]:
        found: defaultdict[int, list[Paid]] = defaultdict(list)
        if not self._rules.soft_opt_in.offered_since:
            return found
        came = came_by(self._tx, _ORDER, asked["people"])
        for row in self._tx.rows(_PAID, {**asked, "paid": list(self._rules.soft_opt_in.paid)}):
            day = receive_day(dt.datetime.fromtimestamp(row.ordered_at / 1000, dt.UTC))
            offered = self._rules.offers_opt_out(row.store, day)
            record = came.get(row.id, int(row.person_id))
            found[row.person_id].append(Paid(record, row.number, row.store, day, offered))
        return found
