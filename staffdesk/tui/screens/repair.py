"""One field set right: what it is to be, and the number of the evidence that is on file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import ClassVar, Final

from textual import on
from textual.containers import Grid
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from staffdesk.domain.access import Access
from staffdesk.domain.correction import Repair, Seen
from staffdesk.domain.screening import FieldKind
from staffdesk.tui.command import Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.plain import DASH, MUTED, plain
from staffdesk.tui.screened import ScreenedDialog
from staffdesk.tui.widgets.field import Field, at_enter

_LONGEST = 500
_LONGEST_NUMBER = 80
_CODES = dict.fromkeys(("vat_number", "postal_code", "language"), FieldKind.CODE)
_KINDS: Final = {"phone": FieldKind.PHONE, **_CODES}
"""What the fields are for that hold more than words."""


class RepairDialog(ScreenedDialog[bool], inherit_bindings=False):
    """Answers True once the field is set right."""

    BINDINGS = bindings_of(Place.DIALOG)
    EXPLAINED: ClassVar[tuple[Place, str] | None] = (Place.RECORD, "Setting a field right")
    CSS_PATH = "../styles/dialog.tcss"

    def __init__(self, customer: int, label: str, seen: Seen, access: Access, shows: Callable[[], str]) -> None:
        """Ask for one field of a customer, as it was seen in the record that is open under ``access``.

        ``shows`` returns the value as it may be seen at that moment: masked again once its time is over.
        """
        super().__init__()
        self._customer = customer
        self._label = label
        self._was = seen
        self._access = access
        self._shows = shows

    def body(self) -> Iterable[Widget]:
        """Yield what stands there, what is to stand there, and by which evidence."""
        with Grid(id="box", classes="repair") as box:
            box.border_title = plain(f"{self._label}: set right what was typed wrong")
            box.border_subtitle = plain("tab next · enter asks · esc leaves it")
            yield Static(plain("Is", MUTED))
            yield Static(plain(self._shows()), classes="personal")
            yield Static(plain("Is to be", MUTED))
            yield self.with_reason(Field(self._was.text or "", id="new", longest=_LONGEST, edited=True))
            yield Static(plain("Evidence", MUTED))
            known = "an order, licence, request or case no."
            yield self.with_reason(Field(id="evidence", longest=_LONGEST_NUMBER, placeholder=known))
            yield Static(self.notice(), id="note", classes="personal")

    def notice(self) -> Content:
        """Say what is evidence."""
        return plain("The evidence concerns this person and is none of your own cases.", MUTED)

    def screened(self) -> Mapping[str, FieldKind]:
        """Screen the new value as what it is, and what was typed as evidence."""
        kind = _KINDS.get(self._was.key.rpartition(":")[2], FieldKind.TEXT)
        return {"new": kind, "evidence": FieldKind.TEXT}

    def on_mount(self) -> None:
        """Begin with the new value."""
        self.query_one("#new", Field).focus()

    @on(Field.Submitted)
    def look_it_over(self, event: Field.Submitted) -> None:
        """Show old and new value before anything is written; without evidence go to its field."""
        if self.waiting:
            return
        new = at_enter(event, self.query_one("#new", Field)).strip()
        evidence = at_enter(event, self.query_one("#evidence", Field)).strip()
        if not evidence:
            self.query_one("#evidence", Field).focus()
            return
        question = f"{self._label}: {self._shows()} → {new or DASH}, by {evidence}?"
        self.confirm(question, "sets it right", partial(self._repair, Repair(self._was, new, evidence)))

    def _repair(self, repair: Repair) -> None:
        self.ask(partial(self.desk.repairs.repair, self._access, self._customer, repair), self._repaired)

    def _repaired(self, _done: None) -> None:
        self.dismiss(True)
