"""Break-glass is asked for with a written reason; whoever reads the log of it reads the reason."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import ClassVar

from textual import on
from textual.containers import Grid
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from staffdesk.domain import written_reasons
from staffdesk.domain.access import Access, Grant
from staffdesk.domain.errors import MustNotBeHeld, StaffdeskError
from staffdesk.domain.policy import matrix
from staffdesk.tui.base import DeskDialog
from staffdesk.tui.command import Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.plain import MUTED, WARN, plain
from staffdesk.tui.trail import Where
from staffdesk.tui.widgets.field import Field, at_enter


class BreakGlassDialog(DeskDialog[Grant], inherit_bindings=False):
    """Answers the grant; nothing is opened by the dialog itself."""

    BINDINGS = bindings_of(Place.DIALOG)
    EXPLAINED: ClassVar[tuple[Place, str] | None] = (Place.RECORD, "Break-glass")
    CSS_PATH = "../styles/dialog.tcss"

    def __init__(self, where: Where, access: Access) -> None:
        """Ask for it for one record, under the purpose and the number of ``access``."""
        super().__init__()
        self._where = where
        self._access = access

    def body(self) -> Iterable[Widget]:
        """One line, and what follows from it."""
        reasons = written_reasons.rules()
        with Grid(id="box", classes="glass") as box:
            box.border_title = plain("Break-glass: see more of this record than your role?")
            box.border_subtitle = plain("enter opens it · esc leaves it")
            yield Static(plain("Reason", MUTED))
            yield Field(id="reason", longest=reasons.longest, placeholder=f"why, in at least {reasons.words} words")
            yield Static(self.notice(), id="note")

    def notice(self) -> Content:
        """Say what follows."""
        return plain(
            f"For this record and {matrix().break_glass.minutes} minutes. The admin is told, and reads the reason. "
            "Values are still revealed one by one, each an entry.",
            WARN,
        )

    def on_mount(self) -> None:
        """Wait for the reason."""
        self.query_one(Field).focus()

    @on(Field.Submitted)
    def take(self, event: Field.Submitted) -> None:
        """Ask for the grant, once."""
        if not self.waiting:
            reason = at_enter(event, self.query_one(Field))
            self.ask(partial(self.desk.break_glass.open, self._access, *self._where, reason), self._granted, "opening")

    def failed(self, error: StaffdeskError) -> None:
        """Say what is wrong with the reason; what must not be held does not stay in the field."""
        super().failed(error)
        if isinstance(error, MustNotBeHeld):
            self.query_one(Field).value = ""

    def _granted(self, grant: Grant) -> None:
        self.dismiss(grant)
