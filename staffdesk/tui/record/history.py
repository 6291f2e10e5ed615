"""Who looked at a person, as lines: role, how far, reference and standing; no employee's name."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from textual.content import Content

from staffdesk.domain.access import Level, Standing
from staffdesk.domain.records import Look
from staffdesk.tui.phrases import count, short_moment
from staffdesk.tui.plain import GOOD, MUTED, NOTHING, WARN, fit, joined, plain
from staffdesk.tui.widgets.rows import Line, words

UNREAD: Final = "unread"
_WHEN, _ROLE, _ACT, _REFERENCE = 13, 9, 9, 13
_STANDINGS: Final = {Standing.VERIFIED.value: plain("✓", GOOD), Standing.CLAIMED.value: plain("claimed", WARN)}


def unread_lines() -> list[Line]:
    """Return what stands there before anybody asked."""
    return [
        Line(UNREAD, lambda width: fit(plain("Enter or w reads who looked."), width)),
        words(plain("That reading is itself in the log.", MUTED)),
    ]


def history_lines(looks: Sequence[Look]) -> list[Line]:
    """Return openings, reveals and copies one by one, newest first; listings are counted."""
    listed = sum(look.level is Level.LISTED for look in looks)
    lines = [Line(f"look:{look.seq}", partial(_draw, look)) for look in looks if look.level is not Level.LISTED]
    if listed:
        lines.append(words(plain(f"listed {count(listed, 'time')}", MUTED)))
    return lines or [words(plain("Nobody has looked yet.", MUTED))]


def _draw(look: Look, width: int) -> Content:
    what = ", ".join(kind.partition(".")[2].replace("_", " ") for kind in look.kinds if "." in kind)
    return fit(
        joined(
            fit(plain(short_moment(look.at), MUTED), _WHEN),
            fit(plain(look.role), _ROLE),
            fit(plain(look.act.partition(".")[2]), _ACT),
            fit(plain(look.reference), _REFERENCE),
            _STANDINGS.get(look.standing, NOTHING),
            plain(f"  {what}" if what else "", MUTED),
        ),
        width,
    )
