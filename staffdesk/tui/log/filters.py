"""One line of words to a filter of the log: ``who:anna act:customer.opened whom:4711 since:2026-11-01``."""

from __future__ import annotations

import datetime as dt
import re
from difflib import get_close_matches
from typing import Final

from staffdesk.domain.access import Act, Purpose, Standing
from staffdesk.domain.errors import BadInput
from staffdesk.services.audit_review import EntryFilter

WORDS: Final = ("who", "act", "whom", "purpose", "standing", "since", "until")
EXAMPLE: Final = "who:anna act:customer.opened whom:4711 purpose:support standing:claimed since:2026-11-01"

_NEAR: Final = 6
_LIKE: Final = 0.5
_ZONE: Final = re.compile("[+Z-]")


def parse_filter(text: str) -> EntryFilter:
    """Return what a line asks for; raises :class:`BadInput` for a word or a value that is not known.

    ``since`` and ``until`` are days, or days with a time, of this terminal's zone; the whole day, hour, minute or
    second that ``until`` names is included.
    """
    given: dict[str, str] = {}
    for part in text.split():
        word, colon, value = part.partition(":")
        if not colon or not value or word not in WORDS:
            raise BadInput("A filter is a word, a colon and a value.", f"The words: {', '.join(WORDS)}.")
        given[word] = value
    return EntryFilter(
        who=given.get("who"),
        act=_one_of("act", given.get("act"), [each.value for each in Act]),
        customer=_number(given.get("whom")),
        purpose=_one_of("purpose", given.get("purpose"), [each.value for each in Purpose]),
        standing=_one_of("standing", given.get("standing"), [each.value for each in Standing]),
        since_ms=_time(given.get("since"), end=False),
        until_ms=_time(given.get("until"), end=True),
    )


def _one_of(word: str, value: str | None, known: list[str]) -> str | None:
    if value is not None and value not in known:
        near = [each for each in known if value in each] or get_close_matches(value, known, _NEAR, _LIKE)
        raise BadInput(f"This {word} is not known.", f"Among: {', '.join((near or known)[:_NEAR])}.")
    return value


def _number(value: str | None) -> int | None:
    if value is None:
        return None
    if not value.isdecimal():
        raise BadInput("whom takes a customer number.", "It stands in the record, for example whom:4711.")
    return int(value)


def _time(value: str | None, *, end: bool) -> int | None:
    if value is None:
        return None
    try:
        moment = dt.datetime.fromisoformat(value)
    except ValueError:
        raise BadInput("since and until take a day or a time.", "For example 2026-11-22 or 2026-11-22T09:00.") from None
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
