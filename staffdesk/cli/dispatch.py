"""From a command line to its command, and from a usage error to a sentence."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from contextlib import redirect_stdout
from typing import Final

import typer
from typer.exceptions import TyperException

from staffdesk.cli.commands import commands
from staffdesk.cli.output import STOPPED, put, say

_HELP: Final = frozenset({"-h", "--help"})

_LIBRARY_WORDS: Final = (
    (re.compile(r"Value error, (?s:'.*') is not one of"), "it is not one of"),
    (
        re.compile(r"Value error, (?s:'.*') does not match the formats? .*"),
        "it is no date like 2026-12-31, with a time where one may stand 2026-12-31T23:59.",
    ),
    (re.compile(r"Input should be a valid integer.*"), "it is not a whole number."),
    (re.compile(r"Input should be greater than or equal to (-?\d+)"), r"it is less than \1."),
    (re.compile(r"Input should be less than or equal to (-?\d+)"), r"it is more than \1."),
    (re.compile(r"Value error, "), ""),
)
"""What the libraries say of a value, and how it is said here: in whole words, and without the value."""


def dispatch(arguments: Sequence[str]) -> int:
    """Run the command that ``arguments`` name and return its exit code; 2 for a command line nobody understands."""
    arguments = _with_source(arguments)
    try:
        code = _with_help(arguments) if _HELP.intersection(arguments) else _run(arguments)
    except TyperException as error:
        say(_plain(error.format_message()), "Run: staffdesk --help, or the command with --help")
        return error.exit_code
    except typer.Abort:
        raise KeyboardInterrupt from None
    if code == STOPPED:  # the library makes this number of a Ctrl+C, and no command returns it
        raise KeyboardInterrupt
    return code if isinstance(code, int) else 0


def _with_source(arguments: Sequence[str]) -> Sequence[str]:
    """Let ``import SOURCE FILE`` be the taking in of files: a source stands where the commands of ``import`` do."""
    if arguments[:1] != ["import"]:
        return arguments
    from staffdesk.cli.taking_in import COMMANDS  # noqa: PLC0415 - of the commands only the one that is called

    if (said := list(arguments[1:]))[:1] in [[], *([each] for each in COMMANDS)]:
        return arguments
    return arguments if _HELP.issuperset(said) else ["import", "files", *said]


def _run(arguments: Sequence[str]) -> object:
    app = commands(*arguments[:1])
    return app(list(arguments), prog_name="staffdesk", standalone_mode=False)


def _with_help(arguments: Sequence[str]) -> object:
    """Print what the library prints by itself as everything else is printed, so that it fails in the same words."""
    printed = io.StringIO()
    with redirect_stdout(printed):
        code = _run(arguments)
    if text := printed.getvalue():
        put(text.removesuffix("\n"), lines=True)
    return code


def _plain(message: str) -> str:
    for theirs, ours in _LIBRARY_WORDS:
        message = theirs.sub(ours, message)
    return message
