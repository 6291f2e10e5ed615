"""The four pictures of a month, drawn: each says every number in words, so that no colour need be seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final
from xml.etree.ElementTree import Element

from staffdesk.domain.access import Level
from staffdesk.domain.flags.flag import counted
from staffdesk.domain.pictures.figures import SHADES, Employee, Member, MonthFigures, RuleCount, Team
from staffdesk.domain.pictures.markup import INK, LINE, PALE, box, element, named, picture, text
from staffdesk.domain.pictures.words import percent, pruned_in_words, purposes_in_words, team_in_words, times_in_words

_CELL, _ROW, _LEFT, _TOP = 28, 18, 84, 24
_BARS: Final = 320
_WHO: Final = 150
_WIDTH: Final = 900
_LABEL_Y: Final = 13
_HOURS: Final = 24


def hours(figures: MonthFigures) -> Element:
    """Return accesses by day and hour: a grid whose cells say their number."""
    found, height = figures.hours, _TOP + len(figures.hours.days) * _ROW + 8
    parts = [
        text(_LEFT + hour * _CELL + _CELL / 2, 16, f"{hour:02d}", anchor="middle", fill=PALE) for hour in range(_HOURS)
    ]
    for row, (day, counts) in enumerate(zip(found.days, found.counts, strict=True)):
        y = _TOP + row * _ROW
        parts.append(text(_LEFT - 8, y + _LABEL_Y, f"{day:%a} {day.day}", anchor="end", fill=PALE))
        for hour, count in enumerate(counts):
            x = _LEFT + hour * _CELL
            if not count:
                parts.append(element("rect", x=x, y=y, width=_CELL - 1, height=_ROW - 1, fill="none", stroke=LINE))
                continue
            said = f"{day:%A} {day.day}, {hour:02d}:00 to {hour:02d}:59: {counted(count, 'access', 'accesses')}"
            cell = box(x, y, _CELL - 1, _ROW - 1, found.shade(count) / SHADES)
            parts.append(named(said, cell, text(x + (_CELL - 1) / 2, y + _LABEL_Y, f"{count}", anchor="middle")))
        parts.append(text(_LEFT + _HOURS * _CELL + 8, y + _LABEL_Y, f"{sum(counts):,}", weight="bold"))
    said = (
        f"{counted(found.total, 'access', 'accesses')} in {figures.month}, at most {found.most:,} in one hour; "
        f"a row for each day, a column for each hour of {figures.zone}, the day's sum at its end."
    )
    size = (_LEFT + _HOURS * _CELL + 60, height)
    return _picture(figures, "hours", "Accesses by day and hour", said, size, parts)


def people(figures: MonthFigures) -> Element:
    """Return accesses by employee and purpose: a bar for each employee, a part of it for each purpose."""
    most = max((each.total for each in figures.employees), default=0)
    parts = [part for row, each in enumerate(figures.employees) for part in _person(each, row * _ROW + 4, most)]
    said = "A bar for each employee, the busiest first, in the parts and the order that the words beside it say."
    size = (_WIDTH, len(figures.employees) * _ROW + 12)
    return _picture(figures, "people", "Accesses by employee and purpose", said, size, parts)


def _person(each: Employee, y: float, most: int) -> Iterator[Element]:
    yield text(_WHO - 8, y + _LABEL_Y, each.who, anchor="end")
    x = float(_WHO)
    for place, (purpose, count) in enumerate(each.purposes.items()):
        width = _BARS * count / most
        bar = box(x, y + 2, max(width - 1, 0.5), _ROW - 4, 1.0 if place % 2 == 0 else 0.5)
        yield named(f"{each.who}, {purpose}: {count:,}", bar)
        x += width
    yield text(_WHO + _BARS + 12, y + _LABEL_Y, f"{purposes_in_words(each)} · {percent(each.standings.share)} verified")


def teams(figures: MonthFigures) -> Element:
    """Return listed, opened and revealed by employee, with the median of the team as a line through the bars."""
    parts: list[Element] = []
    y = 4.0
    for team in figures.teams:
        parts.append(text(8, y + _LABEL_Y, team_in_words(team, figures.least), weight="bold"))
        y += _ROW
        for level in Level:
            parts.append(text(_WHO - 8, y + _LABEL_Y, level.value, anchor="end", fill=PALE))
            y += _ROW
            parts += _compared(team, level, y)
            y += len(team.members) * _ROW
        y += _ROW / 2
    said = (
        "For each role and level a bar for each employee who worked in it; the line is the median of all who did, "
        f"drawn from {figures.least} people on."
    )
    title = "Listed, opened, revealed against the team"
    return _picture(figures, "teams", title, said, (_WIDTH, round(y) + 8), parts)


def _compared(team: Team, level: Level, top: float) -> Iterator[Element]:
    most = max((each.levels.of(level) for each in team.members), default=0) or 1
    for row, member in enumerate(team.members):
        y = top + row * _ROW
        yield text(_WHO - 8, y + _LABEL_Y, member.who, anchor="end")
        words = _member(team, member, level)
        yield named(
            f"{member.who}, {level}: {words}", box(_WHO, y + 2, _BARS * member.levels.of(level) / most, _ROW - 4)
        )
        yield text(_WHO + _BARS + 12, y + _LABEL_Y, words)
    if team.median is not None:
        x = _WHO + _BARS * team.median.of(level) / most
        line = element("line", x1=x, x2=x, y1=top, y2=top + len(team.members) * _ROW, stroke=INK, stroke_width=2)
        yield named(f"median of {level}: {team.median.of(level):g}", line)


def _member(team: Team, member: Member, level: Level) -> str:
    times = team.times(member, level)
    return f"{member.levels.of(level):,}" + (f", {times_in_words(times)} the median" if times is not None else "")


def rules(figures: MonthFigures) -> Element:
    """Return what the review found by rule: decided as a filled bar, open as an outline behind it."""
    most = max((each.decided + each.open for each in figures.rules), default=0)
    parts = [part for row, each in enumerate(figures.rules) for part in _rule(each, row * _ROW + 4, most)]
    said = "A bar for each rule: filled what is decided, outlined what is still open."
    size = (_WIDTH, len(figures.rules) * _ROW + 12)
    return _picture(figures, "rules", "Flags by rule", said, size, parts)


def _picture(
    figures: MonthFigures, name: str, title: str, said: str, size: tuple[int, int], parts: Iterable[Element]
) -> Element:
    """Return a picture of the month, over which stands what of it went from the log: it may be looked at alone."""
    named_so, pruned = f"{title}, {figures.month}", pruned_in_words(figures)
    if not pruned:
        return picture(name, named_so, said, size, *parts)
    width, height = size
    below = element("g", *parts, transform=f"translate(0 {_TOP})")
    line = text(8, _LABEL_Y, pruned, weight="bold")
    return picture(name, named_so, f"{pruned} {said}", (width, height + _TOP), line, below)


def _rule(each: RuleCount, y: float, most: int) -> Iterator[Element]:
    left, done, waits = _WHO * 2, _BARS * each.decided / most, _BARS * each.open / most
    words = f"{each.decided:,} decided, {each.open:,} open"
    yield text(left - 8, y + _LABEL_Y, each.title, anchor="end")
    bars = (box(left, y + 2, done, _ROW - 4), box(left + done, y + 2, waits, _ROW - 4, hollow=True))
    yield named(
        f"{each.title}: {words}", *(bar for bar, many in zip(bars, (each.decided, each.open), strict=True) if many)
    )
    yield text(left + _BARS + 12, y + _LABEL_Y, words)
