"""Requests as staff see them in lists: numbers, states and dates, no customer's name."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from staffdesk.domain.request_moves import Identity
from staffdesk.domain.restrictions import NONE, Restriction


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A data-subject request in a list; dates are Brussels days, times UTC milliseconds.

    ``carried_out_at`` is when what was asked was done, or None before that; ``identity`` how far the proof is of who
    asks. ``restriction`` is what stands of what it restricted, which may be lifted from ``lift_on`` on. ``named_later``
    says that privacy found out after the receipt who ``customer`` is, ``ended_on`` on which day it was answered,
    ``to_tell`` that a recipient is still to be told of it.
    """

    id: int
    number: str
    kind: str
    state: str
    channel: str
    received_at: int
    hard_due: dt.date
    soft_due: dt.date
    customer: int | None
    carried_out_at: int | None = None
    identity: Identity = Identity.NONE
    restriction: Restriction = NONE
    lift_on: dt.date | None = None
    copy_there: bool = False
    named_later: bool = False
    ended_on: dt.date | None = None
    to_tell: bool = False

    def as_receipt(self) -> RequestRow:
        """Return what is told of it to who received it and does not work on it: number, type, dates and state."""
        return replace(
            self,
            customer=None if self.named_later else self.customer,
            identity=Identity.NONE,
            restriction=NONE,
            lift_on=None,
            copy_there=False,
        )
