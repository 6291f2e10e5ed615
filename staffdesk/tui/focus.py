"""What has the focus, in words: where one is and which keys it keeps for itself, for the help."""

from __future__ import annotations

from typing import Final

from textual.widget import Widget
from textual.widgets import Static

from staffdesk.tui.widgets.choice import Choice
from staffdesk.tui.widgets.field import Field
from staffdesk.tui.widgets.rows import Rows
from staffdesk.tui.widgets.secret_input import SecretInput

_TYPED: Final = (
    ("enter", "Take what is typed, and go on."),
    ("backspace", "Delete the character before the cursor."),
)
_KEPT: Final[tuple[tuple[type[Widget], str, tuple[tuple[str, str], ...]], ...]] = (
    (Rows, "the list", ()),
    (Choice, "a choice", (
        ("← →", "Choose the word before or the next one."), ("a letter", "Choose the next word that begins with it."),
        ("enter", "Take it, and go on."),
    )),
    (SecretInput, "a field for a password", (*_TYPED, ("^u", "Delete everything."))),
    (Field, "a field", (*_TYPED, ("← → home end", "Move in the text."), ("^u ^k", "Delete up to here, or from here."))),
)  # fmt: skip


def place_in_words(widget: Widget | None) -> str:
    """Return where the focus is: ``You are in the list “Results”.``, or nothing where nothing has it."""
    kept = _kept(widget)
    if widget is None or kept is None:
        return ""
    name = _name(widget)
    return f"You are in {kept[0]} “{name}”." if name else f"You are in {kept[0]}."


def own_keys(widget: Widget | None) -> tuple[tuple[str, str], ...]:
    """Return the keys a widget keeps for itself, with what each does; those of lists are commands."""
    kept = _kept(widget)
    return () if kept is None else kept[1]


def _kept(widget: Widget | None) -> tuple[str, tuple[tuple[str, str], ...]] | None:
    return next(((name, keys) for of, name, keys in _KEPT if isinstance(widget, of)), None)


def _name(widget: Widget) -> str:
    """Return the label before a widget, or the title on it or around it without the key that leads there."""
    around = widget.parent
    if widget.border_title:
        return _without_key(widget.border_title)
    if not isinstance(around, Widget):
        return ""
    before = around.children[max(around.children.index(widget) - 1, 0)]
    if isinstance(before, Static):
        return str(before.visual)
    return _without_key(around.border_title or "")


def _without_key(title: str) -> str:
    first, _, rest = str(title).partition(" ")
    return rest if len(first) == 1 and rest else str(title)
