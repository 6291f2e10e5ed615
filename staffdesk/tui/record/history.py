"""Who looked at a person, as lines: role, how far, reference and standing; no employee's name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from textual.content import Content

from staffdesk.domain.access import Act, Level, Standing
from staffdesk.domain.records import Look
from staffdesk.tui.phrases import count, short_moment
from staffdesk.tui.plain import GOOD, MUTED, TIMES, column, fit, joined, plain
from staffdesk.tui.widgets.rows import Line, words

UNREAD: Final = "unread"
LOOK: Final = "look:"
_MS_A_MINUTE: Final = 60_000
_WHEN, _ROLE, _REFERENCE, _STANDING = 13, 9, 13, 2
_LEAST_ACT = 9
_ACTS: Final[dict[str, str]] = {
    Act.CUSTOMER_OPENED: "opened",
    Act.CUSTOMER_REVEALED: "revealed",
    Act.CUSTOMER_COPIED: "copied",
    Act.CUSTOMER_HISTORY: "history",
    Act.CUSTOMER_CHANGED: "changed",
}


def unread_lines() -> list[Line]:
    """Return what stands there before anybody asked."""
    return [
        Line(UNREAD, lambda width: column(plain("Enter or w reads who looked."), width)),
        words(plain("That reading is itself in the log.", MUTED)),
    ]


def counted_once(looks: Sequence[Look], minutes: int) -> list[tuple[Look, int]]:
    """Return looks, newest first as they came, each with how many it stands for.

    Openings by one role under one reference, up to ``minutes`` after the first of them, are that first one; it counts
    as verified only where each of them was.
    """
    made: list[tuple[Look, int]] = []
    newest: dict[tuple[str, str], int] = {}
    for look in reversed(looks):
        place = newest.get((look.role, look.reference)) if look.act == Act.CUSTOMER_OPENED else None
        if place is not None and look.at - made[place][0].at <= minutes * _MS_A_MINUTE:
            first, times = made[place]
            weaker = first if first.standing != Standing.VERIFIED else replace(first, standing=look.standing)
            made[place] = (weaker, times + 1)
            continue
        if look.act == Act.CUSTOMER_OPENED:
            newest[look.role, look.reference] = len(made)
        made.append((look, 1))
    return made[::-1]


def history_lines(looks: Sequence[Look], minutes: int) -> list[Line]:
    """Return openings (those within ``minutes`` counted once), reveals and copies, newest first; listings are counted.

    See :func:`counted_once`.
    """
    listed = sum(look.level is Level.LISTED for look in looks)
    shown = counted_once([look for look in looks if look.act in _ACTS], minutes)
    lines = [Line(f"{LOOK}{look.seq}", partial(_draw, look, times)) for look, times in shown]
    if listed:
        lines.append(words(plain(f"listed {count(listed, 'time')}", MUTED)))
    return lines or [words(plain("Nobody has looked yet.", MUTED))]


def _draw(look: Look, times: int, width: int) -> Content:
    what = ", ".join(kind.partition(".")[2].replace("_", " ") for kind in look.kinds if "." in kind)
    if times > 1:
        what = f"{times}{TIMES}"
    act = max(width - _WHEN - _ROLE - _REFERENCE - _STANDING, _LEAST_ACT)
    return fit(
        joined(
            column(plain(short_moment(look.at), MUTED), _WHEN),
            column(plain(look.role), _ROLE),
            column(joined(plain(_ACTS[look.act]), plain(f" {what}", MUTED)), act),
            column(plain(look.reference), _REFERENCE),
            plain("✓" if look.standing == Standing.VERIFIED else "", GOOD),
        ),
        width,
    )
