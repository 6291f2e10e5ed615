"""What an import meets: orders and subscriptions it brought before, people of the same store account, companies.

All questions of a batch are asked at once; nothing here decides what is the same.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.customers.former import Former, name_digest
from staffdesk.data.customers.merges import standing_for
from staffdesk.data.prepared import Prepared
from staffdesk.data.tables.fields import FieldStatus
from staffdesk.data.tables.licensing import Licence
from staffdesk.data.tables.people import Organisation, Person
from staffdesk.data.tables.sales import Order, Product, ProductSubscription
from staffdesk.data.tables.sharing import Recipient
from staffdesk.data.transaction import Read, padded
from staffdesk.domain.imported import Buyer

_PERSON: Final = register.table(Person)
_ORGANISATION: Final = register.table(Organisation)
_ORDER: Final = register.table(Order)
_SUBSCRIPTION: Final = register.table(ProductSubscription)
_LICENCE: Final = register.table(Licence)
_PRODUCT: Final = register.table(Product)
_STATUS: Final = register.table(FieldStatus)
_RECIPIENT: Final = register.table(Recipient)
_STORE: Final[sa.BindParameter[str]] = sa.bindparam("store")
_WANTED: Final[sa.BindParameter[str]] = sa.bindparam("wanted", expanding=True)

_ORDERS: Final = Prepared(
    sa.select(
        _ORDER.c.store_order_id, _ORDER.c.id, _ORDER.c.digest, _ORDER.c.person_id, _ORDER.c.ordered_at,
        _ORDER.c.import_id,
    ).where(_ORDER.c.store == _STORE, _ORDER.c.store_order_id.in_(_WANTED))
)  # fmt: skip
_SUBSCRIPTIONS: Final = Prepared(
    sa.select(
        _SUBSCRIPTION.c.store_subscription_id, _SUBSCRIPTION.c.id, _SUBSCRIPTION.c.digest, _SUBSCRIPTION.c.person_id,
        _SUBSCRIPTION.c.changed_at, _SUBSCRIPTION.c.import_id,
    ).where(_SUBSCRIPTION.c.store == _STORE, _SUBSCRIPTION.c.store_subscription_id.in_(_WANTED))
)  # fmt: skip
_OF_STORE: Final = sa.select(_PERSON).where(_PERSON.c.store == _STORE)
_BY_ACCOUNT: Final = Prepared(_OF_STORE.where(_PERSON.c.account_id.in_(_WANTED)))
_BY_EMAIL: Final = Prepared(_OF_STORE.where(_PERSON.c.email_normal.in_(_WANTED)))
_BEFORE: Final = Prepared(_OF_STORE.where(_PERSON.c.id.in_(_WANTED)))
_ANYWHERE: Final = Prepared(sa.select(_PERSON).where(_PERSON.c.email_normal.in_(_WANTED)))
_ANYWHERE_BEFORE: Final = Prepared(sa.select(_PERSON).where(_PERSON.c.id.in_(_WANTED)))
_HOLDERS: Final = Prepared(
    sa.select(_PERSON.c.account_id, _PERSON.c.id, _PERSON.c.organisation_id)
    .where(_PERSON.c.store == _STORE, _PERSON.c.account_id.in_(_WANTED))
    .order_by(_PERSON.c.id)
)
_PROSPECTS: Final = Prepared(
    sa.select(_PERSON).where(
        _PERSON.c.email_normal.in_(_WANTED), _PERSON.c.store.in_(sa.bindparam("lists", expanding=True))
    )
)
_AT: Final = sa.select(_PERSON.c.email_normal, _PERSON.c.id).where(_PERSON.c.email_normal.in_(_WANTED))
_BUYERS: Final = sa.select(_PERSON.c.id, _PERSON.c.account_id, _PERSON.c.email_normal).where(_PERSON.c.id.in_(_WANTED))
_CONTESTED: Final = sa.select(_STATUS.c.person_id, _STATUS.c.field, _STATUS.c.contested_under).where(
    _STATUS.c.person_id.in_(_WANTED), _STATUS.c.contested_under.is_not(None)
)
_COMPANIES: Final = Prepared(
    sa.select(_ORGANISATION.c.id, _ORGANISATION.c.sort_name, _ORGANISATION.c.country)
    .where(_ORGANISATION.c.sort_name.in_(_WANTED))
    .order_by(_ORGANISATION.c.id)
)
_SERIALS: Final = sa.select(_LICENCE.c.order_id, _LICENCE.c.serial).where(_LICENCE.c.order_id.in_(_WANTED))
_PRODUCTS: Final = sa.select(_PRODUCT.c.code, _PRODUCT.c.id).where(_PRODUCT.c.code.in_(_WANTED))
_RECIPIENTS: Final = sa.select(_RECIPIENT.c.code, _RECIPIENT.c.id)


@dataclass(frozen=True, slots=True)
class Known:
    """An order or a subscription that an earlier import brought; ``changed_at`` is an order's own time."""

    id: int
    digest: str
    person_id: int | None
    changed_at: int
    import_id: int | None


@dataclass(frozen=True, slots=True, repr=False)
class KnownPerson:
    """A person of the same store, with every column, for the import alone.

    ``owner`` is whose his things are: another's, where his record was put together with that one's. ``addresses`` are
    normalised ones that an import knew him by before, of those asked for, ``names`` the digests of what he was called.
    ``prospect`` says that he is of a list of people who may have bought nothing, and nobody else has his address.
    """

    id: int
    owner: int
    aid: str
    sort_name: str
    account_id: str | None
    email_normal: str | None
    values: Mapping[str, object]
    addresses: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    prospect: bool = False


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose account it is at the store, and at which organisation he is."""

    id: int
    organisation_id: int | None


class Accounts:
    """The look-ups of an import."""

    def __init__(self, tx: Read, store: str) -> None:
        """Look up in ``tx`` what came from ``store``."""
        self._tx = tx
        self._store = store

    def orders(self, ids: Collection[str]) -> dict[str, Known]:
        """Return the orders already held, by the store's id."""
        return self._known(_ORDERS, ids)

    def subscriptions(self, ids: Collection[str]) -> dict[str, Known]:
        """Return the subscriptions already held, by the store's id."""
        return self._known(_SUBSCRIPTIONS, ids)

    def people(
        self,
        accounts: Collection[str],
        emails: Collection[str],
        *,
        anywhere: bool = False,
        lists: Collection[str] = (),
    ) -> tuple[KnownPerson, ...]:
        """Return the people with one of these account ids or normalised e-mail addresses.

        The address is looked for among those of the same store, or ``anywhere``; so is one that was set right since.
        Else it is looked for among the prospects of these ``lists`` too.
        """
        if not accounts and not emails:
            return ()
        found: dict[int, KnownPerson] = {}
        former = Former(self._tx)
        had = former.by_address(emails)
        of_store = _ANYWHERE_BEFORE if anywhere else _BEFORE
        by_address = _ANYWHERE if anywhere else _BY_EMAIL
        for statement, wanted in ((_BY_ACCOUNT, accounts), (by_address, emails), (of_store, had)):
            if wanted:
                for row in self._tx.rows(statement, {"store": self._store, "wanted": padded(wanted)}):
                    found[row.id] = KnownPerson(
                        row.id, row.id, row.aid, row.sort_name, row.account_id, row.email_normal, row._asdict()
                    )
        prospects = set[int]()
        if emails and lists and not anywhere:
            asked = {"wanted": padded(emails), "lists": sorted(lists)}
            rows = self._tx.rows(_PROSPECTS, asked)
            alone = self._alone({str(row.email_normal) for row in rows})
            for row in rows:
                if row.email_normal in alone and row.id not in found:
                    prospects.add(row.id)
                    found[row.id] = KnownPerson(
                        row.id, row.id, row.aid, row.sort_name, row.account_id, row.email_normal, row._asdict()
                    )
        owners, names = standing_for(self._tx, found), former.names_of(found)
        return tuple(
            replace(
                found[number],
                owner=owners.get(number, number),
                addresses=had.get(number, frozenset()),
                names=names.get(number, frozenset()),
                prospect=number in prospects,
            )
            for number in sorted(found)
        )

    def holders(self, accounts: Collection[str]) -> dict[str, Holder]:
        """Return whose these account ids are, the first of several; no more of them than a licence names."""
        found: dict[str, Holder] = {}
        if accounts:
            for account, number, organisation in self._tx.rows(
                _HOLDERS, {"store": self._store, "wanted": padded(accounts)}
            ):
                found.setdefault(str(account), Holder(int(number), organisation))
        return found

    def _alone(self, emails: Collection[str]) -> frozenset[str]:
        """Return those of these addresses that one person alone has, however many of his records were put together."""
        if not emails:
            return frozenset()
        rows = self._tx.rows(_AT, {"wanted": padded(emails)})
        owners = standing_for(self._tx, {int(row.id) for row in rows})
        whose: dict[str, set[int]] = defaultdict(set)
        for row in rows:
            whose[str(row.email_normal)].add(owners.get(int(row.id), int(row.id)))
        return frozenset(email for email, people in whose.items() if len(people) == 1)

    def was_called(self, person: KnownPerson, folded: str) -> bool:
        """Say whether an import knew a person by this folded name, before it was set right."""
        return name_digest(self._tx.secret, folded) in person.names

    def buyers(self, people: Collection[int]) -> dict[int, Buyer]:
        """Return by what each of these people is known to the store."""
        if not people:
            return {}
        rows = self._tx.rows(_BUYERS, {"wanted": padded(people)})
        return {int(row[0]): Buyer(row[1], row[2]) for row in rows}

    def contested(self, people: Collection[int]) -> dict[tuple[int, str], str]:
        """Return the requests under which fields of these people are contested, by person and field."""
        if not people:
            return {}
        rows = self._tx.rows(_CONTESTED, {"wanted": padded(people)})
        return {(int(row.person_id), str(row.field)): str(row.contested_under) for row in rows}

    def companies(self, sort_names: Collection[str]) -> dict[tuple[str, str | None], int]:
        """Return the organisations with these folded names, by name and country; the first of several."""
        found: dict[tuple[str, str | None], int] = {}
        if sort_names:
            for row in self._tx.rows(_COMPANIES, {"wanted": padded(sort_names)}):
                found.setdefault((row.sort_name, row.country), row.id)
        return found

    def serials(self, orders: Collection[int]) -> set[tuple[int, str]]:
        """Return the licences of these orders, as number of the order and serial."""
        if not orders:
            return set()
        return {(int(row[0]), str(row[1])) for row in self._tx.rows(_SERIALS, {"wanted": padded(orders)})}

    def products(self, codes: Collection[str]) -> dict[str, int]:
        """Return the products with these codes."""
        if not codes:
            return {}
        return {row.code: row.id for row in self._tx.rows(_PRODUCTS, {"wanted": padded(codes)})}

    def recipients(self) -> dict[str, int]:
        """Return the recipients of the register by code."""
        return {row.code: row.id for row in self._tx.rows(_RECIPIENTS)}

    def _known(self, statement: Prepared, ids: Collection[str]) -> dict[str, Known]:
        if not ids:
            return {}
        rows = self._tx.rows(statement, {"store": self._store, "wanted": padded(ids)})
        return {str(row[0]): Known(int(row[1]), str(row[2]), row[3], int(row[4]), row[5]) for row in rows}
