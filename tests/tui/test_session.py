"""Two calls at one terminal: each has its own purpose, number, case and record, and neither takes the other's.

Seen to fail: with the purpose kept once for both, and with a typed number taken into the call of the case in hand.
"""

from __future__ import annotations

from dataclasses import replace

from staffdesk.domain.access import Entity, Grant, Purpose, RecordKind, Role, Standing
from staffdesk.services.sign_in import SignedIn
from staffdesk.tui.session import Session
from tests.tui import stage

FIRST, SALE, THIRD = stage.cases()
PERSON = (RecordKind.PERSON, 4711)


def _session() -> Session:
    roles = (Role.SUPPORT, Role.SALES)
    return Session(SignedIn("sid", "ana", "Ana Holm", roles, Entity.BE, must_change_password=False, notices=()), "desk")


def _hand(session: Session) -> tuple[Purpose | None, str, int | None]:
    return session.purpose, session.reference, None if session.case is None else session.case.id


def test_a_case_started_while_one_is_in_hand_is_the_other_call_and_switching_swaps_all_of_it() -> None:
    session = _session()
    session.take(FIRST)
    assert session.other is None
    session.opened(replace(stage.record(), purpose=Purpose.SUPPORT))
    session.take(SALE)
    assert (_hand(session), session.at) == ((Purpose.SALE, SALE.number, SALE.id), 1)
    assert (session.standing, session.call.opened) == (None, None)
    session.switch()
    assert (_hand(session), session.at) == ((Purpose.SUPPORT, FIRST.number, FIRST.id), 0)
    assert (session.standing, session.call.opened) == (Standing.VERIFIED, PERSON)
    session.take(SALE)
    assert session.at == 1
    assert session.other is not None


def test_a_typed_number_leaves_the_case_in_hand_its_purpose() -> None:
    session = _session()
    session.take(FIRST)
    session.work_for(Purpose.SALE, "T-1182")
    assert _hand(session) == (Purpose.SALE, "T-1182", None)
    session.work_for(Purpose.SALE, "T-1183")
    session.switch()
    assert _hand(session) == (Purpose.SUPPORT, FIRST.number, FIRST.id)
    session.work_for(Purpose.SALE, FIRST.number)
    assert _hand(session) == (Purpose.SALE, FIRST.number, FIRST.id)
    session.work_for(Purpose.SUPPORT, "T-1183")
    assert session.at == 1


def test_a_closed_case_takes_its_call_along_and_no_other() -> None:
    session = _session()
    session.take(FIRST)
    session.take(SALE)
    session.drop(FIRST.number)
    assert session.other is None
    assert _hand(session) == (Purpose.SALE, SALE.number, SALE.id)
    session.drop(SALE.number)
    assert _hand(session) == (None, "", None)


def test_a_lock_asks_both_calls_again_why_and_ends_what_break_glass_opened() -> None:
    session = _session()
    session.take(FIRST)
    session.call.grants[PERSON] = Grant(7, 2**60)
    assert session.access_to(PERSON).break_glass == 7
    assert session.access_to((RecordKind.PERSON, 1)).break_glass is None
    session.take(SALE)
    session.forget_purpose()
    assert _hand(session) == (None, SALE.number, SALE.id)
    session.switch()
    assert _hand(session) == (None, FIRST.number, FIRST.id)
    assert session.access_to(PERSON).break_glass is None


def test_a_break_glass_that_is_over_is_not_asked_for_again() -> None:
    session = _session()
    session.take(FIRST)
    session.call.grants[PERSON] = Grant(7, 1)
    assert session.access_to(PERSON).break_glass is None
