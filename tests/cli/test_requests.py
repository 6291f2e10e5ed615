"""Requests without a screen: received, listed with what is overdue, read, answered; mail stopped at once.

Seen to fail: with the due date's words left out of the list, with a state as it is stored, and with a deputy told
no next step.
"""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path

import pytest

from staffdesk.data.maintenance import sqlite_owner
from tests.cli.conftest import Commands


def test_a_request_gets_its_number_and_both_due_dates(desk: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "America/Los_Angeles")
    time.tzset()
    made = desk.run(
        "requests", "add", "--json", as_="david", purpose="rights", customer="1", received="2026-01-31", type="erase"
    )
    assert made.code == 0, made.err
    assert made.record["number"] == "DSR-2026-0001"
    assert made.record["due"] == "2026-03-02"
    assert str(made.record["received_at"]).startswith("2026-01-31T00:00:00")
    listed = desk.run("requests", "list", "--json", as_="david")
    assert [row["number"] for row in listed.rows] == ["DSR-2026-0001"]
    monkeypatch.undo()
    time.tzset()


def test_a_request_from_the_future_is_refused(desk: Commands) -> None:
    tomorrow = (dt.datetime.now(dt.UTC) + dt.timedelta(days=2)).strftime("%Y-%m-%d")
    assert desk.run("requests", "add", as_="david", type="access", customer="1", received=tomorrow).code == 6


def test_what_is_overdue_says_so_in_the_list(desk: Commands) -> None:
    made = {"type": "access", "customer": "1", "purpose": "rights", "as_": "david"}
    desk.run("requests", "add", received="2026-01-05", **made)
    desk.run("requests", "add", **made)
    lines = desk.run("requests", "list", as_="david").out.splitlines()
    assert "overdue by " in lines[1]
    assert "Access" in lines[1]
    assert "received" in lines[1]
    assert lines[1].endswith("its acknowledgement (privacy)")
    assert " due in " in lines[2]
    rows = desk.run("requests", "list", "--json", as_="david").rows
    assert [row["overdue"] for row in rows] == [True, False]


def test_mail_is_stopped_read_and_answered_by_commands(desk: Commands, tmp_path: Path) -> None:
    stopped = desk.run("requests", "stop-marketing", "1", as_="anna", purpose="support")
    number = stopped.out.split(",")[0]
    assert (stopped.code, "no mail since " in stopped.out) == (0, True), stopped.err
    again = desk.run("requests", "stop-marketing", "1", "--json", as_="anna", purpose="support").record
    assert (again["number"], again["already"], again["state"]) == (number, True, "notifying")
    page = desk.run("requests", "show", number, as_="anna")
    assert "[x] carried out" in page.out
    assert "[>] telling recipients" in page.out
    assert "Next            recipients to be told (privacy)" in page.out
    assert "Transpond" in page.out
    full = desk.run("requests", "show", number, "--json", as_="david").record
    assert full["reply_address"]["exposure"] == "shown"  # type: ignore[index] # JSON
    letter = desk.run("requests", "letter", number, as_="david")
    assert number in letter.out
    assert "Avenue Moli\u00e8re 470" in letter.out
    paper = tmp_path / "letter.pdf"
    printed = ("requests", "letter", number, "--kind", "L9", "--pdf", str(paper))
    assert desk.run(*printed, as_="david").out == ""
    assert (paper.read_bytes()[:5], paper.stat().st_mode & 0o777) == (b"%PDF-", 0o600)
    refused = desk.run(*printed, as_="david")
    assert (refused.code != 0, "The letter exists already" in refused.err) == (True, True)
    assert desk.run("requests", "letter", number, "--kind", "L4", as_="david").code == 7


def test_who_may_not_is_told_so(desk: Commands) -> None:
    refused = desk.run("requests", "stop-marketing", "1", as_="frank")
    assert (refused.code, refused.out) == (3, "")
    assert desk.run("requests", "letter", "DSR-2026-0404", as_="david").code == 7
    wrong = desk.run(
        "requests", "add", as_="david", customer="1", purpose="rights", reply_address="by post", type="erase"
    )
    assert (wrong.code, "An answer cannot be sent to this." in wrong.err) == (6, True)


def test_the_card_is_let_go_by_privacy_and_what_holds_is_said_with_who_and_why(desk: Commands) -> None:
    why = "The authority finds a copy of the card too much."
    assert "mandatory, as shipped" in desk.run("requests", "card", as_="david").out
    assert desk.run("requests", "card", "otherwise", as_="frank", reason=why).code == 3
    assert desk.run("requests", "card", "otherwise", as_="david", reason=why).code == 0
    made = desk.run("requests", "add", "--json", as_="david", purpose="rights", customer="1", type="access").record
    for shown in (
        desk.run("requests", "card", as_="emma").out,
        desk.run("requests", "show", str(made["number"]), as_="david").out,
        desk.run("doctor").out,
    ):
        assert "not demanded" in shown
        assert "david" in shown
        assert why in shown
    desk.run("requests", "move", str(made["number"]), "acknowledge", as_="david", purpose="rights")
    move = ("requests", "move", str(made["number"]), "verify_otherwise", "--json")
    moved = desk.run(*move, as_="david", purpose="rights", method="last_order").record
    assert (moved["state"], moved["identity"], moved["shown_by"]) == ("assessment", "verified", "last_order")


def test_while_no_officer_is_there_what_is_late_is_for_the_deputy(desk: Commands) -> None:
    made = desk.run(
        "requests", "add", "--json", as_="david", purpose="rights", customer="1", type="erase", received="2026-01-05"
    ).record
    assert "No privacy officer" not in desk.run("run-due").out
    with sqlite_owner(desk.home.database_file, desk.home.read_key()) as owner:
        owner.exec_driver_sql("UPDATE staff SET disabled_at = 1 WHERE user_name = 'david'")
    assert "an admin names a deputy: staffdesk staff deputy ACCOUNT" in desk.run("run-due").out
    assert "Deputy   anna" in desk.run("staff", "deputy", "anna", as_="frank").out
    due = desk.run("run-due")
    assert f"! {made['number']} is overdue by " in due.out
    assert "and waits for its acknowledgement (privacy)" in due.out
    assert "this is for anna, the deputy" in due.out
    assert desk.run("run-due", "--json").record["told"] == "anna"
    with sqlite_owner(desk.home.database_file, desk.home.read_key()) as owner:
        owner.exec_driver_sql("ALTER TABLE review_progress RENAME TO gone")
    failed = desk.run("run-due")
    assert f"! {made['number']} is overdue by " in failed.out, "what else is due is said"
    assert (failed.code, "! Not done: the review." in failed.out) == (5, True)
    with sqlite_owner(desk.home.database_file, desk.home.read_key()) as owner:
        owner.exec_driver_sql("ALTER TABLE gone RENAME TO review_progress")
    told = desk.run("case", "list", as_="anna").err
    assert f"you stand in. To be answered: {made['number']} on 2026-02-05" in told
    assert "waits for its acknowledgement (privacy)" in told
    assert "you stand in" not in desk.run("case", "list", as_="bruno").err
