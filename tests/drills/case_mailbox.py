"""The mailbox that customers write to, against a real Dovecot: what names a case of its sender joins it, and no other.

``python -m tests.drills.case_mailbox``, as root on Debian, as :mod:`tests.drills.mailbox`.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import subprocess
import sys
from email.utils import format_datetime
from pathlib import Path
from typing import Final

from staffdesk.data.maintenance import sqlite_owner
from staffdesk.services.home import Home
from tests.drills.imap_server import PASSWORD, USER, Mailserver, enter_namespace, mailserver
from tests.drills.mailbox import Lost, held
from tests.drills.server import CannotRun, must
from tests.mails import SENT_ON, mail

_PROGRAM: Final = (sys.executable, "-m", "staffdesk")
_SERVER: Final = "mx.softron.example"


def main() -> int:
    """Run the drill; return the exit code."""
    try:
        code = enter_namespace("tests.drills.case_mailbox", sys.argv[1:])
        return _drilled() if code is None else code
    except CannotRun as error:
        sys.stderr.write(f"The drill cannot run here: {error}\n")
        return 2


def _drilled() -> int:
    with mailserver() as at:
        home = at.folder / "home"
        made = json.loads(must(*_PROGRAM, "demo", "--people", "20", "--no-open", "--json", "--home", str(home)))
        password = next(each["password"] for each in made["accounts"] if each["user"] == "anna")
        try:
            _drill(at, home, password, made["case"]["person"])
            word = "held"
        except Lost as error:
            word = f"FAILED: {error}"
        sys.stdout.write(f"what names a case of its sender joins it, and no other: {word}\n")
        shutil.rmtree(home, ignore_errors=True)
    return 0 if word == "held" else 1


def _drill(at: Mailserver, home: Path, password: str, person: int) -> None:
    _settings(at, home)
    _, out, _ = _run(home, password, "case", "new", "--customer", str(person))
    case = out.strip()
    address = _one(home, f"SELECT email FROM person WHERE id = {person}")
    domain = address.rpartition("@")[2]
    proof = f"{_SERVER}; dmarc=pass header.from={domain}"
    his = mail(
        "It does nothing.", sender=address, subject=f"Re: {case}", message_id="<1@x>", authentication_results=proof
    )
    at.deliver(
        # One that came long before the case stands for nothing.
        his.replace(SENT_ON.encode(), format_datetime(dt.datetime.now(dt.UTC)).encode()),
        mail("I am he.", sender="eve@evil.example", subject=f"Re: {case}", message_id="<2@x>"),
        mail("Hello?", sender=address, subject="no number", message_id="<3@x>"),
    )
    code, out, err = _run(home, password, "case", "fetch", "--json")
    held(code == 0, f"fetch ended with {code}: {err}")
    got = json.loads(out)
    held([each.get("proven") for each in got["mails"]] == [True, None, None], f"one joined, and is proven: {got}")
    held(len(got["left"]) == 2, f"two wait for a person: {got}")
    held(_one(home, f"SELECT origin FROM support_case WHERE number = '{case}'") == "message", "it stands for the case")
    held(at.flags() == [(), (), ()], "no mail was marked")
    code, out, _ = _run(home, password, "case", "fetch", "--json")
    held(json.loads(out)["mails"] == [], "nothing was new a second time")
    code, out, err = _run(home, password, "case", "mail", case, "--mail", str(got["left"][0]), "--json")
    held(code == 0 and json.loads(out)["correspondent"] == "somebody else", f"by hand it joins: {code} {out} {err}")


def _settings(at: Mailserver, home: Path) -> None:
    secret = home / "mailbox.password"
    secret.write_text(f"{PASSWORD}\n", encoding="utf-8")
    secret.chmod(0o600)
    values = {
        "host": "127.0.0.1", "port": at.tls, "user": USER, "authority_file": str(at.authority),
        "password_file": str(secret), "proves": _SERVER,
    }  # fmt: skip
    rows = "".join(f"{name} = {json.dumps(value)}\n" for name, value in values.items())
    with (home / "config" / "settings.toml").open("a", encoding="utf-8") as file:
        file.write(f"\n[case_mailbox]\n{rows}")


def _run(home: Path, password: str, *arguments: str) -> tuple[int, str, str]:
    reading, writing = os.pipe()
    os.write(writing, f"{password}\n".encode())
    os.close(writing)
    command = [*_PROGRAM, *arguments, "--as", "anna", "--password-fd", str(reading), "--home", str(home)]
    done = subprocess.run(command, pass_fds=(reading,), capture_output=True, text=True, check=False)
    os.close(reading)
    return done.returncode, done.stdout, done.stderr


def _one(home: Path, statement: str) -> str:
    located = Home.locate(home, os.environ)
    with sqlite_owner(located.database_file, located.read_key()) as connection:
        return str(connection.exec_driver_sql(statement).scalar_one())


if __name__ == "__main__":
    raise SystemExit(main())
