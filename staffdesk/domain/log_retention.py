"""What the log forgets: which entries a month loses when its time is over, and which are still needed.

Times are ``retention.toml``, the rest is ``log_retention.toml``. A month counts as over on its last day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from dateutil.relativedelta import relativedelta

from staffdesk.domain.access import Act
from staffdesk.domain.errors import Misconfigured
from staffdesk.domain.review_certificates import last_day
from staffdesk.parameters import Dated, read
from staffdesk.parameters.shapes import Keep, retention

_DAY_MS: Final = 86_400_000
_EXCUSING: Final = frozenset({Act.AUDIT_ERASED, Act.AUDIT_EXPIRED})


class Forgotten(StrEnum):
    """What of a month is forgotten at once, as the entry that covers it says."""

    ALL = "all"
    TECHNICAL = "technical"


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRetention(Dated):
    """Which times count for what, and which acts are of another kind than the rest."""

    entries: str
    technical_entries: str
    reasons: str
    values: str
    technical_acts: frozenset[Act]
    permanent_acts: frozenset[Act]
    clock_days: int

    def __post_init__(self) -> None:
        """Refuse a name that no time stands under, and an act that is to go early and to stay."""
        for name in (self.entries, self.technical_entries, self.reasons, self.values):
            _ending(name, dt.date.max - dt.timedelta(days=36_500))
        if self.technical_acts & self.permanent_acts:
            raise Misconfigured("log_retention.toml: an act is technical and permanent.")
        if self.clock_days < 1:
            raise Misconfigured("log_retention.toml: clock_days must be more than 0.")

    def month_is_over(self, month: str, what: Forgotten, today: dt.date) -> bool:
        """Return whether the time of a month's entries is over, of all or of the technical ones."""
        name = self.entries if what is Forgotten.ALL else self.technical_entries
        return _ending(name, last_day(month)) < today

    def over(self, month: str, today: dt.date) -> Forgotten | None:
        """Return what of a month is over: all of it before its technical entries alone; None where nothing is."""
        return next((each for each in Forgotten if self.month_is_over(month, each, today)), None)

    def reasons_are_over(self, month: str, today: dt.date) -> bool:
        """Return whether the time of what staff wrote in a month is over."""
        return _ending(self.reasons, last_day(month)) < today

    @property
    def least_days(self) -> tuple[int, int, int]:
        """For how many days at least an entry stands, what staff wrote with it, and a term or value."""
        entries = min(_fewest_days(self.entries), _fewest_days(self.technical_entries))
        return entries, _fewest_days(self.reasons), _fewest_days(self.values)

    def shows_age(self, up_to: Iterable[int], behind: Iterable[int], now: int) -> bool:
        """Return whether what stands around an entry, made at these moments, shows a verifier that it may go.

        As :mod:`staffdesk.audit.ages` judges it: what was made too late by its clock is set off by what came after it.
        """
        moment, younger = now - (self.least_days[0] - self.clock_days) * _DAY_MS, 0
        for each in up_to:
            younger = younger + 1 if each > moment else max(0, younger - 1)
        return sum(each <= moment for each in behind) >= max(1, younger)

    @property
    def reasons_go_first(self) -> bool:
        """Whether reasons are forgotten before their entries, with which they go otherwise."""
        day = dt.date(2000, 1, 1)
        return _ending(self.reasons, day) < _ending(self.entries, day)

    def values_before(self, today: dt.date) -> dt.date:
        """Return the day before which terms and values are forgotten."""
        keep = _kept(self.values)
        return today - (dt.timedelta(days=keep.days) if keep.days else relativedelta(months=keep.months or 0))


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry as it is judged; of a pruned one the number alone is known."""

    seq: int
    act: str | None
    ref: str | None
    pruned: bool
    commits: bool
    """Whether openings were made with it, which a later entry may have to excuse."""


@dataclass(frozen=True, slots=True)
class Needed:
    """What keeps an entry past its time: references of cases and requests still open, and numbers of entries.

    ``about`` are entries about such a case, a request or who made it; ``reviewed`` those of an item undecided or of a
    breach not closed, for which alone openings are kept past their own time.
    """

    refs: frozenset[str]
    about: frozenset[int]
    reviewed: frozenset[int]

    def covers(self, other: Needed) -> bool:
        """Return whether all that ``other`` keeps is kept by this too."""
        return other.refs <= self.refs and other.about <= self.about and other.reviewed <= self.reviewed

    def keeps(self, seq: int, ref: str | None) -> bool:
        """Return whether an entry is needed still."""
        return seq in self.reviewed or seq in self.about or ref in self.refs


def forgotten(entries: Iterable[Listed], what: Forgotten, needed: Needed) -> tuple[list[int], list[int]]:
    """Return the numbers that a covering entry names, and those among them whose entries still stand.

    ``entries`` are all from the first on where everything goes: what was pruned before is named again, so that the
    older covering entries are not needed any more. Of an entry that stays, whatever excuses its openings stays too.
    """
    rules_, named, standing, excuses = rules(), [], [], False
    for entry in entries:
        if entry.pruned:
            if what is Forgotten.ALL:
                named.append(entry.seq)
            continue
        if what is Forgotten.ALL:
            stays = entry.act in rules_.permanent_acts or (excuses and entry.act in _EXCUSING)
        else:
            stays = entry.act not in rules_.technical_acts
        if stays or needed.keeps(entry.seq, entry.ref):
            excuses = excuses or entry.commits
            continue
        named.append(entry.seq)
        standing.append(entry.seq)
    return named, standing


@dataclass(frozen=True, slots=True)
class Doubt:
    """That a clock went on too far: the last moment that is believed, and the one it shows, in UTC milliseconds."""

    believed: int
    shown: int


def doubt(moments: Iterable[int], now: int, days: int) -> Doubt | None:
    """Return why ``now`` is not believed: the log was written at these moments, in its own order, and none leads there.

    From one moment to the next time goes on by at most so many days; what jumps further proves nothing, however often
    it was written since. A clock that was behind takes nothing back. None where it is believed, or nothing is known.
    """
    last = believed(moments, days)
    return None if last is None or now <= last + days * _DAY_MS else Doubt(last, now)


def believed(moments: Iterable[int], days: int) -> int | None:
    """Return the last of these moments to which others lead, as :func:`doubt` says; None where there are none."""
    last: int | None = None
    for moment in moments:
        if last is None or last < moment <= last + days * _DAY_MS:
            last = moment
    return last


def _kept(name: str) -> Keep:
    keep = retention().kinds.get(name)
    if keep is None or not (keep.months or keep.days):
        raise Misconfigured(f"log_retention.toml: retention.toml has no time for {name}.")
    return keep


def _fewest_days(name: str) -> int:
    """Return the days of a time from the day of the year on which it is the shortest."""
    days = (dt.date(2001, month, 1) for month in range(1, 13))
    return min((_ending(name, day) - day).days for day in days)


def _ending(name: str, day: dt.date) -> dt.date:
    keep = _kept(name)
    return day + (dt.timedelta(days=keep.days) if keep.days else relativedelta(months=keep.months or 0))


@cache
def rules() -> LogRetention:
    """Return the shipped rules of what the log forgets."""
    return read("log_retention", LogRetention)
