"""What stands on the terminal, cell by cell: of each update only the cells that changed are written.

The framework writes every widget it paints anew, and a screen that comes or goes whole. Over a slow connection what is
written is what is waited for, and most of it stands there already.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from rich.cells import get_character_cell_size
from rich.color import ColorSystem
from rich.console import Console
from rich.segment import ControlType, Segment
from rich.style import Style
from textual._compositor import CompositorUpdate
from textual.geometry import Size
from textual.strip import Strip

_Look = tuple[str, str, str]
"""How a cell looks, as the terminal is told: attributes, foreground, background."""
_Cell = tuple[str, _Look]

_NEAR: Final = 6
"""Cells that stand already and are written all the same between two that changed: going there costs as much."""
_PLAIN: Final = Style.null()
_RESET: Final = "\x1b[0m"


class Frame:
    """The cells of one terminal; one of which nothing is known is written whatever comes."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._size = Size(0, 0)
        self._rows: list[list[_Cell | None]] = []

    def forget(self) -> None:
        """Know nothing any more, so that everything is written anew."""
        self._size = Size(0, 0)

    def changes(self, update: CompositorUpdate, size: Size, console: Console) -> str:
        """Return what makes the terminal of this size show ``update``, and take it for shown."""
        if size != self._size:
            self._size = size
            self._rows = [[None] * size.width for _ in range(size.height)]
        pen = _Pen(console._color_system or ColorSystem.TRUECOLOR)  # noqa: SLF001 - as the framework asks
        for x, y, segments in _spans(update, console):
            self._write(pen, x, y, segments)
        return pen.written()

    def _write(self, pen: _Pen, x: int, y: int, segments: Sequence[Segment]) -> None:
        if not 0 <= y < len(self._rows) or x < 0:
            return
        row = self._rows[y]
        if not all(map(_is_simple, segments)):
            # How wide a terminal draws such a text is its own affair: the row is written whole, now and next time.
            pen.move(x, y)
            for segment in segments:
                pen.put(segment.text, pen.look(segment.style))
            row[:] = [None] * len(row)
            return
        cells: list[_Cell] = []
        for segment in segments:
            look = pen.look(segment.style)
            cells += [(character, look) for character in segment.text]
        del cells[max(len(row) - x, 0) :]
        for first, end in _changed(row[x : x + len(cells)], cells):
            pen.move(x + first, y)
            for character, look in cells[first:end]:
                pen.put(character, look)
        row[x : x + len(cells)] = cells


class _Pen:
    """Writes cells where it stands, and says of a look only what is another than before."""

    def __init__(self, system: ColorSystem) -> None:
        self._system = system
        self._parts: list[str] = []
        self._look: _Look | None = None

    def look(self, style: Style | None) -> _Look:
        return _look(style or _PLAIN, self._system)

    def move(self, x: int, y: int) -> None:
        self._parts.append(f"\x1b[{y + 1};{x + 1}H")

    def put(self, text: str, look: _Look) -> None:
        if look != self._look:
            self._parts.append(_said(self._look, look))
            self._look = look
        self._parts.append(text)

    def written(self) -> str:
        return "".join((*self._parts, _RESET)) if self._parts else ""


def _spans(update: CompositorUpdate, console: Console) -> Iterator[tuple[int, int, list[Segment]]]:
    """Yield what an update writes at which place."""
    x = y = 0
    segments: list[Segment] = []
    for part in update.__rich_console__(console, console.options):  # type: ignore[attr-defined] # all that come here have it
        if part.control:
            if segments:
                yield x, y, segments
                segments = []
            for control in part.control:
                if control[0] is ControlType.CURSOR_MOVE_TO:
                    _, x, y = control
        elif part.text and part.text != "\n":
            segments.append(part)
    if segments:
        yield x, y, segments


def _changed(before: Sequence[_Cell | None], after: Sequence[_Cell]) -> Iterator[tuple[int, int]]:
    """Yield the stretches that are not what they were, those near one another as one."""
    if before == after:
        return
    first = end = -1
    for place, (old, new) in enumerate(zip(before, after, strict=True)):
        if old == new:
            continue
        if end >= 0 and place - end > _NEAR:
            yield first, end
            first = place
        elif end < 0:
            first = place
        end = place + 1
    if end >= 0:
        yield first, end


def _is_simple(segment: Segment) -> bool:
    """Say whether each character of a text takes one cell."""
    text = segment.text
    return text.isascii() or all(get_character_cell_size(each) == 1 for each in text)


@lru_cache(maxsize=4096)
def _look(style: Style, system: ColorSystem) -> _Look:
    colour, ground = style.color, style.bgcolor
    return (
        Strip.render_ansi(style.without_color, system),
        ";".join(colour.downgrade(system).get_ansi_codes()) if colour is not None else "",
        ";".join(ground.downgrade(system).get_ansi_codes(foreground=False)) if ground is not None else "",
    )


def _said(before: _Look | None, look: _Look) -> str:
    attributes, colour, ground = look
    if before is None or before[0] != attributes:
        codes = ["0", *filter(None, look)]
    else:
        codes = [colour or "39"] if colour != before[1] else []
        codes += [ground or "49"] if ground != before[2] else []
    return f"\x1b[{';'.join(codes)}m"
