"""Every screen and dialog of the desk in a state worth a picture; what walks all screens walks these."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

from textual.widgets import Input

from staffdesk.audit.report import Finding, FindingKind, Report
from staffdesk.domain.access import Entity, Grant, Role
from staffdesk.domain.correction import Seen
from staffdesk.domain.errors import StorageUnavailable
from staffdesk.domain.matters import Account, OpenSession
from staffdesk.domain.new_people import Company, NewPerson, Twins
from staffdesk.domain.records import Page, Revealed
from staffdesk.domain.requests import RequestType
from staffdesk.services.audit_review import EntryDetail, EntryPage, LogState
from staffdesk.services.log_filters import NamedFilter, shipped_filters
from staffdesk.services.log_proof import Exported
from staffdesk.services.log_rows import EntryRow
from staffdesk.tui.record.glass import now_ms
from staffdesk.tui.screens.cases import CasesScreen
from staffdesk.tui.screens.close_case import CloseCaseDialog
from staffdesk.tui.screens.colleagues import ColleaguesDialog
from staffdesk.tui.screens.entry import EntryScreen
from staffdesk.tui.screens.export import ExportScreen
from staffdesk.tui.screens.first_password import FirstPasswordScreen
from staffdesk.tui.screens.log import LogScreen
from staffdesk.tui.screens.log_names import NamesDialog
from staffdesk.tui.screens.new_case import NewCaseDialog
from staffdesk.tui.screens.new_password import NewPasswordScreen
from staffdesk.tui.screens.new_person import NewPersonDialog
from staffdesk.tui.screens.note import NoteDialog
from staffdesk.tui.screens.own import OwnScreen
from staffdesk.tui.screens.purpose import PurposeDialog
from staffdesk.tui.screens.record import RecordScreen
from staffdesk.tui.screens.repair import RepairDialog
from staffdesk.tui.screens.request import RequestScreen
from staffdesk.tui.screens.request_form import RequestDialog
from staffdesk.tui.screens.requests import RequestsScreen
from staffdesk.tui.screens.search import SearchScreen
from staffdesk.tui.screens.staff import StaffScreen
from staffdesk.tui.screens.verify import VerifyScreen
from staffdesk.tui.staff.dialogs import AddAccountDialog, RolesDialog
from tests.tui import stage
from tests.tui.stage import NOON, Stage, calm, put

Scene = Callable[[Stage], Awaitable[None]]


async def _sign_in(at: Stage) -> None:
    await calm(at.app, at.pilot)


async def _cases(at: Stage) -> None:
    at.sign_in(Role.SUPPORT).take(stage.cases()[0])
    screen = CasesScreen()
    await put(at, screen)
    screen.show(stage.cases())


async def _search(at: Stage) -> None:
    at.sign_in(Role.SUPPORT).take(stage.cases()[0])
    screen = SearchScreen()
    await put(at, screen)
    screen.query_one(Input).value = "nord post"
    await calm(at.app, at.pilot)
    screen.show("nord post", stage.page(), 12)


async def _search_counted(at: Stage) -> None:
    at.sign_in(Role.SUPPORT).take(stage.cases()[0])
    screen = SearchScreen()
    await put(at, screen)
    screen.query_one(Input).value = "nord"
    await calm(at.app, at.pilot)
    screen.show_count("nord", Page((), seq=10_442, count=240))


async def _search_meant(at: Stage) -> None:
    at.sign_in(Role.SUPPORT).take(stage.cases()[0])
    screen = SearchScreen()
    await put(at, screen)
    screen.query_one(Input).value = "andresen"
    await calm(at.app, at.pilot)
    screen.show("andresen", Page((), seq=10_442, suggestion="andersen"), 12)


async def _record(at: Stage) -> None:
    session = at.sign_in(Role.SUPPORT)
    session.take(stage.cases()[0])
    session.opened(stage.record())
    screen = RecordScreen(stage.record(), stage.access())
    await put(at, screen)
    await at.pilot.press("2", "enter", "3", "enter")
    screen._show_looks(stage.looks())
    await at.pilot.press("1", "down", "down", "down", "down")


async def _record_revealed(at: Stage) -> None:
    await _record(at)
    screen = at.app.screen
    assert isinstance(screen, RecordScreen)
    screen._show_value(Revealed("person:4711:phone", "Telephone", "+45 55 55 01 42", 120, 10_443))


async def _privacy(at: Stage) -> None:
    await _record(at)
    await at.pilot.press("6")


async def _break_glass(at: Stage) -> None:
    await _record(at)
    grant = Grant(7, now_ms() + 872_000)
    await put(at, RecordScreen(replace(stage.record(), glass=grant), stage.access()))


async def _break_glass_asked(at: Stage) -> None:
    await _record(at)
    await at.pilot.press("B", *"parcel")


async def _new_case(at: Stage) -> None:
    await _search(at)
    await put(at, NewCaseDialog())
    await at.pilot.press(*"Movie", "tab", *"Bo")


async def _purpose(at: Stage) -> None:
    at.sign_in(Role.SALES)
    await put(at, SearchScreen())
    await put(at, PurposeDialog(needs_reference=True))


async def _request(at: Stage) -> None:
    await _record(at)
    dialog = RequestDialog(RequestType.ERASE, 4711, stage.access())
    await put(at, dialog)
    dialog._registered(stage.requests()[0])


async def _request_any(at: Stage) -> None:
    await _record(at)
    await at.pilot.press("a", "o", "enter", "enter", *"2026-11-20 14:00", "enter", *"not for profiling")


async def _new_person(at: Stage) -> None:
    await _search(at)
    dialog = NewPersonDialog()
    await put(at, dialog)
    await at.pilot.press(*"Anders", "tab", *"Bo", "tab", *"Nordlys")
    dialog._new = NewPerson(given_name="Anders", family_name="Bo", company="Nordlys")
    dialog._found(Twins(stage.page(), (Company(9, "g_1", "Nordlys Post ApS", "DK"),)))


async def _note(at: Stage) -> None:
    await _record(at)
    await put(at, NoteDialog("C-2026-0412"))
    await at.pilot.press(*"seat", "enter", *"Moved.", "enter", *"Freed.")


async def _repair(at: Stage) -> None:
    await _record(at)
    await put(at, RepairDialog(4711, "Family name", Seen("person:4711:family_name", "Bo"), stage.access()))
    await at.pilot.press(*"Bohr", "enter", *"SO-20418")


async def _colleagues(at: Stage) -> None:
    await _record(at)
    await put(at, ColleaguesDialog(stage.page()))


async def _close_case(at: Stage) -> None:
    await _cases(at)
    await put(at, CloseCaseDialog("C-2026-0412"))
    await at.pilot.press(*"freed")


async def _requests(at: Stage) -> None:
    at.sign_in(Role.PRIVACY)
    screen = RequestsScreen()
    await put(at, screen)
    late, later = stage.requests()
    days = [dt.date(2026, 11, 19), dt.date(2026, 11, 24), dt.date(2026, 12, 4), dt.date(2026, 11, 2)]
    kinds, states = ("erase", "object_mkt", "access", "rectify"), ("received", "notifying", "identity", "completed")
    screen._show([
        replace(
            late if n % 2 else later, number=f"DSR-2026-00{17 + n}", hard_due=day, soft_due=day, kind=kind, state=state
        )
        for n, (day, kind, state) in enumerate(zip(days, kinds, states, strict=True))
    ])  # fmt: skip


async def _request_page(at: Stage) -> None:
    at.sign_in(Role.PRIVACY)
    await put(at, RequestScreen(stage.request_page(), stage.access()))


def _row(seq: int, act: str, out: str = "ok", standing: str | None = "verified", **more: object) -> EntryRow:
    fields: dict[str, object] = {
        "v": 1, "log": "staffdesk/0123456789abcdef", "seq": seq, "t": NOON - (10_455 - seq) * 60_000, "act": act,
        "out": out, "actor": "u_1", "role": "support", "entity": "BE", "sid": "3f9c" * 4, "host": "desk-01",
        "purpose": "support", "ref": "c_1", "standing": standing, "basis": "ticket", "rel": (), "level": None,
        "obj": ("s_1",), "kinds": ("person",), "n": 1, "policy": "2024-10", "sec": {}, **more,
    }  # fmt: skip
    return EntryRow(seq, fields, "anna", "C-2026-0412", (4711,) if fields["obj"] else ())


def _entries() -> EntryPage:
    return EntryPage(
        (
            _row(10_455, "customer.revealed", kinds=("contact", "person.phone"), level="revealed"),
            _row(10_454, "customer.opened", level="opened"),
            _row(10_453, "customer.listed", obj=(), n=7, level="listed"),
            _row(10_452, "customer.search", obj=()),
            _row(10_451, "customer.opened", standing="claimed", rel=("same_domain",)),
            _row(10_450, "denied", "denied", "claimed", kinds=("customer.copied", "network")),
            _row(10_449, "request.received", "intent", "claimed"),
        ),
        10_449,
    )


async def _log(at: Stage) -> None:
    at.sign_in(Role.ADMIN, 10_455)
    screen = LogScreen()
    await put(at, screen)
    screen._show(_entries(), LogState(10_455, 10_400, "", NOON - 180_000, NOON - 60_000, NOON))


async def _entry(at: Stage) -> None:
    at.sign_in(Role.ADMIN, 10_455)
    row = _entries().entries[0]
    await put(at, EntryScreen(EntryDetail(row, {"reason": "asked for his number to be read back"}, ("term",))))


async def _log_names(at: Stage) -> None:
    await _log(at)
    shipped = [NamedFilter(name, text, own=False) for name, text in shipped_filters().filters.items()]
    await put(at, NamesDialog((*shipped, NamedFilter("anna", "who:anna since:7d", own=True)), "out:denied"))


def _accounts() -> tuple[Account, ...]:
    begun = dt.date(2024, 3, 1)
    return (
        Account("u_1", "anna", "Anna Example", "N-001", Entity.BE, (Role.SUPPORT,), (Role.SUPPORT, Role.SALES), 7,
                begun, None, "in force", "frank", "", NOON, 2),
        Account("u_2", "bruno", "Bruno Example", "N-002", Entity.US, (Role.SALES,), None, None, begun, begun, "over"),
        Account("u_3", "frank", "Frank Example", "N-003", Entity.BE, (Role.ADMIN,), None, None, begun, None, "in force",
                None, "", NOON, 1),
    )  # fmt: skip


def _sessions() -> tuple[OpenSession, ...]:
    return (
        OpenSession("1" * 16, "desk-01", NOON, NOON + 60_000, locked=False, current=True),
        OpenSession("2" * 16, "desk-02", NOON - 3_600_000, NOON, locked=True, current=False),
    )


async def _staff(at: Stage) -> None:
    at.sign_in(Role.ADMIN, 10_455)
    screen = StaffScreen()
    await put(at, screen)
    screen._show(_accounts())
    screen._show_sessions("anna", _sessions())


async def _staff_add(at: Stage) -> None:
    await _staff(at)
    await put(at, AddAccountDialog())
    await at.pilot.press(*"ines", "tab")


async def _staff_roles(at: Stage) -> None:
    await _staff(at)
    await put(at, RolesDialog(_accounts()[0]))


async def _export(at: Stage) -> None:
    at.sign_in(Role.ADMIN, 10_455)
    screen = ExportScreen()
    await put(at, screen)
    screen._show(Exported(Path("exports/log-2026-11-22-10455.jsonl"), 10_455, 10_450))


async def _first_password(at: Stage) -> None:
    await _staff(at)
    await put(at, FirstPasswordScreen(_accounts()[0], "7hxk-2mqd-9wrt"))


async def _own(at: Stage) -> None:
    at.sign_in(Role.SUPPORT, 10_455)
    screen = OwnScreen()
    await put(at, screen)
    screen._show_sessions(_sessions())
    await calm(at.app, at.pilot)
    screen._show(_entries())


async def _palette(at: Stage) -> None:
    await _search(at)
    await at.pilot.press("ctrl+p")
    await calm(at.app, at.pilot)


async def _help(at: Stage) -> None:
    await _search(at)
    await at.pilot.press("f1")
    await calm(at.app, at.pilot)


async def _locked(at: Stage) -> None:
    await _record(at)
    await at.pilot.press("ctrl+l")
    await calm(at.app, at.pilot)


async def _new_password(at: Stage) -> None:
    at.sign_in(Role.SUPPORT)
    await put(at, NewPasswordScreen())


async def _verify(at: Stage) -> None:
    at.sign_in(Role.ADMIN, 10_455)
    screen = VerifyScreen()
    await put(at, screen)
    faults = (Finding(kind=FindingKind.ALTERED, seq_from=7, seq_to=7, sentence="Entry 7 was altered."),)
    screen._show(
        Report(entries=10_455, erased_openings=3, pruned=0, newest_checkpoint=None, uncovered=12,
               uncovered_age_ms=60_000, tail_limit_ms=86_400_000, findings=faults)
    )  # fmt: skip


async def _lost(at: Stage) -> None:
    await _record(at)
    at.app.sentinel.trouble(StorageUnavailable("The database cannot be reached.", "Try again."))
    await calm(at.app, at.pilot)


SCENES: dict[str, Scene] = {
    "sign-in": _sign_in, "cases": _cases, "search": _search, "search-counted": _search_counted,
    "search-meant": _search_meant, "record": _record, "record-revealed": _record_revealed,
    "privacy": _privacy, "break-glass": _break_glass, "break-glass-asked": _break_glass_asked,
    "new-case": _new_case, "purpose": _purpose, "request": _request, "request-any": _request_any,
    "requests": _requests, "request-page": _request_page, "log": _log, "entry": _entry, "log-names": _log_names,
    "staff": _staff, "staff-add": _staff_add, "staff-roles": _staff_roles, "export": _export,
    "first-password": _first_password, "own": _own,
    "new-person": _new_person, "note": _note, "repair": _repair, "colleagues": _colleagues,
    "close-case": _close_case, "palette": _palette, "help": _help, "locked": _locked,
    "new-password": _new_password, "verify": _verify, "lost": _lost,
}  # fmt: skip
