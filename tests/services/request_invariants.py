"""What is so of a request at every moment: the ten invariants of its workflow, read from the database past the door."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import sqlalchemy as sa

from staffdesk.audit.entry import Core
from staffdesk.domain.marketing import TaskState
from staffdesk.domain.request_moves import Identity
from staffdesk.domain.request_progress import ANSWERS, Progress
from staffdesk.domain.requests import ANSWERED, RequestState, RequestType
from tests import mails

NEEDS_PROOF: Final = frozenset(RequestType) - {RequestType.OBJECT, RequestType.OBJECT_MKT}
DONE: Final = frozenset({RequestState.EXECUTING, RequestState.NOTIFYING, RequestState.REPLYING, RequestState.COMPLETED})
_ENDED_BY: Final = {
    RequestState.COMPLETED: {letter.value for letter in ANSWERS}, RequestState.REFUSED: {"L8", "L12"},
    RequestState.LAPSED: {"L12"}, RequestState.WITHDRAWN: {"L14"}, RequestState.NO_DATA: {"L13"},
}  # fmt: skip
_OF_REQUEST: Final = (
    "request_move", "request_check", "request_decision", "request_change", "request_letter", "recipient_task",
)  # fmt: skip


@dataclass(slots=True)
class Watched:
    """A request as it went: where it stood after each step, and who made which move.

    ``himself`` is an employee the request is about; ``suppressed`` how many addresses got no mail before it.
    """

    owner: sa.Connection
    request: int
    person: int
    today: Callable[[], dt.date]
    himself: str | None
    suppressed: int
    seen: list[Progress] = field(default_factory=list)
    made: list[tuple[str, str]] = field(default_factory=list)
    corrected: bool = False
    entries: int = 0
    read_to: int = 0

    @property
    def now(self) -> Progress:
        return self.seen[-1]

    def rows(self, words: str, **values: object) -> Sequence[sa.Row[Any]]:
        return self.owner.execute(sa.text(words), values).all()

    def count(self, words: str, **values: object) -> int:
        return int(str(self.rows(words, **values)[0][0]))


def nobody_unproven_is_served(it: Watched) -> None:
    """(i) Nothing that waits for proof is carried out for who did not prove who he is."""
    if it.now.kind in NEEDS_PROOF and it.now.state in DONE:
        assert it.now.identity is Identity.VERIFIED


def another_approves_an_erasure(it: Watched) -> None:
    """(ii) Nobody is erased without an approver who neither decided nor checked who asks."""
    if it.now.kind is RequestType.ERASE and it.now.state in DONE:
        assert it.now.approved_by is not None
        assert it.now.approved_by not in {it.now.decided_by, it.now.verified_by}


def no_card_is_kept(it: Watched) -> None:
    """(iii) Of the card that came along no byte stands in the rows of its request."""
    found = [it.rows("SELECT * FROM request WHERE id = :which", which=it.request)]
    found += [it.rows(f"SELECT * FROM {name} WHERE request_id = :which", which=it.request) for name in _OF_REQUEST]
    held = str([tuple(row) for rows in found for row in rows])  # as it stands, a row leaves out the middle of a text
    assert mails.CARD_AS_SENT.decode()[:24] not in held
    assert "front of the card" not in held


def what_ended_was_answered(it: Watched) -> None:
    """(iv) Where no clock runs any more, a letter that says so was sent, and when."""
    assert (it.now.ended_on is not None) == (it.now.state in ANSWERED)
    if it.now.state in _ENDED_BY:
        sent = it.rows(
            "SELECT kind FROM request_letter WHERE request_id = :which AND sent_at IS NOT NULL", which=it.request
        )
        assert {str(row[0]) for row in sent} & _ENDED_BY[it.now.state]


def it_is_extended_once_and_in_time(it: Watched) -> None:
    """(v) An extension comes once, never after the first date, and nothing else but late proof moves the hard date."""
    names = [name for name, _ in it.made]
    again = len(names) - names[::-1].index("late_proof") if "late_proof" in names else 0
    assert names[again:].count("extend") <= 1
    assert it.now.extended_on is None or it.now.extended_on <= it.now.first_due
    assert it.now.soft_due >= it.now.hard_due
    for before in it.seen[-2:-1]:
        same = (before.extended_on, before.runs_from) == (it.now.extended_on, it.now.runs_from)
        assert not same or before.hard_due == it.now.hard_due


def what_a_law_keeps_stays(it: Watched) -> None:
    """(vi) A held record is there until its day; who may see it meanwhile is asked once, of who sells and supports."""
    held = it.rows(
        "SELECT record_table, record_id, until FROM hold WHERE request_id = :which AND ended_at IS NULL",
        which=it.request,
    )
    for table, number, until in map(tuple, held):
        if dt.date.fromisoformat(str(until)) > it.today():
            assert it.count(f"SELECT count(*) FROM {table} WHERE id = :number", number=number) == 1, table


def mail_is_stopped_with_the_move(it: Watched) -> None:
    """(vii) Whoever wants no mail gets none from the transaction on that says so."""
    if it.now.kind is RequestType.OBJECT_MKT and it.now.state in DONE:
        assert it.count("SELECT count(*) FROM suppression") > it.suppressed
        assert not it.count(
            "SELECT count(*) FROM subscription WHERE person_id = :who AND status = 'subscribed'", who=it.person
        )


def nobody_moves_his_own(it: Watched) -> None:
    """(viii) Nobody moves a request about himself until its file is closed: nothing tells whose it was then."""
    if it.now.state in {RequestState.ARCHIVED, RequestState.PURGED}:
        return
    assert not [name for name, who in it.made if who == it.himself]


def each_move_is_one_entry(it: Watched) -> None:
    """(ix) Every move has exactly one entry in the log."""
    new = it.rows("SELECT seq, core FROM entry WHERE seq > :last ORDER BY seq", last=it.read_to)
    for seq, raw in map(tuple, new):
        it.read_to = int(str(seq))
        core = Core.decode(bytes(raw))
        moved = core.act in {"request.moved", "request.approved"} and core.out == "ok" and it.now.aid in core.obj
        it.entries += moved and len(core.kinds) > 2 and core.kinds[1] == it.now.kind.value
    assert it.entries == it.now.turn


def who_is_erased_is_gone(it: Watched) -> None:
    """(x) Who was erased is not there; that no older copy brings him back is tried at the end of a run."""
    if it.now.kind is RequestType.ERASE and it.now.carried_out_at is not None:
        assert not it.count("SELECT count(*) FROM person WHERE id = :who", who=it.person)
        assert it.count("SELECT count(*) FROM tombstone WHERE request = :number", number=it.now.number) == 1


def everybody_is_told_before_the_answer(it: Watched) -> None:
    """Nobody is answered before every recipient was told or is exempt; they hear of the end of a restriction later."""
    if "lift" not in [name for name, _ in it.made] and it.now.state in {RequestState.REPLYING, RequestState.COMPLETED}:
        told = "SELECT count(*) FROM recipient_task WHERE request_id = :which AND state = :open"
        assert not it.count(told, which=it.request, open=TaskState.OPEN.value)


def an_objection_is_refused_on_its_own_grounds(it: Watched) -> None:
    """Our own interest and our own claims refuse an objection alone, and nobody's privacy refuses one."""
    for (ground,) in it.rows("SELECT ground FROM request_decision WHERE request_id = :which", which=it.request):
        never = {"others"} if it.now.kind is RequestType.OBJECT else {"compelling", "legal_claims"}
        assert ground not in never


INVARIANTS: Final = (
    nobody_unproven_is_served, another_approves_an_erasure, no_card_is_kept, what_ended_was_answered,
    it_is_extended_once_and_in_time, what_a_law_keeps_stays, mail_is_stopped_with_the_move, nobody_moves_his_own,
    each_move_is_one_entry, who_is_erased_is_gone, everybody_is_told_before_the_answer,
    an_objection_is_refused_on_its_own_grounds,
)  # fmt: skip
