"""Verifying the log: how far it has come, then what was found, each fault in its own sentence."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from staffdesk.audit.report import BAD as NOT_SOUND
from staffdesk.audit.report import TAIL_TOO_OLD
from staffdesk.domain.errors import StaffdeskError
from staffdesk.tui.base import DeskScreen
from staffdesk.tui.command import Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.log.bar import Progress, bar
from staffdesk.tui.messages import Progressed
from staffdesk.tui.phrases import count
from staffdesk.tui.plain import BAD, GOOD, MUTED, WARN, joined, plain

if TYPE_CHECKING:
    from staffdesk.audit.report import Report

_MS_AN_HOUR = 3_600_000


class VerifyScreen(DeskScreen[None], inherit_bindings=False):
    """Starts by itself; Esc leaves, and the verification's own entries tell how it ended."""

    PLACE: ClassVar[Place] = Place.VERIFY
    BINDINGS = bindings_of(Place.VERIFY)
    EXPLAINED: ClassVar[tuple[Place, str] | None] = (Place.LOG, "Verifying and exporting")
    CSS_PATH = "../styles/log.tcss"

    def __init__(self) -> None:
        """Name the place."""
        super().__init__(plain("Log", MUTED), plain("verify"))

    def body(self) -> Iterable[Widget]:
        """Yield the bar, then the report."""
        with VerticalScroll(id="fields", classes="box") as box:
            box.border_title = plain("Verify")
            yield Static(bar(0, 0), id="bar")
            yield Static(id="report")

    def on_mount(self) -> None:
        """Begin."""
        self.query_one("#fields", VerticalScroll).focus()
        self.ask(partial(self.desk.audit.verify, self.session.desk_access, Progress(self.post_message)), self._show)

    @on(Progressed)
    def draw_bar(self, message: Progressed) -> None:
        """Draw the bar."""
        self.query_one("#bar", Static).update(bar(message.done, message.total))

    def failed(self, error: StaffdeskError) -> None:
        """Say that nothing was found out."""
        self.query_one("#report", Static).update(plain("The log was not verified.", BAD))
        super().failed(error)

    def _show(self, report: Report) -> None:
        self.query_one("#bar", Static).update(bar(report.entries, report.entries))
        self.query_one("#report", Static).update(_report(report))


def _report(report: Report) -> Content:
    checkpoint = report.newest_checkpoint
    covered = (
        f"Newest checkpoint: {count(checkpoint.size, 'entry', 'entries')}."
        if checkpoint
        else "There is no checkpoint yet."
    )
    lines = [
        plain(""),
        _verdict(report),
        plain(""),
        plain(f"{count(report.entries, 'entry', 'entries')}, {report.pruned:,} pruned, "
              f"{count(report.erased_openings, 'opening')} emptied with a later entry that says why."),
        plain(covered),
        plain(f"{count(report.uncovered, 'entry', 'entries')} after it could still be cut by who holds the database.",
              MUTED),
        plain(""),
        *(plain(f"✗ {finding.sentence}", BAD) for finding in report.findings),
    ]  # fmt: skip
    return joined(*lines, by="\n")


def _verdict(report: Report) -> Content:
    match report.exit_code:
        case code if code == NOT_SOUND:
            return plain(f"✗ The log is not sound: {count(len(report.findings), 'fault')}.", BAD)
        case code if code == TAIL_TOO_OLD:
            hours = (report.uncovered_age_ms or 0) // _MS_AN_HOUR
            return plain(f"! The log is sound, but an entry of {hours} h ago is under no checkpoint.", WARN)
        case _:
            return plain("✓ The log is sound.", GOOD)
