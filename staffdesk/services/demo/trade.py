"""What the demo's people bought: orders, lines, invoices, shipments, product subscriptions."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal
from typing import Final

from staffdesk.data.tables.sales import Invoice, Order, OrderLine, ProductSubscription, Shipment
from staffdesk.data.tables.sharing import Disclosure
from staffdesk.domain.imported import GIVEN_WITH_AN_ORDER, OrderState, PaymentState
from staffdesk.domain.provenance import Source
from staffdesk.domain.transfers import known_recipients
from staffdesk.services.demo.licences import Licences
from staffdesk.services.demo.moments import day_of, moment_since
from staffdesk.services.demo.people import Made, Row, one
from staffdesk.services.demo.rows import Counted, Line, Rows
from staffdesk.services.demo.words import Company

STORE: Final = "norvand"
CURRENCY: Final = "EUR"
_ORDERS: Final = (0, 1, 1, 2, 2, 3, 3, 4, 5, 9)
_LINES: Final = (1, 1, 1, 2)
_SUBSCRIBES, _RUNS, _SINGLE, _OPEN, _REFUNDED = 0.15, 0.7, 0.85, 0.3, 0.02
_TAX: Final = Decimal("0.21")
_DAY_MS: Final = 86_400_000
_OPEN_MS: Final = 10 * _DAY_MS


class Trade:
    """Makes what people bought, numbered from 1; the same dice make the same."""

    def __init__(self, company: Company, dice: random.Random, now_ms: int, numbers: Counted) -> None:
        """Make it with no moment after ``now_ms`` (UTC milliseconds)."""
        self._wares = list(enumerate(company.products, start=1))
        self._carriers = company.carriers
        self._dice = dice
        self._now = now_ms
        self._numbers = numbers
        self._licences = Licences(dice, now_ms, numbers)
        # A new desk numbers the recipients it begins with in the order of their file.
        self._recipients = {each.code: number for number, each in enumerate(known_recipients(), start=1)}

    def of(self, person: Made, rows: Rows) -> list[str]:
        """Add a person's orders and what hangs on them to ``rows``; return the names of the products he has."""
        if person.row["is_supplier"]:
            return []
        owned: list[str] = []
        for _ in range(one(self._dice, _ORDERS)):
            owned += self._order(person, rows)
        if owned and self._dice.random() < _SUBSCRIBES:
            rows[ProductSubscription].append(self._subscription(person))
        return owned

    def _order(self, person: Made, rows: Rows) -> list[str]:
        at = moment_since(person.since, self._now, self._dice)
        lines = self._lines(self._numbers.next(Order), at)
        total = Decimal(sum(line.ware.price * line.count for line in lines))
        done = self._now - at > _OPEN_MS or self._dice.random() >= _OPEN
        rows[Order].append(self._head(person, lines[0], total, done=done))
        rows[OrderLine] += [self._line(position, line) for position, line in enumerate(lines, start=1)]
        if not done:
            return []
        rows[Invoice].append(self._invoice(person, lines[0], total))
        rows[Disclosure].append(self._given(person, lines[0], "PAYMENT_PROCESSOR"))
        for line in lines:
            if line.ware.serial:
                self._licences.add(person, line, rows)
            else:
                rows[Shipment].append(self._shipment(person, line))
                rows[Disclosure].append(self._given(person, line, "CARRIER"))
        return [line.ware.name for line in lines]

    def _lines(self, order: int, at: int) -> list[Line]:
        dice = self._dice
        return [
            Line(order, at, *one(dice, self._wares), count=1 if dice.random() < _SINGLE else dice.randint(2, 5))
            for _ in range(one(dice, _LINES))
        ]

    def _head(self, person: Made, line: Line, total: Decimal, *, done: bool) -> Row:
        refunded = self._dice.random() < _REFUNDED
        paid = PaymentState.REFUNDED if refunded else PaymentState.PAID
        return {
            "id": line.order,
            "number": f"NV-{line.order:06d}",
            "store": STORE,
            "store_order_id": f"{line.order}",
            "person_id": person.row["id"],
            "organisation_id": person.row["organisation_id"],
            "ordered_at": line.at,
            "currency": CURRENCY,
            "total": f"{total * (1 + _TAX):.2f}",
            "tax": f"{total * _TAX:.2f}",
            "state": (OrderState.COMPLETED if done else OrderState.OPEN).value,
            "payment_state": (paid if done else PaymentState.PENDING).value,
            "paid_on": day_of(line.at) if done else None,
            "source": Source.STORE_ACCOUNT,
            "obtained_on": day_of(line.at),
        }

    def _line(self, position: int, line: Line) -> Row:
        return {
            "id": self._numbers.next(OrderLine),
            "order_id": line.order,
            "position": position,
            "product_id": line.product,
            "sku": line.ware.code,
            "description": line.ware.name,
            "quantity": line.count,
            "amount": f"{line.ware.price * line.count:.2f}",
        }

    def _invoice(self, person: Made, line: Line, total: Decimal) -> Row:
        number, day = self._numbers.next(Invoice), day_of(line.at)
        return {
            "id": number,
            "order_id": line.order,
            "number": f"F{day:%Y}-{number:06d}",
            "invoiced_on": day,
            "billing_name": f"{person.row['given_name']} {person.row['family_name']}",
            "billing_street": person.row["street"],
            "billing_postal_code": person.row["postal_code"],
            "billing_city": person.row["city"],
            "billing_country": person.row["country"],
            "currency": CURRENCY,
            "total": f"{total * (1 + _TAX):.2f}",
            "source": Source.STORE_ACCOUNT,
            "obtained_on": day,
        }

    def _shipment(self, person: Made, line: Line) -> Row:
        shipped = min(line.at + self._dice.randint(1, 4) * _DAY_MS, self._now)
        delivered = shipped + self._dice.randint(1, 6) * _DAY_MS
        number = self._numbers.next(Shipment)
        return {
            "id": number,
            "order_id": line.order,
            "status": "delivered" if delivered <= self._now else "shipped",
            "shipped_on": day_of(shipped),
            "delivered_on": day_of(delivered) if delivered <= self._now else None,
            "carrier": one(self._dice, self._carriers),
            "tracking": f"NVT{number:09d}",
            "recipient_name": f"{person.row['given_name']} {person.row['family_name']}",
            "street": person.row["street"],
            "postal_code": person.row["postal_code"],
            "city": person.row["city"],
            "country": person.row["country"],
            "phone": person.row["phone"],
            "source": Source.STORE_ACCOUNT,
            "obtained_on": day_of(line.at),
        }

    def _given(self, person: Made, line: Line, code: str) -> Row:
        """Return what a recipient was given with an order, as an import notes it."""
        classes, purpose = GIVEN_WITH_AN_ORDER[code]
        return {
            "id": self._numbers.next(Disclosure),
            "recipient_id": self._recipients[code],
            "person_id": person.row["id"],
            "order_id": line.order,
            "classes": classes,
            "purpose": purpose,
            "disclosed_on": day_of(line.at),
        }

    def _subscription(self, person: Made) -> Row:
        _, ware = one(self._dice, self._wares)
        number = self._numbers.next(ProductSubscription)
        changed = moment_since(person.since, self._now, self._dice)
        runs = self._dice.random() < _RUNS
        return {
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
            "started_on": person.since,
            "changed_at": changed,
            "next_on": day_of(self._now) + dt.timedelta(days=self._dice.randint(1, 30)) if runs else None,
            "ended_on": None if runs else day_of(changed),
            "source": Source.STORE_ACCOUNT,
            "obtained_on": person.since,
        }
