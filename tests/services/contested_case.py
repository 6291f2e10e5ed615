"""A customer whose requests restrict and correct, and those who deal with them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from staffdesk.data.tables.sharing import Disclosure, Recipient
from staffdesk.domain.access import Access, Purpose, Role
from staffdesk.domain.grounds import RefusalGround
from staffdesk.domain.request_work import Answers
from staffdesk.domain.requests import RequestChannel, RequestType
from staffdesk.services.corrections import Corrections
from staffdesk.services.moved import Moved
from staffdesk.services.notices import Notices
from staffdesk.services.post import Post
from staffdesk.services.request_letters import Delivery
from staffdesk.services.workflow import Workflow
from tests import factories
from tests.factories import Customer
from tests.services.front import Front
from tests.services.offices import PASSWORD, Office
from tests.services.workflows import search, workflow_of

WHY = Answers(reason="Two people of this name write to us.")
TO_PROVEN = (
    ("acknowledge", None), ("ask_identity", WHY), ("proof_arrived", Answers(document="passport")),
    ("verify", Answers(copy_deleted=True)),
)  # fmt: skip
REFUSED = Answers(ground=RefusalGround.LAW, facts="Article 60 of the VAT Code asks that we keep it.")


@dataclass(frozen=True)
class Case:
    """A customer's requests, and those who deal with them."""

    front: Front
    workflow: Workflow
    officer: Access
    approver: Access
    customer: Customer
    letters: Path

    @property
    def office(self) -> Office:
        return self.front.office

    def asks(self, kind: RequestType, moves: Sequence[tuple[str, Answers | None]] = TO_PROVEN) -> str:
        number = self.front.requests.receive(
            self.officer, kind=kind, channel=RequestChannel.EMAIL, customer=self.customer.person
        ).number
        for name, answers in moves:
            self.workflow.make(self.officer, number, name, answers)
        if moves:
            search(self.office, self.officer, number)
        return number

    def make(self, number: str, name: str, answers: Answers | None = None) -> Moved:
        return self.workflow.make(self.officer, number, name, answers)

    def wants(self, number: str, column: str, value: str, table: str = "person") -> None:
        row = self.customer.person if table == "person" else self.customer.organisation
        Corrections(self.office.door).want(self.officer, number, f"{table}:{row}:{column}", value, "his letter")

    def refuse(self, number: str, answers: Answers = REFUSED) -> None:
        self.make(number, "decide", answers)
        self.make(number, "submit")
        self.workflow.make(self.approver, number, "approve_refusal", password=PASSWORD)

    @property
    def notices(self) -> Notices:
        return Notices(self.office.door, self.workflow, Delivery(Post(None), self.letters), clock=self.office.clock)


def case_at(office: Office, tmp_path: Path) -> Case:
    """Return a customer's case in this office."""
    front = Front(office)
    pia = replace(front.staff("pia", Role.PRIVACY), purpose=Purpose.RIGHTS)
    ron = replace(front.staff("ron", Role.APPROVER), purpose=Purpose.RIGHTS)
    made = factories.customer(office.database)
    return Case(front, workflow_of(office, tmp_path), pia, ron, made, tmp_path / "data" / "letters")


def given(it: Case, **recipients: str) -> None:
    """Note what recipients were given, by their codes."""
    rows = (
        Recipient.checked({"code": code, "name": f"{code.title()} SA", "country": "BE", "purpose": "orders"})
        for code in recipients
    )
    numbers = dict(zip(recipients, factories.put(it.office.database, *rows), strict=True))
    factories.put(
        it.office.database,
        *(
            Disclosure.checked(
                {
                    "recipient_id": numbers[code], "person_id": it.customer.person, "order_id": it.customer.order,
                    "classes": classes, "purpose": "an order", "disclosed_on": dt.date(2026, 1, 2),
                }
            )
            for code, classes in recipients.items()
        ),
    )  # fmt: skip
