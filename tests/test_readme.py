"""The README says what is so: its key table is that of the program, its commands exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from staffdesk.cli.guard import guarded
from staffdesk.cli.key_list import markdown
from staffdesk.parameters import names_in
from tests.cli.conftest import built_once

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def commands_built_once() -> Iterator[None]:
    with built_once():
        yield


def test_the_key_table_is_that_of_the_commands() -> None:
    table = README.partition("<!-- keys: begin -->\n")[2].partition("<!-- keys: end -->")[0]
    assert table == markdown(), "put what staffdesk.cli.key_list.markdown() gives between the marks"


@pytest.mark.parametrize("line", sorted(set(re.findall(r"(?m)(?:^    |`)staffdesk ((?:[a-z]+ ?){1,2})", README))))
def test_the_commands_of_the_readme_exist(line: str, capfd: pytest.CaptureFixture[str]) -> None:
    words = line.split()
    known = _commands(capfd)
    if words[0] not in known:
        pytest.fail(f"staffdesk {words[0]} is no command")
    within = _commands(capfd, words[0]) | (set(names_in("sources")) if words[0] == "import" else set())
    assert not within or words[1] in within


def _commands(capfd: pytest.CaptureFixture[str], *command: str) -> set[str]:
    assert guarded([*command, "--help"]) == 0
    listed = capfd.readouterr().out.partition("Commands:\n")[2]
    return {line.split()[0] for line in listed.splitlines() if line.strip()}
