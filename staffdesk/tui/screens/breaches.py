"""The register of breaches: what is due when, and what became of the rest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import ClassVar

from textual import on
from textual.content import Content
from textual.widget import Widget

from staffdesk.domain.reviews import OUTCOME_WORDS, hours_in_words
from staffdesk.services.audit_review import EntryDetail
from staffdesk.services.breaches import Breach
from staffdesk.services.review_items import ItemDetail
from staffdesk.tui.base import DeskScreen
from staffdesk.tui.command import Command, Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.phrases import count, moment
from staffdesk.tui.plain import BAD, DASH, GOOD, MUTED, STRONG, WARN, column, fit, joined, plain
from staffdesk.tui.widgets.rows import Line, Rows, words

_NUMBER, _DUE, _WHO, _CUSTOMER, _ITEM = 14, 17, 14, 10, 7
_MIDDLE = 76
_OPENED_BY = (
    plain("Not justified opens one (W).", MUTED),
    plain("So does Somebody else, under a request.", MUTED),
)


class BreachesScreen(DeskScreen[None], inherit_bindings=False):
    """Those that are due stand first, the earliest on top; Enter opens the item a breach came from."""

    PLACE: ClassVar[Place] = Place.BREACHES
    HAS_LIST: ClassVar[bool] = True
    BINDINGS = bindings_of(Place.BREACHES)
    EXPLAINED: ClassVar[tuple[Place, str] | None] = (Place.REVIEW, "Not justified")

    def __init__(self) -> None:
        """Name the place."""
        super().__init__(plain("Review", MUTED), plain("Breaches"))
        self._breaches: dict[str, Breach] = {}

    def body(self) -> Iterable[Widget]:
        """One list."""
        rows = Rows(id="breaches")
        rows.border_title = plain("Register of breaches")
        yield rows

    def notice(self) -> Content:
        """Say what the dates are."""
        return plain("Due: until then the authority is to be told (GDPR Art. 33).", MUTED)

    def is_useful(self, command: Command) -> bool:
        """Offer what a breach allows, where there is one."""
        match command.id:
            case "list.open":
                return bool(self._breaches)
            case "breach.close":
                return any(each.outcome is None for each in self._breaches.values())
            case _:
                return super().is_useful(command)

    def on_mount(self) -> None:
        """Read the register."""
        self.query_one(Rows).focus()
        self.read()

    def read(self) -> None:
        """Read the register, or read it again."""
        self.ask(partial(self.desk.breaches.list, self.session.desk_access), self._show, "reading")

    @on(Rows.Selected)
    def open(self, event: Rows.Selected) -> None:
        """Open the item a breach came from, or of one from a request the entry that closed it; one entry."""
        breach = self._breaches.get(event.key)
        if breach is None:
            return
        if breach.item is None and breach.closing_entry is None:
            self.say(plain(f"{breach.number} was found under {breach.request}: privacy works on it."))
            return
        self.ask(partial(self._found, breach), self._show_found, "opening")

    def action_close_breach(self) -> None:
        """Ask what became of it."""
        from staffdesk.tui.screens.close_breach import CloseBreachDialog  # noqa: PLC0415 - rarely needed

        breach = self._breaches.get(self.query_one(Rows).current)
        if breach is None:
            self.say(plain("No breach is here that could be closed."))
            return
        if breach.outcome is not None:
            self.say(plain(f"{breach.number} is closed: {OUTCOME_WORDS[breach.outcome]}."))
        else:
            self.app.push_screen(CloseBreachDialog(breach.number), partial(self._gone, breach.number))

    def _gone(self, number: str, done: bool | None) -> None:
        if done:
            self.read()
            self.say(plain(f"✓ {number} is closed.", GOOD))

    def _found(self, breach: Breach) -> ItemDetail | EntryDetail:
        access = self.session.desk_access
        if breach.item is not None:
            return self.desk.reviews.open(access, breach.item)
        return self.desk.audit.entry(access, breach.closing_entry or 0)

    def _show_found(self, detail: ItemDetail | EntryDetail) -> None:
        from staffdesk.tui.screens.entry import EntryScreen  # noqa: PLC0415 - rarely needed
        from staffdesk.tui.screens.review_item import ItemScreen  # noqa: PLC0415 - as above

        if isinstance(detail, EntryDetail):
            self.app.push_screen(EntryScreen(detail, "breaches"), self._follow)
        else:
            self.app.push_screen(ItemScreen(detail))

    def _follow(self, text: str | None) -> None:
        if text is not None:
            self.desk_app.show_entries(text)

    def _show(self, breaches: Sequence[Breach]) -> None:
        first = sorted(breaches, key=lambda each: (each.outcome is not None, each.due_at))
        self._breaches = {each.number: each for each in first}
        due = sum(each.outcome is None for each in breaches)
        rows = self.query_one(Rows)
        rows.border_subtitle = plain(f"{count(len(breaches), 'breach', 'breaches')} · {due} open")
        if breaches:
            lines = [Line(key, partial(_line, each)) for key, each in self._breaches.items()]
            rows.put([Line("", _heads, stays=True), *lines], keep=True)
        else:
            rows.put([words(plain("No breach was found.")), *map(words, _OPENED_BY)])
        self.refresh_keys()


def _heads(width: int) -> Content:
    return _columns([plain(head, MUTED) for head in ("number", "due", "who", "customer", "item", "state")], width)


def _line(each: Breach, width: int) -> Content:
    cells = [
        plain(each.number, STRONG),
        plain(moment(each.due_at)),
        plain(each.who or each.request),
        plain(DASH if each.customer is None else str(each.customer)),
        plain(DASH if each.item is None else str(each.item)),
        _state(each),
    ]
    return _columns(cells, width)


def _columns(cells: Sequence[Content], width: int) -> Content:
    sizes = (_NUMBER, _DUE, _WHO if width >= _MIDDLE else 0, _CUSTOMER if width >= _MIDDLE else 0, _ITEM)
    return fit(joined(*map(column, cells, sizes), cells[-1]), width)


def _state(each: Breach) -> Content:
    if each.outcome is not None:
        facts = "" if each.closing_entry is None else f", entry {each.closing_entry}"
        return plain(f"✓ {OUTCOME_WORDS[each.outcome]}{facts}", GOOD)
    left = each.hours_left or 0
    said = hours_in_words(left)
    return plain(f"! {said}", WARN) if left >= 0 else plain(f"✗ {said}", BAD)
