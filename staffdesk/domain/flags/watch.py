"""The watch over a log: a day of entries goes in, its flags come out, and what was learned is kept for the next.

A day's looks are judged twice: as the day ends, by what was done; and when what was claimed has had its time to be
corroborated, by what nothing explains.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from staffdesk.domain.access import Act, Outcome, Standing
from staffdesk.domain.flags import habits, measures
from staffdesk.domain.flags.at_once import AT_ONCE
from staffdesk.domain.flags.baselines import CLOSE, Baselines, Refusal, Waiting
from staffdesk.domain.flags.clocks import in_order
from staffdesk.domain.flags.day import Ended
from staffdesk.domain.flags.entry import (
    GLASS,
    LOOKS,
    MINUTE_MS,
    SATURDAY,
    Entry,
    Look,
    Moment,
    is_look,
    look_of,
    moment_of,
)
from staffdesk.domain.flags.flag import Flag, Shown
from staffdesk.domain.flags.habits import Habits, Teams
from staffdesk.domain.flags.matters import is_request
from staffdesk.domain.flags.measures import Listing, Step
from staffdesk.domain.flags.rules import FlagRules
from staffdesk.domain.flags.settling import Told, settled

_FORGET_EVERY: Final = 7
_REQUESTS: Final = frozenset({Act.REQUEST_MOVED, Act.REQUEST_APPROVED})
_LEAVES: Final = frozenset({Act.AUDIT_EXPORTED, Act.AUDIT_ERASED})


@dataclass(slots=True)
class _Today:
    """What one employee did on the day that is being taken."""

    looks: list[Look] = field(default_factory=list)
    listings: list[Listing] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    granted: list[Shown] = field(default_factory=list)
    own: dict[int, bool] = field(default_factory=dict)
    roles: Counter[str] = field(default_factory=Counter)
    away: dict[tuple[str, bool], tuple[int, ...]] = field(default_factory=dict)


class Watch:
    """Takes a log day by day; ``baselines`` is what it had learned when it was left off."""

    def __init__(self, rules: FlagRules, baselines: Baselines | None = None) -> None:
        """Begin under these rules, where nothing is known or where it was left off."""
        self._rules = rules
        self.baselines = baselines or Baselines()
        self._today: dict[str, _Today] = {}

    def day(self, entries: Iterable[Entry]) -> Told:
        """Take the entries of one whole day, in the order of the log, and return what is to be told at its end."""
        day, last = 0, 0
        for entry in entries:
            at = moment_of(entry.t, self._rules.time_zone)
            day, last = day or at.day, max(last, entry.t)
            self._take(entry, at)
        if not day:
            return Told()
        return self._end(day, last)

    def quiet(self, until: dt.date) -> Told:
        """Take the days up to this one, on which nobody did anything, and return what is to be told at their ends."""
        told, days = Told(), self._rules.corroboration_days
        for due in sorted(each for each in self.baselines.waiting if each < until.toordinal() - days):
            told += settled(self.baselines, due, self._teams(due + days + 1), self._rules, early=False)
        return told

    def finish(self) -> Told:
        """Judge the days whose claims had no time yet, because the log ends; this watch takes nothing after it."""
        told = Told()
        for day in sorted(self.baselines.waiting):
            told += settled(self.baselines, day, self._teams(day), self._rules, early=True)
        return told

    def _take(self, entry: Entry, at: Moment) -> None:
        known = self.baselines
        known.matters.take(entry)
        if entry.act == Act.STAFF_DISABLED and entry.out == Outcome.OK:
            known.ended.update(dict.fromkeys(entry.obj, at.day))
        if entry.actor is None:
            return
        if entry.act == Act.DENIED:
            self._refused(entry)
        elif entry.out == Outcome.OK:
            today = self._today.get(entry.actor)
            if today is None:
                today = self._today[entry.actor] = _Today()
            if is_look(entry):
                self._looked(entry, at, today)
            else:
                self._did(entry, today)

    def _looked(self, entry: Entry, at: Moment, today: _Today) -> None:
        look = look_of(entry, at)
        matters = self.baselines.matters
        if look.request and matters.own(look):
            # Whoever took down himself what somebody asks has nothing from anybody else by it.
            look.verified, look.own = False, True
        today.looks.append(look)
        today.roles[look.role] += 1
        if look.vouched:
            return
        if refusals := [each for each in self.baselines.refusals.get(look.actor, ()) if self._around(each, look)]:
            look.marks["denied"] = tuple(each.seq for each in refusals)
        if look.verified:
            return
        look.away = self._away(look, today)[at.hour]
        today.own[look.seq] = matters.own(look)
        if matters.ended(look, self._rules.rules.closed.grace_hours):
            look.marks["closed"] = ()
        if entry.act == Act.CUSTOMER_OPENED:
            today.steps.append(Step(entry.seq, entry.t, look.subject or str(entry.seq), searched=False))

    def _away(self, look: Look, today: _Today) -> tuple[int, ...]:
        key = (look.entity, look.at.weekend)
        if key not in today.away:
            person = self.baselines.people.get(look.actor) or Habits()
            today.away[key] = habits.hours_away(person, look.entity, self._rules, weekend=look.at.weekend)
        return today.away[key]

    def _did(self, entry: Entry, today: _Today) -> None:
        act = entry.act
        if act == Act.CUSTOMER_LISTED:
            today.listings.append(Listing(entry.seq, entry.t, frozenset(entry.obj), entry.n))
            today.roles[entry.role or ""] += 1
        elif act == Act.CUSTOMER_SEARCH:
            whole = not measures.IDENTIFIERS.isdisjoint(entry.kinds)
            if whole and entry.standing != Standing.VERIFIED:
                today.steps.append(Step(entry.seq, entry.t, "", searched=True))
        elif act == Act.CUSTOMER_BREAK_GLASS:
            today.granted.append(Shown(entry.seq, entry.t, entry.obj[0] if entry.obj else ""))
        elif act in _LEAVES:
            self._removed(entry, today, "removal", None)
        elif act.startswith(("case.", "request.")):
            received = act == Act.REQUEST_RECEIVED
            if (received or act in _REQUESTS) and not self._rules.rules.removal.kinds.isdisjoint(entry.kinds):
                ids = (*entry.obj, *(() if entry.ref is None else (entry.ref,)))
                whom = frozenset(self.baselines.matters.named_by(ids))
                self._removed(entry, today, "received" if received else "removal", whom)

    def _refused(self, entry: Entry) -> None:
        if entry.actor is None or not entry.kinds or entry.kinds[0] not in LOOKS | {Act.CUSTOMER_SEARCH}:
            return
        glass = GLASS in entry.kinds
        refusal = Refusal(entry.seq, entry.t, entry.obj, entry.purpose or "", entry.role or "", entry.ref, glass=glass)
        self.baselines.refusals.setdefault(entry.actor, []).append(refusal)

    def _around(self, refused: Refusal, look: Look) -> bool:
        """Say whether a look is what had been refused, asked for in another way."""
        soon = 0 <= look.t - refused.t <= self._rules.rules.denied.within_minutes * MINUTE_MS
        same = not refused.subjects or look.subject in refused.subjects
        asked = (refused.purpose, refused.role, refused.ref, refused.glass)
        return soon and same and asked != (look.purpose, look.role, look.ref, look.glass)

    def _removed(self, entry: Entry, today: _Today, mark: str, whom: frozenset[str] | None) -> None:
        hours = self._rules.rules.removal.within_hours
        actor, ids = entry.actor or "", {entry.ref, *entry.obj}
        earlier = self.baselines.looks_since(actor, entry.t, hours)
        for look in (*earlier, *(each for each in today.looks if each.t <= entry.t)):
            # What is looked at under the request's own number is its work, whoever took it down.
            works_on_it = look.ref in ids and is_request(look.ref)
            if not look.vouched and not works_on_it and (whom is None or look.subject in whom):
                look.marks[mark] = (*look.marks.get(mark, ()), entry.seq)

    def _end(self, day: int, now: int) -> Told:
        known, rules = self.baselines, self._rules
        teams, flags = self._teams(day), list[Flag]()
        waiting = known.waiting.setdefault(day, {})
        for actor, today in self._today.items():
            if today.looks or today.listings or today.granted:
                flags += self._judge(actor, today, day, teams)
            if today.looks:
                _wait(waiting.setdefault(actor, Waiting()), today, day)
        self._today = {}
        told = Told(tuple(flags))
        for due in sorted(each for each in known.waiting if each < day - rules.corroboration_days):
            told += settled(known, due, teams, rules, early=False)
        self.baselines.refusals = {
            actor: kept
            for actor, each in known.refusals.items()
            if (kept := [one for one in each if self._recent(one, now)])
        }
        if day % _FORGET_EVERY == 0:
            known.forget(day, now, rules)
        return told

    def _recent(self, refused: Refusal, now: int) -> bool:
        return now - refused.t <= self._rules.rules.denied.within_minutes * MINUTE_MS

    def _judge(self, actor: str, today: _Today, day: int, teams: Teams) -> Iterator[Flag]:
        rules, person = self._rules, self.baselines.people.setdefault(actor, Habits())
        role = today.roles.most_common(1)[0][0] if today.roles else person.role
        limits = habits.limits_of(person, teams, role, rules)
        found = {
            habits.VOLUME: measures.volume(today.looks, measures.campaign(today.looks, today.own), rules),
            habits.LISTED: measures.listed(today.listings, today.looks),
            habits.CRAWLING: measures.crawling(today.steps, rules.rules.crawling.gap_seconds),
            habits.REVEALS: measures.reveals(today.looks, rules.rules.reveals.minutes, rules.rules.reveals.verified),
            habits.VALUES: measures.values(today.looks),
        }
        ended = Ended(
            rules=rules,
            actor=actor,
            day=day,
            looks=tuple(today.looks),
            granted=tuple(today.granted),
            measures=found,
            limits=limits,
        )
        for rule in AT_ONCE:
            yield from rule(ended)
        for name, measure in found.items():
            person.habit(name).add(measure.value, limits[name], rules.memory)
        person.role, person.last = role, day

    def _teams(self, day: int) -> Teams:
        return Teams(self.baselines.people.values(), self._rules, day)


def _wait(waiting: Waiting, today: _Today, day: int) -> None:
    """Keep of a day what is judged later: what nothing verified, who may be met by chance, and the hours of work."""
    waiting.weekend = dt.date.fromordinal(day).weekday() >= SATURDAY
    claimed = {look.subject for look in today.looks if not look.verified}
    for look in today.looks:
        if look.verified:
            waiting.hours |= 1 << look.at.hour
            if look.subject in claimed:
                waiting.kept.setdefault(look.subject, []).append(look.t)
        if look.vouched and look.rel.isdisjoint(CLOSE):
            waiting.verified += look.act == Act.CUSTOMER_OPENED
        else:
            waiting.looks.append(look)


def by_days(entries: Iterable[Entry], rules: FlagRules) -> Iterator[list[Entry]]:
    """Cut a log into its days; an entry whose clock was wrong belongs to the day before it in the log."""
    held: list[Entry] = []
    day = 0
    for at, entry, _wrong in in_order(entries, rules.time_zone):
        if held and at not in {day, day - 1}:
            yield held
            held = []
        if not held:
            day = at
        held.append(entry)
    if held:
        yield held


def flags_of(entries: Iterable[Entry], rules: FlagRules) -> Iterator[Flag]:
    """Yield the flags of a whole log, a day's after the day; at its end those that are told early."""
    watch = Watch(rules)
    for day in by_days(entries, rules):
        yield from watch.day(day).flags
    yield from watch.finish().flags
