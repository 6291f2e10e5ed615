"""What the palette offers somebody on a record, a request or where his day begins does something, or says why not.

Every command is given as each of the seven roles: none is refused right after it was offered, none does nothing.

Seen to fail: with finance offered why somebody gets news, with a copy of a line that is no value answered by nothing,
and with a next pane offered where there is one.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Final

import pytest
from textual.widgets import Static

from staffdesk.domain.access import Purpose, RecordKind, Role
from staffdesk.domain.errors import SessionEnded
from staffdesk.domain.requests import RequestChannel, RequestType
from staffdesk.tui.base import DeskDialog, DeskScreen
from staffdesk.tui.command import Command
from staffdesk.tui.opening import open_record
from staffdesk.tui.screens.record import RecordScreen
from staffdesk.tui.screens.request import RequestScreen
from staffdesk.tui.widgets.bars import NoticeLine
from tests.tui.conftest import SitDown
from tests.tui.request_questions import open_request
from tests.tui.seat import SMALL, Seat

_WHY: Final = {
    Role.SUPPORT: Purpose.SUPPORT, Role.SALES: Purpose.SALE, Role.FINANCE: Purpose.LEGAL, Role.PRIVACY: Purpose.RIGHTS,
}  # fmt: skip
_RECEIVE: Final = (Role.SUPPORT, Role.SALES, Role.FINANCE)
_ENDS: Final = frozenset({"app.quit", "app.lock"})
_LOOKS: Final = frozenset({"app.theme", "app.own-colours"})
"""What changes colours alone."""

Place = Callable[[], Awaitable[None]]


@pytest.mark.parametrize("role", [*_WHY])
async def test_on_a_record(sit_down: SitDown, role: Role) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in(role)

        async def there() -> None:
            session = seat.app.session
            assert session is not None
            session.work_for(_WHY[role], seat.demo.case if role is Role.SUPPORT else "T-1182")
            open_record(seat.desk_screen, RecordKind.PERSON, seat.demo.person)
            await seat.settle()
            assert isinstance(seat.screen, RecordScreen)

        await _give_each(seat, there)


@pytest.mark.parametrize("role", [*_RECEIVE, Role.PRIVACY, Role.APPROVER])
async def test_on_the_page_of_a_request(sit_down: SitDown, role: Role) -> None:
    async with sit_down(SMALL) as seat:
        number = await _request_for(seat, role)

        async def there() -> None:
            session = seat.app.session
            assert session is not None
            job = seat.app.desk.request_pages.open
            access = session.desk_access
            seat.app.push_screen(RequestScreen(job(access, number), access))
            await seat.settle()

        await _give_each(seat, there)


@pytest.mark.parametrize("role", [Role.APPROVER, Role.ADMIN, Role.AUDITOR])
async def test_where_the_day_begins_for_whoever_opens_no_record(sit_down: SitDown, role: Role) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in(role)
        offered = {each.id for each in seat.desk_screen.commands()}
        assert not any(each.startswith(("record.", "customer.", "case.", "search.")) for each in offered)

        async def there() -> None:
            seat.app.go_home()
            await seat.settle()

        await _give_each(seat, there)


async def _request_for(seat: Seat, role: Role) -> str:
    """Sign in, and return the number of a request that is this role's to read."""
    if role is Role.APPROVER:
        await seat.sign_in(Role.PRIVACY)
        number = await open_request(seat, RequestType.ERASE, "decide")
        await seat.press("m", "enter", "enter")
        seat.app.session_over(SessionEnded("", ""))
        await seat.settle()
        await seat.sign_in(role)
        return number
    await seat.sign_in(role)
    session = seat.app.session
    assert session is not None
    session.work_for(_WHY[role], "T-1182")
    received = seat.app.desk.requests.receive(
        session.access, kind=RequestType.ACCESS, channel=RequestChannel.EMAIL, customer=seat.demo.person
    )
    return received.number


async def _give_each(seat: Seat, there: Place) -> None:
    """Give every command that is offered there, each from there, and look what came of it."""
    await there()
    page = seat.desk_screen
    begun = seat.newest
    offered = [each for each in page.commands() if page.is_useful(each) and each.id not in _ENDS]
    given: list[tuple[Command, int]] = []
    wrong: list[str] = []
    for command in offered:
        page = await _back_to(seat, page, there)
        if command.id.endswith(".pane-1"):
            await page.run_command(command.id.replace("1", "2"))
        await seat.settle()
        stood = _stands(seat)
        await page.run_command(command.id)
        await seat.settle()
        session = seat.app.session
        assert session is not None
        given.append((command, session.seq))
        if re.search(r"\brole", _said(seat)):
            wrong.append(f"{command.id}: {_said(seat)}")
        if _stands(seat) == stood and command.id not in _LOOKS:
            wrong.append(f"{command.id} does nothing")
    refused = [core.seq for core in seat.entries() if core.seq > begun and core.out == "denied"]
    wrong += [next(f"{each.id} is refused" for each, until in given if seq <= until) for seq in refused]
    assert wrong == []
    assert len(offered) > 8


async def _back_to(seat: Seat, page: DeskScreen[object], there: Place) -> DeskScreen[object]:
    """Leave what a command led to; go there anew where it led away."""
    for _ in range(4):
        if seat.app.screen is page and not page.asks:
            return page
        if page not in seat.app.screen_stack:
            break
        await seat.press("escape")
    await there()
    return seat.desk_screen


def _stands(seat: Seat) -> tuple[str, object]:
    return "\n".join(seat.lines()[1:]), seat.app.focused


def _said(seat: Seat) -> str:
    screen = seat.app.screen
    if isinstance(screen, DeskDialog):
        return next((str(note.visual) for note in screen.query("#note").results(Static)), "")
    return screen.query_one(NoticeLine).notice.plain if screen.query(NoticeLine) else ""
