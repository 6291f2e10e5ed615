"""What a move of a request led to, as whoever made it is told."""

from __future__ import annotations

from dataclasses import dataclass

from staffdesk.domain.request_progress import Progress
from staffdesk.services.post import Sent


@dataclass(frozen=True, slots=True, repr=False)
class Moved:
    """What a move led to, and the moves that the desk made after it by itself.

    ``sent`` is how its letter went out where one did; ``passphrase`` opens the package that was made, and is told once.
    """

    progress: Progress
    made: tuple[str, ...] = ()
    sent: Sent | None = None
    passphrase: str = ""

    def __repr__(self) -> str:
        return f"<Moved {self.progress.number} to {self.progress.state}>"
