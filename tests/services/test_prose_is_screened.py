"""Wherever a person writes prose about a person, the note's screen reads it: as strict in a reason as in a note."""

from __future__ import annotations

import datetime as dt
import inspect
import operator
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Final

import pytest

from staffdesk.domain.access import RecordKind, Role
from staffdesk.domain.errors import MustNotBeHeld
from staffdesk.domain.grounds import ExemptionGround
from staffdesk.domain.manifest import manifest_of
from staffdesk.domain.marketing import TaskState
from staffdesk.domain.request_work import Answers, Searched
from staffdesk.domain.requests import RequestChannel, RequestType
from staffdesk.domain.reviews import BreachOutcome, ItemState
from staffdesk.domain.screening import FieldKind, screen
from staffdesk.services.desk import Desk
from staffdesk.services.home import secret_of
from tests import demos
from tests.databases import Place
from tests.faults import mails
from tests.faults.arranging import At
from tests.faults.cases import methods
from tests.faults.layer import layered

OF_HEALTH: Final = "He is in hospital with cancer since May, so we wait for him."

Call = Callable[[], object]

ENTRANCES: Final[dict[str, Callable[[At, str], Call]]] = {
    "break_glass.open reason": lambda at, it: partial(
        at.desk.break_glass.open, at.by(Role.SUPPORT), RecordKind.PERSON, at.demo.person, it
    ),
    "break_glass.open_for_value reason": lambda at, it: partial(
        at.desk.break_glass.open_for_value, at.by(Role.SUPPORT), f"person:{at.demo.person}:street", it
    ),
    "breaches.close facts": lambda at, it: partial(
        at.desk.breaches.close, at.by(Role.ADMIN), "PB-2026-0001", BreachOutcome.NO_RISK, it
    ),
    "case_mails.attach topic": lambda at, it: partial(
        at.desk.case_mails.attach, at.by(Role.SUPPORT), at.demo.case, mails.read(at), topic=it
    ),
    "case_mails.attach mail": lambda at, it: partial(
        at.desk.case_mails.attach, at.by(Role.SUPPORT), at.demo.case, replace(mails.read(at), text=it)
    ),
    "case_mails.attach_file topic": lambda at, it: partial(
        at.desk.case_mails.attach_file, at.by(Role.SUPPORT), at.demo.case, mails.saved(at), topic=it
    ),
    "cases.close reason": lambda at, it: partial(at.desk.cases.close, at.by(Role.SUPPORT), at.closable(), reason=it),
    "cases.close resolution": lambda at, it: partial(
        at.desk.cases.close, at.by(Role.SUPPORT), at.closable(), resolution=it
    ),
    "cases.note text": lambda at, it: partial(
        at.desk.cases.note, at.by(Role.SUPPORT), at.demo.case, topic="x", text=it
    ),
    "cases.note topic": lambda at, it: partial(at.desk.cases.note, at.by(Role.SUPPORT), at.demo.case, topic=it),
    "cases.open case": lambda at, it: partial(
        at.desk.cases.open, at.by(Role.SUPPORT), replace(at.a_case(), summary=it)
    ),
    "claim_holds.lift claim": lambda at, it: partial(
        at.desk.claim_holds.lift, at.by(Role.PRIVACY), at.demo.person, claim=it, reason="It was settled last week."
    ),
    "claim_holds.lift reason": lambda at, it: partial(
        at.desk.claim_holds.lift, at.by(Role.PRIVACY), at.demo.person, claim="26/1", reason=it
    ),
    "claim_holds.set claim": lambda at, it: partial(
        at.desk.claim_holds.set, at.by(Role.PRIVACY), at.demo.person,
        claim=it, reason="He has not paid his orders.", until=at.in_a_week(),
    ),
    "claim_holds.set reason": lambda at, it: partial(
        at.desk.claim_holds.set, at.by(Role.PRIVACY), at.demo.person, claim="26/1", reason=it, until=at.in_a_week()
    ),
    "corrections.want evidence": lambda at, it: partial(
        at.desk.corrections.want, at.by(Role.PRIVACY), at.read_only(), "city", "Gent", it
    ),
    "inbox.answer text": lambda at, it: partial(at.desk.inbox.answer, at.by(Role.SUPPORT), 1, it),
    "licence_requests.tick note": lambda at, it: partial(
        at.desk.licence_requests.tick, at.by(Role.SUPPORT), at.demo.case, "holder", note=it
    ),
    "marketing.stop note": lambda at, it: partial(
        at.desk.marketing.stop, at.by(Role.SUPPORT), at.mailed(), note=it
    ),
    "new_customers.add returning": lambda at, it: partial(
        at.desk.new_customers.add, at.called(), at.somebody(), returning=it
    ),
    "requests.receive note": lambda at, it: partial(
        at.desk.requests.receive, at.by(Role.SUPPORT), kind=RequestType.ACCESS, channel=RequestChannel.PHONE,
        customer=at.demo.person, note=it,
    ),
    "reveals.ask reason": lambda at, it: partial(at.desk.reveals.ask, at.by(Role.PRIVACY), at.read_only(), 1, it),
    "reviews.decide note": lambda at, it: partial(
        at.desk.reviews.decide, at.by(Role.ADMIN), 1, ItemState.NOT_JUSTIFIED, it
    ),
    "searches.note evidence": lambda at, it: partial(
        at.desk.searches.note, at.by(Role.PRIVACY), at.read_only(), {"paper": Searched.NOTHING}, it
    ),
    "settings.demand_card reason": lambda at, it: partial(
        at.desk.settings.demand_card, at.by(Role.PRIVACY), at.other_card_rule(), it
    ),
    "support_logs.ask why": lambda at, it: partial(
        at.desk.support_logs.ask, at.by(Role.SUPPORT), at.demo.case, it
    ),
    "workflow.draft answers": lambda at, it: partial(
        at.desk.workflow.draft, at.by(Role.PRIVACY), at.read_only(), "ask_identity", Answers(reason=it)
    ),
    "workflow.make answers": lambda at, it: partial(
        at.desk.workflow.make, at.by(Role.PRIVACY), at.read_only(), "ask_identity", Answers(reason=it)
    ),
    "workflow.make answers, facts": lambda at, it: partial(
        at.desk.workflow.make, at.by(Role.PRIVACY), at.read_only(), "refuse_unproven", Answers(facts=it)
    ),
    "workflow.told reason": lambda at, it: partial(
        at.desk.workflow.told, at.by(Role.PRIVACY), at.fresh_stop(), "CAMPAIGN_SERVICE", TaskState.EXEMPT, it,
        ground=ExemptionGround.IMPOSSIBLE,
    ),
}  # fmt: skip

PROSE: Final = frozenset(
    {
        *("reason", "why", "note", "evidence", "facts", "text", "topic", "resolution", "returning", "claim"),
        *("answers", "mail", "remark", "comment", "summary", "message", "case", "told", "words"),
    }
)
"""What a parameter is called into which somebody writes."""

NO_PROSE: Final = {
    "audit.filters.save text": "a filter, whose words are those of the log",
    "bounces.take mail": "a report of a server, of which an address is kept",
    "case_mails.attach_file mail": "a file; what is in it goes through attach",
    "gateway.search text": "a term, of which a commitment is kept",
    "intake.receive mail": "its words are left out where the note's screen refuses them; tests/services/test_intake.py",
    "intake.join mail": "a mail that is not kept",
    "intake.propose mail": "as above",
    "sign_in.sign_out reason": "the desk's own words",
}


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[At]:
    folder = tmp_path_factory.mktemp("prose")
    with demos.cheap_passwords():
        demo = demos.small()
        home = demos.copied(demo, folder / "home")
        place = Place("sqlite", home.database_file, key=home.read_key())
        with place.owner() as owner:
            database, _ = layered(place, owner, secret_of(home.read_key()))
            desk = Desk(home, database)
            try:
                yield At(desk, demo, owner, folder)
            finally:
                desk.close()


def test_the_note_alone_refuses_this_text() -> None:
    assert screen(OF_HEALTH) is None
    found = screen(OF_HEALTH, FieldKind.NOTE)
    assert found is not None
    assert found.name == "health"


@pytest.mark.parametrize("text", [OF_HEALTH, "He told us on the phone that his password is sunshine."])
@pytest.mark.parametrize("entrance", ENTRANCES)
def test_what_may_stand_in_no_note_may_stand_in_no_reason(entrance: str, text: str, at: At) -> None:
    call = ENTRANCES[entrance](at, text)
    with pytest.raises(MustNotBeHeld) as refused:
        call()
    assert "cancer" not in f"{refused.value}"
    assert "sunshine" not in f"{refused.value}"


def test_every_entrance_for_prose_is_among_them(at: At) -> None:
    known = {each.partition(",")[0] for each in {*ENTRANCES, *NO_PROSE}}
    found = {
        f"{method} {name}"
        for method in methods(at.desk)
        for name, each in inspect.signature(operator.attrgetter(method)(at.desk)).parameters.items()
        if name in PROSE and any(kind in str(each.annotation) for kind in ("str", "Answers", "NewCase", "RequestMail"))
    }
    assert found <= known, f"a line in ENTRANCES is missing: {sorted(found - known)}"


@pytest.mark.parametrize("name", ["evidence", "event"])
def test_what_is_said_of_a_list_is_prose_too(name: str) -> None:
    with pytest.raises(MustNotBeHeld):
        manifest_of({name: OF_HEALTH}, dt.date(2026, 11, 28))
