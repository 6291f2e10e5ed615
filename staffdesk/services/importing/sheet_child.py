"""Reads the first sheet of a workbook and prints its rows; run alone, in a process that can hold little memory.

A workbook of a few kilobytes may name a cell so far out, or one text so often, that no machine holds the sheet. What is
printed is a line of JSON each: a row as its number and its cells, and last ``"end"``, or the word for what is wrong.
"""

from __future__ import annotations

import datetime as dt
import json
import runpy
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

END: Final = "end"
UNREADABLE: Final = "unreadable"
TOO_MANY: Final = "rows"
TOO_LONG: Final = "long"
"""What may stand last, or in the place of a row's cells."""

_CONFINED: Final = Path(__file__).parents[1] / "confined.py"
"""By its place, since the program itself cannot be asked for here: its folder may be on no path."""

_EPOCH_DAY: Final = dt.time()


def rows(path: str, most_rows: int, longest: int) -> Iterator[object]:
    """Yield what is printed of a workbook; a row of more than ``longest`` characters without its cells."""
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 - within the limits

    try:
        with CalamineWorkbook.from_path(path) as book:
            sheet = book.get_sheet_by_index(0)
            if sheet.total_height > most_rows:
                yield TOO_MANY
                return
            number = 0 if sheet.start is None else sheet.start[0]
            for cells in sheet.iter_rows():
                number += 1
                texts = [_cell(value) for value in cells]
                if any(texts):
                    yield [number, TOO_LONG if sum(map(len, texts)) > longest else texts]
    except (CalamineError, OSError, ValueError, IndexError):
        yield UNREADABLE
    else:
        yield END


def _cell(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer():
            return str(int(value))
        case dt.datetime():
            return value.date().isoformat() if value.time() == _EPOCH_DAY else value.isoformat(" ", "seconds")
        case dt.date() | dt.time():
            return value.isoformat()
        case _:
            return str(value)


def main(arguments: list[str]) -> int:
    """Print the rows of the workbook named; return the exit code."""
    path, *numbers = arguments
    seconds, megabytes, most_rows, longest = map(int, numbers)
    runpy.run_path(str(_CONFINED))["limit"](seconds, megabytes)
    for each in rows(path, most_rows, longest):
        sys.stdout.write(json.dumps(each) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
