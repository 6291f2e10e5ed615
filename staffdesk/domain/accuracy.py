"""Accurate, complete and current (privacy policy, H.1): what is missing, what is old, what mail does not reach."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Returned:
    """Somebody with an address from which mail came back.

    ``bounced_at`` (UTC milliseconds) is the mark that stands, ``known_on`` the day on which the address was last
    obtained or confirmed.
    """

    person: int
    aid: str
    bounced_at: int | None
    known_on: dt.date

    def is_news(self, came_back: dt.datetime) -> bool:
        """Say whether a mail that came back then says something of the address that is not on file.

        An address that was obtained or confirmed on a later day is not doubted by it.
        """
        at = int(came_back.timestamp() * 1000)
        return self.known_on <= came_back.date() and (self.bounced_at is None or self.bounced_at < at)
