"""What somebody must say of a file before it is taken in: how it was obtained, when, and by what that can be shown.

The policy's list of sources is closed, and mailing lists are never bought (privacy policy, B; A10 and A16 to A18).
"""

from __future__ import annotations

import datetime as dt
import re
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from staffdesk.domain.deadlines import nominal, roll
from staffdesk.domain.errors import BadInput
from staffdesk.domain.plain_signs import in_plain_signs
from staffdesk.domain.provenance import NEEDS_EVENT, NEEDS_PARTNER, Source
from staffdesk.domain.screening import FieldKind, refuse_forbidden
from staffdesk.domain.text import clean_line
from staffdesk.parameters import Dated, read

KEYS: Final = ("source", "obtained", "evidence", "event", "partner", "encoding", "decimal_comma", "zone")
"""What a manifest file may say; an unknown key is refused, since it may be a slip in one that is needed."""

_LONGEST: Final = 500
_HIGHEST: Final = 2**63 - 1
"""The highest number a record can have."""

_SAY_IT: Final = "Say --source CODE --obtained DATE --evidence TEXT, or write them into FILE.manifest.toml."


@dataclass(frozen=True, slots=True, kw_only=True)
class ObtainingRules(Dated):
    """What a manifest must not say, and within which time who was named by another must be told.

    ``refused`` are words, or beginnings of words, in the languages of the house. ``notice_months`` counts from the day
    the data was obtained (GDPR Art. 14(3)(a)); from ``alarm_days`` before its end on it is told of.
    """

    refused: tuple[str, ...]
    earliest: dt.date
    notice_months: int
    alarm_days: int


@cache
def rules() -> ObtainingRules:
    """Return the shipped rules."""
    return read("obtaining", ObtainingRules)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """How a file was obtained; ``partner`` is the partner's number, ``encoding`` that of a text file if it is told.

    ``decimal_comma`` says that its amounts were written with a comma, as a spreadsheet in Belgium saves them. ``zone``
    is the time zone of its times that name none, where that is told (IANA).
    """

    source: Source
    obtained: dt.date
    evidence: str
    event: str | None = None
    partner: int | None = None
    encoding: str | None = None
    decimal_comma: bool = False
    zone: str | None = None

    @property
    def notice_due_on(self) -> dt.date | None:
        """The last day on which whom another named is told where his data come from; a day off goes to the next."""
        if self.source not in NEEDS_PARTNER:
            return None
        return roll(nominal(self.obtained, rules().notice_months))


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedNotice:
    """A notice that is owed: by which import, of how many people still on file, from which partner, until when."""

    run: int
    store: str
    partner: int | None
    people: int
    due_on: dt.date
    late: bool

    @property
    def sentence(self) -> str:
        """What is to be done, in words."""
        people = "1 person" if self.people == 1 else f"{self.people:,} people"
        by = "" if self.partner is None else f" by partner {self.partner}"
        when = "overdue since" if self.late else "due by"
        return f"import {self.run}: {people} named{by} to be told where their data come from, {when} {self.due_on}"


class Bought(BadInput):
    """The list was bought, rented or scraped, which no import takes in."""


def manifest_of(said: Mapping[str, object], today: dt.date) -> Manifest:
    """Return what is said of a file, checked.

    Raises :class:`Bought` where it says that the list was bought, rented or scraped, or names a source that the policy
    does not know; :class:`BadInput` for what is missing or cannot be; :class:`MustNotBeHeld`.
    """
    unknown = sorted(set(said) - set(KEYS))
    if unknown:
        for name in unknown:
            clean_line(name, _LONGEST)
            refuse_forbidden(name)
        raise BadInput(f"The manifest says what is not known: {', '.join(unknown)}.", f"It may say {', '.join(KEYS)}.")
    texts = {name: _text(name, said.get(name)) for name in ("source", "evidence", "event", "encoding", "zone")}
    _refuse_bought(texts["source"])
    _refuse_bought(texts["evidence"])
    for name in ("source", "obtained", "evidence"):
        if said.get(name) in (None, ""):
            raise BadInput(f"How the file was obtained is not told: {name} is missing.", _SAY_IT)
    source = _source(texts["source"] or "")
    event, partner = texts["event"], _partner(said.get("partner"))
    if (source in NEEDS_EVENT) is not (event is not None):
        raise BadInput(f"The source {source} {_needs(event)} an event.", _say(event, "Name it with --event."))
    if (source in NEEDS_PARTNER) is not (partner is not None):
        hint = _say(partner, "Give his number with --partner.")
        raise BadInput(f"The source {source} {_needs(partner)} a partner.", hint)
    return Manifest(
        source=source,
        obtained=_day(said.get("obtained"), today),
        evidence=texts["evidence"] or "",
        event=event,
        partner=partner,
        encoding=texts["encoding"],
        decimal_comma=_comma(said.get("decimal_comma", False)),
        zone=_zone(texts["zone"]),
    )


def _needs(given: object) -> str:
    return "needs" if given is None else "goes without"


def _say(given: object, name_it: str) -> str:
    return name_it if given is None else "Leave it out."


def _text(name: str, value: object) -> str | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise BadInput(f"The manifest's {name} is not text.", _SAY_IT)
    line = clean_line(value, _LONGEST)
    refuse_forbidden(line, FieldKind.NOTE)
    return line


def _source(word: str) -> Source:
    try:
        return Source(word)
    except ValueError:
        raise Bought(
            "The privacy policy knows no such source, so nothing obtained by it is taken in.",
            f"Choose one of: {', '.join(Source)}.",
        ) from None


def _day(value: object, today: dt.date) -> dt.date:
    day = value
    if isinstance(day, str):
        try:
            day = dt.date.fromisoformat(day)
        except ValueError:
            day = None
    if not isinstance(day, dt.date) or isinstance(day, dt.datetime):
        raise BadInput("The day on which it was obtained is not a date.", "Write it as 2026-09-12.")
    if not rules().earliest <= day <= today:
        raise BadInput(
            f"The day on which it was obtained does not lie between {rules().earliest} and today.", "Correct it."
        )
    return day


def _partner(value: object) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= _HIGHEST:
        raise BadInput("The partner is named by the number of his organisation.", "Give it with --partner NUMBER.")
    return value


def _comma(value: object) -> bool:
    if not isinstance(value, bool):
        raise BadInput("Whether amounts are written with a comma is neither true nor false.", "Write true or false.")
    return value


def _zone(name: str | None) -> str | None:
    if name is not None and name not in zoneinfo.available_timezones():
        raise BadInput("There is no such time zone.", "Name it as Europe/Brussels or UTC.")
    return name


def _refuse_bought(text: str | None) -> None:
    if text is not None and _refused().search(in_plain_signs(text)):
        raise Bought(
            "What is said of the file says that it was bought, rented or scraped. The privacy policy promises that"
            " no such list is used (B), so it is not taken in.",
            "Destroy the file. If the word was meant otherwise, say it with another one.",
        )


@cache
def _refused() -> re.Pattern[str]:
    words = "|".join(re.escape(word) for word in rules().refused)
    return re.compile(rf"(?<![^\W_])(?:{words})", re.IGNORECASE)
