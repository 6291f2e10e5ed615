"""Small invented logs, told as who looked at whom when; the days are counted from a Monday."""

# ruff: noqa: ANN401 - the fields of an entry, whichever a story tells of
from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from staffdesk.audit.entry import Core
from staffdesk.domain.flags import Flag, FlagRules, flags_of, rules

MONDAY = dt.date(2026, 1, 5)
ANN, BOB = "u_ann", "u_bob"
LATER = 30
"""Days after which every claim had its time, so that a story's end tells nothing early."""


def moment(day: int, hour: float) -> int:
    """Return the UTC milliseconds of an hour where the house is."""
    midnight = dt.datetime.combine(MONDAY + dt.timedelta(day), dt.time(0), ZoneInfo("Europe/Brussels"))
    return round(midnight.timestamp() * 1000 + hour * 3_600_000)


@dataclass
class Story:
    """Entries as they are told, in any order."""

    told: list[dict[str, Any]] = field(default_factory=list)

    def tell(self, day: int, hour: float, act: str, **fields: Any) -> None:
        values = {"out": "ok", "actor": ANN, "role": "support", "entity": "BE", "purpose": "support"} | fields
        self.told.append(values | {"t": moment(day, hour), "act": act})

    def look(self, day: int, hour: float, subject: str, *, act: str = "customer.opened", **fields: Any) -> None:
        self.tell(day, hour, act, obj=(subject,), **({"standing": "claimed", "basis": "own"} | fields))

    def verified(self, day: int, hour: float, subject: str, **fields: Any) -> None:
        ticket = {"standing": "verified", "basis": "ticket", "ref": f"c_of_{subject}_{day}"}
        self.look(day, hour, subject, **(ticket | fields))

    def case(self, day: int, hour: float, case: str, *subject: str, **fields: Any) -> None:
        self.tell(day, hour, "case.opened", obj=(*subject, case), **fields)

    def note(self, day: int, hour: float, case: str, *subject: str, **fields: Any) -> None:
        self.tell(day, hour, "case.noted", obj=(*subject, case), ref=case, **fields)

    def weeks(self, days: Iterable[int], hours: Iterable[float], **fields: Any) -> Story:
        """Work of every kind that is explained, on weekdays."""
        for day in days:
            for hour in hours if day % 7 < 5 else ():
                self.verified(day, hour, f"s_{fields.get('actor', ANN)}_{day}_{hour}", **fields)
        return self

    def entries(self) -> list[Core]:
        ordered = sorted(self.told, key=lambda each: each["t"])
        return [Core(log="log.example", policy="2024-10", seq=seq, **each) for seq, each in enumerate(ordered, 1)]

    def flags(self, rule: str | None = None, by: FlagRules | None = None, later: int = LATER) -> list[Flag]:
        """Return what is flagged when the log goes on for some weeks."""
        last = max((each["t"] for each in self.told), default=moment(0, 0))
        goes_on = [{"t": last + day * 86_400_000, "act": "system.backup", "out": "ok"} for day in range(1, later)]
        whole = Story([*self.told, *goes_on]).entries()
        return [each for each in flags_of(whole, by or rules()) if rule in {None, each.rule}]
