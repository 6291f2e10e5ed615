"""Every screen and dialog of the desk in a state worth a picture; what walks all screens walks these."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from textual.widgets import Input

from staffdesk.domain.access import Grant, Role
from staffdesk.domain.correction import Seen
from staffdesk.domain.erasure import Action as Fate
from staffdesk.domain.errors import SignInFailed, StorageUnavailable
from staffdesk.domain.local_settings import CardRule, Changed
from staffdesk.domain.new_people import Company, NewPerson, Twins
from staffdesk.domain.records import Page, Revealed
from staffdesk.domain.request_moves import Letter
from staffdesk.domain.request_work import Way
from staffdesk.domain.requests import FrontOfCard, RequestState, RequestType
from staffdesk.services.corrections import Correction, CorrectionSheet
from staffdesk.services.letters import Language
from staffdesk.services.request_letters import Drafted
from staffdesk.services.request_plans import Decided, ErasurePlan, PlannedKind
from staffdesk.tui.record.glass import now_ms
from staffdesk.tui.screens.card_rule import CardRuleDialog
from staffdesk.tui.screens.cases import CasesScreen
from staffdesk.tui.screens.close_case import CloseCaseDialog
from staffdesk.tui.screens.colleagues import ColleaguesDialog
from staffdesk.tui.screens.correction import CorrectionDialog
from staffdesk.tui.screens.duplicates import DuplicatesDialog
from staffdesk.tui.screens.letter import LetterDialog
from staffdesk.tui.screens.move import MoveDialog
from staffdesk.tui.screens.name_employee import NameEmployeeDialog
from staffdesk.tui.screens.new_case import NewCaseDialog
from staffdesk.tui.screens.new_password import NewPasswordScreen
from staffdesk.tui.screens.new_person import NewPersonDialog
from staffdesk.tui.screens.note import NoteDialog
from staffdesk.tui.screens.passphrase import PassphraseDialog
from staffdesk.tui.screens.password_again import PasswordAgainDialog
from staffdesk.tui.screens.plan import PlanDialog
from staffdesk.tui.screens.purpose import PurposeDialog
from staffdesk.tui.screens.record import RecordScreen
from staffdesk.tui.screens.repair import RepairDialog
from staffdesk.tui.screens.request import RequestScreen
from staffdesk.tui.screens.request_form import RequestDialog
from staffdesk.tui.screens.requests import RequestsScreen
from staffdesk.tui.screens.search import SearchScreen
from staffdesk.tui.screens.searched import SearchedDialog
from staffdesk.tui.screens.told import ToldDialog
from tests.tui import stage, staged_requests, staged_restrictions
from tests.tui.log_scenes import LOG_SCENES
from tests.tui.stage import Scene, Stage, calm, put
from tests.tui.staged_requests import NOON


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
    await at.pilot.press(*"Bohr", "enter", *"SO-20418", "enter")


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


async def _move(at: Stage) -> None:
    await _request_page(at)
    stands = staged_requests.standing(RequestType.ACCESS, RequestState.DECISION)
    await put(at, MoveDialog(stands, stage.access()))
    await at.pilot.press("right", "tab", *"eleven boxes of paper")


async def _searched(at: Stage) -> None:
    await _request_page(at)
    await put(at, SearchedDialog(staged_requests.standing(RequestType.ACCESS, RequestState.ASSESSMENT), stage.access()))
    await at.pilot.press("right", "tab", "right", "right")


async def _duplicates(at: Stage) -> None:
    await _request_page(at)
    await put(at, DuplicatesDialog("DSR-2026-0019", staged_requests.likely(), stage.access()))
    await at.pilot.press("right")


async def _name_employee(at: Stage) -> None:
    await _request_page(at)
    await put(at, NameEmployeeDialog("DSR-2026-0019", staged_requests.consulted(), stage.access()))
    await at.pilot.press("tab", "tab", *"he was threatened by one who knew")


async def _told(at: Stage) -> None:
    await _request_page(at)
    page = stage.request_page()
    await put(at, ToldDialog(page.request.number, page.told, stage.access()))
    await at.pilot.press("tab", "right", "right", "tab", *"gone out of business")


async def _told_by_notice(at: Stage) -> None:
    await _request_page(at)
    page = stage.request_page()
    await put(at, ToldDialog(page.request.number, page.told, stage.access(), by_notice=True))
    await at.pilot.press("tab", "tab", *"privacy@carrier.example")


async def _contested(at: Stage) -> None:
    at.sign_in(Role.SUPPORT)
    await put(at, RecordScreen(staged_restrictions.contested(stage.record()), stage.access()))


async def _request_contested(at: Stage) -> None:
    at.sign_in(Role.PRIVACY)
    await put(at, RequestScreen(staged_restrictions.contested_page(), stage.access()))


async def _letter(at: Stage) -> None:
    await _request_page(at)
    drafted = Drafted(
        "DSR-2026-0019", 3, Letter.ACKNOWLEDGED, Language.EN, staged_requests.letter(), "anders.bo@nordlys.example"
    )
    await put(at, LetterDialog(drafted, Way.MAIL))


async def _passphrase(at: Stage) -> None:
    await _request_page(at)
    await put(at, PassphraseDialog("DSR-2026-0019", "jatet-ribis-depix-pimoh-jopes-rovom", stage.access()))


async def _correction(at: Stage) -> None:
    await _request_page(at)
    noted = (Correction("person:4711:email", "E-mail", "bo@old.example", "bo@nordlys.example", "his letter"),)
    sheet = CorrectionSheet({"email": "person:4711:email", "city": "person:4711:city"}, noted)
    await put(at, CorrectionDialog("DSR-2026-0019", sheet, stage.access()))
    await at.pilot.press("tab", "tab", *"Aarhus")


async def _plan(at: Stage) -> None:
    await _request_page(at)
    kinds = (
        (PlannedKind("invoice", Fate.RESTRICT, "accounting", "Art. 60 VAT Code", dt.date(2036, 12, 31)), 4),
        (PlannedKind("licence", Fate.ANONYMISE), 1),
        (PlannedKind("sales_order", Fate.ERASE), 11),
        (PlannedKind("person", Fate.ERASE), 1),
    )
    by = ("Pia Holm", "Pia Holm", "")
    plan = ErasurePlan(kinds, "5a", changed=False)
    await put(at, PlanDialog(Decided("DSR-2026-0017", RequestType.ERASE, RequestState.APPROVAL, plan, None, *by)))


async def _password_again(at: Stage) -> None:
    await _move(at)
    dialog = PasswordAgainDialog("Approve refusal: DSR-2026-0019?", len)
    await put(at, dialog)
    dialog.failed(SignInFailed("The password is not right.", "Type it again."))
    await at.pilot.press(*"four")


async def _card_rule(at: Stage) -> None:
    await _requests(at)
    changed = Changed("otherwise", NOON, "david", "the authority finds a copy too much")
    await put(at, CardRuleDialog(CardRule(FrontOfCard.OTHERWISE, changed), stage.access()))
    await at.pilot.press(*"our policy says so", "enter")


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
    "sign-in": _sign_in, "cases": _cases, "search": _search, "search-counted": _search_counted,
    "search-meant": _search_meant, "record": _record, "record-revealed": _record_revealed,
    "privacy": _privacy, "break-glass": _break_glass, "break-glass-asked": _break_glass_asked,
    "new-case": _new_case, "case-beside-a-record": _case_beside_a_record,
    "purpose": _purpose, "request": _request, "request-any": _request_any,
    "requests": _requests, "request-page": _request_page,
    "move": _move, "duplicates": _duplicates, "name-employee": _name_employee,
    "searched": _searched, "told": _told, "told-by-notice": _told_by_notice, "contested": _contested,
    "request-contested": _request_contested, "letter": _letter, "passphrase": _passphrase,
    "correction": _correction, "plan": _plan,
    "password-again": _password_again, "card-rule": _card_rule,
    "new-person": _new_person, "note": _note, "repair": _repair, "colleagues": _colleagues,
    "close-case": _close_case, "palette": _palette, "help": _help, "locked": _locked,
    "new-password": _new_password, "lost": _lost,
    **LOG_SCENES,
}  # fmt: skip
