"""Data goes to stdout, words go to stderr; nothing a customer wrote reaches the terminal as anything but text."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Final

from staffdesk.domain.errors import BadInput, StaffdeskError
from staffdesk.domain.text import visible

STOPPED: Final = 130
"""The exit code of a command that Ctrl+C ended."""

_GAP = "  "


class CannotPrint(BadInput):
    """Standard output takes nothing: a full disk, or closed."""


class ReaderGone(Exception):
    """Whoever read standard output has had enough; nothing is wrong, and nobody is left to be told."""


def say(*lines: str) -> None:
    """Tell the person something: one line each on stderr, and nothing where that takes nothing."""
    try:
        for line in lines:
            if line and sys.stderr is not None:
                sys.stderr.write(visible(line, lines=True) + "\n")
    except OSError:
        # What it did not take lies in its buffer still, and would be tried again, and told, as the process ends.
        sys.stderr = None


def leave_line() -> None:
    """Go on below the line that a terminal's cursor may stand in: after a prompt, or behind the ^C that it shows."""
    with suppress(OSError):
        if sys.stderr is not None and sys.stderr.isatty():
            sys.stderr.write("\n")


def refuse(error: StaffdeskError) -> int:
    """Say an error's sentence and its next step, and return the exit code."""
    say(error.sentence, error.hint)
    return error.exit_code


def put(line: str = "", *, lines: bool = False) -> None:
    """Print one line of data; with ``lines`` its own line breaks stay."""
    _write(visible(line, lines=lines))


def put_json(value: object) -> None:
    """Print JSON in printable ASCII: what a terminal would act on stands there escaped."""
    _write(json.dumps(value, ensure_ascii=True, indent=2))


def put_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows under their heads, columns aligned by what a terminal shows; the last one is left ragged."""
    lines = [tuple(heads), *(tuple(visible(cell) for cell in row) for row in rows)]
    widths = [max(map(_columns, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        padded = (cell + " " * (width - _columns(cell)) for cell, width in zip(line, widths, strict=True))
        _write(_GAP.join(padded).rstrip())


def put_pairs(pairs: Mapping[str, str], indent: str = "") -> None:
    """Print labels and values, the values aligned; a value's own line breaks stay, indented."""
    width = max(map(_columns, pairs), default=0)
    for label, value in pairs.items():
        first, *others = visible(value, lines=True).split("\n")
        _write(f"{indent}{visible(label)}{' ' * (width - _columns(label))}{_GAP}{first}".rstrip())
        for other in others:
            _write(f"{indent}{' ' * width}{_GAP}{other}".rstrip())


def _columns(text: str) -> int:
    """Return how many columns a terminal gives a text: two for wide characters, none for combining ones."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )


def finish() -> None:
    """Hand on what is still held back; raises :class:`CannotPrint` and :class:`ReaderGone`, as all that prints."""
    if sys.stdout is not None:
        _onto_stdout(sys.stdout.flush)


def _write(line: str) -> None:
    if sys.stdout is None:
        raise _cannot_print()
    _onto_stdout(lambda: sys.stdout.write(line + "\n"))


def _onto_stdout(act: Callable[[], object]) -> None:
    try:
        act()
    except BrokenPipeError as error:
        raise ReaderGone from error
    except OSError as error:
        raise _cannot_print() from error


def _cannot_print() -> CannotPrint:
    return CannotPrint(
        "Standard output takes nothing: it is closed, or its disk is full. What was done is done.",
        "Send it to another file or to the terminal.",
    )
