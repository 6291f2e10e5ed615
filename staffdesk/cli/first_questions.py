"""What ``init`` asks, and how the recovery key reaches a person and nothing else."""

from __future__ import annotations

import io
import os
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final, TextIO

from staffdesk.cli.output import leave_line, say
from staffdesk.cli.secret import Secrets
from staffdesk.domain import passwords
from staffdesk.domain.errors import BadInput, Misconfigured, StaffdeskError
from staffdesk.domain.passwords import PasswordContext
from staffdesk.parameters.shapes import policy
from staffdesk.services.bootstrap import Initialised, check_reply, initialise, refuse_second
from staffdesk.services.home import Home, expanded
from staffdesk.services.init_answers import ON_SCREEN, QUESTIONS, Answers, Person, Question, answers_of, read_answers
from staffdesk.services.recovery_key import RecoveryKey, claimed_file

_ALTERNATE: Final = "\x1b[?1049h\x1b[2J\x1b[H"
_CLEARED: Final = "\x1b[2J\x1b[H\x1b[?1049l"
_CANNOT_CLEAR: Final = frozenset({"", "dumb", "unknown"})
_NOTHING_MADE: Final = "Nothing was made."
_AGAIN: Final = "Begin again: staffdesk init"


def make_desk(home: Home, answers_file: Path | None, database_url: str | None, secrets: Secrets) -> Initialised:
    """Ask or read the answers, hand the recovery key over, and make the desk; raises what ``initialise`` raises.

    From an answers file nothing is asked: passwords are the lines of the file that ``--password-fd`` names, in the
    order of the people, and after them the passphrase of the recovery file. There is no desk before somebody has read
    the recovery key or its file is written.
    """
    refuse_second(home)
    try:
        return _asked_and_made(home, answers_file, database_url, secrets)
    except KeyboardInterrupt:
        leave_line()
        say(_NOTHING_MADE, _AGAIN)
        raise


def _asked_and_made(home: Home, answers_file: Path | None, database_url: str | None, secrets: Secrets) -> Initialised:
    answers = _asked(database_url) if answers_file is None else read_answers(answers_file)
    on_screen = answers.recovery == ON_SCREEN
    if on_screen and secrets.fd is not None:
        raise BadInput(
            "The recovery key has nowhere to go when nothing is asked.",
            'Add a line to the answers, recovery = "FILE"; its passphrase is the last line of --password-fd.',
        )
    if on_screen:
        _refuse_uncleared()
        with _terminal():
            pass
    file = expanded(Path(answers.recovery))
    with ExitStack() as stack:
        fill = None if on_screen else stack.enter_context(claimed_file(file))
        given = {person.name: _chosen(person, secrets) for person in answers.people if person.own_password}
        if fill is None:
            return _made(home, answers, database_url, given, _show)
        passphrase = _taken("Passphrase of the recovery file: ", secrets)
        made = _made(home, answers, database_url, given, lambda recovery: fill(recovery, passphrase))
    say(f"The recovery key is in {file}.", "Keep it apart from this machine, its passphrase apart from it.")
    return made


def _made(
    home: Home, answers: Answers, database_url: str | None, given: dict[str, str], keep: Callable[[RecoveryKey], None]
) -> Initialised:
    kept = False

    def handed(recovery: RecoveryKey) -> None:
        nonlocal kept
        keep(recovery)
        kept = True

    try:
        return initialise(home, answers, database_url=database_url, passwords_given=given, keep=handed)
    except StaffdeskError:
        if kept and answers.recovery == ON_SCREEN:
            say("The recovery key that was shown opens nothing: throw it away, the next beginning has another.")
        raise


def _asked(database_url: str | None) -> Answers:
    """Ask every question until its answer can be taken."""
    replies: dict[str, str] = {}
    with _terminal() as terminal:
        for question in QUESTIONS:
            if question.key == "database" and database_url is not None:
                continue
            while not _answered(terminal, question, replies):
                pass
    return answers_of(replies)


def _answered(terminal: TextIO, question: Question, replies: dict[str, str]) -> bool:
    """Ask once; say what is wrong with an answer that cannot be taken."""
    default = f" [{question.default}]" if question.default else ""
    terminal.write(_broken(f"{question.text_after(replies)}{default}:") + " ")
    terminal.flush()
    typed = terminal.readline()
    if not typed:
        terminal.write("\r\n")
        raise BadInput(f"The questions were not answered to the end. {_NOTHING_MADE}", _AGAIN)
    reply = typed.strip()
    try:
        check_reply(question.key, {**replies, question.key: reply})
        if question.key == "recovery":
            _check_recovery(reply or question.default)
    except (BadInput, Misconfigured) as error:
        say(error.sentence, error.hint)
        return False
    replies[question.key] = reply
    return True


def _check_recovery(reply: str) -> None:
    """Refuse a place where the recovery key could not go; a file is tried, and taken away again."""
    if reply == ON_SCREEN:
        _refuse_uncleared()
        return
    with claimed_file(expanded(Path(reply))):
        pass


def _refuse_uncleared() -> None:
    """Refuse to show a key where it could not be wiped: it would stay in the window and in what the window saves."""
    if os.environ.get("TERM", "") in _CANNOT_CLEAR:
        raise BadInput(
            "This terminal cannot be cleared (TERM is empty or dumb), so the recovery key is not shown on it.",
            "Name a file for the recovery key instead; it is kept under a passphrase.",
        )


def _chosen(person: Person, secrets: Secrets) -> str:
    least = passwords.rules().least_characters
    context = PasswordContext(person.name, person.full_name, policy().controller.name)
    return _taken(f"Password of {person.name}, at least {least} characters: ", secrets, context)


def _taken(prompt: str, secrets: Secrets, context: PasswordContext | None = None) -> str:
    """Ask for a password until it is one that may be set; from a file the first one counts."""
    return secrets.choose(prompt, lambda password: passwords.check(password, context))


def _show(recovery: RecoveryKey) -> None:
    """Show the key on the alternate screen until its last group is typed back, then wipe that screen."""
    with _terminal() as terminal:
        try:
            terminal.write(
                _ALTERNATE
                + _broken("The recovery key of this desk. Write it down, and keep it away from this machine.")
                + "\r\n\r\n"
            )
            for start in range(0, len(recovery.groups), 4):
                terminal.write("    " + "  ".join(recovery.groups[start : start + 4]) + "\r\n")
            terminal.write(
                "\r\n"
                + _broken(
                    "Whoever has it can read the database. Without it and without the key file nobody can,"
                    " and no backup helps."
                )
                + "\r\n\r\n"
            )
            while True:
                terminal.write("Type its last group, so that we know it was read: ")
                terminal.flush()
                typed = terminal.readline()
                if not typed:
                    raise BadInput(f"The recovery key was not typed back. {_NOTHING_MADE}", _AGAIN)
                if recovery.ends_with(typed):
                    return
                terminal.write("That is not the last group.\r\n")
        finally:
            terminal.write(_CLEARED)
            terminal.flush()


def _broken(text: str) -> str:
    """Break a text between words where the terminal ends: it would break it within them."""
    return "\n".join(textwrap.wrap(text, shutil.get_terminal_size().columns - 1))


@contextmanager
def _terminal() -> Iterator[TextIO]:
    """Give the terminal itself, whatever the standard streams are; raises :class:`BadInput` where there is none."""
    try:
        descriptor = os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY)
    except OSError as error:
        raise BadInput(
            "There is no terminal to ask on.", "Give the answers in a file: --answers FILE --password-fd N"
        ) from error
    # A terminal cannot be sought in, so there is no buffer for both directions between it and the text.
    raw = io.FileIO(descriptor, "r+")
    with io.TextIOWrapper(raw, encoding=sys.stdout.encoding or "utf-8", errors="replace") as terminal:
        yield terminal
