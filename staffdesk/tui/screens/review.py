"""The work-list of the review: the heaviest first, filtered by one line of words; what is left to close a month."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget

from staffdesk.domain.errors import BadInput, StaffdeskError
from staffdesk.services.review_items import ItemDetail, ItemFilter, ItemPage
from staffdesk.services.review_months import MonthState
from staffdesk.tui.base import DeskScreen
from staffdesk.tui.command import Command, Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.phrases import count, failure
from staffdesk.tui.plain import GOOD, MUTED, WARN, plain
from staffdesk.tui.review.filters import EXAMPLE, parse_items
from staffdesk.tui.review.items import item_heads, item_line
from staffdesk.tui.waiting import GO, breach_lines, under
from staffdesk.tui.widgets.field import Field
from staffdesk.tui.widgets.rows import Line, Rows, words

if TYPE_CHECKING:
    from staffdesk.services.desk import Desk
    from staffdesk.tui.session import Session

_LONGEST = 200
_MOST = 200


class ReviewScreen(DeskScreen[None], inherit_bindings=False):
    """Enter opens an item, where it is asked about and decided."""

    PLACE: ClassVar[Place] = Place.REVIEW
    HAS_LIST: ClassVar[bool] = True
    BINDINGS = bindings_of(Place.REVIEW)
    CSS_PATH = "../styles/log.tcss"

    def __init__(self, text: str = "") -> None:
        """Name the place, and begin with a filter; raises :class:`BadInput` for one that is none."""
        super().__init__(plain("Review"))
        self._text = text
        self._wanted = parse_items(text)
        self._items: set[str] = set()
        self._old = False
        self._said: Content | None = None
        self._applied = False

    def body(self) -> Iterable[Widget]:
        """Yield the filter over the list."""
        with Vertical(id="filter-box", classes="box") as box:
            box.border_title = plain("f Filter")
            yield Field(id="filter", placeholder=EXAMPLE, longest=_LONGEST)
        rows = Rows(id="items")
        rows.border_title = plain("To be signed off, the heaviest first")
        yield rows

    def notice(self) -> Content:
        """Say what Enter shows."""
        return plain("Enter shows the looks an item rests on; nobody's data is among them.", MUTED)

    def is_useful(self, command: Command) -> bool:
        """Offer to open an item where there is one, and to leave a filter."""
        match command.id:
            case "list.open":
                return bool(self._items)
            case "app.back":
                return bool(self._text) or super().is_useful(command)
            case _:
                return super().is_useful(command)

    def on_mount(self) -> None:
        """Read the list."""
        self.query_one(Rows).focus()
        self.read()

    def on_screen_resume(self) -> None:
        """Read the list anew where something was open above it."""
        if self._old:
            self._old = False
            self.read()

    def read(self) -> None:
        """Read the list and how the months stand."""
        self._write_filter()
        job = partial(_read, self.desk, self.session, self._wanted)
        self.ask(job, lambda read: self._show(*read), "reading")

    @on(Field.Submitted)
    def apply(self, event: Field.Submitted) -> None:
        """Read by the filter as it stood at Enter, and go to what it finds."""
        self._applied = True
        self.filter_by(event.value)

    def filter_by(self, text: str) -> None:
        """Read by another filter."""
        try:
            self._wanted = parse_items(text)
        except BadInput as error:
            self.say(failure(error.sentence, error.hint))
            return
        self._text = " ".join(text.split())
        self.read()

    def action_edit(self) -> None:
        """Go to the filter, behind what it says, so that what is typed is another word of it."""
        box = self.query_one(Field)
        self.set_focus(box)
        if self._text:
            box.call_later(_next_word, box)

    def action_back(self) -> None:
        """Leave the filter's line for the list, then the filter, then the place."""
        if isinstance(self.focused, Field):
            self.set_focus(self.query_one(Rows))
            self._write_filter()
        elif self._text:
            self.filter_by("")
        else:
            super().action_back()

    @on(Rows.Selected)
    def open(self, event: Rows.Selected) -> None:
        """Open an item; one entry."""
        if event.key in self._items:
            job = partial(self.desk.reviews.open, self.session.desk_access, int(event.key))
            self.ask(job, self._show_item, "opening")
        elif event.key.startswith(GO):
            self.action_breaches()

    def action_months(self) -> None:
        """List the months."""
        from staffdesk.tui.screens.months import MonthsScreen  # noqa: PLC0415 - once a month

        self._old = True
        self.app.push_screen(MonthsScreen(), self._follow)

    def action_breaches(self) -> None:
        """List the register of breaches."""
        from staffdesk.tui.screens.breaches import BreachesScreen  # noqa: PLC0415 - rarely needed

        self._old = True
        self.app.push_screen(BreachesScreen())

    def failed(self, error: StaffdeskError) -> None:
        """Show no list beside a filter that was refused."""
        self._items, self._applied = set(), False
        self.query_one(Rows).put([words(plain("Nothing is shown.", MUTED))])
        super().failed(error)

    def _show_item(self, detail: ItemDetail) -> None:
        from staffdesk.tui.screens.review_item import ItemScreen  # noqa: PLC0415 - needed by few

        self._old = True
        self.app.push_screen(ItemScreen(detail, self._wanted), self._done)

    def _done(self, said: Content | None) -> None:
        self._said = said

    def _follow(self, text: str | None) -> None:
        if text is not None:
            self.filter_by(text)

    def _write_filter(self) -> None:
        box = self.query_one(Field)
        # In the field's own turn: letters typed before this key may still be on their way to it.
        box.call_later(setattr, box, "value", self._text)

    def _show(self, page: ItemPage, months: Sequence[MonthState]) -> None:
        rows, before = self.query_one(Rows), bool(self._items)
        self._items = {str(item.id) for item in page.items}
        self.query_one("#filter-box").border_subtitle = month_words(months)
        late = (words(plain(f"! {page.behind}", WARN)),) if page.behind else ()
        first = under((*late, *breach_lines(page.breaches)))
        more = "+" if page.after is not None else ""
        rows.border_subtitle = plain(f"{count(len(page.items), 'item')}{more}")
        if page.items:
            lines = [Line("", item_heads, stays=True), *map(item_line, page.items)]
            if more:
                lines.append(words(plain(f"{_MOST}+ found. Narrow the list (f).", MUTED)))
            rows.put([*first, *lines], keep=before)
        else:
            rows.put([*first, *_none(months, filtered=bool(self._text))])
        if self._applied or not isinstance(self.focused, Field):
            rows.focus()  # who has gone to the filter meanwhile stays there
        self._applied = False
        self.refresh_keys()
        if self._said is not None:
            said, self._said = self._said, None
            self.say(said)


def month_words(months: Sequence[MonthState]) -> Content:
    """Return which month is to be closed next, and what is left to close it."""
    still_open = [each for each in months if each.closed_at is None]
    if not still_open:
        return plain("✓ every month is closed" if months else "no month yet", GOOD if months else MUTED)
    first = min(still_open, key=lambda each: each.month)
    more = sum(each.over for each in still_open if each is not first)
    others = f" · {more} more open" if more else ""
    if not first.why:
        return plain(f"✓ {first.month} can be closed (m){others}", GOOD)
    left = f"{first.month} open: {first.undecided:,} of {first.items:,} left{others}"
    return plain(f"! {left}", WARN) if first.undecided else plain(left, MUTED)


def _next_word(box: Field) -> None:
    if box.value and not box.value.endswith(" "):
        box.value += " "
        box.cursor_position = len(box.value)


def _none(months: Sequence[MonthState], *, filtered: bool) -> list[Line]:
    if filtered:
        return [words(plain("No items match.")), words(plain("Change the filter (f), or leave it (esc).", MUTED))]
    if any(each.closed_at is None and not each.why for each in months):
        return [words(plain("Nothing is left to sign off.")), words(plain("A month can be closed (m).", MUTED))]
    return [
        words(plain("Nothing is to be signed off.")),
        words(plain("Each day of the log is taken once it is over (staffdesk run-due).", MUTED)),
    ]


def _read(desk: Desk, session: Session, wanted: ItemFilter) -> tuple[ItemPage, tuple[MonthState, ...]]:
    access = session.desk_access
    return desk.reviews.list(access, wanted, limit=_MOST), desk.months.months(access)
