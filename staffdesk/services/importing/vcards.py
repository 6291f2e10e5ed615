"""Cards of people as telephones and mail programs write them: vCard 2.1, 3.0 and 4.0, read leniently.

RFC 2426, RFC 6350 and the IMC's vCard 2.1. The one library there is refuses a third of what real programs export.
"""

from __future__ import annotations

import quopri
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from staffdesk.domain.errors import BadInput
from staffdesk.services.importing.files import encoding_of, opened
from staffdesk.services.importing.rows import NOT_DECODED

_LONGEST_LINE: Final = 200_000
_LONGEST_VALUE: Final = 20_000
"""Bytes of the longest value kept; a longer one is a picture or a sound, and counted alone."""

_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_SEMICOLON: Final = re.compile(r"(?<!\\)((?:\\\\)*);")
_QUOTED_COLON: Final = re.compile(rb'((?:"[^"]*"|[^":])*):(.*)', re.DOTALL)
_SOFT: Final = b"="
_AGAIN: Final = "Export the card again as vCard 3.0 or 4.0."

_MOST_PROPERTIES: Final = 1_000
_LARGEST_CARD: Final = 1_000_000
"""Bytes of the largest card that is held while it is read."""

_TOO_LARGE: Final = ("The card holds more than any person's.", "Export each person as a card of its own.")


@dataclass(frozen=True, slots=True, repr=False)
class _Property:
    """One property: its name and its parameters in capital letters, its value as it stands in the file."""

    name: str
    parameters: tuple[str, ...]
    value: bytes

    def has(self, word: str) -> bool:
        """Say whether a parameter, or one of its values, is this word."""
        return any(word in re.split("[=,]", each) for each in self.parameters)

    def text(self) -> str:
        """Return the value decoded, with its escapes; raises :class:`BadInput`."""
        value = self.value
        if self.has("QUOTED-PRINTABLE"):
            value = quopri.decodestring(value)
        charset = next((each.partition("=")[2] for each in self.parameters if each.startswith("CHARSET=")), "UTF-8")
        try:
            return value.decode(charset.strip('"'))
        except (LookupError, ValueError):  # some names of no character set raise what is no LookupError
            raise BadInput(*NOT_DECODED) from None


def cards(path: Path) -> Iterator[dict[str, object] | BadInput]:
    """Yield each card of a file as fields by name; what is not taken keeps its property's name, to be counted.

    Of a card that cannot be decoded, or is too large, it says why. Raises :class:`BadInput` where the file ends in one.
    """
    inside: list[_Property] | None = None
    depth = size = 0
    for each in _properties(path):
        if (each.name, each.value.strip().upper()) == ("BEGIN", b"VCARD"):
            depth += 1
            inside, size = ([], 0) if depth == 1 else (inside, size)
        elif (each.name, each.value.strip().upper()) == ("END", b"VCARD"):
            depth -= 1
            if depth == 0 and inside is not None:
                yield BadInput(*_TOO_LARGE) if size > _LARGEST_CARD else _fields(inside)
                inside = None
        elif inside is not None and depth == 1:
            size += max(len(each.value), _LARGEST_CARD // _MOST_PROPERTIES)
            if size <= _LARGEST_CARD:
                inside.append(each)
    if depth:
        raise BadInput("The file ends inside a card.", _AGAIN)


def _properties(path: Path) -> Iterator[_Property]:
    for line in _unfolded(path):
        found = _QUOTED_COLON.fullmatch(line)
        if found is None:
            continue
        name, *parameters = found[1].decode("ascii", "replace").upper().split(";")
        # A nested card stands as the value of its own property in vCard 2.1.
        if found[2].strip().upper() == b"BEGIN:VCARD":
            yield _Property("BEGIN", (), b"VCARD")
            continue
        yield _Property(name.rpartition(".")[2].strip(), tuple(each.strip() for each in parameters), found[2])


def _unfolded(path: Path) -> Iterator[bytes]:
    """Yield the logical lines; a value that goes on too long is cut, since it is none that is taken."""
    whole = b""
    for line in _lines(path):
        soft = whole.endswith(_SOFT) and b"QUOTED-PRINTABLE" in whole.partition(b":")[0].upper()
        if soft:
            whole = (whole.removesuffix(_SOFT) + line)[:_LONGEST_VALUE]
        elif line[:1] in {b" ", b"\t"} and whole:
            whole = (whole + line[1:])[:_LONGEST_VALUE]
        else:
            if whole:
                yield whole
            whole = line[:_LONGEST_VALUE]
    if whole:
        yield whole


def _lines(path: Path) -> Iterator[bytes]:
    if encoding_of(path, None) == "utf-16":
        raise BadInput(*NOT_DECODED)
    with opened(path) as file:
        while line := file.readline(_LONGEST_LINE):
            yield line.removeprefix(b"\xef\xbb\xbf").rstrip(b"\r\n")


def _fields(properties: Sequence[_Property]) -> dict[str, object] | BadInput:
    fields: dict[str, object] = {}
    try:
        for name, take in _TAKEN.items():
            chosen = _first([each for each in properties if each.name == name and each.value.strip(b" ;")])
            if chosen is not None:
                fields.update((key, text) for key, text in take(chosen.text()).items() if text)
                properties = [each for each in properties if each is not chosen]
    except BadInput as error:
        return error
    for number, left in enumerate(properties):
        if left.value.strip() and left.name not in _ABOUT_THE_FILE:
            fields[f"{left.name} {number}"] = left.name
    return fields


def _first(found: list[_Property]) -> _Property | None:
    """Choose what is preferred, then what is of the firm; a fax reaches nobody."""
    found = [each for each in found if not each.has("FAX")]
    for word in ("PREF", "WORK"):
        marked = next((each for each in found if each.has(word)), None)
        if marked is not None:
            return marked
    return found[0] if found else None


def _parts(value: str) -> list[str]:
    """Cut a value at its semicolons, but for those that are escaped; each part on one line."""
    marked = _SEMICOLON.sub("\\1\0", value)
    return [_plain(part) for part in marked.split("\0")]


def _plain(value: str) -> str:
    text = _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)
    return ", ".join(part.strip() for part in text.splitlines() if part.strip())


def _name(value: str) -> dict[str, str]:
    family, given, *_ = [*_parts(value), "", ""]
    return {"family_name": family, "given_name": given}


def _address(value: str) -> dict[str, str]:
    box, more, street, city, region, code, country, *_ = [*_parts(value), *[""] * 7]
    line = ", ".join(part for part in (street, more, box) if part)
    return {"street": line, "city": city, "region": region, "postal_code": code, "country": country}


def _one(key: str) -> Callable[[str], dict[str, str]]:
    return lambda value: {key: _plain(value)}


_TAKEN: Final[Mapping[str, Callable[[str], dict[str, str]]]] = MappingProxyType(
    {
        "FN": _one("name"),
        "N": _name,
        "EMAIL": lambda value: {"email": _plain(value).removeprefix("mailto:")},
        "TEL": lambda value: {"phone": _plain(value).removeprefix("tel:")},
        "ORG": lambda value: {"company": _parts(value)[0]},
        "TITLE": _one("job_title"),
        "ROLE": _one("function"),
        "ADR": _address,
    }
)
_ABOUT_THE_FILE: Final = frozenset({"VERSION", "PRODID", "REV", "UID", "SOURCE", "KIND", "PROFILE", "MAILER"})
