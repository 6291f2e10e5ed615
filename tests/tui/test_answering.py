"""An access request answered in the terminal: from its mail to the sent package in few decisions and few keys.

Seen to fail: with "Everywhere" left out of the dialog, and with the move that leads on not the first that is offered.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from staffdesk.domain.access import Purpose
from staffdesk.domain.request_moves import Letter
from staffdesk.domain.requests import RequestChannel, RequestState, RequestType
from tests.tui.conftest import SitDown
from tests.tui.seat import SMALL, Seat, together

_DECISIONS: Final = 6
_KEYS: Final = 25
_WAY: Final = (
    ("enter",),
    ("m", "tab", "i", "tab", "m", "enter", "enter"),
    ("m", "tab", "right", "enter", "enter"),
    ("k", "right", "enter"),
    ("m", "enter", "enter"),
    ("escape",),
    ("e", "enter"),
)
"""Opened; acknowledged with the proof that came along; verified and its copy deleted; searched; decided; the words that
open the package noted; sent. Taking the mail in is one decision more."""
_PRESENTED: Final = 2
"""Of these, what is only seen: the page, the words."""


async def test_from_an_access_mail_with_its_card_to_the_sent_package_are_six_decisions_and_25_keys(
    sit_down: SitDown,
) -> None:
    assert 1 + len(_WAY) - _PRESENTED <= _DECISIONS
    assert sum(map(len, _WAY)) <= _KEYS
    async with sit_down(SMALL) as seat:
        await seat.sign_in("privacy")
        number = _taken_in(seat)
        await seat.press("O", "R", "end")  # the list is read anew
        for keys in _WAY:
            await seat.press(*keys)
        said = together(seat.lines())
        assert f"{number}: done. The letter is saved: {Letter.ACCESS}-{number}.txt and {number}.zip in " in said
        session = seat.app.session
        assert session is not None
        page = seat.app.desk.request_pages.open(replace(session.desk_access, purpose=Purpose.RIGHTS), number)
        assert page.request.state == RequestState.COMPLETED
        assert page.letter_sent


def _taken_in(seat: Seat) -> str:
    """Receive what an intake makes of a mail with a card."""
    session = seat.app.session
    assert session is not None
    return seat.app.desk.requests.receive(
        replace(session.desk_access, purpose=Purpose.RIGHTS),
        kind=RequestType.ACCESS,
        channel=RequestChannel.EMAIL,
        customer=seat.demo.person,
        proof_came_along=True,
        language="en",
    ).number
