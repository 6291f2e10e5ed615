"""Seven roles, six commands: who may do what is what ``access.toml`` says, and each refusal is an entry.

The table is read as a person reads it, not with the code that decides.
"""

from __future__ import annotations

import tomllib
from importlib import resources
from pathlib import Path

import pytest

from staffdesk.domain.access import Role
from tests.cli.conftest import TOLD, Commands

TABLE = tomllib.loads((resources.files("staffdesk.parameters") / "access.toml").read_text(encoding="utf-8"))
PURPOSE = {"support": "support", "sales": "sale", "finance": "legal", "privacy": "rights", "approver": "rights"}
"""The purpose of each role's own; admins and auditors have none, and try with one of the others'."""

COMMANDS = {
    "search": "customer.search",
    "show": "customer.opened",
    "reveal": "customer.revealed",
    "audit list": "audit.listed",
    "import": "import.run",
    "staff add": "staff.added",
}
REVEALED = "address"


def _may(role: Role, act: str) -> bool:
    rule = TABLE["acts"][act]
    if role not in rule["roles"]:
        return False
    if "purposes" in rule and role not in TABLE["purposes"][PURPOSE[role]]:
        return False
    if act != "customer.revealed":
        return True
    seen = TABLE["classes"][role][REVEALED]
    return seen == "shown" or (seen == "masked" and REVEALED in TABLE["reveal"][role])


@pytest.mark.parametrize("role", list(Role))
def test_each_role_does_what_the_table_says_and_nothing_else(role: Role, desk: Commands, tmp_path: Path) -> None:
    user = next(each.user for each in desk.demo.accounts if each.role is role)
    orders = tmp_path / "orders.json"
    orders.write_text("[]", encoding="utf-8")
    looking = {"purpose": PURPOSE.get(role, "support"), "reference": desk.demo.case}
    ran = {
        "search": desk.run("search", "dupont", as_=user, **looking),
        "show": desk.run("show", "1", as_=user, **looking),
        "reveal": desk.run("reveal", "person:1:street", as_=user, **looking),
        "audit list": desk.run("audit", "list", as_=user),
        "import": desk.run("import", "fastspring", str(orders), *TOLD, as_=user),
        "staff add": desk.run("staff", "add", "ines", as_=user, name="Ines", number="N-9", role="support"),
    }

    assert {name: each.code for name, each in ran.items()} == {
        name: 0 if _may(role, act) else 3 for name, act in COMMANDS.items()
    }
    refused = [COMMANDS[name] for name, each in ran.items() if each.code == 3]
    assert all(each.out == "" for each in ran.values() if each.code == 3)
    denied = desk.entries(who=user, act="denied")
    assert sorted(str(entry["kinds"][0]) for entry in denied if isinstance(entry["kinds"], list)) == sorted(refused)
    assert {entry["out"] for entry in denied} <= {"denied"}
