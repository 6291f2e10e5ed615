"""Text that acts on a terminal where it is let, and each command on a desk that is full of it."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Final

from staffdesk.data.maintenance import sqlite_owner
from tests.cli.conftest import Commands, Ran
from tests.faults import reviewing
from tests.mails import ASKS, mail, written
from tests.services.log_zips import zipped

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

PRINTED: Final[dict[str, Callable[[Commands, Path], Ran]]] = {
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
    "case mail": lambda desk, folder: desk.run(
        "case", "mail", desk.demo.case, str(written(folder, content=_hostile_mail())), as_="anna"
    ),
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
    "customers pairs": lambda desk, _: desk.run("customers", "pairs", as_="david", purpose="rights"),
    "customers compare": lambda desk, _: desk.look("customers", "compare", str(desk.demo.person), "1"),
    "customers colleagues": lambda desk, _: desk.look("customers", "colleagues", str(desk.demo.person)),
    "campaign why": lambda desk, _: desk.look("campaign", "why", str(desk.demo.person)),
    "campaign drift": lambda desk, folder: _compared(desk, _hostile_list(folder)),
    "import list": lambda desk, _: _hostile_import(desk),
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

ALSO_PRINTED: Final[dict[str, Callable[[Commands, Path], Ran]]] = {
    "show, a company": lambda desk, _: _company(desk),
    "show, a company's history": lambda desk, _: _company(desk, "--history"),
    "show, a history": lambda desk, _: desk.look("show", str(desk.demo.person), "--history"),
}
"""What a command prints with other options, of other tables."""

PRINTS_NOBODYS_TEXT: Final = {
    "run", "demo", "init", "keys", "import files", "import told", "import undo", "backup", "restore",
    "db upgrade", "db index", "db check",
    "requests fetch", "requests due", "requests states", "requests moves", "requests move", "requests searched",
    "requests told", "requests notice", "requests correction", "requests plan", "requests package", "requests send",
    "requests certificate", "requests calendar", "requests same-person", "requests consultations",
    "requests name-employee", "requests hold", "requests holds", "requests lift-hold",
    "run-due", "staff add", "staff role", "staff approve", "staff refuse", "staff disable",
    "staff deputy", "staff end", "staff recover", "case note", "case tie", "case logs scrub", "case logs destroy",
    "case logs quarantine",
    "case close", "case fetch", "case licence start", "case licence show", "case licence tick", "case licence free",
    "case licence move", "customers add", "customers bounced", "customers stale", "customers incomplete",
    "customers bounce", "customers repair", "customers confirm", "audit keep-filter", "audit forget-filter",
    "audit prove", "audit prune", "audit check-proof", "audit new-key", "audit leaves", "audit seal",
    "audit receive", "audit cosign", "audit check-cosigned", "deploy ssh", "audit review list", "audit review ask",
    "audit review decide", "audit review months", "audit review close-month", "audit review certificate",
    "audit inbox list", "audit inbox answer", "policy evidence", "audit breaches list", "audit breaches close",
    "audit pictures", "audit report", "audit declarations", "own declare", "own declarations", "own withdraw",
    "campaign export", "campaign folder", "customers who-looked", "customers merge", "customers unmerge",
    "customers not-same",
}  # fmt: skip


def _company(desk: Commands, *options: str) -> Ran:
    """Show a company with people, cases and orders, which is named by what acts on a terminal too."""
    with sqlite_owner(desk.home.database_file, desk.home.read_key()) as owner:
        asked = "SELECT organisation_id FROM sales_order WHERE organisation_id IS NOT NULL ORDER BY id LIMIT 1"
        number = owner.exec_driver_sql(asked).scalar_one()
    return desk.look("show", str(number), "--kind", "organisation", *options)


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


def _hostile_list(folder: Path) -> Path:
    """Return a list whose name and addresses act on a terminal."""
    theirs = folder / f"{ACTING['title']}{ACTING['right to left']}.csv"
    theirs.write_text(f"Email,Transpond Status\n{ACTING['cleared screen']}x@nordlys.example,\n{MARKUP},\n")
    return theirs


def _compared(desk: Commands, theirs: Path) -> Ran:
    return desk.run("campaign", "drift", str(theirs), as_="david")


def _hostile_import(desk: Commands) -> Ran:
    """List an import of leads whose event has such a name."""
    with sqlite_owner(desk.home.database_file, desk.home.read_key()) as owner:
        owner.exec_driver_sql(
            "INSERT INTO import_run (store, digest, started_at, staff_id, event) "
            "SELECT 'leads', 'x', 1767600000000, id, ? FROM staff WHERE user_name = 'bruno'",
            (PAYLOAD,),
        )
    return desk.run("import", "list", as_="david")


def _hostile_item(desk: Commands) -> Ran:
    """Show an item whose answer and note were kept past what refuses such text; after this the log is not sound."""
    with sqlite_owner(desk.home.database_file, desk.home.read_key()) as owner:
        number = str(reviewing.item(owner, "anna", 1))
    why = "he asked for his number to be read back"
    for arguments, who in ((("review", "ask", number), "frank"), (("inbox", "answer", number, why), "anna")):
        assert desk.run("audit", *arguments, as_=who).code == 0
    heard = str(desk.run("audit", "review", "show", number, "--json", as_="frank").record["answer_entry"])
    assert desk.run("audit", "review", "decide", number, "unclear", as_="frank", note=why, answer=heard).code == 0
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
