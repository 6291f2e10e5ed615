"""A month of the log in pictures, for its reviewers: when, who, for what, and how that compares; one entry a month."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Container
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from staffdesk.domain.errors import StaffdeskError
from staffdesk.domain.pictures.months import month_after
from staffdesk.domain.pictures.words import counts_in_words, percent, pruned_in_words
from staffdesk.tui.base import DeskScreen
from staffdesk.tui.command import Command, Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.log.pictures import PANES, TITLES, Drawn, panes_of, strip
from staffdesk.tui.plain import GOOD, MUTED, STRONG, WARN, joined, plain
from staffdesk.tui.widgets.rows import Rows, words

if TYPE_CHECKING:
    from staffdesk.domain.pictures import MonthFigures
    from staffdesk.services.pictures import Report


class PicturesScreen(DeskScreen[str], inherit_bindings=False):
    """Four lists, one at a time where there is room for one only; answers the filter of the log one went on with."""

    PLACE: ClassVar[Place] = Place.PICTURES
    HAS_LIST: ClassVar[bool] = True
    BINDINGS = bindings_of(Place.PICTURES)
    CSS_PATH = "../styles/pictures.tcss"

    def __init__(self) -> None:
        """Name the place."""
        super().__init__(plain("Log", MUTED), plain("pictures"))
        self._figures: MonthFigures | None = None
        self._drawn: Mapping[str, Drawn] = {}

    def body(self) -> Iterable[Widget]:
        """Yield the month in words, then its pictures."""
        yield Static(id="month")
        yield Static(strip(PANES[0]), id="strip")
        with Container(id="panes"):
            for name in PANES:
                rows = Rows(id=name)
                rows.border_title = plain(TITLES[name])
                rows.set_class(name == PANES[0], "active")
                yield rows

    def notice(self) -> Content:
        """Say that this reading is an entry."""
        return plain("Looking at a month is itself an entry.", MUTED)

    def is_useful(self, command: Command) -> bool:
        """Offer months that the log reaches, and the log where a line leads to it."""
        found = self._figures
        match command.id:
            case "pictures.earlier":
                return found is not None and found.month > found.first
            case "pictures.later":
                return found is not None and found.month < found.last
            case "pictures.report":
                return found is not None
            case _:
                return super().is_useful(command)

    def on_mount(self) -> None:
        """Read this month."""
        self._pane(PANES[0]).focus()
        self._read(None)

    def on_descendant_focus(self) -> None:
        """Name the pane in sight."""
        if self.focused is not None and self.focused.id in PANES:
            self._bring(self.focused.id)
        self.refresh_keys()

    @on(Rows.Selected)
    def lead(self, event: Rows.Selected) -> None:
        """Go on in the log with what the line counts, or with a rule's items on the review's list."""
        pane = event.rows.id or ""
        text = self._drawn[pane].filters.get(event.key)
        if text is not None:
            self.dismiss(text)
        elif self._figures is not None:
            self.desk_app.show_items(f"all rule:{event.key} month:{self._figures.month}")

    def action_next_field(self) -> None:
        """Go to the next picture."""
        self._go(1)

    def action_previous_field(self) -> None:
        """Go to the picture before."""
        self._go(-1)

    def action_earlier(self) -> None:
        """Show the month before."""
        self._step(-1)

    def action_later(self) -> None:
        """Show the month after."""
        self._step(1)

    def action_report(self) -> None:
        """Write the month's report, once that is confirmed."""
        if self._figures is not None:
            month = self._figures.month
            job = partial(self.desk.pictures.report, self.session.desk_access, month)
            question = f"Write the report of {month} into new files?"
            self.confirm(question, "writes it", lambda: self.ask(job, self._wrote, "writing"))

    def failed(self, error: StaffdeskError) -> None:
        """Show no pictures of a month that was refused."""
        if self._figures is None:
            self._pane(PANES[0]).put([words(plain("Nothing is shown.", MUTED))])
        super().failed(error)

    def _go(self, step: int) -> None:
        at = next((place for place, name in enumerate(PANES) if self._pane(name).has_class("active")), 0)
        chosen = PANES[(at + step) % len(PANES)]
        self._bring(chosen)
        self._pane(chosen).focus()

    def _bring(self, chosen: str) -> None:
        for name in PANES:
            self._pane(name).set_class(name == chosen, "active")
        self.query_one("#strip", Static).update(strip(chosen))

    def _step(self, step: int) -> None:
        found = self._figures
        if found is None:
            return
        month = month_after(found.month, step)
        if found.first <= month <= found.last:
            self._read(month)
        else:
            which = "oldest" if step < 0 else "newest"
            self.say(plain(f"{found.month} is the {which} month of the log.", MUTED))

    def _read(self, month: str | None) -> None:
        self.ask(partial(self.desk.pictures.month, self.session.desk_access, month), self._show, "counting")

    def _show(self, figures: MonthFigures) -> None:
        self._figures = figures
        share = figures.standings.share
        said = f"  {counts_in_words(figures)}" + ("" if share is None else f" {percent(share)} verified.")
        pruned = pruned_in_words(figures)
        first = plain(f"  ! {pruned}" if pruned else "", WARN)
        self.query_one("#month", Static).update(joined(plain(figures.month, STRONG), first, plain(said)))
        self._drawn = panes_of(figures)
        for name, pane in self._drawn.items():
            self._pane(name).put(pane.lines)
            self._pane(name).border_subtitle = joined(pane.legend)
        self.rest()
        self.refresh_keys()

    def _wrote(self, report: Report) -> None:
        certified = "" if report.certified else " No certificate is in it: the review of the month is not closed."
        self.say(plain(f"\u2713 {report.page.name} and its pictures are in exports.{certified}", GOOD))

    def _pane(self, name: str) -> Rows:
        return self.query_one(f"#{name}", Rows)
