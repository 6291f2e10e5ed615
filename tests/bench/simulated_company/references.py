"""What a look is made under: a case, an order, a request, a number from elsewhere; and what that is worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from staffdesk.domain.access import Basis, Purpose, Role, Standing
from tests.bench.simulated_company.customers import Customer, Order
from tests.bench.simulated_company.days import DAY
from tests.bench.simulated_company.employees import Employee

_ORDER_DAYS: Final = 90

ROLE_OF: Final = {
    Purpose.SALE: Role.SALES,
    Purpose.SUPPORT: Role.SUPPORT,
    Purpose.LEGAL: Role.FINANCE,
    Purpose.RIGHTS: Role.PRIVACY,
}


@dataclass(slots=True, eq=False)
class Case:
    """What a call or mail is dealt with under; ``imported`` is a ticket, else ``owner`` opened it himself."""

    aid: str
    owner: Employee
    opened_at: int
    purpose: Purpose
    customer: Customer | None = None
    imported: bool = False
    kept: bool = False
    """Whether it stays open for weeks."""
    closed_at: int | None = None
    busy_until: int = 0
    """When somebody last worked on it, as far as that is written."""


@dataclass(slots=True, eq=False)
class Request:
    """What a data subject asked."""

    aid: str
    customer: Customer
    kind: str
    received_at: int
    taken_down_by: Employee
    closed_at: int | None = None


@dataclass(frozen=True, slots=True)
class Outside:
    """A number that the desk does not know."""


Reference = Case | Order | Request | Outside | None
OUTSIDE: Final = Outside()

_Worth = tuple[str | None, Standing | None, Basis | None]


def worth(by: Employee, purpose: Purpose | None, ref: Reference, customer: Customer | None, t: int) -> _Worth:
    """Return the reference's audit id and what it is worth for a customer, or before one is chosen."""
    if ref is None:
        return None, None, None
    match ref:
        case Outside():
            return None, Standing.CLAIMED, Basis.OWN
        case Case():
            is_open = ref.closed_at is None or t < ref.closed_at
            basis = Basis.TICKET if ref.imported else Basis.OWN if ref.owner is by else Basis.CASE
            verified = basis is not Basis.OWN and is_open
        case Order():
            recent = 0 <= t - ref.at <= _ORDER_DAYS * DAY
            basis, verified = Basis.ORDER, recent and purpose in {Purpose.SALE, Purpose.LEGAL}
        case Request():
            is_open = ref.closed_at is None or t < ref.closed_at
            basis = Basis.OWN if ref.taken_down_by is by else Basis.REQUEST
            verified = basis is Basis.REQUEST and is_open and purpose is Purpose.RIGHTS
    concerns = ref.customer is not None and customer in {None, ref.customer}
    return ref.aid, Standing.VERIFIED if verified and concerns else Standing.CLAIMED, basis
