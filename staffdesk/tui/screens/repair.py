"""One field set right: what it is to be, and the number of the evidence that is on file."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import ClassVar

from textual import on
from textual.containers import Grid
from textual.widget import Widget
from textual.widgets import Static

from staffdesk.domain.access import Access
from staffdesk.domain.correction import Repair, Seen
from staffdesk.domain.errors import StaffdeskError
from staffdesk.tui.base import DeskDialog
from staffdesk.tui.commands import Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.phrases import failure
from staffdesk.tui.plain import DASH, MUTED, plain
from staffdesk.tui.widgets.field import Field, at_enter

_LONGEST = 500
_LONGEST_NUMBER = 80


class RepairDialog(DeskDialog[bool], inherit_bindings=False):
    """Answers True once the field is set right."""

    BINDINGS = bindings_of(Place.DIALOG)
    EXPLAINED: ClassVar[tuple[Place, str] | None] = (Place.RECORD, "Setting a field right")
    CSS_PATH = "../styles/dialog.tcss"

    def __init__(self, customer: int, label: str, seen: Seen, access: Access) -> None:
        """Ask for one field of a customer, as it was seen in the record that is open under ``access``."""
        super().__init__()
        self._customer = customer
        self._label = label
        self._was = seen
        self._access = access

    def body(self) -> Iterable[Widget]:
        """Yield what stands there, what is to stand there, and by which evidence."""
        with Grid(id="box", classes="repair") as box:
            box.border_title = plain(f"{self._label}: set right what was typed wrong")
            box.border_subtitle = plain("enter goes on · esc back")
            yield Static(plain("Is", MUTED))
            yield Static(plain(self._was.text or DASH), classes="personal")
            yield Static(plain("Is to be", MUTED))
            yield Field(self._was.text or "", id="new", longest=_LONGEST)
            yield Static(plain("Evidence", MUTED))
            yield Field(
                id="evidence", longest=_LONGEST_NUMBER, placeholder="number of an order, licence, request, case"
            )
            yield Static(plain("The evidence concerns this person and is none of your own cases.", MUTED), id="note")

    def on_mount(self) -> None:
        """Begin with the new value."""
        self.query_one("#new", Field).focus()

    @on(Field.Submitted, "#new")
    def go_on(self) -> None:
        """Go to the evidence."""
        self.action_next_field()

    @on(Field.Submitted, "#evidence")
    def repair(self, event: Field.Submitted) -> None:
        """Set the field right, once."""
        if self.waiting:
            return
        evidence = at_enter(event, self.query_one("#evidence", Field))
        repair = Repair(self._was, self.query_one("#new", Field).value, evidence)
        job = partial(self.desk.repairs.repair, self._access, self._customer, repair)
        self.ask(job, self._repaired)

    def _repaired(self, _done: None) -> None:
        self.dismiss(True)

    def failed(self, error: StaffdeskError) -> None:
        """Say in the form what is wrong with it."""
        self.query_one("#note", Static).update(failure(error.sentence, error.hint))
