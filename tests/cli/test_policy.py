"""Policy to evidence on the command line: JSON for a program, a code for a monitor, and for whom it is.

Seen to fail: with --check ending with 0 whatever is bad, and with the state of a clause left out.
"""

from __future__ import annotations

import sqlalchemy as sa

from staffdesk.data.maintenance import sqlite_owner
from tests.cli.conftest import Commands


def test_the_policy_is_printed_with_its_figures_and_a_monitor_hears_of_what_is_bad(desk: Commands) -> None:
    found = desk.run("policy", "evidence", "--json", "--check", as_="grace")
    assert found.code == 0, found.err
    clauses = found.record["clauses"]
    assert isinstance(clauses, list)
    (only,) = (each for each in clauses if each["id"] == "E.3")
    assert (only["state"], [each["name"] for each in only["figures"]][:2]) == (
        "good", ["sessions_of_closed", "roles_together"],
    )  # fmt: skip
    with sqlite_owner(desk.home.database_file, desk.home.read_key()) as owner:
        owner.execute(sa.text("ALTER TABLE person ADD COLUMN iban VARCHAR"))
    checked = desk.run("policy", "evidence", "--check", as_="emma")
    assert checked.code == 11
    assert "bad        Columns for payment data: 1" in checked.out
    assert desk.run("policy", "evidence", "--long", as_="david").code == 0
    assert desk.run("policy", "evidence", as_="anna").code == 3
