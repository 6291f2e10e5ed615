"""One entry of the log: its fields, its bytes and its leaf hash.

The bytes (``core``) are kept as they were hashed. Field names, their order here and the bytes they make are frozen by
golden vectors: a change of any is a new value of ``v``, and a reader that does not know a ``v`` says so and stops.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from hashlib import sha256
from typing import Final

from staffdesk.audit import canonical

VERSION: Final = 1

COPIED: Final = ("t", "act", "out", "actor", "purpose", "ref", "standing", "level")
"""The fields that a database keeps a second time as indexed columns; ``obj`` has a table of its own."""

OPENING_FIELD = re.compile(r"[a-z][a-z0-9_.]{0,63}")
"""The name of a commitment in ``sec``, and so of its opening."""

_COMMITMENT = re.compile(r"[0-9a-f]{64}")
_LISTS: Final = ("rel", "obj", "kinds")


class EntryError(ValueError):
    """These are not the fields or the bytes of an entry that this version knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Core:
    """What the log says of one act; no customer's personal data stands in it.

    ``t`` is milliseconds since 1970 in UTC; ``seq`` counts from 1 without a gap; ``obj`` and ``ref`` are random audit
    ids; ``sec`` maps the name of an opening to its commitment in 64 lower-case hexadecimal digits. ``act``, ``out``
    and the rest are the closed lists of ``staffdesk.domain.access``, as text, so that a log can be read without it.
    """

    v: int = VERSION
    log: str
    seq: int
    t: int
    act: str
    out: str
    actor: str | None = None
    role: str | None = None
    entity: str | None = None
    sid: str | None = None
    host: str | None = None
    purpose: str | None = None
    ref: str | None = None
    standing: str | None = None
    basis: str | None = None
    rel: tuple[str, ...] = ()
    level: str | None = None
    obj: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    n: int = 0
    policy: str
    sec: Mapping[str, str] = field(default_factory=dict)

    def dated(self, t: int) -> Core:
        """Return it as a rule reads it whose clock knows better; it is another entry then, and stands in no log."""
        return replace(self, t=t)

    def encode(self) -> bytes:
        """Return the canonical bytes; raises ``EntryError`` for a field that ``decode`` would not take back."""
        values: dict[str, object] = {name: getattr(self, name) for name in FIELDS}
        if isinstance(self.sec, Mapping):
            values["sec"] = dict(self.sec)
        _require_fields(values)
        try:
            return canonical.encode(values)
        except canonical.CanonicalError as error:
            raise EntryError(str(error)) from error

    @classmethod
    def decode(cls, data: bytes) -> Core:
        """Return the entry of these bytes; raises ``EntryError``, whose text never repeats what the bytes hold."""
        try:
            values = canonical.decode(data)
        except canonical.CanonicalError as error:
            raise EntryError(str(error)) from error
        if not isinstance(values, dict):
            raise EntryError("An entry must be a JSON object.")
        _require_fields(values)
        for name in _LISTS:
            values[name] = tuple(values[name])
        return cls(**values)


FIELDS: Final = tuple(each.name for each in fields(Core))
_FIELD_SET = frozenset(FIELDS)


def leaf_hash(core: bytes) -> bytes:
    """Return the hash with which an entry stands in the tree (RFC 9162, 2.1.1)."""
    return sha256(b"\x00" + core).digest()


def copies(core: Core) -> dict[str, str | int | None]:
    """Return the columns a database keeps beside the entry, by name."""
    return {name: getattr(core, name) for name in COPIED}


def _require_fields(values: Mapping[str, object]) -> None:
    """Refuse an unknown version first: the rest of the fields is only known when the version is."""
    version = values.get("v")
    if isinstance(version, bool) or version != VERSION:
        raise EntryError("The entry is of a version that this program does not know.")
    if values.keys() != _FIELD_SET:
        missing = sorted(_FIELD_SET - values.keys())
        raise EntryError(f"The field {missing[0]} is missing." if missing else "There is a field too many.")
    for name, value in values.items():
        if not _FITS[name](value):
            raise EntryError(f"The field {name} has a wrong type or value.")


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_text_or_none(value: object) -> bool:
    return value is None or isinstance(value, str)


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_entry_number(value: object) -> bool:
    return _is_number(value) and value != 0


def _is_list(value: object) -> bool:
    return isinstance(value, list | tuple) and (not value or all(isinstance(item, str) for item in value))


def _are_commitments(value: object) -> bool:
    return isinstance(value, dict) and all(_is_commitment(*pair) for pair in value.items())


def _is_commitment(name: object, digest: object) -> bool:
    if not (isinstance(name, str) and isinstance(digest, str)):
        return False
    return OPENING_FIELD.fullmatch(name) is not None and _COMMITMENT.fullmatch(digest) is not None


_FITS: Final[Mapping[str, Callable[[object], bool]]] = {
    **dict.fromkeys(FIELDS, _is_text_or_none),
    **dict.fromkeys(("log", "act", "out", "policy"), _is_text),
    **dict.fromkeys(_LISTS, _is_list),
    **dict.fromkeys(("v", "t", "n"), _is_number),
    "seq": _is_entry_number,
    "sec": _are_commitments,
}
