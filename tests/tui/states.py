"""What is seen where a question is refused, cannot be logged or asked, or is answered late: see ``questions.py``.

What goes wrong goes wrong in the database itself, from the moment the question is asked.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from textual import events

from staffdesk.data.maintenance import sqlite_owner
from staffdesk.domain.errors import Denied, LogUnavailable, SessionEnded, StaffdeskError, StorageUnavailable
from staffdesk.services.home import Home
from staffdesk.tui.base import DeskDialog
from staffdesk.tui.command import DESK
from staffdesk.tui.commands import by_id
from staffdesk.tui.session import Call
from staffdesk.tui.widgets.field import Field
from tests.tui.question import Way
from tests.tui.questions import QUESTIONS
from tests.tui.seat import Seat, is_asking, together
from tests.tui.watching import Watch


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

        def move() -> None:
            with suppress(FileNotFoundError):  # another question has moved it
                file.rename(away)

        watch.on_asked = move
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
        if seat.app._exception is not None:
            raise seat.app._exception  # nothing would ever be answered
        await seat.pilot.pause(0.01)
    await seat.pilot.pause()


async def _pulsed(seat: Seat) -> None:
    """Wait until the session has been looked at, which a failure asks for and nobody waits for."""
    while any(each.is_running and each.group == "pulse" for each in seat.app.workers):
        await seat.pilot.pause(0.01)
    await _settle(seat)


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


async def walk(seat: Seat, keys: Sequence[str], names: set[str]) -> list[str]:
    """Ask each of these questions where it is refused, cannot be logged or asked, and late; return what was wrong.

    ``names`` are those of customers: nothing of them may come on the screen with a refusal.
    """
    wrong: list[str] = []
    watch = Watch()
    with watch.watching(), faults_of(seat.home) as faults:
        for key in keys:
            await _come_as(seat, QUESTIONS[key].role)
            wrong += [f"{key}: {each}" async for each in _wrong(seat, watch, faults, key, names)]
            watch.wanted = ""
    return wrong


async def _come_as(seat: Seat, role: str) -> None:
    """Stand on the first screen of a role with nothing in hand, signed in anew only where somebody else was there."""
    session = seat.app.session
    if session is not None and role in session.signed_in.roles:
        session.calls, session.at = [Call(), Call()], 0
        seat.app.go_home()
    elif session is not None:
        seat.app.session_over(SessionEnded("Your session has ended.", "Sign in again."))
    await _settle(seat)
    if role and seat.app.session is None:
        await seat.sign_in(role)


async def _wrong(seat: Seat, watch: Watch, faults: Faults, key: str, names: set[str]) -> Any:  # noqa: ANN401 - texts
    question = QUESTIONS[key]
    await go(seat, question.way[:-1])
    watch.wanted, way = key, question.way[-1:]
    stood = before = _of(names, seat.lines())
    for fault, kinds in REFUSALS.items():
        if fault == "file_away" and _of_one_screen(key)[0] != key:
            continue  # what a lost database does to a screen is one thing for all its questions
        if (fault == "entries_refused" and not question.logs) or (fault == "roles_taken" and not question.bound):
            continue
        watch.asked, watch.error = 0, None
        with getattr(faults, fault)(watch):
            await go(seat, way)
            await _pulsed(seat)
            error, lines = watch.error, seat.lines()
            if error is None:
                yield f"{fault}: it was {'answered' if watch.asked else 'not asked'}:\n{seat.text()}"
                return
            for each in _of_a_refusal(seat, error, kinds, lines):
                yield f"{fault}: {each}"
            after = _of(names, lines)
            if new := after - (before if fault != "file_away" else set()):
                yield f"{fault}: it shows {new}\n{seat.text()}"
        before = after
        if fault == "file_away":
            seat.app.sentinel.pulse()
            await _pulsed(seat)
            before = _of(names, seat.lines())
        way = question.again
    async for each in _late(seat, watch, way, question.busy, names - stood, before):
        yield each


def _of_a_refusal(
    seat: Seat, error: StaffdeskError, kinds: tuple[type[StaffdeskError], ...], lines: list[str]
) -> Iterator[str]:
    shown = _said(seat, lines)
    if not isinstance(error, kinds):
        yield f"{error!r} is none of {kinds}"
    lost = "Lost the database at" in together(lines)
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


async def _late(seat: Seat, watch: Watch, way: Way, busy: str, names: set[str], before: set[str]) -> Any:  # noqa: ANN401 - texts
    watch.asked, watch.error, watch.go, watch.said = 0, None, threading.Event(), []
    try:
        await _press(seat, way)
        last = f"still {busy}" if busy else "beginning"
        lines = seat.lines()
        for _ in range(20):
            if last in _said(seat, lines):
                break
            await seat.pilot.pause(0.1)
            lines = seat.lines()
        if last not in _said(seat, lines) or (busy and watch.said[:1] != [f"{busy}…"]):
            yield f"“{last}” is not said after {watch.said}:\n{seat.text()}"
        if new := _of(names, lines) - before:
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


def _of_one_screen(key: str) -> list[str]:
    return [each for each in QUESTIONS if each.partition(".")[0] == key.partition(".")[0]]


def said(seat: Seat) -> str:
    """Return what stands on the screen on top as one line; of a dialog what stands in its box."""
    return _said(seat, seat.lines())


def _said(seat: Seat, lines: list[str]) -> str:
    screen = seat.desk_screen
    if isinstance(screen, DeskDialog):
        box = screen.query_one("#box").region
        lines = [line[box.x : box.right] for line in lines[box.y : box.bottom]]
    return together(lines)


def _of(names: set[str], lines: list[str]) -> set[str]:
    shown = "\n".join(lines)
    return {name for name in names if name in shown}
