"""A company: its fields, its licences, and what its people said, asked and bought; each page of that is an entry."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import ClassVar

from textual import on
from textual.content import Content

from staffdesk.domain.access import RecordKind
from staffdesk.domain.company_history import CompanyPage
from staffdesk.domain.records import Page
from staffdesk.tui.command import Command, Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.opening import open_record
from staffdesk.tui.plain import MUTED, plain
from staffdesk.tui.record.company import COMPANY, HISTORY, LICENCES, TITLES, company_lines, history_lines, key_of
from staffdesk.tui.record.company import licence_lines as licences_of
from staffdesk.tui.record.revealing import RevealingRecord
from staffdesk.tui.widgets.rows import Rows, words


class OrganisationScreen(RevealingRecord, inherit_bindings=False):
    """The record of a company; Enter on a row opens the record of whose it is."""

    PLACE: ClassVar[Place] = Place.ORGANISATION
    BINDINGS = bindings_of(Place.ORGANISATION)
    CSS_PATH = "../styles/organisation.tcss"
    HAS_LIST: ClassVar[bool] = True
    WHAT = "Company"
    PANES = {COMPANY: company_lines}  # noqa: RUF012 - as the record's own
    TITLES = TITLES
    SHORT = TITLES
    ORDER = (COMPANY, HISTORY, LICENCES)

    _page: CompanyPage | None = None

    def begin(self) -> str:
        """Read the history: that is what one comes for, and an entry of its own."""
        for name in (LICENCES, HISTORY):
            self._pane(name).put([words(plain("Reading…", MUTED))])
        self._read(1)
        return HISTORY

    def notice(self) -> Content:
        """Say under which entries the company and its history were read."""
        if self._page is None:
            return super().notice()
        return plain(f"Entries {self.record.seq:,} and {self._page.seq:,}: whoever stands here was listed.", MUTED)

    def rank(self, command: Command) -> int:
        """Leave copying out of the key line, where the pages need the room."""
        return 0 if command.id == "record.copy" else super().rank(command)

    def is_useful(self, command: Command) -> bool:
        """Offer the pages there are, and to reveal where something is masked."""
        match command.id:
            case "organisation.older":
                return self._page is not None and self._page.more
            case "organisation.newer":
                return self._page is not None and self._page.page > 1
            case "record.reveal":
                return self.record.holds_masked
            case _:
                return super().is_useful(command)

    def mask(self, hidden: bool) -> None:
        """Hide also whose the rows are and what they are about."""
        super().mask(hidden)
        if hidden:
            self._top.name_place(plain(self.WHAT, MUTED), plain(f"organisation {self.record.id}"))
        self._show_page()

    @on(Rows.Selected)
    def unfold(self, event: Rows.Selected) -> None:
        """Open the record of whose the row is."""
        event.stop()
        page = self._page
        rows = () if page is None else (*page.happenings, *page.licences)
        row = next((each for each in rows if key_of(each) == event.key), None)
        if row is None:
            return
        if row.customer is None:
            self.say(plain("This row names nobody: it is the company's own."))
        else:
            open_record(self, RecordKind.PERSON, row.customer)

    def action_older(self) -> None:
        """Show the next older page."""
        if self._page is not None and self._page.more:
            self._read(self._page.page + 1)
        else:
            self.say(plain("There is no older page."))

    def action_newer(self) -> None:
        """Show the newer page."""
        if self._page is not None and self._page.page > 1:
            self._read(self._page.page - 1)
        else:
            self.say(plain("This is the newest page."))

    def action_people(self) -> None:
        """List the people there."""
        listings, access, number = self.desk.listings, self._access, self.record.id
        self.desk_app.turns.lead(self)
        self.look(partial(listings.people_of, access, number), self._show_people, "listing")

    def _read(self, page: int) -> None:
        organisations, access, number = self.desk.organisations, self._access, self.record.id
        self.look(partial(organisations.history, access, number, page), self._take, "reading")

    def _take(self, page: CompanyPage) -> None:
        self.session.logged(page.seq)
        # The first page alone has the licences.
        self._page = page if self._page is None or page.page == 1 else replace(page, licences=self._page.licences)
        self._show_page()
        self._pane(HISTORY).go_to(key_of(page.happenings[0]) if page.happenings else "")
        self.rest()

    def _show_page(self) -> None:
        if self._page is None:
            return
        history = self._pane(HISTORY)
        history.put(history_lines(self._page, self._sight))
        history.border_subtitle = plain(f"page {self._page.page}{', more: o' if self._page.more else ''}")
        self._pane(LICENCES).put(licences_of(self._page, self._sight), keep=True)

    def _show_people(self, page: Page) -> None:
        from staffdesk.tui.screens.colleagues import ColleaguesDialog  # noqa: PLC0415 - rarely needed

        self.session.logged(page.seq)
        if not page.hits:
            self.say(plain("Nobody there is on file."))
            return
        self.app.push_screen(ColleaguesDialog(page), self._go_to_person)

    def _go_to_person(self, customer: int | None) -> None:
        if customer is not None:
            open_record(self, RecordKind.PERSON, customer)
