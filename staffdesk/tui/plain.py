"""The one way in which words reach a widget: as ``Content``, in which nothing is markup and nothing is hidden."""

from __future__ import annotations

from typing import Final

from textual.content import Content

from staffdesk.domain.text import visible

MUTED: Final = "$text-muted"
STRONG: Final = "bold"
GOOD: Final = "$text-success"
WARN: Final = "$text-warning"
BAD: Final = "$text-error"
ACCENT: Final = "$text-accent"
KEY: Final = "bold $text-accent"

DASH: Final = "\u2013"
"""Stands where nothing is held."""
TIMES: Final = "\u00d7"
HIDDEN: Final = "\u2022" * 8
"""Stands in place of what nobody has looked at for a while, as wide for a short text as for a long one."""

NOTHING: Final = Content("")


def plain(text: str, style: str = "", *, lines: bool = False) -> Content:
    """Return any text, whoever wrote it, as what is literally shown; hidden and controlling characters become badges.

    With ``lines`` line feeds stay; else the result is one line.
    """
    return Content.styled(visible(text, lines=lines), style)


def joined(*parts: Content, by: str = "") -> Content:
    """Return the parts one after another, ``by`` between them."""
    return Content(by).join(parts)


def fit(content: Content, width: int) -> Content:
    """Return one line of exactly ``width`` cells: padded, or cut with an ellipsis."""
    return content.truncate(max(width, 0), ellipsis=True, pad=True)


def column(content: Content, width: int) -> Content:
    """Return a cell of a table: as ``fit``, with its last cell kept free, so that two never touch."""
    return joined(fit(content, width - 1), Content(" ")) if width > 0 else NOTHING


def apart(left: Content, right: Content, width: int) -> Content:
    """Return one line with ``left`` at its start and ``right`` at its end; the left gives way where both do not fit."""
    room = max(width - right.cell_length - 1, 0)
    if left.cell_length > room:
        left = left.truncate(room, ellipsis=True)
    gap = max(width - left.cell_length - right.cell_length, 1)
    return joined(left, Content(" " * gap), right)
