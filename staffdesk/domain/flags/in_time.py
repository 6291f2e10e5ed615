"""The rules that wait until a claim had its time: what is shown is claimed and still uncorroborated, not claimed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from staffdesk.domain.access import Relation
from staffdesk.domain.flags.day import Judged, Settled
from staffdesk.domain.flags.entry import MINUTE_MS
from staffdesk.domain.flags.flag import Flag, Shown, counted, flag
from staffdesk.domain.flags.habits import NOWHERE
from staffdesk.domain.flags.matters import Grade
from staffdesk.domain.flags.measures import shown

_WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

SettledRule = Callable[[Settled], Iterator[Flag]]


def worth_of(unexplained: Iterable[Judged], most: float) -> float:
    """Return what looks count together: each person once, at the most one counts; a campaign as a whole."""
    worth: dict[str, float] = {}
    sale: dict[str, float] = {}
    for each in unexplained:
        counts = sale if each.grade is Grade.SALE else worth
        counts[each.look.subject] = max(counts.get(each.look.subject, 0.0), each.worth)
    return round(sum(worth.values()) + min(sum(sale.values()), most), 6)


def densest(unexplained: Sequence[Judged], minutes: int, most: float) -> Sequence[Judged]:
    """Return those of the looks that count most within so many minutes."""
    best: Sequence[Judged] = ()
    first = 0
    for end, each in enumerate(unexplained):
        while each.look.t - unexplained[first].look.t > minutes * MINUTE_MS:
            first += 1
        if worth_of(unexplained[first : end + 1], most) > worth_of(best, most):
            best = unexplained[first : end + 1]
    return best


def unverified(day: Settled) -> Iterator[Flag]:
    """Whoever looks at more people under numbers that nothing corroborated than is his habit."""
    found = day.unexplained
    if day.early:
        # Too much could still be corroborated of what weighs little.
        found = tuple(each for each in found if each.grade in {Grade.BARE, Grade.UNKNOWN})
    if unknown := [each for each in found if each.grade is Grade.UNKNOWN]:
        words = "under no number that the desk knows"
        if len(unknown) < len(found):
            many = len({each.look.subject for each in unknown})
            words = f"under numbers that nothing corroborated, {many} of them {words}"
        yield _flag(day, "unverified", found, f"Looked at {_people(found)} {words}.")
        return
    minutes, most = day.rules.rules.unverified.session_minutes, day.rules.worth.campaign
    session = densest(found, minutes, most)
    if found and worth_of(found, most) >= day.limit:
        yield _flag(day, "unverified", found, f"Looked at {_people(found)} under numbers that nothing corroborated.")
    elif session and worth_of(session, most) >= day.session:
        words = f"Within {minutes} minutes looked at {_people(session)} under numbers that nothing corroborated."
        yield _flag(day, "unverified", session, words)


def colleague(day: Settled) -> Iterator[Flag]:
    """Whoever looks at a colleague."""
    yield from _related(day, Relation.COLLEAGUE, "colleague", "a colleague")


def street(day: Settled) -> Iterator[Flag]:
    """Whoever looks at somebody of his own address."""
    found = _unmet(day, Relation.SAME_ADDRESS, day.rules.rules.street.known_days)
    yield from _told(day, "street", found, "somebody of the same address")


def surname(day: Settled) -> Iterator[Flag]:
    """Whoever looks at somebody of his own surname; one by chance has a case that was worked on."""
    found = _unmet(day, Relation.SAME_NAME, day.rules.rules.surname.known_days)
    yield from _told(day, "surname", found, "somebody of the same surname")


def mail_domain(day: Settled) -> Iterator[Flag]:
    """Whoever looks at somebody of his own mail domain, unless such people are his daily work."""
    rule = day.rules.rules.mail_domain
    if day.usual.get(Relation.SAME_DOMAIN.value, 0) < rule.usual_from:
        found = _unmet(day, Relation.SAME_DOMAIN, rule.known_days)
        yield from _told(day, "mail_domain", found, "somebody of the same mail domain")


def hours(day: Settled) -> Iterator[Flag]:
    """Whoever looks outside his own hours."""
    rule = day.rules.rules.hours
    found = [
        each
        for each in day.unexplained
        if each.look.away > rule.beside_hours and (each.grade is not Grade.WORKED or each.look.away >= rule.far_hours)
    ]
    if found:
        most = max(each.look.away for each in found)
        if most >= NOWHERE:
            weekday = _WEEKDAYS[dt.date.fromordinal(day.day).weekday()]
            words = f"Looked at {_people(found)} on a {weekday}, a day on which he does not usually work."
            yield _flag(day, "hours", found, words)
            return
        yield _flag(
            day,
            "hours",
            found,
            f"Looked at {_people(found)} {counted(most, 'hour', 'hours')} and more from the hours of his own work."
            if len({each.look.away for each in found}) == 1
            else f"Looked at {_people(found)} up to {counted(most, 'hour', 'hours')} from the hours of his own work.",
        )


def repeated(day: Settled) -> Iterator[Flag]:
    """Whoever looks at one person over weeks."""
    rule = day.rules.rules.repeated
    for days in day.alone.values():
        enough = len(days) >= rule.days and sum(each.worth for each in days) >= rule.worth
        if enough and days[-1].day - days[0].day >= rule.span_days:
            rests = [each for one in days for each in one.rests]
            words = f"Looked at one person on {len(days)} days within {days[-1].day - days[0].day + 1}"
            yield _of(day, "repeated", rests, f"{words}, each time uncorroborated.")


def closed(day: Settled) -> Iterator[Flag]:
    """Whoever looks under a case that is closed."""
    found = [each for each in day.unexplained if "closed" in each.look.marks]
    if found:
        after = f"more than {day.rules.rules.closed.grace_hours} hours after it was closed"
        yield _flag(day, "closed", found, f"Looked at {_people(found)} under a case {after}.")


def denied(day: Settled) -> Iterator[Flag]:
    """Whoever was refused and then went another way."""
    yield from _marked(
        day,
        "denied",
        [each for each in day.alone_with_it if "denied" in each.look.marks],
        "after it had been refused, by another purpose, number or role",
    )


def removal(day: Settled) -> Iterator[Flag]:
    """Whoever looked and then erased the person, or handed over his data or the log."""
    found = [each for each in day.alone_with_it if not {"removal", "received"}.isdisjoint(each.look.marks)]
    yield from _marked(day, "removal", found, "and then had them erased, or their data or the log handed over")


def leaver(day: Settled) -> Iterator[Flag]:
    """Whoever takes more along in his last days than is his habit."""
    ends = day.leaving
    if ends is None:
        return
    rests: tuple[Shown, ...] = ()
    if ends.looks.value >= ends.most_looks:
        rests += ends.looks.rests
    if ends.values.value >= ends.most_values:
        rests += ends.values.rests
    if rests:
        words = f"In the last {day.rules.rules.leaver.days} days before the account ended, looked uncorroborated at"
        yield _of(day, "leaver", rests, f"{words} more than was the habit: {_of_shown(rests)}.")


IN_TIME: Final[tuple[SettledRule, ...]] = (
    unverified, colleague, surname, street, mail_domain, hours, repeated, closed, removal, denied, leaver,
)  # fmt: skip


def _related(day: Settled, relation: Relation, name: str, who: str) -> Iterator[Flag]:
    yield from _told(day, name, [each for each in day.alone_with_it if each.look.has(relation)], who)


def _unmet(day: Settled, relation: Relation, known_days: int) -> list[Judged]:
    """Return the looks at people of a relation whom he had no reason to see lately."""
    since = day.day - known_days
    found = (each for each in day.alone_with_it if each.look.has(relation))
    return [each for each in found if day.met.get(each.look.subject, 0) < since]


def _told(day: Settled, name: str, found: list[Judged], who: str) -> Iterator[Flag]:
    if found:
        yield _flag(day, name, found, f"Looked at {who} under a number that nothing corroborated: {_people(found)}.")


def _marked(day: Settled, name: str, found: list[Judged], how: str) -> Iterator[Flag]:
    if found:
        rests = [shown(each.look) for each in found]
        rests += [Shown(seq, each.look.t, each.look.subject) for each in found for seq in _against(each, name)]
        yield _of(day, name, rests, f"Looked at {_people(found)} {how}.")


def _against(each: Judged, name: str) -> tuple[int, ...]:
    return each.look.marks.get(name, ()) + (each.look.marks.get("received", ()) if name == "removal" else ())


def _people(found: Iterable[Judged]) -> str:
    return counted(len({each.look.subject for each in found}), "person", "people")


def _of_shown(rests: Iterable[Shown]) -> str:
    return counted(len({each.subject for each in rests}), "person", "people")


def _flag(day: Settled, name: str, found: Iterable[Judged], words: str) -> Flag:
    return _of(day, name, (shown(each.look) for each in found), words)


def _of(day: Settled, name: str, rests: Iterable[Shown], words: str) -> Flag:
    return flag(day.rules, name, day.actor, rests, words, day=day.day, early=day.early)
