"""Which panes a record has, what each is called and shows, and which one an opened row stands in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from textual.content import Content

from staffdesk.domain.access import RecordKind
from staffdesk.domain.records import Record
from staffdesk.tui.plain import KEY, MUTED, joined, plain
from staffdesk.tui.record.panes import case_lines, licence_lines, order_lines, person_lines
from staffdesk.tui.record.privacy import privacy_lines
from staffdesk.tui.record.sight import Sight
from staffdesk.tui.widgets.rows import Line

LOOKED: Final = "looked"
PRIVACY: Final = "privacy"

PANES: Final[Mapping[str, Callable[[Record, Sight], list[Line]]]] = {
    "person": person_lines,
    "licences": licence_lines,
    "orders": order_lines,
    "cases": case_lines,
    PRIVACY: privacy_lines,
}
"""The panes that show the record itself."""

TITLES: Final[Mapping[str, str]] = {
    "person": "1 Person",
    "licences": "2 Licences and activations",
    "orders": "3 Orders, invoices, shipments",
    "cases": "4 Cases, reports, requests",
    LOOKED: "5 Who looked",
    PRIVACY: "6 Privacy",
}
"""All panes in the order of their numbers."""

SHORT: Final = {
    "person": "1 Person", "licences": "2 Licences", "orders": "3 Orders", "cases": "4 Cases", LOOKED: "5 Looked",
    PRIVACY: "6 Privacy",
}  # fmt: skip
_ROOM_FOR_GAPS: Final = 70

ORDER: Final = ("person", "licences", "orders", LOOKED, "cases", PRIVACY)
"""All panes in the order in which the grid takes them."""

SHOWN_FIRST: Final[Mapping[RecordKind, str]] = {
    RecordKind.PERSON: "person",
    RecordKind.LICENCE: "licences",
    RecordKind.ACTIVATION: "licences",
    RecordKind.ORDER: "orders",
    RecordKind.CASE: "cases",
    RecordKind.ORGANISATION: "company",
}


def strip(active: str, width: int, names: Mapping[str, str]) -> Content:
    """Return the line that names the panes, shortly, where there is room for one of them only."""
    gap = "  " if width >= _ROOM_FOR_GAPS else " "
    return joined(*(plain(name, KEY if each == active else MUTED) for each, name in names.items()), by=gap)
