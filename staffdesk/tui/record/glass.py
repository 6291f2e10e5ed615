"""A record under break-glass: a banner says so for as long as it lasts, and then the record is as the role sees it."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Final

from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static

from staffdesk.domain.access import Grant
from staffdesk.tui.phrases import left
from staffdesk.tui.plain import WARN, plain
from staffdesk.tui.record.changing import ChangingRecord
from staffdesk.tui.trail import Where

_LOOKS_AT_THE_CLOCK: Final = 1.0
_MINUTE: Final = 60


def now_ms() -> int:
    """Return the wall clock in UTC milliseconds, by which a grant ends."""
    return time.time_ns() // 1_000_000


class GlassRecord(ChangingRecord, inherit_bindings=False):
    """A record that can be opened beyond the role, for a reason, some minutes, and on the admin's list."""

    _glass_clock: Timer | None = None
    _told_minute = -1
    _is_over = False

    @property
    def _where(self) -> Where:
        return self.record.kind, self.record.id

    def body(self) -> Iterable[Widget]:
        """Yield the banner above all else."""
        banner = Static(id="glass")
        banner.display = self.record.glass is not None
        yield banner
        yield from super().body()

    def on_mount(self) -> None:
        """Count down where there is something to count."""
        if self.record.glass is not None:
            self._tell_what_is_left()
            self._glass_clock = self.set_interval(_LOOKS_AT_THE_CLOCK, self._tell_what_is_left)

    def on_screen_resume(self) -> None:
        """Go on without it, where it ended behind a dialog."""
        self._go_on_without()

    def mask(self, hidden: bool) -> None:
        """Stay masked once it is over, until the record is opened anew."""
        super().mask(hidden or self._is_over)
        if not hidden:
            self._go_on_without()

    def action_break_glass(self) -> None:
        """Ask for more than the role sees."""
        from staffdesk.tui.screens.break_glass import BreakGlassDialog  # noqa: PLC0415 - rarely needed

        if self.record.glass is not None:
            self.say(plain("This record is open by break-glass already."))
            return
        self.app.push_screen(BreakGlassDialog(self._where, self._access), self._granted)

    def _granted(self, grant: Grant | None) -> None:
        if grant is not None:
            self.session.call.grants[self._where] = grant
            self.reopen()

    def _tell_what_is_left(self) -> None:
        """Say it anew each minute; nothing else moves."""
        grant = self.record.glass
        if grant is None or self._is_over:
            return
        seconds = (grant.until - now_ms()) / 1000
        if seconds <= 0:
            self._end()
        elif int(seconds // _MINUTE) != self._told_minute:
            self._told_minute = int(seconds // _MINUTE)
            self._banner(f"! Break-glass: {left(seconds)} left · reason logged · on the admin's list")

    def _end(self) -> None:
        self._is_over = True
        if self._glass_clock is not None:
            self._glass_clock.stop()
        if self.desk_app.session is not None:
            for call in self.session.calls:
                call.grants.pop(self._where, None)
        self._banner("! Break-glass is over")
        super().mask(True)
        self._go_on_without()

    def _go_on_without(self) -> None:
        """Open the record as the role sees it, once somebody is there to see it: not masked, not behind a dialog."""
        if self._is_over and not self.desk_app.sentinel.masked:
            self.reopen()

    def _banner(self, text: str) -> None:
        self.query_one("#glass", Static).update(plain(text, WARN))
