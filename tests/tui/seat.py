"""A person in front of the terminal: presses keys, waits until the desk has answered, reads what stands there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from textual import events
from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen

from staffdesk.audit.entry import Core
from staffdesk.data.maintenance import sqlite_owner
from staffdesk.domain.classes import Exposure
from staffdesk.domain.records import Cell, Record
from staffdesk.services.demo import Demo
from staffdesk.services.home import Home
from staffdesk.services.opening_homes import open_desk
from staffdesk.tui.app import DeskApp
from staffdesk.tui.asking import AskingScreen
from staffdesk.tui.base import DeskScreen
from staffdesk.tui.demo_account import DemoAccount
from staffdesk.tui.screens.record import RecordScreen
from staffdesk.tui.widgets.rows import Rows
from tests.tui.colours import Painting
from tests.tui.quiet import waiting_for_quiet

SMALL: Final = (80, 24)
LARGE: Final = (120, 40)
BOTH: Final = (SMALL, LARGE)

_LETTERS: Final = {
    "support": "s", "sales": "a", "finance": "f", "privacy": "p", "approver": "r", "admin": "d", "auditor": "u",
}  # fmt: skip


@dataclass(frozen=True)
class Seat:
    """One terminal on the demo's desk."""

    app: DeskApp
    pilot: Pilot[None]
    home: Home
    demo: Demo

    async def press(self, *keys: str) -> None:
        """Press keys one after another, each when everything asked for before has been answered."""
        for key in keys:
            await self.pilot.press(key)
            while is_asking(self.app):
                await self.pilot.pause(0.005)
        await self.settle()

    async def type(self, text: str, *after: str) -> None:
        """Type a text, then press the keys ``after``."""
        await self.press(*(_key(each) for each in text), *after)

    async def paste(self, text: str, *after: str) -> None:
        """Paste a text, as people do with passwords, then press the keys ``after``."""
        self.app.post_message(events.Paste(text))
        await self.press(*after)

    async def settle(self) -> None:
        """Wait until no service is asked any more and the screen is painted."""
        for _ in range(3):
            await self.pilot.pause()
            while is_asking(self.app):
                await self.pilot.pause(0.005)
        await self.pilot.pause()

    async def sign_in(self, role: str) -> None:
        """Sign in as the demo's account of a role."""
        await self.press(_LETTERS[role])
        assert self.app.session is not None

    @property
    def screen(self) -> Screen[object]:
        return self.app.screen

    @property
    def desk_screen(self) -> DeskScreen[object]:
        screen = self.app.screen
        assert isinstance(screen, DeskScreen)
        return screen

    def lines(self) -> list[str]:
        """Return what stands on the screen, line by line."""
        return shown(self.app).splitlines()

    def text(self) -> str:
        """Return what stands on the screen."""
        return "\n".join(self.lines())

    def entries(self) -> list[Core]:
        """Return the whole log, past the door."""
        with sqlite_owner(self.home.database_file, self.home.read_key()) as connection:
            rows = connection.exec_driver_sql("SELECT core FROM entry ORDER BY seq").all()
        return [Core.decode(bytes(row[0])) for row in rows]

    def acts(self, since: int = 0) -> list[tuple[str, str]]:
        """Return act and outcome of the entries after ``since``."""
        return [(core.act, core.out) for core in self.entries() if core.seq > since]

    @property
    def newest(self) -> int:
        """The number of the newest entry."""
        return max(core.seq for core in self.entries())


@asynccontextmanager
async def seat_at(home: Home, demo: Demo, size: tuple[int, int]) -> AsyncIterator[Seat]:
    """Open a terminal of this size on a home."""
    accounts = [DemoAccount(each.user, each.role.value, each.password) for each in demo.accounts]
    app = DeskApp(lambda: open_desk(home), accounts)
    with waiting_for_quiet():
        async with app.run_test(size=size) as pilot:
            seat = Seat(app, pilot, home, demo)
            await seat.settle()
            try:
                yield seat
            finally:
                app.close_desk()


def is_asking(app: App[None]) -> bool:
    """Say whether a service is asked, or its answer not taken yet."""
    working = any(worker.is_running and worker.group != "pulse" for worker in app.workers)
    coming = isinstance(app, DeskApp) and app.turns.changing > 0
    return working or coming or any(isinstance(each, AskingScreen) and each.waiting for each in app.screen_stack)


def shown(app: App[None]) -> str:
    """Return the text of the screen as a terminal would show it."""
    return "".join(f"{line}\n" for line in Painting(app).lines())


def together(lines: Iterable[str]) -> str:
    """Return lines as one, white space and frames gone, so that a sentence that wrapped reads on."""
    return " ".join(" ".join(lines).replace("│", " ").split())


def record_of(seat: Seat) -> Record:
    """Return the record that is open."""
    screen = seat.desk_screen
    assert isinstance(screen, RecordScreen)
    return screen.record


def _masked(record: Record) -> Cell:
    """Return a value of the person's or of an activation's that this role may reveal."""
    return next(
        cell
        for rows in record.sections.values()
        for row in rows
        for cell in row.cells.values()
        if cell.revealable and cell.exposure is Exposure.MASKED
    )


async def stand_on_a_masked_value(seat: Seat) -> None:
    """Go to a value that can be revealed."""
    cell = _masked(record_of(seat))
    table, number, _ = cell.key.split(":")
    await seat.press({"person": "1", "activation": "2", "contact_report": "4"}[table])
    pane = seat.desk_screen.focused
    assert isinstance(pane, Rows)
    if table != "person":
        pane.go_to(f"{table}:{number}")
        await seat.press("enter")
    pane.go_to(cell.key)


def _key(character: str) -> str:
    return {" ": "space"}.get(character, character)


__all__: Sequence[str] = (
    "BOTH", "LARGE", "SMALL", "Seat", "record_of", "seat_at", "shown", "stand_on_a_masked_value", "together",
)  # fmt: skip


def twin_of_the_record(seat: Seat) -> int:
    """Let somebody else on file have name, address and telephone of whose record is open; return his number."""
    person = record_of(seat).customer
    same = ("given_name", "family_name", "email", "email_normal", "phone", "phone_normal", "country")
    taken = ", ".join(f"{each} = (SELECT {each} FROM person WHERE id = {person})" for each in same)
    with sqlite_owner(seat.home.database_file, seat.home.read_key()) as owner:
        twin = int(
            owner.exec_driver_sql(
                f"SELECT max(id) FROM person WHERE id <> {person} AND id NOT IN (SELECT person_id FROM person_pair)"
                " AND id NOT IN (SELECT other_id FROM person_pair)"
            ).scalar_one()
        )
        owner.exec_driver_sql(f"UPDATE person SET {taken} WHERE id = {twin}")
    return twin
