"""Every screen and dialog of the desk in a state worth a picture; what walks all screens walks these."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from textual.widgets import Input

from staffdesk.domain.access import Role
from staffdesk.domain.records import Page, Revealed
from staffdesk.domain.requests import RequestType
from staffdesk.services.audit_review import EntryDetail, EntryPage, EntryRow
from staffdesk.tui.screens.cases import CasesScreen
from staffdesk.tui.screens.entry import EntryScreen
from staffdesk.tui.screens.log import LogScreen
from staffdesk.tui.screens.new_case import NewCaseDialog
from staffdesk.tui.screens.purpose import PurposeDialog
from staffdesk.tui.screens.record import RecordScreen
from staffdesk.tui.screens.request_form import RequestDialog
from staffdesk.tui.screens.requests import RequestsScreen
from staffdesk.tui.screens.search import SearchScreen
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


async def _requests(at: Stage) -> None:
    at.sign_in(Role.PRIVACY)
    screen = RequestsScreen()
    await put(at, screen)
    screen._show(stage.requests())


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
    screen._show(_entries())


async def _entry(at: Stage) -> None:
    at.sign_in(Role.ADMIN, 10_455)
    row = _entries().entries[0]
    await put(at, EntryScreen(EntryDetail(row, {"reason": "asked for his number to be read back"}, ("term",))))


SCENES: dict[str, Scene] = {
    "sign-in": _sign_in, "cases": _cases, "search": _search, "search-counted": _search_counted,
    "search-meant": _search_meant, "record": _record, "record-revealed": _record_revealed,
    "new-case": _new_case, "purpose": _purpose, "request": _request, "requests": _requests, "log": _log,
    "entry": _entry,
}  # fmt: skip
