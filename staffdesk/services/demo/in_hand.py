"""What the demo's privacy officer finds in hand: a request that is due soon, and one that came in today."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING, Final

from staffdesk.domain.access import Access, Purpose, Role
from staffdesk.domain.requests import RequestChannel, RequestType
from staffdesk.services.opening_homes import open_desk

if TYPE_CHECKING:
    from staffdesk.services.demo import Demo

_DAY: Final = 86_400_000
IN_HAND: Final = (
    (RequestType.ACCESS, RequestChannel.EMAIL, 26, "Asks for a copy of everything that is held of her."),
    (RequestType.RECTIFY, RequestChannel.EMAIL, 0, "Says that the family name is spelled otherwise since June."),
)
"""Type, channel, how many days ago it came, and what was asked; a month is given for each, so the first is due soon."""


def take_requests_in(made: Demo) -> None:
    """Receive them as the officer does, through the door: each look and each write of it is an entry.

    The first is of the known person, the next ones of who comes after, as far as there are so many.
    Raises as :func:`open_desk` and :class:`staffdesk.services.requests.Requests` do.
    """
    officer = next(each for each in made.accounts if each.role is Role.PRIVACY)
    now = time.time_ns() // 1_000_000
    desk = open_desk(made.home)
    try:
        sid = desk.sign_in.sign_in(officer.user, officer.password, socket.gethostname()).sid
        access = Access(session=sid, purpose=Purpose.RIGHTS, host=socket.gethostname())
        for customer, (kind, channel, days, note) in zip(range(made.person, made.people + 1), IN_HAND, strict=False):
            desk.requests.receive(
                access, kind=kind, channel=channel, customer=customer, received_at=now - days * _DAY, note=note
            )
        desk.sign_in.sign_out(sid, "signed out")
    finally:
        desk.close()
