"""A log as a file of lines, for checking it elsewhere: with the checkpoints and the public key it needs nothing more.

One JSON object a line, in ASCII: first the header, then the entries by number, then the openings that were asked for.
``core`` is the entry's canonical JSON as a string, so that the hashed bytes come back exactly.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

from staffdesk.audit.opening import OpeningKind
from staffdesk.audit.source import LogSource, StoredEntry, StoredOpening

FORMAT: Final = "staffdesk-log/1"

_UNREADABLE: Final = b""
_HEX: Final = re.compile("(?:[0-9a-f]{2})*")
_to_line = json.JSONEncoder(separators=(",", ":"), ensure_ascii=True).encode


class ExportError(ValueError):
    """The file is not an exported log; a line that was damaged in one is a finding of the verifier instead."""


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


def lines(source: LogSource, origin: str, openings: Collection[OpeningKind] = ()) -> Iterator[str]:
    """Yield the whole file; whoever calls decides which kinds of openings the reader may have."""
    yield write_header(origin, openings)
    for entry in source.entries():
        yield entry_line(entry)
    if openings:
        wanted = {kind.value for kind in openings}
        for opening in source.openings():
            if opening.kind in wanted:
                yield opening_line(opening)


class JsonlSource:
    """An exported log as a source for the verifier; the file is read as it goes, once for each question.

    A line that cannot be read stands for an altered entry or opening in its place. Raises ``ExportError`` when the
    first line is not the header of this format.
    """

    has_copies = False

    def __init__(self, path: Path) -> None:
        self._path = path
        with path.open("rb") as file:
            header = _read(file.readline())
        kinds = header.get("openings")
        origin = header.get("origin")
        if header.get("format") != FORMAT or not isinstance(origin, str) or not isinstance(kinds, list):
            raise ExportError(f"The first line is not the header of a file in the format {FORMAT}.")
        self.origin = origin
        self._kinds = frozenset(kind for kind in OpeningKind if kind.value in kinds)

    @property
    def left_out(self) -> frozenset[OpeningKind]:
        """The kinds of openings that were not exported."""
        return frozenset(OpeningKind) - self._kinds

    def entries(self) -> Iterator[StoredEntry]:
        """Yield the entries in the order of their lines."""
        previous = 0
        for line in self._lines():
            if not line.startswith(b'{"opening"'):
                entry = _entry(line, previous + 1)
                previous = entry.seq
                yield entry

    def by_act(self, acts: Collection[str]) -> Iterator[StoredEntry]:
        """Yield the entries whose line holds the word of an act, which is all of that act and few others."""
        words = [act.encode() for act in acts]
        return (_entry(line, 0) for line in self._lines() if any(word in line for word in words))

    def openings(self) -> Iterator[StoredOpening]:
        """Yield the openings in the order of their lines."""
        for line in self._lines():
            if line.startswith(b'{"opening"'):
                yield _opening(line)

    def head(self) -> None:
        """Return nothing: an exported log has no head row."""

    def checkpoints(self) -> Iterator[str]:
        """Yield nothing: checkpoints are what an exported log is checked against."""
        return iter(())

    def _lines(self) -> Iterator[bytes]:
        with self._path.open("rb") as file:
            file.readline()
            yield from (line for line in file if line != b"\n")


def _read(line: bytes) -> dict[str, object]:
    """Return the object of a line, or an empty one."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _entry(line: bytes, place: int) -> StoredEntry:
    """Return the entry of a line; what cannot be read of it has no bytes, which no leaf hash fits."""
    value = _read(line)
    seq, core = value.get("seq"), value.get("core", _UNREADABLE)
    if isinstance(seq, bool) or not isinstance(seq, int):
        seq, core = place, _UNREADABLE
    data = None if core is None else _bytes(core)
    return StoredEntry(seq, data, _unhex(value.get("leaf")), {}, ())


def _opening(line: bytes) -> StoredOpening:
    """Return the opening of a line; one that cannot be read has a number that no entry has."""
    value = _read(line).get("opening")
    if isinstance(value, dict):
        seq, field, kind, salt, text = (value.get(name) for name in StoredOpening._fields)
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
