"""The keyed digests of what somebody is known by: what is suppressed is kept as these alone."""

import hmac
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.tables.fields import FieldStatus
from staffdesk.data.tables.people import Organisation, Person
from staffdesk.data.tables.sales import Invoice, Order, Shipment
from staffdesk.data.transaction import Transaction
from staffdesk.domain.identifiers import normal_email
from staffdesk.domain.marketing import Suppressed
from staffdesk.domain.phone_numbers import normal_phone, numbers_kept, numbers_told
from staffdesk.domain.traces import untagged
from staffdesk.parameters.shapes import policy

_PERSON: Final = register.table(Person)
_ORGANISATION: Final = register.table(Organisation)
_ORDER: Final = register.table(Order)
_INVOICE: Final = register.table(Invoice)
_SHIPMENT: Final = register.table(Shipment)
_STATUS: Final = register.table(FieldStatus)

_KNOWN_BY: Final = sa.select(
    _PERSON.c.email_normal, _PERSON.c.phone, _PERSON.c.phone_normal, _PERSON.c.country, _PERSON.c.store,
    _PERSON.c.account_id,
).where(_PERSON.c.id == sa.bindparam("person"))  # fmt: skip
_KNOWN_BEFORE: Final = sa.select(_STATUS.c.before_key).where(
    _STATUS.c.person_id == sa.bindparam("person"), _STATUS.c.field == "email", _STATUS.c.before_key.is_not(None)
)
_HIS: Final[sa.BindParameter[int]] = sa.bindparam("person")
_COUNTRIES: Final = sa.union(
    sa.select(_ORGANISATION.c.country)
    .join(_PERSON, _PERSON.c.organisation_id == _ORGANISATION.c.id)
    .where(_PERSON.c.id == _HIS),
    sa.select(_INVOICE.c.billing_country)
    .join(_ORDER, _ORDER.c.id == _INVOICE.c.order_id)
    .where(_ORDER.c.person_id == _HIS),
    sa.select(_SHIPMENT.c.country).join(_ORDER, _ORDER.c.id == _SHIPMENT.c.order_id).where(_ORDER.c.person_id == _HIS),
)


@dataclass(frozen=True, slots=True, repr=False)
class Addressee:
    """By what somebody would be mailed, as it was given; ``country`` reads a telephone number without its prefix."""

    email: str | None = None
    phone: str | None = None
    country: str | None = None
    store: str | None = None
    account_id: str | None = None


def known_by(tx: Transaction, person_id: int) -> tuple[tuple[str, str], ...]:
    """Return the keyed digests of what a person is known by, by kind, and of the address an import knew him by before.

    Needs the open door.
    """
    return tuple(_known_by(tx, person_id, whole=False))


def suppressed_by(tx: Transaction, person_id: int) -> tuple[tuple[str, str], ...]:
    """Return what :func:`known_by` does, and his telephone in each way in which it may come back.

    Written without a country it may be from his own, from that of his company or his orders, or from ours. Hashed when
    he goes, it costs an import nothing, and a number that comes in is still one digest. Needs the open door.
    """
    return tuple(_known_by(tx, person_id, whole=True))


def _known_by(tx: Transaction, person_id: int, *, whole: bool) -> Iterator[tuple[str, str]]:
    row = tx.row(_KNOWN_BY, {"person": person_id})
    if row is None:
        return
    email = untagged(row.email_normal) if row.email_normal else None
    known = [*_digests(tx.secret, email, row.phone_normal, row.store, row.account_id)]
    known += ((Suppressed.EMAIL, str(each[0])) for each in tx.rows(_KNOWN_BEFORE, {"person": person_id}))
    if row.phone:
        known += _each_phone(tx.secret, row.phone, row.country)
    if whole and row.phone:
        countries = [str(each[0]) for each in tx.rows(_COUNTRIES, {"person": person_id}) if each[0]]
        known += _phone_digests(tx.secret, row.phone, row.country, countries)
    yield from dict.fromkeys((kind.value, digest) for kind, digest in known)


def digests(secret: bytes, addressee: Addressee) -> Iterator[str]:
    """Yield the keyed digest of each thing somebody is known by; raises :class:`BadInput` for what is no address."""
    email = normal_email(addressee.email) if addressee.email else None
    yield from (d for _, d in _digests(secret, email, None, addressee.store, addressee.account_id))
    if addressee.phone:
        yield from (d for _, d in _each_phone(secret, addressee.phone, addressee.country))
    if email and untagged(email) != email:
        yield address_digest(secret, email)


def phone_digests(secret: bytes, addressee: Addressee) -> frozenset[str]:
    """Return the keyed digests under which the telephone of somebody who is named may have been suppressed."""
    if not addressee.phone:
        return frozenset()
    return frozenset(digest for _, digest in _phone_digests(secret, addressee.phone, addressee.country, ()))


def address_digest(secret: bytes, email: str) -> str:
    """Return the keyed digest of a normalised e-mail address without its tag, as it is suppressed."""
    ((_, digest),) = _digests(secret, untagged(email), None, None, None)
    return digest


def digests_on_file(
    secret: bytes, email: str | None, phone: str | None, store: str | None, account_id: str | None
) -> tuple[str, ...]:
    """Return the keyed digest of each thing somebody on file is known by; all of it is in the form that is compared."""
    plain = untagged(email) if email else None
    found = (_digests(secret, email, phone, store, account_id), _digests(secret, plain, None, None, None))
    return tuple(dict.fromkeys(digest for each in found for _, digest in each))


def _each_phone(secret: bytes, phone: str, country: str | None) -> Iterator[tuple[Suppressed, str]]:
    """Yield the keyed digest of a telephone as it is stored, and of each number where it tells several."""
    for told in numbers_told(phone, country or policy().controller.country):
        yield from _digests(secret, None, normal_phone(told, country), None, None)


def _phone_digests(
    secret: bytes, phone: str, country: str | None, others: Iterable[str]
) -> Iterator[tuple[Suppressed, str]]:
    countries = sorted({*others, policy().controller.country})
    for told in numbers_told(phone, country or policy().controller.country):
        for number in numbers_kept(told, country, countries):
            yield from _digests(secret, None, number, None, None)


def _digests(
    secret: bytes, email: str | None, phone: str | None, store: str | None, account_id: str | None
) -> Iterator[tuple[Suppressed, str]]:
    """Yield the keyed digest of each identifier there is; the words before it keep one from being another's.

    An account is known by its folded id too: an export in another letter case tells of nobody else.
    """
    account = f"{store or ''} {account_id}" if account_id else None
    folded = f"{store or ''} {account_id.casefold()}" if account_id else None
    for kind, value in (
        (Suppressed.EMAIL, email),
        (Suppressed.PHONE, phone),
        (Suppressed.ACCOUNT, account),
        (Suppressed.ACCOUNT, None if folded == account else folded),
    ):
        if value:
            yield kind, hmac.digest(secret, f"suppressed {kind.value} {value}".encode(), "sha256").hex()
