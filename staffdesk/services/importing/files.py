"""A file on disk by its content: what it is told from its first bytes, never from its name."""

from __future__ import annotations

import codecs
import hashlib
import stat
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from io import BufferedReader
from pathlib import Path
from typing import Final

from staffdesk.domain.errors import BadInput

ENCODINGS: Final = {"utf-8": "utf-8", "utf-16": "utf-16", "latin-1": "latin-1", "windows-1252": "cp1252"}
"""The encodings of text that may be told, by the name they are told with."""

LARGEST: Final = 2_000_000_000
"""Bytes of the largest file read; a table is never held in memory as a whole."""

_MARKS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0"
_FIRST: Final = 4096


class Form(StrEnum):
    """What a file holds."""

    TEXT = "text"
    JSON = "JSON"
    VCARD = "vCard"
    WORKBOOK = "workbook"


def form_of(path: Path) -> Form:
    """Tell what a file is; raises :class:`BadInput` for one that no import reads, saying why."""
    with opened(path) as file:
        first = file.read(_FIRST)
    if first.startswith(_OLE):
        raise BadInput(
            "It is an old or an encrypted workbook, whose content cannot be looked through before it is opened.",
            "Save it without a password as .xlsx or as CSV.",
        )
    if first.startswith(_ZIP):
        return Form.WORKBOOK
    text = _decoded(first).lstrip("\ufeff \t\r\n")
    if not text:
        raise BadInput("The file is empty.", "Export it again.")
    if text.upper().startswith("BEGIN:VCARD"):
        return Form.VCARD
    return Form.JSON if text.startswith(("{", "[")) else Form.TEXT


def encoding_of(path: Path, told: str | None) -> str:
    """Return the encoding a text file is read with: what its mark says, else what was told, else UTF-8.

    Raises :class:`BadInput` where another one is told than the mark says, or one that is not known.
    """
    if told is not None and told.casefold() not in ENCODINGS:
        raise BadInput("The encoding that was told is not known.", f"Tell one of: {', '.join(ENCODINGS)}.")
    with opened(path) as file:
        first = file.read(_FIRST)
    marked = next((name for mark, name in _MARKS if first.startswith(mark)), None)
    if told is None:
        return marked or "utf-8"
    codec = ENCODINGS[told.casefold()]
    if marked is not None and not marked.startswith(codec):
        raise BadInput(f"The file says itself that it is {marked[:6]}.", "Leave the encoding out.")
    return marked or codec


@contextmanager
def opened(path: Path) -> Iterator[BufferedReader]:
    """Open a file of the disk; raises :class:`BadInput` for what cannot be read, is none, or is too large."""
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            raise BadInput("It is not a file.", "Name the file itself.")
        if about.st_size > LARGEST:
            raise BadInput(f"The file is larger than {LARGEST // 1_000_000:,} MB.", "Export a shorter period.")
        file = path.open("rb")
    except OSError as error:
        raise BadInput(
            f"The file cannot be read: {error.strerror or 'the system refuses'}.",
            "Check its name, and that you may read it.",
        ) from None
    with file:
        yield file


def _decoded(first: bytes) -> str:
    wide = first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return first.decode("utf-16" if wide else "utf-8", "replace")


_LARGEST_PARTS: Final = 100_000_000
_HIGHEST_RATIO: Final = 200
_MOST_PARTS: Final = 2_000
_TYPES: Final = "[Content_Types].xml"
_SHEETS: Final = b"spreadsheetml.sheet.main+xml"
_AS_XLSX: Final = "Save it as .xlsx without macros, or as CSV."


def check_workbook(path: Path) -> None:
    """Look through a workbook before anything of it is read.

    Raises :class:`BadInput` for what is no workbook, for one with macros or linked programs, one that is encrypted, and
    one that unpacks to more than can be held.
    """
    try:
        with opened(path) as file, zipfile.ZipFile(file) as packed:
            parts = packed.infolist()
            if any(part.flag_bits & 1 for part in parts):
                raise BadInput("The workbook is encrypted.", "Save it without a password.")
            unpacked = sum(part.file_size for part in parts)
            ratio = max((part.file_size / max(part.compress_size, 1) for part in parts), default=0)
            if len(parts) > _MOST_PARTS or unpacked > _LARGEST_PARTS or ratio > _HIGHEST_RATIO:
                raise BadInput("The workbook unpacks to more than is read of one.", "Save the sheet as CSV.")
            names = {part.filename for part in parts}
            types = packed.read(_TYPES) if _TYPES in names else b""
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError):
        raise BadInput("It is packed, and cannot be unpacked.", _AS_XLSX) from None
    if _SHEETS not in types and b"macroEnabled" not in types:
        raise BadInput("It is a packed file and no workbook.", "Unpack it, and import the file inside.")
    if b"macroEnabled" in types or any(
        name.casefold().endswith(".bin") and "printersettings" not in name.casefold() for name in names
    ):
        raise BadInput("The workbook holds macros or other programs.", _AS_XLSX)


def digest_of(files: Sequence[Path]) -> bytes:
    """Return the SHA-256 over the files' own, so that a run can be told from another."""
    whole = hashlib.sha256()
    for path in files:
        try:
            with opened(path) as file:
                whole.update(hashlib.file_digest(file, "sha256").digest())
        except (OSError, BadInput):
            whole.update(b"unreadable")  # the reader reports the file as refused, with its name
    return whole.digest()
