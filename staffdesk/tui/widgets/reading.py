"""A text to be read in a box, scrolled by the cursor keys."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll


class Reading(VerticalScroll, can_focus=True, inherit_bindings=False):
    """Scrolls what does not fit; a screen's own keys go on working."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "scroll_down", show=False),
        Binding("up", "scroll_up", show=False),
        Binding("pagedown,space", "page_down", show=False),
        Binding("pageup", "page_up", show=False),
        Binding("home", "scroll_home", show=False),
        Binding("end", "scroll_end", show=False),
    ]
