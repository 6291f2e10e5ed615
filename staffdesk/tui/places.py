"""Which screen stands for which place, and which is the first one of a person's roles; each is read in when shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from staffdesk.domain.access import Act, Role
from staffdesk.tui.command import Place

if TYPE_CHECKING:
    from staffdesk.tui.base import DeskScreen
    from staffdesk.tui.session import Session


def _cases() -> DeskScreen[None]:
    from staffdesk.tui.screens.cases import CasesScreen  # noqa: PLC0415 - whoever waits for one screen waits for no other

    return CasesScreen()


def _search() -> DeskScreen[None]:
    from staffdesk.tui.screens.search import SearchScreen  # noqa: PLC0415 - as above

    return SearchScreen()


def _requests() -> DeskScreen[None]:
    from staffdesk.tui.screens.requests import RequestsScreen  # noqa: PLC0415 - as above

    return RequestsScreen()


def _log() -> DeskScreen[None]:
    from staffdesk.tui.screens.log import LogScreen  # noqa: PLC0415 - as above

    return LogScreen()


def _staff() -> DeskScreen[None]:
    from staffdesk.tui.screens.staff import StaffScreen  # noqa: PLC0415 - as above

    return StaffScreen()


def _own() -> DeskScreen[None]:
    from staffdesk.tui.screens.own import OwnScreen  # noqa: PLC0415 - as above

    return OwnScreen()


def _policy() -> DeskScreen[None]:
    from staffdesk.tui.screens.policy import PolicyScreen  # noqa: PLC0415 - as above

    return PolicyScreen()


def _review() -> DeskScreen[None]:
    from staffdesk.tui.screens.review import ReviewScreen  # noqa: PLC0415 - as above

    return ReviewScreen()


def _inbox() -> DeskScreen[None]:
    from staffdesk.tui.screens.inbox import InboxScreen  # noqa: PLC0415 - as above

    return InboxScreen()


_SCREENS: Final[dict[str, Callable[[], DeskScreen[None]]]] = {
    Place.CASES: _cases,
    Place.SEARCH: _search,
    Place.REQUESTS: _requests,
    Place.LOG: _log,
    Place.STAFF: _staff,
    Place.OWN: _own,
    Place.REVIEW: _review,
    Place.INBOX: _inbox,
    Place.POLICY: _policy,
}


def screen_of(place: str) -> Callable[[], DeskScreen[None]]:
    """Return what makes the screen of a place; raises KeyError."""
    return _SCREENS[place]


def home_of(session: Session) -> Place:
    """Return where the day begins: my cases, the log, the requests, or the search."""
    if session.may(Act.CASE_LISTED):
        return Place.CASES
    if session.may(Act.AUDIT_LISTED):
        return Place.LOG
    if {Role.PRIVACY, Role.APPROVER} & set(session.signed_in.roles):
        return Place.REQUESTS
    return Place.SEARCH
