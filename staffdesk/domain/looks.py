"""Consultations of a record and how they are counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from staffdesk.domain.access import Act, Standing
from staffdesk.domain.records import Look

GLASS: Final = "break-glass"
"""What stands among the kinds of an entry that was made under a break-glass."""
_MS_A_MINUTE: Final = 60_000


def counted_once(looks: Sequence[Look], minutes: int) -> list[tuple[Look, int]]:
    """Return looks, newest first as they came, each with how many it stands for.

    Openings by one role under one reference, alike under break-glass or not, up to ``minutes`` after the first of them
    are that first one; it counts as verified only where each of them was.
    """
    made: list[tuple[Look, int]] = []
    newest: dict[tuple[str, str, bool], int] = {}
    for look in reversed(looks):
        alike = (look.role, look.reference, GLASS in look.kinds)
        place = newest.get(alike) if look.act == Act.CUSTOMER_OPENED else None
        if place is not None and look.at - made[place][0].at <= minutes * _MS_A_MINUTE:
            first, times = made[place]
            weaker = first if first.standing != Standing.VERIFIED else replace(first, standing=look.standing)
            made[place] = (weaker, times + 1)
            continue
        if look.act == Act.CUSTOMER_OPENED:
            newest[alike] = len(made)
        made.append((look, 1))
    return made[::-1]
