"""What a call with faults needs first: a desk, its people at their seats, something new or open when a case asks."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from staffdesk.domain.access import Access, Entity, Purpose, RecordKind, Role
from staffdesk.domain.correction import Repair, Seen
from staffdesk.domain.declared import Whom
from staffdesk.domain.marketing import TaskState
from staffdesk.domain.matters import NewCase
from staffdesk.domain.new_people import NewPerson
from staffdesk.domain.request_mail import RequestMail
from staffdesk.domain.request_work import Answers, Searched
from staffdesk.domain.requests import FrontOfCard, RequestChannel, RequestType
from staffdesk.domain.reviews import ItemState
from staffdesk.services.demo import Demo
from staffdesk.services.desk import Desk
from tests.faults import reviewing
from tests.services.store_files import order, written

_PURPOSES: Final = {Role.SUPPORT: Purpose.SUPPORT, Role.PRIVACY: Purpose.RIGHTS}
HOST: Final = "desk-01"
REASON: Final = "He was threatened by somebody who knew where he lives."


@dataclass
class At:
    """The demo's desk, its people at their seats, and somebody new or something open whenever a case needs one."""

    desk: Desk
    demo: Demo
    owner: sa.Connection
    folder: Path
    seats: dict[Role, Access] = field(default_factory=dict)
    known: dict[RequestType | None, str] = field(default_factory=dict)
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def by(self, role: Role) -> Access:
        """Return the access of the demo's person of a role, signed in once."""
        if role not in self.seats:
            reference = self.demo.case if role is Role.SUPPORT else None
            self.seats[role] = Access(self.come_in(role), _PURPOSES.get(role), reference, HOST)
        return self.seats[role]

    def come_in(self, role: Role) -> str:
        """Sign in once more and return the session."""
        return self.desk.sign_in.sign_in(*self.fresh(role), HOST).sid

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

    def other_card_rule(self) -> FrontOfCard:
        """Return what does not hold of the card now."""
        now = self.desk.settings.card_rule(self.by(Role.PRIVACY)).value
        return next(each for each in FrontOfCard if each is not now)

    def other_deputy(self) -> str | None:
        """Return who is not the deputy now: nobody, or somebody."""
        return self.name(Role.SALES) if self.desk.settings.watch(self.by(Role.ADMIN)).deputy is None else None

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

    def declared(self) -> int:
        """Return the number of a declaration of the demo's support."""
        by = self.by(Role.SUPPORT)
        self.desk.declaring.declare(by, Whom.PERSON, self.mailed(), "friend")
        return self.desk.declaring.own(by)[-1].id

    def in_a_week(self) -> dt.date:
        """Return a day before any claim is reviewed."""
        return dt.datetime.now(dt.UTC).date() + dt.timedelta(days=7)

    def held_for(self, claim: str) -> int:
        """Return the number of a customer whose records are held for a claim."""
        customer, by = self.mailed(), self.by(Role.PRIVACY)
        self.desk.claim_holds.set(by, customer, claim=claim, reason=REASON, until=self.in_a_week())
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

    def read_only(self) -> str:
        """Return the number of a request that nothing moves."""
        if None not in self.known:
            self.known[None] = self.asked_for()
        return self.known[None]

    def collected(self, kind: RequestType) -> str:
        """Return the number of a request whose requester has proven who he is, and that nothing moves on."""
        if kind not in self.known:
            self.known[kind] = self._collected(kind)
        return self.known[kind]

    def _collected(self, kind: RequestType) -> str:
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

    @cached_property
    def packed(self) -> str:
        """The number of a request whose package waits to be sent, and that nothing moves on."""
        number, privacy = self._collected(RequestType.ACCESS), self.by(Role.PRIVACY)
        self.desk.searches.note(privacy, number, {}, others=Searched.NOTHING)
        self.desk.workflow.make(privacy, number, "decide")
        return number

    def noted(self) -> str:
        """Return the number of a request under which the city is to be corrected."""
        number = self.collected(RequestType.RECTIFY)
        self.desk.corrections.want(self.by(Role.PRIVACY), number, "city", f"Gent {next(self.numbers)}")
        return number

    def twin(self) -> int:
        """Return the number of a customer with the e-mail address of the demo's person."""
        twin = replace(self.somebody(), email=self.held("email").text)
        customer = self.desk.new_customers.add(self.called(), twin).customer
        assert customer is not None
        return customer

    def consulted(self) -> int:
        """Return the number of a consultation that an employee made."""
        self.looked_at()
        made = self.desk.reveals.consultations(self.by(Role.PRIVACY), self.collected(RequestType.ACCESS))
        return next(each.seq for each in made if each.department == Role.SUPPORT)

    def named(self) -> int:
        """Return the number of a consultation whose employee is to be named."""
        seq = self.consulted()
        self.desk.reveals.ask(self.by(Role.PRIVACY), self.collected(RequestType.ACCESS), seq, REASON)
        return seq

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

    def item(self) -> int:
        """Return an item about an open of the demo's support."""
        return reviewing.item(self.owner, self.name(Role.SUPPORT), self.looked_at())

    def asked_about(self) -> int:
        """Return an item that the demo's support is asked about."""
        number = self.item()
        self.desk.reviews.ask(self.by(Role.ADMIN), number)
        return number

    def breach(self) -> str:
        """Return the number of a breach that is open."""
        self.desk.inbox.answer(self.by(Role.SUPPORT), number := self.asked_about(), REASON)
        heard = self.desk.reviews.open(self.by(Role.ADMIN), number).item.answer_entry
        return self.desk.reviews.decide(self.by(Role.ADMIN), number, ItemState.NOT_JUSTIFIED, REASON, heard)

    def month(self) -> str:
        """Return a month that can be closed."""
        return reviewing.month(self.owner, next(self.numbers))

    def closed_month(self) -> str:
        """Return a month that was closed."""
        return self.desk.months.close(self.by(Role.ADMIN), self.month()).month

    def kept(self) -> str:
        """Return the name of a filter that the admin keeps."""
        self.desk.audit.filters.save(self.by(Role.ADMIN), name := f"kept {next(self.numbers)}", "out:denied")
        return name

    def closable(self) -> str:
        return self.desk.cases.open(self.by(Role.SUPPORT), self.a_case()).number

    def file(self, name: str) -> Path:
        """Return the path of a file that is not there yet."""
        return self.folder / f"{next(self.numbers)}-{name}"

    def exporting(self) -> Callable[[], object]:
        """Return what exports the log, each time into a file that is not there yet."""
        admin = self.by(Role.ADMIN)
        return lambda: self.desk.audit.export(admin, self.file("log.jsonl"))

    def reporting(self) -> Callable[[], object]:
        """Return what writes a month's report, each time into a folder that is not there yet."""
        admin = self.by(Role.ADMIN)
        return lambda: self.desk.pictures.report(admin, "2026-11", self.file("report"))

    def export(self) -> list[Path]:
        (folder := self.file("store")).mkdir()
        return [written(folder, order(f"A-{next(self.numbers)}"))]
