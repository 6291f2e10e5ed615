"""Promise 6. Erased means gone: from the file's own bytes, from every list, from the next import, and for good.

Driven by commands as an officer and an approver give them. Seen to fail with the destructions of an erasure not run.
What an import, a call and an older backup meet stands in ``tests/services/test_erased_stays_erased.py``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from staffdesk.data.maintenance import sqlite_owner
from staffdesk.services.demo import Demo
from tests.cli.conftest import Commands, commands_on
from tests.data.deciphering import plain_bytes

_PLACES = ("mailboxes", "campaigns", "support_desk", "us_office", "paper")


@pytest.fixture
def desk(company: Demo, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Iterator[Commands]:
    with commands_on(company, tmp_path / "home", capfd) as commands:
        yield commands


def test_who_is_erased_by_two_people_is_gone_and_the_certificate_says_so(desk: Commands) -> None:
    home, person = desk.home, desk.demo.person
    with sqlite_owner(home.database_file, home.read_key()) as owner:
        email, phone = owner.exec_driver_sql(f"SELECT email, phone FROM person WHERE id = {person}").one()
    assert email.encode() in plain_bytes(home.database_file, home.read_key())
    number = _asked(desk, "erase", person)
    _move(desk, number, "acknowledge")
    _move(desk, number, "ask_identity", "--reason", "Two people of this name write to us.")
    _move(desk, number, "proof_arrived", "--document", "identity_card")
    _move(desk, number, "verify", "--copy-deleted")
    for place in _PLACES:
        assert desk.run("requests", "searched", number, place, "nothing", as_="david", purpose="rights").code == 0
    _move(desk, number, "decide")
    _move(desk, number, "submit")
    assert desk.run("requests", "move", number, "approve", as_="david", purpose="rights").code != 0
    _move(desk, number, "approve", as_="emma")
    _move(desk, number, "erase")
    done = desk.run("run-due", "--json")
    assert (done.code, done.record["left"], done.record["unfinished"]) == (0, 0, 0), done.err

    with sqlite_owner(home.database_file, home.read_key()) as owner:
        # Where the answer goes is kept until its file is closed; nothing else has it.
        owner.exec_driver_sql("UPDATE request SET reply_address = '-'")
        owner.commit()
        owner.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    left = plain_bytes(home.database_file, home.read_key())
    assert email.encode() not in left
    assert phone.encode() not in left
    told = desk.run("requests", "certificate", number, "--json", as_="david", purpose="rights").record
    assert told["finished"] is True
    assert email not in json.dumps(told)
    found = desk.run("search", email, as_="anna", purpose="support", reference=desk.demo.case)
    assert email not in found.out
    assert desk.run("audit", "verify").code == 0


def _asked(desk: Commands, kind: str, person: int) -> str:
    made = desk.run("requests", "add", "--json", as_="david", purpose="rights", customer=str(person), type=kind)
    assert made.code == 0, made.err
    return str(made.record["number"])


def _move(desk: Commands, number: str, move: str, *told: str, as_: str = "david") -> None:
    ran = desk.run("requests", "move", number, move, *told, as_=as_, purpose="rights")
    assert ran.code == 0, (move, ran.err)
