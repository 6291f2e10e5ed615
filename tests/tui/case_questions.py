"""The questions that the screens about a case ask: its mails, its licence request, the logs a customer sent for it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from staffdesk.data.maintenance import sqlite_owner
from staffdesk.domain.access import Purpose
from staffdesk.domain.matters import NewCase
from staffdesk.tui.widgets.rows import Rows
from tests.mails import mail
from tests.services.log_zips import AT_HOME, CLEAN, zipped
from tests.tui.question import FORM, Question
from tests.tui.seat import Seat

_HELD: Final = "SELECT id, person_id FROM licence WHERE person_id > 0"


async def _on_a_case(seat: Seat) -> None:
    """Stand on a case of one's own: other questions closed those there were."""
    assert seat.app.session is not None
    seat.app.desk.cases.open(seat.app.session.desk_access, NewCase("support", "call", customer=seat.demo.person))
    seat.app.go_home()
    await seat.settle()


async def _with_a_mail(seat: Seat) -> None:
    await _on_a_case(seat)
    _mail_of(seat).write_bytes(mail("The red key does nothing.", message_id=f"<{seat.newest}@nordlys.example>"))


def _mail_of(seat: Seat) -> Path:
    return seat.home.data / "sent.eml"


async def _type_the_mail(seat: Seat) -> None:
    await seat.paste(str(_mail_of(seat)))


async def _asked(seat: Seat) -> None:
    assert seat.app.session is not None
    desk, access = seat.app.desk, replace(seat.app.session.desk_access, purpose=Purpose.SUPPORT)
    with sqlite_owner(seat.home.database_file, seat.home.read_key()) as owner:
        licence, holder = owner.exec_driver_sql(_HELD).first() or (0, 0)
    case = desk.cases.open(access, NewCase("support", "call", product="x", customer=holder))
    desk.licence_requests.start(replace(access, reference=case.number), case.number, "seat_freed", licence)
    seat.app.go_home()
    await seat.settle()
    seat.desk_screen.query_one(Rows).go_to(case.number)
    await seat.settle()


async def _with_logs(seat: Seat, content: bytes = CLEAN) -> None:
    assert seat.app.session is not None
    await _on_a_case(seat)
    case = seat.desk_screen.query_one(Rows).current
    sent = seat.home.data / "sent.zip"
    sent.write_bytes(zipped({"app.log": content}))
    seat.app.desk.support_logs.intake.add(seat.app.session.desk_access, case, sent)


async def _with_logs_to_scrub(seat: Seat) -> None:
    await _with_logs(seat, AT_HOME)


async def _with_long_logs(seat: Seat) -> None:
    await _with_logs(seat, CLEAN * 9_000)


async def _path(seat: Seat) -> None:
    sent = seat.home.data / "sent.zip"
    sent.write_bytes(zipped({"app.log": CLEAN}))
    await seat.paste(str(sent))


async def _at_a_company(seat: Seat) -> None:
    """Let the customer of the case that is opened belong to a company."""
    words = "UPDATE person SET organisation_id = (SELECT min(id) FROM organisation) WHERE id = "
    with sqlite_owner(seat.home.database_file, seat.home.read_key()) as owner:
        owner.exec_driver_sql(f"{words}{seat.demo.person}")
    await _on_a_case(seat)


CASE_QUESTIONS: Final[dict[str, Question]] = {
    "CasesScreen.action_to_ask": Question("support", (_on_a_case, "a"), "listing"),
    "SupportLogsScreen.read": Question("support", (_on_a_case, "l"), "reading"),
    "SupportLogsScreen.open": Question("support", (_with_logs, "l", "enter"), "reading"),
    "SupportLogsScreen._read": Question("support", (_with_logs, "l", "enter", "down", "enter"), "reading"),
    "SupportLogsScreen.action_scrub": Question(
        "support", (_with_logs_to_scrub, "l", "s", "enter"), "looking through it"
    ),
    "AskLogsDialog.note": Question("support", (_on_a_case, "l", "a", "=it stops", "enter"), "writing", FORM),
    "TakeLogsDialog.take": Question("support", (_on_a_case, "l", "t", _path, "enter"), "looking through it", FORM),
    "LogTextDialog.action_read_on": Question(
        "support", (_with_long_logs, "l", "enter", "down", "enter", "enter"), "reading", FORM
    ),
    "SupportLogsScreen.action_destroy": Question("support", (_with_logs, "l", "d", "enter"), "destroying"),
    "OrganisationScreen._read": Question("support", (_at_a_company, "enter", "o"), "reading"),
    "OrganisationScreen.action_people": Question("support", (_at_a_company, "enter", "o", "c"), "listing"),
    "CaseMailDialog.attach": Question("support", (_with_a_mail, "m", _type_the_mail, "enter"), "writing", FORM),
    "LicenceRequestDialog.read": Question("support", (_asked, "L"), "reading", ("escape", "L")),
    "LicenceRequestDialog._do": Question("support", (_asked, "L", "tab", "=call-back", "enter"), "writing", FORM),
}
