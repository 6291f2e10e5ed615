"""The rows of Shopify's orders export, gathered into orders: header, columns, line numbers, damaged rows."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from staffdesk.domain.errors import BadInput
from staffdesk.domain.imported import Place, Refused, UnknownColumns
from staffdesk.domain.screening import screen
from staffdesk.domain.text import visible
from staffdesk.services.importing.parts import refused
from staffdesk.services.importing.reading import NOT_UTF8

_NEEDED: Final = ("Name", "Created at", "Currency", "Total")
_OF_THE_ORDER: Final = (
    *_NEEDED,
    *("Id", "Email", "Phone", "Financial Status", "Paid at", "Fulfillment Status", "Fulfilled at", "Cancelled at"),
    *("Taxes", "Refunded Amount", "Billing Province Name", "Shipping Province Name"),
    *(
        f"{whose} {what}"
        for whose in ("Billing", "Shipping")
        for what in ("Name", "Company", "Street", "Address1", "Address2", "City", "Zip", "Province", "Country", "Phone")
    ),
)
ITEM_COLUMNS: Final = ("Lineitem name", "Lineitem quantity", "Lineitem price", "Lineitem sku")
"""The columns read of a line item; a row in which they are all empty has none."""

_LEFT_OUT: Final = (
    *("Accepts Marketing", "Subtotal", "Shipping", "Discount Code", "Discount Amount", "Shipping Method", "Notes"),
    *("Note Attributes", "Payment Method", "Payment Reference", "Payment ID", "Payment References", "Tags", "Source"),
    *(
        "Payment Terms Name",
        "Next Payment Due At",
        "Vendor",
        "Outstanding Balance",
        "Employee",
        "Location",
        "Device ID",
    ),
    *("Risk Level", "Receipt Number", "Duties", "Lineitem compare at price", "Lineitem requires shipping"),
    *("Lineitem taxable", "Lineitem fulfillment status", "Lineitem discount"),
    *(f"Tax {number} {what}" for number in range(1, 6) for what in ("Name", "Value")),
)
_SPELT: Final[Mapping[str, str]] = {name.casefold(): name for name in (*_OF_THE_ORDER, *ITEM_COLUMNS, *_LEFT_OUT)}
_CUSTOMERS_ONLY: Final = frozenset({"first name", "last name", "total spent", "total orders"})
_DELIMITERS = ",;\t"
_LONGEST_NAME = 60
_MOST_DAMAGED = 100

_EXPORT_ORDERS = "Export the orders and import that file."
_EXPORT_AGAIN = "Export the file again and import it as it is."
_NO_ORDERS = "The file is not an orders export of Shopify: it has no columns"
_CUSTOMERS = "This is a file of customers, not of orders."
_DAMAGED = "A row cannot be read: a quotation mark in it is not closed or stands in the wrong place."
_TOO_DAMAGED = "A hundred rows could not be read, so the rest of the file was left."
_UNDECODED = re.compile("[\udc80-\udcff]")


@dataclass(frozen=True, slots=True, repr=False)
class OrderRows:
    """The rows of one order: the fields of the order itself, and those of each of its line items."""

    place: Place
    own: dict[str, object]
    items: tuple[dict[str, object], ...]


def gathered_orders(content: bytes, file: Place) -> Iterator[OrderRows | Refused | UnknownColumns]:
    """Gather the rows of a CSV export into orders; rows of one order follow each other and repeat its name.

    A row that cannot be read, or that says something else about the order than its first row, spoils its order alone.
    """
    lines = _Lines(content)
    try:
        columns = _Columns(lines)
    except BadInput as error:
        yield refused(file, error)
        return
    if columns.unknown:
        yield UnknownColumns(file, columns.unknown)
    open_order: _OpenOrder | None = None
    damaged = 0
    for row in lines.rows(columns.delimiter):
        number = columns.order_number(row)
        if not (open_order and number and number == open_order.number):
            if open_order:
                yield open_order.close()
            open_order = _OpenOrder(number, replace(file, position=f"line {row.line}"))
        open_order.add(columns, row)
        damaged += row.damaged
        if damaged == _MOST_DAMAGED:
            break
    if open_order:
        yield open_order.close()
    if damaged == _MOST_DAMAGED:
        yield refused(file, BadInput(_TOO_DAMAGED, _EXPORT_AGAIN))


@dataclass(frozen=True, slots=True, repr=False)
class _Row:
    """One row and the number of its first line; of a damaged row, the cells of that line as far as they can be told."""

    line: int
    cells: list[str]
    damaged: bool = False


class _Lines:
    """The physical lines of the file, from which reading can go on after the first line of a damaged row."""

    def __init__(self, content: bytes) -> None:
        self._content = content if b"\n" in content else content.replace(b"\r", b"\n")
        self._at = 0
        self._number = 0

    def __iter__(self) -> Iterator[str]:
        while self._at < len(self._content):
            start, self._at = self._at, self._after_line(self._at)
            self._number += 1
            yield self._content[start : self._at].decode("utf-8", "surrogateescape")

    def rows(self, delimiter: str) -> Iterator[_Row]:
        """Give each row that is not blank; one whose quotation marks do not match ends with its first line."""
        reader = csv.reader(self, delimiter=delimiter, strict=True)
        while True:
            start, number = self._at, self._number + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                self._at, self._number = self._after_line(start), number
                reader = csv.reader(self, delimiter=delimiter, strict=True)
                line = self._content[start : self._at].decode("utf-8", "surrogateescape")
                yield _Row(number, [cell.strip('" \r\n') for cell in line.split(delimiter)], damaged=True)
                continue
            if any(cell.strip() for cell in cells):
                yield _Row(number, cells)

    def rewind(self) -> None:
        """Start again at the first line."""
        self._at = self._number = 0

    def _after_line(self, start: int) -> int:
        return self._content.find(b"\n", start) + 1 or len(self._content)


class _Columns:
    """The header: which field stands in which column; raises ``BadInput`` where it is not one of an orders export."""

    def __init__(self, lines: _Lines) -> None:
        headers: list[tuple[int, str, list[str]]] = []
        for delimiter in _DELIMITERS:
            lines.rewind()
            first = next(lines.rows(delimiter), None)
            names = first.cells if first and not first.damaged else []
            headers.append((sum(name.strip().casefold() in _SPELT for name in names), delimiter, names))
        _, self.delimiter, header = max(headers, key=lambda found: found[0])
        lines.rewind()
        next(lines.rows(self.delimiter), None)
        self.names = [_SPELT.get(name.strip().casefold(), "") for name in header]
        self.unknown = tuple(
            _shown(name) or f"column {number}"
            for number, (name, known) in enumerate(zip(header, self.names, strict=True), start=1)
            if not known
        )
        missing = [name for name in _NEEDED if name not in self.names]
        if missing and _CUSTOMERS_ONLY & {name.strip().casefold() for name in header}:
            raise BadInput(_CUSTOMERS, _EXPORT_ORDERS)
        if missing:
            raise BadInput(f"{_NO_ORDERS} {', '.join(missing)}.", _EXPORT_ORDERS)
        twice = sorted({name for name in self.names if name and self.names.count(name) > 1})
        if twice:
            raise BadInput(
                f"It cannot be told which column counts: {', '.join(twice)} stands in the header twice.", _EXPORT_AGAIN
            )

    def order_number(self, row: _Row) -> str:
        """Find the order's name in a row, which may be too short to have one."""
        column = self.names.index("Name")
        return row.cells[column].strip() if column < len(row.cells) else ""

    def fields(self, row: _Row) -> dict[str, object]:
        """Name the cells of a row; an unknown column gets a name of its own, so that what it holds is counted."""
        if row.damaged:
            raise BadInput(_DAMAGED, _EXPORT_AGAIN)
        if len(row.cells) != len(self.names):
            raise BadInput(f"A row has {len(row.cells)} fields where the header has {len(self.names)}.", _EXPORT_AGAIN)
        if any(_UNDECODED.search(cell) for cell in row.cells):
            raise BadInput(*NOT_UTF8)
        return {
            name or f"column {number}": cell.strip(" ").removeprefix("'") if name.endswith((" Zip", "Phone")) else cell
            for number, (name, cell) in enumerate(zip(self.names, row.cells, strict=True), start=1)
        }


def _shown(name: str) -> str:
    """Return an unknown column's name as it may be printed; empty where it holds what must not be held."""
    return "" if screen(name) else visible(name.strip())[:_LONGEST_NAME]


class _OpenOrder:
    """An order whose rows are still coming."""

    def __init__(self, number: str, place: Place) -> None:
        self.number = number
        self._place = place
        self._rows: list[dict[str, object]] = []
        self._problem: BadInput | None = None

    def add(self, columns: _Columns, row: _Row) -> None:
        """Add a row; its fields of the order are blank or say what the first row says."""
        try:
            fields = columns.fields(row)
        except BadInput as error:
            self._problem = self._problem or error
            return
        first = self._rows[0] if self._rows else fields
        for name in _OF_THE_ORDER:
            if fields.get(name, "") not in {"", first.get(name, "")}:
                self._problem = self._problem or BadInput(f"Two rows of the order differ in {name}.", _EXPORT_AGAIN)
        self._rows.append(fields)

    def close(self) -> OrderRows | Refused:
        """Give the order, or why it cannot be taken."""
        if self._problem:
            return refused(self._place, self._problem)
        first = self._rows[0]
        own = {name: value for name, value in first.items() if not name.startswith("Lineitem")}
        items = [{name: value for name, value in first.items() if name.startswith("Lineitem")}]
        items += [{name: value for name, value in row.items() if name not in _OF_THE_ORDER} for row in self._rows[1:]]
        return OrderRows(self._place, own, tuple(items))
