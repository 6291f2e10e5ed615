"""Moments as the command line reads and writes them: UTC, in the form of RFC 3339."""

from __future__ import annotations

import datetime as dt


def as_utc(moment_ms: int) -> str:
    """Return UTC milliseconds as ``2026-11-22T10:00:00Z``."""
    return dt.datetime.fromtimestamp(moment_ms / 1000, dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def milliseconds(moment: dt.datetime | None) -> int | None:
    """Return a moment given in UTC as milliseconds, or None."""
    return None if moment is None else round(moment.replace(tzinfo=dt.UTC).timestamp() * 1000)
