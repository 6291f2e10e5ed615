"""Every command of imports, customers, campaigns and cases prints for a program too, and what it says counts right.

Seen to fail: with the option left out of a command, and with several customers said to be one.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator

import pytest
import typer

from staffdesk.cli.accuracy import _in_words
from staffdesk.cli.commands import commands
from staffdesk.domain.accuracy import BouncedMail


def _below(group: typer.Typer, name: str) -> Iterator[tuple[str, Callable[..., object]]]:
    for each in group.registered_commands:
        if each.callback is not None:
            yield f"{name} {each.name or each.callback.__name__}", each.callback
    for below in group.registered_groups:
        assert below.typer_instance is not None
        yield from _below(below.typer_instance, f"{name} {below.name}".strip())


@pytest.mark.parametrize("group", ["import", "customers", "campaign", "case"])
def test_each_command_prints_json(group: str) -> None:
    found = {name: call for name, call in _below(commands(), "") if name.strip().split()[0] == group}
    assert len(found) >= 4
    assert [name for name, call in found.items() if "as_json" not in inspect.signature(call).parameters] == []


@pytest.mark.parametrize(
    ("marked", "said"),
    [
        ((), "nobody is marked."), ((7,), "customer 7 is marked."), ((7, 9), "customers 7 and 9 are marked."),
        ((7, 9, 12), "customers 7, 9 and 12 are marked."),
    ],
)  # fmt: skip
def test_whom_a_returned_mail_marks_is_said_in_a_sentence(marked: tuple[int, ...], said: str) -> None:
    assert _in_words(BouncedMail(marked=marked, known=(), unknown=0, reachable=0)) == said
