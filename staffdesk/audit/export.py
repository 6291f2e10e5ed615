"""A log as a file of lines, for checking it elsewhere: with the checkpoints and the public key it needs nothing more.

One JSON object a line, in ASCII: first the header, then the entries by number, then the openings that were asked for.
``core`` is the entry's canonical JSON as a string, so that the hashed bytes come back exactly.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from staffdesk.audit.opening import OpeningKind
from staffdesk.audit.source import LogSource, StoredCheckpoint, StoredEntry, StoredOpening

FORMAT: Final = "staffdesk-log/1"

_UNREADABLE: Final = b""
_HEADER_FIELDS: Final = frozenset({"format", "origin", "openings"})
_ENTRY_FIELDS: Final = frozenset({"seq", "core", "leaf"})
_OPENING_FIELDS: Final = frozenset(StoredOpening._fields)
_OPENING_LINE: Final = b'{"opening"'
_OPENING_AFTER: Final = b"\n" + _OPENING_LINE
_AT_ONCE: Final = 1 << 20
_HEX: Final = re.compile("(?:[0-9a-f]{2})*")
_to_line = json.JSONEncoder(separators=(",", ":"), ensure_ascii=True).encode


class Span(NamedTuple):
    """Whole lines of the file: the bytes they begin at and end before, the first one's number, the entry due there."""

    begin: int
    end: int
    line: int
    seq: int


class ExportError(ValueError):
    """The file is not an exported log, or a line says more than the format has, so that readers could take it apart.

    A line that was damaged so that it says less is a finding of the verifier instead.
    """


class _NamedTwiceError(Exception):
    """An object names a field twice: one reader would take the first value, another the last."""


def write_header(origin: str, openings: Collection[OpeningKind] = ()) -> str:
    """Return the first line; ``openings`` are the kinds that the file will hold."""
    kinds = [kind.value for kind in OpeningKind if kind in openings]
    return _to_line({"format": FORMAT, "origin": origin, "openings": kinds}) + "\n"


def entry_line(entry: StoredEntry) -> str:
    """Return the line of an entry; bytes that are not UTF-8 survive as lone surrogates."""
    core = None if entry.core is None else entry.core.decode("utf-8", "surrogateescape")
    return _to_line({"seq": entry.seq, "core": core, "leaf": entry.leaf.hex()}) + "\n"


def opening_line(opening: StoredOpening) -> str:
    """Return the line of an opening."""
    values = {**opening._asdict(), "salt": opening.salt.hex()}
    return _to_line({"opening": values}) + "\n"


def lines(
    source: LogSource, origin: str, openings: Collection[OpeningKind] = (), *, last: int | None = None
) -> Iterator[str]:
    """Yield the whole file; whoever calls decides which kinds of openings the reader may have.

    With ``last`` the entries behind that number are left out.
    """
    yield write_header(origin, openings)
    for entry in source.entries():
        if last is not None and entry.seq > last:
            break
        yield entry_line(entry)
    if openings:
        wanted = {kind.value for kind in openings}
        for opening in source.openings():
            if opening.kind in wanted and (last is None or opening.seq <= last):
                yield opening_line(opening)


class JsonlSource:
    """An exported log as a source for the verifier; the file is read as it goes, once for each question.

    A line that cannot be read stands for an altered entry or opening in its place. Raises ``ExportError`` when the
    first line is not the header of this format; so do the iterators at a line with a field twice, with one that the
    format does not have, and at an opening whose number is none.
    """

    has_copies = False

    def __init__(self, path: Path, span: Span | None = None) -> None:
        """Read the file, or some of its lines."""
        self.path = path
        self._span = span
        with path.open("rb") as file:
            header = _read(file.readline(), 1)
        kinds = header.get("openings")
        origin = header.get("origin")
        known = header.get("format") == FORMAT and header.keys() == _HEADER_FIELDS
        if not known or not isinstance(origin, str) or not isinstance(kinds, list):
            raise ExportError(f"The first line is not the header of a file in the format {FORMAT}.")
        self.origin = origin
        self._kinds = frozenset(kind for kind in OpeningKind if kind.value in kinds)

    @property
    def left_out(self) -> frozenset[OpeningKind]:
        """The kinds of openings that were not exported."""
        return frozenset(OpeningKind) - self._kinds

    def entries(self, stray: Callable[[int], None] | None = None) -> Iterator[StoredEntry]:
        """Yield the entries in the order of their lines; an exported log has no rows of subjects to tell of."""
        del stray
        previous = 0 if self._span is None else self._span.seq - 1
        for number, line in self._lines():
            if not line.startswith(_OPENING_LINE):
                entry = _entry(line, number, previous + 1)
                previous = entry.seq
                yield entry

    def by_act(self, acts: Collection[str]) -> Iterator[StoredEntry]:
        """Yield the entries whose line holds the word of an act, which is all of that act and few others."""
        words = [act.encode() for act in acts]
        for number, line in self._lines():
            if any(word in line for word in words) and not line.startswith(_OPENING_LINE):
                yield _entry(line, number, 0)

    def openings(self) -> Iterator[StoredOpening]:
        """Yield the openings in the order of their lines."""
        for number, line in self._lines():
            if line.startswith(_OPENING_LINE):
                yield _opening(line, number)

    def head(self) -> None:
        """Return nothing: an exported log has no head row."""

    def checkpoints(self) -> Iterator[StoredCheckpoint]:
        """Yield nothing: checkpoints are what an exported log is checked against."""
        return iter(())

    def spans(self, size: int) -> Iterator[Span]:
        """Yield the file in spans of about so many bytes, each beginning behind an entry that says its number."""
        with self.path.open("rb") as file:
            begin, line, seq = len(file.readline()), 2, 1
            while found := self._end(file, begin, size):
                end, lines, last = found
                yield Span(begin, end, line, seq)
                begin, line, seq = end, line + lines, last + 1
            yield Span(begin, self.path.stat().st_size, line, seq)

    def has_openings(self) -> bool:
        """Return whether a line of the file is an opening's, whatever its header says."""
        before = b"\n"
        with self.path.open("rb") as file:
            while read := file.read(_AT_ONCE):
                if _OPENING_AFTER in before + read:
                    return True
                before = read[-len(_OPENING_AFTER) :]
        return False

    def _end(self, file: BinaryIO, begin: int, size: int) -> tuple[int, int, int] | None:
        """Return where a span ends, how many lines it has and the number of its last entry; None at the file's end."""
        file.seek(begin)
        lines, left = 0, size
        while left > 0:
            read = file.read(min(left, _AT_ONCE))
            if not read:
                return None
            lines += read.count(b"\n")
            left -= len(read)
        if file.readline():  # the rest of a line, of which nothing is believed
            lines += 1
        for line in file:
            lines += 1
            seq = _number_in(line)
            if seq is not None:
                return file.tell(), lines, seq
        return None

    def _lines(self) -> Iterator[tuple[int, bytes]]:
        with self.path.open("rb") as file:
            if self._span is None:
                file.readline()
                yield from ((number, line) for number, line in enumerate(file, 2) if line != b"\n")
                return
            begin, end, first, _ = self._span
            file.seek(begin)
            for number, line in enumerate(file, first):
                if begin >= end:
                    return
                begin += len(line)
                if line != b"\n":
                    yield number, line


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise _NamedTwiceError
    return value


_from_line = json.JSONDecoder(object_pairs_hook=_object).decode


def _read(line: bytes, number: int) -> dict[str, object]:
    """Return the object of a line, or an empty one."""
    try:
        value = _from_line(line.decode())
    except _NamedTwiceError:
        raise ExportError(f"Line {number} names a field twice.") from None
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _number_in(line: bytes) -> int | None:
    """Return the number that an entry's line says, where it says one."""
    try:
        seq = _read(line, 0).get("seq")
    except ExportError:  # told where every line is read
        return None
    return None if isinstance(seq, bool) or not isinstance(seq, int) else seq


def _require(value: dict[str, object], fields: frozenset[str], number: int) -> None:
    """Refuse fields that would be read by people and proved by nothing."""
    if not value.keys() <= fields:
        raise ExportError(f"Line {number} names a field that the format does not have.")


def _entry(line: bytes, number: int, place: int) -> StoredEntry:
    """Return the entry of a line; what cannot be read of it has no bytes, which no leaf hash fits."""
    value = _read(line, number)
    _require(value, _ENTRY_FIELDS, number)
    seq, core = value.get("seq"), value.get("core", _UNREADABLE)
    if isinstance(seq, bool) or not isinstance(seq, int):
        seq, core = place, _UNREADABLE
    data = None if core is None else _bytes(core)
    return StoredEntry(seq, data, _unhex(value.get("leaf")), (), ())


def _opening(line: bytes, number: int) -> StoredOpening:
    """Return the opening of a line; one that cannot be read has a number that no entry has."""
    outer = _read(line, number)
    _require(outer, frozenset({"opening"}), number)
    value = outer.get("opening")
    if isinstance(value, dict):
        _require(value, _OPENING_FIELDS, number)
        seq, field, kind, salt, text = (value.get(name) for name in StoredOpening._fields)
        if "seq" in value and (isinstance(seq, bool) or not isinstance(seq, int)):
            raise ExportError(f"Line {number} is an opening whose seq is not a whole number.")
        if isinstance(seq, int) and isinstance(field, str) and isinstance(kind, str) and isinstance(text, str):
            return StoredOpening(seq, field, kind, _unhex(salt), text)
    return StoredOpening(0, "", "", b"", "")


def _bytes(core: object) -> bytes:
    try:
        return core.encode("utf-8", "surrogateescape") if isinstance(core, str) else _UNREADABLE
    except UnicodeEncodeError:
        return _UNREADABLE


def _unhex(text: object) -> bytes:
    """Read hexadecimal digits strictly: no spaces, no capitals."""
    return bytes.fromhex(text) if isinstance(text, str) and _HEX.fullmatch(text) else b""
