"""How each method of each service is called in a run with faults: one line a method.

A case is called before anything is counted: it arranges what the call needs and returns the call. Whoever adds a
method to a service adds its line to ``CASES``; the suite fails with the name until it is there.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property, partial
from typing import Final

from staffdesk.domain.access import RecordKind, Role
from staffdesk.domain.declared import Whom
from staffdesk.domain.entry_filter import EntryFilter
from staffdesk.domain.likely_same import SamePerson
from staffdesk.domain.marketing import TaskState
from staffdesk.domain.request_letters import LetterKind
from staffdesk.domain.request_work import Searched, Way
from staffdesk.domain.requests import RequestChannel, RequestType
from staffdesk.domain.reviews import BreachOutcome, ItemState
from staffdesk.services.desk import Desk
from staffdesk.services.review_items import ItemFilter
from tests.faults import accuracy, importing, mails, support_logs
from tests.faults.arranging import HOST, REASON, At
from tests.faults.campaign import CAMPAIGN
from tests.faults.companies import COMPANIES
from tests.faults.merging import MERGING

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
    "case_mails.attach": lambda at: partial(
        at.desk.case_mails.attach, at.by(Role.SUPPORT), at.closable(), mails.read(at)
    ),
    "case_mails.attach_file": lambda at: partial(
        at.desk.case_mails.attach_file, at.by(Role.SUPPORT), at.closable(), mails.saved(at)
    ),
    "gateway.worth": lambda at: partial(at.desk.gateway.worth, at.by(Role.SUPPORT), at.demo.case),
    "break_glass.open": lambda at: partial(
        at.desk.break_glass.open, at.by(Role.SUPPORT), RecordKind.PERSON, at.demo.person, "the studio is on air"
    ),
    "break_glass.open_for_value": lambda at: partial(
        at.desk.break_glass.open_for_value, at.by(Role.SUPPORT), f"person:{at.demo.person}:street",
        "the studio is on air",
    ),
    "listings.colleagues": lambda at: partial(at.desk.listings.colleagues, at.by(Role.SUPPORT), at.demo.person),
    **COMPANIES,
    **MERGING,
    **CAMPAIGN,
    **accuracy.CASES,
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
    "request_pages.kept_letter": lambda at: partial(
        at.desk.request_pages.kept_letter, at.by(Role.PRIVACY), at.answered()
    ),
    "request_pages.letter": lambda at: partial(at.desk.request_pages.letter, at.by(Role.PRIVACY), at.answered()),
    "workflow.open_moves": lambda at: partial(at.desk.workflow.open_moves, at.by(Role.PRIVACY), at.read_only()),
    "workflow.make": lambda at: partial(at.desk.workflow.make, at.by(Role.PRIVACY), at.asked_for(), "acknowledge"),
    "searches.note": lambda at: partial(
        at.desk.searches.note, at.by(Role.PRIVACY), at.read_only(), {"paper": Searched.NOTHING}
    ),
    "claim_holds.set": lambda at: partial(
        at.desk.claim_holds.set, at.by(Role.PRIVACY), at.mailed(), claim="26/1", reason=REASON, until=at.in_a_week()
    ),
    "claim_holds.list": lambda at: partial(at.desk.claim_holds.list, at.by(Role.PRIVACY), at.demo.person),
    "claim_holds.in_force": lambda at: partial(at.desk.claim_holds.in_force, at.by(Role.PRIVACY)),
    "claim_holds.lift": lambda at: partial(
        at.desk.claim_holds.lift, at.by(Role.PRIVACY), at.held_for("26/2"), claim="26/2", reason=REASON
    ),
    "duplicates.list": lambda at: partial(at.desk.duplicates.list, at.by(Role.PRIVACY), at.read_only()),
    "duplicates.answer": lambda at: partial(
        at.desk.duplicates.answer, at.by(Role.PRIVACY), at.collected(RequestType.ACCESS), {at.twin(): SamePerson.OTHER}
    ),
    "reveals.consultations": lambda at: partial(
        at.desk.reveals.consultations, at.by(Role.PRIVACY), at.collected(RequestType.ACCESS)
    ),
    "reveals.ask": lambda at: partial(
        at.desk.reveals.ask, at.by(Role.PRIVACY), at.collected(RequestType.ACCESS), at.consulted(), REASON
    ),
    "reveals.take_back": lambda at: partial(
        at.desk.reveals.take_back, at.by(Role.PRIVACY), at.collected(RequestType.ACCESS), at.named()
    ),
    "workflow.draft": lambda at: partial(at.desk.workflow.draft, at.by(Role.PRIVACY), at.read_only(), "acknowledge"),
    "workflow.answer": lambda at: partial(at.desk.workflow.answer, at.by(Role.PRIVACY), at.replying()),
    "workflow.send": lambda at: partial(at.desk.workflow.send, at.by(Role.PRIVACY), at.replying(), Way.HAND),
    "answers.findings": lambda at: partial(at.desk.answers.findings, at.by(Role.PRIVACY), at.read_only()),
    "corrections.want": lambda at: partial(
        at.desk.corrections.want, at.by(Role.PRIVACY), at.collected(RequestType.RECTIFY),
        f"person:{at.demo.person}:city", "Gent",
    ),
    "corrections.sheet": lambda at: partial(
        at.desk.corrections.sheet, at.by(Role.PRIVACY), at.collected(RequestType.RECTIFY)
    ),
    "corrections.take_back": lambda at: partial(
        at.desk.corrections.take_back, at.by(Role.PRIVACY), at.noted(), "city"
    ),
    "plans.decided": lambda at: partial(at.desk.plans.decided, at.by(Role.PRIVACY), at.collected(RequestType.ERASE)),
    "request_pages.copy_words": lambda at: partial(at.desk.request_pages.copy_words, at.by(Role.PRIVACY), at.packed),
    "plans.plan": lambda at: partial(at.desk.plans.plan, at.by(Role.PRIVACY), at.collected(RequestType.ERASE)),
    "notices.draft": lambda at: partial(
        at.desk.notices.draft, at.by(Role.PRIVACY), at.fresh_stop(), "CAMPAIGN_SERVICE"
    ),
    "notices.send": lambda at: partial(
        at.desk.notices.send, at.by(Role.PRIVACY), at.fresh_stop(), "CAMPAIGN_SERVICE", "", Way.HAND
    ),
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
    "settings.card_rule": lambda at: partial(at.desk.settings.card_rule, at.by(Role.PRIVACY)),
    "settings.demand_card": lambda at: partial(
        at.desk.settings.demand_card, at.by(Role.PRIVACY), at.other_card_rule(), "the authority finds it too much"
    ),
    "settings.watch": lambda at: partial(at.desk.settings.watch, at.by(Role.ADMIN)),
    "settings.name_deputy": lambda at: partial(at.desk.settings.name_deputy, at.by(Role.ADMIN), at.other_deputy()),
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
    "audit.export": lambda at: at.exporting(),
    "audit.checkpoint": lambda at: partial(at.desk.audit.checkpoint, at.by(Role.ADMIN)),
    "log_length.state": lambda at: partial(at.desk.log_length.state, at.by(Role.ADMIN)),
    "reviews.list": lambda at: partial(at.desk.reviews.list, at.by(Role.ADMIN), ItemFilter()),
    "reviews.to_review": lambda at: partial(at.desk.reviews.to_review, at.by(Role.ADMIN)),
    "reviews.open": lambda at: partial(at.desk.reviews.open, at.by(Role.ADMIN), at.item()),
    "reviews.ask": lambda at: partial(at.desk.reviews.ask, at.by(Role.ADMIN), at.item()),
    "reviews.decide": lambda at: partial(
        at.desk.reviews.decide, at.by(Role.ADMIN), at.item(), ItemState.JUSTIFIED, ""
    ),
    "declaring.declare": lambda at: partial(
        at.desk.declaring.declare, at.by(Role.SUPPORT), Whom.PERSON, at.mailed(), "family"
    ),
    "looks.of": lambda at: partial(at.desk.looks.of, at.by(Role.SUPPORT), at.demo.person),
    "declaring.own": lambda at: partial(at.desk.declaring.own, at.by(Role.SUPPORT)),
    "declaring.all": lambda at: partial(at.desk.declaring.all, at.by(Role.ADMIN)),
    "declaring.withdraw": lambda at: partial(at.desk.declaring.withdraw, at.by(Role.SUPPORT), at.declared()),
    "inbox.questions": lambda at: partial(at.desk.inbox.questions, at.by(Role.SUPPORT)),
    "asked.waiting": lambda at: partial(at.desk.asked.waiting, at.by(Role.SUPPORT)),
    "inbox.answer": lambda at: partial(at.desk.inbox.answer, at.by(Role.SUPPORT), at.asked_about(), REASON),
    "pictures.month": lambda at: partial(at.desk.pictures.month, at.by(Role.ADMIN)),
    "pictures.report": lambda at: at.reporting(),
    "months.months": lambda at: partial(at.desk.months.months, at.by(Role.ADMIN)),
    "months.close": lambda at: partial(at.desk.months.close, at.by(Role.ADMIN), at.month()),
    "months.certificate": lambda at: partial(at.desk.months.certificate, at.by(Role.ADMIN), at.closed_month()),
    "months.save": lambda at: partial(at.desk.months.save, at.by(Role.ADMIN), at.closed_month()),
    "breaches.list": lambda at: partial(at.desk.breaches.list, at.by(Role.ADMIN)),
    "breaches.close": lambda at: partial(
        at.desk.breaches.close, at.by(Role.ADMIN), at.breach(), BreachOutcome.NO_RISK, REASON
    ),
    **support_logs.CASES,
    **mails.LICENCES,
    "evidence.read": lambda at: partial(at.desk.evidence.read, at.by(Role.AUDITOR)),
    "import_runs.all": lambda at: partial(at.desk.import_runs.all, at.by(Role.PRIVACY)),
    "import_runs.owed": lambda at: partial(at.desk.import_runs.owed, at.by(Role.PRIVACY)),
    "import_runs.told": lambda at: partial(at.desk.import_runs.told, at.by(Role.PRIVACY), importing.run(at.owner)),
    "import_runs.undo": lambda at: partial(at.desk.import_runs.undo, at.by(Role.PRIVACY), importing.run(at.owner)),
    "imports.run": lambda at: partial(at.desk.imports.run, at.by(Role.PRIVACY), "fastspring", at.export()),
    "sign_in.sign_in": lambda at: partial(at.desk.sign_in.sign_in, *at.fresh(Role.SALES), HOST),
    "sign_in.sign_out": lambda at: partial(at.desk.sign_in.sign_out, at.come_in(Role.SALES)),
    "sign_in.lock": lambda at: partial(at.desk.sign_in.lock, at.come_in(Role.SALES)),
    "sign_in.unlock": lambda at: partial(at.desk.sign_in.unlock, at.locked(), at.password(Role.FINANCE)),
    "sign_in.seen": lambda at: partial(at.desk.sign_in.seen, at.come_in(Role.SALES)),
    "sign_in.still_valid": lambda at: partial(at.desk.sign_in.still_valid, at.come_in(Role.SALES)),
}  # fmt: skip

WITHOUT: Final = {
    "answers.answer": "a part of workflow.send, which meets faults",
    "answers.forget": "as above",
    "answers.make": "a part of workflow.make; tests/services/test_answers.py",
    "sign_in.confirm": "a part of workflow.make, which it stands before; tests/services/test_workflow.py",
    "support_logs.words_to_ask": "asks the parameters alone",
    "workflow.way_of": "asks the settings alone",
    "notices.way_of": "asks the settings alone",
    "filling.run": "nobody asks for it; tests/services/test_reviews.py",
    "pruning.run": "nobody asks for it; tests/services/test_pruning.py and the drill that kills it",
    "due.run": "nobody asks for it; tests/services/test_due.py",
    "erasures.let_go": "nobody asks for it; tests/services/test_retention.py",
    "erasures.run_due": "nobody asks for it; tests/services/test_erasure.py and the drill that kills it",
    "plans.certificate": "needs an erasure; tests/services/test_answers.py",
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
    kinds = type(desk).__mro__
    lazy = [name for kind in kinds for name, value in vars(kind).items() if isinstance(value, cached_property)]
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
