"""Dates of requests on the screen: how a due date stands, as a word with a glyph, and a time as a person types it."""

from __future__ import annotations

import datetime as dt
import time
from typing import Final

from textual.content import Content

from staffdesk.domain.deadlines import receive_day
from staffdesk.domain.errors import BadInput
from staffdesk.domain.requests import Urgency, days_late, due_words, urgency
from staffdesk.tui.plain import BAD, GOOD, MUTED, WARN, plain

_LOOKS: Final = {
    Urgency.OVERDUE: ("✗", BAD),
    Urgency.SOON: ("!", WARN),
    Urgency.LATER: ("·", MUTED),
    Urgency.DONE: ("✓", GOOD),
}
_FORMS: Final = ("%Y-%m-%d %H:%M", "%Y-%m-%d")


def instant_or_now(text: str) -> int:
    """Return a time as :func:`instant` reads it, this moment for no text."""
    moment = instant(text)
    return now() if moment is None else moment


def now() -> int:
    """Return this moment in UTC milliseconds."""
    return time.time_ns() // 1_000_000


def today() -> dt.date:
    """Return today's date in Brussels, where answers are due."""
    return receive_day(dt.datetime.fromtimestamp(now() / 1000, dt.UTC))


def is_overdue(state: str, hard_due: dt.date) -> bool:
    """Say whether an answer should have been given."""
    return urgency(state, hard_due, today()) is Urgency.OVERDUE


def standing_of_due(state: str, hard_due: dt.date, ended_on: dt.date | None = None) -> Content:
    """Return how a due date stands: ``✗ overdue by 3 days``, ``! due in 2 days``, ``· due in 12 days``, ``✓ done``."""
    glyph, style = _LOOKS[Urgency.OVERDUE if days_late(hard_due, ended_on) else urgency(state, hard_due, today())]
    return plain(f"{glyph} {due_words(state, hard_due, today(), ended_on)}", style)


def short_standing(state: str, hard_due: dt.date, ended_on: dt.date | None = None) -> Content:
    """Return how a due date stands where room is wanting: ``✗ 11-26 late``, ``! 12-28``, ``· 12-28``, ``✓ done``."""
    stands = urgency(state, hard_due, today())
    glyph, style = _LOOKS[stands]
    if after := days_late(hard_due, ended_on):
        glyph, style = _LOOKS[Urgency.OVERDUE]
        return plain(f"{glyph} {after} d late", style)
    late = " late" if stands is Urgency.OVERDUE else ""
    return plain(f"{glyph} done" if stands is Urgency.DONE else f"{glyph} {hard_due:%m-%d}{late}", style)


def day_or_none(text: str, label: str, field: str) -> dt.date | None:
    """Return a day typed as ``2026-11-25``, None for no text.

    Raises :class:`BadInput` for anything else: its sentence names the field by ``label``, and it holds its id.
    """
    typed = text.strip()
    try:
        return dt.date.fromisoformat(typed) if typed else None
    except ValueError:
        wrong = BadInput(f"What stands in “{label}” is no day.", "Type it as 2026-11-25, or leave it empty.")
        wrong.field = field
        raise wrong from None


def instant(text: str) -> int | None:
    """Return a time typed as ``2026-11-25 14:00``, in this terminal's zone, as UTC milliseconds; None for no text.

    A date alone is its first minute. Raises :class:`BadInput` for anything else.
    """
    typed = " ".join(text.split())
    if not typed:
        return None
    for form in _FORMS:
        try:
            return int(dt.datetime.strptime(typed, form).astimezone().timestamp() * 1000)
        except (ValueError, OverflowError, OSError):
            continue
    raise BadInput("This is no time of receipt.", "Write it as 2026-11-25 14:00.")
