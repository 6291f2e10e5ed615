"""`audit seal`: a key that the desk does not have signs only what extends what it signed; a witness likewise.

Seen to fail: with the memory asked alone; with a note held against a cosigned one whole. The witness seen to fail:
with what it saw not written down, with the time left out of what it signs, and with its key taken for one that signs
checkpoints. The two keys: with the first line of a file alone read.
"""

from __future__ import annotations

import base64
import io
import json
import sys
import time
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tests.cli.conftest import Commands, Ran
from tests.cli.test_audit_proofs import changed, ran_as


@pytest.fixture
def sealer(desk: Commands, tmp_path: Path) -> tuple[str, ...]:
    key = tmp_path / "own.key"
    assert ran_as(desk, "audit", "new-key", str(key), "--name", "seal.example").code == 0
    return ("audit", "seal", "--once", "--key", str(key), "--state", str(tmp_path / "state"), "--home", str(desk.root))


def test_a_rewritten_or_cut_log_is_not_signed_and_both_roots_are_kept(
    desk: Commands, tmp_path: Path, sealer: tuple[str, ...]
) -> None:
    copies = tmp_path / "copies"
    assert ran_as(desk, *sealer, "--copy", str(copies)).code == 0
    (first,) = copies.glob("*.note")
    desk.entries()
    assert ran_as(desk, *sealer, "--copy", str(copies)).code == 0
    kept = {each.name: each.read_bytes() for each in copies.glob("*.note")}
    assert len(kept) == 2
    held = desk.run("audit", "verify", checkpoints=str(copies), key=str(tmp_path / "own.vkey"))
    assert "unknown_key" not in held.err + held.out
    changed(desk, "UPDATE entry SET leaf = zeroblob(32) WHERE seq = 2", "DELETE FROM checkpoint")
    _refused(ran_as(desk, *sealer), "was rewritten", str(max(int(name[:12]) for name in kept)))
    changed(desk, "DELETE FROM entry WHERE seq > 3", "UPDATE head SET seq = 3")
    _refused(ran_as(desk, *sealer), "was cut off", "it has 3")
    evidence = [json.loads(each.read_text(encoding="ascii")) for each in (tmp_path / "state").glob("refused-*.json")]
    assert {each["found"]["root"] == each["signed"]["root"] for each in evidence} == {False}
    assert {each.name: each.read_bytes() for each in copies.glob("*.note")} == kept
    assert first.name in kept


def test_a_log_that_two_keys_sign_is_verified_with_both(
    desk: Commands, tmp_path: Path, sealer: tuple[str, ...]
) -> None:
    copies, both = tmp_path / "copies", tmp_path / "both.vkey"
    assert ran_as(desk, *sealer, "--copy", str(copies)).code == 0
    own, own_of_desk = tmp_path / "own.vkey", desk.home.verifier_key_file
    both.write_text(f"{own_of_desk.read_text()}\n{own.read_text()}\n")
    verify = ("audit", "verify", "--home", str(desk.root), "--checkpoints", str(copies))
    for keys in (("--key", str(own), "--key", str(own_of_desk)), ("--key", str(both))):
        ran = ran_as(desk, *verify, *keys)
        assert ran.code == 0, ran.out
    assert ran_as(desk, *verify, "--key", str(own)).code == 20
    assert "signed by no known key" in ran_as(desk, *verify).out
    kept = own_of_desk.read_text()
    own_of_desk.write_text(both.read_text())
    for command in (verify, ("doctor", "--home", str(desk.root))):
        ran = ran_as(desk, *command)
        assert ran.code == 0, ran.out + ran.err
    changed(desk, "UPDATE entry SET leaf = zeroblob(32) WHERE seq = 2")
    assert ran_as(desk, *verify).code == 20
    own_of_desk.write_text(kept)


def test_a_memory_that_is_older_than_its_notes_or_gone_signs_no_second_history(
    desk: Commands, tmp_path: Path, sealer: tuple[str, ...]
) -> None:
    copies, state = tmp_path / "copies", tmp_path / "state"
    state.mkdir(mode=0o700)
    (state / "origin").touch()  # what a crash leaves of a file that is written
    seal = (*sealer, "--copy", str(copies))
    assert ran_as(desk, *seal).code == 0
    (memory,) = state.glob("*.last")
    old = memory.read_bytes()
    desk.entries()
    assert ran_as(desk, *seal).code == 0
    first, newest = (int(each.name[:12]) for each in sorted(copies.glob("*.note")))
    memory.unlink()
    lost = ran_as(desk, *seal)
    _refused(lost, "memory of what was signed is gone", f"{newest} entries", "--go-on-from")
    meant = lost.err.split("--go-on-from ")[1].split()[0]
    _refused(ran_as(desk, *seal, "--go-on-from", f"{first}:00"), "is gone")
    assert ran_as(desk, *seal, "--go-on-from", meant).code == 0
    memory.write_bytes(old)
    cut = f"DELETE FROM entry WHERE seq > {first + 1}", f"UPDATE head SET seq = {first + 1}", "DELETE FROM checkpoint"
    changed(desk, *cut)
    kept = sorted(copies.glob("*.note"))
    _refused(ran_as(desk, *seal), "was cut off", str(newest))
    for each in (state / "notes").glob("*.note"):
        each.unlink()
    _refused(ran_as(desk, *seal), "was cut off", str(newest))
    assert sorted(copies.glob("*.note")) == kept


def _refused(ran: Ran, *words: str) -> None:
    assert ran.code == 20, ran.err
    assert all(word in ran.err for word in words), ran.err


def test_a_folder_elsewhere_takes_what_grows_and_nothing_else(
    desk: Commands, tmp_path: Path, sealer: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    copies, far = tmp_path / "copies", tmp_path / "far"
    for _ in range(2):
        assert ran_as(desk, *sealer, "--copy", str(copies)).code == 0
        desk.entries()
    older, newer = (each.read_text(encoding="utf-8") for each in sorted(copies.glob("*.note")))
    receive = ("audit", "receive", str(far), "--key", str(tmp_path / "own.vkey"))

    def given(text: str) -> Ran:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        return ran_as(desk, *receive)

    assert given(newer).code == 0
    assert given(newer).code == 0
    assert (given(older).code, given(newer.replace("\n", "x\n", 1)).code, given("\n").code) == (20, 20, 20)
    assert given("").out == newer, "from this one a proof begins"
    assert [each.read_text(encoding="utf-8") for each in far.iterdir()] == [newer]


def test_a_folder_elsewhere_takes_a_proof_of_growth_from_its_newest_note_alone(
    desk: Commands, tmp_path: Path, sealer: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    copies, key = tmp_path / "copies", str(tmp_path / "own.vkey")
    for _ in range(2):
        assert ran_as(desk, *sealer, "--copy", str(copies)).code == 0
        desk.entries()
    older, newer = map(str, sorted(copies.glob("*.note")))
    grown = ran_as(desk, "audit", "prove", "--from", older, "--to", newer, "--key", key, "--home", str(desk.root)).out
    said = []
    for text in (Path(older).read_text(encoding="utf-8"), grown.replace("old ", "old 1", 1), grown):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        ran = ran_as(desk, "audit", "receive", str(tmp_path / "far"), "--key", key)
        said.append((ran.code, ", proved to extend" in ran.err))
    assert said == [(0, False), (20, False), (0, True)]


def test_what_the_sealer_puts_down_to_be_sent_extends_what_is_kept_elsewhere(
    desk: Commands, tmp_path: Path, sealer: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    there, far, key = tmp_path / "there", tmp_path / "far", str(tmp_path / "own.vkey")

    def given(text: str) -> Ran:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        return ran_as(desk, "audit", "receive", str(far), "--key", key)

    said = []
    for sends in (True, False, True, True):
        assert ran_as(desk, *sealer, "--there", str(there)).code == 0
        if sends:  # once it cannot be reached
            ran = given((tmp_path / "state" / "to-send").read_text(encoding="utf-8"))
            said.append((ran.code, ", proved to extend" in ran.err))
            there.write_text(given("").out, encoding="utf-8")
            desk.entries()
    assert said == [(0, False), (0, True), (0, True)]
    there.write_text("no note\n", encoding="utf-8")
    assert ran_as(desk, *sealer, "--there", str(there)).code == 20


def test_a_witness_cosigns_what_extends_what_it_saw_and_says_when(
    desk: Commands, tmp_path: Path, sealer: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    copies, key = tmp_path / "copies", str(tmp_path / "own.vkey")
    for _ in range(2):
        assert ran_as(desk, *sealer, "--copy", str(copies)).code == 0
        desk.entries()
    older, newer = map(str, sorted(copies.glob("*.note")))
    grown = ran_as(desk, "audit", "prove", "--from", older, "--to", newer, "--key", key, "--home", str(desk.root)).out
    pair = ("--key", str(tmp_path / "w.key"))
    assert ran_as(desk, "audit", "new-key", pair[1], "--name", "witness.example", "--witness").code == 0

    def given(text: str, *named: str) -> Ran:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        return ran_as(desk, "audit", "cosign", *(named or pair), "--log-key", key, "--state", str(tmp_path / "seen"))

    began = int(time.time())
    assert given(grown).code == 20, "nothing of this log was seen yet"
    assert given(Path(older).read_text(encoding="utf-8")).code == 0
    assert given(Path(newer).read_text(encoding="utf-8")).code == 20, "that it extends the first is not proved"
    assert given(grown, "--key", str(tmp_path / "own.key")).code != 0, "a sealer's key is no witness's"
    note = given(grown)
    assert (note.code, given(grown).code) == (0, 20), "it begins at what was seen before"
    body, _, under = note.out.rpartition("\n\n")
    *_, line = under.strip().split("\n")
    said = base64.b64decode(line.split(" ")[2])[4:]
    at = int.from_bytes(said[:8], "big")
    public = base64.b64decode((tmp_path / "w.vkey").read_text(encoding="ascii").strip().split("+", 2)[2])[1:]
    text = f"cosignature/v1\ntime {at}\n{body}\n".encode()
    Ed25519PublicKey.from_public_bytes(public).verify(said[8:], text)
    assert began <= at <= time.time()
    kept = tmp_path / "cosigned.note"
    kept.write_text(note.out, encoding="utf-8")
    for again in (note.out, Path(newer).read_text(encoding="utf-8")):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(again.encode())))
        assert ran_as(desk, "audit", "receive", str(tmp_path / "far"), "--key", key).code == 0, "it is one note"
    checked = ran_as(desk, "audit", "check-cosigned", str(kept), "--key", str(tmp_path / "w.vkey"))
    assert (checked.code, "Seen by this witness at" in checked.err) == (0, True)
    kept.write_text(note.out.replace("\n", "x\n", 1), encoding="utf-8")
    assert ran_as(desk, "audit", "check-cosigned", str(kept), "--key", str(tmp_path / "w.vkey")).code == 20
