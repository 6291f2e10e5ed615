"""Who is told of due dates: the officer, or while no officer is there the deputy an admin has named."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from staffdesk.data.local_settings import LocalSettings
from staffdesk.data.transaction import Transaction
from staffdesk.domain.local_settings import Deputy
from staffdesk.services.sessions import day_in_brussels

_DAY_MS: Final = 86_400_000
_NAMED: Final = 5
"""Requests that are said by number at a sign-in."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Whether an officer is there to see due dates, and who stands in where none is; nobody without a ``deputy``."""

    officer: bool
    deputy: Deputy | None

    @property
    def stands_in(self) -> Deputy | None:
        """Return the deputy whose turn it is."""
        return self.deputy if not self.officer and self.deputy is not None and self.deputy.usable else None


def watch(tx: Transaction, now: int) -> Watch:
    """Return who sees due dates at a UTC millisecond: an officer's account may be used, and signed in lately."""
    from staffdesk.data.due_dates import DueDates  # noqa: PLC0415 - see told_at_sign_in
    from staffdesk.domain import requests  # noqa: PLC0415 - see told_at_sign_in

    today = day_in_brussels(now)
    seen = DueDates(tx).officer_seen(today)
    lately = seen is not None and now - seen < requests.rules().deputy.away_days * _DAY_MS
    return Watch(lately, LocalSettings(tx).deputy(today))


def told_at_sign_in(tx: Transaction, staff_id: str, now: int) -> Iterator[str]:
    """Yield what a deputy is told when he comes in while no officer is there: numbers and dates.

    Requests are read in for him alone: everybody who signs in waits for this.
    """
    named = LocalSettings(tx).deputy(day_in_brussels(now))
    if named is None or named.staff_id != staff_id or watch(tx, now).stands_in is None:
        return
    from staffdesk.data.due_dates import DueDates  # noqa: PLC0415 - see the docstring
    from staffdesk.domain import deadlines, requests  # noqa: PLC0415 - see the docstring
    from staffdesk.domain.request_board import next_step  # noqa: PLC0415 - see the docstring

    today = day_in_brussels(now)
    soon = dt.timedelta(days=max(deadlines.rules().targets.alarm_days_before))
    due = DueDates(tx).until(today + soon)
    if due:
        first = ", ".join(
            f"{each.number} on {each.hard_due} ({requests.due_words(each.state, each.hard_due, today)}: waits for"
            f" {next_step(each.kind, requests.RequestState(each.state), each.identity, to_tell=each.to_tell)})"
            for each in due[:_NAMED]
        )
        more = f" and {len(due) - _NAMED} more" if len(due) > _NAMED else ""
        yield f"No privacy officer is there and you stand in. To be answered: {first}{more}. See that one comes."
