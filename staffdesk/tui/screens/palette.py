"""The commands that hold on a screen; typing narrows the list, Enter gives the command. No customer is ever in it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from staffdesk.tui.base import DeskDialog
from staffdesk.tui.command import Command, Place
from staffdesk.tui.commands import by_id
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.plain import KEY, MUTED, NOTHING, fit, joined, plain
from staffdesk.tui.widgets.narrowing import Narrowing
from staffdesk.tui.widgets.rows import Line, Rows, words

if TYPE_CHECKING:
    from staffdesk.tui.base import DeskScreen

_TITLE, _KEY = 16, 6


class PaletteDialog(DeskDialog[str], inherit_bindings=False):
    """Answers the id of the command that was chosen."""

    BINDINGS = bindings_of(Place.DIALOG)
    CSS_PATH = "../styles/palette.tcss"
    EXPLAINED: ClassVar[tuple[Place, str] | None] = (Place.CASES, "Commands")

    def __init__(self, screen: DeskScreen[object]) -> None:
        """List what can be done on ``screen``."""
        super().__init__()
        self._commands = [
            command for command in screen.commands() if command.id != "app.commands" and screen.is_useful(command)
        ]

    def body(self) -> Iterable[Widget]:
        """Yield a box and a list."""
        with Vertical(id="box") as box:
            box.border_title = plain("Commands")
            box.border_subtitle = plain("typing narrows · enter gives the command · esc back")
            yield Narrowing("type what you want to do")
            yield Rows(id="commands")
            yield Static(id="whole")

    def on_mount(self) -> None:
        """Show them all."""
        self._narrow("")
        self.query_one(Narrowing).focus()

    def put_notice(self, notice: Content) -> None:
        """Say it where else stands what the command under the cursor does."""
        for whole in self.query("#whole").results(Static):
            whole.update(notice)
        if not notice:
            self._tell(self.query_one(Rows).current)

    @on(Narrowing.Changed)
    def narrow(self, event: Narrowing.Changed) -> None:
        """Show the commands that hold what is typed, in any of the words they are looked for by."""
        self._narrow(event.value.strip().casefold())

    @on(Narrowing.Submitted)
    def take_current(self) -> None:
        """Give the command under the cursor."""
        self.dismiss(self.query_one(Rows).current or None)

    @on(Rows.Moved)
    def tell_whole(self, event: Rows.Moved) -> None:
        """Say of the command under the cursor all that it does: its line may have no room for it."""
        self._tell(event.key)

    @on(Rows.Selected)
    def take(self, event: Rows.Selected) -> None:
        """Give this command."""
        self.dismiss(event.key)

    def _narrow(self, text: str) -> None:
        found = sorted((each for each in self._commands if text in each.sought), key=partial(_far, text))
        lines = [Line(each.id, partial(_draw, each)) for each in found]
        rows = self.query_one(Rows)
        rows.put(lines or [words(plain("No command of this name.", MUTED))])
        self._tell(rows.current)

    def _tell(self, command_id: str) -> None:
        self.query_one("#whole", Static).update(plain(by_id(command_id).tooltip) if command_id else NOTHING)


def _draw(command: Command, width: int) -> Content:
    return fit(
        joined(fit(plain(command.key, KEY), _KEY), fit(plain(command.title), _TITLE), plain(command.tooltip, MUTED)),
        width,
    )


def _far(text: str, command: Command) -> int:
    """Return how far a command is from what is typed: nearest in its title, then in the other words for it."""
    return 0 if text in command.title.casefold() else 1 if text in command.also.casefold() else 2
