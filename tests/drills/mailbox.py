"""The watched mailbox against a real Dovecot: what is new is taken in, and nothing in the mailbox is ever lost.

``python -m tests.drills.mailbox``, as root on Debian: its packages are fetched where they are not installed, and laid
over /usr in a namespace that is thrown away. Where it cannot run it says why and ends with 2; what does not hold ends
it with 1.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.drills.imap_server import PASSWORD, USER, Mailserver, enter_namespace, mailserver
from tests.drills.server import CannotRun, must
from tests.mails import ASKS, CARD, mail, traces

_UNCLEAR: Final = "Hello, the software does not start on my new Mac and I would like to know what to do. Thanks, Ann"
_PROGRAM: Final = (sys.executable, "-m", "staffdesk")


class Lost(AssertionError):
    """Something did not hold."""


def held(good: object, what: str) -> None:
    """Fail where something did not hold; asserts may be switched off, a drill not."""
    if not good:
        raise Lost(what)


@dataclass
class Desk:
    """A demo's home whose settings name the mailbox."""

    at: Mailserver
    home: Path
    password: str

    def set(self, **values: str | int) -> None:
        """Write the mailbox's settings."""
        known = {
            "host": "127.0.0.1", "port": self.at.tls, "user": USER, "authority_file": str(self.at.authority),
            "password_file": str(self.home / "mailbox.password"),
        }  # fmt: skip
        file = self.home / "config" / "settings.toml"
        kept = file.read_text(encoding="utf-8").partition("[mailbox]")[0]
        rows = "".join(f"{name} = {json.dumps(value)}\n" for name, value in {**known, **values}.items())
        file.write_text(f"{kept}[mailbox]\n{rows}", encoding="utf-8")

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """Run a command as the demo's privacy officer."""
        reading, writing = os.pipe()
        os.write(writing, f"{self.password}\n".encode())
        os.close(writing)
        command = [*_PROGRAM, *arguments, "--as", "david", "--password-fd", str(reading), "--home", str(self.home)]
        done = subprocess.run(command, pass_fds=(reading,), capture_output=True, text=True, check=False)
        os.close(reading)
        return done.returncode, done.stdout, done.stderr

    def fetch(self, *arguments: str) -> dict[str, list[dict[str, object]]]:
        code, out, err = self.run("requests", "fetch", "--json", *arguments)
        held(code == 0, f"fetch ended with {code}: {err}")
        return dict(json.loads(out))

    def numbers(self) -> list[str]:
        _, out, _ = self.run("requests", "list", "--json")
        return sorted(str(row["number"]) for row in json.loads(out))


def what_is_old_the_first_time_need_not_be_looked_at(desk: Desk) -> None:
    desk.at.deliver(mail(message_id="<old@x.example>"))
    held(desk.fetch("--from-now")["mails"] == [] and desk.numbers() == [], "nothing old was taken in")
    with desk.at.open() as box:
        box.delete(box.uids())


def what_is_new_is_taken_in_once_and_the_mailbox_is_as_it_was(desk: Desk) -> None:
    desk.at.deliver(mail(card=CARD), mail(_UNCLEAR, message_id="<2@x.example>"))
    got = desk.fetch()
    held(len(got["mails"]) == 2 and len(got["left"]) == 1, f"two were new and one is left for a person: {got}")
    held(desk.numbers() == ["DSR-2026-0001"], "the clear one was received")
    held(desk.at.flags() == [(), ()], "no mail was marked, not even as read")
    again = desk.fetch()
    held(again["mails"] == [] and again["left"] == got["left"], "nothing was new a second time")


def what_was_left_is_taken_in_by_whoever_says_what_it_asks(desk: Desk) -> None:
    (left,) = desk.fetch()["left"]
    taken = desk.fetch("--mail", str(left), "--type", "access")
    held(taken["left"] == [] and len(desk.numbers()) == 2, "it is a request now")


def a_reply_joins_its_case(desk: Desk) -> None:
    desk.at.deliver(mail("Here it is: DSR-2026-0001.", message_id="<3@x.example>", subject="Re: x"))
    (row,) = desk.fetch()["mails"]
    held(row["joined"] == "DSR-2026-0001" and len(desk.numbers()) == 2, "it joined, and is no new request")


def a_mail_made_to_break_the_reader_is_left_and_stops_nothing(desk: Desk) -> None:
    heads = b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(3000))
    desk.at.deliver(
        b"From: a@b.example\r\nSubject: x\r\n" + heads, mail(ASKS, sender="n@x.example", message_id="<4@x>")
    )
    got = desk.fetch()
    held(len(got["left"]) == 1 and len(desk.numbers()) == 3, f"one is left, the other taken in: {got}")


def where_it_is_told_to_flag_nothing_that_others_marked_as_deleted_goes(desk: Desk) -> None:
    desk.set(after="flag")
    with desk.at.open() as box:
        box.client.uid("STORE", box.uids()[0], "+FLAGS", r"(\Deleted)")
    desk.at.deliver(mail(sender="o@x.example", message_id="<5@x.example>"))
    desk.fetch()
    flags = desk.at.flags()
    held(flags[0] == ("\\Deleted",) and flags[-1] == ("\\Flagged",), f"flagged alone, and all are there: {flags}")


def where_it_is_told_to_move_what_may_have_a_card_stays(desk: Desk) -> None:
    with desk.at.open() as box:
        box.folder.create("Done")
    desk.set(after="move", done="Done")
    before = len(desk.at.flags())
    desk.at.deliver(
        mail(sender="p@x.example", message_id="<6@x.example>"),
        mail(sender="q@x.example", message_id="<7@x.example>", card=CARD),
    )
    got = desk.fetch()
    there, moved = len(desk.at.flags()), len(desk.at.flags("Done"))
    held((there, moved) == (before + 1, 1), f"one moved, the one with the card stayed: {before} {there} {moved} {got}")


def over_starttls_it_is_the_same(desk: Desk) -> None:
    desk.set(security="starttls", port=desk.at.plain)
    held(desk.fetch()["mails"] == [], "the folder is known over the other port too")


def a_server_that_cannot_prove_itself_is_told_no_password(desk: Desk) -> None:
    desk.set(authority_file="/etc/ssl/certs/ca-certificates.crt")
    code, _, err = desk.run("requests", "fetch")
    held(code == 5 and "cannot prove who it is" in err, f"refused: {code} {err}")
    desk.set(host="localhost")
    code, _, err = desk.run("requests", "fetch")
    held(code == 5 and "cannot prove who it is" in err, f"the name must fit too: {code} {err}")


def a_wrong_password_and_a_closed_door_are_sentences(desk: Desk) -> None:
    desk.set()
    (desk.home / "mailbox.password").write_text("wrong\n", encoding="utf-8")
    code, _, err = desk.run("requests", "fetch")
    held(code == 5 and "entered" in err and "wrong" not in err, f"{code} {err}")
    desk.set(port=1)
    code, _, err = desk.run("requests", "fetch")
    held(code == 5 and "reached" in err, f"{code} {err}")
    (desk.home / "mailbox.password").chmod(0o644)
    code, _, err = desk.run("requests", "fetch")
    held(code == 9 and "open to others" in err, f"{code} {err}")


def no_byte_of_the_card_is_left_on_the_desk(desk: Desk) -> None:
    held(traces(desk.home) == [] and traces(desk.at.folder / "spare") == [], "somewhere a part of the card is left")
    held(len(traces(desk.at.folder / "mail")) == 2, "the mailbox has both, where the officer looks at them")


DRILLS: Final[Sequence[Callable[[Desk], None]]] = (
    what_is_old_the_first_time_need_not_be_looked_at,
    what_is_new_is_taken_in_once_and_the_mailbox_is_as_it_was,
    what_was_left_is_taken_in_by_whoever_says_what_it_asks,
    a_reply_joins_its_case,
    a_mail_made_to_break_the_reader_is_left_and_stops_nothing,
    where_it_is_told_to_flag_nothing_that_others_marked_as_deleted_goes,
    where_it_is_told_to_move_what_may_have_a_card_stays,
    over_starttls_it_is_the_same,
    a_server_that_cannot_prove_itself_is_told_no_password,
    a_wrong_password_and_a_closed_door_are_sentences,
    no_byte_of_the_card_is_left_on_the_desk,
)


def main() -> int:
    """Run every drill; return the exit code."""
    try:
        code = enter_namespace("tests.drills.mailbox", sys.argv[1:])
        return _drilled() if code is None else code
    except CannotRun as error:
        sys.stderr.write(f"The drill cannot run here: {error}\n")
        return 2


def _drilled() -> int:
    failed = 0
    with mailserver() as at:
        home, spare = at.folder / "home", at.folder / "spare"
        spare.mkdir()
        os.environ["TMPDIR"] = str(spare)
        made = json.loads(must(*_PROGRAM, "demo", "--people", "20", "--no-open", "--json", "--home", str(home)))
        password = next(each["password"] for each in made["accounts"] if each["user"] == "david")
        (home / "mailbox.password").write_text(f"{PASSWORD}\n", encoding="utf-8")
        (home / "mailbox.password").chmod(0o600)
        desk = Desk(at, home, password)
        desk.set()
        for drill in DRILLS:
            began = time.monotonic()
            try:
                drill(desk)
                word = "held"
            except AssertionError as error:
                failed += 1
                word = f"FAILED: {error}"
            name = drill.__name__.replace("_", " ")
            sys.stdout.write(f"{name}: {word} ({time.monotonic() - began:.1f} s)\n")
            sys.stdout.flush()
        shutil.rmtree(home, ignore_errors=True)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
