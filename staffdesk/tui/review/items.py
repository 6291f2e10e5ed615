"""Items of the review as lines of a list, and the accesses they rest on."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from textual.content import Content

from staffdesk.domain.access import Standing
from staffdesk.domain.reviews import ItemState, ReviewItem
from staffdesk.services.log_rows import EntryRow
from staffdesk.tui.phrases import moment, short_moment, standing_word
from staffdesk.tui.plain import BAD, DASH, GOOD, MUTED, STRONG, TIMES, WARN, column, fit, joined, plain
from staffdesk.tui.widgets.rows import Line

_LOOKS: Final = {
    ItemState.OPEN: ("·", ""),
    ItemState.ASKED: ("→", MUTED),
    ItemState.ANSWERED: ("!", WARN),
    ItemState.JUSTIFIED: ("✓", GOOD),
    ItemState.NOT_JUSTIFIED: ("✗", BAD),
    ItemState.UNCLEAR: ("?", WARN),
}
_ITEM, _WEIGHT, _WHO, _DAY, _SHORT_DAY, _MANY, _STATE = 6, 7, 11, 11, 6, 6, 20
_SEQ, _WHEN, _ACT, _PURPOSE, _REFERENCE = 8, 12, 21, 9, 14
_WIDE, _MIDDLE, _WITH_PURPOSE = 90, 66, 74


def state_word(item: ReviewItem) -> Content:
    """Return the state of an item as a word with its glyph, and the mark of who signed his own access off."""
    glyph, style = _LOOKS[item.state]
    return plain(f"{glyph} {item.state.words}{', own' if item.own else ''}", style)


def item_heads(width: int) -> Content:
    """Return the heads of the list."""
    return _items(
        [plain(head, MUTED) for head in ("item", "weight", "what", "who", "day", "day", "looks", "state")], width
    )


def item_line(item: ReviewItem) -> Line:
    """Return one item as a line of the list."""
    return Line(str(item.id), partial(_draw_item, item))


def _draw_item(item: ReviewItem, width: int) -> Content:
    cells = [
        plain(str(item.id), STRONG),
        plain(str(item.severity)),
        plain(item.title),
        plain(item.who),
        plain(item.day),
        plain(item.day[5:]),
        plain(f"{TIMES}{item.entries:,}", MUTED),
        state_word(item),
    ]
    return _items(cells, width)


def _items(cells: Sequence[Content], width: int) -> Content:
    """Lay a line out: where room is wanting weight and year go, then the number of looks."""
    number, weight, what, who, day, short, many, state = cells
    when, whole, heavy = (day, _DAY, _WEIGHT) if width >= _WIDE else (short, _SHORT_DAY, 0)
    counted = _MANY if width >= _MIDDLE else 0
    room = max(width - _ITEM - heavy - _WHO - whole - counted - _STATE, 1)
    sized = [
        (number, _ITEM), (weight, heavy), (what, room), (who, _WHO), (when, whole), (many, counted),
    ]  # fmt: skip
    return fit(joined(*(column(cell, size) for cell, size in sized), state), width)


def access_heads(width: int) -> Content:
    """Return the heads of the accesses an item rests on."""
    return _accesses(
        [plain(head, MUTED) for head in ("entry", "when", "act", "purpose", "reference", "standing")], width
    )


def access_line(row: EntryRow) -> Line:
    """Return one access as a line: its number and time, what was done, why, under which number and how that stood."""
    return Line(str(row.seq), partial(_draw_access, row))


def _draw_access(row: EntryRow, width: int) -> Content:
    at, standing = row.fields["t"], row.fields["standing"]
    known = isinstance(standing, str) and standing in set(Standing)
    return _accesses(
        [
            plain(f"{row.seq:,}", STRONG),
            plain(short_moment(at) if isinstance(at, int) else DASH, MUTED),
            plain(str(row.fields["act"])),
            plain(str(row.fields["purpose"] or DASH)),
            plain(row.reference or DASH),
            standing_word(Standing(str(standing))) if known else plain(DASH, MUTED),
        ],
        width,
    )


def _accesses(cells: Sequence[Content], width: int) -> Content:
    purpose, reference = _PURPOSE if width >= _WITH_PURPOSE else 0, _REFERENCE if width >= _MIDDLE else 0
    sizes = (_SEQ, _WHEN, _ACT, purpose, reference)
    return fit(joined(*map(column, cells, sizes), cells[-1]), width)


def facts_of(item: ReviewItem) -> list[tuple[str, Content]]:
    """Return what an item is about in words, each under its name: why it is on the list, who, whom, when, how far."""
    return [
        ("What", joined(plain(item.title, STRONG), plain(f"  weight {item.severity}", MUTED))),
        ("Seen", plain(item.words)),
        ("Who", plain(item.who)),
        ("Customer", plain(DASH if item.customer is None else str(item.customer))),
        ("Day", joined(plain(item.day), plain(f"  reviewed with {item.month}", MUTED))),
        ("State", joined(state_word(item), plain(_since(item), MUTED))),
    ]


def _since(item: ReviewItem) -> str:
    steps = [
        f"{word} {moment(at)}"
        for word, at in (("asked", item.asked_at), ("answered", item.answered_at))
        if at is not None
    ]
    if item.decided_at is not None:
        steps.append(f"decided {moment(item.decided_at)} by {item.decided_by or DASH}")
    return "".join(f" · {step}" for step in steps)
