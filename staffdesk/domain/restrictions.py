"""The life of a restriction: whether it stands, and whether it is time to lift it (GDPR Art. 18 and 21(1))."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from staffdesk.domain.requests import ANSWERED


class Lifting(StrEnum):
    """What is next for a restriction that stands or was lifted, in words; nothing where it simply stands."""

    NOTHING = ""
    PROPOSED = "restriction to be lifted"
    TOLD = "lifting under way: he was told, and it ends on"
    DUE = "restriction to be lifted now"
    TELL = "recipients to be told that the restriction is lifted"
    ERASED = "the erasure, which ends the restriction"


@dataclass(frozen=True, slots=True)
class Restriction:
    """What stands of what a request restricted.

    ``settled`` says that its reason is gone: an objection that was not upheld, or data that are settled to be correct.
    ``erasing`` says that the person asks to be erased, and is not yet, ``untold`` that a recipient is still to be told.
    """

    stands: bool = False
    settled: bool = False
    erasing: bool = False
    untold: bool = False


NONE: Final = Restriction()


def lifting(restriction: Restriction, state: str, lift_on: dt.date | None, today: dt.date) -> Lifting:
    """Say what is next for the restriction of a request in this state, whose person was told of ``lift_on``."""
    if state not in ANSWERED:
        return Lifting.NOTHING
    if not restriction.stands:
        return Lifting.TELL if restriction.untold else Lifting.NOTHING
    if restriction.erasing:
        return Lifting.ERASED
    if lift_on is not None:
        return Lifting.DUE if today >= lift_on else Lifting.TOLD
    return Lifting.PROPOSED if restriction.settled else Lifting.NOTHING


def what_is_next(restriction: Restriction, state: str, lift_on: dt.date | None, today: dt.date) -> str:
    """Return the same in words, with the day that his letter names; nothing where it simply stands."""
    found = lifting(restriction, state, lift_on, today)
    return f"{found.value} {lift_on}" if found is Lifting.TOLD else found.value
