"""Running the rules on a log in a file: one that was exported, or one that somebody made up; no desk is needed.

The file is read line by line, a day is held at a time.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

from staffdesk.audit.entry import FIELDS, Core
from staffdesk.audit.export import FORMAT
from staffdesk.domain.access import Act, Outcome
from staffdesk.domain.errors import BadInput
from staffdesk.domain.flags import Flag, FlagRules, flags_of

_DEFAULTS: Final[Mapping[str, object]] = {"log": "", "policy": "", "out": Outcome.OK.value}
"""What an invented line may leave out beside the fields that may be empty; ``seq`` is then the next number."""

_NEEDED: Final = frozenset({"t", "act"})
_FIELDS: Final = frozenset(FIELDS)
_ACTS: Final = frozenset(Act)
_TEXTS: Final = frozenset({"log", "act", "out", "policy"})
_LISTS: Final = frozenset({"rel", "obj", "kinds"})
_NUMBERS: Final = frozenset({"v", "seq", "t", "n"})
_FORMAT_HELP: Final = "staffdesk/help/flags.md says what a line holds."
_LAST_MS: Final = 253_402_300_799_999
"""The end of the year 9999: no calendar here goes further."""


def flags_in(path: Path, rules: FlagRules, step: Callable[[int, int], None] | None = None) -> Iterator[Flag]:
    """Yield the flags of the log in a file, a day's after the day; ``step`` is told how many entries were read.

    Raises :class:`BadInput` for a file that cannot be read, and for a line that is no entry, with its number.
    """
    yield from flags_of(entries_in(path, step), rules)


def entries_in(path: Path, step: Callable[[int, int], None] | None = None) -> Iterator[Core]:
    """Yield the entries of the log in a file; those that were pruned, and openings, are passed over."""
    last = 0
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                core = _core(line, number, last) if line.strip() else None
                if core is None:
                    continue
                if core.seq <= last:
                    raise _bad(number, f"its seq, {core.seq}, is not after {last}")
                last = core.seq
                if step is not None:
                    step(last, 0)
                yield core
    except OSError as error:
        raise BadInput("The file cannot be read.", "Name a file that is there and open to you.") from error


def _core(line: bytes, number: int, last: int) -> Core | None:
    value = _object(line, number)
    if "format" in value:
        if value["format"] != FORMAT:
            raise _bad(number, f"its format is not {FORMAT}")
        return None
    if "opening" in value:
        return None
    if "core" in value:
        return _exported(value["core"], number)
    return _invented(value, number, last)


def _exported(core: object, number: int) -> Core | None:
    """Return the entry whose text an exported line holds; nothing for one that was pruned."""
    if core is None:
        return None
    if not isinstance(core, str):
        raise _bad(number, "its core is no text")
    values = _object(core.encode("utf-8", "surrogateescape"), number)
    if values.keys() != _FIELDS:
        raise _bad(number, "its core has not the fields of an entry")
    return _checked(values, number)


def _invented(value: dict[str, object], number: int, last: int) -> Core:
    for name in sorted(_NEEDED - value.keys()):
        raise _bad(number, f"{name} is missing")
    return _checked({**_DEFAULTS, "seq": last + 1, **value}, number)


def _checked(values: dict[str, object], number: int) -> Core:
    for name, value in values.items():
        if name not in _FIELDS:
            raise _bad(number, "it has a field that no entry has")
        if not _fits(name, value):
            raise _bad(number, f"{name} has a wrong type or value")
    if values["act"] not in _ACTS:
        raise _bad(number, "its act is not known")
    lists = {name: tuple(each) for name, each in values.items() if name in _LISTS and isinstance(each, list)}
    return Core(**{**values, **lists})  # type: ignore[arg-type] # each was looked at above


def _fits(name: str, value: object) -> bool:
    if name in _TEXTS:
        return isinstance(value, str)
    if name in _NUMBERS:
        least = 1 if name in {"seq", "v"} else 0
        return isinstance(value, int) and not isinstance(value, bool) and least <= value <= _LAST_MS
    if name in _LISTS:
        return isinstance(value, list) and all(isinstance(each, str) for each in value)
    if name == "sec":
        return isinstance(value, dict)
    return value is None or isinstance(value, str)


def _object(line: bytes, number: int) -> dict[str, object]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        raise _bad(number, "it is no JSON") from None
    if not isinstance(value, dict):
        raise _bad(number, "it is no object")
    return value


def _bad(number: int, why: str) -> BadInput:
    return BadInput(f"Line {number} is not an entry: {why}.", _FORMAT_HELP)
