"""The demo's organisations and people: customers, suppliers and partners with names in several scripts."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from staffdesk.domain.provenance import NEEDS_EVENT, NEEDS_PARTNER, Source
from staffdesk.domain.words import fold
from staffdesk.services.demo.names import Pool
from staffdesk.services.demo.words import Company, Known

T = TypeVar("T")
Row = dict[str, object]

_PEOPLE_AN_ORGANISATION: Final = 5
_AT_AN_ORGANISATION, _HAS_PHONE, _CONFIRMED, _HAS_ACCOUNT = 0.6, 0.8, 0.3, 0.7
_SUPPLIERS, _PARTNERS, _SOLE_TRADERS = 0.04, 0.06, 0.1
_CUSTOMER: Final = {"is_customer": True, "is_supplier": False, "is_partner": False}
_PARTIES: Final = tuple(_CUSTOMER)
_SINCE_DAYS: Final = 6 * 365
_SOURCES: Final = (
    *(Source.STORE_ACCOUNT,) * 10,
    *(Source.SLM_ACCOUNT,) * 4,
    *(Source.REGISTRATION,) * 4,
    *(Source.EMAIL_IN, Source.CALL_IN, Source.SUPPORT),
    *(Source.EVENT_OWN, Source.EVENT_PARTNER, Source.PARTNER),
)
_UNKNOWN_COUNTRY: Final = "XX"
"""ISO 3166 leaves it to everybody: a VAT number with it belongs to nobody."""


@dataclass(frozen=True, slots=True)
class Made:
    """An organisation or person as a row, with what later rows need to know of it."""

    row: Row
    pool: Pool
    since: dt.date


class People:
    """Makes organisations and people, numbered from 1; the same dice make the same ones."""

    def __init__(self, company: Company, pools: tuple[Pool, ...], dice: random.Random, today: dt.date) -> None:
        """Make them of these words, with no date after ``today``."""
        self._company = company
        self._pools = pools
        self._weighted = [pool for pool in pools for _ in range(pool.place.weight)]
        self._dice = dice
        self._today = today
        self._partners: list[int] = []

    def organisations(self, people: int) -> Iterator[Made]:
        """Yield as many organisations as so many people work at; the first is a partner, to whom others refer."""
        for number in range(1, max(1, people // _PEOPLE_AN_ORGANISATION) + 1):
            yield self._organisation(number)

    def person(self, number: int, organisations: list[Made], known: Known | None = None) -> Made:
        """Return a person with this customer number, at one of the organisations or at none."""
        dice = self._dice
        near = organisations[min(number // _PEOPLE_AN_ORGANISATION, len(organisations) - 1)]
        at = near if known is None and dice.random() < _AT_AN_ORGANISATION else None
        pool = self._pool_of(known) if at is None else at.pool
        since = self._day()
        given, family = (
            (known.given_name, known.family_name) if known else (one(dice, pool.given), one(dice, pool.family))
        )
        row: Row = {
            "id": number,
            "organisation_id": None if at is None else at.row["id"],
            "given_name": given,
            "family_name": family,
            "job_title": known.job_title if known else one(dice, self._company.job_titles),
            "function": one(dice, self._company.functions),
            "email": known.email if known else self._email(given, family, number, at),
            "phone": self._phone(pool.place.country) if dice.random() < _HAS_PHONE or known else None,
            "user_name": f"{self._handle()}{number}" if dice.random() < _HAS_ACCOUNT else None,
            **self._address(pool),
            "language": known.language if known else pool.place.locale.partition("-")[0],
            "store": "norvand",
            "account_id": f"A{number:07d}",
            **({party: at.row[party] for party in _PARTIES} if at else _CUSTOMER),
            "confirmed_on": self._between(since) if dice.random() < _CONFIRMED else None,
            **self._provenance(since),
        }
        if known is not None:
            row["city"] = known.city
        return Made(row, pool, since)

    def _organisation(self, number: int) -> Made:
        dice = self._dice
        pool = one(dice, self._weighted)
        since = self._day()
        chance = dice.random()
        partner = number == 1 or chance < _PARTNERS
        supplier = _PARTNERS <= chance < _PARTNERS + _SUPPLIERS
        name = one(dice, pool.place.company).format(f"{one(dice, pool.family)} {one(dice, self._company.trades)}")
        row: Row = {
            "id": number,
            "name": name,
            "vat_number": f"{_UNKNOWN_COUNTRY}{number:010d}",
            **self._address(pool),
            "web": f"https://{self._domain(name, number)}",
            "is_customer": not supplier,
            "is_supplier": supplier,
            "is_partner": partner,
            "sole_trader": dice.random() < _SOLE_TRADERS,
            "source": Source.PARTNER if self._partners and chance > 1 - _PARTNERS else Source.STORE_ACCOUNT,
            "obtained_on": since,
        }
        row["partner_id"] = one(dice, self._partners) if row["source"] is Source.PARTNER else None
        if partner:
            self._partners.append(number)
        return Made(row, pool, since)

    def _pool_of(self, known: Known | None) -> Pool:
        if known is None:
            return one(self._dice, self._weighted)
        return next(pool for pool in self._pools if pool.place.country == known.country)

    def _address(self, pool: Pool) -> Row:
        dice = self._dice
        return {
            "street": f"{one(dice, pool.streets)} {dice.randint(1, 180)}",
            "postal_code": one(dice, pool.codes),
            "city": one(dice, pool.cities),
            "country": pool.place.country,
        }

    def _provenance(self, since: dt.date) -> Row:
        source = one(self._dice, _SOURCES)
        return {
            "source": source,
            "obtained_on": since,
            "event": one(self._dice, self._company.events) if source in NEEDS_EVENT else None,
            "partner_id": one(self._dice, self._partners) if source in NEEDS_PARTNER else None,
        }

    def _email(self, given: str, family: str, number: int, at: Made | None) -> str:
        name = _letters(f"{given}.{family}") or self._handle()
        if at is None:
            return f"{name}{number}@{one(self._dice, self._company.mail_hosts)}"
        return f"{name}{number}@{self._domain(str(at.row['name']), int(str(at.row['id'])))}"

    def _domain(self, name: str, number: int) -> str:
        return f"{_letters(name.replace(' ', '-')) or 'studio'}-{number}.example"

    def _handle(self) -> str:
        return f"{one(self._dice, self._company.handles)}.{one(self._dice, self._company.things)}"

    def _phone(self, country: str) -> str:
        ranges = self._company.phones.get(country) or one(self._dice, tuple(self._company.phones.values()))
        return "".join(str(int(self._dice.random() * 10)) if sign == "#" else sign for sign in one(self._dice, ranges))

    def _day(self) -> dt.date:
        return self._today - dt.timedelta(days=int(self._dice.random() * _SINCE_DAYS))

    def _between(self, since: dt.date) -> dt.date:
        return since + dt.timedelta(days=int(self._dice.random() * ((self._today - since).days + 1)))


def one(dice: random.Random, things: Sequence[T]) -> T:
    """Return one of the things; ten times faster than ``choice``, and a company draws millions."""
    return things[int(dice.random() * len(things))]


def _letters(text: str) -> str:
    """Return the part of a mail address or host a name gives: folded ASCII letters, or nothing in another script."""
    folded = fold(text)
    letters = "".join(sign for sign in folded if sign.isascii() and (sign.isalnum() or sign in ".-")).strip(".-")
    return letters[:40].strip(".-")
