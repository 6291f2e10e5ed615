"""Nothing a customer wrote controls the terminal: no markup, escape sequence or bidi trick acts, on screen or in print.

Such text is refused where it comes in; here it is put past the model into every personal column, as a record older than
the rule would hold it, and read back the ways staff read.

Seen to fail: with ``text.visible`` returning its text, with ``put_json`` writing other letters than ASCII, and with the
terminal guard taken out while ``plain`` made Content of the text as it is.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest
import sqlalchemy as sa
from typer.models import TyperInfo

from staffdesk.cli.commands import app
from staffdesk.data import register
from staffdesk.data.maintenance import sqlite_owner
from staffdesk.domain.errors import BadInput
from staffdesk.domain.text import clean_text
from staffdesk.services.demo import Demo
from tests.cli.conftest import Commands, Ran, commands_on
from tests.faults import reviewing
from tests.mails import ASKS, mail, written
from tests.services.log_zips import zipped
from tests.tui.conftest import listed
from tests.tui.terminal import ROOT, terminal

ACTING: Final = {
    "clipboard": "\x1b]52;c;RVZJTA==\x1b\\",
    "title": "\x1b]0;PWNED\x07",
    "cleared screen": "\x1b[2J\x1b[H",
    "C1 sequence": "\x9b2J\x90q\x9c",
    "end of text": "\x00",
    "backspace": "\x08\x7f",
    "shifted set": "\x0e\x0f",
    "right to left": "\u202egnirts\u2066x\u2069",
    "tags": "\U000e0041",
}
MARKUP: Final = "[red]x[/red] [/] [@click=app.quit]y[/] [link=file:///etc/passwd]z[/link]"
FORMULA: Final = "=HYPERLINK(A1)"
BADGE: Final = "\u2039U+001B\u203a]52;c;"
HOSTILE: Final = f"{ASKS}\n{''.join(each for name, each in ACTING.items() if name != 'tags')}"
PAYLOAD: Final = "".join(ACTING.values()) + MARKUP + FORMULA

_PROGRAM: Final = str(ROOT / "tests" / "tui" / "desk_in_pty.py")
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


_PRINTED: Final[dict[str, Callable[[Commands, Path], Ran]]] = {
    "search": lambda desk, _: desk.look("search", "dupont"),
    "show": lambda desk, _: desk.look("show", str(desk.demo.person)),
    "reveal": lambda desk, _: desk.look("reveal", f"person:{desk.demo.person}:email"),
    "case new": lambda desk, _: desk.run("case", "new", as_="anna", product="x", customer=str(desk.demo.person)),
    "case logs ask": lambda desk, _: desk.run(
        "case", "logs", "ask", desk.demo.case, as_="anna", why=f"It stops {MARKUP}"
    ),
    "case logs add": lambda desk, folder: _hostile_logs(desk, folder, ""),
    "case logs list": lambda desk, folder: _hostile_logs(desk, folder, "list"),
    "case logs manifest": lambda desk, folder: _hostile_logs(desk, folder, "manifest", "1"),
    "case logs read": lambda desk, folder: _hostile_logs(desk, folder, "read", "1", "1"),
    "case list": lambda desk, _: desk.run("case", "list", as_="anna"),
    "requests add": lambda desk, _: desk.run(
        "requests",
        "add",
        as_="david",
        purpose="rights",
        type="erase",
        customer=str(desk.demo.person),
        requester="Elodie Dupont",
        reply_address="elodie@dupont.example",
    ),
    "requests list": lambda desk, _: desk.run("requests", "list", as_="david"),
    "requests show": lambda desk, _: desk.run("requests", "show", _request(desk), as_="david"),
    "requests duplicates": lambda desk, _: desk.run("requests", "duplicates", _request(desk), as_="david"),
    "requests stop-marketing": lambda desk, _: desk.run(
        "requests", "stop-marketing", str(desk.demo.person), as_="anna", purpose="support", reference=desk.demo.case
    ),
    "requests card": lambda desk, _: desk.run(
        "requests", "card", "otherwise", as_="david", reason=f"The authority finds {MARKUP} too much."
    ),
    "requests letter": lambda desk, _: desk.run("requests", "letter", _request(desk), as_="david"),
    "requests intake": lambda desk, folder: desk.run(
        "requests", "intake", str(written(folder, content=_hostile_mail())), as_="david"
    ),
    "customers twins": lambda desk, _: desk.look("customers", "twins", str(desk.demo.person)),
    "customers compare": lambda desk, _: desk.look("customers", "compare", str(desk.demo.person), "1"),
    "customers colleagues": lambda desk, _: desk.look("customers", "colleagues", str(desk.demo.person)),
    "audit own": lambda desk, _: desk.run("audit", "own", as_="anna"),
    "audit filters": lambda desk, _: desk.run("audit", "filters", as_="frank"),
    "staff sessions": lambda desk, _: desk.run("staff", "sessions", as_="frank"),
    "audit list": lambda desk, _: desk.run("audit", "list", as_="frank"),
    "audit verify": lambda desk, _: desk.run("audit", "verify"),
    "audit flags": lambda desk, folder: _without_a_home(desk, "audit", "flags", "--from", str(_hostile_log(folder))),
    "audit export": lambda desk, folder: desk.run("audit", "export", str(folder / "log.jsonl"), as_="grace"),
    "audit checkpoint": lambda desk, _: desk.run("audit", "checkpoint", as_="frank"),
    "staff list": lambda desk, _: desk.run("staff", "list", as_="frank"),
    "doctor": lambda desk, _: desk.run("doctor"),
    "audit review show": lambda desk, _: _hostile_item(desk),
}
"""How each command is run on a desk full of such text."""

_PRINTS_NOBODYS_TEXT: Final = {
    "run", "demo", "init", "keys", "import files", "import list", "import told", "import undo", "backup", "restore",
    "db upgrade", "db index", "db check",
    "requests fetch", "requests due", "requests states", "requests moves", "requests move", "requests searched",
    "requests told", "requests notice", "requests correction", "requests plan", "requests package", "requests send",
    "requests certificate", "requests calendar", "requests same-person", "requests consultations",
    "requests name-employee", "requests hold", "requests holds", "requests lift-hold",
    "run-due", "staff add", "staff role", "staff approve", "staff refuse", "staff disable",
    "staff deputy", "staff end", "staff recover", "case note", "case tie", "case logs scrub", "case logs destroy",
    "case close", "customers add", "customers repair", "customers confirm", "audit keep-filter", "audit forget-filter",
    "audit prove", "audit prune", "audit check-proof", "audit new-key", "audit leaves", "audit seal",
    "audit receive", "audit cosign", "audit check-cosigned", "deploy ssh", "audit review list", "audit review ask",
    "audit review decide", "audit review months", "audit review close-month", "audit review certificate",
    "audit inbox list", "audit inbox answer", "policy evidence", "audit breaches list", "audit breaches close",
    "audit pictures", "audit report", "audit declarations", "own declare", "own declarations", "own withdraw",
    "customers who-looked", "customers merge", "customers unmerge", "customers not-same",
}  # fmt: skip


def _hostile_mail() -> bytes:
    """Return a mail whose words act on a terminal, and whose sender's name does once it is decoded."""
    name = base64.b64encode((ACTING["title"] + ACTING["clipboard"]).encode())
    return mail(HOSTILE).replace(b"Anders Bo <", b"=?utf-8?b?" + name + b"?= <")


def _hostile_logs(desk: Commands, folder: Path, command: str, *which: str) -> Ran:
    """Take in a zip whose names and texts act on a terminal, and print what is told of it."""
    sent = folder / "logs.zip"
    sent.write_bytes(
        zipped(
            {
                f"{ACTING['title']}{ACTING['right to left']}.log": PAYLOAD.translate({0: None, ord("@"): None}).encode()
                + b"\n"
            }
        )
    )
    came = desk.run("case", "logs", "add", desk.demo.case, str(sent), as_="anna")
    return desk.run("case", "logs", command, desk.demo.case, *which, as_="anna") if command else came


def _hostile_item(desk: Commands) -> Ran:
    """Show an item whose answer and note were kept past what refuses such text; after this the log is not sound."""
    with sqlite_owner(desk.home.database_file, desk.home.read_key()) as owner:
        number = str(reviewing.item(owner, "anna", 1))
    why = "he asked for his number to be read back"
    for arguments, who in (
        (("review", "ask", number), "frank"), (("inbox", "answer", number, why), "anna"),
        (("review", "decide", number, "unclear", "--note", why), "frank"),
    ):  # fmt: skip
        assert desk.run("audit", *arguments, as_=who).code == 0
    with sqlite_owner(desk.home.database_file, desk.home.read_key()) as owner:
        guards = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'opening'"
        for name in owner.exec_driver_sql(guards).scalars().all():
            owner.exec_driver_sql(f"DROP TRIGGER {name}")
        said = owner.exec_driver_sql(
            "UPDATE opening SET value = value || ? WHERE field IN ('reason.answer', 'reason.note')", (PAYLOAD,)
        )
    assert said.rowcount == 2
    return desk.run("audit", "review", "show", number, as_="frank")


def _without_a_home(desk: Commands, *arguments: str) -> Ran:
    """Run a command that needs no desk."""
    from staffdesk.cli.guard import guarded  # noqa: PLC0415 - as the commands of a desk are run

    desk.capture()
    code = guarded(list(arguments))
    return Ran(code, *desk.capture())


def _hostile_log(folder: Path) -> Path:
    """Return an invented log in which whoever looked at himself is named by what acts on a terminal."""
    log = folder / "invented.jsonl"
    act = {"t": 1_767_600_000_000, "act": "customer.opened", "actor": HOSTILE, "obj": ["s_1"], "rel": ["self"]}
    log.write_text(json.dumps(act), encoding="utf-8")
    return log


def _request(desk: Commands) -> str:
    """Return the number of the newest request."""
    return str(desk.run("requests", "list", "--json", as_="david").rows[-1]["number"])


def test_every_command_that_prints_what_somebody_wrote_is_tried() -> None:
    assert _commands() == _PRINTED.keys() | _PRINTS_NOBODYS_TEXT


def _commands() -> set[str]:
    named = {each.name or each.callback.__name__ for each in app.registered_commands if each.callback is not None}
    return named | {name for group in app.registered_groups for name in _commands_of(group, "")}


def _commands_of(group: TyperInfo, before: str) -> Iterator[str]:
    assert group.typer_instance is not None
    for each in group.typer_instance.registered_commands:
        assert each.callback is not None
        yield f"{before}{group.name} {each.name or each.callback.__name__.replace('_', '-')}"
    for inner in group.typer_instance.registered_groups:
        yield from _commands_of(inner, f"{before}{group.name} ")


def test_it_is_printed_as_badges(desk: Commands, tmp_path: Path) -> None:
    out = {}
    for name, run in _PRINTED.items():
        ran = run(desk, tmp_path)
        assert (ran.code, name) == (0, name), ran.err
        assert not _ACTS.search(ran.out + ran.err), name
        out[name] = ran.out
    assert BADGE in out["show"]
    assert BADGE in out["audit flags"]
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


def test_it_is_painted_as_badges_on_every_screen(desk: Commands, tmp_path: Path) -> None:
    accounts = listed(desk.demo, desk.home, tmp_path / "accounts.json")
    painted, titles = bytearray(), set[str]()
    for letter, keys in _WALKS.items():
        with terminal(_PROGRAM, str(accounts), size=(120, 40)) as tty:
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
    with terminal(_PROGRAM, str(accounts)) as tty:
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
