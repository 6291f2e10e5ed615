"""The text of a log, a piece at a time: whole lines in their own encoding, so that no file's size needs memory."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

PIECE: Final = 64 * 1024
"""Bytes, or characters of UTF-16, from which on a piece is handed on."""

_TAIL: Final = 512
"""What is looked for is shorter: so many characters of a line that was cut are looked through with what follows."""

_UTF_16: Final = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_FOLLOWS, _LEADS = 0x80, 0xC0
"""From which byte on one follows the first of a letter in UTF-8, and from which on it is the first."""
_BREAKS: Final = (b"\n", b"}", b",", b";", b'"', b">", b"\t", b" ")
"""Where a piece may end, the best place first: a line, then the ends of things in a file of one long line."""
_BREAKS_OF_TEXT: Final = tuple(each.decode() for each in _BREAKS)


@dataclass(frozen=True, slots=True)
class Piece:
    """Some lines and how they were encoded: ``encode`` gives back the very bytes."""

    text: str = field(repr=False)
    encoding: str

    def encode(self, text: str) -> bytes:
        """Return a text as this piece's file has it."""
        return text.encode(self.encoding, "replace")


def is_wide(beginning: bytes) -> bool:
    """Say whether a file that begins so is UTF-16, which says so by its mark."""
    return beginning.startswith(tuple(_UTF_16))


def is_text(beginning: bytes) -> bool:
    """Say whether a file that begins so is text: no text but UTF-16 has a NUL."""
    return is_wide(beginning) or b"\0" not in beginning


def pieces(chunks: Iterable[bytes]) -> Iterator[Piece]:
    """Yield the text of a file in pieces of whole lines, where its lines are not longer than a piece.

    UTF-8, UTF-16 with its mark, and anything else as Latin-1, which every byte is. What is cut in a line longer than
    that is cut between two things where there are any.
    """
    waiting = iter(chunks)
    first = next(waiting, b"")
    while 0 < len(first) < len(codecs.BOM_UTF16_LE):
        more = next(waiting, b"")
        if not more:
            break
        first += more
    wide = _UTF_16.get(first[: len(codecs.BOM_UTF16_LE)])
    if wide is not None:
        yield from _wide(first, waiting, wide)
    else:
        yield from _narrow(first, waiting)


def _wide(first: bytes, chunks: Iterator[bytes], encoding: str) -> Iterator[Piece]:
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    held = decoder.decode(first)
    for chunk in chunks:
        held += decoder.decode(chunk)
        while len(held) >= PIECE:
            at = _end_in_text(held)
            yield Piece(held[:at], encoding)
            held = held[at:]
    held += decoder.decode(b"", final=True)
    if held:
        yield Piece(held, encoding)


def _narrow(first: bytes, chunks: Iterator[bytes]) -> Iterator[Piece]:
    held = first
    for chunk in chunks:
        held += chunk
        while len(held) >= PIECE:
            at = _end(held)
            yield from _decoded(held[:at])
            held = held[at:]
    if held:
        yield from _decoded(held)


def overlapping(found: Iterable[Piece]) -> Iterator[str]:
    """Yield texts in which nothing that is looked for is cut: the end of a line that was cut comes twice."""
    tail = ""
    for piece in found:
        text = tail + piece.text
        yield text
        tail = "" if text.endswith("\n") else text[-_TAIL:]


def uncut(found: Iterable[Piece], places: Callable[[str], Iterable[tuple[int, int]]]) -> Iterator[Piece]:
    """Yield the pieces cut anew where none of the ``places`` in their texts is cut; together they are what came."""
    held: Piece | None = None
    for piece in found:
        joined = piece
        if held is not None and held.encoding == piece.encoding:
            joined = Piece(held.text + piece.text, piece.encoding)
        elif held is not None:
            yield held
        held = None
        if joined.text.endswith("\n"):
            yield joined
            continue
        at = len(joined.text) - _TAIL
        for begin, end in sorted(places(joined.text), reverse=True):
            at = begin if begin < at < end else at
        if at > 0:
            yield Piece(joined.text[:at], joined.encoding)
        held = Piece(joined.text[at:], joined.encoding)
    if held is not None:
        yield held


def _decoded(part: bytes) -> Iterator[Piece]:
    """Yield a part as UTF-8, and the lines of it that are none as Latin-1."""
    try:
        yield Piece(part.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        for encoding, lines in groupby(part.splitlines(keepends=True), _encoding):
            yield Piece(b"".join(lines).decode(encoding), encoding)


def _encoding(line: bytes) -> str:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return "latin-1"
    return "utf-8"


def _end(held: bytes) -> int:
    ends = (held.rfind(each) + 1 for each in _BREAKS)
    at = next((at for at in ends if at > 0), len(held))
    before = at
    while before > 0 and _FOLLOWS <= held[before - 1] < _LEADS:  # no letter of UTF-8 is cut
        before -= 1
    return before - 1 if before > 1 and held[before - 1] >= _LEADS else at


def _end_in_text(held: str) -> int:
    ends = (held.rfind(each) + 1 for each in _BREAKS_OF_TEXT)
    return next((at for at in ends if at > 0), len(held))
