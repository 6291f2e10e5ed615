"""How well the rules find, in a simulated company's log, the looks that had no reason.

``python -m tests.bench.review [--months 3] [--staff 40] [--seed 1] [--json]`` prints which share of the invented
incidents is found, in all and by kind, how many flags are right, how many are false for an employee and month, and
which share of the honest opens data explains without asking anybody. Each stands beside its budget, and the exit code
is 1 where one is missed. An incident is found when a flag rests on one of its entries; a flag is false when it rests on
none of any. Opens whose claims had no time left to be corroborated are not counted.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Final, Protocol, cast

from staffdesk.audit.entry import Core
from staffdesk.domain.access import Act
from staffdesk.domain.flags import Flag, FlagRules, Watch, by_days, rules
from staffdesk.domain.flags.entry import is_look, moment_of

LEAST_RECALL: Final = 0.95
LEAST_RECALL_OF_A_KIND: Final = 0.85
MOST_FALSE: Final = 1.0
LEAST_EXPLAINED: Final = 0.95
_COMPANY: Final = "tests.bench.simulated_company"


class Incident(Protocol):
    """What somebody did without a reason, and by which entries."""

    @property
    def kind(self) -> str: ...
    @property
    def actor(self) -> str: ...
    @property
    def seqs(self) -> frozenset[int]: ...


class Company(Protocol):
    """A simulated company's log, and what in it should be found."""

    @property
    def entries(self) -> Sequence[Core]: ...
    @property
    def incidents(self) -> Sequence[Incident]: ...
    @property
    def staff(self) -> Sequence[object]: ...


@dataclass(frozen=True)
class Figures:
    """What was measured; ``false_by_rule`` says which rules were wrong how often."""

    recall: float
    recall_by_kind: dict[str, float]
    precision: float
    false_flags_per_employee_month: float
    explained: float
    false_by_rule: dict[str, int] = field(default_factory=dict)
    entries: int = 0
    flags: int = 0
    seconds: float = 0.0
    slowest_day: float = 0.0

    @property
    def kept(self) -> bool:
        """Whether every budget is kept."""
        found = self.recall >= LEAST_RECALL and min(self.recall_by_kind.values(), default=1) >= LEAST_RECALL_OF_A_KIND
        return found and self.false_flags_per_employee_month <= MOST_FALSE and self.explained >= LEAST_EXPLAINED


def measured(company: Company, months: float, by: FlagRules) -> Figures:
    """Run the rules over a company's log and hold them against its incidents."""
    watch, flags, unexplained = Watch(by), list[Flag](), set[int]()
    began, slowest = time.perf_counter(), 0.0
    for day in by_days(company.entries, by):
        at = time.perf_counter()
        told = watch.day(day)
        slowest = max(slowest, time.perf_counter() - at)
        flags += told.flags
        unexplained.update(told.unexplained)
    flags += watch.finish().flags
    seconds = time.perf_counter() - began
    wrong = frozenset[int]().union(*(each.seqs for each in company.incidents))
    rests = frozenset[int]().union(*(each.seqs for each in flags))
    found = defaultdict[str, list[bool]](list)
    for incident in company.incidents:
        found[incident.kind].append(not rests.isdisjoint(incident.seqs))
    false = [each for each in flags if wrong.isdisjoint(each.seqs)]
    opens = _settled_opens(company.entries, by) - wrong
    every = [each for kind in found.values() for each in kind]
    return Figures(
        recall=_share(sum(every), len(every)),
        recall_by_kind={kind: _share(sum(each), len(each)) for kind, each in sorted(found.items())},
        precision=_share(len(flags) - len(false), len(flags)),
        false_flags_per_employee_month=round(len(false) / max(1, len(company.staff)) / months, 4),
        explained=_share(len(opens - unexplained), len(opens)),
        false_by_rule=dict(Counter(each.rule for each in false).most_common()),
        entries=len(company.entries),
        flags=len(flags),
        seconds=round(seconds, 2),
        slowest_day=round(slowest, 2),
    )


def _settled_opens(entries: Sequence[Core], by: FlagRules) -> frozenset[int]:
    """Return the opens that had their time to be corroborated before the log ends."""
    end = max((moment_of(each.t, by.time_zone).day for each in entries), default=0) - by.corroboration_days
    opens = (each for each in entries if each.act == Act.CUSTOMER_OPENED and is_look(each))
    return frozenset(each.seq for each in opens if moment_of(each.t, by.time_zone).day < end)


def _share(part: int, whole: int) -> float:
    return 1.0 if not whole else round(part / whole, 4)


def _simulated(months: int, staff: int, seed: int) -> Company:
    try:
        module = importlib.import_module(_COMPANY)
    except ModuleNotFoundError as error:
        if error.name != _COMPANY:
            raise
        raise SystemExit(f"There is no simulated company: {_COMPANY} is not there.") from None
    simulate = cast("Callable[..., Company]", module.simulate)
    return simulate(months=months, staff=staff, seed=seed)


def main() -> None:
    """Measure one company and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--months", type=int, default=3)
    parser.add_argument("--staff", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    figures = measured(_simulated(asked.months, asked.staff, asked.seed), asked.months, rules())
    if asked.json:
        sys.stdout.write(json.dumps(asdict(figures), indent=2) + "\n")
    else:
        sys.stdout.write(f"recall                {figures.recall:.3f}  (at least {LEAST_RECALL})\n")
        for kind, share in figures.recall_by_kind.items():
            sys.stdout.write(f"  {kind:<20}{share:.3f}  (at least {LEAST_RECALL_OF_A_KIND})\n")
        sys.stdout.write(f"precision             {figures.precision:.3f}\n")
        sys.stdout.write(
            f"false flags           {figures.false_flags_per_employee_month:.3f}  (at most {MOST_FALSE:g})\n"
        )
        for rule, number in figures.false_by_rule.items():
            sys.stdout.write(f"  {rule:<20}{number}\n")
        sys.stdout.write(f"explained             {figures.explained:.3f}  (at least {LEAST_EXPLAINED})\n")
        sys.stdout.write(
            f"{figures.entries:,} entries in {figures.seconds} s, a day in {figures.slowest_day} s at most\n"
        )
    sys.exit(0 if figures.kept else 1)


if __name__ == "__main__":
    main()
