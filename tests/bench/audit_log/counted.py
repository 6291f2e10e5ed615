"""What counting much of a long log takes whoever asks for it: a month in pictures, and the evidence of the policy."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from staffdesk.domain.access import Access
from staffdesk.domain.pictures.months import month_after
from staffdesk.services.desk import Desk
from staffdesk.services.home import Home
from tests.bench.audit_log.beside import somebody_beside
from tests.bench.figures import timed

_ROUNDS: Final = 5


def counted(home: Home, desk: Desk, access: Access) -> dict[str, Any]:
    """Return what the last whole month's pictures and the policy's evidence took, with somebody appending beside."""
    month = month_after(desk.pictures.month(access).last, -1)
    asked: dict[str, Callable[[], object]] = {
        "month": partial(desk.pictures.month, access, month),
        "evidence": partial(desk.evidence.read, access),
    }
    with somebody_beside(home) as beside:
        taken = {name: [timed(ask) for _ in range(_ROUNDS)] for name, ask in asked.items()}
    return {
        "month": month,
        "accesses": sum(map(sum, desk.pictures.month(access, month).hours.counts)),
        **{f"{name}_ms": {"first": round(of[0]), "most": round(max(of))} for name, of in taken.items()},
        "longest_wait_of_an_append_beside_ms": beside.longest,
    }
