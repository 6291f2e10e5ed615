"""Which entries of the log are wanted, and the one line of words that says so: ``who:anna out:denied since:7d``."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from staffdesk.domain.access import Act, Entity, Level, Outcome, Purpose, Relation, Role, Standing
from staffdesk.domain.errors import BadInput

WORDS: Final = (
    "who", "act", "out", "whom", "ref", "purpose", "standing", "level", "rel", "role", "entity", "kind", "sid", "since",
    "until",
)  # fmt: skip
"""The words of a filter, in the order in which they are written."""

MYSELF: Final = "@me"
"""Stands for whoever reads; no user name is written so."""

PREFIX: Final = ".*"
"""Ends an act that stands for all of its subject: ``customer.*``."""

ANY: Final = "any"
"""Stands for whichever level: somebody was shown something, a list of nobody among it."""

_LONGEST_NUMBER: Final = 18
_NEAR: Final = 6
_LIKE: Final = 0.5
_ZONE: Final = re.compile("[+Z-]")
_DAYS: Final = re.compile(r"([0-9]{1,4})d")
_SID: Final = re.compile(r"[0-9a-f]{4,64}")
_KIND: Final = re.compile(r"[a-z0-9_.:-]{1,60}")


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFilter:
    """Which entries are wanted; each part narrows.

    ``who`` is a user name or :data:`MYSELF`, ``act`` one of the log's or a subject with :data:`PREFIX`, ``customer`` a
    customer number, ``ref`` a number the desk knows, ``sid`` a session; times are UTC milliseconds.
    """

    who: str | None = None
    act: str | None = None
    out: str | None = None
    customer: int | None = None
    ref: str | None = None
    purpose: str | None = None
    standing: str | None = None
    level: str | None = None
    rel: str | None = None
    role: str | None = None
    entity: str | None = None
    kind: str | None = None
    sid: str | None = None
    since_ms: int | None = None
    until_ms: int | None = None

    def closed(self) -> Iterator[tuple[str, str]]:
        """Yield the parts whose values are of a closed list, so that nobody's words stand in them."""
        for name in LISTS:
            value = getattr(self, name)
            if value is not None:
                yield name, value

    def others(self) -> Iterator[str]:
        """Yield the names of all other parts that are given."""
        for name in ("who", "customer", "ref", "kind", "sid", "since_ms", "until_ms"):
            if getattr(self, name) is not None:
                yield name


LISTS: Final[dict[str, tuple[str, ...]]] = {
    "act": (*(each.value for each in Act), *sorted({f"{each.split('.')[0]}{PREFIX}" for each in Act if "." in each})),
    "out": tuple(each.value for each in Outcome),
    "purpose": tuple(each.value for each in Purpose),
    "standing": tuple(each.value for each in Standing),
    "level": (*(each.value for each in Level), ANY),
    "rel": tuple(each.value for each in Relation),
    "role": tuple(each.value for each in Role),
    "entity": tuple(each.value for each in Entity),
}  # fmt: skip
"""The parts with closed lists, and their values."""


def acts_of(written: str) -> tuple[str, ...]:
    """Return the acts that a filter's act stands for."""
    if not written.endswith(PREFIX):
        return (written,)
    subject = written.removesuffix("*")
    return tuple(act.value for act in Act if act.startswith(subject))


def parse_filter(text: str) -> EntryFilter:
    """Return what a line asks for; raises :class:`BadInput` for a word or a value that is not known.

    ``since`` and ``until`` are days, or days with a time, of this terminal's zone, or days back (``7d``); the whole
    day, hour, minute or second that ``until`` names is included.
    """
    given = _parts(text)
    for name, known in LISTS.items():
        if name in given:
            _one_of(name, given[name], known)
    return EntryFilter(
        who=given.get("who"),
        act=given.get("act"),
        out=given.get("out"),
        purpose=given.get("purpose"),
        standing=given.get("standing"),
        level=given.get("level"),
        rel=given.get("rel"),
        role=given.get("role"),
        entity=given.get("entity"),
        customer=_number(given.get("whom")),
        ref=given.get("ref"),
        kind=_shaped("kind", given.get("kind"), _KIND, "kind:contact, kind:person.phone, kind:customer.opened"),
        sid=_shaped("sid", given.get("sid"), _SID, "Take it from an entry: t on it shows its session."),
        since_ms=_time(given.get("since"), end=False),
        until_ms=_time(given.get("until"), end=True),
    )


def normal_text(text: str) -> str:
    """Return a line with its words in their order, each once; raises as :func:`parse_filter`."""
    parse_filter(text)
    given = _parts(text)
    return " ".join(f"{word}:{given[word]}" for word in WORDS if word in given)


def _parts(text: str) -> dict[str, str]:
    given: dict[str, str] = {}
    for part in text.split():
        word, colon, value = part.partition(":")
        if not colon or not value or word not in WORDS:
            raise BadInput("A filter is a word, a colon and a value.", f"The words: {', '.join(WORDS)}.")
        given[word] = value
    return given


def _one_of(word: str, value: str, known: Sequence[str]) -> None:
    if value not in known:
        near = [each for each in known if value in each] or get_close_matches(value, known, _NEAR, _LIKE)
        raise BadInput(f"This {word} is not known.", f"Among: {', '.join((near or list(known))[:_NEAR])}.")


def _shaped(word: str, value: str | None, shape: re.Pattern[str], example: str) -> str | None:
    if value is not None and not shape.fullmatch(value):
        raise BadInput(f"This is no {word}.", example)
    return value


def _number(value: str | None) -> int | None:
    if value is None:
        return None
    if not value.isdecimal() or len(value) > _LONGEST_NUMBER:
        raise BadInput("whom takes a customer number.", "It stands in the record, for example whom:4711.")
    return int(value)


def _time(value: str | None, *, end: bool) -> int | None:
    if value is None:
        return None
    try:
        return _milliseconds(value, end=end)
    except (ValueError, OverflowError):
        # A year no calendar reaches is no more a time than a word is.
        raise BadInput(
            "since and until take a day or a time.", "For example 2026-11-22, 2026-11-22T09:00, or 7d for a week back."
        ) from None


def _milliseconds(value: str, *, end: bool) -> int:
    back = _DAYS.fullmatch(value)
    if back is not None:
        day = dt.datetime.now().astimezone().date() - dt.timedelta(days=int(back[1]))
        value = day.isoformat()
    moment = dt.datetime.fromisoformat(value)
    if not end:
        return round(moment.astimezone().timestamp() * 1000)
    return round((moment + _named(value)).astimezone().timestamp() * 1000) - 1


def _named(value: str) -> dt.timedelta:
    """Return how long a written time lasts: a day, an hour, a minute or a second, as far as it was written."""
    _, clock, written = value.partition("T")
    if not clock:
        return dt.timedelta(days=1)
    seconds = (3600, 60, 1)[min(_ZONE.split(written)[0].count(":"), 2)]
    return dt.timedelta(seconds=seconds)
