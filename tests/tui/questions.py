"""Every question a screen asks a service, and a way of keys that leads to it; the questions are found in the code."""

from __future__ import annotations

import ast
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final
from unittest import mock

import staffdesk.tui
from staffdesk.domain.access import Access, Purpose
from staffdesk.domain.request_work import Answers, Searched
from staffdesk.domain.requests import RequestChannel, RequestType
from staffdesk.tui.screens.new_case import NewCaseDialog
from staffdesk.tui.screens.own import OwnScreen
from staffdesk.tui.screens.passphrase import PassphraseDialog
from staffdesk.tui.screens.told import ToldDialog
from staffdesk.tui.widgets.choice import Choice
from staffdesk.tui.widgets.rows import Rows
from tests import factories
from tests.tui.seat import Seat, record_of, stand_on_a_masked_value

ROOT: Final = Path(staffdesk.tui.__file__).parent
_ASKS: Final = ("ask", "look")

Way = tuple[str | Callable[[Seat], Awaitable[None]], ...]
"""Keys one after another; ``=text`` is typed; what can be called is done with the seat."""


@dataclass(frozen=True)
class Question:
    """Who comes to it by which way, and what is said while and where it is not answered.

    ``again`` is what asks it anew: ``r`` where nothing is said. ``logs`` is False where no entry is written and
    ``bound`` False where no role is needed; ``busy`` is "" where a bar tells how far it is.
    """

    role: str
    way: Way
    busy: str
    again: Way = ("r",)
    logs: bool = True
    bound: bool = True
    answered: bool = True


_FORM: Final[Way] = ("enter",)
_SURE: Final[Way] = ("enter", "enter")
_RECORD: Final[Way] = ("enter",)
_NOBODY: Final[Way] = ("ctrl+n", "=Norvand Ingest", "enter", "S", "=dupont", "enter", "enter")


async def _no_products_yet(seat: Seat) -> None:
    assert isinstance(seat.screen, NewCaseDialog)
    seat.screen._products = None


async def _stand(seat: Seat, column: str) -> None:
    person = record_of(seat).rows("person")[0]
    seat.desk_screen.query_one("#person", Rows).go_to(person.cells[column].key)


async def _on_the_name(seat: Seat) -> None:
    await _stand(seat, "family_name")


async def _another_session(seat: Seat) -> None:
    account = next(each for each in seat.demo.accounts if each.role == "support")
    other = seat.app.desk.sign_in.sign_in(account.user, account.password, "desk 2")
    await seat.press("O", "shift+tab")
    assert isinstance(seat.screen, OwnScreen)
    seat.screen.query_one("#sessions", Rows).go_to(other.sid)
    await seat.settle()


async def _password(seat: Seat) -> None:
    await seat.paste(next(each.password for each in seat.demo.accounts if each.role == "support"))


async def _new_password(seat: Seat) -> None:
    from staffdesk.tui.screens.new_password import NewPasswordScreen  # noqa: PLC0415 - once in an account's life

    seat.app.push_screen(NewPasswordScreen())
    await seat.settle()
    await _password(seat)
    await seat.press("enter")
    await seat.paste("a heron stands in the reeds", "enter")
    await seat.paste("a heron stands in the reeds")


async def _old_password_again(seat: Seat) -> None:
    await _password(seat)
    await seat.press("enter")
    await seat.paste("a heron stands in the reeds", "enter")
    await seat.paste("a heron stands in the reeds")


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


async def _words(seat: Seat) -> None:
    seat.app.push_screen(PassphraseDialog(await open_request(seat, RequestType.ACCESS), "jatet-ribis", rights_of(seat)))
    await seat.settle()


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
        ("proof_of_another", Answers(reason="The card is of somebody else.")),
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


async def _count(seat: Seat) -> None:
    await _pause_after(seat, "dup")


async def _count_again(seat: Seat) -> None:
    await _pause_after(seat, "o")


async def _pause_after(seat: Seat, letters: str) -> None:
    with mock.patch("staffdesk.tui.screens.search.typing_pause", return_value=0.02):
        await seat.pilot.press(*letters)
        await seat.pilot.pause(0.05)


QUESTIONS: Final[dict[str, Question]] = {
    "SignInScreen._sign_in": Question("", ("s",), "signing in", ("s",), bound=False),
    "open_record": Question("support", ("enter",), "opening"),
    "CasesScreen.read": Question("support", ("enter", "C"), "reading", logs=False, bound=False),
    "CloseCaseDialog.close": Question("support", ("x", "enter"), "writing", _FORM),
    "NewCaseDialog.open": Question(
        "support", ("ctrl+n", "=Norvand Ingest", _no_products_yet, "enter"), "reading", _FORM, logs=False, bound=False
    ),
    "NewCaseDialog._open": Question("support", ("ctrl+n", "=Norvand Ingest", "enter"), "writing", _FORM),
    "NoteDialog.save": Question(
        "support", ("i", "=seat", "enter", "=Moved.", "tab", "enter"), "writing", _FORM
    ),
    "PurposeDialog.take": Question(
        "support", ("p", "=C-2026-0001", "enter"), "reading", _FORM, logs=False, bound=False
    ),
    "SearchScreen.search": Question("support", ("enter", "=dupont", "enter"), "searching", _FORM),
    "SearchScreen._count": Question("support", ("enter", _count), "counting", (_count_again,)),
    "NewPersonDialog.look_first": Question(
        "support", ("enter", "escape", "P", "=Zephyrine", "enter"), "searching", _FORM
    ),
    "NewPersonDialog._add": Question(
        "support", ("enter", "escape", "P", "=Zephyrine", "enter", "end", "enter"), "writing", _FORM
    ),
    "ChangingRecord.action_confirm": Question("support", (*_RECORD, _on_the_name, "m"), "writing"),
    "ChangingRecord._read_again": Question("support", (*_RECORD, _on_the_name, "m"), "reading"),
    "ChangingRecord.action_tie": Question("support", (*_NOBODY, "b"), "writing"),
    "ChangingRecord.action_colleagues": Question("support", (*_RECORD, "c"), "listing"),
    "RevealingRecord.action_reveal": Question("support", (*_RECORD, stand_on_a_masked_value, "v"), "revealing"),
    "RevealingRecord.action_copy_value": Question("support", (*_RECORD, _on_the_name, "y"), "copying"),
    "RevealingRecord.action_who_looked": Question("support", (*_RECORD, "w"), "reading"),
    "BreakGlassDialog.take": Question(
        "support", (*_RECORD, "B", "=the parcel went to another house", "enter"), "opening", _FORM
    ),
    "RepairDialog._repair": Question(
        "support", (*_RECORD, _on_the_name, "f", "=Bohr", "enter", "=SO-1", "enter", "enter"), "writing", _SURE,
        answered=False,
    ),
    "RightsRecord._stop_mail": Question("support", (*_RECORD, "u", "enter"), "stopping"),
    "RequestDialog._register 2": Question("support", (*_RECORD, "d", "enter", "enter"), "writing", _SURE),
    "RequestDialog._register 1": Question(
        "support", (*_RECORD, "a", "n", "enter", "enter"), "writing", _SURE
    ),
    "LockedScreen.unlock": Question(
        "support", ("ctrl+l", _password, "enter"), "unlocking", (_password, "enter"), bound=False
    ),
    "OwnScreen._read_sessions": Question("support", ("O",), "reading", bound=False),
    "OwnScreen._read": Question("support", ("O",), "reading", bound=False),
    "OwnScreen.action_end_session": Question(
        "support", (_another_session, "s", "enter"), "writing", bound=False
    ),
    "RequestsScreen.read": Question("privacy", ("O", "R"), "reading"),
    "RequestsScreen.action_card_rule": Question("privacy", ("O", "R", _card_rule), "reading"),
    "CardRuleDialog.look_it_over": Question(
        "privacy", ("O", "R", _card_rule, "=the authority finds it too much", "enter", "enter"), "writing", _SURE
    ),
    "RequestsScreen.open": Question("privacy", ("enter",), "opening"),
    "RequestScreen._read_again": Question("privacy", ("enter", _note_a_place), "reading"),
    "MoveDialog.look_it_over": Question("privacy", (_decided, "m", "enter"), "reading", _FORM),
    "MoveDialog._go_on": Question("privacy", (_an_access_request, "m", "enter"), "moving", _FORM),
    "MoveDialog._make": Question("privacy", (_an_access_request, _acknowledge), "moving", _SURE),
    "SearchedDialog.note": Question("privacy", ("enter", "k", "right", "enter"), "noting", _FORM),
    "AssessingScreen.action_duplicates": Question("privacy", (_collected, ":", "=same person", "enter"), "listing"),
    "DuplicatesDialog.note": Question(
        "privacy", (_collected, ":", "=same person", "enter", "right", "enter"), "noting", _FORM
    ),
    "AssessingScreen.action_name_employee": Question(
        "privacy", (_collected, ":", "=name employee", "enter"), "listing"
    ),
    "NameEmployeeDialog.note 1": Question(
        "privacy", (_collected, ":", "=name employee", "enter", "tab", "left", "enter"), "noting", _FORM, answered=False
    ),
    "NameEmployeeDialog.note 2": Question(
        "privacy",
        (_collected, ":", "=name employee", "enter", "tab", "tab", "=he was threatened by a colleague", "enter"),
        "noting", _FORM,
    ),
    "ToldDialog.note": Question("privacy", ("enter", "i", "enter"), "noting", _FORM, answered=False),
    "ToldDialog._read_over": Question("privacy", ("enter", _by_notice, "enter"), "reading", _FORM),
    "ToldDialog._send": Question(
        "privacy", ("enter", "end", _by_notice, "enter", "enter"), "sending", _SURE, answered=False
    ),
    "RequestScreen.action_copy_letter": Question("privacy", ("enter", "y"), "copying"),
    "RevealingRecord._open_look": Question("privacy", ("enter", "o", "w", "home", "enter"), "reading"),
    "AssessingScreen.action_correct": Question("privacy", (_a_correction, "c"), "reading"),
    "AssessingScreen.action_plan": Question("privacy", ("enter", "l"), "reading"),
    "CorrectionDialog.action_show_it": Question("privacy", (_a_city_to_correct, "tab", "enter"), "revealing", _FORM),
    "CorrectionDialog.note 2": Question(
        "privacy", (_a_city_to_correct, "tab", "tab", "=Gent", "enter"), "noting", _FORM
    ),
    "CorrectionDialog.note 1": Question(
        "privacy", (_a_region_noted, "tab", "tab", "tab", "tab", "right", "enter"), "noting", _FORM
    ),
    "PassphraseDialog.action_copy_words": Question("privacy", (_words, "y"), "copying", ("y",)),
    "RequestScreen.action_send": Question("privacy", (_told, "e"), "reading"),
    "RequestScreen._send": Question("privacy", (_told, _send_it), "sending", answered=False),
    "PasswordAgainDialog.go_on": Question(
        "approver", (a_refusal_to_confirm, _approver_password, "enter"), "confirming", (_approver_password, "enter")
    ),
    "LogScreen._read": Question("admin", ("U", "A"), "reading"),
    "LogScreen.open": Question("admin", ("end", "enter"), "reading"),
    "LogScreen.action_names": Question("admin", ("n",), "reading"),
    "NamesDialog.save": Question(
        "admin", ("f", "=out:denied", "enter", "n", "tab", "=mine", "enter"), "writing", _FORM
    ),
    "NamesDialog._told": Question(
        "admin", ("f", "=out:ok", "enter", "n", "tab", "=other", "enter"), "reading", ("=other", "enter")
    ),
    "NamesDialog.action_forget": Question("admin", ("n", "end", "x", "enter"), "writing", ("x", "enter")),
    "VerifyScreen.on_mount": Question("admin", ("v",), "", ("escape", "v")),
    "ExportScreen.on_mount": Question("admin", ("x", "enter"), "", ("escape", "x", "enter")),
    "StaffScreen._read": Question("admin", ("U",), "reading"),
    "StaffScreen.open": Question("admin", ("U", "enter"), "reading"),
    "StaffScreen._do": Question("admin", ("U", "s", "enter"), "writing"),
    "AccountDialog.look_it_over": Question(
        "admin",
        ("U", "n", "=ines", "tab", "=Ines", "tab", "=N-100", "tab", "tab", "tab", "space", "enter", "enter"),
        "writing", _SURE,
    ),
    "NewPasswordScreen.go_on": Question(
        "support", (_new_password, "enter"), "setting the password", (_old_password_again, "enter"), bound=False
    ),
}  # fmt: skip


def questions() -> dict[str, tuple[str, str, int, int]]:
    """Return every call of ``ask`` and ``look``: where it stands, so that who calls is known by file and line."""
    found: dict[str, tuple[str, str, int, int]] = {}
    for file in sorted(ROOT.rglob("*.py")):
        calls = [] if file.name == "asking.py" else list(_calls(ast.parse(file.read_text(encoding="utf-8")), ()))
        for name, node in calls:
            alike = [each for other, each in calls if other == name]
            key = name if len(alike) == 1 else f"{name} {alike.index(node) + 1}"
            found[key] = (str(file), name, node.lineno, node.end_lineno or node.lineno)
    return found


def _calls(node: ast.AST, path: tuple[str, ...]) -> Iterator[tuple[str, ast.Call]]:
    for child in ast.iter_child_nodes(node):
        inside = (*path, child.name) if isinstance(child, ast.ClassDef | ast.FunctionDef) else path
        if isinstance(child, ast.Call) and isinstance(child.func, ast.Attribute) and child.func.attr in _ASKS:
            yield ".".join(path), child
        yield from _calls(child, inside)
