"""Asking through the gateway as somebody at a desk does."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import sqlalchemy as sa

from staffdesk.data.database import Database
from staffdesk.data.entries import Entries
from staffdesk.domain.access import Access, Entity, Purpose, Role
from staffdesk.domain.policy import matrix
from staffdesk.parameters.shapes import policy, sessions
from staffdesk.services.case_mails import CaseMails
from staffdesk.services.cases import Cases
from staffdesk.services.erasure.ledger import Ledger
from staffdesk.services.gateway import Gateway
from staffdesk.services.intake.service import Intake
from staffdesk.services.listings import Listings
from staffdesk.services.marketing import Marketing
from staffdesk.services.new_customers import NewCustomers
from staffdesk.services.repairs import Repairs
from staffdesk.services.request_pages import RequestPages
from staffdesk.services.requests import Requests
from tests import factories, run_folder
from tests.databases import Place
from tests.services.offices import HOST, Office

PURPOSE_OF = {
    Role.SUPPORT: Purpose.SUPPORT,
    Role.SALES: Purpose.SALE,
    Role.FINANCE: Purpose.LEGAL,
    Role.PRIVACY: Purpose.RIGHTS,
    Role.APPROVER: Purpose.RIGHTS,
}


@dataclass(frozen=True, slots=True)
class Front:
    """The services a customer's record is reached by, over one office."""

    office: Office

    @property
    def gateway(self) -> Gateway:
        return Gateway(self.office.door, matrix(), sessions())

    @property
    def cases(self) -> Cases:
        return Cases(self.office.door, matrix())

    @property
    def case_mails(self) -> CaseMails:
        return CaseMails(self.office.door)

    @property
    def listings(self) -> Listings:
        return Listings(self.office.door, matrix())

    @property
    def new_customers(self) -> NewCustomers:
        return NewCustomers(self.office.door, matrix())

    @property
    def repairs(self) -> Repairs:
        return Repairs(self.office.door, matrix())

    @property
    def requests(self) -> Requests:
        return Requests(self.office.door, policy().version)

    @property
    def request_pages(self) -> RequestPages:
        return RequestPages(self.office.door, matrix())

    @property
    def marketing(self) -> Marketing:
        return Marketing(self.office.door, self.requests, self.ledger)

    def ledger(self) -> Ledger:
        """Return a new ledger of erasures, outside the database as a home's is."""
        with self.office.database.append() as tx:
            return Ledger(run_folder.folder() / f"{uuid.uuid4()}.ledger", tx.secret, Entries(tx).origin())

    @property
    def intake(self) -> Intake:
        return Intake(self.office.door, self.gateway, self.requests, self.marketing)

    def staff(self, user_name: str, role: Role, reference: str | None = None) -> Access:
        """Hire somebody, sign in, and ask for the purpose of the role."""
        self.office.hire(user_name, role)
        return self.again(user_name, role, reference)

    def again(self, user_name: str, role: Role, reference: str | None = None) -> Access:
        """Sign in once more."""
        return Access(self.office.come_in(user_name).sid, PURPOSE_OF.get(role), reference, HOST)


def set_staff(place: Place, user_name: str, column: str, value: object) -> None:
    """Change a column of an account, past everything."""
    with place.owner() as owner:
        words = sa.text(f"UPDATE staff SET {column} = :value WHERE user_name = :name")
        assert owner.execute(words, {"value": value, "name": user_name}).rowcount == 1


def set_session(place: Place, sid: str, column: str, value: object) -> None:
    """Change a column of a session, past everything."""
    with place.owner() as owner:
        words = sa.text(f"UPDATE session SET {column} = :value WHERE sid = :sid")
        assert owner.execute(words, {"value": value, "sid": sid}).rowcount == 1


def move_to_the_us(place: Place, user_name: str) -> None:
    """Let somebody be employed in the United States."""
    set_staff(place, user_name, "entity", Entity.US.value)


def a_case(database: Database, opened_by: str, **values: object) -> str:
    """Write an open case, whoever opened it, and return its number."""
    case = factories.case(opened_by, **values)
    factories.put(database, case)
    return case.number
