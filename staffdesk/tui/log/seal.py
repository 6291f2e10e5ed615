"""How far the log is sealed, in one line that is true for the moment it was read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.content import Content

from staffdesk.tui.phrases import count
from staffdesk.tui.plain import GOOD, MUTED, WARN, joined, plain

if TYPE_CHECKING:
    from staffdesk.services.log_state import LogState

_STEPS: Final = ((86_400_000, 2, "days"), (3_600_000, 1, "h"), (60_000, 1, "min"))
"""Milliseconds of a measure, from how many of it on it is used, and its word."""

_MINUTE: Final = 60_000
_DOT: Final = " · "


def seal_line(state: LogState) -> Content:
    """Return up to which entry a checkpoint covers the log, how many came since, and how long ago it was made.

    It warns where none can be made, where there is none yet, and where an entry waits for one for too long.
    """
    since = f"{state.uncovered:,} since"
    if not state.covered:
        return plain(_DOT.join(("! no checkpoint yet", count(state.size, "entry", "entries"))), WARN)
    sealed = f"sealed to {state.covered:,}"
    made = "" if state.sealed_at is None else ago(state.asked_at - state.sealed_at)
    if state.trouble:
        return plain(_DOT.join((f"! {sealed}", since, "no checkpoint can be made")), WARN)
    if state.too_old and state.open_since is not None:
        waits = f"the first waits for {_long(state.asked_at - state.open_since)}"
        return plain(_DOT.join((f"! {sealed}", since, waits)), WARN)
    return joined(plain(f"✓ {sealed}", GOOD), plain("".join(f"{_DOT}{part}" for part in (since, made) if part), MUTED))


def ago(milliseconds: int) -> str:
    """Return how long ago something was: ``3 min ago``."""
    return "just now" if milliseconds < _MINUTE else f"{_long(milliseconds)} ago"


def _long(milliseconds: int) -> str:
    for size, least, word in _STEPS:
        if milliseconds >= least * size:
            return f"{milliseconds // size} {word}"
    return "less than a minute"
