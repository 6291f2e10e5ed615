"""The clauses of the policy and what proves them: none is forgotten, each test named exists, nothing is guessed.

Seen to fail: with a clause left out and one named twice, with a test that was renamed, with a limit or a period of its
own beside the rule's, with what is not known taken for good, and with the mildest figure standing for its clause.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from staffdesk.domain.errors import Misconfigured
from staffdesk.domain.evidence import EvidenceRules, Figure, FigureRule, Reading, State, evidence_of, rules
from staffdesk.domain.measures import Measure
from staffdesk.domain.reviews import rules as review_rules
from staffdesk.domain.transfers import rules as transfer_rules
from staffdesk.parameters import load, shaped
from staffdesk.parameters.shapes import sessions

ROOT = Path(__file__).resolve().parents[3]
HELP = ROOT / "staffdesk" / "help" / "policy.md"
CLAUSES = ROOT.parent / "shared" / "policy-rules.md"


def test_every_clause_of_the_policy_is_proved_or_said_to_ask_nothing_of_the_desk() -> None:
    if not CLAUSES.is_file():
        pytest.skip(
            "the policy clause by clause lies beside the project's root: ../shared/policy-rules.md is not there"
        )
    written = re.findall(r"^\| (A\d+) \|", CLAUSES.read_text(encoding="utf-8"), re.MULTILINE)
    covered = [each for clause in rules().clauses for each in clause.covers if re.fullmatch(r"A\d+", each)]
    assert sorted([*covered, *rules().elsewhere]) == sorted(written)


def test_every_test_that_is_named_exists() -> None:
    gone = []
    for clause in rules().clauses:
        for named in clause.tests:
            path, _, function = named.partition("::")
            file = ROOT / path
            words = file.read_text(encoding="utf-8") if file.is_file() else ""
            if not words or (function and not re.search(rf"^(async )?def {function}\(", words, re.MULTILINE)):
                gone.append(named)
    assert gone == []


def test_a_limit_that_another_rule_knows_is_that_rules() -> None:
    figures = rules().figures
    assert figures[Measure.UNCOVERED].bad_from == sessions().log.tail_hours
    assert str(review_rules().breach.hours) in figures[Measure.BREACHES_LATE].means


_BY_LOOK_DAYS = {
    Measure.OPENED, Measure.OPENED_WITHOUT_GROUND, Measure.VERIFIED_SHARE, Measure.UNCORROBORATED, Measure.REVEALED,
    Measure.DENIED, Measure.IMPORTS,
}  # fmt: skip
_BY_ANSWER_MONTHS = {Measure.ANSWERED_IN_TIME, Measure.REFUSED}


def test_whatever_is_counted_over_a_period_names_it() -> None:
    days, months = f"{rules().periods.look_days} days", f"{rules().periods.answer_months} months"
    ahead = f"{transfer_rules().warn_days_before_expiry} days"
    for measure, figure in rules().figures.items():
        period = ahead if measure is Measure.TRANSFERS_ENDING else days if measure in _BY_LOOK_DAYS else months
        timed = measure in {Measure.TRANSFERS_ENDING, *_BY_LOOK_DAYS, *_BY_ANSWER_MONTHS}
        named = set(re.findall(r"\d+ (?:days|months)", f"{figure.label} {figure.means}"))
        assert named == ({period} if timed else set()), measure
    page = " ".join(HELP.read_text(encoding="utf-8").split())
    assert f"looks are counted over {days}, answers over {months}" in page
    assert f"of the requests answered in {months}" in page


def test_what_needs_mending_says_where() -> None:
    limited = {name: rule for name, rule in rules().figures.items() if rule.state(0) is not State.NOTED}
    ours = {Measure.WITHOUT_RETENTION, Measure.NETWORK_RECIPIENTS}
    assert {name for name, rule in limited.items() if not rule.mend} == ours


@pytest.mark.parametrize(
    ("rule", "value", "state"),
    [
        (FigureRule(label="x"), 7, State.NOTED),
        (FigureRule(label="x", bad_from=1), 0, State.GOOD),
        (FigureRule(label="x", bad_from=1), 1, State.BAD),
        (FigureRule(label="x", bad_from=1), None, State.UNKNOWN),
        (FigureRule(label="x", attention_from=2, bad_from=4), 3, State.ATTENTION),
        (FigureRule(label="x", attention_below=100, bad_below=95), 99.9, State.ATTENTION),
        (FigureRule(label="x", attention_below=100, bad_below=95), 94.9, State.BAD),
        (FigureRule(label="x", attention_below=100, bad_below=95), 100, State.GOOD),
    ],
)
def test_a_figure_stands_to_its_limits(rule: FigureRule, value: float | None, state: State) -> None:
    assert rule.state(value) is state


def test_a_clause_stands_as_its_worst_figure_and_what_is_not_known_is_not_good() -> None:
    readings: Mapping[Measure, Reading] = {each: Reading(0) for each in Measure}
    proof = {**readings, Measure.BACKUP_AGO: Reading(None, "the log knows of none")}
    (kept,) = (each for each in evidence_of(proof, 0).clauses if each.clause.id == "G.5")
    assert (kept.state, kept.telling.measure, kept.telling.amount) == (
        State.UNKNOWN, Measure.BACKUP_AGO, "not known here",
    )  # fmt: skip
    late = {**proof, Measure.VERIFIED_AGO: Reading(40), Measure.UNCOVERED: Reading(30)}
    (kept,) = (each for each in evidence_of(late, 0).clauses if each.clause.id == "G.5")
    assert (kept.state, kept.telling.words) == (State.BAD, "Oldest entry that no checkpoint covers: 30 hours")


def test_a_share_of_nothing_is_no_fault() -> None:
    readings = {each: Reading(0) for each in Measure} | {Measure.ANSWERED_IN_TIME: Reading(None, "none", empty=True)}
    (answered,) = (each for each in evidence_of(readings, 0).clauses if each.clause.id == "H.2a")
    assert answered.state is State.GOOD


@pytest.mark.parametrize(("part", "whole", "said", "state"), [
    (2, 13, "15.4 %", State.BAD), (1999, 2000, "99.9 %", State.ATTENTION), (1, 16, "6.3 %", State.BAD),
    (40, 40, "100 %", State.GOOD), (9496, 10_000, "95 %", State.BAD),
])  # fmt: skip
def test_a_share_is_rounded_as_in_the_pictures_and_judged_as_it_is(
    part: int, whole: int, said: str, state: State
) -> None:
    reading = Reading(part * 100 / whole)
    figure = Figure(measure=Measure.ANSWERED_IN_TIME, rule=rules().figures[Measure.ANSWERED_IN_TIME], reading=reading)
    assert (figure.amount, figure.state) == (said, state)


@pytest.mark.parametrize("broken", ["figure", "section", "twice"])
def test_a_file_with_a_hole_in_it_is_named(broken: str) -> None:
    table = load("evidence")
    clauses, figures = list(table["clauses"]), dict(table["figures"])  # type: ignore[call-overload] # read from TOML
    if broken == "figure":
        del figures["denied"]
    elif broken == "section":
        clauses.append({**clauses[0], "id": "Z.1"})
    else:
        clauses.append({**clauses[0], "id": "E.9"})
    with pytest.raises(Misconfigured, match=r"denied|Z|A1"):
        shaped("evidence", {**table, "clauses": clauses, "figures": figures}, EvidenceRules)
