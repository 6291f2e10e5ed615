"""A flag: what a rule shows the admin, with the entries it rests on and its reason in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from staffdesk.domain.flags.rules import FlagRules


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """One incident for one rule: of one employee and day, or of one person he looked at.

    ``when`` is the first entry's moment in UTC milliseconds, ``subject`` the random id of the one person it is about,
    ``words`` the reason in a sentence without personal data. ``early`` says that what was claimed could still be
    corroborated when the log ended.
    """

    rule: str
    title: str
    severity: int
    actor: str
    day: dt.date
    when: int
    seqs: tuple[int, ...]
    subject: str | None
    words: str
    early: bool = False

    @property
    def order(self) -> tuple[int, int, str, str]:
        """Return where it stands among others: the heaviest first, then the oldest."""
        return -self.severity, self.when, self.actor, self.rule


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry that a flag rests on: its number, its moment, and whom it is about."""

    seq: int
    t: int
    subject: str


def flag(
    rules: FlagRules, name: str, actor: str, shown: Iterable[Shown], words: str, *, day: int, early: bool = False
) -> Flag:
    """Return a flag of the rule ``name``, which rests on ``shown``."""
    rule = rules.rules.of(name)
    rests = sorted(set(shown), key=lambda each: each.seq)
    subjects = {each.subject for each in rests}
    return Flag(
        rule=name,
        title=rule.title,
        severity=rule.severity,
        actor=actor,
        day=dt.date.fromordinal(day),
        when=min(each.t for each in rests),
        seqs=tuple(dict.fromkeys(each.seq for each in rests)),
        subject=subjects.pop() or None if len(subjects) == 1 else None,
        words=words,
        early=early,
    )


def counted(number: int, one: str, many: str) -> str:
    """Return a number with its word."""
    return f"{number:,} {one if number == 1 else many}"
