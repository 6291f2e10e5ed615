"""From the framework's updates to what the terminal is sent: only what changed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from rich.console import Console
from textual._compositor import CompositorUpdate
from textual.geometry import Size
from textual.screen import Screen

from staffdesk.tui.frame import Frame, erases
from staffdesk.tui.guard import GuardedApp

if TYPE_CHECKING:
    from rich.console import RenderableType


class PaintingApp(GuardedApp, inherit_bindings=False):
    """An application that knows what stands on its terminal.

    ``_display`` is private to the framework, whose version is bounded; a test in a real terminal counts the bytes.
    """

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - handed on as they are
        """See :class:`GuardedApp`."""
        super().__init__(**options)
        self.frame = Frame(erasing=erases(os.environ.get("TERM", "")), colours=not self.no_color)

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        if isinstance(renderable, CompositorUpdate):
            renderable = _Changes(renderable, self.frame, self.size)
        super()._display(screen, renderable)


class _Changes(CompositorUpdate):
    """An update, of which what stands on the terminal already is left out once it is written."""

    def __init__(self, update: CompositorUpdate, frame: Frame, size: Size) -> None:
        self._update = update
        self._frame = frame
        self._size = size

    def render_segments(self, console: Console) -> str:
        """Return what is to be written, and take it for written."""
        return self._frame.changes(self._update, self._size, console)
