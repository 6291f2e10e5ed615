"""The proof that an access was logged: only the log builds one, and only a committed one opens the door."""

from __future__ import annotations

import time
from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class Ticket:
    """A committed log entry under which customers' rows may be read or written.

    ``seq`` is the entry's number; ``opened_at`` the monotonic second of its commit, so that an open record renews it.
    """

    seq: int
    origin: str
    _committed: bool = field(default=False, repr=False)
    opened_at: float = field(default=0.0, repr=False)

    @property
    def committed(self) -> bool:
        """Whether the entry is on disk; before that the ticket opens nothing."""
        return self._committed

    def commit(self) -> None:
        """Record that the transaction of the entry ended well; called by the database alone."""
        self._committed = True
        self.opened_at = time.monotonic()

    def age(self) -> float:
        """Return the seconds since the entry was committed."""
        return time.monotonic() - self.opened_at
