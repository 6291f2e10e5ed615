"""Every screen and dialog of the desk in a state worth a picture; what walks all screens walks these."""

from __future__ import annotations

from dataclasses import replace

from textual.widgets import Input

from staffdesk.domain.access import Grant, Role
from staffdesk.domain.correction import Seen
from staffdesk.domain.declared import Declaration, Whom
from staffdesk.domain.errors import StorageUnavailable
from staffdesk.domain.new_people import Company, NewPerson, Twins
from staffdesk.domain.records import Page, Revealed
from staffdesk.domain.requests import RequestType
from staffdesk.tui.record.glass import now_ms
from staffdesk.tui.screens.colleagues import ColleaguesDialog
from staffdesk.tui.screens.declare import DeclarationsDialog, DeclareDialog
from staffdesk.tui.screens.new_case import NewCaseDialog
from staffdesk.tui.screens.new_password import NewPasswordScreen
from staffdesk.tui.screens.new_person import NewPersonDialog
from staffdesk.tui.screens.note import NoteDialog
from staffdesk.tui.screens.purpose import PurposeDialog
from staffdesk.tui.screens.record import RecordScreen
from staffdesk.tui.screens.repair import RepairDialog
from staffdesk.tui.screens.request_form import RequestDialog
from staffdesk.tui.screens.search import SearchScreen
from staffdesk.tui.screens.side_by_side import SideBySideDialog
from staffdesk.tui.screens.twins import TwinsDialog
from tests.tui import stage
from tests.tui.case_scenes import CASE_SCENES
from tests.tui.company_scenes import COMPANY_SCENES
from tests.tui.log_scenes import LOG_SCENES
from tests.tui.request_scenes import REQUEST_SCENES
from tests.tui.review_scenes import REVIEW_SCENES
from tests.tui.stage import Scene, Stage, calm, put


async def _sign_in(at: Stage) -> None:
    await calm(at.app, at.pilot)


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
    await calm(at.app, at.pilot)  # what a move of the cursor says takes back what was said before it
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
    await calm(at.app, at.pilot)
    await at.pilot.press(*"norv r", "tab", *"Bo", "shift+tab")


async def _case_beside_a_record(at: Stage) -> None:
    await _record(at)
    await put(at, NewCaseDialog(stage.record()))
    await calm(at.app, at.pilot)
    await at.pilot.press(*"norv r", "tab", *"Bo", "shift+tab")


async def _purpose(at: Stage) -> None:
    at.sign_in(Role.SALES)
    await put(at, SearchScreen())
    await put(at, PurposeDialog(needs_reference=True))


async def _request(at: Stage) -> None:
    await _record(at)
    await put(at, RequestDialog(RequestType.ERASE, 4711, stage.access()))


async def _request_any(at: Stage) -> None:
    await _record(at)
    await at.pilot.press("a", "o", "tab", "tab", *"2026-11-20 14:00", "tab", *"not for profiling", "enter")


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
    seen = Seen("person:4711:family_name", "Bo")
    await put(at, RepairDialog(4711, "Family name", seen, stage.access(), lambda: "Bo"))
    await at.pilot.press(*"hr", "enter", *"SO-20418", "enter")


async def _colleagues(at: Stage) -> None:
    await _record(at)
    await put(at, ColleaguesDialog(stage.page()))


async def _twins(at: Stage) -> None:
    await _record(at)
    hits = (replace(stage.page().hits[0], id=6612, found_by="e-mail, telephone, name"),)
    await put(at, TwinsDialog(Page(hits=hits, seq=10_444), [5120]))


async def _side_by_side(at: Stage) -> None:
    await _record(at)
    other = replace(stage.record("Andreas"), id=6612, customer=6612)
    await put(at, SideBySideDialog(stage.record(), other, stage.access()))
    await at.pilot.press("m", "enter")


async def _declare(at: Stage) -> None:
    await _record(at)
    await put(at, DeclareDialog([(Whom.PERSON, 4711), (Whom.COMPANY, 12)]))
    await at.pilot.press("down", "down", "enter")


async def _declared(at: Stage) -> None:
    at.sign_in(Role.SUPPORT)
    found = [
        Declaration(id=1, who="ana", kind="neighbour", whom=Whom.PERSON, number=4711, declared_at=1_795_500_000_000),
        Declaration(
            id=2,
            who="ana",
            kind="employer",
            whom=Whom.COMPANY,
            number=12,
            declared_at=1_795_600_000_000,
            withdrawn_at=1_795_700_000_000,
        ),
    ]
    await put(at, DeclarationsDialog(found))


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


async def _lost(at: Stage) -> None:
    await _record(at)
    at.app.sentinel.trouble(StorageUnavailable("The database cannot be reached.", "Try again."))
    await calm(at.app, at.pilot)


SCENES: dict[str, Scene] = {
    "sign-in": _sign_in, "search": _search, "search-counted": _search_counted,
    "search-meant": _search_meant, "record": _record, "record-revealed": _record_revealed,
    "privacy": _privacy, "break-glass": _break_glass, "break-glass-asked": _break_glass_asked,
    "new-case": _new_case, "case-beside-a-record": _case_beside_a_record,
    "purpose": _purpose, "request": _request, "request-any": _request_any,
    **CASE_SCENES, **COMPANY_SCENES, **REQUEST_SCENES,
    "new-person": _new_person, "note": _note,
    "repair": _repair, "colleagues": _colleagues,
    "twins": _twins, "side-by-side": _side_by_side,
    "declare": _declare, "declared": _declared,
    "palette": _palette, "help": _help, "locked": _locked,
    "new-password": _new_password, "lost": _lost,
    **LOG_SCENES, **REVIEW_SCENES,
}  # fmt: skip
