"""What workers tell screens; none of them shows a value in its representation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from textual.message import Message

from staffdesk.domain.errors import StaffdeskError

if TYPE_CHECKING:
    from staffdesk.domain.screening_rules import Finding


class Answered(Message):
    """A service answered; ``then`` shows the answer, on the screen that asked and only if it still waits for it."""

    def __init__(self, token: int, then: Callable[[], None]) -> None:
        """Carry the answer inside ``then``."""
        super().__init__()
        self.token = token
        self.then = then


class Failed(Message):
    """A service refused or could not; nothing is shown but the error's sentence."""

    def __init__(self, token: int, error: StaffdeskError) -> None:
        """Carry the error, whose sentence holds no personal data."""
        super().__init__()
        self.token = token
        self.error = error


class Progressed(Message):
    """A long job has come so far."""

    def __init__(self, done: int, total: int) -> None:
        """``done`` of ``total``, which may grow."""
        super().__init__()
        self.done = done
        self.total = total


class PastedTooMuch(Message):
    """A field had no room for all that was pasted or typed into it; ``said`` tells of that, and no word of it."""

    def __init__(self, said: str) -> None:
        """Carry the sentence."""
        super().__init__()
        self.said = said


class Screened(Message):
    """What stands in a field was looked through; ``found`` is what of it may not be held, or nothing."""

    def __init__(self, field: str, text: str, found: Finding | None) -> None:
        """Carry the text too, so that what was typed over since is known."""
        super().__init__()
        self.field = field
        self.text = text
        self.found = found

    def __rich_repr__(self) -> Iterator[str]:
        """Name the field alone."""
        yield self.field


class TurnOver(Message):
    """Sent after a key on the way its own messages take: where it arrives, they have been answered."""

    def __init__(self, number: int) -> None:
        """Carry the number of the turn."""
        super().__init__()
        self.number = number
