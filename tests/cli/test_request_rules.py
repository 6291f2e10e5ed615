"""The rules of requests by the command line: when an answer is due, and the table of the workflow, without a home."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest

from staffdesk.cli.guard import guarded
from tests.cli.conftest import Ran, built_once

Staffdesk = Callable[..., Ran]


@pytest.fixture
def staffdesk(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Iterator[Staffdesk]:
    monkeypatch.setenv("HOME", "/nonexistent")
    monkeypatch.setenv("STAFFDESK_HOME", "/nonexistent")

    def run(*words: str) -> Ran:
        code = guarded(words)
        said = capfd.readouterr()
        return Ran(code, said.out, said.err)

    with built_once():
        yield run


def test_the_calculator_says_the_last_day_and_why_each_day_was_moved(staffdesk: Staffdesk) -> None:
    said = json.loads(staffdesk("requests", "due", "--received", "2026-03-05", "--json").out)
    assert (said["hard_due"], said["soft_due"]) == ("2026-04-07", "2026-04-07")
    assert said["hard_moved"] == [
        {"day": "2026-04-05", "why": "Sunday"},
        {"day": "2026-04-06", "why": "Easter Monday"},
    ]
    shown = staffdesk("requests", "due", "--received", "2026-03-05").out
    assert "Due                    2026-04-07 Tue (moved: 05 Apr is a Sunday, 06 Apr is Easter Monday)" in shown


def test_the_calculator_counts_a_pause_that_was_earned_and_an_extension_from_the_receipt(staffdesk: Staffdesk) -> None:
    pause = ("--proof-asked", "2026-09-10", "--proof-received", "2026-09-16")
    said = json.loads(staffdesk("requests", "due", "--received", "2026-09-10", *pause, "--json").out)
    assert (said["hard_due"], said["soft_due"], said["paused_days"]) == ("2026-10-12", "2026-10-16", 6)
    late = ("--proof-asked", "2026-09-15", "--proof-received", "2026-09-16")
    said = json.loads(staffdesk("requests", "due", "--received", "2026-09-10", *late, "--json").out)
    assert (said["hard_due"], said["soft_due"], said["paused_days"]) == ("2026-10-12", "2026-10-12", 0)
    assert "too late to stop the clock" in said["pause"]
    said = json.loads(staffdesk("requests", "due", "--received", "2026-01-31", "--extended", "--json").out)
    assert said["hard_due"] == "2026-04-30"


@pytest.mark.parametrize("moment", ["2026-03-31T22:30+0000", "2026-03-31T22:30", "2026-03-31T22:30:00"])
def test_a_moment_is_the_day_it_was_in_brussels(staffdesk: Staffdesk, moment: str) -> None:
    said = json.loads(staffdesk("requests", "due", "--received", moment, "--json").out)
    assert (said["received"], said["hard_due"]) == ("2026-04-01", "2026-05-04")


@pytest.mark.parametrize("day", ["9999-12-31", "9999-12-31T23:30", "9999-11-30"])
def test_a_day_at_the_end_of_the_calendar_is_no_crash(staffdesk: Staffdesk, day: str) -> None:
    done = staffdesk("requests", "due", "--received", day, "--extended")
    assert (done.code, done.out) == (6, "")
    assert done.err.startswith("The period would end after the last day of the calendar.")


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        (("--proof-asked", "2026-03-06"), "A pause has a beginning and an end."),
        (("--proof-asked", "2026-03-01", "--proof-received", "2026-03-09"), "These days do not follow one another."),
    ],
)
def test_days_that_make_no_sense_are_refused_with_the_next_step(
    staffdesk: Staffdesk, days: tuple[str, ...], sentence: str
) -> None:
    done = staffdesk("requests", "due", "--received", "2026-03-05", *days)
    assert (done.code, done.out) == (6, "")
    assert done.err.startswith(sentence)
    assert "proof" in done.err.splitlines()[1]


def test_the_table_proves_that_every_type_reaches_its_end(staffdesk: Staffdesk) -> None:
    done = staffdesk("requests", "states", "--check", "--json")
    said = json.loads(done.out)
    assert (done.code, said["findings"]) == (0, [])
    assert len(said["types"]) == 7
    assert said["types"]["object_mkt"]["shortest_way"] == ["stop_marketing", "notified", "complete"]
    assert all(each["shortest_way"][-1] == "complete" for each in said["types"].values())


def test_the_table_says_who_makes_each_move_and_when(staffdesk: Staffdesk) -> None:
    rows = json.loads(staffdesk("requests", "states", "--type", "erase", "--json").out)
    approve = next(row for row in rows if row["name"] == "approve")
    assert (approve["from"], approve["to"], approve["by"]) == (["approval"], "executing", ["approver"])
    assert approve["guards"]["other_decided"] == "Who decided does not approve."
    assert not any(row["name"] == "stop_marketing" for row in rows)
    assert "approve_refusal" in staffdesk("requests", "states", "--type", "erase").out
