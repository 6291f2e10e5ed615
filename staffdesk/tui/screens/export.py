"""Exporting the log: how far it is, then the file's name and how it is verified elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from staffdesk.domain.errors import StaffdeskError
from staffdesk.tui.base import DeskScreen
from staffdesk.tui.command import Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.log.bar import Progress, bar
from staffdesk.tui.messages import Progressed
from staffdesk.tui.phrases import count
from staffdesk.tui.plain import BAD, GOOD, MUTED, STRONG, WARN, joined, plain

if TYPE_CHECKING:
    from staffdesk.services.log_proof import Exported


class ExportScreen(DeskScreen[None], inherit_bindings=False):
    """Starts by itself, as the verification does; the folder and the name are the desk's."""

    PLACE: ClassVar[Place] = Place.VERIFY
    BINDINGS = bindings_of(Place.VERIFY)
    CSS_PATH = "../styles/log.tcss"

    def __init__(self) -> None:
        """Name the place."""
        super().__init__(plain("Log", MUTED), plain("export"))

    def body(self) -> Iterable[Widget]:
        """Yield the bar, then what was written."""
        with VerticalScroll(id="fields", classes="box") as box:
            box.border_title = plain("Export")
            yield Static(bar(0, 0), id="bar")
            yield Static(id="report")

    def on_mount(self) -> None:
        """Begin."""
        self.query_one("#fields", VerticalScroll).focus()
        progress = Progress(self.post_message)
        self.ask(partial(self.desk.audit.export_here, self.session.desk_access, progress), self._show)

    @on(Progressed)
    def draw_bar(self, message: Progressed) -> None:
        """Draw the bar."""
        self.query_one("#bar", Static).update(bar(message.done, message.total))

    def failed(self, error: StaffdeskError) -> None:
        """Say that nothing was written."""
        self.query_one("#report", Static).update(plain("The log was not exported.", BAD))
        super().failed(error)

    def _show(self, exported: Exported) -> None:
        self.query_one("#bar", Static).update(bar(exported.entries, exported.entries))
        self.query_one("#report", Static).update(_report(exported))


def _report(exported: Exported) -> Content:
    open_end = exported.entries - exported.covered
    covered = (
        plain("All of it is under a checkpoint.")
        if not open_end
        else plain(f"! {count(open_end, 'entry', 'entries')} at its end are under no checkpoint yet.", WARN)
    )
    return joined(
        plain(""),
        plain(f"✓ {count(exported.entries, 'entry', 'entries')} written, without what was typed.", GOOD),
        plain(""),
        plain(exported.path.name, STRONG),
        plain(f"in {exported.path.parent}", MUTED),
        plain(""),
        covered,
        plain("Any machine verifies it, by seal.vkey of the configuration folder and"),
        joined(plain("the checkpoints "), plain(f"in {exported.checkpoints}", MUTED)),
        plain(""),
        plain(f"  staffdesk audit verify --export {exported.path.name} \\"),
        plain("    --checkpoints DIR --key seal.vkey"),
        by="\n",
    )
