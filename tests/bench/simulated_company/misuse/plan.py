"""When which misuse begins, and how often."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from typing import Final

from tests.bench.simulated_company.misuse.much import Much
from tests.bench.simulated_company.misuse.people import People
from tests.bench.simulated_company.misuse.plot import Plot
from tests.bench.simulated_company.misuse.times import Times
from tests.bench.simulated_company.misuse.ways import Ways
from tests.bench.simulated_company.shapes import Misuse

_SIZES: Final = (5, 15, 40)
_IN_THREE_MONTHS: Final[dict[Misuse, tuple[int, int, int]]] = {
    Misuse.NO_REFERENCE: (2, 3, 5),
    Misuse.HIMSELF: (1, 2, 4),
    Misuse.COLLEAGUE: (1, 2, 4),
    Misuse.DECLARED: (1, 2, 4),
    Misuse.SAME_NAME: (1, 2, 4),
    Misuse.SAME_ADDRESS: (1, 2, 3),
    Misuse.SAME_DOMAIN: (1, 2, 3),
    Misuse.VOLUME_SUDDEN: (1, 2, 4),
    Misuse.VOLUME_RAMP: (1, 2, 3),
    Misuse.TRAWLING: (1, 2, 4),
    Misuse.SEQUENCE: (1, 2, 4),
    Misuse.AFTER_HOURS: (1, 2, 4),
    Misuse.REPEATED: (1, 2, 4),
    Misuse.REVEALS: (1, 2, 4),
    Misuse.AFTER_CLOSED: (1, 2, 4),
    Misuse.BREAK_GLASS: (1, 2, 4),
    Misuse.ERASED_AFTER_LOOK: (1, 1, 2),
    Misuse.EXPORTED_AFTER_LOOK: (1, 1, 2),
    Misuse.OTHER_WAY: (1, 2, 4),
    Misuse.LEAVER: (1, 1, 1),
}
_WITHIN: Final = {
    Misuse.VOLUME_RAMP: (0.03, 0.55),
    Misuse.REPEATED: (0.03, 0.45),
    Misuse.AFTER_CLOSED: (0.4, 0.85),
    Misuse.ERASED_AFTER_LOOK: (0.1, 0.7),
}
_ELSE: Final = (0.06, 0.88)
_LAST_WEEK_DAYS: Final = 6


class Plan:
    """Begins each misuse on its day, or on the first one after it on which somebody can."""

    def __init__(self, plot: Plot) -> None:
        """Spread all over the time: each kind's over the part of it in which it can be done."""
        people, much, times, ways = People(plot), Much(plot), Times(plot), Ways(plot)
        self._begin: dict[Misuse, Callable[[dt.date], bool]] = {
            Misuse.NO_REFERENCE: ways.no_reference,
            Misuse.HIMSELF: people.himself,
            Misuse.COLLEAGUE: people.colleague,
            Misuse.DECLARED: people.declared,
            Misuse.SAME_NAME: people.same_name,
            Misuse.SAME_ADDRESS: people.same_address,
            Misuse.SAME_DOMAIN: people.same_domain,
            Misuse.VOLUME_SUDDEN: much.volume_sudden,
            Misuse.VOLUME_RAMP: much.volume_ramp,
            Misuse.TRAWLING: much.trawling,
            Misuse.SEQUENCE: much.sequence,
            Misuse.AFTER_HOURS: times.after_hours,
            Misuse.REPEATED: times.repeated,
            Misuse.REVEALS: much.reveals,
            Misuse.AFTER_CLOSED: times.after_closed,
            Misuse.BREAK_GLASS: ways.break_glass,
            Misuse.ERASED_AFTER_LOOK: ways.erased_after_look,
            Misuse.EXPORTED_AFTER_LOOK: ways.exported_after_look,
            Misuse.OTHER_WAY: ways.other_way,
            Misuse.LEAVER: times.leaver,
        }
        self._waiting: dict[dt.date, list[Misuse]] = defaultdict(list)
        world = plot.world
        for kind, many in _IN_THREE_MONTHS.items():
            count = max(1, round(many[_SIZES.index(world.size)] * world.months / 3))
            begin, end = _WITHIN.get(kind, _ELSE)
            for n in range(1 if kind is Misuse.LEAVER else count):
                part = begin + (end - begin) * (n + plot.dice.uniform(0.0, 0.8)) / count
                day = world.days[int(part * (len(world.days) - 1))]
                if kind is Misuse.LEAVER:
                    day = self._last_week(plot)
                self._waiting[day].append(kind)

    def day(self, day: dt.date) -> None:
        """Begin what is planned for a day."""
        for kind in self._waiting.pop(day, []):
            if not self._begin[kind](day):
                self._waiting[day + dt.timedelta(days=1)].append(kind)

    @staticmethod
    def _last_week(plot: Plot) -> dt.date:
        return sorted(plot.world.staff.harvester.shifts)[-_LAST_WEEK_DAYS:][1]
