"""What signs, keeps and sends the log away answers programs too, and what one declares of himself."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Commands
from tests.cli.test_audit_proofs import ran_as


def test_a_copy_of_the_log_a_note_and_a_filter_are_told_as_json(desk: Commands, tmp_path: Path) -> None:
    file = tmp_path / "log.jsonl"
    exported = desk.run("audit", "export", str(file), "--json", as_="frank").record
    _, *entries = file.read_text(encoding="utf-8").splitlines()
    assert exported == {"entries": len(entries), "file": str(file)}
    note = desk.run("audit", "checkpoint", "--json", as_="frank").record["note"]
    assert str(note).startswith("staffdesk/")
    kept = desk.run("audit", "keep-filter", "mine", "out:denied", "--json", as_="frank").record
    assert kept == {"name": "mine", "filter": "out:denied"}
    assert desk.run("audit", "forget-filter", "mine", "--json", as_="frank").record == {"forgotten": "mine"}


def test_what_somebody_declares_and_takes_back_is_told_as_json(desk: Commands) -> None:
    said = desk.run("own", "declare", "2", "--kind", "family", "--json", as_="anna").record
    assert said == {"whom": "person", "number": 2, "kind": "family"}
    (row,) = desk.run("own", "declarations", "--json", as_="anna").rows
    taken = desk.run("own", "withdraw", str(row["declaration"]), "--json", as_="anna").record
    assert taken["withdrawn"] == row["declaration"]
    assert isinstance(taken["counts_days"], int)


def test_a_sealer_a_far_folder_and_a_witness_are_told_as_json(
    desk: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, witness = tmp_path / "own.key", tmp_path / "w.key"
    made = ran_as(desk, "audit", "new-key", str(key), "--name", "seal.example", "--json").record
    assert made["vkey"] == (tmp_path / "own.vkey").read_text(encoding="ascii").strip()
    assert ran_as(desk, "audit", "new-key", str(witness), "--name", "w.example", "--witness", "--json").code == 0
    copies, state = tmp_path / "copies", tmp_path / "state"
    seal = ("audit", "seal", "--once", "--key", str(key), "--state", str(state), "--copy", str(copies))
    signed = ran_as(desk, *seal, "--home", str(desk.root), "--json").record
    assert (signed["signed"], signed["troubles"]) == (True, [])
    (kept,) = copies.glob("*.note")

    def given(text: str, *arguments: str) -> dict[str, object]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        return ran_as(desk, *arguments, "--json").record

    far = tmp_path / "far"
    far.mkdir(mode=0o700)
    receive = ("audit", "receive", str(far), "--key", str(tmp_path / "own.vkey"))
    assert given(kept.read_text(encoding="utf-8"), *receive)["entries"] == signed["entries"]
    assert given("", *receive)["note"] == kept.read_text(encoding="utf-8")
    seen = given(
        kept.read_text(encoding="utf-8"),
        *("audit", "cosign", "--key", str(witness), "--log-key", str(tmp_path / "own.vkey")),
        *("--state", str(tmp_path / "seen")),
    )
    cosigned = tmp_path / "cosigned.note"
    cosigned.write_text(str(seen["note"]), encoding="utf-8")
    check = ("audit", "check-cosigned", str(cosigned), "--key", str(tmp_path / "w.vkey"), "--json")
    assert str(ran_as(desk, *check).record["seen_at"]).endswith("+00:00")
