"""Secrets come from the terminal or from an open file, never from an argument or the environment."""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable
from dataclasses import dataclass

from staffdesk.cli.output import say
from staffdesk.domain.errors import BadInput

_LONGEST = 4096


@dataclass(frozen=True, slots=True)
class Secrets:
    """Where secrets are read: ``fd``, one a line in the order they are asked for, or without it the terminal."""

    fd: int | None = None

    def ask(self, prompt: str) -> str:
        """Return one secret; raises :class:`BadInput` where there is no terminal or the file has no more lines."""
        if self.fd is not None:
            return self._line()
        _need_a_terminal()
        return self._typed(prompt)

    def choose(self, prompt: str, check: Callable[[str], None] | None = None) -> str:
        """Return a new secret, typed twice until both are the same; a file holds it once. Raises :class:`BadInput`.

        ``check`` raises it for one that may not be set: a person is told so before he types it again.
        """
        if self.fd is not None:
            return self._checked(self._line(), check)
        _need_a_terminal()
        while True:
            try:
                first = self._checked(self._typed(prompt), check)
            except BadInput as error:
                say(error.sentence, error.hint)
                continue
            if self._typed("The same once more: ") == first:
                return first
            say("The two were not the same.", "Type it again.")

    @staticmethod
    def _checked(secret: str, check: Callable[[str], None] | None) -> str:
        if check is not None:
            check(secret)
        return secret

    @staticmethod
    def _typed(prompt: str) -> str:
        return getpass.getpass(prompt)

    def _line(self) -> str:
        """Read to the next line end and not a byte further: what follows may belong to another program."""
        assert self.fd is not None  # noqa: S101 - both callers looked
        read = bytearray()
        try:
            while (byte := os.read(self.fd, 1)) not in {b"", b"\n"}:
                read += byte
                if len(read) > _LONGEST:
                    raise BadInput("A line of --password-fd is too long.", "Put one secret on a line.")
            text = bytes(read).decode().removesuffix("\r")
        except OSError as error:
            raise BadInput(
                "The file given with --password-fd cannot be read.", "Open it in the shell, for example: 3<file"
            ) from error
        except UnicodeDecodeError as error:
            raise BadInput("A line of --password-fd is not UTF-8.", "Save the file as UTF-8.") from error
        if not text:
            raise BadInput(
                "The file given with --password-fd holds fewer lines than were asked for.",
                "Write one secret a line, in the order they are asked for.",
            )
        return text


def _need_a_terminal() -> None:
    """Make sure that a person is there: getpass would else read, and echo, standard input."""
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except OSError as error:
        raise BadInput("There is no terminal to ask on.", "Give secrets with --password-fd N.") from error
