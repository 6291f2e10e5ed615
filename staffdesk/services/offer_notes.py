"""What is to be known of a move that is open, before it is made: no guard closes it, and it may lead nowhere."""

from __future__ import annotations

from dataclasses import replace

from staffdesk.data.transaction import Read
from staffdesk.domain.request_guards import Offer
from staffdesk.domain.request_moves import DECIDES, NAMES_HIM
from staffdesk.domain.request_progress import Progress, Work
from staffdesk.domain.requests import RequestType
from staffdesk.services.contesting import unsettled


def noted(tx: Read, progress: Progress, work: Work, offer: Offer) -> Offer:
    """Return an offer with what is to be known of it where it is open.

    Whoever names a customer hears of others whom who asks may be; whoever decides on a correction, why it is not to be
    granted yet.
    """
    if offer.closed is not None:
        return offer
    if offer.move.name == NAMES_HIM and work.unanswered:
        return replace(offer, note=_may_be(work.unanswered))
    if offer.move.name == DECIDES and progress.kind is RequestType.RECTIFY:
        error = unsettled(tx, progress)
        note = "" if error is None else f"Granting it is closed, refusing it is open. {error.sentence} {error.hint}"
        return replace(offer, note=note)
    return offer


def _may_be(n: int) -> str:
    who, them = ("1 person", "him") if n == 1 else (f"{n} people", "each of them")
    return f"{who} on file may be who asks, and nothing is said of {them} yet: look first."
