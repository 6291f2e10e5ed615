"""Every question a screen asks a service, and what is seen when it goes wrong or takes a while.

The questions are found in the code: each call of ``ask``. For each there is a way of keys that leads to it; what goes
wrong goes wrong in the database itself, from the moment the question is asked.
"""

from __future__ import annotations

import ast
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from unittest import mock

import sqlalchemy as sa
from textual import events

import staffdesk.tui
from staffdesk.data.maintenance import sqlite_owner
from staffdesk.domain.errors import Denied, LogUnavailable, SessionEnded, StaffdeskError, StorageUnavailable
from staffdesk.services.home import Home
from staffdesk.tui.asking import AskingScreen
from staffdesk.tui.base import DeskDialog
from staffdesk.tui.commands import DESK, by_id
from staffdesk.tui.screens.own import OwnScreen
from staffdesk.tui.widgets.field import Field
from staffdesk.tui.widgets.rows import Rows
from tests.tui.seat import Seat, is_asking, record_of, stand_on_a_masked_value, together

ROOT: Final = Path(staffdesk.tui.__file__).parent

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
_RECORD: Final[Way] = ("enter",)
_NOBODY: Final[Way] = ("ctrl+n", "=Movie", "enter", "S", "=dupont", "enter", "enter")


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


async def _count(seat: Seat) -> None:
    await _pause_after(seat, "dup")


async def _count_again(seat: Seat) -> None:
    await _pause_after(seat, "o")


async def _pause_after(seat: Seat, letters: str) -> None:
    with mock.patch("staffdesk.tui.screens.search.typing_pause", lambda: 0.02):
        await seat.pilot.press(*letters)
        await seat.pilot.pause(0.05)


QUESTIONS: Final[dict[str, Question]] = {
    "SignInScreen._sign_in": Question("", ("s",), "signing in", ("s",), bound=False),
    "open_record": Question("support", ("enter",), "opening"),
    "CasesScreen.read": Question("support", ("enter", "C"), "reading", logs=False, bound=False),
    "CloseCaseDialog.close": Question("support", ("x", "x", "enter"), "writing", _FORM),
    "NewCaseDialog.open": Question("support", ("ctrl+n", "=Movie", "enter"), "writing", _FORM),
    "NoteDialog.save": Question(
        "support", ("i", "=seat", "enter", "=Moved.", "tab", "enter"), "writing", _FORM
    ),
    "PurposeDialog.take": Question("support", ("p", "=C-2026-0001", "enter"), "reading", _FORM, logs=False, bound=False),
    "SearchScreen.search": Question("support", ("enter", "=dupont", "enter"), "searching", _FORM),
    "SearchScreen._count": Question("support", ("enter", _count), "counting", (_count_again,)),
    "NewPersonDialog.look": Question(
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
    "RepairDialog.repair": Question(
        "support", (*_RECORD, _on_the_name, "f", "=Bohr", "enter", "=SO-1", "enter"), "writing", _FORM,
        answered=False,
    ),
    "RightsRecord._stop_mail": Question("support", (*_RECORD, "u", "u"), "stopping"),
    "RequestDialog._register 2": Question("support", (*_RECORD, "d", "y", "enter"), "writing", _FORM),
    "RequestDialog._register 1": Question(
        "support", (*_RECORD, "a", "n", "enter", "enter", "enter", "enter", "enter", "y", "enter"), "writing", _FORM
    ),
    "LockedScreen.unlock": Question(
        "support", ("ctrl+l", _password, "enter"), "unlocking", (_password, "enter"), bound=False
    ),
    "OwnScreen._read_sessions": Question("support", ("O",), "reading", bound=False),
    "OwnScreen._read": Question("support", ("O",), "reading", bound=False),
    "OwnScreen.action_end_session": Question(
        "support", (_another_session, "s", "s"), "writing", bound=False
    ),
    "RequestsScreen.on_mount": Question("privacy", ("O", "R"), "reading"),
    "RequestsScreen.open": Question("privacy", ("enter",), "opening"),
    "RequestScreen.action_copy_letter": Question("privacy", ("enter", "y"), "copying"),
    "RevealingRecord._open_look": Question("privacy", ("enter", "o", "w", "home", "enter"), "reading"),
    "LogScreen._read": Question("admin", ("U", "A"), "reading"),
    "LogScreen.open": Question("admin", ("enter",), "reading"),
    "LogScreen.action_names": Question("admin", ("n",), "reading"),
    "NamesDialog.save": Question(
        "admin", ("f", "=out:denied", "enter", "n", "tab", "=mine", "enter"), "writing", _FORM
    ),
    "NamesDialog._told": Question(
        "admin", ("f", "=out:ok", "enter", "n", "tab", "=other", "enter"), "reading", ("=other", "enter")
    ),
    "NamesDialog.action_forget": Question("admin", ("n", "end", "x", "x"), "writing", ("x", "x")),
    "VerifyScreen.on_mount": Question("admin", ("v",), "", ("escape", "v")),
    "ExportScreen.on_mount": Question("admin", ("x", "x"), "", ("escape", "x", "x")),
    "StaffScreen._read": Question("admin", ("U",), "reading"),
    "StaffScreen.open": Question("admin", ("U", "enter"), "reading"),
    "StaffScreen._do": Question("admin", ("U", "s", "s"), "writing"),
    "AddAccountDialog.do": Question(
        "admin",
        ("U", "n", "=ines", "enter", "=Ines", "enter", "=N-100", "enter", "enter", "enter", "space", "enter", "enter",
         "enter", "y", "enter"),
        "writing", _FORM,
    ),
    "RolesDialog.do": Question("admin", ("U", "e", "p", "space", "enter", "y", "enter"), "writing", _FORM),
    "NewPasswordScreen.go_on": Question(
        "support", (_new_password, "enter"), "setting the password", (_old_password_again, "enter"), bound=False
    ),
}  # fmt: skip


def questions() -> dict[str, tuple[str, str, int, int]]:
    """Return every call of ``ask``: where it stands, so that who calls is known by file, function and line."""
    found: dict[str, tuple[str, str, int, int]] = {}
    for file in sorted(ROOT.rglob("*.py")):
        calls = list(_calls(ast.parse(file.read_text(encoding="utf-8")), ()))
        for name, node in calls:
            alike = [each for other, each in calls if other == name]
            key = name if len(alike) == 1 else f"{name} {alike.index(node) + 1}"
            found[key] = (str(file), name, node.lineno, node.end_lineno or node.lineno)
    return found


def _calls(node: ast.AST, path: tuple[str, ...]) -> Iterator[tuple[str, ast.Call]]:
    for child in ast.iter_child_nodes(node):
        inside = (*path, child.name) if isinstance(child, ast.ClassDef | ast.FunctionDef) else path
        if isinstance(child, ast.Call) and isinstance(child.func, ast.Attribute) and child.func.attr == "ask":
            yield ".".join(path), child
        yield from _calls(child, inside)


@dataclass
class Watch:
    """Says which question is asked, and lets something happen as the one that is looked for is."""

    known: dict[str, tuple[str, str, int, int]] = field(default_factory=questions)
    wanted: str = ""
    asked: int = 0
    on_asked: Callable[[], None] | None = None
    go: threading.Event | None = None
    error: StaffdeskError | None = None

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Watch every screen that asks."""
        really = AskingScreen.ask

        def ask(screen: AskingScreen[Any], job: Callable[[], Any], then: Callable[[Any], None], busy: str = "") -> None:
            frame = sys._getframe(1)
            if self._name(frame.f_code.co_filename, frame.f_code.co_qualname, frame.f_lineno) == self.wanted:
                job = self._with_care(job)
            really(screen, job, then, busy)

        with mock.patch.object(AskingScreen, "ask", ask):
            yield

    def _name(self, file: str, function: str, line: int) -> str:
        for key, (at, name, first, last) in self.known.items():
            if (file, function) == (at, name) and first <= line <= last:
                return key
        return ""

    def _with_care(self, job: Callable[[], Any]) -> Callable[[], Any]:
        def run() -> Any:  # noqa: ANN401 - whatever the service gives
            # Here and not at the key: asked again by r, the same question is met again.
            self.asked += 1
            go, on_asked = self.go, self.on_asked
            if on_asked is not None:
                on_asked()
            if go is not None:
                assert go.wait(30)
            try:
                return job()
            except StaffdeskError as error:
                self.error = error
                raise

        return run


@dataclass
class Faults:
    """What can be wrong with the database of a home, for as long as it lasts."""

    home: Home
    owner: sa.Connection

    @contextmanager
    def entries_refused(self, watch: Watch) -> Iterator[None]:
        """Let the log take no entry from the question on, as a full disk would not."""
        watch.on_asked = lambda: self._run(
            "CREATE TRIGGER IF NOT EXISTS broken BEFORE INSERT ON entry BEGIN SELECT RAISE(ABORT, 'broken'); END"
        )
        try:
            yield
        finally:
            watch.on_asked = None
            self._run("DROP TRIGGER IF EXISTS broken")

    @contextmanager
    def roles_taken(self, watch: Watch) -> Iterator[None]:
        """Let nobody have a role from the question on."""
        kept = "CREATE TABLE IF NOT EXISTS kept AS SELECT * FROM staff_role"
        watch.on_asked = lambda: self._run(kept, "DELETE FROM staff_role")
        try:
            yield
        finally:
            watch.on_asked = None
            self._run(kept, "INSERT OR IGNORE INTO staff_role SELECT * FROM kept", "DROP TABLE kept")

    @contextmanager
    def file_away(self, watch: Watch) -> Iterator[None]:
        """Let the database's file be moved away from the question on."""
        file = self.home.database_file
        away = file.with_name("away.db")
        watch.on_asked = lambda: None if away.exists() else (file.rename(away), None)[1]
        try:
            yield
        finally:
            watch.on_asked = None
            if away.exists():
                away.rename(file)

    def _run(self, *statements: str) -> None:
        for statement in statements:
            self.owner.exec_driver_sql(statement)


@contextmanager
def faults_of(home: Home) -> Iterator[Faults]:
    """Give the faults of a home."""
    with sqlite_owner(home.database_file, home.read_key()) as owner:
        yield Faults(home, owner)


REFUSALS: Final[dict[str, tuple[type[StaffdeskError], ...]]] = {
    "entries_refused": (LogUnavailable, StorageUnavailable),
    "roles_taken": (Denied,),
    "file_away": (LogUnavailable, StorageUnavailable),
}


async def go(seat: Seat, way: Way) -> None:
    """Go a way, and wait until nothing is asked any more."""
    await _press(seat, way)
    await _settle(seat)


async def _settle(seat: Seat) -> None:
    await seat.pilot.pause()
    while is_asking(seat.app):
        await seat.pilot.pause(0.01)
    await seat.pilot.pause()


async def _press(seat: Seat, way: Way) -> None:
    for at, step in enumerate(way):
        if callable(step):
            await step(seat)
        elif step.startswith("="):
            seat.app.post_message(events.Paste(step[1:]))
        else:
            await seat.pilot.press(step)
        if at < len(way) - 1:
            await _settle(seat)


async def walk(seat: Seat, names: set[str]) -> list[str]:
    """Ask each question where it is refused, cannot be logged or asked, and late; return what was wrong.

    ``names`` are those of customers: nothing of them may come on the screen with a refusal.
    """
    wrong: list[str] = []
    watch = Watch()
    with watch.watching(), faults_of(seat.home) as faults:
        for key, question in QUESTIONS.items():
            if question.role:
                await seat.sign_in(question.role)
            wrong += [f"{key}: {each}" async for each in _wrong(seat, watch, faults, key, names)]
            watch.wanted = ""
            if seat.app.session is not None:
                seat.app.session_over(SessionEnded("Your session has ended.", "Sign in again."))
                await seat.settle()
    return wrong


async def _wrong(seat: Seat, watch: Watch, faults: Faults, key: str, names: set[str]) -> Any:  # noqa: ANN401 - texts
    question = QUESTIONS[key]
    await go(seat, question.way[:-1])
    watch.wanted, way = key, question.way[-1:]
    for fault, kinds in REFUSALS.items():
        if (fault == "entries_refused" and not question.logs) or (fault == "roles_taken" and not question.bound):
            continue
        before = _of(names, seat)
        watch.asked, watch.error = 0, None
        with getattr(faults, fault)(watch):
            await go(seat, way)
            error, shown = watch.error, said(seat)
            if not watch.asked:
                yield f"{fault}: it was not asked:\n{seat.text()}"
                return
            if error is None:
                yield f"{fault}: it was answered:\n{seat.text()}"
                return
            for each in _of_a_refusal(seat, error, kinds, shown):
                yield f"{fault}: {each}"
            if new := _of(names, seat) - (before if fault != "file_away" else set()):
                yield f"{fault}: it shows {new}\n{seat.text()}"
        if fault == "file_away":
            seat.app.sentinel.pulse()
            await _settle(seat)
        way = question.again
    async for each in _late(seat, watch, way, question.busy, names):
        yield each


def _of_a_refusal(
    seat: Seat, error: StaffdeskError, kinds: tuple[type[StaffdeskError], ...], shown: str
) -> Iterator[str]:
    if not isinstance(error, kinds):
        yield f"{error!r} is none of {kinds}"
    lost = "Lost the database at" in shown
    if f"✗ {error.sentence}" not in shown and not lost:
        yield f"“{error.sentence}” is not said:\n{seat.text()}"
    if not error.hint or (error.hint not in shown and not lost):
        yield f"“{error.hint}” is not said:\n{seat.text()}"
    screen = seat.desk_screen
    if (
        screen.PLACE in DESK
        and not isinstance(screen.focused, Field)
        and by_id("app.retry") not in screen.shown_commands()
    ):
        yield f"the key line does not offer r:\n{seat.text()}"


async def _late(seat: Seat, watch: Watch, way: Way, busy: str, names: set[str]) -> Any:  # noqa: ANN401 - texts
    before = _of(names, seat)
    watch.asked, watch.error, watch.go = 0, None, threading.Event()
    try:
        await _press(seat, way)
        for words in (f"{busy}…", f"still {busy}") if busy else ("beginning",):
            until = 20
            while words not in said(seat) and until:
                await seat.pilot.pause(0.05)
                until -= 1
            if not until:
                yield f"“{words}” is not said:\n{seat.text()}"
        if new := _of(names, seat) - before:
            yield f"it shows {new} before the answer"
        if not is_asking(seat.app):
            yield f"it did not wait:\n{seat.text()}"
    finally:
        watch.go.set()
        await _settle(seat)
        watch.go = None
    if watch.error is not None and QUESTIONS[watch.wanted].answered:
        yield f"it is still refused: {watch.error}\n{seat.text()}"
    elif "still " + busy in said(seat) and busy:
        yield f"it still says it is waiting:\n{seat.text()}"


def said(seat: Seat) -> str:
    """Return what stands on the screen on top as one line; of a dialog what stands in its box."""
    screen, lines = seat.desk_screen, seat.lines()
    if isinstance(screen, DeskDialog):
        box = screen.query_one("#box").region
        lines = [line[box.x : box.right] for line in lines[box.y : box.bottom]]
    return together(lines)


def _of(names: set[str], seat: Seat) -> set[str]:
    shown = seat.text()
    return {name for name in names if name in shown}
