"""Entries of the log as lines of a list, and one entry as lines of fields."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from textual.content import Content

from staffdesk.audit.opening import OpeningKind, kind_of
from staffdesk.domain.access import Act, Outcome, Standing
from staffdesk.tui.phrases import moment, short_moment, standing_word
from staffdesk.tui.plain import BAD, DASH, MUTED, NOTHING, STRONG, TIMES, WARN, column, fit, joined, plain
from staffdesk.tui.widgets.rows import Line, words

if TYPE_CHECKING:
    from staffdesk.domain.entry_filter import EntryFilter
    from staffdesk.services.audit_review import EntryDetail, EntryPage
    from staffdesk.services.log_rows import EntryRow

_HEADS: Final = ("entry", "when", "who", "act", "whom", "standing")
_WHO, _ACT = 2, 3
_USUAL: Final = (8, 13, 8, 25, 8, 11)
"""How wide each column is where nothing in it is wider."""
_AT_ENTER: Final = (0, 5)
"""The columns for which a narrow list has no room: number and standing."""
_MOST_WHO: Final = 20
_LABEL: Final = 13
_OPENINGS: Final = {
    OpeningKind.REASON: "What staff wrote; for admin and auditor",
    OpeningKind.VALUE: "Values; for privacy, from the person's record",
}
_WITHHELD: Final = "not for your role, or emptied"


def entry_lines(entries: Sequence[EntryRow]) -> list[Line]:
    """Return the heads and the entries as lines of a list, whose columns are as wide as what stands in them needs."""
    heads = [plain(head, MUTED) for head in _HEADS]
    table = [_cells(row) for row in entries]
    needed = [max(cell.cell_length for cell in cells) + 1 for cells in zip(heads, *table, strict=True)]
    lines = (Line(str(row.seq), partial(_columns, cells, needed)) for row, cells in zip(entries, table, strict=True))
    return [Line("", partial(_columns, heads, needed), stays=True), *lines]


def _cells(row: EntryRow) -> list[Content]:
    return [
        plain(f"{row.seq:,}", STRONG),
        plain(short_moment(_whole(row, "t")), MUTED),
        plain(row.who),
        _act(row),
        _whom(row),
        _standing(row),
    ]


def _columns(cells: Sequence[Content], needed: Sequence[int], width: int) -> Content:
    return fit(joined(*map(column, cells, _sizes(needed, width))), width)


def _sizes(needed: Sequence[int], width: int) -> list[int]:
    """Share a line out: each column takes what it needs, then what it usually has; who takes what is left.

    In a narrow list number and standing wait for Enter; where the rest is still too much, who is cut first, then the
    act, neither below its usual width.
    """
    narrow = width < sum(_USUAL)
    sizes = [0 if narrow and place in _AT_ENTER else each for place, each in enumerate(needed)]
    sizes[_WHO] = min(sizes[_WHO], _MOST_WHO)
    for place in (_WHO, _ACT):
        over = max(sum(sizes) - width, 0)
        sizes[place] -= min(over, max(sizes[place] - _USUAL[place], 0))
    most = [0 if not size else usual for size, usual in zip(sizes, _USUAL, strict=True)]
    for place, each in (*enumerate(most), (_WHO, _MOST_WHO)):
        room = max(width - sum(sizes), 0)
        sizes[place] += min(room, max(each - sizes[place], 0))
    return sizes


def _act(row: EntryRow) -> Content:
    """Return the act in the words of the filter, and how it ended where it did not simply end well."""
    out, act = row.fields["out"], " ".join(filter(None, (str(row.fields["act"]), row.move)))
    if out == Outcome.DENIED:
        refused = _refused(row)
        return plain(f"{act} {refused}" if refused else act, BAD)
    if out == Outcome.FAILED:
        return plain(f"{act} failed", WARN)
    return plain(f"{act} intent" if out == Outcome.INTENT else act)


def _refused(row: EntryRow) -> str:
    """Return the act that a ``denied`` entry is about; any other refusal is named by its own act."""
    return next(iter(_words(row, "kinds")), "") if row.fields["act"] == Act.DENIED else ""


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
    yield "act", joined(plain(_word(row, "act")), plain(f"  {_word(row, 'out')}", MUTED))
    if _refused(row):
        yield "refused", plain(_refused(row), BAD)
    if row.move:
        yield "move", plain(row.move.replace("_", " "))
    yield "purpose", plain(_word(row, "purpose") or DASH)
    yield "reference", joined(plain(row.reference or _word(row, "ref") or DASH), plain("  "), _standing(row))
    yield "basis", plain(_word(row, "basis") or DASH)
    if "rel" in row.fields:
        yield "relation", plain(", ".join(_words(row, "rel")) or "none known")
    yield "level", plain(_word(row, "level") or DASH)
    yield "customers", plain(", ".join(map(str, row.customers)) or DASH)
    yield "kinds", plain(", ".join(_words(row, "kinds")) or DASH)
    yield "count", plain(f"{_whole(row, 'n'):,}")
    yield "policy", plain(_word(row, "policy"))


def fact_lines(row: EntryRow, width: int) -> Content:
    """Return the fields of an entry below one another, each wrapped beside its label."""
    return _below(facts(row), width, _LABEL)


def detail_lines(detail: EntryDetail, width: int) -> Content:
    """Return everything an entry holds that this reader may see, what staff wrote apart from values."""
    row = detail.row
    parts = [
        *facts(row),
        ("subjects", plain(", ".join(_words(row, "obj")) or DASH, MUTED)),
        ("log", plain(_word(row, "log"), MUTED)),
    ]
    for kind, head in _OPENINGS.items():
        shown = {name: plain(value, lines=True) for name, value in detail.openings.items() if kind_of(name) is kind}
        shown |= {name: plain(_WITHHELD, MUTED) for name in detail.withheld if kind_of(name) is kind}
        if shown:
            parts += [("", NOTHING), ("", plain(head, STRONG)), *shown.items()]
    return _below(iter(parts), width, max(_LABEL, *(len(label) + 1 for label, _ in parts)))


def _below(parts: Iterator[tuple[str, Content]], width: int, label_width: int) -> Content:
    lines: list[Content] = []
    for label, value in parts:
        wrapped = value.wrap(max(width - label_width, 8)) or [NOTHING]
        lines.append(joined(column(plain(label, MUTED), label_width), wrapped[0]))
        lines += [joined(Content(" " * label_width), rest) for rest in wrapped[1:]]
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


def page_lines(page: EntryPage, wanted: EntryFilter) -> list[Line]:
    """Return the entries, or that there are none, and how far was looked where older ones are still unread."""
    from staffdesk.services.audit_review import PAGE  # noqa: PLC0415 - a number

    looked = page.next_before if len(page.entries) < PAGE else None
    if page.entries:
        lines = entry_lines(page.entries)
        if looked is not None:
            lines.append(words(plain(f"Looked back to entry {looked:,}; o looks further.", MUTED)))
        return lines
    if looked is not None:
        return [
            words(plain(f"No entries match back to entry {looked:,}.")),
            words(plain("o looks further back; a narrower filter looks further at once (f).", MUTED)),
        ]
    wider = "Widen the dates" if wanted.since_ms or wanted.until_ms else "Change the filter"
    return [words(plain("No entries match.")), words(plain(f"{wider} (f).", MUTED))]
