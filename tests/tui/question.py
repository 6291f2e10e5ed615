"""What a screen asks a service: who comes to it by which way, and what is said meanwhile."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from tests.tui.seat import Seat

Way = tuple[str | Callable[[Seat], Awaitable[None]], ...]
"""Keys one after another; ``=text`` is typed; what can be called is done with the seat."""


@dataclass(frozen=True)
class Question:
    """Who comes to it by which way, and what is said while and where it is not answered.

    ``again`` is what asks it anew: ``r`` where nothing is said. ``logs`` is False where no entry is written and
    ``bound`` False where no role is needed; ``busy`` is "" where a bar tells how far it is.
    """

    role: str
    way: Way
    busy: str
    again: Way = ("r",)
    logs: bool = True
    bound: bool = True
    answered: bool = True


FORM: Final[Way] = ("enter",)
SURE: Final[Way] = ("enter", "enter")
