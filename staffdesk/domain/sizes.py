"""How large something is, as people say it."""

from __future__ import annotations

from typing import Final

_UNITS: Final = ((1_000_000_000, "GB"), (1_000_000, "MB"))
_LEAST: Final = 1_000


def size_in_words(size: int) -> str:
    """Return so many bytes in the unit that tells something: ``1.4 GB``, ``20.7 MB``, ``4 kB``; never none of one."""
    for unit, name in _UNITS:
        if size >= unit:
            return f"{size / unit:.1f} {name}"
    return f"{max(round(size / _LEAST), 1)} kB"
