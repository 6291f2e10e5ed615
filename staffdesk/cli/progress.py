"""How far a long job is: one line on stderr that rewrites itself, and nothing where nobody watches."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

_SECONDS: Final = 0.2

Step = Callable[[int, int], None]


@contextmanager
def progress(word: str) -> Iterator[Step]:
    """Give what a job calls with the number done and the number in all (0 where it is not known)."""
    watched = sys.stderr.isatty()
    shown_at = time.monotonic()
    shown = False

    def step(done: int, total: int) -> None:
        nonlocal shown, shown_at
        if not watched or time.monotonic() - shown_at < _SECONDS:
            return
        shown, shown_at = True, time.monotonic()
        of = f" of {total:,}" if total else ""
        sys.stderr.write(f"\r\x1b[K{done:,}{of} {word}")
        sys.stderr.flush()

    try:
        yield step
    finally:
        if shown:
            sys.stderr.write("\r\x1b[K")
