"""The text of a log, a piece at a time: whole lines in their own encoding, so that no file's size needs memory."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

PIECE: Final = 64 * 1024
"""Bytes, or characters of UTF-16, from which on a piece is handed on."""

_UTF_16: Final = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
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


def is_text(beginning: bytes) -> bool:
    """Say whether a file that begins so is text: UTF-16 says so by its mark, and no other text has a NUL."""
    return beginning.startswith(tuple(_UTF_16)) or b"\0" not in beginning


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
            yield _decoded(held[:at])
            held = held[at:]
    if held:
        yield _decoded(held)


def _decoded(part: bytes) -> Piece:
    try:
        return Piece(part.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        return Piece(part.decode("latin-1"), "latin-1")


def _end(held: bytes) -> int:
    ends = (held.rfind(each) + 1 for each in _BREAKS)
    return next((at for at in ends if at > 0), len(held))


def _end_in_text(held: str) -> int:
    ends = (held.rfind(each) + 1 for each in _BREAKS_OF_TEXT)
    return next((at for at in ends if at > 0), len(held))
