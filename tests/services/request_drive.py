"""One request taken on step by step towards an end, as those at work do; what was decided otherwise is taken back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from staffdesk.domain.access import Access, Role
from staffdesk.domain.errors import StaffdeskError
from staffdesk.domain.grounds import ExemptionGround, ExtensionGround, RefusalGround
from staffdesk.domain.likely_same import SamePerson
from staffdesk.domain.marketing import TaskState
from staffdesk.domain.request_moves import Identity, moves
from staffdesk.domain.request_progress import RequestStanding
from staffdesk.domain.request_work import Answers, Decision
from staffdesk.domain.requests import RequestState, RequestType
from staffdesk.domain.requests import rules as periods
from staffdesk.services.corrections import Corrections
from staffdesk.services.duplicates import Duplicates
from staffdesk.services.workflow import Workflow
from tests.services.front import Front
from tests.services.offices import PASSWORD
from tests.services.request_invariants import INVARIANTS, Watched
from tests.services.workflows import search

PIA, MAX, ZOE, RON = range(4)
"""Two officers, an officer who is an approver too, and an approver alone."""

TOLD: Final = Answers(
    reason="Two people of this name write to us.",
    document="passport",
    method="call_back",
    copy_deleted=True,
    extension=ExtensionGround.COMPLEXITY,
    breach=False,
)
_OBJECTION_REFUSED: Final = replace(
    TOLD, ground=RefusalGround.COMPELLING, facts="Who uses our software unpaid must be found; that weighs more."
)
_REFUSED: Final = replace(TOLD, ground=RefusalGround.OTHERS, facts="Redaction was tried on each page.")
_CARRIES_OUT: Final = {
    RequestType.ACCESS: "hand_over", RequestType.PORT: "hand_over", RequestType.RECTIFY: "correct",
    RequestType.ERASE: "erase", RequestType.RESTRICT: "restrict", RequestType.OBJECT: "restrict",
}  # fmt: skip
EXTENDED: Final = frozenset({
    RequestState.ACKNOWLEDGED, RequestState.IDENTITY, RequestState.ASSESSMENT, RequestState.DECISION,
})  # fmt: skip
"""Where a request may be extended."""
_NAMED_IN: Final = frozenset({
    RequestState.RECEIVED, RequestState.ACKNOWLEDGED, RequestState.IDENTITY, RequestState.ASSESSMENT,
})  # fmt: skip
"""Where it is said whose data it is about."""
_OF_NOBODY: Final = ("nobody_found", "nothing_held")
"""What ends a request early that names nobody."""
_BUT_MAIL: Final = tuple(each for each in RequestType if each is not RequestType.OBJECT_MKT)


@dataclass(frozen=True, slots=True)
class Aim:
    """Where runs lead, of which requests, and the moves that would lead elsewhere and are not tried."""

    end: RequestState
    kinds: tuple[RequestType, ...]
    never: frozenset[str]
    runs: int


AIMS: Final = (
    Aim(
        RequestState.COMPLETED, (RequestType.ERASE,),
        frozenset({
            "withdraw", "proof_of_another", "found_another", "refuse_unproven", "lapse", "approve_refusal", *_OF_NOBODY,
        }), 2,
    ),
    Aim(RequestState.REFUSED, _BUT_MAIL, frozenset({"withdraw", "lapse", "approve", "carry_out", *_OF_NOBODY}), 1),
    Aim(
        RequestState.LAPSED, _BUT_MAIL,
        frozenset({
            "withdraw", "verify", "no_identity_needed", "proof_of_another", "found_another", "refuse_unproven",
            *_OF_NOBODY,
        }), 1,
    ),
    Aim(RequestState.COMPLETED, (RequestType.OBJECT_MKT,), frozenset({"withdraw"}), 1),
    Aim(RequestState.COMPLETED, tuple(RequestType), frozenset(), 2),
)  # fmt: skip
"""To the end of an erasure, of a refusal, of a lapse, of an objection to mail, and wherever chance leads."""


@dataclass(slots=True)
class Drive:
    """A request and the four who work on it; every promise is asked after every step.

    ``officer`` is who is asked first to go on with it; where it ``extends``, he extends it whenever he may.
    """

    front: Front
    workflow: Workflow
    people: tuple[tuple[Access, str], ...]
    aim: Aim
    number: str
    it: Watched
    officer: int = PIA
    extends: bool = False
    standing: RequestStanding = field(init=False)

    def __post_init__(self) -> None:
        self.look()

    def go_on(self) -> None:
        """Make the next move towards the end."""
        if self.extends and self.it.now.state in EXTENDED:
            self.make("extend", PIA, TOLD)
            self.front.office.clock.forward(days=1)
        if self.it.now.person is None and self.it.now.state in _NAMED_IN:
            self.name()
        step = self._steps().get(self.it.now.state)
        if step is not None:
            step()

    def make(self, name: str, who: int, answers: Answers) -> bool:
        """Try a move; say whether it was made."""
        if name in self.aim.never:
            return False
        if name == "decide" and self.aim.end is RequestState.REFUSED:
            answers = self._answers()
        before = self.it.now
        try:
            moved = self.workflow.make(self.people[who][0], self.number, name, answers, password=PASSWORD)
        except StaffdeskError:
            self.look()
            assert self.it.now == before, "what is refused leaves nothing behind"
            return False
        self.it.made += [(name, self.people[who][1]), *((each, "") for each in moved.made)]
        self.look()
        assert self.it.now.turn == before.turn + 1 + len(moved.made)
        return True

    def name(self) -> None:
        """Say whose data it is about."""
        assert self.make("name_customer", PIA, replace(TOLD, customer=self.it.person))

    def tell(self, code: str, state: TaskState) -> None:
        """Note that a recipient was told, or need not be."""
        try:
            by, ground = self.people[PIA][0], ExemptionGround.IMPOSSIBLE
            moved = self.workflow.told(by, self.number, code, state, "He left that house.", ground=ground)
        except StaffdeskError:
            return
        self.it.made += [(name, "") for name in moved.made]
        self.look()

    def look(self) -> None:
        """See where the request stands, and that every promise is kept there."""
        self.standing = self.workflow.open_moves(self.people[PIA][0], self.number)
        self.it.seen.append(self.standing.progress)
        for promise in INVARIANTS:
            promise(self.it)

    def _steps(self) -> Mapping[RequestState, Callable[[], object]]:
        stops = self.it.now.kind is RequestType.OBJECT_MKT
        return {
            RequestState.RECEIVED: self._stop_mail if stops else lambda: self._by_anybody("acknowledge"),
            RequestState.ACKNOWLEDGED: lambda: self._by_anybody("ask_identity"),
            RequestState.IDENTITY: self._settle_identity,
            RequestState.ASSESSMENT: self._decide,
            RequestState.DECISION: self._submit,
            RequestState.APPROVAL: self._approve,
            RequestState.EXECUTING: self._carry_out,
            RequestState.NOTIFYING: self._tell_everybody,
            RequestState.REPLYING: self._send,
        }

    def _stop_mail(self) -> None:
        self.front.marketing.stop(self.people[PIA][0], self.it.person)
        self.it.made.append(("stop_marketing", self.people[PIA][1]))
        self.look()

    def _settle_identity(self) -> None:
        lapses, identity = self.aim.end is RequestState.LAPSED, self.it.now.identity
        if identity is Identity.FAILED:
            self._by_anybody("refuse_unproven")
        elif identity is Identity.RECEIVED:
            self._by_anybody("proof_insufficient" if lapses else "verify")
        elif not lapses:
            self._by_anybody("proof_arrived")
        else:
            near = (self.it.now.hard_due - self.it.today()).days - periods().periods.lapse_days_before_due
            self.front.office.clock.forward(days=max(0, near))
            self._by_anybody("lapse")

    def _decide(self) -> None:
        by = self.people[PIA][0]
        if not self.standing.work.all_searched:
            search(self.front.office, by, self.number)
        likely = Duplicates(self.front.office.door, clock=self.front.office.clock)
        others = {each.customer: SamePerson.OTHER for each in likely.list(by, self.number).listed}
        if others:
            likely.answer(by, self.number, others)
        if self.it.now.kind is RequestType.RECTIFY and not self.it.corrected:
            field_of_his = f"person:{self.it.person}:city"
            Corrections(self.front.office.door).want(by, self.number, field_of_his, "Gent", "his letter")
            self.it.corrected = True
        self._by_anybody("decide")

    def _submit(self) -> None:
        declined = self.standing.work.decided.get(Decision.DECLINE, 0) > 0
        refuses = self.aim.end is RequestState.REFUSED
        if declined is not refuses or not self._by_anybody("submit", "carry_out"):
            self._by_anybody("take_back")

    def _approve(self) -> None:
        refuses = self.aim.end is RequestState.REFUSED
        if not self._by_anybody("approve_refusal" if refuses else "approve"):
            self._by_anybody("take_back")

    def _carry_out(self) -> None:
        if not self._by_anybody(_CARRIES_OUT[self.it.now.kind]):
            self._by_anybody("take_back")

    def _tell_everybody(self) -> None:
        open_ones = "SELECT recipient FROM recipient_task WHERE request_id = :which AND state = :open"
        for row in self.it.rows(open_ones, which=self.it.request, open=TaskState.OPEN.value):
            self.tell(str(row[0]), TaskState.SENT)

    def _send(self) -> None:
        moved = self.workflow.send(self.people[PIA][0], self.number)
        self.it.made += [(name, "") for name in moved.made]
        self.look()

    def _answers(self) -> Answers:
        if self.aim.end is not RequestState.REFUSED:
            return TOLD
        return _OBJECTION_REFUSED if self.it.now.kind is RequestType.OBJECT else _REFUSED

    def _by_anybody(self, *names: str) -> bool:
        by = {each.name: each.by for each in moves()}
        return any(
            self.make(name, who, self._answers())
            for name in names
            for who in ((ZOE, RON) if Role.APPROVER in by[name] else dict.fromkeys((self.officer, PIA, ZOE, MAX)))
        )
