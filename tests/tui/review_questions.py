"""The questions of the review: of the work-list, an item, the inbox of the employee, months and breaches."""

from __future__ import annotations

from typing import Final

from staffdesk.data.maintenance import sqlite_owner
from staffdesk.domain.access import Access, Role
from staffdesk.domain.reviews import ItemState
from tests.faults import reviewing
from tests.tui.question import FORM, Question
from tests.tui.seat import Seat

WHY: Final = "he asked for his number to be read back"
_LONG_AGO: Final = 11


def _access_of(seat: Seat, role: Role) -> Access:
    account = next(each for each in seat.demo.accounts if each.role == role)
    signed_in = seat.app.desk.sign_in.sign_in(account.user, account.password, "desk 2")
    return Access(session=signed_in.sid, host="desk 2")


def _put(seat: Seat) -> int:
    """Put an item about the demo's support on the list."""
    support = next(each.user for each in seat.demo.accounts if each.role == Role.SUPPORT)
    with sqlite_owner(seat.home.database_file, seat.home.read_key()) as owner:
        newest = int(owner.exec_driver_sql("SELECT count(*) FROM review").scalar_one())
        return reviewing.item(owner, support, newest + 1)


async def items(seat: Seat) -> None:
    _put(seat)
    _put(seat)


async def _a_question(seat: Seat) -> None:
    seat.app.desk.reviews.ask(_access_of(seat, Role.ADMIN), _put(seat))


async def an_answer(seat: Seat) -> None:
    """Let the employee answer what was put on the list first and asked."""
    seat.app.desk.inbox.answer(_access_of(seat, Role.SUPPORT), 1, WHY)


async def a_breach(seat: Seat) -> None:
    admin, item, desk = _access_of(seat, Role.ADMIN), _put(seat), seat.app.desk
    desk.reviews.ask(admin, item)
    desk.inbox.answer(_access_of(seat, Role.SUPPORT), item, WHY)
    read = desk.reviews.open(admin, item).item.answer_entry
    desk.reviews.decide(admin, item, ItemState.NOT_JUSTIFIED, WHY, read)


async def a_month(seat: Seat) -> None:
    with sqlite_owner(seat.home.database_file, seat.home.read_key()) as owner:
        reviewing.month(owner, _LONG_AGO)


async def a_closed_month(seat: Seat) -> None:
    with sqlite_owner(seat.home.database_file, seat.home.read_key()) as owner:
        name = reviewing.month(owner, _LONG_AGO)
    seat.app.desk.months.close(_access_of(seat, Role.ADMIN), name)


REVIEW_QUESTIONS: Final[dict[str, Question]] = {
    "ReviewScreen.read": Question("admin", ("W",), "reading"),
    "ReviewScreen.open": Question("admin", (items, "W", "enter"), "opening"),
    "ItemScreen.open": Question("admin", (items, "W", "enter", "enter"), "reading"),
    "ItemScreen._then_read": Question("admin", (items, "W", "enter", "a", "enter"), "writing"),
    "ItemScreen._go_on": Question("admin", (items, "W", "enter", "n"), "reading"),
    "DecideDialog._decide": Question("admin", (items, "W", "enter", "d", "enter"), "writing", FORM),
    "InboxScreen.read": Question("support", ("I",), "reading", bound=False),
    "AnswerDialog.answer": Question(
        "support", (_a_question, "I", "enter", f"={WHY}", "enter"), "writing", FORM
    ),
    "BreachesScreen.read": Question("admin", ("W", "b"), "reading"),
    "BreachesScreen.open": Question("admin", (a_breach, "W", "b", "enter"), "opening"),
    "CloseBreachDialog.close": Question(
        "admin", (a_breach, "W", "b", "x", "right", "tab", f"={WHY}", "enter"), "writing", FORM
    ),
    "MonthsScreen.read": Question("admin", ("W", "m"), "reading"),
    "MonthsScreen.open": Question("admin", (a_closed_month, "W", "m", "enter"), "reading"),
    "MonthsScreen.action_close_month": Question("admin", (a_month, "W", "m", "x", "enter"), "closing"),
    "CertificateScreen.action_save": Question(
        "admin", (a_closed_month, "W", "m", "enter", "s", "enter"), "writing"
    ),
}  # fmt: skip
