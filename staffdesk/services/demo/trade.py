"""What the demo's people bought: orders, lines, invoices, shipments, licences, activations, product subscriptions."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from staffdesk.data.tables.declaration import Record
from staffdesk.data.tables.licensing import Activation, Licence
from staffdesk.data.tables.sales import Invoice, Order, OrderLine, ProductSubscription, Shipment
from staffdesk.domain.imported import OrderState, PaymentState
from staffdesk.domain.provenance import Source
from staffdesk.services.demo.moments import day_of, moment_since
from staffdesk.services.demo.people import Made, Row, one
from staffdesk.services.demo.words import Company, Ware

Rows = defaultdict[type[Record], list[Row]]

STORE: Final = "norvand"
CURRENCY: Final = "EUR"
_ORDERS: Final = (0, 1, 1, 2, 2, 3, 3, 4, 5, 9)
_LINES: Final = (1, 1, 1, 2)
_ACTIVATIONS: Final = (0, 1, 2, 2, 3, 4)
_SUBSCRIBES, _RUNS, _SINGLE = 0.15, 0.7, 0.85
_REFUNDED, _OPEN, _IPV6, _RELEASED = 0.02, 0.03, 0.2, 0.25
_TAX: Final = Decimal("0.21")
_DAY_MS: Final = 86_400_000

_SERIAL: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_DRAWN_BITS: Final = 75
_NEIGHBOURS: Final = 20
"""Numbers, addresses and serials grow with the row's number: a batch then touches few pages of each index."""

_NETS: Final = ("192.0.2", "198.51.100", "203.0.113")
_COMPUTERS: Final = 254
"""RFC 5737; IPv6 addresses are of RFC 3849."""

_NO_ZEROS: Final = 0x10001000100
"""Set in the groups of an IPv6 address, so that it stands as RFC 5952 writes it."""

_LOCAL: Final = "26ae"
"""The second digit of a MAC address that no maker gave out (IEEE 802)."""


@dataclass(slots=True)
class Counted:
    """The last number given out, by kind of record."""

    last: dict[type[Record], int] = field(default_factory=lambda: defaultdict(int))

    def next(self, record: type[Record]) -> int:
        """Return the next number of a kind of record, from 1."""
        self.last[record] += 1
        return self.last[record]


@dataclass(frozen=True, slots=True)
class Owned:
    """A product somebody has, for what he may ask about it."""

    name: str
    licence: int | None


class Trade:
    """Makes what people bought, numbered from 1; the same dice make the same."""

    def __init__(self, company: Company, dice: random.Random, now_ms: int, numbers: Counted) -> None:
        """Make it with no moment after ``now_ms`` (UTC milliseconds)."""
        self._wares: Sequence[tuple[int, Ware]] = list(enumerate(company.products, start=1))
        self._carriers = company.carriers
        self._dice = dice
        self._now = now_ms
        self._numbers = numbers

    def of(self, person: Made, rows: Rows) -> list[Owned]:
        """Add a person's orders and what hangs on them to ``rows``; return the products he has."""
        if person.row["is_supplier"]:
            return []
        owned: list[Owned] = []
        for _ in range(one(self._dice, _ORDERS)):
            self._order(person, rows, owned)
        if owned and self._dice.random() < _SUBSCRIBES:
            self._subscription(person, rows)
        return owned

    def _order(self, person: Made, rows: Rows, owned: list[Owned]) -> None:
        dice = self._dice
        at = moment_since(person.since, self._now, self._dice)
        day = day_of(at)
        number = self._numbers.next(Order)
        chance = dice.random()
        done = chance >= _OPEN
        wares = [one(dice, self._wares) for _ in range(one(dice, _LINES))]
        counts = [1 if dice.random() < _SINGLE else dice.randint(2, 5) for _ in wares]
        total = Decimal(sum(ware.price * count for (_, ware), count in zip(wares, counts, strict=True)))
        head: Row = {"source": Source.STORE_ACCOUNT, "obtained_on": day}
        rows[Order].append(
            {
                "id": number,
                "number": f"NV-{number:06d}",
                "store": STORE,
                "store_order_id": f"{number}",
                "person_id": person.row["id"],
                "organisation_id": person.row["organisation_id"],
                "ordered_at": at,
                "currency": CURRENCY,
                "total": f"{total * (1 + _TAX):.2f}",
                "tax": f"{total * _TAX:.2f}",
                "state": OrderState.COMPLETED.value if done else OrderState.OPEN.value,
                "payment_state": _paid(chance).value,
                "paid_on": day if done else None,
                **head,
            }
        )
        for position, ((product, ware), count) in enumerate(zip(wares, counts, strict=True), start=1):
            rows[OrderLine].append(
                {
                    "id": self._numbers.next(OrderLine),
                    "order_id": number,
                    "position": position,
                    "product_id": product,
                    "sku": ware.code,
                    "description": ware.name,
                    "quantity": count,
                    "amount": f"{ware.price * count:.2f}",
                }
            )
            if done and ware.serial:
                owned.append(self._licence(person, rows, number, at, product, ware, count))
            elif done:
                rows[Shipment].append(self._shipment(person, number, at, head))
                owned.append(Owned(ware.name, None))
        if done:
            rows[Invoice].append(self._invoice(person, number, day, f"{total * (1 + _TAX):.2f}", head))

    def _invoice(self, person: Made, order: int, day: dt.date, total: str, head: Row) -> Row:
        number = self._numbers.next(Invoice)
        return {
            "id": number,
            "order_id": order,
            "number": f"F{day:%Y}-{number:06d}",
            "invoiced_on": day,
            "billing_name": f"{person.row['given_name']} {person.row['family_name']}",
            "billing_street": person.row["street"],
            "billing_postal_code": person.row["postal_code"],
            "billing_city": person.row["city"],
            "billing_country": person.row["country"],
            "currency": CURRENCY,
            "total": total,
            **head,
        }

    def _shipment(self, person: Made, order: int, at: int, head: Row) -> Row:
        shipped = min(at + self._dice.randint(1, 4) * _DAY_MS, self._now)
        delivered = shipped + self._dice.randint(1, 6) * _DAY_MS
        return {
            "id": self._numbers.next(Shipment),
            "order_id": order,
            "status": "delivered" if delivered <= self._now else "shipped",
            "shipped_on": day_of(shipped),
            "delivered_on": day_of(delivered) if delivered <= self._now else None,
            "carrier": one(self._dice, self._carriers),
            "tracking": f"NVT{order:09d}",
            "recipient_name": f"{person.row['given_name']} {person.row['family_name']}",
            "street": person.row["street"],
            "postal_code": person.row["postal_code"],
            "city": person.row["city"],
            "country": person.row["country"],
            "phone": person.row["phone"],
            **head,
        }

    def _licence(self, person: Made, rows: Rows, order: int, at: int, product: int, ware: Ware, seats: int) -> Owned:
        number = self._numbers.next(Licence)
        rows[Licence].append(
            {
                "id": number,
                "serial": self._serial(number),
                "product_id": product,
                "product_name": ware.name,
                "version": f"{self._dice.randint(3, 6)}.{self._dice.randint(0, 9)}",
                "order_id": order,
                "person_id": person.row["id"],
                "organisation_id": person.row["organisation_id"],
                "seats": seats,
                "issued_on": day_of(at),
                "status": "active",
                "source": Source.REGISTRATION,
                "obtained_on": day_of(at),
            }
        )
        for _ in range(one(self._dice, _ACTIVATIONS)):
            rows[Activation].append(self._activation(person, number, at))
        return Owned(ware.name, number)

    def _activation(self, person: Made, licence: int, since: int) -> Row:
        dice = self._dice
        at = since + int(dice.random() * (self._now - since))
        number = self._numbers.next(Activation)
        return {
            "id": number,
            "licence_id": licence,
            "user_name": person.row["user_name"],
            "mac": self._mac(number),
            "ip": self._ip(number),
            "activated_at": at,
            "status": "released" if dice.random() < _RELEASED else "active",
            "source": Source.ACTIVATION,
            "obtained_on": day_of(at),
        }

    def _subscription(self, person: Made, rows: Rows) -> None:
        _, ware = one(self._dice, self._wares)
        number = self._numbers.next(ProductSubscription)
        started = person.since
        runs = self._dice.random() < _RUNS
        rows[ProductSubscription].append(
            {
                "id": number,
                "store": STORE,
                "store_subscription_id": f"{number}",
                "person_id": person.row["id"],
                "organisation_id": person.row["organisation_id"],
                "sku": ware.code,
                "product_name": ware.name,
                "state": "active" if runs else "canceled",
                "currency": CURRENCY,
                "price": f"{ware.price / 10:.2f}",
                "started_on": started,
                "changed_at": moment_since(started, self._now, self._dice),
                "next_on": day_of(self._now) + dt.timedelta(days=self._dice.randint(1, 30)) if runs else None,
                "ended_on": None if runs else day_of(moment_since(started, self._now, self._dice)),
                "source": Source.STORE_ACCOUNT,
                "obtained_on": started,
            }
        )

    def _serial(self, number: int) -> str:
        """Return four groups of five signs: the first tells the number, the others are drawn."""
        bits = number << _DRAWN_BITS | self._dice.getrandbits(_DRAWN_BITS)
        signs = "".join(_SERIAL[bits >> place & 31] for place in range(_DRAWN_BITS + 20, -1, -5))
        return f"{signs[:5]}-{signs[5:10]}-{signs[10:15]}-{signs[15:]}"

    def _mac(self, number: int) -> str:
        mac = f"{number & 0xFFFFFFF:07x}{self._dice.getrandbits(16):04x}"
        return f"{mac[0]}{one(self._dice, _LOCAL)}:{mac[1:3]}:{mac[3:5]}:{mac[5:7]}:{mac[7:9]}:{mac[9:]}"

    def _ip(self, number: int) -> str:
        if self._dice.random() < _IPV6:
            bits = f"{(number & 0xFFFFFF) << 20 | self._dice.getrandbits(20) | _NO_ZEROS:011x}"
            return f"2001:db8:{bits[:4]}:{bits[4:8]}::{bits[8:]}"
        net, computer = divmod(number // _NEIGHBOURS % (len(_NETS) * _COMPUTERS), _COMPUTERS)
        return f"{_NETS[net]}.{1 + computer}"


def _paid(chance: float) -> PaymentState:
    if chance < _OPEN:
        return PaymentState.PENDING
    return PaymentState.REFUNDED if chance < _OPEN + _REFUNDED else PaymentState.PAID
