"""The process above the desk gives the terminal back: after a kill nothing of the desk is left on it, and it works."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psutil
import pytest

from staffdesk.services.demo import Demo
from staffdesk.services.home import Home
from tests.tui.terminal import PROGRAM, ROOT, terminal
from tests.tui.test_leaving import acts_of, left_clean, on_a_record

_KILLED: Final = "staffdesk was stopped (signal 9). No record was written to the terminal."


def test_a_desk_that_is_killed_leaves_a_terminal_that_works_and_nothing_to_read(accounts: Path) -> None:
    with terminal(PROGRAM, str(accounts)) as tty:
        tty.wait_for("one key signs in")
        tty.send("s")
        tty.wait_for("My open cases")
        assert not tty.cooked
        tty.below().kill()
        assert tty.end() == 128 + 9
        left_clean(tty)
        assert _KILLED in " ".join(tty.text().split())
        assert tty.written.endswith(f"{_KILLED}\r\n".encode())
        assert b"\x1b[3J" not in tty.written


def test_what_waits_above_holds_neither_the_framework_nor_the_data(accounts: Path) -> None:
    with terminal(PROGRAM, str(accounts)) as tty:
        tty.wait_for("one key signs in")
        assert psutil.Process(tty.pid).memory_info().rss < 32 * 1024 * 1024
        assert psutil.Process(tty.pid).num_threads() == 1
        assert os.getpgid(tty.pid) == os.getpgid(tty.below().pid)
        if sys.platform == "linux":
            mapped = Path(f"/proc/{tty.pid}/maps").read_text(encoding="utf-8")
            assert not [name for name in ("sqlcipher", "_argon2", "cryptography", "pydantic") if name in mapped]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing wakes it")
def test_a_stopped_desk_whose_launcher_is_killed_wakes_ends_and_shows_nothing(accounts: Path, home: Home) -> None:
    with terminal(PROGRAM, str(accounts)) as tty:
        tty.wait_for("one key signs in")
        on_a_record(tty)
        name, desk = tty.lines()[0].split()[0], tty.below()
        desk.suspend()
        while name in tty.text():
            tty.read()
        stood = len(tty.written)
        psutil.Process(tty.pid).kill()
        desk.wait(20)
        tty.read(0.5)
        assert name.encode() not in tty.written[stood:]
        assert tty.cooked
    assert acts_of(home)[-1] == "session.ended"


@pytest.mark.skipif(shutil.which("tmux") is None, reason="there is no tmux here")
def test_in_tmux_a_shell_gets_its_screen_back(home: Home, company: Demo, tmp_path: Path) -> None:
    del company
    with _tmux(tmp_path) as ask:
        ask("new-session", "-d", "-x", "80", "-y", "24", "env PS1='$ ' bash --norc")
        run = f"cd {ROOT} && {sys.executable} -m staffdesk run --home {home.config.parent}"
        ask("send-keys", run, "Enter")
        _until(lambda: "Everything you look at here" in ask("capture-pane", "-p"))
        assert ask("display", "-p", "#{alternate_on}") == "1"
        shell = psutil.Process(int(ask("display", "-p", "#{pane_pid}")))
        (above,) = shell.children()
        (desk,) = above.children()

        above.send_signal(20)  # as a shell's "suspend"
        _until(lambda: ask("display", "-p", "#{alternate_on}") == "0")
        _until(lambda: "Stopped" in ask("capture-pane", "-p"))
        ask("send-keys", "fg", "Enter")
        _until(lambda: "Everything you look at here" in ask("capture-pane", "-p"))

        desk.kill()
        _until(lambda: _KILLED in ask("capture-pane", "-p"))
        shown = "#{alternate_on} #{mouse_any_flag} #{cursor_flag} #{wrap_flag}"
        assert ask("display", "-p", shown) == "0 0 1 1"
        ask("send-keys", "echo $((6*7))=$?", "Enter")
        _until(lambda: "42=137" in ask("capture-pane", "-p"))
        assert "Everything you look at here" not in ask("capture-pane", "-p", "-S", "-")

        ask("send-keys", run, "Enter")
        _until(lambda: "Everything you look at here" in ask("capture-pane", "-p"))
        (above,) = shell.children()
        (desk,) = above.children()
        above.kill()
        desk.wait(20)
        _until(lambda: ask("display", "-p", shown) == "0 0 1 1")


@contextmanager
def _tmux(folder: Path) -> Iterator[Callable[..., str]]:
    def ask(*words: str) -> str:
        command = ["tmux", "-S", str(folder / "tmux"), "-f", "/dev/null", *words]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.rstrip("\n")

    try:
        yield ask
    finally:
        ask("kill-server")


def _until(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.1)
