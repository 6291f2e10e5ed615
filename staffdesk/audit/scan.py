"""Reading an entry's bytes at speed: one pattern that matches what is canonical, in format and free of escapes.

It takes a subset of what ``Core.decode`` takes and gives the same values, in a quarter of the time: ten million entries
are verified in two minutes. Whatever it does not match is read by ``Core.decode``, which alone says what is wrong.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from staffdesk.audit import canonical
from staffdesk.audit.entry import Core, copies

_CHARACTER: Final = r'[^"\\\x00-\x1f\x7f-\x9f]'
_COMMITMENT: Final = r'"[a-z][a-z0-9_.]{0,63}+":"[0-9a-f]{64}"'
_TEXT: Final = f'"({_CHARACTER}*+)"'
_TEXT_UNREAD: Final = f'"{_CHARACTER}*+"'
_LIST_UNREAD: Final = rf"\[(?:{_TEXT_UNREAD}(?:,{_TEXT_UNREAD})*+)?+\]"
_NUMBER: Final = "(?:0|[1-9][0-9]{0,14}+)"

# Of a field that is compared or followed the value is read, of the others the form alone is checked.
_PATTERNS: Final[Mapping[str, str]] = {
    "act": _TEXT,
    "actor": f"(?:null|{_TEXT})",
    "basis": f"(?:null|{_TEXT_UNREAD})",
    "entity": f"(?:null|{_TEXT_UNREAD})",
    "host": f"(?:null|{_TEXT_UNREAD})",
    "kinds": _LIST_UNREAD,
    "level": f"(?:null|{_TEXT})",
    "n": _NUMBER,
    "obj": rf'\[(?:"({_CHARACTER}*+(?:","{_CHARACTER}*+)*+)")?+\]',
    "out": _TEXT,
    "policy": _TEXT_UNREAD,
    "purpose": f"(?:null|{_TEXT})",
    "ref": f"(?:null|{_TEXT})",
    "rel": _LIST_UNREAD,
    "role": f"(?:null|{_TEXT_UNREAD})",
    "sec": rf"\{{((?:{_COMMITMENT}(?:,{_COMMITMENT})*+)?+)\}}",
    "seq": "([1-9][0-9]{0,14}+)",
    "sid": f"(?:null|{_TEXT_UNREAD})",
    "standing": f"(?:null|{_TEXT})",
    "t": f"({_NUMBER})",
    "v": "1",
}


Scanned: TypeAlias = tuple[int, int, str, tuple[str | int | None, ...], tuple[str, ...], Mapping[str, str]]
"""What the verifier needs of an entry: number, time, act, indexed copies, subjects, commitments by field."""


def scanned(core: Core) -> Scanned:
    """Return the same of an entry that was decoded."""
    return core.seq, core.t, core.act, tuple(copies(core).values()), core.obj, core.sec


def reader(origin: str) -> Callable[[bytes], Scanned | None]:
    """Return the function that reads an entry of the log ``origin``, or returns None where it cannot tell."""
    patterns = {**_PATTERNS, "log": re.escape(canonical.encode(origin).decode())}
    fields = ",".join(f'"{name}":{patterns[name]}' for name in sorted(patterns))
    match = re.compile(rf"\{{{fields}\}}").fullmatch
    normalized = unicodedata.is_normalized

    def read(core: bytes) -> Scanned | None:
        try:
            text = core.decode()
        except UnicodeDecodeError:
            return None
        found = match(text)
        if found is None or not (text.isascii() or normalized("NFC", text)):
            return None
        act, actor, level, obj, out, purpose, ref, sec, seq, standing, t = found.groups()
        commitments = _commitments(sec) if sec else _NO_COMMITMENTS
        if commitments is None:
            return None
        at = int(t)
        fresh = (at, act, out, actor, purpose, ref, standing, level)  # in the order of COPIED
        subjects = () if obj is None else tuple(obj.split('","'))
        return int(seq), at, act, fresh, subjects, commitments

    return read


_NO_COMMITMENTS: Final[Mapping[str, str]] = {}


def _commitments(text: str) -> Mapping[str, str] | None:
    """Return the pairs by field; None where the fields are not in ascending order, each once."""
    if "," not in text:
        name, _, digest = text.partition(":")
        return {name[1:-1]: digest[1:-1]}
    pairs = [pair.split(":") for pair in text.split(",")]
    names = [name[1:-1] for name, _ in pairs]
    if names != sorted(set(names)):
        return None
    return {name[1:-1]: digest[1:-1] for name, digest in pairs}
