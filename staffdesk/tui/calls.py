"""What can be done from every screen while a call goes on: a new case, the other case, the purpose, help, commands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from staffdesk.domain.access import RecordKind
from staffdesk.tui.application import Application
from staffdesk.tui.base import DeskScreen
from staffdesk.tui.command import Place
from staffdesk.tui.commands import by_id, given_by
from staffdesk.tui.plain import GOOD, plain
from staffdesk.tui.themes import other
from staffdesk.tui.widgets.field import Field

if TYPE_CHECKING:
    from textual.content import Content
    from textual.screen import Screen
    from textual.widget import Widget

    from staffdesk.domain.access import Access
    from staffdesk.domain.matters import CaseRow
    from staffdesk.domain.records import Record
    from staffdesk.tui.screens.new_person import Taken


class CallsApp(Application, inherit_bindings=False):
    """The commands every screen shares; the dialogs are imported when they are first asked for."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer a key only to whom its command is open."""
        screen = self.screen
        place = screen.PLACE if isinstance(screen, DeskScreen) else Place.SIGN_IN
        return all(map(self.offers, given_by(action, parameters, place)))

    def show_record(
        self, record: Record, access: Access, under: Widget, *, then: Callable[[Screen[None]], None] | None = None
    ) -> None:
        """Put a record over the screen that opened it, and do ``then`` on it."""
        from staffdesk.tui.screens.organisation import OrganisationScreen  # noqa: PLC0415 - loaded behind the sign-in
        from staffdesk.tui.screens.record import RecordScreen  # noqa: PLC0415 - as above

        kind = OrganisationScreen if record.kind is RecordKind.ORGANISATION else RecordScreen
        opened = kind(record, access)
        self.lay_over(opened, under)
        if then is not None:
            opened.call_after_refresh(then, opened)

    def show_requests(self, said: Content) -> None:
        """Go to the requests, read anew, and say something there."""
        from staffdesk.tui.screens.requests import RequestsScreen  # noqa: PLC0415 - as above

        self.show(RequestsScreen(said))

    def show_entries(self, asked: str) -> None:
        """Put the log over this screen, filtered."""
        from staffdesk.tui.screens.log import LogScreen  # noqa: PLC0415 - as above

        self.push_screen(LogScreen(asked))

    def show_items(self, asked: str) -> None:
        """Put the review's list over this screen, filtered."""
        from staffdesk.tui.screens.review import ReviewScreen  # noqa: PLC0415 - needed by few, and long to read in

        self.push_screen(ReviewScreen(asked))

    def action_new_case(self) -> None:
        """Start a case; on a record it is its customer's, begins as his newest one, and the record goes on under it.

        Where somebody is being asked why he looks, the new case is the answer. From a company the call goes on at the
        search: of its people nobody is known to be calling.
        """
        from staffdesk.tui.record.revealing import RevealingRecord  # noqa: PLC0415 - loaded behind the sign-in
        from staffdesk.tui.screens.new_case import NewCaseDialog  # noqa: PLC0415 - loaded behind the sign-in
        from staffdesk.tui.screens.purpose import PurposeDialog  # noqa: PLC0415 - as above
        from staffdesk.tui.screens.record import RecordScreen  # noqa: PLC0415 - as above

        asking = self.screen if isinstance(self.screen, PurposeDialog) else None
        screen = self.screen if asking is None else self.screen_stack[-2]
        if self.session is None:
            return
        record, over = (screen.record, screen.over) if isinstance(screen, RecordScreen) else (None, False)

        def go_on(case: CaseRow | None) -> None:
            if asking is not None:
                asking.dismiss(True if case is not None else None)
            elif case is None:
                return
            elif isinstance(screen, RecordScreen) and case.customer == screen.record.customer:
                screen.reopen()
            elif isinstance(screen, RevealingRecord):
                self.action_go("search")
            elif isinstance(screen, DeskScreen):
                screen.refresh_top()
                screen.begin_call()
                screen.say(plain(" ".join((f"{case.number} is in hand.", *_ways_on(screen)))))

        if asking is not None:
            asking.step_aside()
        self.push_screen(NewCaseDialog(record, over=over), go_on)

    def action_new_person(self) -> None:
        """Take down somebody new under the case in hand, and go on with his record."""
        from staffdesk.tui.screens.new_person import NewPersonDialog  # noqa: PLC0415 - rarely needed

        session, screen = self.session, self.screen
        if session is None or not isinstance(screen, DeskScreen):
            return
        if session.case is None:
            screen.say(plain("Somebody new is taken down under a case. Ctrl+N starts one."))
            return
        if session.purpose is None:
            session.take(session.case)
        self.push_screen(NewPersonDialog(), partial(self._go_on_with_new, screen))

    def _go_on_with_new(self, screen: DeskScreen[None], taken: Taken | None) -> None:
        from staffdesk.tui.opening import open_record  # noqa: PLC0415 - loaded behind the sign-in
        from staffdesk.tui.screens.record import RecordScreen  # noqa: PLC0415 - as above

        session = self.session
        if taken is None or session is None:
            return
        if taken.added is not None and taken.added.tied and session.case is not None:
            session.take(replace(session.case, customer=taken.added.customer))
        if taken.customer is None:
            screen.say(plain("✓ The company is on file.", GOOD))
            return
        if isinstance(screen, RecordScreen):
            self.back()
        under = self.screen
        if isinstance(under, DeskScreen):
            # Behind its own turn to be on top again, in which a list is read anew: one answer is waited for.
            under.call_later(open_record, under, RecordKind.PERSON, taken.customer)

    def action_other_case(self) -> None:
        """Go on with the call that waits, where it was: at its record, which is opened anew, or at the search."""
        from staffdesk.tui.opening import go_to_call  # noqa: PLC0415 - loaded behind the sign-in
        from staffdesk.tui.record.revealing import RevealingRecord  # noqa: PLC0415 - as above
        from staffdesk.tui.screens.search import SearchScreen  # noqa: PLC0415 - as above

        session, screen = self.session, self.screen
        if session is None or not isinstance(screen, DeskScreen):
            return
        if session.other is None:
            screen.say(plain("No other call waits. Ctrl+N starts a case; with one in hand it is the other call."))
            return
        session.switch()
        if isinstance(screen, RevealingRecord):
            self.back()
        under = self.screen
        if isinstance(under, DeskScreen):
            under.refresh_top()
            if isinstance(under, SearchScreen):
                under.change_call()
            go_to_call(under)

    def action_earlier_record(self) -> None:
        """Open the record again that was open before this one."""
        self._step(-1, "No earlier record: only what was opened in this session, and since it was last locked.")

    def action_later_record(self) -> None:
        """Open the record again that came after this one."""
        self._step(1, "No later record.")

    def _step(self, step: int, none: str) -> None:
        from staffdesk.tui.opening import open_record  # noqa: PLC0415 - loaded behind the sign-in

        session, screen = self.session, self.screen
        if session is None or not isinstance(screen, DeskScreen):
            return
        on_record = screen.PLACE is Place.RECORD
        where = session.trail.go(step, on_record=on_record)
        if where is None:
            screen.say(plain(none))
            return
        if on_record:
            self.back()
        under = self.screen
        if isinstance(under, DeskScreen):
            open_record(under, *where)

    def action_change_purpose(self) -> None:
        """Say why and under which number one looks from here on."""
        from staffdesk.tui.screens.purpose import PurposeDialog  # noqa: PLC0415 - loaded behind the sign-in
        from staffdesk.tui.screens.record import RecordScreen  # noqa: PLC0415 - as above

        screen = self.screen

        def go_on(said: bool | None) -> None:
            if said and isinstance(screen, RecordScreen):
                screen.reopen()
            elif isinstance(screen, DeskScreen):
                screen.refresh_top()
                screen.rest()

        if self.session is not None and self.session.purposes():
            self.push_screen(PurposeDialog(needs_reference=isinstance(screen, RecordScreen)), go_on)

    def action_help(self) -> None:
        """Say what can be done here."""
        from staffdesk.tui.screens.help import HelpScreen  # noqa: PLC0415 - rarely needed

        screen = self.screen
        if isinstance(screen, DeskScreen) and not isinstance(screen, HelpScreen):
            self.push_screen(HelpScreen(screen), screen.run_command)

    def action_commands(self) -> None:
        """List the commands that hold here."""
        from staffdesk.tui.screens.palette import PaletteDialog  # noqa: PLC0415 - rarely needed

        screen = self.screen
        if isinstance(screen, DeskScreen):
            self.push_screen(PaletteDialog(screen), screen.run_command)

    def action_other_theme(self) -> None:
        """Change between the dark and the light theme."""
        self.theme = other(self.theme, of=0)

    def action_own_colours(self) -> None:
        """Take the terminal's own colours, or those of the desk again."""
        self.theme = other(self.theme, of=1)


def _ways_on(screen: DeskScreen[object]) -> Iterator[str]:
    """Yield where to go with a case in hand, by the keys that lead there from this screen."""
    if isinstance(screen.focused, Field):
        if screen.focused.value:
            yield "Enter searches for what stands in the box."
        return
    for command_id, does in (("search.edit", "goes to the search box."), ("go.search", "goes to the search.")):
        command = by_id(command_id)
        if screen.PLACE in command.places and screen.offers(command):
            yield f"{command.key} {does}"
