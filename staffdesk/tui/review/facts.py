"""Facts beneath one another, each wrapped beside its name, as lines that are only read."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Final

from textual.content import Content

from staffdesk.tui.plain import MUTED, NOTHING, column, joined, plain
from staffdesk.tui.widgets.rows import Line

_LABEL: Final = 11
_LEAST: Final = 8


def fact_line(name: str, value: Content) -> Line:
    """Return a fact over which the cursor passes."""
    return Line("", partial(beside, name, value))


def beside(name: str, value: Content, width: int, label: int = _LABEL) -> Content:
    """Return a fact for a width: its name, and beside it what it says, wrapped."""
    first, *others = value.wrap(max(width - label, _LEAST)) or [NOTHING]
    lines = [joined(column(plain(name, MUTED), label), first)]
    lines += [joined(Content(" " * label), rest) for rest in others]
    return joined(*lines, by="\n")


def below(facts: Iterable[tuple[str, Content]], width: int, label: int = _LABEL) -> Content:
    """Return facts beneath one another."""
    return joined(*(beside(name, value, width, label) for name, value in facts), by="\n")
