"""One item of the review: why it is on the list, the looks it rests on, what was answered, and the moves from here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.content import Content
from textual.widget import Widget

from staffdesk.domain.access import Access
from staffdesk.domain.reviews import OUTCOME_WORDS, ItemState
from staffdesk.services.audit_review import EntryDetail
from staffdesk.services.review_items import ItemDetail, ItemFilter
from staffdesk.tui.base import DeskScreen
from staffdesk.tui.command import Command, Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.phrases import count, moment
from staffdesk.tui.plain import BAD, GOOD, MUTED, NOTHING, WARN, plain
from staffdesk.tui.review.facts import beside, fact_line
from staffdesk.tui.review.items import access_heads, access_line, facts_of
from staffdesk.tui.screens.decide import Decided, DecideDialog
from staffdesk.tui.screens.entry import EntryScreen
from staffdesk.tui.widgets.rows import Line, Rows, words

if TYPE_CHECKING:
    from staffdesk.services.desk import Desk


class ItemScreen(DeskScreen[Content], inherit_bindings=False):
    """Enter on a look opens its entry; once an item is signed off the next one comes, and at the end the list."""

    PLACE: ClassVar[Place] = Place.ITEM
    HAS_LIST: ClassVar[bool] = True
    BINDINGS = bindings_of(Place.ITEM)
    EXPLAINED: ClassVar[tuple[Place, str] | None] = (Place.REVIEW, "An item")

    def __init__(self, detail: ItemDetail, wanted: ItemFilter | None = None) -> None:
        """Show ``detail``; the next item is one of ``wanted``."""
        super().__init__(plain("Review", MUTED), plain(f"item {detail.item.id}"))
        self._detail = detail
        self._wanted = wanted or ItemFilter()
        self._masked = False

    def body(self) -> Iterable[Widget]:
        """One list: facts over looks."""
        yield Rows(id="item")

    def notice(self) -> Content:
        """Say that this reading is an entry."""
        return plain("That you read this item is in the log. Enter opens the entry under the cursor.", MUTED)

    def is_useful(self, command: Command) -> bool:
        """Offer the moves that are open."""
        match command.id:
            case "item.ask":
                return self._detail.askable
            case "item.decide":
                return not self._detail.item.decided and not all(self._detail.closed.values())
            case "list.open":
                return bool(self._detail.entries)
            case _:
                return super().is_useful(command)

    def on_mount(self) -> None:
        """Show it."""
        self.query_one(Rows).focus()
        self._show(self._detail)

    def mask(self, hidden: bool) -> None:
        """Hide what was written while nobody is there, or show it again."""
        super().mask(hidden)
        self._masked = hidden
        self._show(self._detail, keep=True)

    @on(Rows.Selected)
    def open(self, event: Rows.Selected) -> None:
        """Open the entry of a look, with the reasons that were written then; one entry."""
        job = partial(self.desk.audit.entry, self.session.desk_access, int(event.key))
        self.ask(job, self._show_entry, "reading")

    def action_ask_employee(self) -> None:
        """Put it into the inbox of its employee, once that is confirmed."""
        item, why = self._detail.item, self._detail.not_asked
        if why:
            self.say(plain(f"Not asked: {why}."))
        else:
            write = partial(self.desk.reviews.ask, self.session.desk_access, item.id)
            said = plain(f"✓ {item.who} is asked.", GOOD)
            self.confirm(f"Ask {item.who} about this?", "asks", partial(self._then_read, write, said))

    def action_decide(self) -> None:
        """Ask how it is decided."""
        item, closed = self._detail.item, self._detail.closed
        if item.decided:
            self.say(plain(f"It is {item.state.words}, and a decision never changes."))
        elif all(closed.values()):
            self.say(plain(f"Not decided: {next(iter(closed.values()))}."))
        else:
            dialog = DecideDialog(self._detail)
            self.app.push_screen(dialog, partial(self._decided, dialog))

    def action_next(self) -> None:
        """Open the next item that is not decided."""
        self.desk_app.turns.lead(self)
        self._go_on(None)

    def _decided(self, dialog: DecideDialog, decided: Decided | None) -> None:
        if decided is None:
            if dialog.is_old:
                self._then_read(lambda: None, plain("Read again, as it stands now."))
            return
        item = self._detail.item
        if decided.breach:
            self._then_read(lambda: None, plain(f"✗ Item {item.id}: not justified, {decided.breach}.", BAD))
        else:
            self._go_on(plain(f"✓ Item {item.id}: {decided.state.words}.", GOOD))

    def _then_read(self, write: Callable[[], None], said: Content) -> None:
        job = partial(_after, write, self.desk, self.session.desk_access, self._detail.item.id)
        self.ask(job, partial(self._show_again, said), "writing")

    def _go_on(self, said: Content | None) -> None:
        job = partial(_next, self.desk, self.session.desk_access, self._wanted, self._detail.item.id)
        self.ask(job, partial(self._show_next, said), "reading")

    def _show_again(self, said: Content, detail: ItemDetail) -> None:
        self._show(detail, keep=True)
        self.say(said)

    def _show_next(self, said: Content | None, detail: ItemDetail | None) -> None:
        if detail is not None:
            self._show(detail)
            self.say(said) if said is not None else self.rest()
        elif said is not None:
            self.dismiss(said)
        else:
            self.say(plain("Nothing else is to be decided."))

    def _show_entry(self, detail: EntryDetail) -> None:
        self.app.push_screen(EntryScreen(detail, f"item {self._detail.item.id}"), self._follow)

    def _follow(self, text: str | None) -> None:
        if text is not None:
            self.desk_app.show_entries(text)

    def _show(self, detail: ItemDetail, *, keep: bool = False) -> None:
        self._detail = detail
        self._top.name_place(plain("Review", MUTED), plain(f"item {detail.item.id}"))
        rows = self.query_one(Rows)
        rows.border_title = plain(f"Item {detail.item.id}")
        rows.border_subtitle = plain(count(len(detail.entries), "look"))
        rows.put(list(self._lines()), keep=keep)
        self.refresh_keys()

    def _lines(self) -> Iterable[Line]:
        detail, item = self._detail, self._detail.item
        facts = facts_of(item)
        if item.answer_entry is not None:
            facts.append(("Answer", self._written(detail.answer)))
        if item.decided:
            facts.append(("Note", self._written(detail.note)))
        if not item.decided:
            facts += _closed(detail)
        yield from (fact_line(name, value) for name, value in facts)
        if detail.breach:
            # Enter on one that is closed opens the entry with what was done.
            entry = "" if detail.breach_entry is None else str(detail.breach_entry)
            yield Line(entry, partial(beside, "Breach", _breach(detail)))
        yield words(NOTHING)
        yield Line("", access_heads, stays=True)
        yield from map(access_line, detail.entries)

    def _written(self, text: str) -> Content:
        if self._masked:
            return plain("hidden", MUTED)
        return plain(text) if text else plain("nothing, or emptied since", MUTED)


def _breach(detail: ItemDetail) -> Content:
    if detail.breach_outcome is not None:
        facts = "" if detail.breach_entry is None else f"; what was done stands in entry {detail.breach_entry}"
        return plain(f"✓ {detail.breach}: {OUTCOME_WORDS[detail.breach_outcome]}{facts}", GOOD)
    due = "" if detail.breach_due is None else f": the authority is to be told by {moment(detail.breach_due)}"
    return plain(f"! {detail.breach}{due}", WARN)


def _closed(detail: ItemDetail) -> list[tuple[str, Content]]:
    """Return why moves are closed, those that are closed for the same reason together."""
    reasons: dict[str, list[str]] = {}
    for decision, why in detail.closed.items():
        if why:
            reasons.setdefault(why, []).append(decision.words)
    if detail.not_asked and detail.item.state is not ItemState.ASKED:
        reasons.setdefault(detail.not_asked, []).append("asked")
    lines = [plain(f"{' or '.join(named)}: {why}", MUTED) for why, named in reasons.items()]
    return [("" if at else "Closed", line) for at, line in enumerate(lines)]


def _after(write: Callable[[], None], desk: Desk, access: Access, item: int) -> ItemDetail:
    write()
    return desk.reviews.open(access, item)


def _next(desk: Desk, access: Access, wanted: ItemFilter, item: int) -> ItemDetail | None:
    """Return the next undecided item of the filter, from the top again after the last one."""
    todo = ItemFilter(rule=wanted.rule, who=wanted.who, month=wanted.month)
    for after in (item, None):
        for each in desk.reviews.list(access, todo, after, 1).items:
            if each.id != item:
                return desk.reviews.open(access, each.id)
    return None
