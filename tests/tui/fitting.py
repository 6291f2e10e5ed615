"""What of a screen lies outside its window, or is cut in it without a word."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rich.cells import cell_len
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from staffdesk.tui.base import DeskScreen
from staffdesk.tui.widgets.field import Field
from staffdesk.tui.widgets.rows import Rows
from tests.tui.colours import Painting
from tests.tui.stage import Stage

_FRAME: Final = 6
"""Cells of a frame beside what it says: corners, their edges, and a blank on both sides."""


def amiss(at: Stage, now: Painting) -> list[str]:
    """Return what of the screen on top, as it is painted now, is cut off, hides its focus, or lacks its help."""
    lines = now.lines()
    screen = at.app.screen
    assert isinstance(screen, DeskScreen)
    found = [f"cut off: {each}" for each in screen.query("*") if _is_cut(at, each)]
    found += [f"cut: {each.placeholder}" for each in screen.query(Field) if _cuts_its_example(each)]
    found += [f"cut: {label}" for each in screen.query("*") for label in _cut_in_its_frame(each)]
    covered = lines[-1].startswith("╰")
    keys = [] if covered else [part.strip() for part in lines[-1].split("   ") if part.strip()]
    whole = {f"{each.key} {each.title}" for each in screen.shown_commands()}
    found += [f"cut: {key}" for key in keys if key not in whole]
    if whole and not covered and not any(key.startswith("f1 ") for key in keys) and "f1 Help" in whole:
        found.append("no help")
    focused = screen.focused
    if focused is not None:
        found += _out_of_sight(at, focused)
    return found


def _is_cut(at: Stage, widget: Widget) -> bool:
    """Say whether something of a widget lies outside of what is around it, or has no room for all its lines."""
    if not widget.region.area or any(_scrolls(each) for each in widget.ancestors):
        return False
    around = widget.parent
    if isinstance(around, Widget) and not around.region.contains_region(widget.region):
        return True
    width, height = widget.content_size
    return isinstance(widget, Static) and widget.get_content_height(at.app.size, at.app.size, width) > height


def _cuts_its_example(field: Field) -> bool:
    """Say whether what an empty field says may be typed into it has no room in it."""
    return bool(field.region.area) and cell_len(field.placeholder) > field.content_size.width


def _cut_in_its_frame(widget: Widget) -> Iterator[str]:
    """Yield what a widget's frame says and has no room for: of a dialog's keys the last is the one that leads back."""
    if widget.region.area and widget.styles.border_top[0] not in {"", "none"}:
        room = widget.outer_size.width - _FRAME
        labels = (label for label in (widget._border_title, widget._border_subtitle) if label is not None)
        yield from (label.plain for label in labels if label.cell_length > room)


def _scrolls(widget: object) -> bool:
    return isinstance(widget, VerticalScroll) or (isinstance(widget, Widget) and widget.id == "account-box")


def _out_of_sight(at: Stage, focused: object) -> list[str]:
    """Return what of the widget with the focus, and of the cursor in it, is not to be seen."""
    if not isinstance(focused, Rows):
        return []
    region = focused.region
    if not at.app.screen.region.contains_region(region):
        return [f"outside: {focused}"]
    if focused._at is None:
        return []
    top = focused._tops[focused._at] - round(focused.scroll_y)
    return [] if 0 <= top < focused.scrollable_content_region.height else ["the cursor"]
