"""The screens of the review: the work-list, an item, what the employee is asked, months and breaches, as scenes."""

from __future__ import annotations

from dataclasses import replace

from staffdesk.domain.access import Role
from staffdesk.domain.review_certificates import Certificate
from staffdesk.domain.reviews import DECISIONS, HOUR_MS, BreachOutcome, ItemKind, ItemState, ReviewItem
from staffdesk.services.breaches import Breach
from staffdesk.services.log_rows import EntryRow
from staffdesk.services.review_inbox import Question
from staffdesk.services.review_items import ItemDetail, ItemPage
from staffdesk.services.review_months import MonthState
from staffdesk.tui.screens.answer import AnswerDialog
from staffdesk.tui.screens.breaches import BreachesScreen
from staffdesk.tui.screens.certificate import CertificateScreen
from staffdesk.tui.screens.close_breach import CloseBreachDialog
from staffdesk.tui.screens.decide import DecideDialog
from staffdesk.tui.screens.inbox import InboxScreen
from staffdesk.tui.screens.months import MonthsScreen
from staffdesk.tui.screens.review import ReviewScreen
from staffdesk.tui.screens.review_item import ItemScreen
from tests.tui.stage import Scene, Stage, put
from tests.tui.staged_requests import NOON

_DAY = 24 * HOUR_MS
_MONTH = "2026-10"
_FOUND = ItemState.NOT_JUSTIFIED


def _item(number: int, rule: str, title: str, severity: int, state: ItemState = ItemState.OPEN) -> ReviewItem:
    return ReviewItem(
        id=number, kind=ItemKind.FLAG, rule=rule, title=title, severity=severity, actor="u_1", who="anna",
        words="Opened the record of himself, whatever the number.", subject="s_1", customer=4711,
        day=f"2026-10-{number + 10}", month=_MONTH, at=NOON - 30 * _DAY, entries=number, state=state,
        asked_at=None if state is ItemState.OPEN else NOON - 2 * _DAY,
    )  # fmt: skip


def _items() -> tuple[ReviewItem, ...]:
    answered = replace(_item(2, "own", "Own record", 3, ItemState.ANSWERED), answered_at=NOON, answer_entry=10_440)
    return (
        answered,
        _item(1, "break_glass", "Break-glass", 3),
        replace(_item(3, "colleague", "A colleague's record", 3, _FOUND), decided_by="frank", own=True),
        _item(4, "unverified", "No verified reference", 2, ItemState.ASKED),
        _item(5, "repeated", "The same person again and again", 2, ItemState.UNCLEAR),
        _item(6, "random", "Random share", 0, ItemState.JUSTIFIED),
    )


def _looks() -> tuple[EntryRow, ...]:
    fields: dict[str, object] = {
        "t": NOON - 30 * _DAY, "out": "ok", "role": "support", "entity": "BE", "sid": "3f9c" * 4, "host": "desk-01",
        "purpose": "support", "ref": "c_1", "basis": "own", "rel": ("self",), "level": "opened", "obj": ("s_1",),
        "kinds": ("person",), "n": 1, "policy": "2024-10", "log": "staffdesk/0123456789abcdef",
    }  # fmt: skip
    made = ((10_101, "customer.opened", "claimed"), (10_102, "customer.revealed", "claimed"))
    return tuple(
        EntryRow(seq, {**fields, "seq": seq, "act": act, "standing": standing}, "anna", "C-2026-0412", (4711,))
        for seq, act, standing in made
    )


def _detail(state: ItemState = ItemState.ANSWERED) -> ItemDetail:
    item = replace(_items()[0], state=state)
    answer = "I opened my own record to see the new screen"
    if state in DECISIONS:
        item = replace(item, decided_at=NOON, decided_by="frank", decision_entry=10_441)
        breach = "BR-2026-0001", NOON + 72 * HOUR_MS
        return ItemDetail(
            item, _looks(), answer, "no reason was given", *breach, dict.fromkeys(DECISIONS, ""), f"it is {state.words}"
        )
    return ItemDetail(item, _looks(), answer, "", "", None, dict.fromkeys(DECISIONS, ""), "")


def _asked() -> ItemDetail:
    why = "the employee has 3 more days to answer"
    closed = {ItemState.JUSTIFIED: "", ItemState.NOT_JUSTIFIED: why, ItemState.UNCLEAR: why}
    item = replace(_items()[0], state=ItemState.ASKED, answered_at=None, answer_entry=None)
    return ItemDetail(item, _looks(), "", "", "", None, closed, "it is asked")


def _months() -> tuple[MonthState, ...]:
    return tuple(
        MonthState(month=month, entries=10_442, opens=612, drawn=drawn, items=items, undecided=left,
                   closed_at=closed, closed_by="frank" if closed else "", why=why, over=drawn is not None)
        for month, drawn, items, left, closed, why in (
            ("2026-11", None, 3, 3, None, "the month is not over"),
            (_MONTH, 13, 21, 4, None, "4 items are not decided"),
            ("2026-09", 12, 18, 0, None, ""),
            ("2026-08", 12, 14, 0, NOON - 40 * _DAY, ""),
        )
    )  # fmt: skip


def _certificate() -> Certificate:
    return Certificate(
        month="2026-09", first_entry=8_001, last_entry=9_204, entries=1_204, opens=612, items=18, reviewed_entries=31,
        flags={"own": 1, "unverified": 4}, break_glass=1, share=12,
        decided={"justified": 16, "not_justified": 1, "unclear": 1}, own=0, breaches=("BR-2026-0001",),
        oldest_open_days=35, closed_at="2026-11-22 08:15 UTC", closed_by="frank", checkpoint_size=9_210,
        checkpoint_root="5f" * 32,
        checkpoint="staffdesk/0123456789abcdef\n9210\nX19fX19fX19fX19fX18=\n\n\u2014 staffdesk 5f5f5f5f\n",
    )  # fmt: skip


def _breaches() -> tuple[Breach, ...]:
    return tuple(
        Breach(number=f"BR-2026-000{number}", item=item, request="" if item else "DSR-2026-0007",
               who="anna" if item else "", rule="own" if item else "", day="2026-10-12",
               customer=4711 if item else None,
               opened_at=NOON, due_at=NOON + left * HOUR_MS, hours_left=None if outcome else left, outcome=outcome,
               closed_at=NOON if outcome else None, closed_by="frank" if outcome else "", decision_entry=10_441,
               closing_entry=None)
        for number, item, left, outcome in (
            (3, 3, 71, None), (2, None, -5, None), (1, 1, -400, BreachOutcome.AUTHORITY_AND_PERSON),
        )
    )  # fmt: skip


async def _review(at: Stage) -> None:
    at.sign_in(Role.ADMIN, 10_455)
    screen = ReviewScreen()
    await put(at, screen)
    screen._show(ItemPage(_items(), None), _months()[:2])


async def _review_item(at: Stage) -> None:
    at.sign_in(Role.ADMIN, 10_455)
    await put(at, ItemScreen(_detail(ItemState.NOT_JUSTIFIED)))


async def _decide(at: Stage) -> None:
    at.sign_in(Role.ADMIN, 10_455)
    await put(at, ItemScreen(_asked()))
    await put(at, DecideDialog(_asked()))
    await at.pilot.press("n")


async def _inbox(at: Stage) -> None:
    at.sign_in(Role.SUPPORT, 10_455)
    screen = InboxScreen()
    await put(at, screen)
    first, second, third = _items()[:3]
    screen._show([Question(first, _looks(), (third,)), Question(second, _looks())])


async def _answer(at: Stage) -> None:
    await _inbox(at)
    await put(at, AnswerDialog(Question(_items()[0], _looks(), _items()[2:3])))
    await at.pilot.press(*"my own record")


async def _breach_list(at: Stage) -> None:
    at.sign_in(Role.ADMIN, 10_455)
    screen = BreachesScreen()
    await put(at, screen)
    screen._show(_breaches())


async def _close_breach(at: Stage) -> None:
    await _breach_list(at)
    await put(at, CloseBreachDialog("BR-2026-0002"))
    await at.pilot.press("right", "tab", *"told on Monday")


async def _month_list(at: Stage) -> None:
    at.sign_in(Role.ADMIN, 10_455)
    screen = MonthsScreen()
    await put(at, screen)
    screen._show(_months())


async def _month_certificate(at: Stage) -> None:
    at.sign_in(Role.ADMIN, 10_455)
    await put(at, CertificateScreen(_certificate()))


REVIEW_SCENES: dict[str, Scene] = {
    "review": _review,
    "review-item": _review_item,
    "decide": _decide,
    "inbox": _inbox,
    "answer": _answer,
    "breaches": _breach_list,
    "close-breach": _close_breach,
    "months": _month_list,
    "certificate": _month_certificate,
}
