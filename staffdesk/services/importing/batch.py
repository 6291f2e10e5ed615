"""Taking a batch of records in: what is new, changed or as it was; nobody is merged, nothing overwritten."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeVar

from staffdesk.data.customers.accounts import Accounts, Known
from staffdesk.data.customers.changed_orders import EarlierOrders
from staffdesk.data.customers.merges import records_of
from staffdesk.data.customers.writing import Writing
from staffdesk.data.tables.sales import Product
from staffdesk.data.transaction import Change, Read
from staffdesk.domain.identifiers import normal_email
from staffdesk.domain.imported import Buyer, ImportedOrder, ImportedSubscription
from staffdesk.domain.imported_lists import AnyRecord
from staffdesk.domain.read_items import Imported, Refused
from staffdesk.services.importing.buyers import Buyers
from staffdesk.services.importing.keys import is_key
from staffdesk.services.importing.run import Name, Outcome, Run, welcome
from staffdesk.services.importing.things import check_things, store_id_of, write_orders, write_subscriptions
from staffdesk.services.restricting import restrict_what_came
from staffdesk.services.sessions import utc_ms

R = TypeVar("R", ImportedOrder, ImportedSubscription)
_UNTOLD: Final = Buyer(None, None)
_OF_ANOTHER: Final = "Another buyer holds this number. Two stores that count alike cannot be told apart: leave one out."


class Batch:
    """One batch inside one transaction."""

    def __init__(self, tx: Read, run: Run, *, last: bool = False) -> None:
        """Compare in ``tx`` (:meth:`write` needs a :class:`Change`); with ``last`` nothing is left for later."""
        self._tx = tx
        self._run = run
        self._last = last
        self._accounts = Accounts(tx, run.store)

    def compare(self, items: Sequence[Imported]) -> Outcome:
        """Say what :meth:`write` would do, writing nothing; raises as it does."""
        return self._take(items, None)

    def write(self, tx: Change, items: Sequence[Imported]) -> Outcome:
        """Write what is new or changed; raises :class:`BadInput` for a value the desk may not hold."""
        return self._take(items, tx)

    def _take(self, items: Sequence[Imported], tx: Change | None) -> Outcome:
        outcome, run = Outcome(), self._run
        items = welcome(self._tx, run.store, items, outcome)
        all_orders = [(item, item.record) for item in items if isinstance(item.record, ImportedOrder)]
        all_subscriptions = [(item, item.record) for item in items if isinstance(item.record, ImportedSubscription)]
        known_orders = self._accounts.orders({name_of(order)[1] for _, order in all_orders})
        known_subscriptions = self._accounts.subscriptions({name_of(each)[1] for _, each in all_subscriptions})
        orders = self._fresh(self._of_one_buyer(all_orders, known_orders, outcome), known_orders, outcome)
        subscriptions = self._fresh(
            self._of_one_buyer(all_subscriptions, known_subscriptions, outcome), known_subscriptions, outcome
        )
        if not orders and not subscriptions:
            return outcome
        run.provenance(tx)
        if tx is None:
            check_things(run, [each[1:] for each in orders], [each[1:] for each in subscriptions])
        buyers = Buyers(self._accounts, run)
        owners = iter(buyers.owners([item for item, _, _ in (*orders, *subscriptions)], tx, outcome))
        if tx is None:
            run.known.update({name_of(order): _known(order, text) for _, order, text in orders})
            run.known.update({name_of(each): _known(each, text) for _, each, text in subscriptions})
            return outcome
        products = self._products(tx, [line.sku for _, order, _ in orders for line in order.lines if line.sku])
        owned = [(order, text, next(owners)) for _, order, text in orders]
        subscribed = [(each, text, next(owners)) for _, each, text in subscriptions]
        write_orders(tx, run, owned, known_orders, products, self._accounts)
        write_subscriptions(tx, run, subscribed, known_subscriptions)
        named = [person for _, _, (person, _) in (*owned, *subscribed)]
        named += [known.person_id for known in (*known_orders.values(), *known_subscriptions.values())]
        restrict_what_came(tx, utc_ms(), {person for person in named if person is not None})
        return outcome

    def _of_one_buyer(
        self, items: list[tuple[Imported, R]], known: Mapping[str, Known], outcome: Outcome
    ) -> list[tuple[Imported, R]]:
        """Leave out, and refuse, what is held under its number for somebody else: two stores count alike.

        Where an export tells no id, a number stands for one order alone, whose time never moves. Under an id of the
        store's own, another address of e-mail is the same buyer's, corrected there or here; another account is not.
        """
        owners = {each.person_id for each in known.values() if each.person_id is not None}
        records = records_of(self._tx, owners)
        held = self._accounts.buyers({each for of_one in records.values() for each in of_one})
        kept: list[tuple[Imported, R]] = []
        for item, record in items:
            name, party = name_of(record), record.buyer
            buyer = None if party is None else Buyer(party.account_id, party.email and normal_email(party.email))
            stored = known.get(name[1])
            before = outcome.met.get(name) or self._run.met.get(name)
            if before is None and stored is not None:
                # What was put together with the owner's record keeps its account: he is known by that too.
                owner = held.get(stored.person_id or 0)
                his = (held[each] for each in sorted(records.get(stored.person_id or 0, ())) if each in held)
                mine = (each for each in his if not _is_another(record, buyer, each, stored.changed_at))
                before = next(mine, owner), stored.changed_at
            if before is not None and _is_another(record, buyer, *before) and not self._is_held(record, stored):
                outcome.refused.append(Refused(item.place, _OF_ANOTHER))
                continue
            outcome.met[name] = (before and before[0]) or buyer, changed_at(record)
            kept.append((item, record))
        return kept

    def _is_held(self, record: ImportedOrder | ImportedSubscription, stored: Known | None) -> bool:
        return stored is not None and stored.digest == digest(record, self._tx.secret)

    def _fresh(
        self, items: list[tuple[Imported, R]], known: Mapping[str, Known], outcome: Outcome
    ) -> list[tuple[Imported, R, str]]:
        """Return the records to be written, each once (the latest of a batch stands), with digests; count all."""
        latest: dict[Name, tuple[Imported, R]] = {}
        for item, record in items:
            name = name_of(record)
            if name not in latest or changed_at(record) >= changed_at(latest[name][1]):
                latest[name] = (item, record)
        fresh: list[tuple[Imported, R, str]] = []
        said = {name: digest(record, self._tx.secret) for name, (_, record) in latest.items()}
        overtaken = self._overtaken(latest, said, known)
        for name, (item, record) in latest.items():
            held = self._run.known.get(name) or known.get(name[1])
            text = said[name]
            if held is None:
                outcome.counts[name[0], "new"] += 1
            elif held.digest == text or changed_at(record) < held.changed_at or name in overtaken:
                outcome.counts[name[0], "unchanged"] += 1
                if name in overtaken:
                    outcome.overtaken.append(item.place)
                continue
            elif not self._last:
                outcome.later.append(item)
                continue
            else:
                outcome.counts[name[0], "changed"] += 1
            fresh.append((item, record, text))
        if len(latest) < len(items):
            outcome.counts[name_of(items[0][1])[0], "unchanged"] += len(items) - len(latest)
        return fresh

    def _overtaken(
        self, latest: Mapping[Name, tuple[Imported, R]], said: Mapping[Name, str], known: Mapping[str, Known]
    ) -> frozenset[Name]:
        """Return what says of the same moment something else than is held, and is no news.

        Of a subscription, which tells when it changed, what came first stands. An order may tell its own time alone,
        and a later export of it something new: it stays as it is where it said so before, and was changed since.
        """
        unsure = {
            name: held
            for name, (_, record) in latest.items()
            if (held := self._run.known.get(name) or known.get(name[1])) is not None
            and held.digest != said[name]
            and held.changed_at == changed_at(record)
        }
        orders = {held.id for name, held in unsure.items() if isinstance(latest[name][1], ImportedOrder)}
        before = EarlierOrders(self._tx).digests(orders)
        return frozenset(
            name
            for name, held in unsure.items()
            if isinstance(latest[name][1], ImportedSubscription) or before.get(held.id) == said[name]
        )

    def _products(self, tx: Change, codes: Sequence[str]) -> dict[str, int]:
        wanted = dict.fromkeys(codes)
        found = self._accounts.products(list(wanted))
        lacking = [code for code in wanted if code not in found]
        numbers = Writing(tx).add([Product.checked({"code": code, "name": code}) for code in lacking])
        return {**found, **dict(zip(lacking, numbers, strict=True))}


def _is_another(
    record: ImportedOrder | ImportedSubscription, buyer: Buyer | None, owner: Buyer | None, moment: int
) -> bool:
    if owner is None or buyer is None:
        owner = buyer = _UNTOLD
    if isinstance(record, ImportedOrder) and record.store_order_id is None:
        return changed_at(record) != moment or buyer.is_another_than(owner)
    if owner.account_id is not None and is_key(owner.account_id):
        # He came by a list and ordered since: the store's account of him is not on his record, his address is.
        return buyer.is_another_than(replace(owner, account_id=None))
    return buyer.has_another_account_than(owner)


def name_of(record: AnyRecord) -> Name:
    """Return what a record is known by; an order goes by its number where the export tells no id."""
    if isinstance(record, ImportedOrder):
        return "orders", store_id_of(record)
    if isinstance(record, ImportedSubscription):
        return "subscriptions", record.store_subscription_id
    return "list", ""


def digest(record: ImportedOrder | ImportedSubscription, secret: bytes) -> str:
    """Return a keyed digest of everything a record says, to see whether a later import says something else."""
    return hmac.digest(secret, _ENCODE(record).encode(), "sha256").hex()


def _said(value: object) -> object:
    """Give JSON a record's filled fields by name, so that a field added one day changes no digest while it is empty."""
    names: tuple[str, ...] | None = getattr(value, "__slots__", None)
    if names is None:
        return str(value)
    return {name: said for name in names if (said := getattr(value, name)) is not None}


_ENCODE = json.JSONEncoder(default=_said, sort_keys=True, check_circular=False).encode


def _known(record: ImportedOrder | ImportedSubscription, text: str) -> Known:
    return Known(0, text, None, changed_at(record), None)


def changed_at(record: ImportedOrder | ImportedSubscription) -> int:
    """Return when a record says it changed, in UTC milliseconds.

    For an order it is the time stated of the order: FastSpring's is its last change, Shopify's never moves.
    """
    moment = record.changed_at if isinstance(record, ImportedSubscription) else record.ordered_at
    return int(moment.timestamp() * 1000)
