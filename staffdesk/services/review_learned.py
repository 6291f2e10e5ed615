"""What the rules of the review learned: packed where it is kept, many megabytes of objects while a day is taken."""

from __future__ import annotations

import gc
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from staffdesk.domain.flags import Baselines


def packed(baselines: Baselines) -> bytes:
    """Return what is kept; quickly rather than small."""
    return zlib.compress(baselines.to_json(), level=1)


def unpacked(kept: bytes) -> Baselines:
    """Return what was kept; what was not packed is given as it is to its reader, which raises what it raises."""
    try:
        return Baselines.from_json(zlib.decompress(kept))
    except zlib.error:
        return Baselines.from_json(kept)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let nobody's entry wait for the garbage collector, which looks through all that was learned."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
