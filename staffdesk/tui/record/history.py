"""Who looked at a person, as lines: role, how far, reference and standing; no employee's name."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from textual.content import Content

from staffdesk.domain.access import Act, Level, Standing
from staffdesk.domain.records import Look
from staffdesk.tui.phrases import count, short_moment
from staffdesk.tui.plain import GOOD, MUTED, column, fit, joined, plain
from staffdesk.tui.widgets.rows import Line, words

UNREAD: Final = "unread"
_WHEN, _ROLE, _ACT, _REFERENCE = 13, 9, 15, 12
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


def history_lines(looks: Sequence[Look]) -> list[Line]:
    """Return openings, reveals and copies one by one, newest first; listings are counted."""
    listed = sum(look.level is Level.LISTED for look in looks)
    lines = [Line(f"look:{look.seq}", partial(_draw, look)) for look in looks if look.act in _ACTS]
    if listed:
        lines.append(words(plain(f"listed {count(listed, 'time')}", MUTED)))
    return lines or [words(plain("Nobody has looked yet.", MUTED))]


def _draw(look: Look, width: int) -> Content:
    what = ", ".join(kind.partition(".")[2].replace("_", " ") for kind in look.kinds if "." in kind)
    return fit(
        joined(
            column(plain(short_moment(look.at), MUTED), _WHEN),
            column(plain(look.role), _ROLE),
            column(joined(plain(_ACTS[look.act]), plain(f" {what}", MUTED)), _ACT),
            column(plain(look.reference), _REFERENCE),
            plain("✓" if look.standing == Standing.VERIFIED else "", GOOD),
        ),
        width,
    )
