"""How a case ended, in one line or none: Enter closes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import ClassVar

from textual import on
from textual.containers import Grid
from textual.widget import Widget
from textual.widgets import Static

from staffdesk.domain.errors import StaffdeskError
from staffdesk.domain.licence_requests import StepsOpen
from staffdesk.domain.screening import FieldKind
from staffdesk.tui.command import Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.plain import MUTED, WARN, plain
from staffdesk.tui.screened import ScreenedDialog
from staffdesk.tui.widgets.field import Field

_LONGEST = 500


class CloseCaseDialog(ScreenedDialog[bool], inherit_bindings=False):
    """Answers True once the case is closed."""

    BINDINGS = bindings_of(Place.DIALOG)
    EXPLAINED: ClassVar[tuple[Place, str] | None] = (Place.CASES, "Closing a case")
    CSS_PATH = "../styles/dialog.tcss"

    def __init__(self, number: str, asked: str = "") -> None:
        """Ask how the case with this number ended; ``asked`` is what is to be asked of the customer before."""
        super().__init__()
        self._number = number
        self._remind = asked

    def body(self) -> Iterable[Widget]:
        """One line."""
        with Grid(id="box", classes="close") as box:
            box.border_title = plain(f"Close {self._number}?")
            box.border_subtitle = plain("enter closes it · esc leaves it")
            yield Static(plain("How it ended", MUTED))
            yield self.with_reason(Field(id="resolution", longest=_LONGEST, placeholder="may stay empty"))
            yield Static(plain(f"! {self._remind}", WARN) if self._remind else "", id="note")

    def screened(self) -> Mapping[str, FieldKind]:
        """Screen how it ended as written about somebody."""
        return {"resolution": FieldKind.NOTE}

    def on_mount(self) -> None:
        """Begin at once."""
        self.query_one(Field).focus()

    @on(Field.Submitted)
    def close(self, event: Field.Submitted) -> None:
        """Close the case, once."""
        if self.waiting:
            return
        self._close(event.value.strip() or None)

    def failed(self, error: StaffdeskError) -> None:
        """Ask once more where steps of a licence request are open."""
        if isinstance(error, StepsOpen):
            ended = self.query_one(Field).value.strip() or None
            close = partial(self._close, ended, unfinished=True)
            self.confirm(f"{error.sentence} Close it unfinished?", "closes it", close)
        else:
            super().failed(error)

    def _close(self, ended: str | None, *, unfinished: bool = False) -> None:
        close = partial(self.desk.cases.close, self.session.desk_access, self._number, resolution=ended)
        self.ask(partial(close, unfinished=unfinished), self._gone)

    def _gone(self, _done: None) -> None:
        self.dismiss(True)
