"""How long the log is and how far it is sealed, as every screen says it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

from staffdesk.data.entries import Entries
from staffdesk.data.transaction import Append
from staffdesk.domain.access import Access
from staffdesk.parameters.shapes import sessions
from staffdesk.services.door import Door
from staffdesk.services.sealing import Sealer

_HOUR_MS: Final = 60 * 60 * 1000


@dataclass(frozen=True, slots=True)
class LogState:
    """How long the log is and how much of it is covered by a checkpoint; times are UTC milliseconds.

    ``sealed_at`` is when the newest checkpoint was made, ``open_since`` when the first entry behind it was written.
    ``foreign`` says that the key that signs is another user's, ``trouble`` why none can be made.
    """

    size: int
    covered: int
    trouble: str
    sealed_at: int | None = None
    open_since: int | None = None
    asked_at: int = 0
    foreign: bool = False

    @property
    def uncovered(self) -> int:
        """Entries that no checkpoint covers yet."""
        return self.size - self.covered

    @property
    def too_old(self) -> bool:
        """Whether an entry has waited for a checkpoint for longer than is allowed."""
        limit = sessions().log.tail_hours * _HOUR_MS
        return self.open_since is not None and self.asked_at - self.open_since > limit


class LogLength:
    """What is asked after each answer a screen shows; it stands apart from the log's review, which few open."""

    def __init__(self, door: Door, sealer: Sealer) -> None:
        """Ask through ``door``; ``sealer`` says whether checkpoints can be made."""
        self._door = door
        self._sealer = sealer

    def state(self, access: Access) -> LogState:
        """Return the log's length and coverage; it is shown on every screen and is no entry of its own."""
        return self._door.peek(access, self._state)

    def _state(self, tx: Append) -> LogState:
        state = Entries(tx).state()
        return LogState(
            size=state.size,
            covered=state.covered,
            trouble=self._sealer.trouble,
            sealed_at=state.sealed_at,
            open_since=state.open_since,
            asked_at=time.time_ns() // 1_000_000,
            foreign=not self._sealer.active,
        )
