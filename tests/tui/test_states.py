"""Every state of every screen, walked: refused, not logged, lost, late, too small, locked, revoked, crashed.

The faults are real: the log refuses its entries, the roles are gone, the file lies elsewhere.

Seen to fail: with a retry under the deadline of the key before it, with ``r`` offered in a field, with a word missing
while a copy is awaited, and with a database that stayed lost for the next screen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Final, NoReturn

import pytest
from textual.widget import Widget
from textual.widgets import Static

from staffdesk.data.maintenance import sqlite_owner
from staffdesk.services.demo import Demo
from staffdesk.services.home import Home
from staffdesk.tui import asking, sentinel
from staffdesk.tui.base import DeskDialog, DeskScreen
from staffdesk.tui.screens.locked import LockedScreen
from staffdesk.tui.screens.sign_in import SignInScreen
from tests import demos
from tests.tui import stage
from tests.tui.conftest import SitDown
from tests.tui.keys_everywhere import wrong_keys
from tests.tui.questions import QUESTIONS, questions
from tests.tui.request_questions import REQUEST_QUESTIONS, rights_of
from tests.tui.scenes import SCENES
from tests.tui.seat import SMALL, shown, together
from tests.tui.stage import Stage, calm
from tests.tui.states import walk

_PERSONAL: Final = ("Anders", "Nordlys", "Janssens", "Colourist", "55 55 01 42", "7hxk-2mqd-9wrt", "b•••@nordlys")
"""What a scene shows of somebody."""
_NOBODYS: Final = ("fastspring · ", "Carrier ")
_COMES_NOT_BACK: Final = {"55 55 01 42"}
_ALWAYS: Final = {"record-revealed"}
_ON_POSTGRES: Final = ("cases", "search", "record-revealed", "note", "palette", "help", "request-page", "log", "staff")
_CANARY: Final = "Zephyrine Quillfeather"


@pytest.fixture(autouse=True)
def no_pulse(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sentinel, "_PULSE", 3600.0)


def test_every_question_of_a_screen_has_its_states() -> None:
    assert questions().keys() == QUESTIONS.keys(), "add the question to QUESTIONS in tests/tui/questions.py"


@pytest.mark.long
@pytest.mark.parametrize("of", ["requests", "others"])
async def test_what_is_refused_lost_or_late_is_said_with_the_next_key_and_shows_nobody(
    sit_down: SitDown, monkeypatch: pytest.MonkeyPatch, of: str
) -> None:
    monkeypatch.setattr(asking, "_BUSY_AFTER", 0.03)
    monkeypatch.setattr(asking, "_STILL_BUSY_AFTER", 0.25)
    async with sit_down(SMALL) as seat:
        with sqlite_owner(seat.home.database_file, seat.home.read_key()) as owner:
            rows = owner.exec_driver_sql("SELECT family_name, email, phone FROM person").all()
        if of == "requests":  # of which each tells something: one that waits for the campaign service, to be answered
            await seat.sign_in("privacy")
            seat.app.desk.marketing.stop(rights_of(seat), seat.demo.person)
        keys = [key for key in QUESTIONS if (key in REQUEST_QUESTIONS) == (of == "requests")]
        wrong = await walk(seat, keys, {text for row in rows for text in row if text and len(text) > 4})
    assert not wrong, "\n\n".join(wrong)


@pytest.mark.long
async def test_a_screen_too_small_without_its_database_or_locked_shows_nobody_and_keys_do_on_it_what_they_do_elsewhere(
    home: Home, company: Demo
) -> None:
    """Each kind of screen once: where it is too small, loses its database and finds it, is worked on, and locked."""
    wrong, walked = list[str](), set[type[object]]()
    async with stage.stage(home, company, SMALL) as at:
        for name, scene in SCENES.items():
            await _show(at, scene)
            if name in _ALWAYS or type(at.app.screen) not in walked:
                walked.add(type(at.app.screen))
                wrong += [f"{name}, {each}" for each in await _too_small(at)]
                if at.app.session is not None and not at.app.locked:
                    found = (*await _lost(at, home), *await wrong_keys(at), *await _locked(at))
                    wrong += [f"{name}, {each}" for each in found]
            await _leave(at)
    assert not wrong, "\n\n".join(wrong)
    assert len(walked) > 20


async def test_a_session_ended_elsewhere_leads_to_the_sign_in_from_wherever_one_is(
    tmp_path: Path,
) -> None:
    wrong: list[str] = []
    with demos.cheap_passwords(), demos.team(tmp_path / "team") as (demo, place):
        async with stage.stage(demo.home, demo, SMALL) as at:
            with place.owner() as owner:
                for name in _ON_POSTGRES:
                    await _show(at, SCENES[name])
                    owner.exec_driver_sql("UPDATE session SET ended_at = 1, end_reason = 'by hand'")
                    at.app.sentinel.pulse()
                    if not await _until(at, lambda: isinstance(at.app.screen, SignInScreen)) or _seen(at):
                        wrong.append(f"{name}:\n{shown(at.app)}")
                    await _leave(at)
    assert not wrong, "\n\n".join(wrong)


_CRASHES: Final[dict[str, Callable[[DeskScreen[object]], object]]] = {
    "record": lambda screen: screen.call_later(partial(_fail, _CANARY)),
    "log": lambda screen: screen.run_worker(partial(_fail, _CANARY), thread=True, exit_on_error=False),
    "note": lambda screen: screen.ask(partial(_fail, _CANARY), lambda _answer: None),
    "staff": lambda screen: screen.ask(lambda: None, lambda _answer: _fail(_CANARY)),
    "request-page": lambda screen: screen.mount(_Bad()),
}
"""A handler, a worker, a service, what its answer leads to, and a widget that comes."""


@pytest.mark.parametrize("scene", _CRASHES)
async def test_what_fails_on_any_screen_ends_the_desk_with_an_id(
    home: Home, company: Demo, tmp_path: Path, capfd: pytest.CaptureFixture[str], scene: str
) -> None:
    incidents, apps = tmp_path / "incidents.log", list[stage.StageApp]()
    capfd.readouterr()

    async def crash() -> None:
        async with stage.stage(home, company, SMALL) as at:
            apps.append(at.app)
            at.app._incidents = incidents
            await _show(at, SCENES[scene])
            assert isinstance(at.app.screen, DeskScreen)
            _CRASHES[scene](at.app.screen)
            await at.app._exception_event.wait()

    with pytest.raises(ValueError, match=_CANARY):  # which only a pilot is told
        await crash()
    said = "".join(capfd.readouterr())
    assert apps[0].return_code == 1
    assert said.count("staffdesk stopped (error ") == 1
    written = incidents.read_text(encoding="ascii")
    assert "ValueError" in written
    assert _CANARY not in said + written


async def _show(at: Stage, scene: stage.Scene) -> None:
    await scene(at)
    await calm(at.app, at.pilot)


async def _too_small(at: Stage) -> Iterable[str]:
    await at.pilot.resize_terminal(59, 19)
    await at.pilot.pause(0.02)
    text = together(shown(at.app).splitlines())
    await at.pilot.resize_terminal(*SMALL)
    await at.pilot.pause(0.02)
    one_sentence = text.startswith("Make the window at least 60") and text.endswith("19).")
    return () if one_sentence else (f"too small: {text}",)


async def _lost(at: Stage, home: Home) -> list[str]:
    wrong, stood = [], _seen(at)
    file, away = home.database_file, home.database_file.with_name("away.db")
    file.rename(away)
    at.app.sentinel.pulse()
    noticed = await _until(at, lambda: at.app.sentinel.masked)
    text = shown(at.app)
    told = isinstance(at.app.screen, DeskDialog) or "Lost the database at" in together(text.splitlines())
    if not noticed or not told or _of_somebody(text):
        wrong.append(f"lost: {_of_somebody(text)}\n{text}")
    away.rename(file)
    at.app.sentinel.pulse()
    again = await _until(at, lambda: not at.app.sentinel.masked)
    if missing := set(stood) - set(_seen(at)) - _COMES_NOT_BACK:
        wrong.append(f"back: {again} without {missing}\n{shown(at.app)}")
    return wrong


async def _locked(at: Stage) -> Iterable[str]:
    before = list(at.app.screen_stack[1:])
    at.app.action_lock()
    await _until(at, lambda: isinstance(at.app.screen, LockedScreen))
    await calm(at.app, at.pilot)
    left = [each for each in before if each.is_attached]
    return () if not left and not _seen(at) and len(at.app.screen_stack) == 2 else (f"locked: {left} {_seen(at)}",)


def _fail(name: str) -> NoReturn:
    raise ValueError(f"no such thing as {name}")


class _Bad(Static):
    def compose(self) -> Iterable[Widget]:
        _fail(_CANARY)


def _seen(at: Stage) -> list[str]:
    """Return what is seen of somebody; the scenes write their word also where nothing personal stands."""
    return _of_somebody(shown(at.app))


def _of_somebody(text: str) -> list[str]:
    text = "\n".join(line for line in text.splitlines() if not any(each in line for each in _NOBODYS))
    return [each for each in _PERSONAL if each in text]


async def _until(at: Stage, holds: Callable[[], bool]) -> bool:
    for _ in range(250):
        if holds():
            await at.pilot.pause()
            return True
        await at.pilot.pause(0.02)
    return False


async def _leave(at: Stage) -> None:
    while len(at.app.screen_stack) > 1:
        await at.app.pop_screen()
    at.app.session, at.app.locked = None, False
    at.app.sentinel.fresh()
    await calm(at.app, at.pilot)
