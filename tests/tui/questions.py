"""Every question a screen asks a service, and a way of keys that leads to it; the questions are found in the code."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final
from unittest import mock

import staffdesk.tui
from staffdesk.domain.access import Purpose
from staffdesk.domain.declared import Whom
from staffdesk.domain.errors import Conflict
from staffdesk.tui.screens.new_case import NewCaseDialog
from staffdesk.tui.screens.own import OwnScreen
from staffdesk.tui.widgets.rows import Rows
from tests.tui.case_questions import CASE_QUESTIONS
from tests.tui.question import FORM, SURE, Question, Way
from tests.tui.request_questions import REQUEST_QUESTIONS
from tests.tui.review_questions import REVIEW_QUESTIONS
from tests.tui.seat import Seat, record_of, stand_on_a_masked_value, twin_of_the_record

ROOT: Final = Path(staffdesk.tui.__file__).parent
_ASKS: Final = ("ask", "look")

_RECORD: Final[Way] = ("enter",)
_NOBODY: Final[Way] = ("ctrl+n", "=Norvand Ingest", "enter", "=dupont", "enter", "enter")


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


async def _declared(seat: Seat) -> None:
    assert seat.app.session is not None
    with suppress(Conflict):  # another question declared it
        seat.app.desk.declaring.declare(seat.app.session.desk_access, Whom.PERSON, seat.demo.person, "family")
    await seat.press("O", "d")


async def _twice(seat: Seat) -> None:
    twin_of_the_record(seat)


async def _merged(seat: Seat) -> None:
    assert seat.app.session is not None
    record = record_of(seat)
    access = replace(seat.app.session.desk_access, purpose=Purpose.SUPPORT, reference=record.reference)
    with suppress(Conflict):  # another question left them together
        seat.app.desk.merging.merge(access, record.customer or 0, twin_of_the_record(seat))


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


async def _own_password_again(seat: Seat) -> None:
    await seat.paste("a heron stands in the reeds", "enter")
    await seat.paste("a heron stands in the reeds")


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
    "CloseCaseDialog._close": Question("support", ("x", "enter"), "writing", FORM),
    "NewCaseDialog.open": Question(
        "support", ("ctrl+n", "=Norvand Ingest", _no_products_yet, "enter"), "reading", FORM, logs=False, bound=False
    ),
    "NewCaseDialog._open": Question("support", ("ctrl+n", "=Norvand Ingest", "enter"), "writing", FORM),
    "NoteDialog.save": Question(
        "support", ("i", "=seat", "enter", "=Moved.", "tab", "enter"), "writing", FORM
    ),
    "PurposeDialog.take": Question(
        "support", ("p", "=C-2026-0001", "enter"), "reading", FORM, logs=False, bound=False
    ),
    "SearchScreen.search": Question("support", ("enter", "=dupont", "enter"), "searching", FORM),
    "SearchScreen._count": Question("support", ("enter", _count), "counting", (_count_again,)),
    "NewPersonDialog.look_first": Question(
        "support", ("enter", "escape", "P", "=Zephyrine", "enter"), "searching", FORM
    ),
    "NewPersonDialog._add": Question(
        "support", ("enter", "escape", "P", "=Zephyrine", "enter", "end", "enter"), "writing", FORM
    ),
    "ChangingRecord._confirm": Question("support", (*_RECORD, _on_the_name, "m"), "writing"),
    "ChangingRecord._read_again": Question("support", (*_RECORD, _on_the_name, "m"), "reading"),
    "ChangingRecord.action_tie": Question("support", (*_NOBODY, "b"), "writing"),
    "ChangingRecord.action_colleagues": Question("support", (*_RECORD, "c"), "listing"),
    "MergingRecord.action_same_person": Question("support", (*_RECORD, _twice, "s"), "listing"),
    "MergingRecord._chosen": Question("support", (*_RECORD, _twice, "s", "enter"), "opening"),
    "MergingRecord._take_apart": Question(
        "support", (*_RECORD, _merged, "escape", "enter", "s", "end", "enter", "enter"), "writing"
    ),
    "SideBySideDialog._merge": Question(
        "support", (*_RECORD, _twice, "s", "enter", "m", "enter", "enter"), "writing", SURE
    ),
    "SideBySideDialog._tell_apart": Question(
        "support", (*_RECORD, _twice, "s", "enter", "t", "enter", "enter"), "writing", SURE
    ),
    "RevealingRecord.action_reveal": Question("support", (*_RECORD, stand_on_a_masked_value, "v"), "revealing"),
    "RevealingRecord.action_copy_value": Question("support", (*_RECORD, _on_the_name, "y"), "copying"),
    "RightsRecord.action_why_news": Question("support", (*_RECORD, "h"), "reading"),
    "RevealingRecord.action_who_looked": Question("support", (*_RECORD, "w"), "reading"),
    "BreakGlassDialog.take": Question(
        "support", (*_RECORD, "B", "=the parcel went to another house", "enter"), "opening", FORM
    ),
    "RepairDialog._repair": Question(
        "support", (*_RECORD, _on_the_name, "f", "=Bohr", "enter", "=SO-1", "enter", "enter"), "writing", SURE,
        answered=False,
    ),
    "RightsRecord._stop_mail": Question("support", (*_RECORD, "u", "enter"), "stopping"),
    "RequestDialog._register 2": Question("support", (*_RECORD, "d", "enter", "enter"), "writing", SURE),
    "RequestDialog._register 1": Question(
        "support", (*_RECORD, "a", "n", "enter", "enter"), "writing", SURE
    ),
    "LockedScreen.unlock": Question(
        "support", ("ctrl+l", _password, "enter"), "unlocking", (_password, "enter"), bound=False
    ),
    "OwnScreen._read_sessions": Question("support", ("O",), "reading", bound=False),
    "OwnScreen._read": Question("support", ("O",), "reading", bound=False),
    "OwnScreen.action_end_session": Question(
        "support", (_another_session, "s", "enter"), "writing", bound=False
    ),
    "DeclareDialog.declare": Question("support", (*_RECORD, "K", "enter", "enter"), "writing", SURE),
    "OwnScreen.action_declared": Question("support", ("O", "d"), "reading", bound=False),
    "DeclarationsDialog.withdraw": Question(
        "support", (_declared, "enter", "enter"), "writing", ("enter", "enter"), bound=False
    ),
    **CASE_QUESTIONS,
    **REQUEST_QUESTIONS,
    "LogScreen._read": Question("admin", ("U", "A"), "reading"),
    "LogScreen.open": Question("admin", ("end", "enter"), "reading"),
    "LogScreen.action_names": Question("admin", ("n",), "reading"),
    "NamesDialog.save": Question(
        "admin", ("f", "=out:denied", "enter", "n", "tab", "=mine", "enter"), "writing", FORM
    ),
    "NamesDialog._told": Question(
        "admin", ("f", "=out:ok", "enter", "n", "tab", "=other", "enter"), "reading", ("tab", "=other", "enter")
    ),
    "NamesDialog.action_forget": Question("admin", ("n", "end", "x", "enter"), "writing", ("x", "enter")),
    "PicturesScreen._read": Question("admin", ("i",), "counting"),
    "PicturesScreen.action_report": Question("admin", ("i", "x", "enter"), "writing"),
    "VerifyScreen.on_mount": Question("admin", ("v",), "", ("escape", "v")),
    "ExportScreen.on_mount": Question("admin", ("x", "enter"), "", ("escape", "x", "enter")),
    "PolicyScreen.on_mount": Question("admin", ("E",), "measuring"),
    "StaffScreen._read": Question("admin", ("U",), "reading"),
    "StaffScreen.open": Question("admin", ("U", "enter"), "reading"),
    "StaffScreen._do": Question("admin", ("U", "s", "enter"), "writing"),
    "AccountDialog.look_it_over": Question(
        "admin",
        ("U", "n", "=ines", "tab", "=Ines", "tab", "=N-100", "tab", "tab", "tab", "space", "enter", "enter"),
        "writing", SURE,
    ),
    **REVIEW_QUESTIONS,
    "NewPasswordScreen.go_on": Question(
        "support", (_new_password, "enter"), "setting the password", (_own_password_again, "enter"), bound=False
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
