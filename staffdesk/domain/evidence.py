"""The privacy policy with what proves it: each clause that concerns the desk, its rule, its live figures, its tests.

Clauses and limits are ``evidence.toml``. A figure is a count, a share or an age; none says anything of anybody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from typing import Final

from staffdesk.domain.errors import Misconfigured
from staffdesk.domain.measures import Measure
from staffdesk.domain.shares import percent
from staffdesk.parameters import Dated, read


class State(StrEnum):
    """How a figure stands to its limits; ``noted`` is one that cannot be wrong by itself."""

    GOOD = "good"
    NOTED = "noted"
    UNKNOWN = "not known"
    ATTENTION = "attention"
    BAD = "bad"


_ORDER: Final = (State.NOTED, State.GOOD, State.UNKNOWN, State.ATTENTION, State.BAD)


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRule:
    """What a figure is called, its unit, and its limits: from (or below) which value it needs attention, or is bad.

    ``label`` fits a list, ``means`` says the same in full where that is more; ``mend`` says where to go from it.
    """

    label: str
    means: str = ""
    unit: str = ""
    attention_from: float | None = None
    bad_from: float | None = None
    attention_below: float | None = None
    bad_below: float | None = None
    mend: str = ""

    def state(self, value: float | None) -> State:
        """Say how a value stands; what is not known here is not good."""
        if value is None:
            return State.UNKNOWN
        if _reached(self.bad_from, value) or _fallen(self.bad_below, value):
            return State.BAD
        if _reached(self.attention_from, value) or _fallen(self.attention_below, value):
            return State.ATTENTION
        limits = (self.attention_from, self.bad_from, self.attention_below, self.bad_below)
        return State.NOTED if all(limit is None for limit in limits) else State.GOOD


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A clause of the policy: where it stands, what it says in short, the rule, what proves it, where it is tested.

    ``covers`` are the house's numbers for the sentences it stands for; a test is a path, and after ``::`` a function.
    """

    id: str
    title: str
    says: str
    rule: str
    figures: tuple[Measure, ...]
    tests: tuple[str, ...]
    covers: tuple[str, ...]

    @property
    def section(self) -> str:
        """Return the policy's section, by its letter."""
        return self.id.partition(".")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Periods:
    """Over how long something is counted."""

    look_days: int
    answer_months: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRules(Dated):
    """The clauses by section, the figures, and the clauses that ask nothing of the desk, each with the reason.

    ``names`` are the words no column of a customer may have in its name.
    """

    periods: Periods
    sections: Mapping[str, str]
    figures: Mapping[Measure, FigureRule]
    names: Mapping[Measure, tuple[str, ...]]
    clauses: tuple[Clause, ...]
    elsewhere: Mapping[str, str]

    def __post_init__(self) -> None:
        """Refuse a figure without a rule, a clause without a figure or a test, and one that is named twice."""
        for each in Measure:
            if each not in self.figures:
                raise Misconfigured(f"evidence.toml: figures.{each} is missing.")
        if min(self.periods.look_days, self.periods.answer_months) < 1:
            raise Misconfigured("evidence.toml: periods must be more than 0.")
        seen: set[str] = set(self.elsewhere)
        for clause in self.clauses:
            if clause.section not in self.sections:
                raise Misconfigured(f"evidence.toml: sections.{clause.section} is missing.")
            if not (clause.figures and clause.tests and clause.covers):
                raise Misconfigured(f"evidence.toml: the clause {clause.id} lacks figures, tests or what it covers.")
            for named in (clause.id, *clause.covers):
                if named in seen:
                    raise Misconfigured(f"evidence.toml: {named} stands twice.")
                seen.add(named)


@cache
def rules() -> EvidenceRules:
    """Return the shipped clauses and limits."""
    return read("evidence", EvidenceRules)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was measured: the value, None where it is not known here, and a word about it: why, or since when.

    ``empty`` says that there was nothing to measure, which is no fault.
    """

    value: float | None
    note: str = ""
    empty: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure as it is shown."""

    measure: Measure
    rule: FigureRule
    reading: Reading

    @property
    def state(self) -> State:
        """How it stands."""
        return State.NOTED if self.reading.empty else self.rule.state(self.reading.value)

    @property
    def amount(self) -> str:
        """The value with its unit, ``1,204``, ``98 %``, ``3 days``; ``none`` or ``not known here`` without one."""
        value, unit = self.reading.value, self.rule.unit
        if value is None:
            return "none" if self.reading.empty else "not known here"
        if unit == "%":
            return percent(value, 1)
        number = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"
        if not unit:
            return number
        return f"{number} {unit.removesuffix('s') if value == 1 else unit}"

    @property
    def words(self) -> str:
        """What is measured and how much it is."""
        return f"{self.means}: {self.amount}"

    @property
    def means(self) -> str:
        """What is measured, in full."""
        return self.rule.means or self.rule.label

    @property
    def mend(self) -> str:
        """Where to go from it; empty where nothing needs mending."""
        return self.rule.mend if self.state in {State.ATTENTION, State.BAD} else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proved:
    """A clause with its figures."""

    clause: Clause
    figures: tuple[Figure, ...]

    @property
    def telling(self) -> Figure:
        """The figure that stands for the clause: the worst one, and of these the first."""
        return max(self.figures, key=lambda figure: _ORDER.index(figure.state))

    @property
    def state(self) -> State:
        """How the clause stands."""
        return self.telling.state


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """The whole policy as it stands at one moment, in UTC milliseconds."""

    at: int
    clauses: tuple[Proved, ...]
    sections: Mapping[str, str]

    @cached_property
    def counts(self) -> Mapping[State, int]:
        """How many clauses stand how."""
        return {state: sum(1 for each in self.clauses if each.state is state) for state in State}


def evidence_of(readings: Mapping[Measure, Reading], at: int) -> Evidence:
    """Put what was measured to the clauses it proves."""
    asked = rules()
    figures = {each: Figure(measure=each, rule=asked.figures[each], reading=readings[each]) for each in Measure}
    return Evidence(
        at=at,
        clauses=tuple(
            Proved(clause=clause, figures=tuple(figures[each] for each in clause.figures)) for clause in asked.clauses
        ),
        sections=asked.sections,
    )


def _reached(limit: float | None, value: float) -> bool:
    return limit is not None and value >= limit


def _fallen(limit: float | None, value: float) -> bool:
    return limit is not None and value < limit
