"""Judging a day whose claims have had their time: each look by what explains it, each employee by what nothing does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from statistics import fmean

from staffdesk.domain.access import Act
from staffdesk.domain.flags import habits
from staffdesk.domain.flags.baselines import COINCIDING, Baselines, Waiting
from staffdesk.domain.flags.day import Alone, Judged, Leaving, Settled
from staffdesk.domain.flags.entry import MINUTE_MS, Look
from staffdesk.domain.flags.flag import Flag
from staffdesk.domain.flags.habits import Habits, Recent, Teams, limit_of
from staffdesk.domain.flags.in_time import IN_TIME, densest, worth_of
from staffdesk.domain.flags.matters import Grade, Ground, Matters, explained, grade_of, worth_of_grade
from staffdesk.domain.flags.measures import Measure, shown
from staffdesk.domain.flags.rules import FlagRules, Limit


@dataclass(frozen=True, slots=True)
class Told:
    """What is to be told at the end of a day: flags, how many opens were settled, which of them nothing explains."""

    flags: tuple[Flag, ...] = ()
    opens: int = 0
    unexplained: tuple[int, ...] = ()

    def __add__(self, other: Told) -> Told:
        """Return what both tell."""
        return Told(self.flags + other.flags, self.opens + other.opens, self.unexplained + other.unexplained)

    @property
    def explained(self) -> float:
        """The share of the settled opens that data explains without asking anybody."""
        return 1.0 if not self.opens else 1 - len(self.unexplained) / self.opens


def settled(known: Baselines, day: int, teams: Teams, rules: FlagRules, *, early: bool) -> Told:
    """Judge one waiting day of everybody, learn from it and let it go."""
    waiting = known.waiting.pop(day, {})
    told = Told()
    leaving = [actor for actor, end in known.ended.items() if end == day and actor not in waiting]
    for actor in (*waiting, *leaving):
        each = waiting.get(actor, Waiting())
        person = known.people.setdefault(actor, Habits(last=day))
        judged = _together([_judged(look, known.matters, rules) for look in each.looks], each.kept, rules)
        if early:
            # Whoever wrote down why he looked may still be read over: most are.
            judged = tuple(one for one in judged if one.vouched or one.grade is not Grade.WORKED)
        facts = _facts(person, actor, day, judged, teams, rules, ends=known.ended.get(actor) == day, early=early)
        flags = tuple(flag for rule in IN_TIME for flag in rule(facts))
        _learn(person, each, facts, flags)
        opens = [one for one in judged if one.look.act == Act.CUSTOMER_OPENED]
        told += Told(
            flags,
            0 if early else each.verified + len(opens),
            () if early else tuple(one.look.seq for one in opens if one.ground is None),
        )
    return told


def _judged(look: Look, matters: Matters, rules: FlagRules) -> Judged:
    ground = explained(look, matters, rules)
    grade = grade_of(look, matters, rules)
    return Judged(look, ground, grade, 0.0 if ground is not None else worth_of_grade(grade, rules))


def _together(judged: Sequence[Judged], kept: Mapping[str, Sequence[int]], rules: FlagRules) -> tuple[Judged, ...]:
    """Judge each look with the others of the day.

    A number taken by mistake is put right: the same person was looked at soon after under one that holds. The number of
    one order is not that of several people.
    """
    ordered: dict[str | None, set[str]] = {}
    for each in judged:
        if each.ground is Ground.ORDER:
            ordered.setdefault(each.look.ref, set()).add(each.look.subject)
    judged = [
        replace(each, ground=None, worth=worth_of_grade(each.grade, rules))
        if each.ground is Ground.ORDER and len(ordered[each.look.ref]) > 1
        else each
        for each in judged
    ]
    held = {subject: list(moments) for subject, moments in kept.items()}
    for each in judged:
        if each.ground in {Ground.VERIFIED, Ground.CORROBORATED}:
            held.setdefault(each.look.subject, []).append(each.look.t)
    within = rules.again_minutes * MINUTE_MS

    def mended(each: Judged) -> bool:
        soon = (0 <= t - each.look.t <= within for t in held.get(each.look.subject, ()))
        return each.ground is None and each.grade is not Grade.UNKNOWN and any(soon)

    return tuple(replace(each, ground=Ground.AGAIN, worth=0.0) if mended(each) else each for each in judged)


def _facts(
    person: Habits,
    actor: str,
    day: int,
    judged: tuple[Judged, ...],
    teams: Teams,
    rules: FlagRules,
    *,
    ends: bool,
    early: bool,
) -> Settled:
    unexplained = [each for each in judged if each.ground is None]
    for each in judged:
        if each.vouched and not each.look.rel.isdisjoint(COINCIDING):
            person.met[each.look.subject] = day
    person.recent = [each for each in person.recent if each.day > day - rules.rules.leaver.days]
    person.recent.append(_recent(day, unexplained, rules.worth.campaign))

    def most(measure: str, limit: Limit) -> float:
        habit = person.habit(measure)
        return limit_of(habit.known(memory), habit.lowest, teams.usual(person.role, measure), limit)

    # A day is settled when it is older than the days that teach nothing yet.
    memory = replace(rules.memory, lag_days=0)
    return Settled(
        rules=rules,
        actor=actor,
        day=day,
        judged=judged,
        limit=most(habits.UNVERIFIED, rules.rules.unverified.limit),
        session=most(habits.SESSION, rules.rules.unverified.session),
        met=person.met,
        usual=person.usual,
        alone=_alone(person, day, unexplained, rules),
        leaving=_leaving(person, teams, rules) if ends else None,
        early=early,
    )


def _recent(day: int, unexplained: Sequence[Judged], most: float) -> Recent:
    rests = tuple(shown(each.look) for each in unexplained)
    values = tuple(shown(each.look) for each in unexplained if each.look.value)
    return Recent(day, Measure(worth_of(unexplained, most), rests), Measure(len(values), values))


def _alone(person: Habits, day: int, unexplained: Iterable[Judged], rules: FlagRules) -> dict[str, tuple[Alone, ...]]:
    """Add this day to the days of each person looked at, and return those of whom it touches."""
    touched: dict[str, list[Judged]] = {}
    for each in unexplained:
        if each.look.subject:
            touched.setdefault(each.look.subject, []).append(each)
    since = day - rules.rules.repeated.window_days
    for subject, found in touched.items():
        earlier = tuple(each for each in person.alone.get(subject, ()) if since <= each.day < day)
        rests = tuple(shown(each.look) for each in found)
        person.alone[subject] = (*earlier, Alone(day, max(each.worth for each in found), rests))
    return {subject: person.alone[subject] for subject in touched}


def _leaving(person: Habits, teams: Teams, rules: FlagRules) -> Leaving:
    """Return what the last days amount to, against as many of the person's own."""
    days, rule = sum(1 for each in person.recent if each.looks.rests), rules.rules.leaver

    def most(measure: str, limit: Limit) -> float:
        habit, usual = person.habit(measure), teams.usual(person.role, measure)
        known = _over(habit.known(rules.memory), days)
        lowest = None if habit.lowest is None else habit.lowest * days
        return limit_of(known, lowest, None if usual is None else usual * days, limit)

    return Leaving(
        _sum(each.looks for each in person.recent),
        _sum(each.values for each in person.recent),
        most(habits.UNVERIFIED, rule.looks),
        most(habits.VALUES, rule.values),
    )


def _over(known: Sequence[float], days: int) -> list[float]:
    """Return what so many days together would have been: their mean grows with the days, their spread with its root."""
    mean = fmean(known) if known else 0.0
    return [days * mean + sqrt(days) * (each - mean) for each in known]


def _sum(measures: Iterable[Measure]) -> Measure:
    each = tuple(measures)
    return Measure(sum(one.value for one in each), tuple(shown for one in each for shown in one.rests))


def _learn(person: Habits, each: Waiting, facts: Settled, flags: Iterable[Flag]) -> None:
    """Remember what the day teaches: only what was explained is a habit of place and hour."""
    memory = replace(facts.rules.memory, lag_days=0)
    found, most = facts.unexplained, facts.rules.worth.campaign
    person.habit(habits.UNVERIFIED).add(worth_of(found, most), facts.limit, memory)
    session = worth_of(densest(found, facts.rules.rules.unverified.session_minutes, most), most)
    person.habit(habits.SESSION).add(session, facts.session, memory)
    hours = each.hours
    for one in facts.judged:
        if one.ground is not None:
            hours |= 1 << one.look.at.hour
        if one.vouched:
            for relation in one.look.rel & COINCIDING:
                person.usual[relation] = person.usual.get(relation, 0) + 1
    if hours:
        person.worked_at(facts.day, hours, weekend=each.weekend, memory=memory)
    for flag in flags:
        if flag.rule == "repeated" and flag.subject is not None:
            person.alone.pop(flag.subject, None)
