"""The log for its reviewers: filtered by one line of words, paged by key, newest first; each reading is an entry."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import ClassVar

from textual import on
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from staffdesk.domain.entry_filter import EntryFilter, parse_filter
from staffdesk.domain.errors import BadInput, StaffdeskError
from staffdesk.services.audit_review import EntryDetail, EntryPage
from staffdesk.services.log_rows import EntryRow
from staffdesk.tui.base import DeskScreen
from staffdesk.tui.commands import Command, Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.log.entries import entry_line, fact_lines, heads
from staffdesk.tui.phrases import count, failure
from staffdesk.tui.plain import MUTED, NOTHING, plain
from staffdesk.tui.screens.entry import EntryScreen
from staffdesk.tui.screens.verify import VerifyScreen
from staffdesk.tui.widgets.field import Field
from staffdesk.tui.widgets.rows import Line, Rows, words

_LONGEST = 300
EXAMPLE = "who:anna act:customer.opened whom:4711 purpose:support standing:claimed since:2026-11-01"


class LogScreen(DeskScreen[None], inherit_bindings=False):
    """A filter, a list, and where there is room the fields of the entry under the cursor."""

    PLACE: ClassVar[Place] = Place.LOG
    HAS_LIST: ClassVar[bool] = True
    BINDINGS = bindings_of(Place.LOG)
    CSS_PATH = "../styles/log.tcss"

    def __init__(self) -> None:
        """Name the place."""
        super().__init__(plain("Log"))
        self._wanted = EntryFilter()
        self._in_force = ""
        self._befores: list[int | None] = [None]
        self._next: int | None = None
        self._rows: dict[str, EntryRow] = {}
        self._read_before = False

    def body(self) -> Iterable[Widget]:
        """Yield the filter over list and entry."""
        with Vertical(id="filter-box", classes="box") as box:
            box.border_title = plain("f Filter")
            yield Field(id="filter", placeholder=EXAMPLE, longest=_LONGEST)
        with Horizontal(id="review"):
            rows = Rows(id="entries")
            rows.border_title = plain("Entries")
            rows.border_subtitle = plain("newest first")
            yield rows
            with Vertical(id="entry-box", classes="box") as entry:
                entry.border_title = plain("Entry")
                yield Static(id="entry")

    def notice(self) -> Content:
        """Say that reading is logged too."""
        return plain("Reading the log is itself an entry.", MUTED)

    def is_useful(self, command: Command) -> bool:
        """Offer to open an entry, or to show older ones, where there are some."""
        match command.id:
            case "list.open":
                return bool(self._rows)
            case "log.older":
                return self._next is not None
            case _:
                return super().is_useful(command)

    def on_mount(self) -> None:
        """Read the newest entries."""
        self.query_one(Rows).focus()
        self._read()

    @on(Field.Submitted)
    def apply(self, event: Field.Submitted) -> None:
        """Read by the filter as it stood at Enter."""
        try:
            self._wanted = parse_filter(event.value)
        except BadInput as error:
            self.say(failure(error.sentence, error.hint))
            return
        self._in_force = event.value
        self._befores = [None]
        self._read()

    @on(Rows.Moved)
    def preview(self, event: Rows.Moved) -> None:
        """Show the fields of the entry under the cursor; openings are read only when it is opened."""
        row = self._rows.get(event.key)
        entry = self.query_one("#entry", Static)
        width = entry.content_size.width
        entry.update(fact_lines(row, width) if row is not None and width else NOTHING)

    @on(Rows.Selected)
    def open(self, event: Rows.Selected) -> None:
        """Open one entry in full."""
        if event.key in self._rows:
            job = partial(self.desk.audit.entry, self.session.desk_access, int(event.key))
            self.ask(job, self._show_entry, "reading")

    def action_edit(self) -> None:
        """Go to the filter."""
        self.set_focus(self.query_one(Field))

    def action_back(self) -> None:
        """Leave the filter, as it is in force, for the list; from there, go back."""
        box = self.focused
        if isinstance(box, Field):
            self.set_focus(self.query_one(Rows))
            # In the field's own turn: letters typed before this key may still be on their way to it.
            box.call_later(setattr, box, "value", self._in_force)
        else:
            super().action_back()

    def action_older(self) -> None:
        """Show the entries before these."""
        if self._next is None:
            self.say(plain("These are the oldest entries.", MUTED))
        else:
            self._befores.append(self._next)
            self._read()

    def action_newer(self) -> None:
        """Go back to the entries after these."""
        if len(self._befores) > 1:
            self._befores.pop()
        self._read()

    def action_verify(self) -> None:
        """Check the whole log."""
        self.app.push_screen(VerifyScreen())

    def failed(self, error: StaffdeskError) -> None:
        """Show no list beside a filter that was refused."""
        self._rows, self._next = {}, None
        self.query_one(Rows).put([words(plain("Nothing is shown.", MUTED))])
        super().failed(error)

    def _show_entry(self, detail: EntryDetail) -> None:
        self.app.push_screen(EntryScreen(detail))

    def _read(self) -> None:
        job = partial(self.desk.audit.list, self.session.desk_access, self._wanted, self._befores[-1])
        self.ask(job, self._show, "reading")

    def _show(self, page: EntryPage) -> None:
        self._next = page.next_before
        self._rows = {str(row.seq): row for row in page.entries}
        rows = self.query_one(Rows)
        self.refresh_keys()
        if self._read_before:
            self.rest()
        self._read_before = True
        if not page.entries:
            rows.border_subtitle = NOTHING
            wider = "Widen the dates" if self._wanted.since_ms or self._wanted.until_ms else "Change the filter"
            rows.put([words(plain("No entries match.")), words(plain(f"{wider} (f).", MUTED))])
            self.query_one("#entry", Static).update(NOTHING)
            return
        rows.put([Line("", heads), *map(entry_line, page.entries)])
        rows.focus()
        more = " · o older" if page.next_before is not None else ""
        back = " · b newer" if len(self._befores) > 1 else ""
        rows.border_subtitle = plain(f"newest first · {count(len(page.entries), 'entry', 'entries')}{more}{back}")
