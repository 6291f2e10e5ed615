"""What is imported when: a terminal that starts at once imports only what it needs.

``python -X importtime`` shows who brought a module in when one of these fails.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from staffdesk.domain.access import Role
from tests import demos

_MODULES_OF = """
import json, sys
from staffdesk.cli.main import main
for arguments in json.loads(sys.argv[1]):
    sys.argv = ["staffdesk", *arguments]
    try:
        main()
    except SystemExit:
        print(json.dumps(sorted(sys.modules)))
"""
_VERSION_CPU_SECONDS = 0.2


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _modules_of(*arguments: str) -> set[str]:
    (modules,) = _modules_after([arguments])
    return modules


def _modules_after(commands: Sequence[Sequence[str]]) -> list[set[str]]:
    """Return what is imported after each of these commands, which one interpreter runs in turn."""
    done = subprocess.run(
        [sys.executable, "-c", _MODULES_OF, json.dumps(commands)],
        capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL, env=_environment(), timeout=60,
    )  # fmt: skip
    found: list[list[str]] = [json.loads(line) for line in done.stdout.splitlines() if line.startswith('["')]
    assert len(found) == len(commands), done.stdout
    return [{name.partition(".")[0] for name in each} | set(each) for each in found]


def test_the_version_imports_neither_textual_nor_sqlmodel() -> None:
    modules = _modules_of("--version")
    assert modules.isdisjoint({"textual", "sqlmodel", "sqlalchemy", "rich", "typer", "pydantic", "cryptography"})


def test_the_help_of_a_command_imports_no_database_and_no_screen() -> None:
    modules = _modules_of("search", "--help")
    assert modules.isdisjoint({"textual", "sqlmodel", "sqlalchemy", "rich", "alembic"})


def test_a_command_imports_no_screen_and_no_alembic(tmp_path: Path) -> None:
    commands = [("search", "dupont"), ("show", "1"), ("audit", "list"), ("case", "list")]
    ran = _modules_after([(*each, "--as", "anna", "--home", str(tmp_path)) for each in commands])
    for command, modules in zip(commands, ran, strict=True):
        assert "staffdesk.services.desk" in modules
        assert (command, modules & {"textual", "rich", "alembic", "mimesis"}) == (command, set())


def test_what_another_machine_or_user_runs_alone_imports_no_database(tmp_path: Path) -> None:
    commands = [("receive", "notes"), ("seal", "--leaves", "--state", "state")]
    ran = _modules_after([("audit", *each, "--key", str(tmp_path / "no.key")) for each in commands])
    database = {"textual", "rich", "sqlmodel", "sqlalchemy", "sqlcipher3", "alembic"}
    for command, modules in zip(commands, ran, strict=True):
        assert "staffdesk.services.note_folder" in modules
        assert (command, modules & database) == (command, set())


def test_the_terminal_with_its_services_never_imports_alembic() -> None:
    code = "import sys, staffdesk.tui.app, staffdesk.services.desk; print('alembic' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=_environment(), timeout=60
    )
    assert done.stdout.strip() == "False"


_TO_THE_SEARCH_BOX = """
import os, sys
from pathlib import Path
import staffdesk.cli.terminal, staffdesk.tui.app, staffdesk.tui.guard
from staffdesk.services.home import Home
home, user, password = sys.argv[1:]
from staffdesk.services.opening_homes import open_desk
desk = open_desk(Home.locate(Path(home), os.environ))
signed_in = desk.sign_in.sign_in(user, password, "here")
from staffdesk.tui.screens import cases, search
from staffdesk.tui.session import Session
session = Session(signed_in, host="here")
cases._read(desk, session)
desk.log_length.state(session.desk_access)
print(*sys.modules)
desk.close()
"""
_UNASKED = (
    "alembic", "cryptography", "dateutil", "mimesis", "phonenumbers", "psycopg", "sqlalchemy.dialects.postgresql",
    "stdnum", "typer", "staffdesk.data.customers", "staffdesk.data.declared", "staffdesk.data.references",
    "staffdesk.data.reviews", "staffdesk.data.tables.erasure", "staffdesk.data.tables.people",
    "staffdesk.data.tables.sales", "staffdesk.data.tables.twins", "staffdesk.domain.case_mail",
    "staffdesk.domain.erasure", "staffdesk.domain.holds", "staffdesk.domain.records", "staffdesk.domain.request_moves",
    "staffdesk.domain.requests", "staffdesk.domain.screening", "staffdesk.domain.transfers",
    "staffdesk.services.audit_review", "staffdesk.services.gateway", "staffdesk.services.review_inbox",
    "staffdesk.tui.screens.record",
)  # fmt: skip
_OURS_AT_MOST = 150


def test_on_the_way_to_the_search_box_nothing_is_read_in_that_the_first_two_screens_do_not_ask(tmp_path: Path) -> None:
    """Whoever signs in waits for what is read in; the rest follows once the screen stands.

    Seen to fail: with the tables of people, and with PostgreSQL's dialect, imported by what a sign-in asks.
    """
    demo = demos.small()
    account = next(each for each in demo.accounts if each.role is Role.SUPPORT)
    home = str(demos.copied(demo, tmp_path / "home").config.parent)
    done = subprocess.run(
        [sys.executable, "-c", _TO_THE_SEARCH_BOX, home, account.user, account.password],
        capture_output=True, text=True, check=True, env=_environment(), timeout=60,
    )  # fmt: skip
    read_in = done.stdout.split()
    assert {"staffdesk.services.cases", "staffdesk.services.asked", "staffdesk.tui.screens.search"} <= set(read_in)
    assert [each for each in read_in if f"{each}.".startswith(tuple(f"{name}." for name in _UNASKED))] == []
    assert len([each for each in read_in if each.startswith("staffdesk.")]) <= _OURS_AT_MOST


def test_the_version_is_told_in_a_fifth_of_a_second_of_cpu() -> None:
    took = min(_cpu_seconds("--version") for _ in range(4))
    assert took <= _VERSION_CPU_SECONDS


def _cpu_seconds(*arguments: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-m", "staffdesk", *arguments], check=True, capture_output=True, env=_environment(), timeout=60
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
