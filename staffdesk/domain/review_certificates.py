"""The certificate of a reviewed month: what there was, how much of it was looked at, what was decided, and the seal."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from staffdesk.domain.errors import Misconfigured
from staffdesk.domain.flags.rules import title_of_rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What is certified of a month; it is kept as it was on the day the month was closed.

    ``flags`` are items by rule, ``decided`` items by decision, ``own`` those that the decider signed off for himself,
    having nobody else. ``reviewed_entries`` are the entries that any item rests on. ``oldest_open_days`` is the age of
    the oldest item of any month that was still undecided. ``checkpoint`` is the signed note over the month's end, whose
    root hash is the seed of the share. ``breach_states`` say of each breach how it stood on that day; a
    certificate from before they were kept has none.
    """

    month: str
    first_entry: int
    last_entry: int
    entries: int
    opens: int
    items: int
    reviewed_entries: int
    flags: Mapping[str, int]
    break_glass: int
    share: int
    decided: Mapping[str, int]
    own: int
    breaches: tuple[str, ...]
    oldest_open_days: int | None
    closed_at: str
    closed_by: str
    checkpoint_size: int
    checkpoint_root: str
    checkpoint: str
    breach_states: Mapping[str, str] | None = None

    @property
    def coverage(self) -> str:
        """Return how much was looked at, in words: every flag and break-glass, and how many of the opens were drawn."""
        return f"{self.items} of {self.items} items decided; {self.share} of {self.opens:,} opens drawn"

    def facts(self) -> dict[str, str]:
        """Return what it certifies as it is read, each fact under its name; the signed note stands apart."""
        oldest = (
            "none"
            if self.oldest_open_days is None
            else f"{self.oldest_open_days} day{'' if self.oldest_open_days == 1 else 's'}"
        )
        return {
            "Month": self.month,
            "Entries": f"{self.entries:,} ({self.first_entry:,} to {self.last_entry:,})",
            "Coverage": self.coverage,
            "Entries seen": f"{self.reviewed_entries:,}",
            "Flags": ", ".join(f"{title_of_rule(rule)} {many}" for rule, many in self.flags.items()) or "none",
            "Break-glass": str(self.break_glass),
            "Decided": ", ".join(f"{word.replace('_', ' ')} {many}" for word, many in self.decided.items()),
            "Signed off by oneself": str(self.own),
            "Breaches": "; ".join(map(self._breach, self.breaches)) or "none",
            "Oldest open": oldest,
            "Closed": f"{self.closed_at} by {self.closed_by}",
            "Checkpoint": f"over {self.checkpoint_size:,} entries; its root drew the share",
        }

    def _breach(self, number: str) -> str:
        state = (self.breach_states or {}).get(number)
        return number if state is None else f"{number}: {state}"

    def to_json(self) -> str:
        """Return it as it is kept: sorted keys, no spaces, so that its digest is always the same."""
        kept = {name: value for name, value in asdict(self).items() if name != "breach_states" or value is not None}
        return json.dumps(kept, ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def digest_of(kept: str) -> str:
    """Return the SHA-256 of a certificate as it is kept, which stands in the entry of the month's closing."""
    return hashlib.sha256(kept.encode()).hexdigest()


def from_json(kept: str) -> Certificate:
    """Return a certificate that was kept; raises :class:`Misconfigured` for what is none."""
    try:
        values = json.loads(kept)
        return Certificate(**{**values, "breaches": tuple(values["breaches"])})
    except (ValueError, TypeError, KeyError):
        raise Misconfigured("A certificate cannot be read.", "Run: staffdesk audit verify") from None


def last_day(month: str) -> dt.date:
    """Return the last day of a month written as 2026-11."""
    year, number = map(int, month.split("-"))
    following = dt.date(year + number // 12, number % 12 + 1, 1)
    return following - dt.timedelta(days=1)
