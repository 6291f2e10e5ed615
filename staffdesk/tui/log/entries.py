"""Entries of the log as lines of a list, and one entry as lines of fields."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Final

from textual.content import Content

from staffdesk.domain.access import Outcome, Standing
from staffdesk.tui.phrases import moment, short_moment, standing_word
from staffdesk.tui.plain import BAD, DASH, MUTED, NOTHING, STRONG, TIMES, WARN, column, fit, joined, plain
from staffdesk.tui.widgets.rows import Line

if TYPE_CHECKING:
    from staffdesk.services.audit_review import EntryDetail, EntryRow

_SEQ, _WHEN, _WHO, _ACT, _WHOM = 8, 13, 13, 22, 8
_LABEL: Final = 13


def heads() -> Content:
    """Return the heads of the list."""
    named = (("entry", _SEQ), ("when", _WHEN), ("who", _WHO), ("act", _ACT), ("whom", _WHOM), ("standing", 10))
    return joined(*(column(plain(head, MUTED), size) for head, size in named))


def entry_line(row: EntryRow) -> Line:
    """Return one entry as a line of the list."""
    return Line(str(row.seq), partial(_draw, row))


def _draw(row: EntryRow, width: int) -> Content:
    return fit(
        joined(
            column(plain(f"{row.seq:,}", STRONG), _SEQ),
            column(plain(short_moment(_whole(row, "t")), MUTED), _WHEN),
            column(plain(row.who), _WHO),
            column(_act(row), _ACT),
            column(_whom(row), _WHOM),
            _standing(row),
        ),
        width,
    )


def _act(row: EntryRow) -> Content:
    out, act, kinds = row.fields["out"], str(row.fields["act"]), _words(row, "kinds")
    if out == Outcome.DENIED:
        return plain(f"denied: {(kinds or ['?'])[0].partition('.')[2]}", BAD)
    if out == Outcome.FAILED:
        return plain(f"failed: {act.partition('.')[2]}", WARN)
    return plain(f"{act} …" if out == Outcome.INTENT else act)


def _whom(row: EntryRow) -> Content:
    if len(row.customers) == 1:
        return plain(str(row.customers[0]))
    return plain(f"{TIMES}{_whole(row, 'n')}", MUTED) if len(row.customers) > 1 else NOTHING


def _standing(row: EntryRow) -> Content:
    value = row.fields["standing"]
    return standing_word(Standing(value)) if isinstance(value, str) and value in set(Standing) else NOTHING


def facts(row: EntryRow) -> Iterator[tuple[str, Content]]:
    """Yield the fields of an entry in words, one a line."""
    yield "entry", plain(f"{row.seq:,}", STRONG)
    stamp = _whole(row, "t")
    utc = dt.datetime.fromtimestamp(stamp / 1000, dt.UTC)
    yield "when", joined(plain(moment(stamp)), plain(f"  {utc:%Y-%m-%d %H:%M:%S.%f}"[:-3] + " UTC", MUTED))
    yield "who", plain(" · ".join(part for part in (row.who, _word(row, "role"), _word(row, "entity")) if part))
    yield "session", plain(" · ".join(part for part in (_word(row, "sid"), _word(row, "host")) if part))
    yield "act", joined(_act(row), plain(f"  {_word(row, 'out')}", MUTED))
    yield "purpose", plain(_word(row, "purpose") or DASH)
    yield "reference", joined(plain(row.reference or _word(row, "ref") or DASH), plain("  "), _standing(row))
    yield "basis", plain(_word(row, "basis") or DASH)
    yield "relation", plain(", ".join(_words(row, "rel")) or "none known")
    yield "level", plain(_word(row, "level") or DASH)
    yield "customers", plain(", ".join(map(str, row.customers)) or DASH)
    yield "kinds", plain(", ".join(_words(row, "kinds")) or DASH)
    yield "count", plain(f"{_whole(row, 'n'):,}")
    yield "policy", plain(_word(row, "policy"))


def fact_lines(row: EntryRow, width: int) -> Content:
    """Return the fields of an entry below one another, each wrapped beside its label."""
    return _below(((label, value) for label, value in facts(row)), width)


def detail_lines(detail: EntryDetail, width: int) -> Content:
    """Return everything an entry holds that this reader may see."""
    row = detail.row
    parts = [
        *facts(row),
        ("subjects", plain(", ".join(_words(row, "obj")) or DASH, MUTED)),
        ("log", plain(_word(row, "log"), MUTED)),
    ]
    parts += [(name, plain(value, lines=True)) for name, value in detail.openings.items()]
    parts += [(name, plain("not for your role, or emptied", MUTED)) for name in detail.withheld]
    return _below(iter(parts), width)


def _below(parts: Iterator[tuple[str, Content]], width: int) -> Content:
    lines: list[Content] = []
    for label, value in parts:
        wrapped = value.wrap(max(width - _LABEL, 8)) or [NOTHING]
        lines.append(joined(column(plain(label, MUTED), _LABEL), wrapped[0]))
        lines += [joined(Content(" " * _LABEL), rest) for rest in wrapped[1:]]
    return Content("\n").join(lines)


def _word(row: EntryRow, name: str) -> str:
    value = row.fields.get(name)
    return "" if value is None else str(value)


def _words(row: EntryRow, name: str) -> list[str]:
    value = row.fields.get(name)
    return [str(each) for each in value] if isinstance(value, tuple | list) else []


def _whole(row: EntryRow, name: str) -> int:
    value = row.fields.get(name)
    return value if isinstance(value, int) else 0
