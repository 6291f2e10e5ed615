"""What a zip holds beside the contents of its files: extra fields, comments, and bytes that belong to nothing.

Whoever unpacks a zip never sees them, so that anything may lie there. What is known and short is handed on to be looked
through. The rest is ``loose``: nobody here can say what it is, so that nobody reads such a zip as it came, and a
curated copy has none of it. Zeros tell nothing and are passed over. Nothing is read in a piece that has no bound.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from staffdesk.domain.errors import BadInput
from staffdesk.domain.log_texts import PIECE
from staffdesk.domain.support_log_rules import Problem, ZipLimits
from staffdesk.domain.zip_directory import Judged
from staffdesk.services.support_logs.sealed_stream import SealedReader

_LOCAL: Final = struct.Struct("<4s5H3L2H")
_CENTRAL: Final = struct.Struct("<28x3H12x")
_END: Final = struct.Struct("<20xH")
_END_64: Final = struct.Struct("<4sQ44x")
_LOCATOR: Final = 20
_FIELD: Final = struct.Struct("<2H")
_BEFORE_TEXT: Final = 5
"""A version and a checksum stand before the text of an extra field that is one."""
_LATER: Final = 0x8
"""The flag of a file whose sizes stand behind it."""
_IN_64: Final = 0xFFFFFFFF
"""Stands where a size is in an extra field."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some bytes beside the files, in pieces; ``loose`` where nobody can say what they are."""

    chunks: Iterable[bytes]
    loose: bool = False


class BesideFiles:
    """Walks through a zip from its first byte to its last, but for the contents of its files."""

    def __init__(
        self,
        reader: SealedReader,
        opened: zipfile.ZipFile,
        limits: ZipLimits,
        refused: Callable[[Judged], BadInput],
    ) -> None:
        """Walk through a zip whose list was read; ``refused`` makes the error for one that is not kept."""
        self._reader = reader
        self._zip = opened
        self._limits = limits
        self._refused = refused

    def parts(self) -> Iterator[Part]:
        """Yield every part in which anything is; each must be read before the next is asked for.

        Raises :class:`BadInput` for files that lie over one another, and for one that goes on behind its end.
        """
        at = 0
        places = sorted(enumerate(self._zip.infolist(), start=1), key=lambda each: each[1].header_offset)
        for place, info in places:
            if info.header_offset < at:
                raise self._refused(Judged(Problem.OVERLAPPING))
            yield from self._gap(at, info.header_offset)
            at = yield from self._file(place, info)
        if self._zip.start_dir < at:
            raise self._refused(Judged(Problem.OVERLAPPING))
        yield from self._gap(at, self._zip.start_dir)
        yield from self._end(self._end_of_list())

    def _file(self, place: int, info: zipfile.ZipInfo) -> Generator[Part, None, int]:
        """Yield what stands beside one file, and return where the next may begin."""
        header = self._at(info.header_offset, _LOCAL.size)
        if len(header) < _LOCAL.size:
            raise self._refused(Judged(Problem.DAMAGED, place))
        *_, crc, packed, size, name, more = _LOCAL.unpack(header)
        begin: int = info.header_offset + _LOCAL.size + name + more
        if not _agree((crc, packed, size), info):
            yield Part((header,), loose=True)
        yield from self._fields(info, self._at(begin - more, more))
        if info.comment.strip(b"\0"):
            yield _text(info.comment)
        end = begin + info.compress_size
        yield from self._gap(self._end_of_content(place, info, begin, end), end)
        return end + self._behind(info, end)

    def _fields(self, info: zipfile.ZipInfo, local: bytes) -> Iterator[Part]:
        for kind, field in dict.fromkeys((*_cut(info.extra), *_cut(local))):
            if not field.strip(b"\0"):
                continue
            if kind in self._limits.text_extras:
                text = field[_BEFORE_TEXT:]
                if text.decode("utf-8", "replace") != info.orig_filename:
                    yield _text(text)
            else:
                known = kind in self._limits.extras and len(field) <= self._limits.extra_bytes
                yield Part((field.replace(b"\0", b""),), loose=not known)

    def _end_of_content(self, place: int, info: zipfile.ZipInfo, begin: int, end: int) -> int:
        """Return where the contents of a file end, which may be before the end that the zip states."""
        if info.compress_type == zipfile.ZIP_STORED:
            return min(begin + info.file_size, end)
        unpacking, at, made = zlib.decompressobj(-zlib.MAX_WBITS), begin, 0
        try:
            while not unpacking.eof:
                part = unpacking.unconsumed_tail or self._at(at, min(PIECE, end - at))
                at += 0 if unpacking.unconsumed_tail else len(part)
                unpacked = unpacking.decompress(part, PIECE)
                made += len(unpacked)
                if made > info.file_size:
                    raise self._refused(Judged(Problem.DAMAGED, place))
                if not part and not unpacked:
                    break
        except zlib.error as error:
            raise self._refused(Judged(Problem.DAMAGED, place)) from error
        return at - len(unpacking.unused_data)

    def _behind(self, info: zipfile.ZipInfo, end: int) -> int:
        """Return how many bytes behind a file repeat its sizes, with a mark or without, of 4 bytes each or of 8."""
        if not info.flag_bits & _LATER:
            return 0
        for sizes in ("<3L", "<L2Q"):
            for mark in (b"PK\x07\x08", b""):
                try:
                    said = mark + struct.pack(sizes, info.CRC, info.compress_size, info.file_size)
                except struct.error:
                    continue
                if self._at(end, len(said)) == said:
                    return len(said)
        return 0

    def _end_of_list(self) -> int:
        at = self._zip.start_dir
        for _ in self._zip.infolist():
            at += _CENTRAL.size + sum(_CENTRAL.unpack(self._at(at, _CENTRAL.size)))
        return at

    def _end(self, at: int) -> Iterator[Part]:
        """Yield what stands in and behind the records with which a zip ends."""
        large = self._at(at, _END_64.size)
        if large.startswith(b"PK\x06\x06") and len(large) == _END_64.size:
            _, size = _END_64.unpack(large)
            behind = min(at + 12 + size, self._reader.size)
            yield from self._gap(at + _END_64.size, behind)
            at = behind
        if self._at(at, _LOCATOR).startswith(b"PK\x06\x07"):
            at += _LOCATOR
        last = self._at(at, _END.size)
        if last.startswith(b"PK\x05\x06") and len(last) == _END.size:
            if self._zip.comment.strip(b"\0"):
                yield _text(self._zip.comment)
            at += _END.size + _END.unpack(last)[0]
        yield from self._gap(at, self._reader.size)

    def _gap(self, begin: int, end: int) -> Iterator[Part]:
        if any(chunk.strip(b"\0") for chunk in self._pieces(begin, end)):
            yield Part(self._pieces(begin, end), loose=True)

    def _pieces(self, begin: int, end: int) -> Iterator[bytes]:
        for at in range(begin, end, PIECE):
            yield self._at(at, min(PIECE, end - at))

    def _at(self, at: int, n: int) -> bytes:
        self._reader.seek(at)
        return self._reader.read(n)


def _text(content: bytes) -> Part:
    """Return a text beside a file; one with a NUL in it is more than a text."""
    return Part((content.replace(b"\0", b""),), loose=b"\0" in content)


def _cut(extra: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the extra fields of a header by their kinds, and under -1 what is left that is none."""
    at = 0
    while at + _FIELD.size <= len(extra):
        kind, size = _FIELD.unpack_from(extra, at)
        if at + _FIELD.size + size > len(extra):
            break
        yield kind, extra[at + _FIELD.size : at + _FIELD.size + size]
        at += _FIELD.size + size
    yield -1, extra[at:]


def _agree(local: tuple[int, int, int], info: zipfile.ZipInfo) -> bool:
    """Say whether a file's own header says of it what the list says, or leaves it to the list."""
    listed = (info.CRC, info.compress_size, info.file_size)
    return all(said in {stands, 0, _IN_64} for said, stands in zip(local, listed, strict=True))
