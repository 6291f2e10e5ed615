"""What is wrong with a desk and what is open on its machine: one line a look, the next step for each that needs one."""

from __future__ import annotations

import os
from typing import Final

import typer

from staffdesk.cli.options import Home, Json
from staffdesk.cli.output import put_json, put_table, say
from staffdesk.cli.seat import home_of

_GLYPHS: Final = {"ok": "✓", "open": "!", "not read": "!", "wrong": "✗"}


def examine(*, home: Home = None, as_json: Json = False) -> None:
    """Look at the terminal, the home, its keys, the disk, the database and the log, then at the machine around them.

    For who holds the key file; as root it also reads what SSH and sudo give the employees. Nothing is changed: an entry
    is appended to the log and taken back. The exit code is that of the worst; what is merely open still has none.
    """
    from staffdesk.cli.examining import looked_at  # noqa: PLC0415 - brings the services
    from staffdesk.services import machine  # noqa: PLC0415 - as above

    located = home_of(home)
    findings = (*looked_at(located), *machine.examine(located, os.environ))
    if as_json:
        put_json(
            [
                {
                    "about": each.about,
                    "grade": each.grade.value,
                    "found": each.found,
                    "hint": each.hint,
                    "exit_code": each.exit_code,
                }
                for each in findings
            ]
        )
    else:
        put_table(
            ("", "Looked at", "Found"),
            ((f"{_GLYPHS[each.grade]} {each.grade}", each.about, each.found) for each in findings),
        )
        say(*dict.fromkeys(f"{each.about}: {each.hint}" for each in findings if each.hint and each.grade != "ok"))
    worst = sorted((each for each in findings if each.exit_code), key=lambda each: each.grade != "wrong")
    raise typer.Exit(worst[0].exit_code if worst else 0)
