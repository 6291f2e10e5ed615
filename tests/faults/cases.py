"""How each method of each service is called in a run with faults: one line a method.

A case is called before anything is counted: it arranges what the call needs and returns the call. Whoever adds a
method to a service adds its line to ``CASES``; the suite fails with the name until it is there.
"""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from staffdesk.domain.access import Access, Entity, Purpose, RecordKind, Role
from staffdesk.domain.correction import Repair, Seen
from staffdesk.domain.entry_filter import EntryFilter
from staffdesk.domain.marketing import TaskState
from staffdesk.domain.matters import NewCase
from staffdesk.domain.new_people import NewPerson
from staffdesk.domain.request_letters import LetterKind
from staffdesk.domain.request_mail import RequestMail
from staffdesk.domain.request_work import Answers, Searched, Way
from staffdesk.domain.requests import RequestChannel, RequestType
from staffdesk.services.demo import Demo
from staffdesk.services.desk import Desk
from tests.services.store_files import order, written

_PURPOSES: Final = {Role.SUPPORT: Purpose.SUPPORT, Role.PRIVACY: Purpose.RIGHTS}
_HOST: Final = "desk-01"


@dataclass
class At:
    """The demo's desk, its people at their seats, and somebody new or something open whenever a case needs one."""

    desk: Desk
    demo: Demo
    owner: sa.Connection
    folder: Path
    seats: dict[Role, Access] = field(default_factory=dict)
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def by(self, role: Role) -> Access:
        """Return the access of the demo's person of a role, signed in once."""
        if role not in self.seats:
            reference = self.demo.case if role is Role.SUPPORT else None
            self.seats[role] = Access(self.come_in(role), _PURPOSES.get(role), reference, _HOST)
        return self.seats[role]

    def come_in(self, role: Role) -> str:
        """Sign in once more and return the session."""
        return self.desk.sign_in.sign_in(*self.fresh(role), _HOST).sid

    def name(self, role: Role) -> str:
        return next(each.user for each in self.demo.accounts if each.role is role)

    def password(self, role: Role) -> str:
        return next(each.password for each in self.demo.accounts if each.role is role)

    def forget_failures(self) -> None:
        """Let no earlier fault delay a password."""
        self.owner.exec_driver_sql("DELETE FROM throttle")

    def fresh(self, role: Role) -> tuple[str, str]:
        """Return the user name and the password of somebody whom no failure delays."""
        self.forget_failures()
        return self.name(role), self.password(role)

    def locked(self) -> str:
        sid = self.come_in(Role.FINANCE)
        self.desk.sign_in.lock(sid)
        self.forget_failures()
        return sid

    def newcomer(self) -> dict[str, object]:
        n = next(self.numbers)
        return {
            "user_name": f"new{n}", "full_name": "Nora Holm", "employee_number": f"n{n}", "entity": Entity.BE,
            "roles": (Role.SUPPORT,), "email": f"new{n}@softron.example",
        }  # fmt: skip

    def hired(self) -> str:
        """Return the user name of somebody whose account waits for an approver."""
        new = self.newcomer()
        self.desk.staff.add(self.by(Role.ADMIN), **new)  # type: ignore[arg-type] # as newcomer() has them
        return str(new["user_name"])

    def asked(self) -> int:
        """Return the number of a change that waits for an approver."""
        name = self.hired()
        pending = next(a.pending_id for a in self.desk.staff.accounts(self.by(Role.ADMIN)) if a.user_name == name)
        assert pending is not None
        return pending

    def a_case(self) -> NewCase:
        return NewCase(kind="support", channel="call", product="MovieRecorder", customer=self.demo.person)

    def of_nobody(self) -> str:
        """Return the number of a case that names nobody yet."""
        return self.desk.cases.open(self.by(Role.SUPPORT), NewCase(kind="support", channel="call", product="x")).number

    def called(self) -> Access:
        """Return the access of support on a call: under a case of its own that names nobody yet."""
        return replace(self.by(Role.SUPPORT), reference=self.of_nobody())

    def somebody(self) -> NewPerson:
        n = next(self.numbers)
        return NewPerson(given_name="Nora", family_name="Holm", email=f"nora{n}@nordlys.example")

    def held(self, column: str) -> Seen:
        """Return a field of the demo's person as it is held now."""
        text = self.owner.exec_driver_sql(f"SELECT {column} FROM person WHERE id = {self.demo.person}").scalar_one()
        return Seen(f"person:{self.demo.person}:{column}", text)

    def misspelt(self) -> Repair:
        return Repair(self.held("family_name"), f"Dupont{'x' * (next(self.numbers) % 9)}", self.demo.case)

    def mailed(self) -> int:
        """Return the number of a customer nobody stopped mail to."""
        customer = self.desk.new_customers.add(self.called(), self.somebody()).customer
        assert customer is not None
        return customer

    def asked_for(self) -> str:
        """Return the number of a request."""
        return self.desk.requests.receive(
            self.by(Role.PRIVACY), kind=RequestType.ACCESS, channel=RequestChannel.EMAIL, customer=self.demo.person
        ).number

    def mail(self) -> RequestMail:
        """Return a mail that was not taken in yet."""
        return RequestMail(
            sender="nora@nordlys.example", sender_name="Nora Holm", reply_to="", subject="Request",
            text="Please send me a copy of all the data you hold about me.",
            message_id=f"<{next(self.numbers)}@nordlys.example>",
        )  # fmt: skip

    def collected(self, kind: RequestType) -> str:
        """Return the number of a request whose requester has proven who he is."""
        privacy, workflow = self.by(Role.PRIVACY), self.desk.workflow
        number = self.desk.requests.receive(
            privacy, kind=kind, channel=RequestChannel.EMAIL, customer=self.demo.person
        ).number
        for name, told in (
            ("acknowledge", Answers()),
            ("ask_identity", Answers(reason="Two people of this name write to us.")),
            ("proof_arrived", Answers(document="passport")),
            ("verify", Answers(copy_deleted=True)),
        ):
            workflow.make(privacy, number, name, told)
        return number

    def replying(self) -> str:
        """Return the number of a request whose answer waits to be sent."""
        number = self.fresh_stop()
        self.desk.workflow.told(self.by(Role.PRIVACY), number, "CAMPAIGN_SERVICE", TaskState.SENT)
        return number

    def fresh_stop(self) -> str:
        """Return the number of a request whose recipient is not told yet."""
        return self.desk.marketing.stop(self.by(Role.SUPPORT), self.mailed()).request.number

    def answered(self) -> str:
        """Return the number of a request whose letter is ready."""
        return self.desk.marketing.stop(self.by(Role.SUPPORT), self.demo.person).request.number

    def looked_at(self) -> int:
        """Return the number of an entry about the demo's person."""
        return self.desk.gateway.open(self.by(Role.SUPPORT), RecordKind.PERSON, self.demo.person).seq

    def broken(self) -> int:
        """Return the number of the entry of a break-glass that no admin has reviewed."""
        self.desk.break_glass.open(
            self.by(Role.SUPPORT), RecordKind.PERSON, self.demo.person, "the studio is on air now"
        )
        words = "SELECT max(seq) FROM entry WHERE act = 'customer.break_glass' AND out = 'ok'"
        return int(self.owner.exec_driver_sql(words).scalar_one())

    def kept(self) -> str:
        """Return the name of a filter that the admin keeps."""
        name = f"kept {next(self.numbers)}"
        self.desk.audit.filters.save(self.by(Role.ADMIN), name, "out:denied")
        return name

    def closable(self) -> str:
        return self.desk.cases.open(self.by(Role.SUPPORT), self.a_case()).number

    def file(self, name: str) -> Path:
        """Return the path of a file that is not there yet."""
        return self.folder / f"{next(self.numbers)}-{name}"

    def export(self) -> list[Path]:
        folder = self.file("store")
        folder.mkdir()
        return [written(folder, order(f"A-{next(self.numbers)}"))]


Call = Callable[[], object]

CASES: Final[dict[str, Callable[[At], Call]]] = {
    "gateway.search": lambda at: partial(at.desk.gateway.search, at.by(Role.SUPPORT), "dupont"),
    "gateway.open": lambda at: partial(at.desk.gateway.open, at.by(Role.SUPPORT), RecordKind.PERSON, at.demo.person),
    "gateway.reveal": lambda at: partial(at.desk.gateway.reveal, at.by(Role.SUPPORT), f"person:{at.demo.person}:email"),
    "gateway.copy": lambda at: partial(at.desk.gateway.copy, at.by(Role.SUPPORT), f"person:{at.demo.person}:email"),
    "gateway.history": lambda at: partial(at.desk.gateway.history, at.by(Role.SUPPORT), at.demo.person),
    "cases.open": lambda at: partial(at.desk.cases.open, at.by(Role.SUPPORT), at.a_case()),
    "cases.mine": lambda at: partial(at.desk.cases.mine, at.by(Role.SUPPORT).session),
    "cases.close": lambda at: partial(at.desk.cases.close, at.by(Role.SUPPORT), at.closable()),
    "cases.note": lambda at: partial(at.desk.cases.note, at.by(Role.SUPPORT), at.closable(), topic="x", text="y"),
    "cases.tie": lambda at: partial(at.desk.cases.tie, at.by(Role.SUPPORT), at.of_nobody(), at.demo.person),
    "gateway.worth": lambda at: partial(at.desk.gateway.worth, at.by(Role.SUPPORT), at.demo.case),
    "break_glass.open": lambda at: partial(
        at.desk.break_glass.open, at.by(Role.SUPPORT), RecordKind.PERSON, at.demo.person, "the studio is on air"
    ),
    "break_glass.open_for_value": lambda at: partial(
        at.desk.break_glass.open_for_value, at.by(Role.SUPPORT), f"person:{at.demo.person}:street",
        "the studio is on air",
    ),
    "listings.colleagues": lambda at: partial(at.desk.listings.colleagues, at.by(Role.SUPPORT), at.demo.person),
    "new_customers.twins": lambda at: partial(at.desk.new_customers.twins, at.called(), at.somebody()),
    "new_customers.add": lambda at: partial(at.desk.new_customers.add, at.called(), at.somebody()),
    "repairs.repair": lambda at: partial(
        at.desk.repairs.repair, at.by(Role.SUPPORT), at.demo.person, at.misspelt()
    ),
    "repairs.confirm": lambda at: partial(
        at.desk.repairs.confirm, at.by(Role.SUPPORT), at.demo.person, [at.held("given_name")]
    ),
    "marketing.stop": lambda at: partial(at.desk.marketing.stop, at.by(Role.SUPPORT), at.mailed()),
    "request_pages.open": lambda at: partial(at.desk.request_pages.open, at.by(Role.PRIVACY), at.asked_for()),
    "request_pages.letter": lambda at: partial(at.desk.request_pages.letter, at.by(Role.PRIVACY), at.answered()),
    "workflow.open_moves": lambda at: partial(at.desk.workflow.open_moves, at.by(Role.PRIVACY), at.asked_for()),
    "workflow.make": lambda at: partial(at.desk.workflow.make, at.by(Role.PRIVACY), at.asked_for(), "acknowledge"),
    "workflow.checked": lambda at: partial(
        at.desk.workflow.checked, at.by(Role.PRIVACY), at.asked_for(), {"paper": Searched.NOTHING}
    ),
    "workflow.draft": lambda at: partial(at.desk.workflow.draft, at.by(Role.PRIVACY), at.asked_for(), "acknowledge"),
    "workflow.send": lambda at: partial(at.desk.workflow.send, at.by(Role.PRIVACY), at.replying(), Way.HAND),
    "answers.findings": lambda at: partial(at.desk.answers.findings, at.by(Role.PRIVACY), at.asked_for()),
    "corrections.want": lambda at: partial(
        at.desk.corrections.want, at.by(Role.PRIVACY), at.collected(RequestType.RECTIFY),
        f"person:{at.demo.person}:city", "Gent",
    ),
    "plans.plan": lambda at: partial(at.desk.plans.plan, at.by(Role.PRIVACY), at.collected(RequestType.ERASE)),
    "workflow.told": lambda at: partial(
        at.desk.workflow.told, at.by(Role.PRIVACY), at.fresh_stop(), "CAMPAIGN_SERVICE", TaskState.SENT
    ),
    "requests.receive": lambda at: partial(
        at.desk.requests.receive, at.by(Role.SUPPORT), kind=RequestType.ACCESS, channel=RequestChannel.EMAIL,
        customer=at.demo.person,
    ),
    "requests.open_requests": lambda at: partial(at.desk.requests.open_requests, at.by(Role.PRIVACY)),
    "intake.propose": lambda at: partial(at.desk.intake.propose, at.by(Role.PRIVACY), at.mail()),
    "intake.receive": lambda at: partial(
        at.desk.intake.receive, at.by(Role.PRIVACY), at.mail(), [RequestType.ACCESS], customer=at.demo.person,
        language="en", card=False,
    ),
    "intake.join": lambda at: partial(
        at.desk.intake.join, at.by(Role.PRIVACY), at.asked_for(), at.mail(), kind=LetterKind.REMINDER, card=False
    ),
    "staff.accounts": lambda at: partial(at.desk.staff.accounts, at.by(Role.ADMIN)),
    "staff.add": lambda at: partial(at.desk.staff.add, at.by(Role.ADMIN), **at.newcomer()),  # type: ignore[arg-type]
    "staff.approve": lambda at: partial(at.desk.staff.approve, at.by(Role.APPROVER), at.asked()),
    "staff.change_roles": lambda at: partial(
        at.desk.staff.change_roles, at.by(Role.ADMIN), at.hired(), (Role.FINANCE,)
    ),
    "staff.disable": lambda at: partial(at.desk.staff.disable, at.by(Role.ADMIN), at.hired()),
    "staff.end_session": lambda at: partial(at.desk.staff.end_session, at.by(Role.ADMIN), at.name(Role.FINANCE)),
    "staff.refuse": lambda at: partial(at.desk.staff.refuse, at.by(Role.APPROVER), at.asked()),
    "staff.sessions": lambda at: partial(at.desk.staff.sessions, at.by(Role.ADMIN), at.name(Role.FINANCE)),
    "staff.own_sessions": lambda at: partial(at.desk.staff.own_sessions, at.by(Role.SUPPORT)),
    "staff.end_one": lambda at: partial(at.desk.staff.end_one, at.by(Role.ADMIN), at.come_in(Role.FINANCE)),
    "audit.own": lambda at: partial(at.desk.audit.own, at.by(Role.SUPPORT)),
    "audit.entry_about": lambda at: partial(
        at.desk.audit.entry_about, replace(at.by(Role.PRIVACY), reference=at.demo.case), at.demo.person, at.looked_at()
    ),
    "audit.export_here": lambda at: partial(at.desk.audit.export_here, at.by(Role.ADMIN)),
    "audit.review": lambda at: partial(at.desk.audit.review, at.by(Role.ADMIN)),
    "catalogue.names": lambda at: partial(at.desk.catalogue.names, at.by(Role.SUPPORT)),
    "audit.list": lambda at: partial(at.desk.audit.list, at.by(Role.ADMIN), EntryFilter()),
    "audit.entry": lambda at: partial(at.desk.audit.entry, at.by(Role.ADMIN), at.broken()),
    "audit.filters.named": lambda at: partial(at.desk.audit.filters.named, at.by(Role.ADMIN)),
    "audit.filters.save": lambda at: partial(
        at.desk.audit.filters.save, at.by(Role.ADMIN), f"mine {next(at.numbers) % 9}", "out:denied"
    ),
    "audit.filters.forget": lambda at: partial(at.desk.audit.filters.forget, at.by(Role.ADMIN), at.kept()),
    "audit.verify": lambda at: partial(at.desk.audit.verify, at.by(Role.ADMIN)),
    "audit.export": lambda at: partial(at.desk.audit.export, at.by(Role.ADMIN), at.file("log.jsonl")),
    "audit.checkpoint": lambda at: partial(at.desk.audit.checkpoint, at.by(Role.ADMIN)),
    "audit.state": lambda at: partial(at.desk.audit.state, at.by(Role.ADMIN)),
    "imports.run": lambda at: partial(at.desk.imports.run, at.by(Role.PRIVACY), "fastspring", at.export()),
    "sign_in.sign_in": lambda at: partial(at.desk.sign_in.sign_in, *at.fresh(Role.SALES), _HOST),
    "sign_in.sign_out": lambda at: partial(at.desk.sign_in.sign_out, at.come_in(Role.SALES)),
    "sign_in.lock": lambda at: partial(at.desk.sign_in.lock, at.come_in(Role.SALES)),
    "sign_in.unlock": lambda at: partial(at.desk.sign_in.unlock, at.locked(), at.password(Role.FINANCE)),
    "sign_in.seen": lambda at: partial(at.desk.sign_in.seen, at.come_in(Role.SALES)),
    "sign_in.still_valid": lambda at: partial(at.desk.sign_in.still_valid, at.come_in(Role.SALES)),
}  # fmt: skip

WITHOUT: Final = {
    "backups.make": "its own connections and files; tests/services/test_backups.py breaks those",
    "sign_in.change_password": "the demo's passwords are everybody's; tests/services/test_sign_in.py changes them",
    "sealer.after": "a checkpoint that cannot be made stops nobody; tests/services/test_sealing.py",
    "sealer.close": "as above",
    "sealer.seal": "as above",
    "sealer.seal_quietly": "as above",
}
"""What is called without a fault here, and where it meets them."""

MISSING: Final = (
    "{name} has no case of faults: add a line to CASES in tests/faults/cases.py, such as\n"
    '    "{name}": lambda at: partial(at.desk.{name}, at.by(Role.SUPPORT)),'
)


def methods(desk: Desk) -> list[str]:
    """Return every public method of every service of a desk, and of what a service has, as ``service.method``."""
    lazy = [name for name, value in vars(type(desk)).items() if isinstance(value, cached_property)]
    services = {name: getattr(desk, name) for name in {*vars(desk), *lazy} if not name.startswith("_")}
    parts = {
        f"{name}.{inner}": value
        for name, service in services.items()
        for inner, value in vars(service).items()
        if not inner.startswith("_") and type(value).__module__.startswith("staffdesk.services")
    }
    return sorted(
        f"{service}.{name}"
        for service, value in {**services, **parts}.items()
        for name, _ in inspect.getmembers(type(value), inspect.isfunction)
        if not name.startswith("_")
    )
