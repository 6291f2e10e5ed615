"""How times, counts and words of closed lists stand on the screen; times are those of this terminal's zone."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from textual.content import Content

from staffdesk.domain.access import Entity, Standing
from staffdesk.tui.plain import BAD, GOOD, MUTED, NOTHING, WARN, joined, plain

PLACES: Final = {Entity.BE: "Brussels", Entity.US: "Henderson"}
"""Where each company of the house sits."""

_UTC: Final = re.compile(r"\b(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}) UTC\b")


def moment(milliseconds: int) -> str:
    """Return UTC milliseconds as ``2026-11-22 09:15``: every date on the screens is written so, or is a part of it."""
    return f"{dt.datetime.fromtimestamp(milliseconds / 1000, dt.UTC).astimezone():%Y-%m-%d %H:%M}"


def short_moment(milliseconds: int) -> str:
    """Return UTC milliseconds as ``11-22 09:15``, where there is no room for the year."""
    return moment(milliseconds).partition("-")[2]


def second_of(milliseconds: int) -> str:
    """Return UTC milliseconds as ``11-22 09:15:04``, where two of the same minute must not look alike."""
    return f"{dt.datetime.fromtimestamp(milliseconds / 1000, dt.UTC).astimezone():%m-%d %H:%M:%S}"


def day(iso: str) -> str:
    """Return the day of an ISO date or time, in this terminal's zone; another text comes back as it is."""
    return local(iso)[:10]


def local(iso: str) -> str:
    """Return an ISO time in UTC as this terminal's date and time; another text comes back as it is."""
    if not iso.endswith("Z"):
        return iso
    try:
        return moment(round(dt.datetime.fromisoformat(iso).timestamp() * 1000))
    except ValueError:
        return iso


def at_this_place(sentence: str) -> str:
    """Return a sentence of the services with its times, which are UTC there, as those of this terminal's zone."""
    return _UTC.sub(lambda found: local(f"{found[1]}T{found[2]}Z"), sentence)


def date_of(milliseconds: int) -> str:
    """Return the day of UTC milliseconds in this terminal's zone: ``2026-11-26``."""
    return moment(milliseconds).partition(" ")[0]


def weekday(date: dt.date) -> str:
    """Return a date with its weekday: ``Mon 2026-12-21``."""
    return f"{date:%a} {date.isoformat()}"


def left(seconds: float) -> str:
    """Return a time that runs down: ``1:46``."""
    whole = max(0, round(seconds))
    return f"{whole // 60}:{whole % 60:02d}"


def standing_word(standing: Standing | None) -> Content:
    """Return a standing as a word with its glyph."""
    match standing:
        case Standing.VERIFIED:
            return plain("✓ verified", GOOD)
        case Standing.CLAIMED:
            return plain("claimed", WARN)
        case Standing.NONE:
            return plain("✗ no ground", BAD)
        case None:
            return NOTHING


def failure(sentence: str, hint: str = "") -> Content:
    """Return what went wrong and the next step."""
    return joined(plain(f"✗ {sentence}", BAD), plain(f" {hint}" if hint else "", MUTED))


def count(number: int, one: str, more: str = "") -> str:
    """Return a number with its noun: ``1 entry``, ``1,204 entries``."""
    return f"{number:,} {one if number == 1 else more or one + 's'}"
