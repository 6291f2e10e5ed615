"""The checklist of a licence request: what is done, by whom and when; Enter ticks a step, frees a seat, moves it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import ClassVar, Final

from textual import on
from textual.containers import Grid
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from staffdesk.domain.access import Access, Purpose
from staffdesk.domain.licence_requests import Checklist, Does, Seat, Ticked
from staffdesk.tui.base import DeskDialog
from staffdesk.tui.command import Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.phrases import count, moment
from staffdesk.tui.plain import BAD, GOOD, MUTED, STRONG, apart, joined, plain
from staffdesk.tui.widgets.field import Field
from staffdesk.tui.widgets.rows import Line, Rows, words

_LONGEST: Final = 200
_STEP, _SEAT = "step:", "seat:"


class LicenceRequestDialog(DeskDialog[None], inherit_bindings=False):
    """Shows the steps of one case, each with its tick."""

    BINDINGS = bindings_of(Place.DIALOG)
    EXPLAINED: ClassVar[tuple[Place, str] | None] = (Place.CASES, "Licence requests")
    CSS_PATH = "../styles/dialog.tcss"

    def __init__(self, number: str) -> None:
        """Show the request of the case with this number."""
        super().__init__()
        self._number = number
        self._listed: Checklist | None = None

    def body(self) -> Iterable[Widget]:
        """List steps and seats, and ask how one was done."""
        with Grid(id="box", classes="licence") as box:
            box.border_title = plain(f"Licence request {self._number}")
            box.border_subtitle = plain("enter ticks it or frees it · tab goes to how · esc back")
            yield Rows(id="steps")
            yield Field(id="how", longest=_LONGEST, placeholder="how it was done; for a transfer the new holder's no.")
            yield Static(id="note")

    def on_mount(self) -> None:
        """Read the steps; one entry."""
        self.query_one(Rows).focus()
        self.read()

    def read(self) -> None:
        """Read the request."""
        self.ask(partial(self.desk.licence_requests.of_case, self._access, self._number), self.show, "reading")

    def show(self, asked: Checklist) -> None:
        """List its steps and the seats of its licence."""
        self._listed = asked
        steps = (Line(f"{_STEP}{each.step.id}", partial(_step, each)) for each in asked.steps)
        seats = (Line(f"{_SEAT}{each.id}", partial(_seat, each)) for each in asked.seats)
        head = words(plain(f"{asked.title}: {asked.product}, licence {asked.licence}", MUTED))
        self.query_one(Rows).put([head, *steps, *seats], keep=True)
        self.rest()

    def notice(self) -> Content:
        """Say how much is open."""
        if self._listed is None:
            return plain("")
        left = len(self._listed.still_open)
        return plain(f"{count(left, 'step')} open." if left else "All is done.", MUTED)

    def mask(self, hidden: bool) -> None:
        """Hide how steps were done while nobody is there, or show it again."""
        super().mask(hidden)
        self.query_one(Rows).visible = not hidden

    @on(Rows.Selected)
    def do(self, event: Rows.Selected) -> None:
        """Do what the line under the cursor stands for."""
        if self.waiting or self._listed is None:
            return
        kind, _, which = event.key.partition(":")
        if f"{kind}:" == _SEAT:
            question = f"Free seat {which}? The licence manager is told by hand."
            self.confirm(question, "frees it", partial(self._free, int(which)))
            return
        ticked = next(each for each in self._listed.steps if each.step.id == which)
        how = self.query_one(Field).value.strip()
        if ticked.done_at is not None:
            self.say(plain(f"Done {moment(ticked.done_at)} by {ticked.done_by}."))
        elif ticked.step.does is Does.FREE_SEAT:
            self.say(plain("Enter on a seat below frees it."))
        elif ticked.step.does is Does.MOVE_LICENCE:
            self._ask_to_move(how)
        else:
            self._tick(which, how or None)

    @on(Field.Submitted)
    def back_to_the_steps(self) -> None:
        """Go back to the step that is done so."""
        self.query_one(Rows).focus()

    def _ask_to_move(self, to: str) -> None:
        if not (to.isascii() and to.isdigit()):
            self.say(plain("Say the new holder's customer number in the line below.", BAD))
            self.query_one(Field).focus()
            return
        self.confirm(f"Register the licence to customer {to}?", "moves it", partial(self._move, int(to)))

    def _tick(self, step: str, how: str | None) -> None:
        self._do(partial(self.desk.licence_requests.tick, self._access, self._number, step, note=how))

    def _free(self, seat: int) -> None:
        self._do(partial(self.desk.licence_requests.free_seat, self._access, self._number, seat))

    def _move(self, to: int) -> None:
        self._do(partial(self.desk.licence_requests.move, self._access, self._number, to))

    def _do(self, job: Callable[[], Checklist]) -> None:
        self.ask(job, self._done)

    def _done(self, asked: Checklist) -> None:
        self.query_one(Field).value = ""
        self.show(asked)

    @property
    def _access(self) -> Access:
        """Under this case, for what it is about: a seat and a licence are a customer's."""
        return replace(self.session.access, purpose=Purpose.SUPPORT, reference=self._number)


def _step(each: Ticked, width: int) -> Content:
    if each.done_at is None:
        return plain(f"○ {each.step.text}")
    head = apart(plain(f"● {each.step.text}", GOOD), plain(f"{each.done_by} {moment(each.done_at)}", MUTED), width)
    return joined(head, plain(f"  {each.note}", MUTED), by="\n") if each.note else head


def _seat(each: Seat, width: int) -> Content:
    state = plain("taken", STRONG) if each.active else plain("free", MUTED)
    return apart(plain(f"seat {each.id}, activated {moment(each.at)}", MUTED), state, width)
