"""The questions of the list of requests, of the page of one, and of everything that is asked there."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from staffdesk.domain.access import Access, Purpose
from staffdesk.domain.request_work import Answers, Searched
from staffdesk.domain.requests import RequestChannel, RequestType
from staffdesk.tui.screens.passphrase import PassphraseDialog
from staffdesk.tui.screens.told import ToldDialog
from staffdesk.tui.widgets.choice import Choice
from staffdesk.tui.widgets.rows import Rows
from tests import factories
from tests.tui.question import FORM, SURE, Question
from tests.tui.seat import Seat


async def _an_access_request(seat: Seat) -> None:
    session = seat.app.session
    assert session is not None
    number = seat.app.desk.requests.receive(
        replace(session.desk_access, purpose=Purpose.RIGHTS), kind=RequestType.ACCESS, channel=RequestChannel.EMAIL,
        customer=seat.demo.person,
    ).number  # fmt: skip
    await _go_to(seat, number)


async def _go_to(seat: Seat, number: str) -> None:
    """Open the page of a request from the list."""
    await seat.press("O", "R")
    seat.screen.query_one(Rows).go_to(number)
    await seat.press("enter")


async def open_request(seat: Seat, kind: RequestType, *moves: str, customer: int | None = None) -> str:
    """Open the page of a request whose requester, the demo's person, has proven who he is, after these moves."""
    access, desk = rights_of(seat), seat.app.desk
    about = customer or seat.demo.person
    number = desk.requests.receive(access, kind=kind, channel=RequestChannel.EMAIL, customer=about).number
    desk.searches.note(access, number, {}, others=Searched.NOTHING)
    answers = Answers(reason="Two people of this name write to us.", document="passport", copy_deleted=True)
    for name in ("acknowledge", "ask_identity", "proof_arrived", "verify", *moves):
        desk.workflow.make(access, number, name, answers)
    await _go_to(seat, number)
    return number


async def _a_correction(seat: Seat) -> None:
    await open_request(seat, RequestType.RECTIFY)


async def _to_correct(seat: Seat, field: str) -> None:
    await _a_correction(seat)
    await seat.press("c")
    seat.screen.query_one("#field", Choice).choose(field)
    await seat.settle()


async def _a_city_to_correct(seat: Seat) -> None:
    await _to_correct(seat, "city")


async def _a_region_noted(seat: Seat) -> None:
    await _to_correct(seat, "region")
    await seat.press("tab", "tab", *"Waes", "enter")


async def _decided(seat: Seat) -> None:
    await open_request(seat, RequestType.ERASE, "decide", customer=seat.demo.person + 7)  # who asks nothing else


async def _a_package(seat: Seat) -> None:
    customer = seat.demo.person + 7  # who asks nothing else
    factories.put(seat.app.desk._database, factories.report(customer, "A seat", body="Ask zephyrine@home.example."))
    await open_request(seat, RequestType.ACCESS, "decide", customer=customer)


async def _listed_others(seat: Seat) -> None:
    await seat.press("h", "tab", "right")


async def _words(seat: Seat) -> None:
    number = await open_request(seat, RequestType.ACCESS, "decide", customer=seat.demo.person + 7)
    seat.app.push_screen(PassphraseDialog(number, "jatet-ribis", rights_of(seat)))
    await seat.settle()


async def _twice(seat: Seat) -> None:
    """List who stands twice, with a number at hand under which two are opened."""
    twins = (factories.person(given_name="Ada", family_name="Holm", email="ada@home.example") for _ in range(2))
    factories.put(seat.app.desk._database, *twins)
    assert seat.app.session is not None
    seat.app.session.work_for(Purpose.RIGHTS, "T-1182")
    await seat.press("O", "R", "s")


def rights_of(seat: Seat) -> Access:
    """Return who asks, at work on rights."""
    session = seat.app.session
    assert session is not None
    return replace(session.desk_access, purpose=Purpose.RIGHTS)


async def _collected(seat: Seat) -> None:
    session, desk = seat.app.session, seat.app.desk
    assert session is not None
    access = replace(session.desk_access, purpose=Purpose.RIGHTS)
    number = desk.requests.receive(
        access, kind=RequestType.ACCESS, channel=RequestChannel.EMAIL, customer=seat.demo.person,
        requester="Nora Holm", reply_address="nora@home.example",
    ).number  # fmt: skip
    factories.put(desk._database, factories.person(email="nora@home.example"))
    for name, told in (
        ("acknowledge", Answers()),
        ("ask_identity", Answers(reason="Two people of this name write to us.")),
        ("proof_arrived", Answers(document="passport")),
        ("verify", Answers(copy_deleted=True)),
    ):
        desk.workflow.make(access, number, name, told)
    await seat.press("O", "R", "end", "enter")


async def _told(seat: Seat) -> None:
    await seat.press("enter", "i", "enter")
    if isinstance(seat.screen, ToldDialog):  # it was told for an earlier question
        await seat.press("escape")


async def _by_notice(seat: Seat) -> None:
    await seat.press("i", "tab", "right", "right", "right")


async def _send_it(seat: Seat) -> None:
    await seat.press("e", "enter")


async def _acknowledge(seat: Seat) -> None:
    await seat.press("m", "enter", "enter")


async def a_refusal_to_confirm(seat: Seat) -> None:
    """Let privacy find that the proof was somebody else's, so that an approver has its refusal to confirm."""
    account = next(each for each in seat.demo.accounts if each.role == "privacy")
    desk = seat.app.desk
    privacy = Access(desk.sign_in.sign_in(account.user, account.password, "desk 3").sid, Purpose.RIGHTS, host="desk 3")
    number = desk.requests.receive(
        privacy, kind=RequestType.ACCESS, channel=RequestChannel.EMAIL, customer=seat.demo.person
    ).number
    for name, told in (
        ("acknowledge", Answers()),
        ("ask_identity", Answers(reason="Two people of this name write to us.")),
        ("proof_arrived", Answers(document="passport")),
        ("proof_of_another", Answers(reason="The card is of somebody else.", breach=False)),
    ):
        desk.workflow.make(privacy, number, name, told)
    await seat.press("O", "R")
    rows = seat.desk_screen.query_one(Rows)
    rows.go_to(number)
    await seat.press("enter", "m", "tab")
    await seat.type("the cards differ", "enter")
    await seat.press("enter")


async def _card_rule(seat: Seat) -> None:
    await seat.desk_screen.run_command("request.card")


async def _approver_password(seat: Seat) -> None:
    await seat.paste(next(each.password for each in seat.demo.accounts if each.role == "approver"))


async def _note_a_place(seat: Seat) -> None:
    await seat.press("k", "right", "enter")


REQUEST_QUESTIONS: Final[dict[str, Question]] = {
    "RequestsScreen.read": Question("privacy", ("O", "R"), "reading"),
    "RequestsScreen.action_card_rule": Question("privacy", ("O", "R", _card_rule), "reading"),
    "CardRuleDialog.look_it_over": Question(
        "privacy", ("O", "R", _card_rule, "=the authority finds it too much", "enter", "enter"), "writing", SURE
    ),
    "RequestsScreen.action_pairs": Question("privacy", ("O", "R", "s"), "looking through"),
    "PairsDialog.take": Question("privacy", (_twice, "end", "enter"), "looking through", FORM),
    "PairsDialog._open": Question("privacy", (_twice, "enter"), "opening", FORM),
    "RequestsScreen.open": Question("privacy", ("enter",), "opening"),
    "RequestScreen._read_again": Question("privacy", ("enter", _note_a_place), "reading"),
    "MoveDialog.look_it_over": Question("privacy", (_decided, "m", "enter"), "reading", FORM),
    "MoveDialog._go_on": Question("privacy", (_an_access_request, "m", "enter"), "moving", FORM),
    "MoveDialog._make": Question("privacy", (_an_access_request, _acknowledge), "moving", SURE),
    "SearchedDialog.note": Question("privacy", ("enter", "k", "right", "enter"), "noting", FORM),
    "AssessingScreen.action_duplicates": Question("privacy", (_collected, ":", "=same person", "enter"), "listing"),
    "DuplicatesDialog.note": Question(
        "privacy", (_collected, ":", "=same person", "enter", "right", "enter"), "noting", FORM
    ),
    "AssessingScreen.action_name_employee": Question(
        "privacy", (_collected, ":", "=name employee", "enter"), "listing"
    ),
    "NameEmployeeDialog.note 1": Question(
        "privacy", (_collected, ":", "=name employee", "enter", "tab", "left", "enter"), "noting", FORM, answered=False
    ),
    "NameEmployeeDialog.note 2": Question(
        "privacy",
        (_collected, ":", "=name employee", "enter", "tab", "tab", "=he was threatened by a colleague", "enter"),
        "noting", FORM,
    ),
    "AssessingScreen.action_others": Question("privacy", (_a_package, "h"), "collecting"),
    "OthersDialog.build": Question(
        "privacy", (_a_package, _listed_others, "enter"), "building", FORM, answered=False
    ),
    "ToldDialog.note": Question("privacy", ("enter", "i", "enter"), "noting", FORM, answered=False),
    "ToldDialog._read_over": Question("privacy", ("enter", _by_notice, "enter"), "reading", FORM),
    "ToldDialog._send": Question(
        "privacy", ("enter", "end", _by_notice, "enter", "enter"), "sending", SURE, answered=False
    ),
    "RequestScreen.action_copy_letter": Question("privacy", ("enter", "y"), "copying"),
    "RevealingRecord._open_look": Question("privacy", ("enter", "o", "w", "home", "enter"), "reading"),
    "AssessingScreen.action_correct": Question("privacy", (_a_correction, "c"), "reading"),
    "AssessingScreen.action_plan": Question("privacy", ("enter", "l"), "reading"),
    "CorrectionDialog.action_show_it": Question("privacy", (_a_city_to_correct, "tab", "enter"), "revealing", FORM),
    "CorrectionDialog.note 2": Question(
        "privacy", (_a_city_to_correct, "tab", "tab", "=Gent", "enter"), "noting", FORM
    ),
    "CorrectionDialog.note 1": Question(
        "privacy", (_a_region_noted, "tab", "tab", "tab", "tab", "right", "enter"), "noting", FORM
    ),
    "PassphraseDialog.action_copy_words": Question("privacy", (_words, "y"), "copying", ("y",)),
    "LetterDialog.action_copy_letter": Question("privacy", (_told, "e", "y"), "copying", ("y",)),
    "RequestScreen.action_send": Question("privacy", (_told, "e"), "reading"),
    "RequestScreen._send": Question("privacy", (_told, _send_it), "sending", answered=False),
    "PasswordAgainDialog.go_on": Question(
        "approver", (a_refusal_to_confirm, _approver_password, "enter"), "confirming", (_approver_password, "enter")
    ),
}  # fmt: skip
