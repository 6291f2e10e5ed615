"""A licence request: it is started, then its checklist: what is done, by whom and when; Enter ticks, frees, moves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import ClassVar, Final

from textual import on
from textual.containers import Grid
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from staffdesk.domain.access import Access, Purpose
from staffdesk.domain.errors import StaffdeskError
from staffdesk.domain.licence_requests import Checklist, Does, NoRequest, Seat, Ticked, rules
from staffdesk.domain.records import Row
from staffdesk.tui.base import DeskDialog
from staffdesk.tui.command import Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.phrases import count, moment
from staffdesk.tui.plain import BAD, GOOD, MUTED, STRONG, apart, fit, joined, plain
from staffdesk.tui.widgets.field import Field
from staffdesk.tui.widgets.rows import Line, Rows, words

_LONGEST: Final = 200
_CHOOSES: Final = "enter chooses · esc back"
_DOES: Final = "enter ticks or frees it · tab to how · esc back"
_NOT_YET: Final = "This case is no licence request. Enter on it opens its customer's record, and L there starts one."


class LicenceRequestDialog(DeskDialog[bool], inherit_bindings=False):
    """Shows the steps of one case, each with its tick; a case that is no request yet may become one.

    Answers True where something was written.
    """

    BINDINGS = bindings_of(Place.DIALOG)
    EXPLAINED: ClassVar[tuple[Place, str] | None] = (Place.CASES, "Licence requests")
    CSS_PATH = "../styles/dialog.tcss"

    def __init__(self, number: str, licences: Sequence[Row] = ()) -> None:
        """Show the request of the case with this number, or start one about one of these licences of its customer."""
        super().__init__()
        self._number = number
        self._licences = licences
        self._licence = 0
        self._listed: Checklist | None = None
        self._choosing = False
        self._written = False

    def body(self) -> Iterable[Widget]:
        """List steps and seats, and ask how one was done."""
        with Grid(id="box", classes="licence") as box:
            box.border_title = plain(f"Licence request {self._number}")
            box.border_subtitle = plain(_DOES)
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
        self._begin(choosing=False)
        steps = (Line(f"step:{each.step.id}", partial(_step, each)) for each in asked.steps)
        seats = (Line(f"seat:{each.id}", partial(_seat, each)) for each in asked.seats)
        head = words(plain(f"{asked.title}: {asked.product}, licence {asked.licence}", MUTED))
        self.query_one(Rows).put([head, *steps, *seats], keep=True)
        self.rest()

    def notice(self) -> Content:
        """Say how much is open, or what is to be chosen."""
        if self._listed is None:
            return plain("It is no licence request yet." if self._choosing else "", MUTED)
        left = len(self._listed.still_open)
        return plain(f"{count(left, 'step')} open." if left else "All is done.", MUTED)

    def failed(self, error: StaffdeskError) -> None:
        """Let a request be started where the case is none yet."""
        if not isinstance(error, NoRequest):
            super().failed(error)
        elif not self._licences:
            self.say(plain(_NOT_YET))
        elif len(self._licences) == 1:
            self._licence = self._licences[0].id
            self._list_kinds()
        else:
            self._begin(choosing=True)
            head = words(plain("Which licence is it about?", MUTED))
            lines = (Line(f"licence:{each.id}", partial(_licence, each)) for each in self._licences)
            self.query_one(Rows).put([head, *lines])
            self.rest()

    def _list_kinds(self) -> None:
        self._begin(choosing=True)
        licence = next(each for each in self._licences if each.id == self._licence)
        head = words(plain(f"{_name(licence)}: what is asked for?", MUTED))
        kinds = rules().kinds.items()
        self.query_one(Rows).put([head, *(Line(f"kind:{name}", partial(_kind, kind.title)) for name, kind in kinds)])
        self.rest()

    def _begin(self, *, choosing: bool) -> None:
        """Offer what is chosen first, or the steps and the line of how."""
        self._choosing = choosing
        self.query_one(Field).visible = not choosing
        self.query_one("#box").border_subtitle = plain(_CHOOSES if choosing else _DOES)

    def mask(self, hidden: bool) -> None:
        """Hide how steps were done while nobody is there, or show it again."""
        super().mask(hidden)
        self.query_one(Rows).visible = not hidden

    def action_back(self) -> None:
        """Leave, and say whether something was written."""
        self.abandon()
        self.dismiss(self._written)

    @on(Rows.Selected)
    def do(self, event: Rows.Selected) -> None:
        """Do what the line under the cursor stands for."""
        self._do_line(event.key)

    def _do_line(self, key: str) -> None:
        if self.waiting:
            return
        kind, _, which = key.partition(":")
        match kind:
            case "licence":
                self._licence = int(which)
                self._list_kinds()
            case "kind":
                question = f"Make {self._number} this request? It stays one."
                self.confirm(question, "starts it", partial(self._start, which))
            case "seat":
                self._ask_to_free(int(which))
            case "step":
                self._do_step(which)

    def _do_step(self, which: str) -> None:
        ticked = next(each for each in self._listed.steps if each.step.id == which) if self._listed else None
        how = self.query_one(Field).value.strip()
        if ticked is None:
            return
        if ticked.done_at is not None:
            done = f"Done {moment(ticked.done_at)} by {ticked.done_by}."
            if ticked.step.does is not None:
                self.say(plain(done))
            else:
                self.confirm(f"{done} Was that a mistake?", "takes the tick back", partial(self._untick, which))
        elif ticked.step.does is Does.FREE_SEAT:
            self.say(plain("Enter on a seat below frees it."))
        elif ticked.step.does is Does.MOVE_LICENCE:
            self._ask_to_move(how)
        elif ticked.step.noted and not how:
            self.say(plain("Say in the line below how that was.", BAD))
            self.query_one(Field).focus()
        else:
            self._tick(which, how or None)

    @on(Field.Submitted)
    def so_it_was_done(self, event: Field.Submitted) -> None:
        """Do the line under the cursor, with what was written; with nothing it only goes back."""
        rows = self.query_one(Rows)
        rows.focus()
        if event.value.strip():
            self._do_line(rows.current)

    def _ask_to_free(self, seat: int) -> None:
        if self._listed is not None and any(each.id == seat and not each.active for each in self._listed.seats):
            self.say(plain(f"Seat {seat} is free."))
        else:
            question = f"Free seat {seat}? The licence manager is told by hand."
            self.confirm(question, "frees it", partial(self._free, seat))

    def _ask_to_move(self, to: str) -> None:
        if not (to.isascii() and to.isdigit()):
            self.say(plain("Say the new holder's customer number in the line below.", BAD))
            self.query_one(Field).focus()
            return
        self.confirm(f"Register the licence to customer {to}?", "moves it", partial(self._move, int(to)))

    def _tick(self, step: str, how: str | None) -> None:
        self._do(partial(self.desk.licence_requests.tick, self._access, self._number, step, note=how))

    def _untick(self, step: str) -> None:
        self._do(partial(self.desk.licence_requests.untick, self._access, self._number, step))

    def _start(self, kind: str) -> None:
        self._do(partial(self.desk.licence_requests.start, self._access, self._number, kind, self._licence))

    def _free(self, seat: int) -> None:
        self._do(partial(self.desk.licence_requests.free_seat, self._access, self._number, seat))

    def _move(self, to: int) -> None:
        self._do(partial(self.desk.licence_requests.move, self._access, self._number, to))

    def _do(self, job: Callable[[], Checklist]) -> None:
        self.ask(job, self._done)

    def _done(self, asked: Checklist) -> None:
        self._written = True
        self.query_one(Field).value = ""
        self.show(asked)

    @property
    def _access(self) -> Access:
        """Under this case, for what it is about: a seat and a licence are a customer's."""
        return replace(self.session.access, purpose=Purpose.SUPPORT, reference=self._number)


def _name(licence: Row) -> str:
    return " ".join(filter(None, (licence.text("product_name"), licence.text("version"))))


def _licence(each: Row, width: int) -> Content:
    return apart(plain(_name(each)), plain(each.text("serial"), MUTED), width)


def _kind(title: str, width: int) -> Content:
    return fit(plain(title), width)


def _step(each: Ticked, width: int) -> Content:
    if each.done_at is None:
        return plain(f"○ {each.step.text}")
    head = apart(plain(f"● {each.step.text}", GOOD), plain(f"{each.done_by} {moment(each.done_at)}", MUTED), width)
    return joined(head, plain(f"  {each.note}", MUTED), by="\n") if each.note else head


def _seat(each: Seat, width: int) -> Content:
    state = plain("taken", STRONG) if each.active else plain("free", MUTED)
    head = apart(plain(f"seat {each.id}, activated {moment(each.at)}", MUTED), state, width)
    return joined(head, plain(f"  {'  '.join(each.computer)}", MUTED), by="\n") if each.computer else head
