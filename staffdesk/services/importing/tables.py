"""Tables by their profile: the header is looked for, columns are named by it in any order, the rest is dropped."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Final

from staffdesk.domain.errors import BadInput
from staffdesk.domain.imported import Dropped, Place
from staffdesk.domain.manifest import Manifest
from staffdesk.domain.read_items import Column, Columns, ReadItem, SameColumns, UnknownColumns
from staffdesk.domain.screening import screen
from staffdesk.domain.text import visible
from staffdesk.services.importing.fields import Fields
from staffdesk.services.importing.files import Form, encoding_of
from staffdesk.services.importing.listed import BUILDERS
from staffdesk.services.importing.order_rows import NamedRow, orders
from staffdesk.services.importing.ordered import LINE_FIELD
from staffdesk.services.importing.other_profiles import OfAnotherSource, refuse_anothers
from staffdesk.services.importing.parts import read_one, refused
from staffdesk.services.importing.profiles import Profile, RecordSort, Table, folded
from staffdesk.services.importing.reading import place_in
from staffdesk.services.importing.rows import DELIMITERS, NOT_DECODED, Row, sample, text_rows
from staffdesk.services.importing.sheets import sheet_rows
from staffdesk.services.importing.vcards import cards

_LONGEST_NAME: Final = 60
_MOST_COLUMNS: Final = 5_000
"""Columns of the widest table; each is compared with all that a profile knows."""

_MOST_DAMAGED: Final = 100
_AGAIN: Final = "Export the file again and import it as it is."
_UNKNOWN: Final = "not known"
_MOMENT: Final = "_at"
"""How the fields are called that hold a date and time."""

_TOO_DAMAGED: Final = "A hundred rows could not be read, so the rest of the file was left."


def read_table(profile: Profile, manifest: Manifest | None, path: Path, form: Form) -> Iterator[ReadItem]:
    """Read one file of a source by its profile, row by row; what cannot be taken comes as ``Refused``."""
    file = place_in(path)
    try:
        if form is Form.VCARD:
            yield from _cards(profile, path, file)
            return
        encoding = encoding_of(path, None if manifest is None else manifest.encoding)
        comma = profile.decimal_comma or (manifest is not None and manifest.decimal_comma)
        header, rows = _opened(profile, path, form, encoding)
        if header.unknown:
            yield UnknownColumns(file, header.unknown)
        if header.same:
            yield SameColumns(file, header.same)
        zone = zone_of(profile, manifest)
        taken = partial(Fields, reasons=header.reasons, columns=header.columns, comma=comma, zone=zone)
        named, table = _named_rows(header, rows, file), header.table
        if table.record is RecordSort.ORDER:
            yield from orders(profile, table, named, taken)
            return
        for row in named:
            if row.problem is not None:
                yield refused(row.place, row.problem)
                continue
            fields = taken(row.content)
            yield read_one(row.place, partial(BUILDERS[table.record], profile, table, fields), (fields,))
    except BadInput as error:
        yield refused(file, error)


def columns_of(profile: Profile, manifest: Manifest | None, path: Path, form: Form) -> Columns | None:
    """Return what the columns of a file become; None for cards, and where it is no table of the source's."""
    if form is Form.VCARD:
        return None
    try:
        encoding = encoding_of(path, None if manifest is None else manifest.encoding)
        header, _ = _opened(profile, path, form, encoding)
    except BadInput:
        return None  # it is said with its reason where the file itself is read
    timed = any(field.endswith(_MOMENT) for field in header.columns)
    return Columns(place_in(path), header.table.name, header.told(), zone_of(profile, manifest) if timed else None)


def zone_of(profile: Profile, manifest: Manifest | None) -> str:
    """Return the time zone of moments that name none: what was told of the file, else the source's."""
    return profile.zone if manifest is None or manifest.zone is None else manifest.zone


@dataclass(frozen=True, slots=True, repr=False)
class _Header:
    """Which table it is and which field stands in which column, an empty text where the column is not known.

    ``keys`` names each cell: by its field, or as the file does, so that what is not taken is counted by its reason.
    ``columns`` are the fields by the names that the source has for them; ``same`` are the columns that say what another
    does, each with the one that counts.
    """

    table: Table
    line: int
    keys: tuple[str, ...]
    reasons: Mapping[str, Dropped]
    columns: Mapping[str, str]
    unknown: tuple[str, ...]
    known: int
    names: tuple[str, ...]
    same: tuple[tuple[str, str], ...]

    def told(self) -> tuple[Column, ...]:
        """Say what each column becomes; one without a name is told by its number."""
        return tuple(
            Column(name or f"column {number}", key)
            if key in self.table.columns
            else Column(name or f"column {number}", None, self.reasons[key].value if key in self.reasons else _UNKNOWN)
            for number, (key, name) in enumerate(zip(self.keys, self.names, strict=True), start=1)
        )


class _NoTable(BadInput):
    """No row names the columns of any table of the source's."""


def _opened(profile: Profile, path: Path, form: Form, encoding: str) -> tuple[_Header, Iterator[Row]]:
    if form is Form.WORKBOOK:
        rows = sheet_rows(path)
        first = [row for _, row in zip(range(profile.header_within), rows, strict=False)]
        header = _header(profile, ((row.line, row.cells) for row in first))
        return header, (row for row in chain(first, rows) if row.line > header.line)
    lines = sample(path, encoding, profile.header_within)
    found: list[tuple[_Header, str]] = []
    problem: BadInput | None = None
    for delimiter in profile.delimiter or DELIMITERS:
        try:
            reader = csv.reader(lines, delimiter=delimiter)
            found.append((_header(profile, ((reader.line_num, cells) for cells in reader)), delimiter))
        except OfAnotherSource:
            raise
        except (BadInput, csv.Error) as error:
            # What is wrong with a header that was found says more than that none was, by another delimiter.
            if problem is None or (isinstance(problem, _NoTable) and isinstance(error, BadInput)):
                problem = error if isinstance(error, BadInput) else BadInput("It is no table.", _AGAIN)
    if not found:
        raise problem or BadInput("It is no table.", _AGAIN)
    header, delimiter = max(found, key=lambda each: each[0].known)
    return header, (row for row in text_rows(path, encoding, delimiter) if row.line > header.line)


def _header(profile: Profile, rows: Iterable[tuple[int, list[str]]]) -> _Header:
    """Find the row that names the columns; raises :class:`BadInput` where none does, or one is named twice."""
    seen: list[list[str]] = []
    for line, cells in rows:
        if len(cells) > _MOST_COLUMNS:
            raise BadInput(f"It has more than {_MOST_COLUMNS:,} columns.", "Export it with those that are needed.")
        fitting = [header for table in profile.tables if (header := _fitted(profile, table, line, cells)) is not None]
        if fitting:
            chosen = max(fitting, key=lambda each: each.known)
            if chosen.unknown:
                refuse_anothers(profile, cells, fits=True)
            return chosen
        seen.append(cells)
    for cells in seen:
        refuse_anothers(profile, cells, fits=False)
    needed = "; or ".join(map(_needed, profile.tables))
    raise _NoTable(f"It is none of the tables of this source: no row names the columns {needed}.", _AGAIN)


def _needed(table: Table) -> str:
    return ", ".join(table.columns[name][0] for name in table.needs)


def _fitted(profile: Profile, table: Table, line: int, cells: Sequence[str]) -> _Header | None:
    names = [folded(cell) for cell in cells]
    often = Counter(names)
    twice = sorted({_shown(cell) for cell, name in zip(cells, names, strict=True) if name and often[name] > 1})
    spelt: dict[str, str] = {}
    columns: dict[str, str] = {}
    same: list[tuple[str, str]] = []
    left_out = {folded(name): reason for reason, listed in profile.left_out.items() for name in listed}
    written = dict(zip(names, map(_shown, cells), strict=True))
    for field, listed in table.columns.items():
        standing = {folded(each): written[folded(each)] or each for each in listed if folded(each) in often}
        for name, column in standing.items():
            if field in columns:
                left_out[name] = Dropped.OTHER
                same.append((column, columns[field]))
            else:
                spelt[name], columns[field] = field, column
    fields = tuple(spelt.get(name, "") for name in names)
    if not set(table.needs) <= set(fields):
        return None
    if table.needs_one and set(table.needs_one).isdisjoint(fields):
        either = " or ".join(table.columns[name][0] for name in table.needs_one)
        raise BadInput(
            f"It does not say what was ordered: there is no column {either}.",
            "Export the orders with one row for each item.",
        )
    if twice:
        raise BadInput(f"It cannot be told which column counts: {', '.join(twice)} stands in the header twice.", _AGAIN)
    unknown = tuple(
        _shown(cell) or f"column {number}"
        for number, (cell, name, field) in enumerate(zip(cells, names, fields, strict=True), start=1)
        if not field and name not in left_out and name
    )
    named = [f"column {cell}" if cell in table.columns or cell.startswith(LINE_FIELD) else cell for cell in cells]
    keys = tuple(field or name for field, name in zip(fields, named, strict=True))
    reasons = {key: left_out[name] for key, name in zip(keys, names, strict=True) if name in left_out}
    shown = tuple(map(_shown, cells))
    return _Header(table, line, keys, reasons, columns, unknown, sum(map(bool, fields)), shown, tuple(same))


def _shown(name: str) -> str:
    """Return a column's name as it may be printed; empty where it holds what must not be held."""
    return "" if screen(name) else visible(name.strip())[:_LONGEST_NAME]


def _named_rows(header: _Header, rows: Iterator[Row], file: Place) -> Iterator[NamedRow]:
    """Name the cells of each row; raises :class:`BadInput` where too many rows cannot be read to go on."""
    damaged, group_by = 0, header.table.group_by
    at = header.keys.index(group_by) if group_by in header.keys else len(header.keys)
    for row in rows:
        place = Place(file.file, f"line {row.line}")
        group = row.cells[at].strip() if at < len(row.cells) else ""
        if row.problem is not None:
            damaged += 1
            hint = NOT_DECODED[1] if row.problem == NOT_DECODED[0] else _AGAIN
            yield NamedRow(place, group, {}, BadInput(row.problem, hint))
            if damaged == _MOST_DAMAGED:
                raise BadInput(_TOO_DAMAGED, _AGAIN)
            continue
        try:
            yield NamedRow(place, group, _named(header, row.cells))
        except BadInput as error:
            yield NamedRow(place, group, {}, error)


def _named(header: _Header, cells: Sequence[str]) -> dict[str, object]:
    """Name the cells of a row; what is not taken keeps its column's name, by which it is counted."""
    many = len(header.keys)
    if len(cells) < many or any(cell.strip() for cell in cells[many:]):
        raise BadInput(f"A row has {len(cells)} fields where the header has {many}.", _AGAIN)
    named: dict[str, object] = dict(header.table.constants)
    named.update((key, text) for key, cell in zip(header.keys, cells, strict=False) if (text := cell.strip()))
    return named


def _cards(profile: Profile, path: Path, file: Place) -> Iterator[ReadItem]:
    """Read a file of vCards, where the source may come as such."""
    if not profile.vcards:
        raise BadInput("It is a file of vCards, and this source does not come as such.", _AGAIN)
    table = profile.tables[0]
    for number, card in enumerate(cards(path), start=1):
        place = replace(file, position=f"card {number}")
        if isinstance(card, BadInput):
            yield refused(place, card)
            continue
        fields = Fields(card)
        yield read_one(place, partial(BUILDERS[table.record], profile, table, fields), (fields,))
