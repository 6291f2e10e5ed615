"""A store's file from the disk to single records: guarded by size, cut apart so that a bad record spoils no other."""

from __future__ import annotations

import json
import re
import stat
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final, TypeAlias

from staffdesk.domain.errors import BadInput
from staffdesk.domain.imported import Place
from staffdesk.services.importing.fields import CORRECT

SIZE_LIMIT: Final = 64_000_000
"""Bytes of the largest file read; it is held in memory while it is read, and an import takes 200 MB at most."""

RECORD_LIMIT: Final = 4_000_000
"""Bytes of the largest record; it takes several times as much while it is read."""

DEPTH_LIMIT: Final = 64
"""Levels of lists and objects a record may have; the stores' own have ten."""

_HOPELESS_DEPTH = 10_000
_LONGEST_NUMBER = 40
_LONGEST_INDENT = 200

Problem: TypeAlias = tuple[str, str]
"""What is wrong with a record or a file, and the next step."""

NOT_UTF8: Final[Problem] = ("It is not UTF-8 text.", "Export the file again, or save it as UTF-8.")
_CUT_SHORT: Final[Problem] = ("The file ends inside this record.", "Export it again.")
_CUT_OFF: Final[Problem] = ("The file ends before its list does, so records may be missing.", "Export it again.")
_MALFORMED: Final[Problem] = ("It is not well-formed JSON.", "Export the file again and import it as it is.")
_TOO_DEEP: Final[Problem] = ("It is nested too deeply to be an order.", "Import a file of orders.")
_TOO_LARGE: Final[Problem] = (
    f"A record of more than {RECORD_LIMIT // 1_000_000} MB is no order.",
    CORRECT,
)
_AFTER_THE_END: Final[Problem] = (
    "Something follows the end of the JSON document; it was not read.",
    "Import what follows as a file of its own.",
)
_TWICE: Final[Problem] = (
    "A field stands in it twice, so it cannot be told which one counts.",
    "Export the file again and import it as it is.",
)
_LONG_NUMBER: Final[Problem] = ("A number in it is too long.", CORRECT)

_SPACE = re.compile(rb"[ \t\r\n]*+")
_KEY = re.compile(rb'("(?:[^"\\\x00-\x1f]++|\\.)*+")[ \t\r\n]*+:[ \t\r\n]*+')
_STRUCTURE = re.compile(rb'"(?:[^"\\\x00-\x1f]++|\\.)*+"|[\[\]{}]')
_STRING = re.compile(rb'"(?:[^"\\\x00-\x1f]++|\\.)*+"')
_BARE = re.compile(rb'[^,\[\]{}"]++')
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")
_OPENS = {b"}": b"{", b"]": b"["}


@dataclass(frozen=True, slots=True)
class Piece:
    """One record as it lies in the file, or why it cannot be cut out; ``position`` is as in ``Place``."""

    position: str
    content: bytes = b""
    problem: Problem | None = None


def file_name(path: Path) -> str:
    """Name a file without its folder, in characters that can be printed."""
    return path.name.encode("utf-8", "backslashreplace").decode("utf-8")


def place_in(path: Path, position: str = "", account_id: str | None = None) -> Place:
    """Say where something stands."""
    return Place(file_name(path), position, account_id)


def load(path: Path) -> bytes:
    """Read a whole file, without a byte order mark; raise ``BadInput`` for one that cannot be a store's export."""
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            raise BadInput("It is not a file.", "Name the file itself.")
        if about.st_size > SIZE_LIMIT:
            raise _too_large()
        with path.open("rb") as file:
            content = file.read(SIZE_LIMIT + 1)
    except OSError as error:
        raise BadInput(
            f"The file cannot be read: {error.strerror or 'the system refuses'}.",
            "Check its name, and that you may read it.",
        ) from None
    if len(content) > SIZE_LIMIT:
        raise _too_large()
    if content.startswith(_WIDE_MARKS):
        raise BadInput(*NOT_UTF8)
    content = content.removeprefix(_BYTE_ORDER_MARK)
    if not content.strip():
        raise BadInput("The file is empty.", "Export it again.")
    return content


def _too_large() -> BadInput:
    return BadInput(f"The file is larger than {SIZE_LIMIT // 1_000_000} MB.", "Export a shorter period.")


def pieces(content: bytes, lists: frozenset[str]) -> Iterator[Piece]:
    """Cut a JSON document into records.

    The entries of a bare list, and of each list that stands under one of the names in ``lists`` at the top, come one
    by one; any other document is one record, at ``$``. Brackets alone decide where a record ends, so that one whose
    inside is malformed does not take its neighbours with it.
    """
    start = _skip_space(content, 0)
    if content[start : start + 1] == b"[":
        end = yield from _entries(content, start, "")
    else:
        end = yield from _members(content, start, lists)
    if end is not None and _skip_space(content, end) < len(content):
        yield Piece("", problem=_AFTER_THE_END)


def parse(content: bytes) -> object:
    """Read one record: numbers exactly, no name twice; raise ``BadInput`` without quoting it."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise BadInput(*NOT_UTF8) from None
    try:
        document: object = json.loads(
            text,
            parse_float=_number,
            parse_int=_integer,
            parse_constant=_refuse_constant,
            object_pairs_hook=_unique,
        )
    except (ValueError, RecursionError):
        raise BadInput(*_MALFORMED) from None
    return document


def _members(content: bytes, start: int, lists: frozenset[str]) -> Generator[Piece, None, int | None]:
    """Walk the document's fields and open the lists asked for; give the end, or ``None`` where it cannot be told."""
    position, opened_a_list = start + 1, False
    while (position := _skip_space(content, position)) < len(content) and content[position : position + 1] != b"}":
        if content[position : position + 1] == b",":
            position += 1
            continue
        key = _KEY.match(content, position)
        if not key:
            break
        after: int | None
        if key[1][1:-1].decode("ascii", "replace") in lists and content[key.end() : key.end() + 1] == b"[":
            opened_a_list = True
            after = yield from _entries(content, key.end(), key[1][1:-1].decode("ascii"))
            if after is None:
                return None
        else:
            _, after = _entry(content, key.end(), "")
        if after is None:
            break
        position = after
    if not opened_a_list:
        whole, end = _entry(content, start, "$")
        yield whole
        return end
    if content[position : position + 1] != b"}":
        yield Piece("", problem=_CUT_OFF if position >= len(content) else _MALFORMED)
        return None
    return position + 1


def _entries(content: bytes, start: int, name: str) -> Generator[Piece, None, int | None]:
    """Cut a list into its entries; give the end of the list, or ``None`` where the file ends before it."""
    position, index = start + 1, 0
    while (position := _skip_space(content, position)) < len(content):
        mark = content[position : position + 1]
        if mark == b"]":
            return position + 1
        if mark == b",":
            position += 1
            continue
        piece, after = _entry(content, position, f"{name}[{index}]")
        yield piece
        if after is None:
            return None
        position, index = after, index + 1
    yield Piece(name, problem=_CUT_OFF)
    return None


def _entry(content: bytes, start: int, position: str) -> tuple[Piece, int | None]:
    """Cut out the value that starts here, and say where it ends."""
    if content[start : start + 1] in {b"{", b"["}:
        end, depth = _end_of(content, start)
        if end is None:
            return Piece(position, problem=_TOO_DEEP if depth > _HOPELESS_DEPTH else _CUT_SHORT), None
        if depth > DEPTH_LIMIT:
            return Piece(position, problem=_TOO_DEEP), end
    else:
        found = _STRING.match(content, start) or _BARE.match(content, start)
        end = found.end() if found else start + 1
    if end - start > RECORD_LIMIT:
        return Piece(position, problem=_TOO_LARGE), end
    return Piece(position, content[start:end]), end


def _end_of(content: bytes, start: int) -> tuple[int | None, int]:
    """Find where a list or an object ends, and how deep it goes; ``None`` where the file ends first.

    A bracket left open inside is closed by the next one around it. What can only belong to the list around the value
    ends it: a closing bracket that matches none of its own, and an object after a comma where a name must stand.
    """
    opened: list[bytes] = []
    deepest = 0
    for found in _STRUCTURE.finditer(content, start):
        mark = found[0]
        if mark in {b"{", b"["}:
            before = content[max(start, found.start() - _LONGEST_INDENT) : found.start()]
            while opened and opened[-1] == b"{" and before.rstrip().endswith(b","):
                opened.pop()
                if not opened:
                    return found.start(), deepest
            opened.append(mark)
            deepest = max(deepest, len(opened))
            if deepest > _HOPELESS_DEPTH:
                break
        elif mark in _OPENS:
            while opened and opened[-1] != _OPENS[mark]:
                opened.pop()
            if not opened:
                return found.start(), deepest
            opened.pop()
            if not opened:
                return found.end(), deepest
    return None, deepest


def _skip_space(content: bytes, position: int) -> int:
    found = _SPACE.match(content, position)
    return found.end() if found else position


def _number(text: str) -> Decimal:
    if len(text) > _LONGEST_NUMBER:
        raise BadInput(*_LONG_NUMBER)
    try:
        return Decimal(text)
    except InvalidOperation:
        raise BadInput("A number in it is too large.", CORRECT) from None


def _integer(text: str) -> int:
    if len(text) > _LONGEST_NUMBER:
        raise BadInput(*_LONG_NUMBER)
    return int(text)


def _refuse_constant(_: str) -> object:
    raise BadInput(*_MALFORMED)


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise BadInput(*_TWICE)
    return fields
