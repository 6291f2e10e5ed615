"""Figures of a run: percentiles of milliseconds, and what machine they were taken on."""

from __future__ import annotations

import os
import platform
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

_SYNCS: Final = 50


def percentiles(milliseconds: Sequence[float]) -> dict[str, float]:
    """Return the median, the 95th and the 99th percentile."""
    ranked = sorted(milliseconds)
    return {f"p{part}": round(ranked[min(len(ranked) - 1, len(ranked) * part // 100)], 4) for part in (50, 95, 99)}


def timed(run: Callable[[], object]) -> float:
    """Return how long a call took, in milliseconds."""
    began = time.perf_counter()
    run()
    return (time.perf_counter() - began) * 1000


def machine() -> dict[str, object]:
    """Say what the figures were taken on, and how busy it was."""
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "cpus": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
        "fdatasync_ms": percentiles(_syncs()),
    }


def _syncs() -> list[float]:
    with tempfile.TemporaryDirectory() as folder:
        descriptor = os.open(Path(folder) / "synced", os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            return [timed(lambda: _sync(descriptor)) for _ in range(_SYNCS)]
        finally:
            os.close(descriptor)


def _sync(descriptor: int) -> None:
    os.write(descriptor, b"x" * 400)
    os.fdatasync(descriptor)
