"""Who looked at a person, as lines: role, how far, reference and standing; the employee where he is named."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from textual.content import Content

from staffdesk.domain.access import Act, Level, Standing
from staffdesk.domain.company_history import HISTORY
from staffdesk.domain.looks import GLASS, counted_once
from staffdesk.domain.records import MOST_LOOKS, Look
from staffdesk.parameters.shapes import retention
from staffdesk.tui.phrases import count, short_moment
from staffdesk.tui.plain import GOOD, MUTED, TIMES, column, fit, joined, plain
from staffdesk.tui.widgets.rows import Line, words

UNREAD: Final = "unread"
LOOK: Final = "look:"
_WHEN, _ROLE, _WHO, _REFERENCE, _STANDING = 12, 9, 11, 14, 2
_LEAST_ACT = 9
_ACTS: Final[dict[str, str]] = {
    Act.CUSTOMER_OPENED: "opened",
    Act.CUSTOMER_REVEALED: "revealed",
    Act.CUSTOMER_COPIED: "copied",
    Act.CUSTOMER_HISTORY: "history",
    Act.CUSTOMER_ADDED: "added",
    Act.CUSTOMER_CHANGED: "changed",
    Act.CUSTOMER_CONFIRMED: "confirmed",
    Act.CUSTOMER_BOUNCED: "mail back",
    Act.CUSTOMER_MERGED: "put together",
    Act.CUSTOMER_SEPARATED: "told apart",
    Act.REQUEST_OPENED: "request",
    Act.CUSTOMER_BREAK_GLASS: "break-glass",
}


def unread_lines() -> list[Line]:
    """Return what stands there before anybody asked."""
    return [
        Line(UNREAD, lambda width: column(plain("Enter or w reads who looked."), width)),
        words(plain("That reading is itself in the log.", MUTED)),
    ]


def history_lines(looks: Sequence[Look], minutes: int) -> list[Line]:
    """Return how often he was opened, revealed, copied and listed, then each look but the listings, newest first.

    A listing that showed rows of his in the history of his company is told too: it was more than his name.

    Openings within ``minutes`` count once, see :func:`counted_once`; of a long history the newest entries are read.
    """
    if not looks:
        kept = f"Nobody has looked in the {retention().kinds['log'].months} months that the log keeps looks."
        return [words(plain(kept, MUTED))]
    shown = counted_once([look for look in looks if look.act in _ACTS or _in_company(look)], minutes)
    opened = sum(look.act == Act.CUSTOMER_OPENED for look, _ in shown)
    revealed, copied = (sum(look.act == act for look in looks) for act in (Act.CUSTOMER_REVEALED, Act.CUSTOMER_COPIED))
    listed = sum(look.level is Level.LISTED for look in looks)
    counts = f"opened {opened:,} · revealed {revealed:,} · copied {copied:,} · listed {listed:,}"
    cut = f" · of the newest {count(MOST_LOOKS, 'entry', 'entries')}" if len(looks) >= MOST_LOOKS else ""
    return [
        words(plain(f"{counts}{cut}", MUTED)),
        *(Line(f"{LOOK}{look.seq}", partial(_draw, look, times)) for look, times in shown),
    ]


def _in_company(look: Look) -> bool:
    return look.act == Act.CUSTOMER_LISTED and HISTORY in look.kinds


def _draw(look: Look, times: int, width: int) -> Content:
    what = ", ".join(kind.partition(".")[2].replace("_", " ") for kind in look.kinds if "." in kind)
    if _in_company(look):
        what = ""
    if times > 1:
        what = f"{times}{TIMES}"
    if GLASS in look.kinds and look.act != Act.CUSTOMER_BREAK_GLASS:
        what = f"{what} by {GLASS}".lstrip()
    who = _WHO if look.who else 0
    act = max(width - _WHEN - _ROLE - who - _REFERENCE - _STANDING, _LEAST_ACT)
    return fit(
        joined(
            column(plain(short_moment(look.at), MUTED), _WHEN),
            column(plain(look.role), _ROLE),
            column(plain(look.who), who),
            column(joined(plain(_ACTS.get(look.act, "company history")), plain(f" {what}", MUTED)), act),
            column(plain(look.reference), _REFERENCE),
            plain("✓" if look.standing == Standing.VERIFIED else "", GOOD),
        ),
        width,
    )
