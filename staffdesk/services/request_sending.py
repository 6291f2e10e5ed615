"""Whether the answer of a request may be sent where it stands: nothing is told that is not so yet."""

from __future__ import annotations

from staffdesk.data.transaction import Read, Transaction
from staffdesk.domain.errors import Conflict
from staffdesk.domain.marketing import TaskState
from staffdesk.domain.request_guards import sentence
from staffdesk.domain.request_moves import Guard, move
from staffdesk.domain.request_progress import ANSWERS, COPIED, Progress, Work
from staffdesk.domain.requests import may_answer
from staffdesk.services.request_standing import BUILDS_AGAIN, proof_fell, read


def check_package_waits(tx: Transaction, request_id: int) -> None:
    """Raise :class:`Conflict` where no package was made that is still to go out."""
    progress, work = read(tx, request_id)
    if not move(BUILDS_AGAIN).fits(progress.kind, progress.state, progress.identity) or work.sent & ANSWERS:
        raise Conflict("No package waits to be sent here.", "Open the request again.")


def check_sends(tx: Read, progress: Progress, work: Work) -> None:
    """Raise :class:`Conflict` for an answer that would tell what is not so yet, or go to whoever has shown nothing."""
    if not may_answer(progress.kind, progress.state):
        if TaskState.OPEN in work.recipients:
            raise Conflict(sentence(Guard.TOLD), "Its letter tells of that: i on its page first, or requests told.")
        raise Conflict(sentence(Guard.CLEARED), "Its letter tells of that: k on its page first, or requests searched.")
    if progress.kind in COPIED and proof_fell(tx, progress):
        raise Conflict(
            "The proof that counts here turned out to be somebody else's, under another request, so nothing is sent.",
            "Make the same move here: Somebody else.",
        )
