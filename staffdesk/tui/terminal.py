"""From a shell to the first frame: refuse what is no terminal, close what leaks, and only then import the framework.

Nothing here imports Textual: its constants are read from the environment when it is imported, and some of them write
keys to a file, load foreign code or save screens.
"""

from __future__ import annotations

import codecs
import gc
import os
import sys
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final, NoReturn, TextIO

from staffdesk.domain.errors import Misconfigured
from staffdesk.services.quiet import keep_libraries_quiet
from staffdesk.tui.calm import FRAMES_A_SECOND, is_calm
from staffdesk.tui.launcher import launch

if TYPE_CHECKING:
    from pathlib import Path

    from staffdesk.services.desk import Desk
    from staffdesk.tui.demo_account import DemoAccount

_KEPT: Final = frozenset({
    "COLORTERM", "HOME", "LANG", "LOGNAME", "NO_COLOR", "PATH", "SSH_CONNECTION", "STAFFDESK_CALM",
    "STAFFDESK_HOME", "TERM", "TERM_PROGRAM", "TZ", "USER",
})  # fmt: skip
"""What a desk needs to know about where it runs; LC_* is kept too."""

_NO_CORE: Final = (0, 0)
_PR_SET_DUMPABLE: Final = 4


class NoTerminal(Misconfigured):
    """The screen cannot be drawn here: no terminal, or one that cannot place text."""


def run(
    open_desk: Callable[[], Desk],
    accounts: Sequence[DemoAccount] = (),
    incidents: Path | None = None,
    *,
    launched: bool = False,
) -> NoReturn:
    """Show the desk in a child process until somebody quits, then end with its exit code.

    ``open_desk`` is called in a thread once the first frame stands, so that whoever types a password waits for nothing;
    ``accounts`` are offered by the sign-in screen (demo only). A crash leaves its id, the error's type and the places
    in the program in the file ``incidents``, never a value. ``launched`` says that this is that child already. Raises
    :class:`NoTerminal` before anything is drawn.
    """
    refuse_without_terminal(os.environ, sys.stdin, sys.stderr)
    scrub(os.environ)
    close_leaks()
    keep_libraries_quiet()
    if not launched:
        launch()
    gc.disable()
    from staffdesk.tui.app import DeskApp  # noqa: PLC0415 - Textual reads its environment when it is imported
    from staffdesk.tui.guard import guard_process  # noqa: PLC0415 - as above

    app = DeskApp(partial(_keep_what_starts, open_desk), accounts, incidents=incidents)
    guard_process(app)
    try:
        app.run()
    finally:
        app.close_desk()
    _end(app.return_code or 0)


def _keep_what_starts(open_desk: Callable[[], Desk]) -> Desk:
    """Open the desk, and look for garbage from then on alone.

    What is imported on the way lives as long as the process: going through it again and again finds nothing.
    """
    try:
        return open_desk()
    finally:
        gc.freeze()
        gc.enable()


def scrub(environ: MutableMapping[str, str]) -> None:
    """Drop every variable but those on the list, then say what the framework is to do here.

    TEXTUAL_*, PYTHON*, BROWSER, LD_* and whatever else could load code, write keys or open a program is gone.
    """
    for name in list(environ):
        if name not in _KEPT and not name.startswith("LC_"):
            del environ[name]
    environ["PYDANTIC_DISABLE_PLUGINS"] = "1"
    environ["TEXTUAL_ANIMATIONS"] = "none"
    environ["TEXTUAL_SMOOTH_SCROLL"] = "0"
    if is_calm(environ):
        environ["TEXTUAL_FPS"] = FRAMES_A_SECOND
    if environ.get("TERM_PROGRAM") == "vscode":
        # Under the kitty protocol this terminal swallows the space key.
        environ["TEXTUAL_DISABLE_KITTY_KEY"] = "1"


def refuse_without_terminal(environ: Mapping[str, str], stdin: TextIO | None, stderr: TextIO | None) -> None:
    """Raise :class:`NoTerminal` where keys cannot be read or frames, which go to stderr, cannot be drawn.

    Refused too is a character set that has not every letter: a star could stand for the dot of a mask, but nothing for
    the letters of a name, and whoever reads out a wrong name to a caller has told him it is on file so.
    """
    hint = "Use the commands instead: staffdesk search, staffdesk show, staffdesk --help."
    if stdin is None or not stdin.isatty():
        raise NoTerminal("There is no terminal to read keys from.", hint)
    if stderr is None or not stderr.isatty():
        raise NoTerminal("The screen is drawn on standard error, which is not a terminal.", hint)
    if environ.get("TERM", "") in {"", "dumb", "unknown"}:
        raise NoTerminal("This terminal cannot place text (TERM is empty or dumb).", hint)
    if codecs.lookup(stderr.encoding or "utf-8").name != "utf-8":
        raise NoTerminal(
            "This terminal's character set is not UTF-8, so names would not be shown as they are written.",
            "Set LANG to a UTF-8 locale, such as C.UTF-8, and start again; or use the commands: staffdesk --help.",
        )


def close_leaks() -> None:
    """Leave no core file, no memory to a debugger of the same user (Linux), and new files to nobody else."""
    import resource  # noqa: PLC0415 - Unix only, as the whole terminal

    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, _NO_CORE)
    if sys.platform == "linux":
        import ctypes  # noqa: PLC0415 - only Linux has the call

        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def _end(code: int) -> NoReturn:
    """Exit; a process started with PYTHONINSPECT would else answer with a prompt."""
    if sys.flags.inspect:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)
