"""The log for its reviewers: filtered by one line of words, paged by key, newest first; each reading is an entry."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from staffdesk.domain.access import Act
from staffdesk.domain.entry_filter import EntryFilter, parse_filter
from staffdesk.domain.errors import BadInput, StaffdeskError
from staffdesk.services.audit_review import EntryDetail, EntryPage
from staffdesk.services.log_filters import shipped_filters
from staffdesk.services.log_rows import EntryRow
from staffdesk.services.log_state import LogState
from staffdesk.tui.base import DeskScreen
from staffdesk.tui.command import Command, Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.log.entries import fact_lines, page_lines
from staffdesk.tui.log.seal import seal_line
from staffdesk.tui.log.trail import Step, reference_of, session_of, who_of, whom_of
from staffdesk.tui.phrases import count, failure
from staffdesk.tui.plain import MUTED, NOTHING, plain
from staffdesk.tui.screens.entry import EntryScreen
from staffdesk.tui.screens.verify import VerifyScreen
from staffdesk.tui.waiting import FILTER, GO, account_lines, accounts_for, asked_lines, review_lines, under, work_lines
from staffdesk.tui.widgets.field import Field
from staffdesk.tui.widgets.rows import Line, Rows, words

if TYPE_CHECKING:
    from staffdesk.services.desk import Desk
    from staffdesk.services.log_filters import NamedFilter
    from staffdesk.tui.session import Session

_LONGEST = 300
_EXAMPLE = "who:anna act:customer.* whom:4711 out:denied since:7d"
_OF_ENTRY = frozenset({"list.open", "log.whom", "log.who", "log.session", "log.reference"})


class LogScreen(DeskScreen[None], inherit_bindings=False):
    """A filter, a list, and where there is room the fields of the entry under the cursor."""

    PLACE: ClassVar[Place] = Place.LOG
    HAS_LIST: ClassVar[bool] = True
    BINDINGS = bindings_of(Place.LOG)
    CSS_PATH = "../styles/log.tcss"

    def __init__(self, text: str = "") -> None:
        """Name the place; begin with the filter ``text``, that somebody went on with from another place."""
        super().__init__(plain("Log"))
        self._trail = [Step(text, parse_filter(text))]
        self._next: int | None = None
        self._rows: dict[str, EntryRow] = {}
        self._read_before = False
        self._waits: Sequence[Line] | None = () if text else None

    @property
    def _step(self) -> Step:
        return self._trail[-1]

    def body(self) -> Iterable[Widget]:
        """Yield the filter over list and entry."""
        with Vertical(id="filter-box", classes="box") as box:
            box.border_title = plain("f Filter · n Names · i Pictures")
            yield Field(id="filter", placeholder=_EXAMPLE, longest=_LONGEST)
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
        """Offer what leads from an entry, or to older ones, where there are some."""
        match command.id:
            case "log.older":
                return self._next is not None
            case "log.newer":
                return len(self._step.befores) > 1
            case "app.back":
                return len(self._trail) > 1 or super().is_useful(command)
            case _:
                return bool(self._rows) if command.id in _OF_ENTRY else super().is_useful(command)

    def on_mount(self) -> None:
        """Read the newest entries."""
        self.query_one(Rows).focus()
        self._read()

    @on(Field.Submitted)
    def apply(self, event: Field.Submitted) -> None:
        """Read by the filter as it stood at Enter."""
        self.filter_by(event.value)

    def filter_by(self, text: str) -> None:
        """Read by another filter; Esc goes back to the one before."""
        try:
            wanted = parse_filter(text)
        except BadInput as error:
            self.say(failure(error.sentence, error.hint))
            return
        if text.split() != self._step.text.split():
            self._trail.append(Step(text, wanted))
        else:
            self._step.befores = [None]
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
        if event.key.startswith(GO):
            self.desk_app.action_go(event.key.removeprefix(GO))
        elif event.key.startswith(FILTER):
            self.filter_by(event.key.removeprefix(FILTER))
        elif event.key in self._rows:
            job = partial(self.desk.audit.entry, self.session.desk_access, int(event.key))
            self.ask(job, self._show_entry, "reading")

    def action_edit(self) -> None:
        """Go to the filter."""
        self.set_focus(self.query_one(Field))

    def action_back(self) -> None:
        """Leave the filter, as it is in force, for the list; then go back through the filters used; then leave."""
        box = self.focused
        if isinstance(box, Field):
            self.set_focus(self.query_one(Rows))
            self._write_filter()
        elif len(self._trail) > 1:
            self._trail.pop()
            self._read()
        else:
            super().action_back()

    def action_older(self) -> None:
        """Show the entries before these."""
        if self._next is None:
            self.say(plain("These are the oldest entries.", MUTED))
        else:
            self._step.befores.append(self._next)
            self._read()

    def action_newer(self) -> None:
        """Go back to the entries after these."""
        if len(self._step.befores) > 1:
            self._step.befores.pop()
        self._read()

    def action_whom(self) -> None:
        """Show the history of the person the entry is about."""
        self._lead(whom_of)

    def action_who(self) -> None:
        """Show what the entry's employee did."""
        self._lead(who_of)

    def action_session(self) -> None:
        """Show the entry's session."""
        self._lead(session_of)

    def action_reference(self) -> None:
        """Show all that was done under the entry's reference."""
        self._lead(reference_of)

    def action_names(self) -> None:
        """List the filters that have a name."""
        self.desk_app.turns.lead(self)
        self.ask(partial(self.desk.audit.filters.named, self.session.desk_access), self._show_names, "reading")

    def action_pictures(self) -> None:
        """Show a month in pictures, and go on with the filter one of them leads to."""
        from staffdesk.tui.screens.pictures import PicturesScreen  # noqa: PLC0415 - rarely needed

        self.app.push_screen(PicturesScreen(), self._follow)

    def action_verify(self) -> None:
        """Check the whole log."""
        self.app.push_screen(VerifyScreen())

    def action_export(self) -> None:
        """Write the log to a file, once that is confirmed."""
        self.confirm("Write the whole log into a new file?", "writes it", self._export)

    def _export(self) -> None:
        from staffdesk.tui.screens.export import ExportScreen  # noqa: PLC0415 - rarely needed

        self.app.push_screen(ExportScreen())

    def failed(self, error: StaffdeskError) -> None:
        """Show no list beside a filter that was refused."""
        self._rows, self._next = {}, None
        self.query_one(Rows).put([words(plain("Nothing is shown.", MUTED))])
        super().failed(error)

    def _lead(self, filter_of: Callable[[EntryRow], str]) -> None:
        row = self._rows.get(self.query_one(Rows).current)
        if row is None:
            return
        try:
            self.filter_by(filter_of(row))
        except BadInput as error:
            self.say(failure(error.sentence, error.hint))

    def _show_entry(self, detail: EntryDetail) -> None:
        self.app.push_screen(EntryScreen(detail), self._follow)

    def _show_names(self, named: tuple[NamedFilter, ...]) -> None:
        from staffdesk.tui.screens.log_names import NamesDialog  # noqa: PLC0415 - rarely needed

        self.app.push_screen(NamesDialog(named, self._step.text), self._follow)

    def _follow(self, text: str | None) -> None:
        if text is not None:
            self.filter_by(text)

    def _read(self) -> None:
        self._write_filter()
        step = self._step
        job = partial(_page, self.desk, self.session, step.wanted, step.befores[-1], first=self._waits is None)
        self.ask(job, lambda read: self._show(*read), "reading")

    def _write_filter(self) -> None:
        box = self.query_one(Field)
        # In the field's own turn: letters typed before this key may still be on their way to it.
        box.call_later(_put, box, self._step.text)

    def _show(self, page: EntryPage, state: LogState, waiting: Sequence[Line] = ()) -> None:
        self._next = page.next_before
        self._rows = {str(row.seq): row for row in page.entries}
        self.query_one("#filter-box").border_subtitle = seal_line(state)
        self.refresh_keys()
        if self._read_before:
            self.rest()
        self._read_before = True
        rows = self.query_one(Rows)
        self._waits = self._waits or waiting
        first = len(self._trail) == len(self._step.befores) == 1
        lines = [*under(self._waits if first else ()), *page_lines(page, self._step.wanted)]
        rows.put(lines)
        rows.focus()
        if not page.entries:
            rows.border_subtitle = NOTHING
            self.query_one("#entry", Static).update(NOTHING)
            return
        more = " · o older" if page.next_before is not None else ""
        back = " · b newer" if len(self._step.befores) > 1 else ""
        rows.border_subtitle = plain(f"newest first · {count(len(page.entries), 'entry', 'entries')}{more}{back}")


def _put(box: Field, text: str) -> None:
    """Write a filter into its box, to be gone on with at its end."""
    if box.value != text:
        box.value = text
        box.cursor_position = len(text)


def _page(
    desk: Desk, session: Session, wanted: EntryFilter, before: int | None, *, first: bool
) -> tuple[EntryPage, LogState, tuple[Line, ...]]:
    """Read a page, once a screen what waits, and then how far the log is sealed, these readings included."""
    audit, access = desk.audit, session.desk_access
    waiting: tuple[Line, ...] = ()
    if first:
        days = shipped_filters().review_days
        waiting = (
            *asked_lines(desk.asked.waiting(access)),
            *work_lines(desk.reviews.to_review(access)),
            *account_lines(accounts_for(desk, session), decides=session.may(Act.STAFF_APPROVED)),
            *review_lines(audit.review(access), days),
        )
    page = audit.list(access, wanted, before)
    return page, desk.log_length.state(access), waiting
