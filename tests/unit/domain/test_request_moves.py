"""The workflow of a request: what is offered, what is closed and why, and that no way leads past a promise."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffdesk.domain.access import Role
from staffdesk.domain.errors import Misconfigured
from staffdesk.domain.request_guards import offers, own_moves, why_closed
from staffdesk.domain.request_moves import Facts, Guard, Identity, Letter, MoveTable, move, moves
from staffdesk.domain.request_walk import findings, ways
from staffdesk.domain.requests import ANSWERED, IdentityNeed, RequestState, RequestType, rules
from staffdesk.parameters import load, shaped

TODAY = dt.date(2026, 11, 26)
EVERYBODY = frozenset(Role)


def facts(kind: RequestType = RequestType.ERASE, state: RequestState = RequestState.RECEIVED, **known: object) -> Facts:
    due = TODAY + dt.timedelta(days=30)
    return replace(Facts(kind=kind, state=state, today=TODAY, first_due=due, hard_due=due, actor="p"), **known)  # type: ignore[arg-type]


def test_every_type_reaches_its_end_and_nobody_is_stuck_on_the_way() -> None:
    assert findings() == []
    for kind in RequestType:
        assert any(place.state is RequestState.COMPLETED for place in ways(kind))


@pytest.mark.parametrize(
    ("gone", "noticed"),
    [
        ("decide", "access: no way leads to its end."),
        ("complete", "object_mkt: stuck in replying with identity none."),
        ("notified", "rectify: stuck in notifying with identity verified."),
        ("approve", "erase: no way leads to its end."),
        ("purge", "access: stuck in archived with identity none."),
        ("hand_over", "port: its way goes from executing to replying, and no move does."),
        ("late_proof", ""),
    ],
)
def test_a_table_without_a_move_is_noticed_where_it_matters(gone: str, noticed: str) -> None:
    found = findings(tuple(each for each in moves() if each.name != gone))
    assert noticed in found if noticed else not found


def test_a_table_that_breaks_a_promise_is_noticed() -> None:
    def broken(name: str, **other: object) -> list[str]:
        return findings(tuple(replace(each, **other) if each.name == name else each for each in moves()))  # type: ignore[arg-type]

    assert "erase: carry_out needs no second person." in broken("carry_out", types=frozenset(RequestType))
    assert "access: approve_refusal needs no second person." in broken("approve_refusal", by=frozenset({Role.PRIVACY}))
    assert "access: nothing_held ends it without a letter." in broken("nothing_held", letters=())
    unproven = {"starts": frozenset({RequestState.ACKNOWLEDGED}), "end": RequestState.EXECUTING, "proven": False}
    assert "access: carried out with identity none." in broken("carry_out", **unproven)


def test_a_move_that_stands_twice_is_an_error() -> None:
    table = load("request_moves")
    rows = table["moves"]
    assert isinstance(rows, list)
    rows.append(rows[0])
    with pytest.raises(Misconfigured, match=r"request_moves\.toml: proof_came_along stands twice"):
        shaped("request_moves", table, MoveTable)


_SENT_BACK = {"reject", "send_back_to_check", "send_back_to_ask"}


def test_each_approval_is_confirmed_and_what_the_desk_does_by_itself_cannot_be() -> None:
    confirmed = {each.name for each in moves() if each.confirmed}
    assert confirmed == {each.name for each in moves() if each.by == {Role.APPROVER} and each.name not in _SENT_BACK}
    table = load("request_moves")
    rows = table["moves"]
    assert isinstance(rows, list)
    next(each for each in rows if each["name"] == "notified")["confirmed"] = True
    with pytest.raises(Misconfigured, match="notified is confirmed, and the desk cannot confirm it"):
        shaped("request_moves", table, MoveTable)


@pytest.mark.parametrize(
    ("guard", "name", "closed", "opened"),
    [
        (Guard.ON_TIME, "extend", {"today": TODAY + dt.timedelta(days=31)}, {"today": TODAY + dt.timedelta(days=30)}),
        (Guard.ONCE, "extend", {"extended": True}, {}),
        (Guard.CAME_ALONG, "proof_came_along", {}, {"proof_came_along": True}),
        (Guard.NO_CARD, "verify_otherwise", {}, {"card_mandatory": False}),
        (Guard.NO_CARD, "verify_otherwise", {"kind": RequestType.PORT}, {"kind": RequestType.OBJECT}),
        (Guard.COPY_THERE, "copy_deleted", {}, {"copy_there": True}),
        (Guard.COPY_GONE, "ask_again", {"copy_there": True}, {}),
        (Guard.NOT_DONE, "withdraw", {"carried_out": True}, {}),
        (Guard.CONTESTED, "let_stand", {}, {"contested": True}),
        (Guard.NO_DOUBT, "no_identity_needed", {}, {"no_doubt": True}),
        (Guard.SEARCHED, "decide", {}, {"searched": True}),
        (Guard.NOBODY, "nobody_found", {"searched": True}, {"searched": True, "anybody_found": False}),
        (
            Guard.NONE_OUTSIDE,
            "nobody_found",
            {"searched": True, "anybody_found": False, "found_outside": True},
            {"searched": True, "anybody_found": False},
        ),
        (Guard.NOTHING, "nothing_held", {"searched": True}, {"searched": True, "anything_held": False}),
        (
            Guard.NONE_LEFT,
            "nobody_found",
            {"searched": True, "anybody_found": False, "left": True},
            {"searched": True, "anybody_found": False},
        ),
        (
            Guard.LEFT,
            "still_kept",
            {"searched": True, "anything_held": False},
            {"searched": True, "anything_held": False, "left": True},
        ),
        (Guard.CAME_WITH, "verified_with", {}, {"came_with_proof": True}),
        (Guard.OTHER_VERIFIED, "approve", {"also_verified_by": {"p", "q"}}, {"also_verified_by": {"q"}}),
        (
            Guard.OWN_PROOF,
            "name_customer",
            {"anybody_found": False, "proven_elsewhere": True},
            {"anybody_found": False},
        ),
        (Guard.NAMED_LATER, "unname_customer", {}, {"named_later": True}),
        (Guard.PROOF_STANDS, "decide", {"searched": True, "proof_fell": True}, {"searched": True}),
        (Guard.DECIDED, "submit", {"open_records": 1}, {}),
        (Guard.TOGETHER, "submit", {"kind": RequestType.ACCESS}, {"kind": RequestType.ACCESS, "declined": True}),
        (Guard.ALONE, "carry_out", {"kind": RequestType.ACCESS, "reveals_staff": True}, {"kind": RequestType.ACCESS}),
        (Guard.GRANTED, "approve", {"declined": True, "granted": False}, {"declined": True}),
        (Guard.REFUSED, "approve_refusal", {"declined": True}, {"declined": True, "granted": False}),
        (Guard.UNCHANGED, "approve", {"plan_changed": True}, {}),
        (Guard.FRESH, "approve", {"submitted_on": TODAY - dt.timedelta(days=8)}, {}),
        (Guard.OTHER_DECIDED, "approve", {"decided_by": "p"}, {"decided_by": "q"}),
        (Guard.OTHER_VERIFIED, "approve", {"verified_by": "p"}, {"verified_by": "q"}),
        (Guard.NOT_HIMSELF, "decide", {"searched": True, "subject": "p"}, {"searched": True, "subject": "q"}),
        (Guard.NOT_APPROVER, "erase", {"approved_by": "p"}, {"approved_by": "q"}),
        (Guard.TOLD, "notified", {"open_recipients": 1}, {}),
        (Guard.SENT, "complete", {}, {"letter_sent": True}),
        (
            Guard.LAPSING,
            "lapse",
            {"hard_due": TODAY + dt.timedelta(days=6)},
            {"hard_due": TODAY + dt.timedelta(days=5)},
        ),
        (Guard.REOPENS, "late_proof", {"ended_on": dt.date(2025, 11, 25)}, {"ended_on": dt.date(2025, 11, 26)}),
        (Guard.ARCHIVES, "archive", {"ended_on": dt.date(2026, 10, 28)}, {"ended_on": dt.date(2026, 10, 27)}),
        (Guard.PURGES, "purge", {"ended_on": dt.date(2021, 11, 27)}, {"ended_on": dt.date(2021, 11, 26)}),
        (Guard.QUIET, "complaint", {"complaint": True}, {}),
        (Guard.LATE, "note_breach", {"hard_due": TODAY}, {"hard_due": TODAY - dt.timedelta(days=1)}),
        (
            Guard.UNNOTED,
            "note_breach",
            {"hard_due": TODAY - dt.timedelta(days=1), "lateness_noted": True},
            {"hard_due": TODAY - dt.timedelta(days=1)},
        ),
        (Guard.COMPLAINED, "complaint_closed", {}, {"complaint": True}),
        (Guard.RESTRICTED, "tell_lifting", {}, {"restricted": True}),
        (Guard.NOT_ERASING, "tell_lifting", {"restricted": True, "erasing": True}, {"restricted": True}),
        (Guard.LIFT_UNTOLD, "tell_lifting", {"restricted": True, "lift_on": TODAY}, {"restricted": True}),
        (Guard.LIFT_TOLD, "lift", {"restricted": True}, {"restricted": True, "lift_on": TODAY}),
        (
            Guard.LIFT_DAY,
            "lift",
            {"restricted": True, "lift_on": TODAY + dt.timedelta(days=1)},
            {"restricted": True, "lift_on": TODAY},
        ),
        (
            Guard.UNRESTRICTED,
            "purge",
            {"ended_on": dt.date(2021, 11, 26), "restricted": True},
            {"ended_on": dt.date(2021, 11, 26)},
        ),
    ],
)
def test_a_guard_closes_its_move_with_its_sentence(
    guard: Guard, name: str, closed: dict[str, object], opened: dict[str, object]
) -> None:
    ready = facts(submitted_on=TODAY - dt.timedelta(days=7))
    assert guard in move(name).guards
    without = why_closed(move(name), replace(ready, **closed))  # type: ignore[arg-type]
    assert without is not None
    assert without.endswith((".", "; ask for it."))
    assert why_closed(move(name), replace(ready, **opened)) is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "name", ["collect", "nothing_held", "decide", "submit", "approve", "hand_over", "correct", "erase"]
)
def test_nothing_is_collected_decided_or_carried_out_before_the_proof(name: str) -> None:
    made = move(name)
    for kind in made.types:
        for state in made.starts:
            waits = rules().identity[kind] is IdentityNeed.ALWAYS
            assert made.fits(kind, state, Identity.NONE) is not waits
            assert not made.fits(kind, state, Identity.ASKED)
            assert made.fits(kind, state, Identity.VERIFIED)


def test_every_guard_is_used_and_every_move_names_its_source() -> None:
    assert {guard for each in moves() for guard in each.guards} == set(Guard)
    assert {letter for each in moves() for letter in each.letters} >= set(Letter) - {
        # What an execution answers with hangs on what was decided; it goes out before the request is completed.
        Letter.CORRECTED, Letter.ERASED, Letter.PARTLY_ERASED,
    }  # fmt: skip
    assert all(each.source for each in moves())


def test_privacy_sees_what_is_closed_and_why_and_nobody_sees_the_moves_of_others() -> None:
    acknowledged = facts(RequestType.ACCESS, RequestState.ACKNOWLEDGED)
    seen = {each.move.name: each.closed for each in offers(acknowledged, frozenset({Role.PRIVACY}))}
    assert seen["ask_identity"] is None
    assert seen["proof_came_along"] == "No proof came with the request; ask for it."
    assert not list(offers(acknowledged, frozenset({Role.SUPPORT, Role.ADMIN, Role.AUDITOR})))
    waiting = facts(state=RequestState.APPROVAL, identity=Identity.VERIFIED, submitted_on=TODAY, actor="a")
    names = [each.move.name for each in offers(waiting, frozenset({Role.APPROVER}))]
    assert names == ["approve", "approve_refusal", "reject"]


def test_the_desk_goes_on_by_itself_where_no_person_must_decide() -> None:
    told = facts(state=RequestState.NOTIFYING, identity=Identity.VERIFIED)
    assert [each.name for each in own_moves(told)] == ["notified"]
    assert not list(own_moves(replace(told, open_recipients=1)))


def test_mail_is_stopped_by_whoever_is_asked_without_proof_or_approval() -> None:
    asked = facts(RequestType.OBJECT_MKT, subject="p")
    for role in (Role.SUPPORT, Role.SALES, Role.PRIVACY):
        assert [(each.move.name, each.closed) for each in offers(asked, frozenset({role}))][:1] == [
            ("stop_marketing", None)
        ]


DRAWN: st.SearchStrategy[dict[str, object]] = st.builds(
    dict,
    anybody_found=st.booleans(), anything_held=st.booleans(), declined=st.booleans(), granted=st.booleans(),
    plan_changed=st.booleans(), searched=st.booleans(), no_doubt=st.booleans(), proof_came_along=st.booleans(),
    card_mandatory=st.booleans(), letter_sent=st.booleans(), complaint=st.booleans(), open_records=st.integers(0, 1),
    open_recipients=st.integers(0, 1), days=st.integers(0, 40), actor=st.sampled_from(["p", "q", "a", "b"]),
    choice=st.integers(0, 30),
)  # fmt: skip


@given(st.sampled_from(RequestType), st.lists(DRAWN, max_size=40))
def test_whatever_happens_no_way_leads_past_identity_or_the_second_person(
    kind: RequestType, happenings: list[dict[str, object]]
) -> None:
    now, extensions, letters = facts(kind), 0, 0
    for drawn in happenings:
        happening = dict(drawn)
        days, choice = happening.pop("days"), happening.pop("choice")
        assert isinstance(days, int)
        assert isinstance(choice, int)
        now = replace(now, today=now.today + dt.timedelta(days=days), **happening)  # type: ignore[arg-type]
        possible = [each.move for each in offers(now, EVERYBODY) if each.closed is None] + list(own_moves(now))
        if not possible:
            continue
        made = possible[choice % len(possible)]
        before, now = now, replace(
            now, state=made.end or now.state, identity=made.becomes or now.identity,
            extended=now.extended or made.name == "extend",
            verified_by=now.actor if made.becomes is Identity.VERIFIED else now.verified_by,
            decided_by=now.actor if made.name in {"decide", "proof_of_another"} else now.decided_by,
            approved_by=now.actor if made.name == "approve" else now.approved_by,
            submitted_on=now.today if made.name == "submit" else now.submitted_on,
        )  # fmt: skip
        if now.state in ANSWERED and before.state not in ANSWERED:
            now = replace(now, ended_on=now.today)
            letters += bool(made.letters) or before.letter_sent
            assert letters
        extensions += made.name == "extend"
        assert extensions <= 1
        if made.name == "extend":
            assert now.today <= now.first_due
        if now.state is RequestState.EXECUTING and rules().identity[kind] is IdentityNeed.ALWAYS:
            assert now.identity is Identity.VERIFIED
        if made.end is RequestState.EXECUTING and kind is RequestType.ERASE:
            assert made.name == "approve"
            assert now.approved_by not in {now.decided_by, now.verified_by}
        if made.name == "erase":
            assert now.actor != now.approved_by
