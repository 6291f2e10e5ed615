"""`audit prove` and `audit check-proof`: one entry shown to somebody who has the public key and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

from staffdesk.data.maintenance import sqlite_owner
from tests import rfc9162
from tests.cli.conftest import Commands, Ran


def changed(desk: Commands, *statements: str) -> None:
    """Change the log as who holds the key of the database can."""
    with sqlite_owner(desk.home.database_file, desk.home.read_key()) as owner:
        for name in owner.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all():
            if str(name).startswith(("entry", "head", "checkpoint")):
                owner.exec_driver_sql(f'DROP TRIGGER "{name}"')
        for statement in statements:
            owner.exec_driver_sql(statement)


def test_an_entry_is_proved_offline_and_nothing_of_it_is_shown(desk: Commands, tmp_path: Path) -> None:
    key, proof, exported = desk.home.verifier_key_file, tmp_path / "9.tlog-proof", tmp_path / "log.jsonl"
    assert desk.run("audit", "export", str(exported), as_="grace").code == 0
    core = json.loads(exported.read_text(encoding="ascii").splitlines()[9])["core"]
    entry = tmp_path / "core.json"
    entry.write_text(core, encoding="utf-8")
    assert desk.run("audit", "prove", "9", out=str(proof)).code == 0
    text = proof.read_text(encoding="utf-8")
    assert core not in text
    assert rfc9162.proved(text, key.read_text(encoding="ascii").strip(), core.encode())
    home = ("audit", "check-proof", str(proof), "--key", str(key))
    assert "these bytes are entry 9" in ran_as(desk, *home, "--entry", str(entry)).out
    assert "is entry 9" in ran_as(desk, *home).out
    entry.write_text(core.replace('"seq":9', '"seq":8'), encoding="utf-8")
    ran = ran_as(desk, *home, "--entry", str(entry))
    assert (ran.code, "do not give the leaf" in ran.err) == (20, True)
    assert desk.run("audit", "prove", "1000000").code == 7


def test_growth_is_proved_and_a_rewritten_log_proves_nothing(desk: Commands, tmp_path: Path) -> None:
    older, newer = tmp_path / "older", tmp_path / "newer"
    for file in (older, newer):
        file.write_text(desk.run("audit", "checkpoint", as_="frank").out, encoding="utf-8")
    grown = tmp_path / "grown"
    between = ("audit", "prove", "--from", str(older), "--to", str(newer), "--home", str(desk.root))
    grown.write_text(ran_as(desk, *between).out, encoding="utf-8")
    check = ("audit", "check-proof", str(grown), "--key", str(desk.home.verifier_key_file), "--from")
    assert ran_as(desk, *check, str(older)).code == 0
    assert ran_as(desk, *check, str(newer)).code == 20
    said = ran_as(desk, *between, "--out", str(tmp_path / "other")).err
    assert f"check-proof {tmp_path / 'other'} --from {older} --key FILE" in said
    ran = ran_as(desk, *check[:-1])
    assert (ran.code, "--from" in ran.err) == (6, True)
    changed(desk, "UPDATE entry SET leaf = zeroblob(32) WHERE seq = 2")
    for ran in (ran_as(desk, *between), desk.run("audit", "prove", "9")):
        assert (ran.code, "not what was signed" in ran.err) == (20, True)
    changed(desk, "DELETE FROM entry WHERE seq > 4")
    ran = desk.run("audit", "prove", "2")
    assert (ran.code, "cut off" in ran.err) == (20, True)


def ran_as(desk: Commands, *arguments: str) -> Ran:
    from staffdesk.cli.guard import guarded  # noqa: PLC0415 - as in conftest

    desk.capture()
    code = guarded(list(arguments))
    return Ran(code, *desk.capture())
