"""Whatever is tried with a request, in whatever order and by whomever, it keeps what the law and the house ask.

Seen to fail with an approval by who decided and checked the identity.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from staffdesk.domain.access import Access, Purpose, Role
from staffdesk.domain.errors import Conflict, Denied, StaffdeskError
from staffdesk.domain.marketing import TaskState
from staffdesk.domain.request_moves import Identity, moves
from staffdesk.domain.request_progress import Progress
from staffdesk.domain.request_work import Answers, Ground
from staffdesk.domain.requests import ANSWERED, FrontOfCard, RequestChannel, RequestState, RequestType
from staffdesk.services.local_settings import DeskSettings
from tests import factories
from tests.databases import Place
from tests.services.front import Front
from tests.services.offices import PASSWORD, Office, entries
from tests.services.workflows import search, workflow_of

NEEDS_PROOF: Final = frozenset(RequestType) - {RequestType.OBJECT, RequestType.OBJECT_MKT}
DONE: Final = frozenset({RequestState.EXECUTING, RequestState.NOTIFYING, RequestState.REPLYING, RequestState.COMPLETED})
_WAY: Final = (
    "acknowledge", "ask_identity", "proof_arrived", "verify", "verify_otherwise", "no_identity_needed", "decide",
    "submit", "approve", "carry_out",
)  # fmt: skip
_TOLD: Final = Answers(
    reason="Two people of this name write to us.", document="passport", method="call_back", copy_deleted=True
)
ANSWERS: Final = st.builds(
    Answers,
    reason=st.sampled_from(("", "Two people of this name write to us.")),
    day=st.none(),
    document=st.sampled_from(("identity_card", "", "selfie")),
    method=st.sampled_from(("call_back", "")),
    masked=st.booleans(),
    copy_deleted=st.booleans(),
    ground=st.none() | st.sampled_from(Ground),
    facts=st.sampled_from(("", "Redaction was tried on each page.")),
)


class Machine(RuleBasedStateMachine):
    """One request, a privacy officer, another, an approver who is an officer too, and an approver alone."""

    office: Office
    front: Front
    place: Place
    folder: Path
    people: tuple[Access, ...]

    def __init__(self) -> None:
        super().__init__()
        self.workflow = workflow_of(self.office, self.folder)
        self.settings = DeskSettings(self.office.door, clock=self.office.clock)
        self.number = ""
        self.seen: list[Progress] = []
        self.good = 0

    @initialize(kind=st.sampled_from(RequestType), begun=st.booleans())
    def receive(self, kind: RequestType, *, begun: bool) -> None:
        made = factories.customer(self.office.database)
        row = self.front.requests.receive(self.people[0], kind=kind, channel=RequestChannel.EMAIL, customer=made.person)
        self.number = row.number
        self._look()
        if begun:
            self._make("acknowledge", 0, _TOLD)

    @rule(name=st.sampled_from([each.name for each in moves()]), who=st.integers(0, 3), answers=ANSWERS)
    def any_move(self, name: str, who: int, answers: Answers) -> None:
        self._make(name, who, answers)

    @rule(at=st.integers(0, 20), answers=ANSWERS)
    def an_open_move(self, at: int, answers: Answers) -> None:
        who = at % 4
        try:
            offered = self.workflow.open_moves(self.people[who], self.number).offers
        except Denied:
            return  # nothing of it is his
        open_ones = [each.move.name for each in offered if each.closed is None]
        if open_ones:
            self._make(open_ones[at % len(open_ones)], who, answers)

    @rule(pair=st.sampled_from(((0, 3), (2, 2), (2, 3), (0, 2))))
    def the_way_to_its_end(self, pair: tuple[int, int]) -> None:
        """Go on as a request does that is granted, by two people or by one who is both, until a move is closed."""
        if self.seen[-1].state is RequestState.ASSESSMENT:
            self.search()
        for name in _WAY:
            for who in dict.fromkeys(pair):
                self._make(name, who, _TOLD)

    @rule(times=st.integers(1, 2))
    def extend(self, times: int) -> None:
        for _ in range(times):
            self._make("extend", 0, _TOLD)
            self.office.clock.forward(days=1)

    @rule()
    def search(self) -> None:
        if self.seen[-1].state in ANSWERED:
            return
        search(self.office, self.people[0], self.number)

    @rule(days=st.sampled_from((1, 8, 25, 40)))
    def days_pass(self, days: int) -> None:
        self.office.clock.forward(days=days)

    @rule(value=st.sampled_from(FrontOfCard))
    def demand_card(self, value: FrontOfCard) -> None:
        with suppress(Conflict):
            self.settings.demand_card(self.people[0], value, "The authority finds the card too much.")

    @rule(state=st.sampled_from(TaskState))
    def tell(self, state: TaskState) -> None:
        try:
            self.workflow.told(self.people[0], self.number, "CAMPAIGN_SERVICE", state, "He left that house.")
        except StaffdeskError:
            return
        self._look()

    def _make(self, name: str, who: int, answers: Answers) -> None:
        before = self.seen[-1]
        try:
            moved = self.workflow.make(self.people[who], self.number, name, answers, password=PASSWORD)
        except StaffdeskError:
            self._look()
            assert self.seen[-1] == before, "what is refused leaves nothing behind"
            return
        self.good += 1 + len(moved.made)
        self._look()
        assert self.seen[-1].turn == before.turn + 1 + len(moved.made)

    def _look(self) -> None:
        self.seen.append(self.workflow.open_moves(self.people[0], self.number).progress)

    @invariant()
    def nothing_is_carried_out_for_who_did_not_prove_who_he_is(self) -> None:
        for now in self.seen[-1:]:
            if now.kind in NEEDS_PROOF and now.state in DONE:
                assert now.identity is Identity.VERIFIED

    @invariant()
    def no_erasure_without_another_approver(self) -> None:
        for now in self.seen[-1:]:
            if now.kind is RequestType.ERASE and now.state in DONE:
                assert now.approved_by is not None
                assert now.approved_by not in {now.decided_by, now.verified_by}

    @invariant()
    def an_extension_comes_once_and_never_after_the_first_date(self) -> None:
        extended = {each.extended_on for each in self.seen if each.extended_on is not None and each.runs_from is None}
        assert len(extended) <= 1
        for now in self.seen[-1:]:
            assert now.extended_on is None or now.extended_on <= now.first_due

    @invariant()
    def the_hard_date_moves_by_an_extension_or_late_proof_alone(self) -> None:
        for before, now in zip(self.seen[-2:], self.seen[-1:], strict=False):
            same = (before.extended_on, before.runs_from) == (now.extended_on, now.runs_from)
            assert not same or before.hard_due == now.hard_due
            assert now.soft_due >= now.hard_due

    @invariant()
    def what_ended_has_the_day_it_ended(self) -> None:
        for now in self.seen[-1:]:
            assert (now.ended_on is not None) == (now.state in ANSWERED)

    def teardown(self) -> None:
        moved = [core for core in entries(self.place) if core.act in {"request.moved", "request.approved"}]
        of_this = [core for core in moved if core.out == "ok" and self.seen and self.seen[-1].aid in core.obj]
        made = [core for core in of_this if core.kinds[2:3] and core.kinds[1] == self.seen[-1].kind.value]
        assert len(made) == (self.seen[-1].turn if self.seen else 0), "every move has exactly one entry"


def test_whatever_is_tried_the_machine_keeps_its_promises(office: Office, place: Place, tmp_path: Path) -> None:
    front = Front(office)
    staff: list[Access] = []
    for user, roles in (
        ("pia", (Role.PRIVACY,)),
        ("max", (Role.PRIVACY,)),
        ("zoe", (Role.PRIVACY, Role.APPROVER)),
        ("ron", (Role.APPROVER,)),
    ):
        office.hire(user, *roles)
        staff.append(replace(office.access(user), purpose=Purpose.RIGHTS))
    members: dict[str, Any] = {
        "folder": tmp_path,
        "office": office,
        "front": front,
        "place": place,
        "people": tuple(staff),
    }
    machine = type("OnThisDesk", (Machine,), members)
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=15,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate,),
        ),
    )
