"""Nothing of a customer is printed before the entry that records it is on the disk: seen from outside the process."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Commands, open_with

ROOT = Path(__file__).resolve().parents[2]
_SYNC = re.compile(r"f(?:data)?sync\((\d+)(?:<([^>]*)>)?\)")
_PRINTED = re.compile(r'write\(1(?:<[^>]*>)?, "([^"]*)')


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace, which shows the order of system calls, is not here")
@pytest.mark.parametrize("command", [("search", "dupont"), ("show", "1")], ids=["search", "show"])
def test_the_last_sync_comes_before_the_first_byte(command: tuple[str, ...], desk: Commands, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    with open_with([desk.password("anna")]) as fd:
        looking = ["--as", "anna", "--purpose", "support", "--reference", desk.demo.case, "--password-fd", str(fd)]
        done = subprocess.run(
            [
                *("strace", "-f", "-y", "-s", "4096", "-e", "trace=fsync,fdatasync,write", "-o", str(trace)),
                *(sys.executable, "-m", "staffdesk", *command, *looking, "--home", str(desk.root)),
            ],
            pass_fds=(fd,), capture_output=True, text=True, check=False, cwd=ROOT, timeout=120,
        )  # fmt: skip
    assert "Dupont" in done.stdout, done.stderr
    calls = trace.read_text(encoding="utf-8", errors="replace").splitlines()
    synced = [at for at, call in enumerate(calls) if (found := _SYNC.search(call)) and "desk.db" in (found[2] or "")]
    printed = [at for at, call in enumerate(calls) if (found := _PRINTED.search(call)) and "Dupont" in found[1]]
    assert synced
    assert printed
    assert synced[-1] < printed[0]


@pytest.mark.parametrize("command", [("search", "dupont"), ("show", "1")], ids=["search", "show"])
def test_whoever_copies_the_files_at_the_first_byte_has_the_entries(
    command: tuple[str, ...], desk: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = tmp_path / "seen"
    printing = sys.stdout.write

    def copy_first(text: str) -> int:
        if "Dupont" in text and not seen.exists():
            shutil.copytree(desk.root, seen)
        return printing(text)

    monkeypatch.setattr(sys.stdout, "write", copy_first)
    assert desk.look(*command).code == 0
    monkeypatch.undo()
    entries = Commands(desk.demo, seen, desk.capture).entries(who="anna")
    acts = [entry["act"] for entry in entries]
    expected = "customer.listed" if command[0] == "search" else "customer.opened"
    assert acts[:2] == ["session.ended", expected]
