"""Before the first frame: what is no terminal is refused, and nothing in the environment acts on the desk."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from staffdesk.tui.terminal import NoTerminal, refuse_without_terminal, scrub
from tests.tui.desk_in_pty import CANARY
from tests.tui.terminal import ROOT, terminal

PROGRAM = str(Path(__file__).with_name("desk_in_pty.py"))

_HARDENED = """
import json, os, resource, sys
sys.path.insert(0, ".")
from staffdesk.tui.terminal import close_leaks
close_leaks()
import ctypes
made = os.open(sys.argv[1], os.O_CREAT | os.O_WRONLY, 0o666)
print(json.dumps({
    "core": resource.getrlimit(resource.RLIMIT_CORE),
    "dumpable": ctypes.CDLL(None).prctl(3, 0, 0, 0, 0) if sys.platform == "linux" else 0,
    "mode": os.stat(sys.argv[1]).st_mode & 0o777,
}))
"""


class _Tty(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_only_what_a_terminal_needs_is_kept_of_the_environment() -> None:
    environ = {
        "TERM": "xterm", "LANG": "fr_BE.UTF-8", "LC_ALL": "C.UTF-8", "HOME": "/home/a", "PATH": "/bin", "NO_COLOR": "1",
        "TEXTUAL_LOG": "keys.log", "TEXTUAL_DRIVER": "evil:Driver", "TEXTUAL": "devtools", "PYTHONINSPECT": "1",
        "PYTHONSTARTUP": "x.py", "BROWSER": "evil", "LD_PRELOAD": "evil.so", "EDITOR": "vi", "ESCDELAY": "9",
        "LD_LIBRARY_PATH": "/evil", "LD_AUDIT": "evil.so",
        "TEXTUAL_SCREENSHOT": "1", "PASSWORD": "secret", "COLUMNS": "1",
    }  # fmt: skip
    scrub(environ)
    assert environ == {
        "TERM": "xterm", "LANG": "fr_BE.UTF-8", "LC_ALL": "C.UTF-8", "HOME": "/home/a", "PATH": "/bin", "NO_COLOR": "1",
        "TEXTUAL_ANIMATIONS": "none", "TEXTUAL_SMOOTH_SCROLL": "0", "PYDANTIC_DISABLE_PLUGINS": "1",
    }  # fmt: skip


def test_over_ssh_fewer_frames_are_drawn() -> None:
    environ = {"TERM": "xterm", "SSH_CONNECTION": "192.0.2.1 1 192.0.2.2 22"}
    scrub(environ)
    assert environ["TEXTUAL_FPS"] == "20"


@pytest.mark.parametrize("term", ["dumb", "", "unknown", None])
def test_a_terminal_that_cannot_place_text_is_refused(term: str | None) -> None:
    with pytest.raises(NoTerminal, match="cannot place text"):
        refuse_without_terminal({} if term is None else {"TERM": term}, _Tty(), _Tty())


def test_keys_and_frames_need_a_terminal_each() -> None:
    with pytest.raises(NoTerminal, match="read keys"):
        refuse_without_terminal({"TERM": "xterm"}, io.StringIO(), _Tty())
    with pytest.raises(NoTerminal, match="standard error"):
        refuse_without_terminal({"TERM": "xterm"}, _Tty(), io.StringIO())
    refuse_without_terminal({"TERM": "xterm"}, _Tty(), _Tty())


def test_a_character_set_that_has_not_every_name_is_refused() -> None:
    environ = {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    code = "import os, sys, staffdesk.tui.terminal as t; t.refuse_without_terminal(os.environ, sys.stdin, sys.stderr)"
    with terminal("-c", code, environ=environ) as tty:
        assert tty.end() == 1
        assert "character set is not UTF-8" in " ".join(tty.text().split())


def test_importing_what_starts_the_terminal_imports_no_framework_and_no_data_layer() -> None:
    code = (
        "import sys, staffdesk.tui.terminal, staffdesk.tui.commands; "
        "print([m for m in ('textual', 'sqlmodel') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def test_the_first_frame_waits_for_no_data_layer() -> None:
    code = (
        "import sys, staffdesk.tui.app; "
        "print([m for m in ('sqlmodel', 'sqlalchemy', 'pydantic', 'alembic') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def test_no_core_file_no_debugger_and_files_for_their_owner_alone(tmp_path: Path) -> None:
    made = tmp_path / "made"
    done = subprocess.run(
        [sys.executable, "-c", _HARDENED, str(made)], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert json.loads(done.stdout) == {"core": [0, 0], "dumpable": 0, "mode": 0o600}


def test_no_variable_of_the_environment_logs_keys_loads_code_or_leaves_a_prompt(accounts: Path, tmp_path: Path) -> None:
    acted = tmp_path / "acted"
    evil = tmp_path / "evil"
    evil.mkdir()
    (evil / "driver.py").write_text(f"open({str(acted)!r}, 'w').write('driver')\n", encoding="utf-8")
    environ = {
        "TEXTUAL_LOG": str(tmp_path / "keys.log"),
        "TEXTUAL_DRIVER": "driver:Driver",
        "TEXTUAL_SCREENSHOT": "1",
        "TEXTUAL_SCREENSHOT_LOCATION": str(tmp_path),
        "TEXTUAL_PRESS": "ctrl+q",
        "TEXTUAL": "debug,devtools",
        "BROWSER": str(tmp_path / "browser"),
        "PYTHONINSPECT": "1",
        "PYTHONSTARTUP": str(evil / "driver.py"),
        "PYTHONWARNINGS": "default",
        "PYTHONDEVMODE": "1",
        "LD_LIBRARY_PATH": str(evil),
        "PYTHONPATH": os.pathsep.join([str(evil), os.environ.get("PYTHONPATH", str(ROOT))]),
    }
    with terminal(PROGRAM, str(accounts), environ=environ) as tty:
        tty.wait_for("one key signs in")
        tty.send("s")
        tty.wait_for("My open cases")
        tty.read(1.5)
        assert not tty.below().children()
        tty.send("\x11")
        assert tty.end() == 0
        assert b">>>" not in tty.written
        assert b"Warning" not in tty.written
    assert not acted.exists()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["accounts.json", "evil", "home"]
    assert CANARY not in tty.text()


def test_what_a_library_logs_or_warns_of_reaches_no_terminal() -> None:
    """Seen to fail: without a handler, as Python then prints it."""
    code = (
        "import logging, warnings; from staffdesk.cli.guard import prepare_process; prepare_process(); "
        "logging.getLogger('psycopg').warning('error ignored terminating'); warnings.warn('of a library')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert (done.stdout, done.stderr) == ("", "")
