"""One value a line: label, value, and beside it why it is masked or how long it stays; long values go on below."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Final

from textual.content import Content

from staffdesk.domain.classes import Exposure
from staffdesk.domain.provenance import WORDS
from staffdesk.domain.records import Cell, Row
from staffdesk.tui.plain import MUTED, NOTHING, apart, fit, joined, plain
from staffdesk.tui.record.sight import Sight
from staffdesk.tui.widgets.rows import Line

_LABEL: Final = 16
_INDENT: Final = 2

_KEYS_OF_ROWS: Final = frozenset({
    "id", "order_id", "person_id", "organisation_id", "product_id", "licence_id", "case_id", "partner_id", "author_id",
    "opened_by", "received_by", "position",
})  # fmt: skip
"""Columns that only tie rows together."""

_ORIGIN: Final = frozenset({"source", "obtained_on", "event"})


def field(sight: Sight, cell: Cell, label: str = "", depth: int = 0) -> Line:
    """Return the line of one value."""
    return Line(cell.key, partial(_draw, sight, cell, label or cell.label, depth))


def fact(label: str, value: str, depth: int = 0) -> Line:
    """Return a line about the record that is nobody's datum, only read."""
    return Line("", partial(_below, plain(" " * depth * _INDENT + label, MUTED), plain(value), NOTHING, depth))


def origin_of(row: Row) -> str:
    """Return where a row came from and when, in words."""
    parts = (source_of(row), row.text("obtained_on"), row.text("event"))
    return " · ".join(part for part in parts if part)


def source_of(row: Row) -> str:
    """Return how a row came to us, in words."""
    source = row.text("source")
    return WORDS.get(source, source)


def fields_of(sight: Sight, row: Row, depth: int, left_out: Iterable[str] = ()) -> Iterator[Line]:
    """Yield a line for every value a row holds; what nobody may see here is said once a class."""
    skipped = _KEYS_OF_ROWS | _ORIGIN | set(left_out)
    closed: set[object] = set()
    for column, cell in row.cells.items():
        if column in skipped or (cell.exposure is not Exposure.NONE and not cell.held):
            continue
        if cell.exposure is Exposure.NONE:
            if cell.privacy_class in closed:
                continue
            closed.add(cell.privacy_class)
        yield field(sight, cell, depth=depth)
    if origin_of(row):
        yield fact("From", origin_of(row), depth)


def _draw(sight: Sight, cell: Cell, label: str, depth: int, width: int) -> Content:
    head = plain(" " * depth * _INDENT + label, MUTED)
    return _below(head, sight.value(cell), sight.note(cell), depth, width)


def _below(head: Content, value: Content, note: Content, depth: int, width: int) -> Content:
    head = fit(head, _LABEL + depth * _INDENT)
    room = max(width - head.cell_length, 1)
    if value.cell_length + note.cell_length + 1 <= room and "\n" not in value.plain:
        return joined(head, apart(value, note, room))
    lines = value.wrap(room)
    gap = Content(" " * head.cell_length)
    below = [joined(gap, line) for line in lines[1:]]
    if note:
        below.append(joined(gap, note))
    return Content("\n").join([joined(head, lines[0] if lines else NOTHING), *below])
