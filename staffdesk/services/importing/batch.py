"""Taking a batch of records in: what is new, changed or as it was; nobody is merged, nothing overwritten."""

from __future__ import annotations

import datetime as dt
import hmac
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import TypeVar

from staffdesk.data.customers.accounts import Accounts, Known, KnownPerson
from staffdesk.data.customers.writing import Writing, new_aid
from staffdesk.data.tables.people import Mark, Organisation, Person
from staffdesk.data.tables.sales import Product
from staffdesk.data.transaction import Change, Read
from staffdesk.domain.identifiers import normal_email
from staffdesk.domain.imported import Imported, ImportedOrder, ImportedParty, ImportedSubscription, Place
from staffdesk.domain.words import sort_name
from staffdesk.services.importing import PROVENANCE
from staffdesk.services.importing.things import write_orders, write_subscriptions

R = TypeVar("R", ImportedOrder, ImportedSubscription)
Key = tuple[str, str]
"""What makes two parties of a store one person: the account (or e-mail address where there is none) and the name."""


@dataclass(slots=True)
class Outcome:
    """What became of a batch; counts by ``people|orders|subscriptions`` and ``new|changed|unchanged``."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    conflicts: list[Place] = field(default_factory=list)
    touched: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The import a batch belongs to; ``id`` is None in a dry run."""

    store: str
    id: int | None
    today: dt.date


class Batch:
    """One batch inside one transaction."""

    def __init__(self, tx: Read, run: Run) -> None:
        """Compare in ``tx``; :meth:`write` needs it to be a :class:`Change`."""
        self._tx = tx
        self._run = run
        self._accounts = Accounts(tx, run.store)

    def compare(self, items: Sequence[Imported]) -> Outcome:
        """Say what :meth:`write` would do, writing nothing."""
        return self._take(items, None)

    def write(self, tx: Change, items: Sequence[Imported]) -> Outcome:
        """Write what is new or changed; raises :class:`BadInput` for a value the desk may not hold."""
        return self._take(items, tx)

    def _take(self, items: Sequence[Imported], tx: Change | None) -> Outcome:
        outcome = Outcome()
        orders = [(item, item.record) for item in items if isinstance(item.record, ImportedOrder)]
        subscriptions = [(item, item.record) for item in items if isinstance(item.record, ImportedSubscription)]
        known_orders = self._accounts.orders([order_id(order) for _, order in orders])
        known_subscriptions = self._accounts.subscriptions([each.store_subscription_id for _, each in subscriptions])
        orders = _fresh(orders, known_orders, order_id, self._tx.secret, outcome, "orders")
        subscriptions = _fresh(
            subscriptions, known_subscriptions, subscription_id, self._tx.secret, outcome, "subscriptions"
        )
        people = self._people([item for item, _ in (*orders, *subscriptions)], tx, outcome)
        if tx is not None:
            secret = self._tx.secret
            common = (tx, self._run.store, self._run.id, self._run.today)
            write_orders(
                *common,
                [(order, digest(order, secret), people.get(key_of(order.buyer), (None, None))) for _, order in orders],
                known_orders,
                self._products(tx, [line.sku for _, order in orders for line in order.lines if line.sku]),
                self._accounts.recipients(),
            )
            write_subscriptions(
                *common,
                [
                    (each, digest(each, secret), people.get(key_of(each.buyer), (None, None)))
                    for _, each in subscriptions
                ],
                known_subscriptions,
            )
        return outcome

    def _people(
        self, items: Sequence[Imported], tx: Change | None, outcome: Outcome
    ) -> dict[Key, tuple[int | None, int | None]]:
        parties: dict[Key, tuple[ImportedParty, Place]] = {}
        for item in items:
            party = item.record.buyer
            key = key_of(party)
            if party is not None and all(key):
                first = parties.get(key)
                parties[key] = (party if first is None else _filled(first[0], party), item.place)
        known = self._accounts.people(
            {party.account_id for party, _ in parties.values() if party.account_id},
            {normal_email(party.email) for party, _ in parties.values() if party.email and not party.account_id},
        )
        same = {_known_key(person): person for person in known}
        companies = self._companies([party for party, _ in parties.values()], tx)
        found: dict[Key, tuple[int | None, int | None]] = {}
        new: list[tuple[Key, Person]] = []
        taken = Counter(person.account_id for person in known if person.account_id)
        for key, (party, place) in parties.items():
            company = companies.get(_company_key(party)) if party.company else None
            person = same.get(key)
            if person is not None:
                found[key] = (person.id, company)
                self._complete(person, party, company, tx, outcome)
                continue
            marked = party.account_id is not None and taken[party.account_id] > 0
            if party.account_id is not None:
                taken[party.account_id] += 1
            if marked:
                outcome.conflicts.append(place)
            outcome.counts["people", "new"] += 1
            new.append((key, self._new_person(party, company, marked=marked)))
            found[key] = (None, company)
        if tx is not None and new:
            numbers = Writing(tx).add([person for _, person in new])
            outcome.touched += [person.aid for _, person in new]
            for (key, _), number in zip(new, numbers, strict=True):
                found[key] = (number, found[key][1])
        return found

    def _complete(
        self, person: KnownPerson, party: ImportedParty, company: int | None, tx: Change | None, outcome: Outcome
    ) -> None:
        """Fill what the record lacks; a value that is held stays, whatever the store says now (accuracy is staff's)."""
        lacking = {
            name: value
            for name, value in {**_values(party), "organisation_id": company}.items()
            if value is not None and person.values.get(name) is None
        }
        outcome.counts["people", "changed" if lacking else "unchanged"] += 1
        if lacking and tx is not None:
            fields = {name: person.values[name] for name in Person.model_fields}
            Writing(tx).replace(Person.checked({**fields, **lacking}))
            outcome.touched.append(person.aid)

    def _companies(self, parties: Sequence[ImportedParty], tx: Change | None) -> dict[tuple[str, str | None], int]:
        wanted = {_company_key(party): party for party in parties if party.company}
        found = self._accounts.companies({name for name, _ in wanted})
        if tx is None:
            return found
        lacking = [party for key, party in wanted.items() if key not in found]
        records = [
            Organisation.checked(
                {
                    "aid": new_aid(Organisation),
                    "name": party.company,
                    "country": party.country,
                    "source": PROVENANCE,
                    "obtained_on": self._run.today,
                    "import_id": self._run.id,
                }
            )
            for party in lacking
        ]
        for party, number in zip(lacking, Writing(tx).add(records), strict=True):
            found[_company_key(party)] = number
        return found

    def _products(self, tx: Change, codes: Sequence[str]) -> dict[str, int]:
        wanted = dict.fromkeys(codes)
        found = self._accounts.products(list(wanted))
        lacking = [code for code in wanted if code not in found]
        numbers = Writing(tx).add([Product.checked({"code": code, "name": code}) for code in lacking])
        return {**found, **dict(zip(lacking, numbers, strict=True))}

    def _new_person(self, party: ImportedParty, company: int | None, *, marked: bool) -> Person:
        return Person.checked(
            {
                **_values(party),
                "aid": new_aid(Person),
                "organisation_id": company,
                "store": self._run.store,
                "account_id": party.account_id,
                "mark": Mark.SAME_ACCOUNT_OTHER_NAME if marked else None,
                "source": PROVENANCE,
                "obtained_on": self._run.today,
                "import_id": self._run.id,
            }
        )


def key_of(party: ImportedParty | None) -> Key:
    """Return what a party is known by within its store; an empty first part means nobody."""
    if party is None:
        return ("", "")
    name = sort_name(" ".join(part for part in (party.family_name, party.given_name) if part) or party.email or "")
    if party.account_id:
        return (f"account {party.account_id}", name)
    return (f"email {normal_email(party.email)}" if party.email else "", name)


def digest(record: ImportedOrder | ImportedSubscription, secret: bytes) -> str:
    """Return a keyed digest of everything a record says, to see whether a later import says something else."""
    text = json.dumps(asdict(record), default=str, sort_keys=True, ensure_ascii=True)
    return hmac.digest(secret, text.encode(), "sha256").hex()


def order_id(order: ImportedOrder) -> str:
    """Return the store's id of an order, or its number where the export tells no id."""
    return order.store_order_id or f"number {order.number}"


def subscription_id(subscription: ImportedSubscription) -> str:
    """Return the store's id of a subscription."""
    return subscription.store_subscription_id


def _known_key(person: KnownPerson) -> Key:
    if person.account_id:
        return (f"account {person.account_id}", person.sort_name)
    return (f"email {person.email_normal}" if person.email_normal else "", person.sort_name)


def _company_key(party: ImportedParty) -> tuple[str, str | None]:
    return sort_name(party.company or ""), party.country


def _values(party: ImportedParty) -> dict[str, str | None]:
    names = (
        "given_name", "family_name", "email", "phone", "street", "postal_code", "city", "region", "country", "language",
    )  # fmt: skip
    return {name: getattr(party, name) for name in names}


def _filled(first: ImportedParty, second: ImportedParty) -> ImportedParty:
    """Join what two records of one batch say of a person; the first word stands."""
    both = {name: value if value is not None else getattr(second, name) for name, value in asdict(first).items()}
    return ImportedParty(**both)


def _fresh(
    items: list[tuple[Imported, R]],
    known: Mapping[str, Known],
    name: Callable[[R], str],
    secret: bytes,
    outcome: Outcome,
    kind: str,
) -> list[tuple[Imported, R]]:
    """Return the records that are new or changed, each once (the latest of a batch stands), and count all."""
    latest: dict[str, tuple[Imported, R]] = {}
    for item, record in items:
        key = name(record)
        if key not in latest or _changed_at(record) >= _changed_at(latest[key][1]):
            latest[key] = (item, record)
    outcome.counts[kind, "unchanged"] += len(items) - len(latest)
    fresh: list[tuple[Imported, R]] = []
    for key, (item, record) in latest.items():
        held = known.get(key)
        stays = held is not None and (held.digest == digest(record, secret) or _changed_at(record) < held.changed_at)
        outcome.counts[kind, "new" if held is None else "unchanged" if stays else "changed"] += 1
        if not stays:
            fresh.append((item, record))
    return fresh


def _changed_at(record: ImportedOrder | ImportedSubscription) -> int:
    """Return when a record says it changed, in UTC milliseconds; orders do not say."""
    return int(record.changed_at.timestamp() * 1000) if isinstance(record, ImportedSubscription) else 0
