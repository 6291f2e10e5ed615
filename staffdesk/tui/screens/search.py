"""The search: one box, masked rows; nothing is read before Enter, and every search is logged before rows are shown."""

from __future__ import annotations

import time
from collections.abc import Iterable
from functools import partial
from typing import ClassVar

from textual import on
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget

from staffdesk.data.deadline import Deadline
from staffdesk.domain.access import Act
from staffdesk.domain.access_table import SearchKey
from staffdesk.domain.errors import StaffdeskError
from staffdesk.domain.policy import matrix
from staffdesk.domain.records import Hit, Page
from staffdesk.tui.base import DeskScreen
from staffdesk.tui.commands import Command, Place
from staffdesk.tui.hit_lines import hit_line
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.opening import PATIENCE, open_record
from staffdesk.tui.plain import HIDDEN, MUTED, NOTHING, plain
from staffdesk.tui.screens.purpose import PurposeDialog
from staffdesk.tui.widgets.field import Field
from staffdesk.tui.widgets.rows import Line, Rows, words

_LONGEST = 200


class SearchScreen(DeskScreen[None], inherit_bindings=False):
    """Type, Enter, and Enter again on a row."""

    PLACE: ClassVar[Place] = Place.SEARCH
    HAS_LIST: ClassVar[bool] = True
    BINDINGS = bindings_of(Place.SEARCH)
    CSS_PATH = "../styles/search.tcss"

    def __init__(self) -> None:
        """Name the place."""
        super().__init__(plain("Search"))
        self._hits: dict[str, Hit] = {}
        self._unmatched = ""
        self._hidden = False

    def body(self) -> Iterable[Widget]:
        """Yield the box and the list."""
        with Vertical(id="query-box", classes="box") as box:
            box.border_title = plain("/ Search")
            box.border_subtitle = plain("enter searches")
            yield Field(id="query", longest=_LONGEST)
        rows = Rows(id="results")
        rows.border_title = plain("Results")
        yield rows

    def is_useful(self, command: Command) -> bool:
        """Offer to open a row where there is one."""
        return bool(self._hits) if command.id == "list.open" else super().is_useful(command)

    def notice(self) -> Content:
        """Say under what the next search is logged."""
        if self.session.purpose is None:
            return plain("The first search asks why you look.", MUTED)
        if self._hits:
            under = "with the number above" if self.session.reference else "and asks for a number"
            return plain(f"Masked. Opening a row is logged {under}.", MUTED)
        return plain("Every search is logged with the purpose above.", MUTED)

    def on_mount(self) -> None:
        """Say what may be typed, and wait for it."""
        self._say_in_list(
            plain("Type a name, a company, an e-mail address or an order number."),
            plain("Nothing is read until you press Enter.", MUTED),
        )
        self.query_one(Field).focus()

    @on(Field.Submitted)
    def take(self, event: Field.Submitted) -> None:
        """Search for what stood in the box at Enter; without a purpose, ask for it first."""
        text = event.value.strip()
        if not text:
            return
        if self.session.purpose is None:
            self.app.push_screen(PurposeDialog(), lambda said: self.search(text) if said else None)
        else:
            self.search(text)

    def search(self, text: str) -> None:
        """Search for a text under the purpose in hand."""
        access, gateway, deadline = self.session.access, self.desk.gateway, Deadline(PATIENCE)
        began = time.monotonic()
        self.say(NOTHING)
        self.ask(
            partial(gateway.search, access, text, deadline),
            lambda page: self.show(text, page, round((time.monotonic() - began) * 1000)),
            "searching",
        )

    def show(self, text: str, page: Page, milliseconds: int) -> None:
        """Show the rows, unless the box says something else by now."""
        box = self.query_one(Field)
        if box.value.strip() != text:
            return
        self.session.logged(page.seq)
        self._hits = {f"{hit.kind.value}-{hit.id}": hit for hit in page.hits}
        self._unmatched = ""
        rows = self.query_one(Rows)
        if not page.hits:
            self._unmatched = text
            self._say_no_match()
            rows.border_subtitle = plain(f"none found · {milliseconds} ms")
            self.rest()
            return
        more = "+" if page.more else ""
        rows.border_subtitle = plain(f"{len(page.hits)}{more} found · {milliseconds} ms")
        rows.put(self._lines())
        rows.focus()
        self.refresh_keys()
        if page.more:
            self.say(plain(f"{len(page.hits)}+ found. Add a letter or a word to narrow it."))
        else:
            self.rest()

    def failed(self, error: StaffdeskError) -> None:
        """Show nothing but why: rows of an earlier search would look like the answer."""
        self._hits = {}
        self._unmatched = ""
        rows = self.query_one(Rows)
        rows.border_subtitle = NOTHING
        rows.put([words(plain("Nothing is shown.", MUTED))])
        super().failed(error)

    @on(Rows.Selected)
    def open(self, event: Rows.Selected) -> None:
        """Open the row under the cursor."""
        hit = self._hits.get(event.key)
        if hit is not None:
            open_record(self, hit.kind, hit.id)

    @on(Field.Changed)
    def forget_late_answers(self) -> None:
        """Wait no more for a search whose text is no longer in the box."""
        self.abandon()

    def mask(self, hidden: bool) -> None:
        """Hide what was searched for, names and companies, or show them again."""
        super().mask(hidden)
        self._hidden = hidden
        if self._hits:
            self.query_one(Rows).put(self._lines(), keep=True)
        elif self._unmatched:
            self._say_no_match()

    def action_edit(self) -> None:
        """Go to the box."""
        self.set_focus(self.query_one(Field))

    def _lines(self) -> list[Line]:
        return [Line(key, partial(hit_line, hit, self._hidden)) for key, hit in self._hits.items()]

    def _say_no_match(self) -> None:
        text = HIDDEN if self._hidden else self._unmatched
        self._say_in_list(
            plain(f"No match for “{text}”."),
            plain(f"{self._searched_by()}Try fewer letters, or another of its numbers.", MUTED),
        )

    def _searched_by(self) -> str:
        """Return by what the role in force searches: what it may not search by would match nothing either."""
        role = self.session.role(Act.CUSTOMER_SEARCH)
        if role is None:
            return ""
        table = matrix()
        keys = ", ".join(table.keys[key].label for key in SearchKey if table.searches(role, key))
        return f"{role.value.capitalize()} searches by {keys}. "

    def _say_in_list(self, *lines: Content) -> None:
        self._hits = {}
        self.query_one(Rows).put([words(line) for line in lines])
        self.refresh_keys()
