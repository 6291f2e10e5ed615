"""A signed-in command: it opens the desk, signs in, does its work and signs out, whatever becomes of it."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from staffdesk.cli.output import say
from staffdesk.cli.secret import Secrets
from staffdesk.domain.access import Access, Purpose
from staffdesk.services.home import Home

if TYPE_CHECKING:
    from staffdesk.services.desk import Desk
    from staffdesk.services.sign_in import SignedIn


@dataclass(frozen=True, slots=True)
class Seat:
    """The desk and the session at it; ``secrets`` is where a command asks for more of them."""

    desk: Desk
    signed_in: SignedIn
    secrets: Secrets
    host: str
    password: str = field(repr=False)

    @property
    def sid(self) -> str:
        """The session's id."""
        return self.signed_in.sid

    def password_again(self, prompt: str) -> str:
        """Return the password with which one act is confirmed.

        A file gave it to this very command, whose session was begun for this one act and ends with it; a person at a
        terminal types it again.
        """
        return self.secrets.ask(prompt) if self.secrets.fd is None else self.password

    def access(self, purpose: Purpose | None = None, reference: str | None = None) -> Access:
        """Return who asks and why, for one service call."""
        return Access(session=self.sid, purpose=purpose, reference=reference, host=self.host)


def home_of(explicit: Path | None) -> Home:
    """Return the home a command works on."""
    return Home.locate(explicit, os.environ)


def host_name() -> str:
    """Return this terminal's name as the log shows it."""
    return socket.gethostname()


@contextmanager
def seat(home: Path | None, user: str, password_fd: int | None) -> Iterator[Seat]:
    """Sign in for one command and sign out after it; raises whatever the services raise.

    A one-time password is replaced at once: the new one is asked for, or is the next line of the file. A checkpoint
    that could not be made is said at the end.
    """
    from staffdesk.services.opening_homes import open_desk  # noqa: PLC0415 - brings the data layer, which help never needs

    secrets = Secrets(password_fd)
    desk = open_desk(home_of(home))
    try:
        password = secrets.ask(f"Password of {user}: ")
        signed_in = desk.sign_in.sign_in(user, password, host_name())
        try:
            say(*signed_in.notices)
            if signed_in.must_change_password:
                new = _own_password(secrets)
                desk.sign_in.change_password(signed_in.sid, password, new)
                password = new
            yield Seat(desk, signed_in, secrets, host_name(), password)
        finally:
            desk.sign_in.sign_out(signed_in.sid)
    finally:
        desk.close()
        say(desk.sealer.trouble)


def _own_password(secrets: Secrets) -> str:
    from staffdesk.domain import passwords  # noqa: PLC0415 - once in an account's life

    least = passwords.rules().least_characters
    say("This password is to be replaced.")
    return secrets.choose(f"Choose your own, at least {least} characters: ", passwords.check)
