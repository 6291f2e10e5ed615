"""The text of a PDF that typst wrote, read back through its fonts' tables, as a reader copies it."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

_OBJECT = re.compile(rb"(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*)\r?\nendstream", re.DOTALL)
_SHOWN = re.compile(rb"/(f\d+) [\d.]+ Tf|(\[.*?\] ?TJ|\(.*?\) ?Tj)|(ET)", re.DOTALL)
_PART = re.compile(rb"\\(?:[0-7]{1,3}|.)|.", re.DOTALL)
_ESCAPED = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_NAMED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def text_of(pdf: bytes) -> str:
    """Return the text of the pages, a line feed after each piece of text."""
    objects = {int(number): body for number, body in _OBJECT.findall(pdf)}
    fonts = {
        name.decode(): _table(objects, int(number))
        for body in objects.values()
        for name, number in re.findall(rb"/(f\d+) (\d+) 0 R", body)
    }
    pages = (_unpacked(body) for body in objects.values() if b"stream" in body)
    return "".join(_read(page, fonts) for page in pages if b" Tf" in page and b"BT" in page)


def _read(page: bytes, fonts: dict[str, dict[bytes, str]]) -> str:
    table: dict[bytes, str] = {}
    found = []
    for font, shown, end in _SHOWN.findall(page):
        if font:
            table = fonts[font.decode()]
        elif end:
            found.append("\n")
        else:
            codes = b"".join(_strings(shown))
            found.extend(table.get(codes[at : at + 2], "?") for at in range(0, len(codes), 2))
    return "".join(found)


def _strings(shown: bytes) -> Iterator[bytes]:
    """Yield what stands in round brackets; a pair of them inside is part of it."""
    depth = 0
    for part in _PART.findall(shown):
        inside = depth > 0
        depth += {b"(": 1, b")": -1}.get(part, 0)
        if inside and depth > 0:
            yield _ESCAPED.sub(_unescaped, part)


def _unescaped(found: re.Match[bytes]) -> bytes:
    what = found[1]
    return bytes([int(what, 8)]) if what[:1].isdigit() else _NAMED.get(what, what)


def _table(objects: dict[int, bytes], font: int) -> dict[bytes, str]:
    named = re.search(rb"/ToUnicode (\d+) 0 R", objects[font])
    if named is None:
        return {}
    table = _unpacked(objects[int(named[1])])
    pairs = re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>", table)
    return {bytes.fromhex(code.decode()): bytes.fromhex(text.decode()).decode("utf-16-be") for code, text in pairs}


def _unpacked(body: bytes) -> bytes:
    found = _STREAM.search(body)
    if found is None:
        return b""
    return zlib.decompress(found[1]) if b"/FlateDecode" in body else found[1]
