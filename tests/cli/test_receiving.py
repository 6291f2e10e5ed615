"""`audit receive` as an SSH forced command starts it: a process of its own, a pipe, and a sender nobody need trust.

What sshd itself keeps closed is tried by ``python -m tests.drills.receive_over_ssh``. Seen to fail: see each test.
"""

from __future__ import annotations

import resource
import signal
import sys
import time
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from staffdesk.audit.checkpoint import Checkpoint, sign, verifier_key
from staffdesk.audit.proof import Growth
from staffdesk.audit.tree import Frontier, RangeRoots, consistency_ranges
from staffdesk.domain.errors import NotSound, StorageUnavailable
from staffdesk.services.note_folder import NoteFolder
from staffdesk.services.receiving import receive
from tests.forked import PROGRAM, Forked

NAME: Final = "seal.example"
SEED: Final = bytes(range(32))
KEYS: Final = (verifier_key(NAME, SEED),)
_LEAVES: Final = tuple(bytes([at]) * 32 for at in range(40))


@pytest.fixture
def far(tmp_path: Path) -> Path:
    (tmp_path / "seal.vkey").write_text(KEYS[0], encoding="utf-8")
    return tmp_path / "notes"


def begun(far: Path, *, bytes_at_most: int | None = None) -> Forked:
    """Begin what the forced command begins; a limit on the size of files stands for a disk that is full."""
    words = ("audit", "receive", str(far), "--key", str(far.with_name("seal.vkey")))
    return Forked(PROGRAM, *words, bytes_at_most=bytes_at_most)


def sent(far: Path, text: str, *, bytes_at_most: int | None = None) -> tuple[int, str]:
    """Send a text to its end, and return the exit code and what was said."""
    with begun(far, bytes_at_most=bytes_at_most) as receiver:
        ended = receiver.end(text.encode())
    return ended.returncode, ended.stderr


@cache
def note(size: int, history: int = 0) -> str:
    return sign(Checkpoint(origin="staffdesk/log", size=size, root=_tree(size, history).root()), NAME, SEED)


def grown(old: int, size: int, history: int = 0) -> str:
    wanted = RangeRoots(consistency_ranges(old, size))
    for index in range(size):
        wanted.take(index, _leaf(index, history))
    return Growth(old=old, path=wanted.roots(), note=note(size, history)).to_text()


def _tree(size: int, history: int) -> Frontier:
    tree = Frontier()
    tree.extend(_leaf(index, history) for index in range(size))
    return tree


def _leaf(index: int, history: int) -> bytes:
    return _LEAVES[(index + history) % len(_LEAVES)]


def kept(far: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in far.iterdir()} if far.is_dir() else {}


def test_what_does_not_extend_what_was_received_is_refused_and_said(far: Path) -> None:
    """Seen to fail: with a proof held against nothing called proved."""
    code, said = sent(far, grown(3, 10))
    assert (code, "not proved to extend" in said) == (0, True), "nothing was kept here that it could extend"
    before = kept(far)
    assert oct((far / "000000000010.note").stat().st_mode)[-3:] == "600"
    for text, why in (
        (grown(10, 20, history=1), "it was rewritten"),
        (grown(5, 20), "must begin at 10 entries"),
        (note(9), "the log shrank"),
        (note(10, history=1), "was forked"),
        (note(20).replace("log", "lag"), "does not belong"),
        (note(20), "comes alone"),
        (note(20, history=1), "comes alone"),
    ):
        with pytest.raises(NotSound, match=why):
            receive(far, text, KEYS)
    code, said = sent(far, grown(10, 20, history=1))
    assert (code, "it was rewritten" in said, kept(far) == before) == (20, True, True)
    code, said = sent(far, grown(10, 20))
    assert (code, ", proved to extend" in said) == (0, True)


def test_a_line_that_is_cut_in_the_middle_leaves_nothing(far: Path) -> None:
    """Seen to fail: with the note kept as far as it came."""
    assert sent(far, note(10))[0] == 0
    before, text = kept(far), grown(10, 20)
    at = len(text.partition("\n\n")[0])
    for end in (1, at, at + 2, len(text) - len(note(20)) + 20, text.rindex("\u2014"), len(text) - 40, len(text) - 1):
        with pytest.raises(NotSound):
            receive(far, text[:end], KEYS)
        assert kept(far) == before, f"cut at {end}"
    assert (sent(far, text[:-1])[0], kept(far)) == (20, before)
    with begun(far) as receiver:
        receiver.stdin.write(text[:-1].encode())
        time.sleep(0.2)
        receiver.signal(signal.SIGHUP)
        assert receiver.wait() != 0
    assert kept(far) == before


def test_a_full_disk_leaves_what_was_there_and_the_note_comes_again(far: Path) -> None:
    """Seen to fail: with the file begun under its name and left there, which closed the folder for ever."""
    assert sent(far, note(10))[0] == 0
    before = kept(far)
    for room in (0, len(note(20).encode()) - 1):
        code, said = sent(far, grown(10, 20), bytes_at_most=room)
        assert (code, "did not take the note" in said) == (5, True), said
        assert kept(far) == before
    assert sent(far, grown(10, 20))[0] == 0


def test_of_two_that_extend_the_same_note_at_once_one_is_kept(far: Path) -> None:
    """Seen to fail: with the newest note read before the folder was held."""
    assert sent(far, note(10))[0] == 0
    with NoteFolder(far).held():
        senders = [begun(far) for _ in range(3)]
        for sender, text in zip(senders, (grown(10, 20), grown(10, 30, history=0), grown(10, 40)), strict=True):
            sender.stdin.write(text.encode())
            sender.stdin.close()
        deadline = time.monotonic() + 20
        while sum(_waits(sender) for sender in senders) < len(senders):
            assert time.monotonic() < deadline, "they do not wait for the folder"
            time.sleep(0.05)
    codes = sorted(sender.wait() for sender in senders)
    for sender in senders:
        sender.close()
    assert (codes, len(kept(far))) == ([0, 20, 20], 2)


def test_a_note_that_a_crash_left_half_closes_nothing_and_is_finished(far: Path) -> None:
    """Seen to fail: with the half note held against what comes."""
    receive(far, note(10), KEYS)
    half = far / "000000000020.note"
    for left in ("", note(20)[:30], note(20)[:-20]):
        half.write_text(left, encoding="utf-8")
        with pytest.raises(NotSound, match="comes alone"):
            receive(far, note(15), KEYS)
        assert receive(far, grown(10, 20), KEYS)[1]
        assert half.read_text(encoding="utf-8") == note(20)
    half.write_text(note(20) + "\u2014 other", encoding="utf-8")
    assert receive(far, grown(20, 30), KEYS)[1], "the begun second line is not the note"


def test_a_file_that_is_no_note_is_named_and_closes_the_folder_to_nobody(far: Path) -> None:
    receive(far, note(10), KEYS)
    (far / "000000000099.note").write_text("no note\n\n\u2014 by nobody\n", encoding="utf-8")
    (far / "000000000098.note").mkdir()
    (far / "readme.txt").write_text("hello", encoding="utf-8")
    assert receive(far, grown(10, 20), KEYS) == (
        Checkpoint(origin="staffdesk/log", size=20, root=_tree(20, 0).root()),
        True,
        ("000000000099.note", "000000000098.note"),
    )
    code, said = sent(far, grown(20, 30))
    assert (code, "passed over: 000000000099.note, 000000000098.note" in said) == (0, True)


def test_where_files_have_a_name_from_the_first_a_full_disk_leaves_nothing_either(
    far: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen to fail: with the begun file left."""
    notes = NoteFolder(far)
    monkeypatch.setattr("staffdesk.services.note_folder.sys.platform", "darwin")
    notes.add(10, note(10))
    soft = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = kept(far)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20, soft[1]))
    try:
        with pytest.raises(StorageUnavailable, match="did not take"):
            notes.add(20, note(20))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, soft)
    assert kept(far) == before == {"000000000010.note": note(10).encode()}


def _waits(sender: Forked) -> bool:
    """Say whether a process waits for a lock on a file."""
    if sys.platform != "linux":
        time.sleep(3)
        return True
    assert sender.runs, "it did not wait"
    return any(f" {sender.pid} " in line and "->" in line for line in Path("/proc/locks").read_text().splitlines())
