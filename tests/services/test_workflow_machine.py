"""Whatever is tried with a request, in whatever order and by whomever, it keeps what the law and the house ask.

Four kinds of runs: to the end of an erasure, of a refusal, of a lapse, and wherever chance leads; what would lead
elsewhere is not tried in the first three, so that each ends where it aims, by way of whatever else was tried.
With ``--hypothesis-profile=thorough`` there are forty times as many of them.
Seen to fail with an approval by who decided and checked the identity, with a second extension allowed, with held rows
open to sale and support, and with a replay that passes over who was erased; with proof that no move waits for and
"No doubt" offered to everybody; with the card's own bytes among a mail's words; and with who was named by mistake
working on what had named him.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from staffdesk.data.database import Database
from staffdesk.data.tables.sharing import Subscription
from staffdesk.domain.access import Access, Purpose, RecordKind, Role
from staffdesk.domain.errors import Conflict, Denied, NotFound
from staffdesk.domain.grounds import ExtensionGround, RefusalGround
from staffdesk.domain.marketing import TaskState
from staffdesk.domain.request_moves import moves
from staffdesk.domain.request_rows import RequestRow
from staffdesk.domain.request_work import Answers
from staffdesk.domain.requests import ANSWERED, FrontOfCard, RequestChannel, RequestState, RequestType
from staffdesk.services.erasure.replay import replay
from staffdesk.services.home import Home
from staffdesk.services.intake.reading import read_mail
from staffdesk.services.local_settings import DeskSettings
from staffdesk.services.sessions import day_in_brussels
from tests import factories, mails
from tests.databases import Place
from tests.services.erasures import storage_of
from tests.services.front import Front
from tests.services.offices import Clock, Office
from tests.services.request_drive import AIMS, EXTENDED, MAX, PIA, RON, TOLD, ZOE, Aim, Drive
from tests.services.request_invariants import DONE, Watched
from tests.services.workflows import workflow_of

STEPS: Final = 12
_THOROUGH: Final = 40
ANSWERS: Final = st.builds(
    Answers,
    reason=st.sampled_from(("", "Two people of this name write to us.")),
    day=st.none(),
    document=st.sampled_from(("identity_card", "", "selfie")),
    masked=st.booleans(),
    copy_deleted=st.booleans(),
    extension=st.none() | st.sampled_from(ExtensionGround),
    breach=st.none() | st.booleans(),
    ground=st.none() | st.sampled_from(RefusalGround),
    facts=st.sampled_from(("", "Redaction was tried on each page.")),
)


class Machine(RuleBasedStateMachine):
    """One request, and four people who try what they like with it."""

    office: Office
    front: Front
    owner: sa.Connection
    folder: Path
    people: tuple[tuple[Access, str], ...]
    sellers: tuple[Access, ...]
    aim: Aim
    reached: Counter[tuple[RequestType, RequestState]]
    erased: list[str]
    drive: Drive
    settings: DeskSettings

    @initialize(
        data=st.data(), his_own=st.booleans(), begun=st.booleans(), officer=st.sampled_from((ZOE, PIA)),
        extends=st.booleans(), named_later=st.booleans(),
    )  # fmt: skip
    def receive(
        self, data: st.DataObject, officer: int, *, his_own: bool, begun: bool, extends: bool, named_later: bool
    ) -> None:
        self.settings = DeskSettings(self.office.door, clock=self.office.clock)
        self.office.clock.now = Clock().now  # each begins on the day of its receipt
        kind = data.draw(st.sampled_from(self.aim.kinds))
        himself = his_own and kind is not RequestType.OBJECT_MKT
        made = factories.customer(
            self.office.database, email="max@softron.example" if himself else factories.person().email
        )
        factories.put(self.office.database, _subscribed(made.person))
        ((suppressed,),) = self.owner.exec_driver_sql("SELECT count(*) FROM suppression").all()
        later = named_later and kind is not RequestType.OBJECT_MKT
        row = self._received(kind, None if later else made.person)
        watched = Watched(
            owner=self.owner,
            request=row.id,
            person=made.person,
            today=lambda: day_in_brussels(self.office.clock()),
            himself=self.people[MAX][1] if himself else None,
            suppressed=suppressed,
        )
        workflow = workflow_of(self.office, self.folder, days_pass=True)
        self.drive = Drive(
            self.front, workflow, self.people, self.aim, row.number, watched, officer=officer, extends=extends
        )
        if later:
            self.drive.name()
        if begun:
            self.drive.make("acknowledge", PIA, TOLD)

    def _received(self, kind: RequestType, person: int | None) -> RequestRow:
        by = self.people[PIA][0]
        if kind is RequestType.OBJECT_MKT:
            return self.front.requests.receive(by, kind=kind, channel=RequestChannel.EMAIL, customer=person)
        mail = replace(CAME, message_id=f"<{secrets.token_hex(8)}@nordlys.example>")
        taken = self.front.intake.receive(by, mail, [kind], customer=person, language="en", card=True)
        return taken.requests[0]

    @rule(name=st.sampled_from([each.name for each in moves()]), who=st.integers(PIA, RON), answers=ANSWERS)
    def any_move(self, name: str, who: int, answers: Answers) -> None:
        self.drive.make(name, who, answers)

    @rule(at=st.integers(0, 20), answers=ANSWERS)
    def an_open_move(self, at: int, answers: Answers) -> None:
        who = at % 4
        try:
            offered = self.drive.workflow.open_moves(self.people[who][0], self.drive.number).offers
        except Denied:
            return  # nothing of it is his
        open_ones = [each.move.name for each in offered if each.closed is None]
        if open_ones:
            self.drive.make(open_ones[at % len(open_ones)], who, answers)

    @rule(steps=st.integers(1, 4))
    def go_on(self, steps: int) -> None:
        for _ in range(steps):
            self.drive.go_on()

    @rule()
    def take_the_name_back(self) -> None:
        self.drive.make("unname_customer", PIA, TOLD)

    @precondition(lambda self: self.drive.it.now.state in EXTENDED)
    @rule(times=st.integers(1, 2))
    def extend(self, times: int) -> None:
        for _ in range(times):
            self.drive.make("extend", PIA, TOLD)
            self.office.clock.forward(days=1)

    @rule(value=st.sampled_from(FrontOfCard))
    def demand_card(self, value: FrontOfCard) -> None:
        with suppress(Conflict):
            self.settings.demand_card(self.people[PIA][0], value, "The authority finds the card too much.")

    @rule(days=st.sampled_from((1, 8, 25, 40)))
    def days_pass(self, days: int) -> None:
        self.office.clock.forward(days=days)

    @rule(state=st.sampled_from(TaskState))
    def tell(self, state: TaskState) -> None:
        self.drive.tell("CAMPAIGN_SERVICE", state)

    def teardown(self) -> None:
        if not hasattr(self, "drive"):
            return
        it = self.drive.it
        for _ in range(40):
            if it.now.state in ANSWERED:
                break
            self.drive.go_on()
        ends = any(each.state is self.aim.end for each in it.seen) or (not self.aim.never and it.now.state in ANSWERED)
        assert ends, (it.now.state, it.made[-4:])
        self.reached.update({(it.now.kind, each.state) for each in it.seen})
        event(f"{it.now.kind.value} ended {it.now.state.value}")
        assert not mails.traces(self.folder), "of a card nothing is left in a file"
        if it.now.kind is RequestType.ERASE and it.now.carried_out_at is not None:
            self.erased.append(self.drive.number)
            self._held_is_hidden(it)

    def _held_is_hidden(self, it: Watched) -> None:
        orders = it.rows(
            "SELECT record_id FROM hold WHERE request_id = :which AND record_table = 'sales_order'", which=it.request
        )
        assert orders, "the law keeps what was paid for"
        for by in self.sellers:
            with pytest.raises(NotFound):
                self.front.gateway.open(by, RecordKind.ORDER, int(str(orders[0][0])))


CAME: Final = replace(read_mail(mails.mail(card=mails.CARD)), received_at=None)


def _subscribed(person: int) -> Subscription:
    listed = {"person_id": person, "list_name": "product news", "status": "subscribed"}
    return Subscription.checked({**factories.provenance(), **listed})


def test_whatever_is_tried_the_machine_keeps_its_promises(
    office: Office, place: Place, database: Database, tmp_path: Path
) -> None:
    front, people = Front(office), list[tuple[Access, str]]()
    for user, roles in (
        ("pia", (Role.PRIVACY,)),
        ("max", (Role.PRIVACY,)),
        ("zoe", (Role.PRIVACY, Role.APPROVER)),
        ("ron", (Role.APPROVER,)),
    ):
        number = office.hire(user, *roles)
        people.append((replace(office.access(user), purpose=Purpose.RIGHTS), number))
    sellers = tuple(front.staff(user, role, "T-1182") for user, role in (("sue", Role.SUPPORT), ("sal", Role.SALES)))
    reached, erased = Counter[tuple[RequestType, RequestState]](), list[str]()
    times = _THOROUGH if settings.get_current_profile_name() == "thorough" else 1
    with place.owner() as owner:
        for aim in AIMS:
            members: dict[str, Any] = {
                "folder": tmp_path, "office": office, "front": front, "people": tuple(people), "sellers": sellers,
                "owner": owner, "aim": aim, "reached": reached, "erased": erased,
            }  # fmt: skip
            run_state_machine_as_test(
                type("OnThisDesk", (Machine,), members),
                settings=settings(
                    max_examples=aim.runs * times,
                    stateful_step_count=STEPS,
                    deadline=None,
                    suppress_health_check=list(HealthCheck),
                    phases=(Phase.generate,),
                ),
            )
    assert {(RequestType.ERASE, each) for each in (*DONE, RequestState.APPROVAL)} <= reached.keys()
    assert {RequestState.REFUSED, RequestState.LAPSED} <= {state for _, state in reached}
    _no_older_copy_brings_him_back(place, database, tmp_path, erased[-1])


def _no_older_copy_brings_him_back(place: Place, database: Database, folder: Path, number: str) -> None:
    """Put him back as an older copy has him, which knows of no erasure; the ledger does."""
    storage = replace(storage_of(place, database, folder), ledger_file=Home.locate(folder, {}).ledger_file)
    with place.owner() as owner:
        ((aid,),) = owner.execute(sa.text("SELECT aid FROM tombstone WHERE request = :n"), {"n": number}).all()
        owner.execute(sa.text("DELETE FROM tombstone WHERE request = :n"), {"n": number})
    factories.put(database, factories.person(aid=aid))
    now = Clock().now
    assert replay(storage, "2024-10", dt.datetime.fromtimestamp(now / 1000, dt.UTC).date(), now) == 1
    with place.owner() as owner:
        assert owner.execute(sa.text("SELECT count(*) FROM person WHERE aid = :aid"), {"aid": aid}).scalar() == 0
