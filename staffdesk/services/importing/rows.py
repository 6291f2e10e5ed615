"""The rows of a table in a text file, one after another, by its delimiter."""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import TextIOWrapper
from pathlib import Path
from typing import Final, TextIO

from staffdesk.domain.errors import BadInput
from staffdesk.services.importing.files import opened

DELIMITERS: Final = ",;\t|"
LONGEST_LINE: Final = 1_000_000
"""Characters of the longest line read; a file without line ends is refused before it fills the memory."""

LONGEST_RECORD: Final = 250_000

_MOST_BLANK: Final = 10_000
_EXPORT_AGAIN: Final = "Export the file again and import it as it is."
_UNDECODED: Final = re.compile("[\udc80-\udcff]")

NOT_DECODED: Final = (
    "It is not UTF-8 text.",
    "Save it as UTF-8, or tell its encoding, for example --encoding latin-1.",
)
_DAMAGED: Final = "A row cannot be read: a quotation mark in it is not closed or stands in the wrong place."
_LONG: Final = f"A cell is longer than {csv.field_size_limit():,} characters."
_NUL: Final = "A row holds a NUL character."


@dataclass(frozen=True, slots=True, repr=False)
class Row:
    """One row and the number of its first line; ``problem`` says why it cannot be read.

    Of one whose quotation marks do not match, ``cells`` are those of its first line as far as they can be told.
    """

    line: int
    cells: list[str]
    problem: str | None = None


def sample(path: Path, encoding: str, most: int) -> list[str]:
    """Return the first lines of a text file, to find the header in; raises :class:`BadInput`."""
    with _text(path, encoding) as file:
        found, length = list[str](), 0
        for line in _bounded(file):
            found.append(line)
            length += len(line)
            if len(found) == most or length > LONGEST_LINE:
                break
    if any(_UNDECODED.search(line) for line in found):
        raise BadInput(*NOT_DECODED)
    return found


def text_rows(path: Path, encoding: str, delimiter: str) -> Iterator[Row]:
    """Yield each row of a text file that is not blank; nothing is held but the row.

    A row whose quotation marks do not match ends with its first line. Raises :class:`BadInput` for too long a line.
    """
    with _text(path, encoding) as file:
        lines = _Lines(_bounded(file))
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        while True:
            lines.begin_row()
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                problem = _LONG if "field limit" in str(error) else _DAMAGED
                yield Row(lines.first, [cell.strip('" \r\n') for cell in lines.begun.split(delimiter)], problem)
                lines.go_back()
                reader = csv.reader(lines, delimiter=delimiter, strict=True)
                continue
            if any(cell.strip() for cell in cells):
                yield Row(lines.first, cells, problem_of(cells))


def problem_of(cells: list[str]) -> str | None:
    """Return why a row cannot be taken by what stands in its cells, or nothing."""
    whole = "".join(cells)
    if whole.isascii() and "\0" not in whole:
        return None
    for cell in cells:
        if not cell.isascii() and _UNDECODED.search(cell):
            return NOT_DECODED[0]
        if "\0" in cell:
            return _NUL
    return None


@contextmanager
def _text(path: Path, encoding: str) -> Iterator[TextIO]:
    with opened(path) as file, TextIOWrapper(file, encoding, "surrogateescape", newline="") as text:
        yield text


def _bounded(file: TextIO) -> Iterator[str]:
    """Yield the lines of a file, which may end as on any system."""
    try:
        while line := file.readline(LONGEST_LINE + 1):
            if len(line) > LONGEST_LINE:
                raise BadInput(f"A line is longer than {LONGEST_LINE:,} characters.", _EXPORT_AGAIN)
            yield line
    except UnicodeError:
        raise BadInput(*NOT_DECODED) from None


@dataclass(slots=True)
class _Lines:
    """The lines as the reader of CSV takes them; those of a damaged row but its first are given once more."""

    source: Iterator[str]
    number: int = 0
    first: int = 0
    _length: int = 0
    _taken: list[str] = field(default_factory=list)
    _again: deque[str] = field(default_factory=deque)

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if self._length > LONGEST_RECORD:
            raise csv.Error
        line = self._again.popleft() if self._again else next(self.source)
        self.number += 1
        self._length += len(line)
        self._taken.append(line)
        return line

    @property
    def begun(self) -> str:
        """The first line of the row."""
        return self._taken[0] if self._taken else ""

    def begin_row(self) -> None:
        """Remember from here what a row is made of."""
        self._taken.clear()
        self._length = 0
        self.first = self.number + 1

    def go_back(self) -> None:
        """Give the lines after the first of this row once more."""
        again = self._taken[1:]
        self._again.extendleft(reversed(again))
        self.number -= len(again)
