"""How long nobody has pressed a key, on a clock that also runs while a laptop sleeps."""

from __future__ import annotations

import time


def now() -> float:
    """Return seconds on the clock that runs on in sleep; only differences mean something."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot is None else time.clock_gettime(boot)


class IdleClock:
    """Seconds since the last key; ``touch`` at every key, wherever it went."""

    def __init__(self) -> None:
        """Start as if a key had just been pressed."""
        self._at = now()
        self._told = self._at

    def touch(self) -> None:
        """Note a key."""
        self._at = now()

    def seconds(self) -> float:
        """Return for how many seconds no key was pressed."""
        return now() - self._at

    def should_tell(self, every: float) -> bool:
        """Say, at most once in ``every`` seconds, that somebody is there and the service should know it."""
        if self._at <= self._told or now() - self._told < every:
            return False
        self._told = now()
        return True
