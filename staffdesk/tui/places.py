"""Which screen stands for which place, and which is the first one of a person's roles."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from staffdesk.domain.access import Act, Role
from staffdesk.tui.command import Place
from staffdesk.tui.screens.cases import CasesScreen
from staffdesk.tui.screens.log import LogScreen
from staffdesk.tui.screens.own import OwnScreen
from staffdesk.tui.screens.policy import PolicyScreen
from staffdesk.tui.screens.requests import RequestsScreen
from staffdesk.tui.screens.search import SearchScreen
from staffdesk.tui.screens.staff import StaffScreen

if TYPE_CHECKING:
    from staffdesk.tui.base import DeskScreen
    from staffdesk.tui.session import Session


def _review() -> DeskScreen[None]:
    from staffdesk.tui.screens.review import ReviewScreen  # noqa: PLC0415 - needed by few, and long to read in

    return ReviewScreen()


def _inbox() -> DeskScreen[None]:
    from staffdesk.tui.screens.inbox import InboxScreen  # noqa: PLC0415 - as above

    return InboxScreen()


_SCREENS: Final[dict[str, Callable[[], DeskScreen[None]]]] = {
    Place.CASES: CasesScreen,
    Place.SEARCH: SearchScreen,
    Place.REQUESTS: RequestsScreen,
    Place.LOG: LogScreen,
    Place.STAFF: StaffScreen,
    Place.OWN: OwnScreen,
    Place.REVIEW: _review,
    Place.INBOX: _inbox,
    Place.POLICY: PolicyScreen,
}


def screen_of(place: str) -> Callable[[], DeskScreen[None]]:
    """Return what makes the screen of a place; raises KeyError."""
    return _SCREENS[place]


def home_of(session: Session) -> type[CasesScreen | LogScreen | RequestsScreen | SearchScreen]:
    """Return the first screen: my cases, the log, the requests, or the search."""
    if session.may(Act.CASE_LISTED):
        return CasesScreen
    if session.may(Act.AUDIT_LISTED):
        return LogScreen
    if {Role.PRIVACY, Role.APPROVER} & set(session.signed_in.roles):
        return RequestsScreen
    return SearchScreen
