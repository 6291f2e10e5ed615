"""What is written to the terminal shows what the framework would have shown, in fewer bytes."""

from __future__ import annotations

import io

import pyte
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import LayoutUpdate
from textual.geometry import Region, Size
from textual.strip import Strip

from staffdesk.tui.frame import Frame

_SIZE = Size(40, 4)
_CONSOLE = Console(file=io.StringIO(), color_system="truecolor", width=_SIZE.width, height=_SIZE.height)
_STYLES = (
    None, Style(color="#e3e6ea", bgcolor="#14171c"), Style(color="#e0b95c", bgcolor="#14171c", bold=True),
    Style(color="red"), Style(reverse=True), Style(bgcolor="#232932"), Style(bold=True, underline=True),
    Style(color="#e0b95c", italic=True), Style(underline=True),
)  # fmt: skip
_texts = st.text(st.sampled_from("a •"), max_size=12) | st.integers(5, 25).map(" ".__mul__)
_segments = st.tuples(
    _texts | st.sampled_from(("é", "漢字", "🙂", "a\u0301")),
    st.sampled_from(_STYLES),
).map(lambda parts: Segment(*parts))


@st.composite
def _updates(draw: st.DrawFn) -> LayoutUpdate:
    """Return some lines of some width, painted somewhere."""
    x, y = draw(st.integers(0, 4)), draw(st.integers(0, 3))
    width, height = draw(st.integers(8, _SIZE.width - x)), draw(st.integers(1, _SIZE.height - y))
    lines = draw(st.lists(st.lists(_segments, max_size=4), min_size=height, max_size=height))
    return LayoutUpdate([[Strip(line).adjust_cell_length(width)] for line in lines], Region(x, y, width, height))


def _fed(screen: pyte.Screen, text: str) -> None:
    pyte.Stream(screen).feed(text)


def _picture(screen: pyte.Screen) -> list[list[object]]:
    return [[_seen(screen.buffer[y][x]) for x in range(_SIZE.width)] for y in range(_SIZE.height)]


def _seen(cell: pyte.screens.Char) -> object:
    """Return what is seen of a cell: of a blank its ground, unless its colour shows under it."""
    bare = cell.data == " " and not (cell.reverse or cell.underscore or cell.strikethrough)
    return (" ", cell.bg) if bare else cell


@given(st.lists(_updates(), min_size=2, max_size=8), st.booleans())
def test_the_terminal_shows_the_same_as_if_all_had_been_written(updates: list[LayoutUpdate], erasing: bool) -> None:
    frame, whole, less = Frame(erasing=erasing), pyte.Screen(*_SIZE), pyte.Screen(*_SIZE)
    for update in updates:
        _fed(whole, update.render_segments(_CONSOLE))
        _fed(less, frame.changes(update, _SIZE, _CONSOLE))
        assert _picture(less) == _picture(whole)


def _line(text: str) -> LayoutUpdate:
    return LayoutUpdate([[Strip([Segment(text)]).adjust_cell_length(_SIZE.width)]], Region(0, 0, _SIZE.width, 1))


def test_what_stands_there_already_is_not_written_again_until_it_is_forgotten() -> None:
    frame = Frame()
    assert "Nordlys" in frame.changes(_line("Nordlys"), _SIZE, _CONSOLE)
    assert frame.changes(_line("Nordlys"), _SIZE, _CONSOLE) == ""
    assert "lys" not in frame.changes(_line("Mordlys"), _SIZE, _CONSOLE)
    frame.forget()
    assert "Mordlys" in frame.changes(_line("Mordlys"), _SIZE, _CONSOLE)
