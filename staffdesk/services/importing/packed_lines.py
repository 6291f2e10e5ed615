"""All lines of an order in one cell, as WooCommerce's Customer/Order/Coupon Export writes them.

Source: woocommerce.com/document, Customer/Order/Coupon Export, and what it writes: ``name:…|sku:…|quantity:…`` with a
semicolon between two lines and a backslash before a colon, a bar or a semicolon of a value; or a list in JSON. A value
that ends in a backslash, and one with a colon of which an old version wrote none before it, cannot be told from the
next: they are refused, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from staffdesk.domain.errors import BadInput
from staffdesk.services.importing.ordered import LINE_FIELD
from staffdesk.services.importing.reading import parse

PACKED: Final = "packed"
"""The field of a table that holds all lines of an order."""

_PIECE: Final = re.compile(r"\\[:|;]|[:|;]|[^:|;\\]+|\\")
_ROWS_INSTEAD: Final = "Export the orders with one row for each item, or with the items as JSON."


def unpacked(cell: str, column: str, names: Mapping[str, str], most: int) -> list[dict[str, object]]:
    """Return the lines of a filled cell by field, or by the cell's own name for what is no field.

    ``names`` says what each field goes by in the cell, ``most`` is how many lines are read. Raises :class:`BadInput`,
    which names ``column`` and the line and quotes nothing, for what cannot be told apart.
    """
    lines = _of_json(cell, column) if cell.startswith(("[", "{")) else _of_text(cell, column)
    if len(lines) > most:
        raise BadInput(f"Field {column}: it holds more than {most:,} items.", _ROWS_INSTEAD)
    fields = {name: field for field, name in names.items()}
    return [
        {fields.get(name, f"in {name}" if name.startswith(LINE_FIELD) else name): value for name, value in line.items()}
        for line in lines
    ]


def _of_json(cell: str, column: str) -> list[dict[str, object]]:
    try:
        listed = parse(cell.encode("utf-8", "surrogatepass"))
    except BadInput as error:
        raise BadInput(f"Field {column}: {error.sentence}", _ROWS_INSTEAD) from None
    if not isinstance(listed, list):
        raise BadInput(f"Field {column}: it is not a list.", _ROWS_INSTEAD)
    lines = []
    for number, line in enumerate(listed, start=1):
        if not isinstance(line, dict):
            raise BadInput(f"Field {column}, item {number}: it is not an object with named fields.", _ROWS_INSTEAD)
        lines.append({str(name): _unquoted(value) for name, value in line.items()})
    return lines


def _unquoted(value: object) -> object:
    """Turn back the quotation marks, which the export writes as in HTML lest they end the cell."""
    return value.replace("&quot;", '"') if isinstance(value, str) else value


def _of_text(cell: str, column: str) -> list[dict[str, object]]:
    lines: list[dict[str, object]] = []
    for number, parts in enumerate(_split(cell), start=1):
        line: dict[str, object] = {}
        for part in parts:
            if len(part) != 2:  # noqa: PLR2004 - a name and its value
                raise BadInput(
                    f"Field {column}, item {number}: where a value of it begins and ends cannot be told.", _ROWS_INSTEAD
                )
            name, value = part[0].strip(), part[1].strip()
            if name in line:
                raise BadInput(f"Field {column}, item {number}: a name stands in it twice.", _ROWS_INSTEAD)
            line[name] = value
        lines.append(line)
    return lines


def _split(cell: str) -> list[list[list[str]]]:
    """Cut a cell into lines, parts, and what stands between the colons of a part, each with its backslashes undone."""
    lines = [[[""]]]
    for piece in _PIECE.findall(cell):
        match piece:
            case ";":
                lines.append([[""]])
            case "|":
                lines[-1].append([""])
            case ":":
                lines[-1][-1].append("")
            case _:
                lines[-1][-1][-1] += piece[1:] if len(piece) > 1 and piece[0] == "\\" else piece
    return lines
