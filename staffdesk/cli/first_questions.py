"""What ``init`` asks, and how the recovery key reaches a person and nothing else."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TextIO

from staffdesk.cli.output import say
from staffdesk.cli.secret import Secrets
from staffdesk.domain import passwords
from staffdesk.domain.errors import BadInput, Conflict
from staffdesk.domain.passwords import PasswordContext
from staffdesk.services.bootstrap import Initialised, initialise
from staffdesk.services.home import Home
from staffdesk.services.init_answers import ON_SCREEN, QUESTIONS, Answers, answers_of, read_answers
from staffdesk.services.recovery_key import RecoveryKey, write_recovery_file

_ALTERNATE: Final = "\x1b[?1049h\x1b[2J\x1b[H"
_CLEARED: Final = "\x1b[2J\x1b[H\x1b[?1049l"


def make_desk(home: Home, answers_file: Path | None, database_url: str | None, secrets: Secrets) -> Initialised:
    """Ask or read the answers, make the desk, and hand the recovery key over; raises what ``initialise`` raises.

    From an answers file nothing is asked: passwords are the lines of the file that ``--password-fd`` names, in the
    order of the people, and after them the passphrase of the recovery file.
    """
    if home.settings_file.exists() or home.key_file.exists():
        raise Conflict(
            "There is a desk here already, and it is left as it is.",
            "Open it: staffdesk; or choose another: --home DIR",
        )
    answers = _asked(database_url) if answers_file is None else read_answers(answers_file)
    on_screen = answers.recovery == ON_SCREEN
    if on_screen and secrets.fd is not None:
        raise BadInput(
            "The recovery key has nowhere to go when nothing is asked.",
            'Add a line to the answers, recovery = "FILE"; its passphrase is the last line of --password-fd.',
        )
    if on_screen:
        with _terminal():
            pass
    given = {name: _chosen(name, secrets) for name in answers.asked_passwords()}
    passphrase = None if on_screen else _passphrase(answers, secrets)
    made = initialise(home, answers, database_url=database_url, passwords_given=given)
    if passphrase is None:
        _show(made.recovery)
    else:
        write_recovery_file(Path(answers.recovery), made.recovery, passphrase)
        say(
            f"The recovery key is in {answers.recovery}.",
            "Keep it apart from this machine, its passphrase apart from it.",
        )
    return made


def _asked(database_url: str | None) -> Answers:
    replies: dict[str, str] = {}
    with _terminal() as terminal:
        for question in QUESTIONS:
            if question.key == "database" and database_url is not None:
                continue
            default = f" [{question.default}]" if question.default else ""
            terminal.write(f"{question.text_after(replies)}{default}: ")
            terminal.flush()
            replies[question.key] = terminal.readline().strip()
    return answers_of(replies)


def _chosen(user_name: str, secrets: Secrets) -> str:
    """Ask for a password until it is one that may be set; from a file the first one counts."""
    while True:
        password = secrets.choose(
            f"Password of {user_name}, at least {passwords.rules().least_characters} characters: "
        )
        try:
            passwords.check(password, PasswordContext(user_name=user_name))
        except BadInput as error:
            if secrets.fd is not None:
                raise
            say(error.sentence, error.hint)
        else:
            return password


def _passphrase(answers: Answers, secrets: Secrets) -> str:
    if Path(answers.recovery).exists():
        raise BadInput("The file for the recovery key exists already.", "Name a new one.")
    passphrase = secrets.choose("Passphrase of the recovery file: ")
    passwords.check(passphrase)
    return passphrase


def _show(recovery: RecoveryKey) -> None:
    """Show the key on the alternate screen until its last group is typed back, then wipe that screen."""
    with _terminal() as terminal:
        try:
            terminal.write(
                f"{_ALTERNATE}The recovery key of this desk. Write it down, and keep it away from this machine.\r\n\r\n"
            )
            for start in range(0, len(recovery.groups), 4):
                terminal.write("    " + "  ".join(recovery.groups[start : start + 4]) + "\r\n")
            terminal.write(
                "\r\nWhoever has it can read the database. Without it and without the key file nobody can,"
                " and no backup helps.\r\n\r\n"
            )
            while True:
                terminal.write("Type its last group, so that we know it was read: ")
                terminal.flush()
                typed = terminal.readline()
                if not typed:
                    raise BadInput(
                        "The recovery key was not typed back. The desk is made; its key file is now its only key.",
                        "Copy the key file to a place apart from this machine.",
                    )
                if recovery.ends_with(typed):
                    return
                terminal.write("That is not the last group.\r\n")
        finally:
            terminal.write(_CLEARED)
            terminal.flush()


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
