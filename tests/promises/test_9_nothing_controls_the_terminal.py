"""Nothing a customer wrote controls the terminal: no markup, escape sequence or bidi trick acts, on screen or in print.

Such text is refused where it comes in; here it is put past the model into every personal column, as a record older than
the rule would hold it, and read back the ways staff read.

Seen to fail: with ``text.visible`` returning its text, with ``put_json`` writing other letters than ASCII, and with the
terminal guard taken out while ``plain`` made Content of the text as it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
import sqlalchemy as sa
from typer.models import TyperInfo

from staffdesk.cli.commands import commands
from staffdesk.data import register
from staffdesk.data.maintenance import sqlite_owner
from staffdesk.domain.errors import BadInput
from staffdesk.domain.text import clean_text
from staffdesk.services.demo import Demo
from tests.cli.conftest import Commands, commands_on
from tests.promises.hostile_texts import ACTING, ALSO_PRINTED, BADGE, MARKUP, PAYLOAD, PRINTED, PRINTS_NOBODYS_TEXT
from tests.tui.conftest import listed
from tests.tui.terminal import PROGRAM, desk_in_terminal, terminal

_ACTS: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\U000e0000-\U000e0fff]")
_POINTER: Final = re.compile(rb"\x1b\]22;[a-z-]*\x07")
"""The framework asks for the shape of the mouse pointer in a sequence of its own, which ends with a bell."""


@pytest.fixture
def desk(company: Demo, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Iterator[Commands]:
    """A desk in which every personal text ends with everything that ever acted on a terminal."""
    with commands_on(company, tmp_path / "home", capfd) as commands:
        with sqlite_owner(commands.home.database_file, commands.home.read_key()) as owner:
            for table, name in {*register.customer_columns(), ("staff", "full_name")}:
                column = register.metadata.tables[table].c[name]
                if str(column.type) == "VARCHAR" and not register.of_table(table)[name].derived and table != "opening":
                    owner.execute(sa.update(column.table).values({name: column + PAYLOAD}))
        yield commands


@pytest.mark.parametrize("text", ACTING.values(), ids=ACTING)
def test_it_does_not_come_in(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        clean_text(f"Anders{text}", 200)
    assert not _ACTS.search(str(refused.value))


def test_every_command_that_prints_what_somebody_wrote_is_tried() -> None:
    assert _commands() == PRINTED.keys() | PRINTS_NOBODYS_TEXT


def _commands() -> set[str]:
    named = {each.name for each in commands().registered_commands if each.name}
    return named | {name for group in commands().registered_groups for name in _commands_of(group, "")}


def _commands_of(group: TyperInfo, before: str) -> Iterator[str]:
    assert group.typer_instance is not None
    for each in group.typer_instance.registered_commands:
        assert each.callback is not None
        yield f"{before}{group.name} {each.name or each.callback.__name__.replace('_', '-')}"
    for inner in group.typer_instance.registered_groups:
        yield from _commands_of(inner, f"{before}{group.name} ")


def test_it_is_printed_as_badges(desk: Commands, tmp_path: Path) -> None:
    out = {}
    for name, run in {**ALSO_PRINTED, **PRINTED}.items():
        ran = run(desk, tmp_path)
        assert (ran.code, name) == (0, name), ran.err
        assert not _ACTS.search(ran.out + ran.err), name
        out[name] = ran.out
    assert all(BADGE in out[name] for name in ("show", *ALSO_PRINTED))
    assert BADGE in out["audit flags"]
    assert BADGE in out["import list"]
    assert out["audit review show"].count(BADGE) == 2
    assert MARKUP in out["show"]
    exported = (tmp_path / "log.jsonl").read_bytes()
    assert exported.isascii()
    assert not _ACTS.search(exported.decode("ascii").replace("\n", ""))


def test_a_program_gets_it_escaped_and_whole(desk: Commands) -> None:
    ran = desk.look("reveal", f"person:{desk.demo.person}:email", "--json")
    assert ran.out.isascii()
    assert not _ACTS.search(ran.out)
    assert str(json.loads(ran.out)["value"]).endswith(PAYLOAD)


_PASTED: Final = f"\x1b[200~{''.join(ACTING.values())}\x1b[201~"
"""As a terminal sends what somebody pastes; short, since a field that is full rings the bell."""

_WALKS: Final = {
    "s": (
        "\r", "2\r", "3\r", "4\r", "w", "1", "v", "d", "\x1b", "jjf", _PASTED, "\x1b", "B", _PASTED, "\x1b",
        "i", _PASTED, "\t", _PASTED, "\x1b", "P", _PASTED, "\r", "\x1b", "c", "\x1b", "?", "\x1b", "\x10", "\x1b",
        "S", "dupont\r", "\r",
    ),
    "p": ("R", "\r", "o", "\x1b", "S", "dupont\r", "\r"),
    "d": (
        "\r", "\x1b", "v", "\x1b", "n", "\x1b", "xx", "\x1b", "U", "\r", "n", _PASTED, "\x1b",
        "?", "\x1b", "\x0c",
    ),
}  # fmt: skip
"""What is pressed: support from the case in hand to every pane, the dialogs with hostile text pasted into them, help,
palette and the search; privacy through the requests; the admin through log, names, export and accounts to the lock."""

_TRIES_TO_COPY: Final = "\x03\x18\x1b[<0;4;4M\x1b[<32;30;6M\x1b[<0;30;6m"
"""Ctrl+C, Ctrl+X, and a drag with the mouse."""


@pytest.mark.long
def test_it_is_painted_as_badges_on_every_screen(desk: Commands, tmp_path: Path) -> None:
    accounts = listed(desk.demo, desk.home, tmp_path / "accounts.json")
    painted, titles = bytearray(), set[str]()
    for letter, keys in _WALKS.items():
        with terminal(PROGRAM, str(accounts), size=(120, 40), preloaded=True) as tty:
            tty.wait_for("one key signs in")
            seen = len(tty.written)
            tty.send(letter)
            tty.wait_for("● log")
            for each in keys:
                tty.send(each)
                tty.read(0.25)
                tty.send(_TRIES_TO_COPY)
                tty.read(0.05)
            painted += tty.written[seen:]
            tty.send("\x11")
            assert tty.end() == 0
            titles.add(tty.title)
    assert BADGE.encode() in painted
    assert MARKUP.split()[0].encode() in painted
    written = _POINTER.sub(b"", bytes(painted))
    raw = "\x00\x07\x08\x0e\x0f\x7f\x90\x9b\x9c\u202e\u2066\u2069\U000e0041"
    assert [char for char in raw if char.encode() in written] == []
    assert b"\x1b]52" not in written
    assert b"\x1b]0;" not in written
    assert "PWNED" not in titles


def test_the_clipboard_gets_a_value_once_the_copying_is_in_the_log_and_in_letters_alone(
    desk: Commands, tmp_path: Path
) -> None:
    accounts = listed(desk.demo, desk.home, tmp_path / "accounts.json")
    with desk_in_terminal(str(accounts)) as tty:
        tty.wait_for("one key signs in")
        tty.send("s")
        tty.wait_for("My open cases")
        tty.send("\r")
        tty.wait_for("Opened under")
        tty.send(_TRIES_TO_COPY)
        tty.read(0.3)
        assert b"\x1b]52;" not in tty.written
        tty.send("1y")
        while b"\x1b]52;" not in tty.written:
            assert tty.read(5), tty.text()
        with sqlite_owner(desk.home.database_file, desk.home.read_key()) as owner:
            acts = owner.exec_driver_sql("SELECT act, out FROM entry ORDER BY seq").all()
        assert ("customer.copied", "ok") in [tuple(each) for each in acts]
        copied = re.findall(rb"\x1b\]52;c;([^\x07\x1b]*)[\x07\x1b]", bytes(tty.written))
        assert len(copied) == 1
        assert re.fullmatch(rb"[A-Za-z0-9+/=]+", copied[0])
