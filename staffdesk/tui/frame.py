"""What stands on the terminal, cell by cell: of each update only the cells that changed are written.

The framework writes every widget it paints anew, and a screen that comes or goes whole. Over a slow connection what is
written is what is waited for, and most of it stands there already. What is written goes look by look, not line by
line: to go to another line costs less than to say of a text how it looks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from rich.cells import get_character_cell_size
from rich.color import ColorSystem
from rich.console import Console
from rich.segment import ControlType, Segment
from textual._compositor import CompositorUpdate
from textual.geometry import Size

from staffdesk.tui.looks import Look, alike_where_blank, look_of, shows_ground_alone, to_say

_Cell = tuple[str, Look]

_NEAR: Final = 4
"""Cells that stand already and are written all the same between two that changed: going there costs as much."""
_RESET: Final = "\x1b[0m"
_BLANKS: Final = re.compile(" {10,}| {6,}$")
"""Blanks that cost more than to erase so many cells and, where something follows, to go on behind them."""
_ERASING: Final = ("alacritty", "foot", "ghostty", "kitty", "konsole", "rxvt", "tmux", "vte", "wezterm", "xterm")
"""How the names of terminals begin that erase cells in the ground that was said last; screen is none of them."""


def erases(term: str) -> bool:
    """Say whether a terminal of this name erases cells in the ground that was said last."""
    return term.startswith(_ERASING)


class Frame:
    """The cells of one terminal; one of which nothing is known is written whatever comes."""

    def __init__(self, *, erasing: bool = False, colours: bool = True) -> None:
        """Know nothing yet; ``erasing`` says that cells can be erased in the ground that was said last.

        Without ``colours`` the terminal is told of none, not of greys either: bold, reverse and lines remain.
        """
        self._erasing = erasing
        self._colours = colours
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
        known = console._color_system or ColorSystem.TRUECOLOR  # noqa: SLF001 - as the framework asks
        system = known if self._colours else None
        pen, runs = _Pen(erasing=self._erasing), list[_Run]()
        for x, y, segments in _spans(update, console):
            if not 0 <= y < len(self._rows) or x < 0:
                continue
            row = self._rows[y]
            if not all(map(_is_simple, segments)):
                # How wide a terminal draws such a text is its own affair: the row is written whole, now and next time.
                pen.move(x, y)
                for segment in segments:
                    pen.put(segment.text, look_of(segment.style, system))
                pen.lose_place()
                row[:] = [None] * len(row)
                continue
            cells: list[_Cell] = []
            for segment in segments:
                look = look_of(segment.style, system)
                cells += [(character, look) for character in segment.text]
            del cells[max(len(row) - x, 0) :]
            runs += _runs(x, y, row[x : x + len(cells)], cells)
            row[x : x + len(cells)] = cells
        pen.put_all(runs)
        return pen.written()


@dataclass(slots=True)
class _Run:
    """Text of one look on one line, whose colour is open while it is blank; ``end`` is the place behind it."""

    x: int
    y: int
    text: str
    look: Look

    @property
    def end(self) -> int:
        return self.x + len(self.text)

    @property
    def is_open(self) -> bool:
        return self.text.isspace() and shows_ground_alone(self.look)

    def takes(self, cells: Sequence[_Cell]) -> bool:
        """Go on with these cells, if they can be written in one look with what is here; say whether they can."""
        look, is_open = self.look, self.is_open
        for character, each in cells:
            if each != look and not (character == " " and alike_where_blank(each, look)):
                if not is_open or not alike_where_blank(each, look):
                    return False
                look = each
            is_open = is_open and character == " "
        self.text += "".join(character for character, _ in cells)
        self.look = look
        return True


class _Pen:
    """Writes where it stands, and says of a look only what is another than before."""

    def __init__(self, *, erasing: bool) -> None:
        self._erasing = erasing
        self._parts: list[str] = []
        self._look: Look | None = None
        self._at = (-1, -1)

    def move(self, x: int, y: int) -> None:
        at, line = self._at
        if (at, line) == (x, y):
            return
        if line == y and x > at:
            self._parts.append(f"\x1b[{x - at}C" if x - at > 1 else "\x1b[C")
        else:
            self._parts.append(f"\x1b[{y + 1};{x + 1}H")
        self._at = (x, y)

    def put(self, text: str, look: Look) -> None:
        if look != self._look:
            self._parts.append(to_say(self._look, look))
            self._look = look
        self._parts.append(text)

    def put_all(self, runs: Iterable[_Run]) -> None:
        """Write runs look by look; the blank ones with any look they can have."""
        by_look: dict[Look, list[_Run]] = {}
        blank: list[_Run] = []
        for run in runs:
            if run.is_open:
                blank.append(run)
            else:
                by_look.setdefault(run.look, []).append(run)
        for run in blank:
            look = next((each for each in by_look if alike_where_blank(each, run.look)), run.look)
            by_look.setdefault(look, []).append(run)
        for look in sorted(by_look, key=lambda look: (look.ground, look.attributes, look.colour)):
            for run in sorted(by_look[look], key=lambda run: (run.y, run.x)):
                self._put_run(run, look)

    def lose_place(self) -> None:
        """Know no longer where the terminal writes next."""
        self._at = (-1, -1)

    def _put_run(self, run: _Run, look: Look) -> None:
        written = 0
        for blanks in _BLANKS.finditer(run.text) if self._erasing and shows_ground_alone(look) else ():
            self._put_at(run.x + written, run.y, run.text[written : blanks.start()], look)
            self.move(run.x + blanks.start(), run.y)
            self.put(f"\x1b[{len(blanks[0])}X", look)
            written = blanks.end()
        self._put_at(run.x + written, run.y, run.text[written:], look)

    def _put_at(self, x: int, y: int, text: str, look: Look) -> None:
        if text:
            self.move(x, y)
            self.put(text, look)
            self._at = (x + len(text), y)

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


def _runs(x: int, y: int, before: Sequence[_Cell | None], after: Sequence[_Cell]) -> Iterator[_Run]:
    """Yield the stretches that do not look as they did; one goes on over a few cells that stand and look like it."""
    run: _Run | None = None
    between: list[_Cell] = []
    for place, (old, new) in enumerate(zip(before, after, strict=True)):
        if old == new or (old is not None and old[0] == " " == new[0] and alike_where_blank(old[1], new[1])):
            between.append(new)
            continue
        if run is None or len(between) > _NEAR or not run.takes((*between, new)):
            if run is not None:
                yield run
            run = _Run(x + place, y, *new)
        between = []
    if run is not None:
        yield run


def _is_simple(segment: Segment) -> bool:
    """Say whether each character of a text takes one cell."""
    text = segment.text
    return text.isascii() or all(get_character_cell_size(each) == 1 for each in text)
