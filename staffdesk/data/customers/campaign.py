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
from staffdesk.data.customers.contested import ContestedFields
from staffdesk.data.customers.held import Holds
from staffdesk.data.customers.merges import standing_for
from staffdesk.data.customers.objections import digests_on_file
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
        _SUBSCRIPTION.c.person_id, _SUBSCRIPTION.c.list_name, _SUBSCRIPTION.c.status, _SUBSCRIPTION.c.basis,
        _SUBSCRIPTION.c.evidence, _SUBSCRIPTION.c.started_on,
    )
    .where(_SUBSCRIPTION.c.person_id.in_(_PEOPLE))
    .order_by(_SUBSCRIPTION.c.id)
)  # fmt: skip
_PAID: Final = (
    sa.select(_ORDER.c.person_id, _ORDER.c.number, _ORDER.c.store, _ORDER.c.ordered_at)
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
    """One list somebody stands on."""

    list_name: str
    status: str
    basis: str | None
    evidence: str | None
    started_on: dt.date | None


@dataclass(frozen=True, slots=True, repr=False)
class Paid:
    """An order that was paid, and whether its store offered to get no news on the day it was made."""

    number: str
    store: str
    ordered_on: dt.date
    offered: bool


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class OnFile:
    """What decides of one person, and what shows it; ``email`` is the address as it is compared."""

    person: int
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
        """Return who has each of these normalised addresses."""
        found: dict[str, list[int]] = defaultdict(list)
        listed = sorted(emails)
        for start in range(0, len(listed), _MOST_EMAILS):
            for row in self._tx.rows(_AT, {"emails": listed[start : start + _MOST_EMAILS]}):
                found[str(row.email_normal)].append(int(row.id))
        return {email: tuple(sorted(people)) for email, people in found.items()}

    def on_file(self, people: Collection[int]) -> Mapping[int, OnFile]:
        """Return what is on file of these people, by number; ask of some hundreds at a time."""
        asked = {"people": sorted(people)}
        if not people:
            return {}
        rows = self._tx.rows(_ROWS, asked)
        news, paid = self._news(asked), self._paid(asked)
        digests = {
            row.id: digests_on_file(self._tx.secret, row.email_normal, row.phone_normal, row.store, row.account_id)
            for row in rows
        }
        no_mail, no_return = self.suppressed([each for found in digests.values() for each in found])
        states = sorted(state.value for state in move("stop_marketing").starts)
        # News goes to an address: whoever shares it and may not be written to keeps it from the others too.
        sharing = self.at({row.email_normal for row in rows if row.email_normal is not None})
        them = sorted({*people, *(number for found in sharing.values() for number in found)})
        waiting = {int(row[0]) for row in self._tx.rows(_WAITING, {"people": them, "states": states})}
        held = Holds(self._tx).among({_PERSON.name: them}).get(_PERSON.name, frozenset())
        contested = ContestedFields(self._tx).of_people(people)
        merged = standing_for(self._tx, people)
        return {
            int(row.id): self._of(
                row,
                news[row.id],
                paid[row.id],
                erased=not no_return.isdisjoint(digests[row.id]),
                objected=not waiting.isdisjoint({row.id, *sharing.get(row.email_normal, ())})
                or not no_mail.isdisjoint(digests[row.id]),
                restricted=not held.isdisjoint({row.id, *sharing.get(row.email_normal, ())}),
                contested=_EMAIL in contested.get(row.id, ()),
                merged=row.id in merged,
            )
            for row in rows
        }

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
        said_yes = [each for each in in_force if each.basis in rules.consent.bases]
        facts = Facts(
            address=row.email_normal is not None,
            event=row.source in rules.events and row.obtained_on is not None,
            erased=erased,
            objected=objected,
            left=bool(news) and not in_force,
            restricted=restricted,
            contested=contested,
            merged=merged,
            bounced_at=row.bounced_at,
            consent=bool(said_yes),
            evidence=any(each.evidence for each in said_yes),
            paid_order=bool(paid),
            opt_out_offered=any(each.offered for each in paid),
            company_mailbox=rules.is_company_mailbox(row.email_normal, of_a_company=row.sole_trader is False),
        )
        return OnFile(
            person=int(row.id),
            aid=str(row.aid),
            email=row.email_normal,
            country=row.country,
            source=str(row.source),
            obtained_on=row.obtained_on,
            event=row.event,
            news=tuple(news),
            paid=tuple(paid),
            facts=facts,
        )

    def _news(self, asked: Mapping[str, object]) -> defaultdict[int, list[News]]:
        found: defaultdict[int, list[News]] = defaultdict(list)
        for row in self._tx.rows(_NEWS, asked):
            found[row.person_id].append(News(row.list_name, row.status, row.basis, row.evidence, row.started_on))
        return found

    def _paid(self, asked: Mapping[str, object]) -> defaultdict[int, list[Paid]]:
        found: defaultdict[int, list[Paid]] = defaultdict(list)
        if not self._rules.soft_opt_in.offered_since:
            return found
        for row in self._tx.rows(_PAID, {**asked, "paid": list(self._rules.soft_opt_in.paid)}):
            day = receive_day(dt.datetime.fromtimestamp(row.ordered_at / 1000, dt.UTC))
            offered = self._rules.offers_opt_out(row.store, day)
            found[row.person_id].append(Paid(row.number, row.store, day, offered))
        return found
