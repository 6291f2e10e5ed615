"""Zips made by hand, byte by byte, with something in a place that no honest program uses."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

OF_NO_KIND = 0x4242
"""An extra field that no program is known to write."""


def extra(content: bytes, kind: int = OF_NO_KIND) -> bytes:
    """Return an extra field."""
    return struct.pack("<2H", kind, len(content)) + content


@dataclass(frozen=True, kw_only=True)
class Odd:
    """What a zip of ``files`` has beside them; ``slack`` lies behind the packed content of each, ``tail`` in it."""

    before: bytes = b""
    between: bytes = b""
    behind: bytes = b""
    local: bytes = b""
    listed: bytes = b""
    comment: bytes = b""
    of_all: bytes = b""
    after: bytes = b""
    slack: bytes = b""
    tail: bytes = b""
    record: bytes | None = None
    lies: bool = False
    stored: bool = False

    def zip(self, **files: bytes) -> bytes:
        """Return the zip; the names of the files end in ``.log``."""
        made, entries = bytearray(self.before), []
        for n, (name, content) in enumerate(files.items()):
            made += self.between if n else b""
            packer = zlib.compressobj(wbits=-15)
            packed = (content if self.stored else packer.compress(content + self.tail) + packer.flush()) + self.slack
            about = (zlib.crc32(content), len(packed), len(content))
            sizes = struct.pack("<3L", *about)
            entry = struct.pack("<5H", 20, 0, 0 if self.stored else 8, 0, 0x5B7B)
            title = f"{name}.log".encode()
            entries.append((entry, sizes, title, len(made)))
            said = b"pw:sunshine1" if self.lies else sizes
            made += b"PK\3\4" + entry + said + struct.pack("<2H", len(title), len(self.local)) + title + self.local
            made += packed
        made += self.behind
        begin = len(made)
        for entry, sizes, title, at in entries:
            made += b"PK\1\2" + struct.pack("<H", 20) + entry + sizes
            made += struct.pack("<3H2HLL", len(title), len(self.listed), len(self.comment), 0, 0, 0, at)
            made += title + self.listed + self.comment
        size, n = len(made) - begin, len(entries)
        if self.record is not None:
            large = len(made)
            made += b"PK\6\6" + struct.pack("<Q2H2L4Q", 44 + len(self.record), 45, 45, 0, 0, n, n, size, begin)
            made += self.record + b"PK\6\7" + struct.pack("<LQL", 0, large, 1)
        made += b"PK\5\6" + struct.pack("<4H2LH", 0, 0, n, n, size, begin, len(self.of_all)) + self.of_all
        return bytes(made + self.after)
