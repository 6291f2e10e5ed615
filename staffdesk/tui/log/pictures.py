"""The pictures of a month as lines of lists: density and figures carry the meaning, no colour does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from textual.content import Content

from staffdesk.domain.access import Level, Outcome, Purpose
from staffdesk.domain.entry_filter import ANY
from staffdesk.domain.pictures import Employee, HourMap, Member, MonthFigures, RuleCount, Team
from staffdesk.domain.pictures.figures import NO_PURPOSE
from staffdesk.domain.pictures.months import day_in_words, month_in_words
from staffdesk.domain.pictures.words import percent, purposes_in_words, team_in_words
from staffdesk.tui.plain import DASH, KEY, MUTED, NOTHING, STRONG, TIMES, column, fit, joined, plain
from staffdesk.tui.widgets.rows import Line, words

PANES: Final = ("hours", "people", "teams", "rules")
TITLES: Final[Mapping[str, str]] = {
    "hours": "By day and hour",
    "people": "By employee and purpose",
    "teams": "Against the team",
    "rules": "Flags by rule",
}
_SHORT: Final = {"hours": "Hours", "people": "Employees", "teams": "Team", "rules": "Flags"}

_SHADES: Final = ("\u00b7", "\u2591", "\u2592", "\u2593", "\u2588")
_SHOWN: Final = f"out:{Outcome.OK} level:{ANY}"
"""What an access is, as far as a filter of the log says it."""
_DONE, _OPEN = "\u2588", "\u2591"
_DAY, _CELL, _SUM, _EVERY = 7, 2, 7, 3
_WHO, _TOTAL, _VERIFIED, _BAR, _SHORT_BAR = 14, 8, 10, 18, 10
_COUNT, _LEAST_CELL, _LEAST_RULE = 8, 13, 24
_ROOM_FOR_BAR: Final = 70
_PURPOSES: Final[Mapping[str, str]] = {
    Purpose.SALE: "\u2593", Purpose.SUPPORT: "\u2588", Purpose.RIGHTS: "\u2592", Purpose.LEGAL: "\u2591",
    Purpose.SECURITY: "\u2573", Purpose.SYSTEM: "+", NO_PURPOSE: "-",
}  # fmt: skip
"""By which sign a part of a bar says its purpose."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A pane's lines, by the key of each line the filter of the log it leads to, and what the signs stand for."""

    lines: tuple[Line, ...]
    filters: Mapping[str, str]
    legend: Content


def strip(active: str) -> Content:
    """Return the line that names the panes where there is room for one of them only."""
    names = (plain(name, KEY if each == active else MUTED) for each, name in _SHORT.items())
    return joined(joined(*names, by="  "), plain("  tab", MUTED))


def panes_of(figures: MonthFigures) -> Mapping[str, Drawn]:
    """Return all panes of a month."""
    month = month_in_words(figures.month, figures.zone)
    return {
        "hours": _hours(figures),
        "people": _people(figures, month),
        "teams": _teams(figures, month),
        "rules": _rules(figures),
    }


def _hours(figures: MonthFigures) -> Drawn:
    found = figures.hours
    if not found.total:
        return _none("No access in this month.")
    lines = [Line("", _hour_heads, stays=True)]
    filters = {}
    for day, counts in zip(found.days, found.counts, strict=True):
        key = day.isoformat()
        lines.append(Line(key, partial(_day, found, day, counts)))
        filters[key] = f"{_SHOWN} {day_in_words(day, figures.zone)}"
    return Drawn(tuple(lines), filters, _shades(found))


def _shades(hours: HourMap) -> Content:
    """Return what each shade stands for."""
    signs = [f"{_SHADES[0]} none"]
    for shade, low, high in hours.bounds():
        signs.append(f"{_SHADES[shade]} {low:,}" if low == high else f"{_SHADES[shade]} {low:,}-{high:,}")
    return plain("  ".join(signs))


def _hour_heads(width: int) -> Content:
    hours = "".join(f"{hour:02d}".ljust(_EVERY * _CELL) for hour in range(0, 24, _EVERY))
    return plain(" " * _DAY + hours + _summed("sum", width), MUTED)


def _day(found: HourMap, day: dt.date, counts: tuple[int, ...], width: int) -> Content:
    cells = (
        plain(_SHADES[shade] * _CELL) if shade else plain(_SHADES[0].rjust(_CELL), MUTED)
        for shade in map(found.shade, counts)
    )
    label = plain(f"{day:%a} {day.day:2}".ljust(_DAY), MUTED)
    return joined(label, *cells, plain(_summed(f"{sum(counts):,}", width)))


def _summed(text: str, width: int) -> str:
    return text.rjust(_SUM) if width >= _DAY + 24 * _CELL + _SUM else ""


def _people(figures: MonthFigures, month: str) -> Drawn:
    if not figures.employees:
        return _none("Nobody was shown anything.")
    most = figures.employees[0].total
    lines = [Line("", _people_heads, stays=True)]
    lines += [Line(each.who, partial(_person, each, most)) for each in figures.employees]
    filters = {each.who: f"who:{each.who} {_SHOWN} {month}" for each in figures.employees}
    used = [name for name in _PURPOSES if any(name in each.purposes for each in figures.employees)]
    return Drawn(tuple(lines), filters, plain("  ".join(f"{_PURPOSES[name]} {name}" for name in used)))


def _people_heads(width: int) -> Content:
    return _columns([plain(each, MUTED) for each in ("who", "accesses", "verified", "", "for")], width)


def _person(each: Employee, most: int, width: int) -> Content:
    cells = (
        plain(each.who),
        plain(f"{each.total:,}", STRONG),
        plain(percent(each.standings.share)),
        plain("".join(_bar(many, most, _room(width) - 2, _PURPOSES[name]) for name, many in each.purposes.items())),
        plain(purposes_in_words(each), MUTED),
    )
    return _columns(cells, width)


def _columns(cells: tuple[Content, ...] | list[Content], width: int) -> Content:
    widths = (_WHO, _TOTAL + 1, _VERIFIED, _room(width))
    return fit(joined(*map(column, cells, (*widths, max(width - sum(widths), 0)))), width)


def _room(width: int) -> int:
    return _BAR if width >= _ROOM_FOR_BAR else _SHORT_BAR


def _bar(count: int, most: int, width: int, glyph: str = _DONE) -> str:
    """Return a bar of blocks; what is there is never none."""
    return glyph * max(round(width * count / most), 1) if count and most else ""


def _teams(figures: MonthFigures, month: str) -> Drawn:
    if not figures.teams:
        return _none("Nobody was shown anything.")
    lines = [Line("", _team_heads, stays=True)]
    filters = {}
    for team in figures.teams:
        lines.append(words(plain(team_in_words(team, figures.least), STRONG)))
        purpose = f" purpose:{team.purposes[0]}" if len(team.purposes) == 1 else ""
        for member in team.members:
            key = f"{team.role}:{member.who}"
            lines.append(Line(key, partial(_member, team, member)))
            filters[key] = f"who:{member.who} act:customer.*{purpose} {_SHOWN} {month}"
    return Drawn(tuple(lines), filters, plain(f"{TIMES} is times the median of who did it too"))


def _team_heads(width: int) -> Content:
    return _levels(plain("who", MUTED), [plain(level.value, MUTED) for level in Level], width)


def _member(team: Team, member: Member, width: int) -> Content:
    return _levels(plain(member.who), [_level(team, member, level, width) for level in Level], width)


def _level(team: Team, member: Member, level: Level, width: int) -> Content:
    """Return how often, how many times the median, and where there is room a bar against the most of the team."""
    count, times = member.levels.of(level), team.times(member, level)
    against = DASH if times is None else f"{TIMES}{times:.1f}"
    most = max(each.levels.of(level) for each in team.members)
    room = _cell(width) - _LEAST_CELL
    bar = plain(_bar(count, most, room - 1)) if room > _COUNT // 2 else NOTHING
    return joined(plain(f"{count:,}".rjust(5), STRONG), plain(against.rjust(6) + " ", MUTED), bar)


def _levels(who: Content, cells: list[Content], width: int) -> Content:
    return fit(joined(column(who, _WHO), *(column(each, _cell(width)) for each in cells)), width)


def _cell(width: int) -> int:
    return max((width - _WHO) // len(Level), _LEAST_CELL)


def _rules(figures: MonthFigures) -> Drawn:
    if not figures.rules:
        return _none("The review has nothing of this month.")
    most = max(each.decided + each.open for each in figures.rules)
    lines = [Line("", _rule_heads, stays=True)]
    lines += [Line(each.rule, partial(_rule, each, most)) for each in figures.rules]
    return Drawn(tuple(lines), {}, plain(f"{_DONE} decided  {_OPEN} open"))


def _rule_heads(width: int) -> Content:
    return _rule_columns([plain(each, MUTED) for each in ("rule", "decided", "open")], NOTHING, width)


def _rule(each: RuleCount, most: int, width: int) -> Content:
    room = max(width - _LEAST_RULE - 2 * _COUNT - 1, 4)
    bars = plain(_bar(each.decided, most, room) + _bar(each.open, most, room, _OPEN))
    cells = [plain(each.title), plain(f"{each.decided:,}", STRONG), plain(f"{each.open:,}", STRONG)]
    return _rule_columns(cells, bars, width)


def _rule_columns(cells: list[Content], bars: Content, width: int) -> Content:
    return fit(joined(*map(column, cells, (_LEAST_RULE, _COUNT, _COUNT)), bars), width)


def _none(said: str) -> Drawn:
    return Drawn((words(plain(said)),), {}, NOTHING)
