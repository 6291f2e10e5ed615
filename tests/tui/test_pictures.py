"""How the main screens look, at both sizes, in both themes and without colour; a change is seen before it is kept.

``pytest --snapshot-update tests/tui/test_pictures.py`` draws them anew.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.image import SVGImageSnapshotExtension
from textual.theme import Theme
from textual.widgets import Input

from staffdesk.domain.access import Role
from staffdesk.domain.records import Revealed
from staffdesk.domain.requests import RequestType
from staffdesk.services.audit_review import EntryDetail, EntryPage, EntryRow
from staffdesk.services.demo import Demo
from staffdesk.services.home import Home
from staffdesk.tui.screens.cases import CasesScreen
from staffdesk.tui.screens.entry import EntryScreen
from staffdesk.tui.screens.log import LogScreen
from staffdesk.tui.screens.new_case import NewCaseDialog
from staffdesk.tui.screens.purpose import PurposeDialog
from staffdesk.tui.screens.record import RecordScreen
from staffdesk.tui.screens.request_form import RequestDialog
from staffdesk.tui.screens.requests import RequestsScreen
from staffdesk.tui.screens.search import SearchScreen
from staffdesk.tui.themes import DESK_DARK, DESK_LIGHT
from tests.tui import stage
from tests.tui.seat import BOTH, LARGE, SMALL
from tests.tui.stage import NOON, Stage, calm, picture, put

Scene = Callable[[Stage], Awaitable[None]]


@pytest.fixture
def drawn(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(SVGImageSnapshotExtension)


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
    "sign-in": _sign_in, "cases": _cases, "search": _search, "record": _record, "record-revealed": _record_revealed,
    "new-case": _new_case, "purpose": _purpose, "request": _request, "requests": _requests, "log": _log,
    "entry": _entry,
}  # fmt: skip


@pytest.fixture(autouse=True)
def standing_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("staffdesk.tui.record.sight.now", lambda: 1000.0)


@pytest.mark.parametrize("size", BOTH, ids=["80x24", "120x40"])
@pytest.mark.parametrize("scene", SCENES)
async def test_the_screen_looks_as_it_was_kept(
    home: Home, company: Demo, drawn: SnapshotAssertion, scene: str, size: tuple[int, int]
) -> None:
    async with stage.stage(home, company, size) as at:
        await SCENES[scene](at)
        await calm(at.app, at.pilot)
        assert picture(at.app) == drawn


@pytest.mark.parametrize("scene", ["search", "record-revealed", "log"])
async def test_the_light_theme_looks_as_it_was_kept(
    home: Home, company: Demo, drawn: SnapshotAssertion, scene: str
) -> None:
    async with stage.stage(home, company, LARGE) as at:
        at.app.theme = DESK_LIGHT.name
        await SCENES[scene](at)
        await calm(at.app, at.pilot)
        assert picture(at.app) == drawn


@pytest.mark.parametrize("scene", ["search", "record-revealed"])
async def test_without_colour_it_looks_as_it_was_kept(
    home: Home, company: Demo, drawn: SnapshotAssertion, scene: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with stage.stage(home, company, SMALL) as at:
        await SCENES[scene](at)
        await calm(at.app, at.pilot)
        assert picture(at.app) == drawn


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [DESK_DARK, DESK_LIGHT], ids=lambda theme: theme.name)
def test_every_colour_of_a_text_stands_out_from_every_ground(theme: Theme) -> None:
    texts = [theme.foreground, *(theme.variables[f"text-{name}"] for name in _TEXTS)]
    grounds = [theme.background, theme.surface, theme.panel]
    assert min(_contrast(str(text), str(ground)) for text in texts for ground in grounds) >= 4.5


_TEXTS = ("muted", "disabled", "accent", "primary", "warning", "success", "error")
