"""Accounts: an admin asks, an approver puts in force, a first password is replaced at once."""

from __future__ import annotations

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from staffdesk.cli.staff import app
from tests.cli.conftest import Commands

OWN = "three quiet otters knitting"


def _added(desk: Commands) -> tuple[str, str]:
    made = desk.run("staff", "add", "ines", "--json", as_="frank", name="Inès Moreau", number="N-100", role="support")
    assert made.code == 0, made.err
    return str(made.record["first_password"]), str(made.record["pending_id"])


def test_an_account_is_in_force_once_an_approver_agrees_and_its_first_password_is_replaced(desk: Commands) -> None:
    first, change = _added(desk)
    assert desk.run("case", "list", as_="ines", secrets=[first, OWN]).code == 4, "not before it is approved"

    assert desk.run("staff", "approve", change, as_="emma").code == 0
    assert desk.run("case", "list", as_="ines", secrets=[first, OWN]).code == 0
    assert desk.run("case", "list", as_="ines", secrets=[OWN]).code == 0
    assert desk.run("case", "list", as_="ines", secrets=[first]).code == 4


def test_a_weak_password_does_not_replace_the_first_one(desk: Commands) -> None:
    first, change = _added(desk)
    desk.run("staff", "approve", change, as_="emma")
    ran = desk.run("case", "list", as_="ines", secrets=[first, "short"])
    assert (ran.code, ran.out) == (6, "")
    assert "short" not in ran.err.replace("too short", "")
    assert desk.run("case", "list", as_="ines", secrets=[first, OWN]).code == 0


def test_an_admin_approves_nothing(desk: Commands) -> None:
    _, change = _added(desk)
    assert desk.run("staff", "approve", change, as_="frank").code == 3


def test_a_number_no_change_can_have_is_no_change(desk: Commands) -> None:
    for number in ("0", "9223372036854775808", "99999999999999999999"):
        ran = desk.run("staff", "approve", number, as_="emma")
        assert (ran.code, ran.out) == (desk.run("staff", "approve", "999", as_="emma").code, "")
        assert "There is no such change." in ran.err


@pytest.mark.parametrize(
    "command", ["add", "role", "approve", "refuse", "list", "disable", "sessions", "end", "recover"]
)
def test_every_option_says_what_it_is_for(command: str) -> None:
    group = get_command(app)
    assert isinstance(group, TyperGroup)
    for parameter in group.commands[command].params:
        assert getattr(parameter, "help", None), parameter.name


def test_the_list_shows_what_waits(desk: Commands) -> None:
    _added(desk)
    assert desk.run("staff", "role", "carla", as_="frank", role="sales").code == 0
    listed = {str(row["user"]): row for row in desk.run("staff", "list", "--json", as_="frank").rows}
    assert listed["ines"]["roles"] == []
    assert listed["ines"]["pending"] == ["support"]
    assert (listed["carla"]["roles"], listed["carla"]["pending"]) == (["finance"], ["sales"])


def test_a_closed_account_signs_in_no_more(desk: Commands) -> None:
    assert desk.run("staff", "disable", "anna", as_="frank").code == 0
    assert desk.run("case", "list", as_="anna").code == 4


def test_who_holds_the_key_file_gives_an_admin_a_new_password_and_the_log_says_so(desk: Commands) -> None:
    given = desk.run("staff", "recover", "frank")
    assert given.code == 0
    told = desk.run("staff", "list", as_="grace")
    assert "key file was used" in told.err
    listed = desk.run("audit", "list", "--json", as_="frank", secrets=[given.out.strip(), OWN], act="system.recovered")
    assert {row["out"] for row in listed.rows} == {"ok", "intent"}


def test_a_refused_change_waits_no_more_and_sessions_are_listed_and_ended(desk: Commands) -> None:
    _, change = _added(desk)
    assert desk.run("staff", "refuse", change, as_="frank").code == 3
    assert desk.run("staff", "refuse", change, as_="emma").code == 0
    assert desk.run("staff", "approve", change, as_="emma").code == 8
    listed = {str(row["user"]): row for row in desk.run("staff", "list", "--json", as_="frank").rows}
    assert (listed["ines"]["pending"], listed["ines"]["state"]) == (None, "pending")
    assert listed["frank"]["open_sessions"] == 1
    (own,) = desk.run("staff", "sessions", "--json", as_="anna").rows
    assert own["current"] is True
    assert desk.run("staff", "sessions", "anna", "--json", as_="frank").rows == []
    assert desk.run("staff", "sessions", "frank", as_="anna").code == 3
    assert desk.run("staff", "end", as_="anna").code == 6
    assert desk.run("staff", "end", as_="anna", session="0123").code == 7
    assert "Ended: 0." in desk.run("staff", "end", "anna", as_="frank").err
