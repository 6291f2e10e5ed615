"""`audit seal`: a key that the desk does not have signs only what extends what it signed."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

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
    assert (given(older).code, given(newer.replace("\n", "x\n", 1)).code, given("").code) == (20, 20, 20)
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
