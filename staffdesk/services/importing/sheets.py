"""The rows of a workbook's first sheet, taken apart by a process of its own: a small file may unpack to anything."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from staffdesk.domain.errors import BadInput
from staffdesk.services.importing import sheet_child
from staffdesk.services.importing.files import check_workbook
from staffdesk.services.importing.rows import LONGEST_RECORD, Row, problem_of

MOST_ROWS: Final = 200_000
"""Rows of the largest sheet: a workbook is unpacked as a whole."""

_CHILD: Final = Path(sheet_child.__file__)
_SECONDS, _MEGABYTES = 120, 230
"""Of the processor, and of addresses: a sheet of as many rows as are read takes half of either."""

_UNREADABLE: Final = ("The workbook cannot be read.", "Save it again as .xlsx, or as CSV.")
_UNPACKS: Final = ("The workbook unpacks to more than is read of one.", "Save the sheet as CSV.")
_TOO_LONG: Final = f"A row is longer than {LONGEST_RECORD:,} characters."


def sheet_rows(path: Path) -> Iterator[Row]:
    """Yield each row of a workbook's first sheet that is not blank, with the text of each cell; formulas do not act.

    Raises :class:`BadInput` for what is no workbook of values, and for one that does not fit.
    """
    check_workbook(path)
    asked = (path, _SECONDS, _MEGABYTES, MOST_ROWS, LONGEST_RECORD)
    with subprocess.Popen(  # noqa: S603 - our own file under our own interpreter, a path and numbers
        [sys.executable, "-I", "-B", str(_CHILD), *map(str, asked)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
    ) as child:
        try:
            yield from _rows(child.stdout or ())
        finally:
            child.kill()  # whoever asks for no more rows does not wait for them


def _rows(printed: Iterable[bytes]) -> Iterator[Row]:
    for line in printed:
        try:
            said = json.loads(line)
        except ValueError:
            break
        match said:
            case [int(number), list(cells)]:
                texts = [str(cell) for cell in cells]
                yield Row(number, texts, problem_of(texts))
            case [int(number), sheet_child.TOO_LONG]:
                yield Row(number, [], _TOO_LONG)
            case sheet_child.TOO_MANY:
                raise BadInput(f"The sheet has more than {MOST_ROWS:,} rows.", "Save it as CSV.")
            case sheet_child.UNREADABLE:
                raise BadInput(*_UNREADABLE)
            case sheet_child.END:
                return
    raise BadInput(*_UNPACKS)
