"""When things happened in the demo: more of them of late, none in the future."""

from __future__ import annotations

import datetime as dt
import random


def moment_since(day: dt.date, now_ms: int, dice: random.Random) -> int:
    """Return a moment between a day's beginning and now, both UTC; late ones come more often."""
    first = int(dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC).timestamp() * 1000)
    return now_ms - int((now_ms - first) * dice.random() ** 2)


def day_of(moment_ms: int) -> dt.date:
    """Return the day, in UTC, of UTC milliseconds."""
    return dt.datetime.fromtimestamp(moment_ms / 1000, dt.UTC).date()
