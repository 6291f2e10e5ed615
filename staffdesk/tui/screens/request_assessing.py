"""What is found out about a request before it is decided: who else he may be, where he was looked for, what to mend."""

from __future__ import annotations

from functools import partial
from typing import Final

from textual.content import Content

from staffdesk.domain.access import Access
from staffdesk.domain.likely_same import ANSWERABLE, LikelyPage
from staffdesk.domain.packages import Finding
from staffdesk.domain.request_pages import RequestPage
from staffdesk.domain.requests import OPEN_TO_CORRECTIONS, RequestState, RequestType
from staffdesk.domain.reveals import ASKABLE
from staffdesk.services.corrections import CorrectionSheet
from staffdesk.services.moved import Moved
from staffdesk.services.request_plans import Decided
from staffdesk.services.reveals import Consultation
from staffdesk.tui.base import DeskScreen
from staffdesk.tui.phrases import count
from staffdesk.tui.plain import plain
from staffdesk.tui.screens.correction import CorrectionDialog
from staffdesk.tui.screens.duplicates import DuplicatesDialog
from staffdesk.tui.screens.name_employee import NameEmployeeDialog
from staffdesk.tui.screens.others import BUILDS_AGAIN, OthersDialog
from staffdesk.tui.screens.plan import PlanDialog
from staffdesk.tui.screens.searched import SearchedDialog

PACKAGED: Final = frozenset({RequestType.ACCESS, RequestType.PORT})
"""The requests that a package answers."""
_NOT_BUILT: Final = "All are hidden when the package is made; until it is sent some can be left."


class AssessingScreen(DeskScreen[None], inherit_bindings=False):
    """The part of a request's page that asks what a decision rests on."""

    _page: RequestPage
    _access: Access

    def _read_again(self, said: Content) -> None:
        """Read the page anew, then say this."""
        raise NotImplementedError

    def _moved(self, moved: Moved | None) -> None:
        """Show what a move led to."""
        raise NotImplementedError

    def action_correct(self) -> None:
        """Ask which field is wrong and what it is to be."""
        if self._page.request.kind != RequestType.RECTIFY or self._page.request.state not in OPEN_TO_CORRECTIONS:
            self.say(plain("Fields are noted while a request to correct is collected."))
            return
        sheet = partial(self.desk.corrections.sheet, self._access, self._page.request.number)
        self.ask(sheet, self._correct, "reading")

    def _correct(self, sheet: CorrectionSheet) -> None:
        dialog = CorrectionDialog(self._page.request.number, sheet, self._access)
        self.desk_app.push_screen(dialog, self._corrected)

    def _corrected(self, noted: int | None) -> None:
        if noted is not None:
            self._read_again(plain(f"{count(noted, 'field')} to be corrected."))

    def action_plan(self) -> None:
        """Show what is decided: what becomes of what, what is kept, by whom; that is logged."""
        decided = partial(self.desk.plans.decided, self._access, self._page.request.number)
        self.ask(decided, self._show_plan, "reading")

    def _show_plan(self, decided: Decided) -> None:
        self.desk_app.push_screen(PlanDialog(decided))

    def action_searched(self) -> None:
        """Ask who else he may be while somebody waits for that, else where his data was looked for."""
        if self._page.standing.work.unanswered:
            self.action_duplicates()
            return
        self.desk_app.push_screen(SearchedDialog(self._page.standing, self._access), self._noted)

    def action_duplicates(self) -> None:
        """List who may be the same person, and ask of each whether he is."""
        if self._page.request.state not in ANSWERABLE:
            self.say(plain("Nobody is looked for under this request now."))
            return
        self.ask(
            partial(self.desk.duplicates.list, self._access, self._page.request.number), self._ask_of_each, "listing"
        )

    def _ask_of_each(self, page: LikelyPage) -> None:
        self.session.logged(page.seq)
        if not page.listed:
            self._read_again(plain("Nobody else on file may be the same person."))
            return
        self.desk_app.push_screen(DuplicatesDialog(self._page.request.number, page, self._access), self._answered)

    def _answered(self, left: int | None) -> None:
        if left is not None:
            waits = f"{count(left, 'record')} still to be answered: k." if left else "Everybody likely is answered."
            self._read_again(plain(waits))

    def action_name_employee(self) -> None:
        """List the consultations, and ask of which one the employee is to be named."""
        if self._page.request.kind != RequestType.ACCESS or not self._names_somebody(ASKABLE):
            self.say(plain("An employee is named in an access package, and asked for while it is collected."))
            return
        listing = partial(self.desk.reveals.consultations, self._access, self._page.request.number)
        self.ask(listing, self._ask_whom, "listing")

    def _ask_whom(self, consulted: tuple[Consultation, ...]) -> None:
        if not consulted:
            self.say(plain("Nobody has looked at this person's data."))
            return
        dialog = NameEmployeeDialog(self._page.request.number, consulted, self._access)
        self.desk_app.push_screen(dialog, self._named)

    def _named(self, said: str | None) -> None:
        if said is not None:
            self._read_again(plain(said))

    def action_others(self) -> None:
        """List the places in the package that may be about somebody else, to be hidden or left one by one."""
        if self._page.request.kind not in PACKAGED or self._page.request.customer is None:
            self.say(plain("Others stand in the package of a known customer who asks for access or portability."))
            return
        found = partial(self.desk.answers.findings, self._access, self._page.request.number)
        self.ask(found, self._decide_on_each, "collecting")

    def _decide_on_each(self, found: tuple[Finding, ...]) -> None:
        if not found:
            self.say(plain("Nobody else is named in what is held of him."))
            return
        again = next((each for each in self._page.standing.offers if each.move.name == BUILDS_AGAIN), None)
        closed = _NOT_BUILT if again is None else again.closed
        dialog = OthersDialog(self._page.request.number, found, self._access, closed)
        self.desk_app.push_screen(dialog, self._moved)

    def _names_somebody(self, states: frozenset[RequestState]) -> bool:
        return self._page.request.customer is not None and self._page.request.state in states

    def _noted(self, noted: int | None) -> None:
        if noted:
            self._read_again(plain(f"{count(noted, 'place')} noted."))
