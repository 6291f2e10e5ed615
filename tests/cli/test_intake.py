"""Requests that came by mail, taken in from files: asked where it is unclear, and nothing of a card left behind.

Seen to fail: with the file removed before it was overwritten, with a doubtful mail taken in as access, with a reply not
joined, with every mail joined that names a number, and with a file destroyed that is read-only, a link or has another
name.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests import mails
from tests.cli.conftest import Commands, Ran
from tests.forked import PROGRAM
from tests.tui.terminal import terminal

_UNCLEAR = "Hello, the software does not start on my new Mac and I would like to know what to do about it. Thanks, Ann"


def intake(desk: Commands, *arguments: str, as_: str = "david", **options: str) -> Ran:
    return desk.run("requests", "intake", *arguments, as_=as_, **options)


def elodie(desk: Commands) -> str:
    """Return the address of the demo's person."""
    shown = desk.look("reveal", f"person:{desk.demo.person}:email", "--json").record
    return f"Elodie Dupont <{shown['value']}>"


def test_a_mail_with_its_card_is_taken_in_and_no_byte_of_the_card_is_left(
    desk: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spare = tmp_path / "spare"
    spare.mkdir()
    monkeypatch.setenv("TMPDIR", str(spare))
    file = mails.written(tmp_path, content=mails.mail(sender=elodie(desk), card=mails.CARD))
    assert mails.traces(tmp_path) == [file]
    with file.open("rb") as still_open:
        ran = intake(desk, str(file), "--destroy")
        assert ran.code == 0, ran.err
        assert mails.CARD_AS_SENT not in still_open.read()
    assert "DSR-2026-0001, Access, due 2026-12-02" in ran.out
    assert "Its bytes were overwritten, and the file removed." in ran.err
    assert "record the check, delete it there" in ran.err
    assert not file.exists()
    assert mails.traces(tmp_path) == []
    assert [row["customer"] for row in desk.run("requests", "list", "--json", as_="david").rows] == [desk.demo.person]


def test_without_destroy_the_file_stays_and_that_is_said(desk: Commands, tmp_path: Path) -> None:
    file = mails.written(tmp_path, content=mails.mail(card=mails.CARD))
    assert "is still there" in intake(desk, str(file)).err
    assert file.exists()


def test_where_it_is_unclear_nothing_is_taken_in_before_somebody_says_what_it_asks(
    desk: Commands, tmp_path: Path
) -> None:
    file = str(mails.written(tmp_path, content=mails.mail(_UNCLEAR)))
    ran = intake(desk, file)
    assert (ran.code, "--type TYPE" in ran.err) == (6, True)
    assert desk.run("requests", "list", "--json", as_="david").rows == []
    said = intake(desk, file, "--json", type="restrict", language="fr")
    (row,) = said.rows
    received = row["received"]
    assert isinstance(received, list)
    assert [each["type"] for each in received] == ["restrict"]


def test_the_same_mail_again_and_the_same_wish_again_are_no_second_request(desk: Commands, tmp_path: Path) -> None:
    first = str(mails.written(tmp_path, content=mails.mail(sender=elodie(desk))))
    assert intake(desk, first).code == 0
    assert (intake(desk, first).code, len(desk.run("requests", "list", "--json", as_="david").rows)) == (8, 1)
    second = str(mails.written(tmp_path, "second.eml", mails.mail(sender=elodie(desk), message_id="<2@x.example>")))
    assert (ran := intake(desk, second)).code == 8
    assert "--join NUMBER, or --anew" in ran.err
    assert intake(desk, second, join="DSR-2026-0001").out.endswith("joined DSR-2026-0001.\n")
    assert intake(desk, second, "--anew").code == 0
    assert "a mail came for it" in desk.run("requests", "show", "DSR-2026-0001", as_="david").out


def test_a_reply_that_quotes_our_letter_joins_its_case_by_itself(desk: Commands, tmp_path: Path) -> None:
    intake(desk, str(mails.written(tmp_path)))
    reply = mails.mail(
        "Here you are.\n\nOn Mon, Nov 2, 2026 at 6:26 PM, Softron <a@softron.example> wrote:\n\n> Case DSR-2026-0001",
        subject="Re: your request", message_id="<2@x.example>",
    )  # fmt: skip
    (row,) = intake(desk, str(mails.written(tmp_path, "reply.eml", reply)), "--json").rows
    assert (row["joined"], row["received"]) == ("DSR-2026-0001", [])


@pytest.mark.parametrize(
    ("sender", "text", "joins"),
    [
        ("Eve <eve@elsewhere.example>", "Here you are.", False),
        ("Anders Bo <anders@nordlys.example>", "Please delete all the data you hold about me.", False),
        ("Anders Bo <anders@nordlys.example>", "Here you are.", True),
    ],
)
def test_who_names_anothers_number_joins_nothing_and_who_asks_more_is_received_anew(
    desk: Commands, tmp_path: Path, sender: str, text: str, joins: bool
) -> None:
    intake(desk, str(mails.written(tmp_path)), "--type", "access")
    named = mails.mail(text, sender=sender, subject="Re: DSR-2026-0001", message_id="<2@x.example>", card=mails.CARD)
    ran = intake(desk, str(mails.written(tmp_path, "named.eml", named)), "--json")
    (row,) = ran.rows
    assert (row.get("joined") == "DSR-2026-0001") is joins
    moves = desk.run("requests", "moves", "DSR-2026-0001", as_="david").out.splitlines()
    (came_along,) = (each for each in moves if each.startswith("proof_came_along"))
    assert came_along.endswith("yes") is joins


def test_one_bad_file_among_good_ones_stops_nothing_else(desk: Commands, tmp_path: Path) -> None:
    files = [mails.written(tmp_path, "bad.eml", b"PK no mail"), mails.written(tmp_path)]
    ran = intake(desk, *map(str, files), str(tmp_path / "absent.eml"))
    assert ran.code == 6
    assert "bad.eml: This is no mail" in ran.err
    assert "absent.eml: The file cannot be read" in ran.err
    assert "DSR-2026-0001" in ran.out
    auto = mails.written(tmp_path, "auto.eml", mails.mail(auto_submitted="auto-replied"))
    assert "No person wrote this" in intake(desk, str(auto)).err


@pytest.mark.skipif(sys.platform != "linux", reason="file systems are named where the system names them")
@pytest.mark.parametrize("which", ["read-only", "hard link", "symbolic link", "folder"])
def test_a_file_that_may_not_be_destroyed_is_left_whole_and_that_is_said(
    which: str, desk: Commands, tmp_path: Path
) -> None:
    file = mails.written(tmp_path)
    whole = file.read_bytes()
    if which == "read-only":
        file.chmod(0o400)
    elif which == "hard link":
        os.link(file, tmp_path / "other")
    elif which == "symbolic link":
        file = tmp_path / "link.eml"
        file.symlink_to(tmp_path / "request.eml")
    elif os.geteuid() == 0:
        pytest.skip("every folder is open to root")
    else:
        tmp_path.chmod(0o500)
    ran = intake(desk, str(file), "--destroy")
    tmp_path.chmod(0o700)
    assert ran.code == 0, ran.err
    assert "The file was left: " in ran.err
    assert (tmp_path / "request.eml").read_bytes() == whole


def test_where_somebody_sits_he_is_asked_and_an_empty_line_is_the_safe_answer(desk: Commands, tmp_path: Path) -> None:
    file = mails.written(tmp_path, content=mails.mail(_UNCLEAR))
    home = str(desk.root)
    words = ("requests", "intake", str(file), "--as", "david", "--home", home)
    with terminal(PROGRAM, *words, preloaded=True) as tty:
        tty.wait_for("Password of david:")
        tty.send(f"{desk.password('david')}\r")
        tty.wait_for("What does it ask")
        tty.send("access erase\r")
        tty.wait_for("Overwrite and remove request.eml? [y/N]")
        tty.send("\r")
        assert tty.end() == 0
    assert file.exists()
    rows = desk.run("requests", "list", "--json", as_="david").rows
    assert sorted(str(row["type"]) for row in rows) == ["access", "erase"]


def test_what_cannot_be_meant_is_refused_before_anything_is_done(desk: Commands, tmp_path: Path) -> None:
    file = str(mails.written(tmp_path))
    assert intake(desk, file, language="es").code == 6
    assert intake(desk, file, "--anew", join="DSR-2026-0001").code == 6
    assert desk.run("requests", "fetch", as_="david", type="access").code == 6
    assert desk.run("requests", "fetch", as_="david").code == 9
    assert intake(desk, file, as_="frank").code == 3
