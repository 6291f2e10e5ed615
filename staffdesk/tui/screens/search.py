"""The search: one box, masked rows; every search is logged before rows are shown.

After a pause in typing words are counted, and rows come at Enter, or where few are left. Without a purpose nothing is
read before Enter.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.containers import Vertical
from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget

from staffdesk.domain.access import Act
from staffdesk.domain.errors import BadInput, StaffdeskError
from staffdesk.domain.new_people import called
from staffdesk.domain.policy import matrix
from staffdesk.domain.search_text import read_filters
from staffdesk.tui.base import DeskScreen
from staffdesk.tui.calm import typing_pause
from staffdesk.tui.command import Command, Place
from staffdesk.tui.commands import by_id
from staffdesk.tui.hit_lines import hit_line, matching, no_match, offer_line, what_to_type
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.opening import open_record
from staffdesk.tui.plain import HIDDEN, MUTED, NOTHING, plain
from staffdesk.tui.screens.purpose import PurposeDialog
from staffdesk.tui.widgets.field import Field
from staffdesk.tui.widgets.rows import Line, Rows, words

if TYPE_CHECKING:
    from staffdesk.domain.records import Hit, Page

_SUGGESTION: Final = "suggestion"
_NEW: Final = "customer.new"
_LONGEST = 200


class SearchScreen(DeskScreen[None], inherit_bindings=False):
    """Type, Enter, and Enter again on a row."""

    PLACE: ClassVar[Place] = Place.SEARCH
    HAS_LIST: ClassVar[bool] = True
    BINDINGS = bindings_of(Place.SEARCH)

    def __init__(self) -> None:
        """Name the place."""
        super().__init__(plain("Search"))
        self._hits: dict[str, Hit] = {}
        self._unmatched = self._suggestion = self._answered = self._answered_in = ""
        self._hidden = False
        self._typing = False
        self._offers = False
        self._pause: Timer | None = None

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
        """Offer to open a row, or to search for what was meant, where there is one."""
        if command.id == "list.open":
            return bool(self._hits or self._suggestion or self._offers_new())
        return super().is_useful(command)

    def notice(self) -> Content:
        """Say under what the next search is logged, and first what stands in the box already."""
        if self._offers:
            whose = "What you searched for" if self.session.call.searched else "Who called, as you wrote it"
            return plain(f"{whose}: Enter searches, typing replaces it.", MUTED)
        if self.session.purpose is None:
            return plain("The first search asks why you look.", MUTED)
        if self._hits:
            under = "with the number above" if self.session.reference else "and asks for a number"
            return plain(f"Masked. Opening a row is logged {under}.", MUTED)
        return plain("Every search is logged with the purpose above.", MUTED)

    def on_mount(self) -> None:
        """Say what may be typed, and wait for it."""
        self._say_what_to_type()
        self._offer_caller()
        self.query_one(Field).focus()

    def begin_call(self) -> None:
        """Go to the rows that answer what stands in the box, else to the box; what another call had found goes."""
        box, caller, other = self.query_one(Field), self.session.caller, self.session.other
        over = self._answered_in not in {"", self.session.reference, other.reference if other else ""}
        if self._answered != caller and (over or (other and caller and self._answered == other.searched)):
            self._clear()
        self._offer_caller()
        answered = self._hits and box.value.strip() == self._answered
        self.set_focus(self.query_one(Rows) if answered else box)

    def change_call(self, *, over: bool = False) -> None:
        """Take away what the other call had found, or Enter opens it for this one; it stays of one that is ``over``."""
        if (not over and self._answered_in != self.session.reference) or not self.query_one(Field).value:
            self._clear()
        self.rest()

    @on(Field.Submitted)
    def take(self, event: Field.Submitted) -> None:
        """Search for what stood in the box at Enter; without a purpose, ask for it first."""
        self._stop_pause()
        text = event.value.strip()
        if not text:
            return
        if text == self._answered and not self.waiting and (self._hits or self._suggestion):
            self.query_one(Rows).focus()
            return
        if self.session.purpose is None:
            self.app.push_screen(PurposeDialog(), lambda said: self.search(text) if said else None)
        else:
            self.search(text)

    def search(self, text: str) -> None:
        """Search for a text under the purpose in hand."""
        access, gateway, began = self.session.access, self.desk.gateway, time.monotonic()
        self._typing = self._offers = False
        if self.session.case is not None:
            self.session.call.searched = text
        self.say(NOTHING)
        self.look(
            partial(gateway.search, access, text),
            lambda page: self.show(text, page, round((time.monotonic() - began) * 1000)),
            "searching",
        )

    def show(self, text: str, page: Page, milliseconds: int) -> None:
        """Show the rows, unless the box says something else by now."""
        box = self.query_one(Field)
        if box.value.strip() != text:
            return
        self._take_answer(text, page)
        rows = self.query_one(Rows)
        if not page.hits:
            rows.border_subtitle = plain(f"none found · {milliseconds} ms")
            if self._suggestion:
                rows.focus()
            self.rest()
            return
        rows.border_subtitle = plain(f"{len(page.hits)}{'+' if page.more else ''} found · {milliseconds} ms")
        rows.focus()
        self.rest()
        if page.more:
            self.say(plain(f"{len(page.hits)}+ found. Add a letter or a word to narrow it."))

    def show_count(self, text: str, page: Page) -> None:
        """Say how many match what stands in the box, or show the few there are; the cursor stays in the box."""
        if self.query_one(Field).value.strip() != text:
            return
        self._take_answer(text, page)
        most = matrix().limits.counted
        count = len(page.hits) if page.count is None else page.count
        line = matching(count, most, read_filters(text).kind)
        self.query_one(Rows).border_subtitle = plain(line)
        if count and not page.hits:
            step = "Add a letter." if count > most else "Enter lists the first of them, a letter more leaves fewer."
            self._say_in_list(plain(f"{line}."), plain(step, MUTED))
        self.rest()

    def failed(self, error: StaffdeskError) -> None:
        """Show nothing but why: rows of an earlier search would look like the answer."""
        self._forget_answer()
        rows = self.query_one(Rows)
        rows.border_subtitle = NOTHING
        if self._typing and isinstance(error, BadInput):
            # Whoever is still typing has made no mistake yet.
            self._say_in_list(plain(error.sentence), plain(error.hint, MUTED))
            self.rest()
            return
        rows.put([words(plain("Nothing is shown.", MUTED))])
        super().failed(error)

    @on(Rows.Selected)
    async def open(self, event: Rows.Selected) -> None:
        """Open the row under the cursor, search for what was meant, or take down who is not on file."""
        if event.key == _SUGGESTION:
            box = self.query_one(Field)
            with box.prevent(Field.Changed):
                box.value = self._suggestion
            self.search(self._suggestion)
        elif event.key == _NEW:
            await self.run_command(_NEW)
        elif (hit := self._hits.get(event.key)) is not None:
            open_record(self, hit.kind, hit.id)

    @on(Field.Changed)
    def wait_for_a_pause(self, event: Field.Changed) -> None:
        """End a search whose text is no longer in the box, and count the new one after a pause."""
        self.abandon()
        self._stop_pause()
        if self._offers:
            self._offers = False
            self.rest_unless_said()
        text = event.value.strip()
        if text and text != self._answered and self.session.purpose is not None:
            self._pause = self.set_timer(typing_pause(), partial(self._count, text))

    def _offer_caller(self) -> None:
        """Put into an empty box what was sought in this call: Enter takes it, what is typed replaces it."""
        box, sought = self.query_one(Field), self.session.sought
        if sought and not box.value:
            with box.prevent(Field.Changed):
                box.value = sought
            box.action_select_all()
            self._offers = True
            self.rest_unless_said()

    def _count(self, text: str) -> None:
        if self.waiting or not self.is_current or self.query_one(Field).value.strip() != text:
            return
        access, gateway = self.session.access, self.desk.gateway
        self._typing = True
        self.look(partial(gateway.search, access, text, typing=True), partial(self.show_count, text), "counting")

    def _stop_pause(self) -> None:
        if self._pause is not None:
            self._pause.stop()
            self._pause = None

    def _take_answer(self, text: str, page: Page) -> None:
        """Keep an answer, and show its rows or that there are none."""
        self.session.logged(page.seq)
        self._answered, self._answered_in = text, self.session.reference
        self._hits = {f"{hit.kind.value}-{hit.id}": hit for hit in page.hits}
        self._unmatched = "" if page.hits else text
        self._suggestion = page.suggestion
        if page.hits:
            self.query_one(Rows).put(self._lines())
            self.refresh_keys()
        elif not page.count:
            self._say_no_match()

    def _clear(self) -> None:
        box = self.query_one(Field)
        with box.prevent(Field.Changed):
            box.value = ""
        self._forget_answer()
        self._say_what_to_type()

    def _forget_answer(self) -> None:
        self._answered = self._answered_in = self._unmatched = self._suggestion = ""
        self._hits = {}

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
        role = self.session.role(Act.CUSTOMER_SEARCH)
        # What the role in force may not search by would match nothing either.
        lines = no_match(text, "" if role is None else matrix().searched_by(role))
        if self._suggestion:
            meant = HIDDEN if self._hidden else self._suggestion
            lines.append(offer_line(_SUGGESTION, f"Did you mean “{meant}”?", "enter searches for it"))
        if self._offers_new():
            way = "enter takes" if self._suggestion else "tab, enter takes"
            lines.append(offer_line(_NEW, "Not on file?", f"{way} down somebody new"))
        self.query_one(Rows).put(lines)
        self.refresh_keys()

    def _offers_new(self) -> bool:
        """Say whether what nobody answers to is how somebody is called, so that he may be taken down."""
        return bool(self._unmatched and self.session.case and self.offers(by_id(_NEW)) and called(self._unmatched))

    def _say_what_to_type(self) -> None:
        counted = "What you type is counted; Enter lists it."
        then = counted if self.session.purpose is not None else "Nothing is read until you press Enter."
        self.query_one(Rows).border_subtitle = NOTHING
        self._say_in_list(plain(what_to_type(self.session)), plain(then, MUTED))

    def _say_in_list(self, *lines: Content) -> None:
        self._hits, self._unmatched = {}, ""
        self.query_one(Rows).put([words(line) for line in lines])
        self.refresh_keys()
