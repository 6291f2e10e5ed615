"""The screens and dialogs about a case, each in a state worth a picture."""

from __future__ import annotations

import datetime as dt
from unittest import mock

from staffdesk.domain.access import Role
from staffdesk.domain.accuracy import Mend, ToMend, WorkList
from staffdesk.domain.case_mail import AttachedMail
from staffdesk.domain.correspondence import Correspondent, Direction
from staffdesk.domain.errors import WasErased
from staffdesk.domain.support_logs import Manifest
from staffdesk.services.support_logs.service import Text
from staffdesk.tui.screens.case_mail import CaseMailDialog
from staffdesk.tui.screens.cases import CasesScreen
from staffdesk.tui.screens.close_case import CloseCaseDialog
from staffdesk.tui.screens.licence_request import LicenceRequestDialog
from staffdesk.tui.screens.new_person import NewPersonDialog
from staffdesk.tui.screens.support_log_forms import AskLogsDialog, TakeLogsDialog
from staffdesk.tui.screens.support_log_text import LogTextDialog
from staffdesk.tui.screens.support_logs import SupportLogsScreen
from staffdesk.tui.screens.to_ask import ToAskDialog
from tests.tui import stage, staged_logs
from tests.tui.stage import Scene, Stage, put
from tests.tui.staged_requests import NOON


async def _cases(at: Stage) -> None:
    at.sign_in(Role.SUPPORT).take(stage.cases()[0])
    screen = CasesScreen()
    await put(at, screen)
    screen.show(stage.cases())


async def _to_ask(at: Stage) -> None:
    await _cases(at)
    old, reached = ToMend("person", 4711, "s_1", since=dt.date(2023, 5, 4)), dt.date(2026, 11, 3)
    await put(at, ToAskDialog([
        WorkList(Mend.BOUNCED, (ToMend("person", 6612, "s_2", since=reached),), 1, mine=True, seq=10_441),
        WorkList(Mend.STALE, (old,), 1, mine=True, seq=10_443),
        WorkList(Mend.INCOMPLETE, (ToMend("organisation", 12, "g_1", ("Street", "City")),), 1, mine=True, seq=10_445),
    ]))  # fmt: skip


async def _support_logs(at: Stage) -> None:
    at.sign_in(Role.SUPPORT).take(stage.cases()[0])
    screen = SupportLogsScreen(at.demo.case)
    await put(at, screen)
    screen.show(staged_logs.bundles())
    screen.unfold(Manifest(at.demo.case, staged_logs.bundles()[1], staged_logs.files()))


async def _ask_logs(at: Stage) -> None:
    await _support_logs(at)
    await put(at, AskLogsDialog(stage.access(), at.demo.case))


async def _take_logs(at: Stage) -> None:
    await _support_logs(at)
    await put(at, TakeLogsDialog(stage.access(), at.demo.case))


async def _log_text(at: Stage) -> None:
    await _support_logs(at)
    text = Text("MovieRecorder/app.log", staged_logs.TEXT, more=True)
    await put(at, LogTextDialog("File 1 of zip 8", text, lambda _part: text))


async def _case_mail(at: Stage) -> None:
    await _cases(at)
    await put(at, CaseMailDialog("C-2026-0412"))
    await at.pilot.press(*"red-key")


async def _licence_request(at: Stage) -> None:
    await _cases(at)
    dialog = LicenceRequestDialog("C-2026-0412")
    with mock.patch.object(LicenceRequestDialog, "read"):  # there is no such case to ask of
        await put(at, dialog)
    dialog.show(staged_logs.licence_request())


async def _close_case(at: Stage) -> None:
    await _cases(at)
    await put(at, CloseCaseDialog("C-2026-0412"))
    await at.pilot.press(*"freed")


async def _mail_of_the_erased(at: Stage) -> None:
    """A mail of somebody who was erased once, with all that is told besides."""
    await _cases(at)
    screen = at.app.screen
    assert isinstance(screen, CasesScreen)
    direction, correspondent = Direction.IN, Correspondent.SOMEBODY_ELSE
    screen._attached(AttachedMail(
        "C-2026-0412", direction, correspondent, proven=True, at=NOON, attachments=2, zips=1, about_nobody=True,
        erased=True,
    ))  # fmt: skip


async def _was_erased(at: Stage) -> None:
    """Somebody who calls, and was erased once: why he is a customer again is asked for."""
    await _cases(at)
    dialog = NewPersonDialog()
    await put(at, dialog)
    await at.pilot.press(*"Anders", "tab", *"Bo", "tab", "tab", "tab", *"bo@nordlys.example")
    dialog.failed(WasErased("Somebody with this address or telephone was erased at his own request.", ""))
    await at.pilot.press(*"He ordered again")


CASE_SCENES: dict[str, Scene] = {
    "cases": _cases, "to-ask": _to_ask, "case-mail": _case_mail,
    "licence-request": _licence_request, "support-logs": _support_logs, "ask-logs": _ask_logs,
    "take-logs": _take_logs, "log-text": _log_text, "close-case": _close_case, "was-erased": _was_erased,
    "mail-of-the-erased": _mail_of_the_erased,
}  # fmt: skip
