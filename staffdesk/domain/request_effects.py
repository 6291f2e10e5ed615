"""What a move changes in a request: its state, its dates, who did what; pure, so that the machine can be walked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from staffdesk.domain import request_moves
from staffdesk.domain.deadlines import receive_day
from staffdesk.domain.errors import BadInput
from staffdesk.domain.grounds import ExtensionGround
from staffdesk.domain.refusals import check_refusal
from staffdesk.domain.request_moves import Move
from staffdesk.domain.request_progress import LinkedProof, Progress
from staffdesk.domain.request_work import Answers, Ask, document, method
from staffdesk.domain.requests import ANSWERED, rules
from staffdesk.domain.screening import FieldKind, refuse_forbidden
from staffdesk.domain.text import clean_text
from staffdesk.domain.written_reasons import check_quoted

_LONGEST: Final = 2_000
_DELETES: Final = "copy_deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When a move is made and by whom: UTC milliseconds, the day in Brussels; ``digest`` is of what was decided.

    ``linked`` is the proof that was checked for another request out of the same letter.
    """

    now: int
    today: dt.date
    actor: str | None
    digest: str = ""
    linked: LinkedProof | None = None


def check_answers(move: Move, answers: Answers, progress: Progress, today: dt.date) -> None:
    """Raise :class:`BadInput` for what a move asks and was not told, or what cannot be."""
    if Ask.REASON in move.asks and not answers.reason.strip():
        raise BadInput(f"{move.title} needs a reason.", "Say in a sentence why.")
    if move.quotes:
        check_quoted(answers.reason)
    if Ask.DOCUMENT in move.asks:
        document(answers.document)
    if Ask.FIELD in move.asks and not answers.field.strip():
        raise BadInput(f"{move.title}: which one?", "Name the field: email, or organisation.name.")
    if Ask.CUSTOMER in move.asks and answers.customer is None:
        raise BadInput(f"{move.title}: the customer's number?", "Look him up; his number stands on his record.")
    if Ask.METHOD in move.asks:
        method(answers.method)
    _check_listed(move, answers)
    if Ask.GROUND in move.asks and answers.ground is not None:
        check_refusal(progress.kind, progress.identity, answers.ground, answers.facts)
    if answers.day is not None and not receipt_day(progress) <= answers.day <= today:
        raise BadInput("This day is before the receipt or has not come.", "Correct the day.")


def _check_listed(move: Move, answers: Answers) -> None:
    if Ask.EXTENSION in move.asks and answers.extension is None:
        raise BadInput("A period is extended on a ground of the law.", f"Take one of {', '.join(ExtensionGround)}.")
    if Ask.BREACH in move.asks and answers.breach is None:
        raise BadInput("Is it a breach that somebody else asked?", "Say yes where data were given or may have been.")


def cleaned(answers: Answers) -> Answers:
    """Return what was told with its words as they may be kept, before anything is done with them.

    Raises :class:`BadInput` for what hides in them or is too long, :class:`MustNotBeHeld`.
    """
    reason, facts = (_words(each, FieldKind.NOTE) for each in (answers.reason, answers.facts))
    field = _words(answers.field, FieldKind.TEXT)
    return replace(answers, reason=reason, facts=facts, field=field)


def _words(text: str, kind: FieldKind) -> str:
    if not text.strip():
        return ""
    refuse_forbidden(text, kind)
    return clean_text(text, _LONGEST)


def receipt_day(progress: Progress) -> dt.date:
    """Return the day of the receipt, however late proof came."""
    return receive_day(progress.received)


def after(progress: Progress, move: Move, answers: Answers, moment: Moment) -> Progress:
    """Return where a request stands once it made a move that is open to it."""
    state = move.after(progress.state)
    moved = replace(_with_what_came_along(progress), state=state, identity=move.becomes or progress.identity)
    effect = _EFFECTS.get(move.name)
    if effect is not None:
        moved = effect(moved, answers, moment)
    if state in ANSWERED and progress.state not in ANSWERED:
        moved = replace(moved, ended_on=moment.today)
    due = moved.due()
    first = replace(moved, extended_on=None).due().hard
    moved = replace(moved, claimed_by=None, claimed_at=None)
    return replace(moved, hard_due=due.hard, soft_due=due.soft, first_due=first)


def _with_what_came_along(it: Progress) -> Progress:
    """Note that a card that came with the request lies in the mailbox since, whatever becomes of the request."""
    if not it.proof_came_along or it.copy_since is not None or it.kind not in request_moves.move(_DELETES).types:
        return it
    return replace(it, copy_since=receipt_day(it))


Effect = Callable[[Progress, Answers, Moment], Progress]


def _asked(it: Progress, answers: Answers, moment: Moment) -> Progress:
    return replace(it, asked_on=moment.today, waits_from=moment.today, doubted=bool(answers.reason.strip()))


def _proof(it: Progress, answers: Answers, moment: Moment) -> Progress:
    return _with_copy(it, answers, answers.day or moment.today)


def _came_along(it: Progress, answers: Answers, _moment: Moment) -> Progress:
    return _with_copy(it, answers, receipt_day(it))


def _with_copy(it: Progress, answers: Answers, day: dt.date) -> Progress:
    """Note that a proof came, whose copy lies in the mailbox beside one that nobody deleted before."""
    since = it.copy_since if it.copy_there else day
    return replace(it, proof_on=day, proof_kind=answers.document, copy_since=since, copy_deleted_on=None)


def _insufficient(it: Progress, answers: Answers, moment: Moment) -> Progress:
    again = _no_longer_waited_for(_deleted(it, answers, moment))
    return replace(again, proof_on=None, proof_kind=None, waits_from=moment.today)


def _no_longer_waited_for(it: Progress) -> Progress:
    """Keep the days that were waited for a proof, before it counts no more: what comes next is the house's time."""
    return replace(it, paused_days=it.paused, waits_from=None)


def _verified(it: Progress, answers: Answers, moment: Moment) -> Progress:
    return replace(_deleted(it, answers, moment), verified_by=moment.actor)


def _arrived_verified(it: Progress, answers: Answers, moment: Moment) -> Progress:
    return _verified(_proof(it, answers, moment), answers, moment)


def _verified_otherwise(it: Progress, answers: Answers, moment: Moment) -> Progress:
    return replace(it, verified_by=moment.actor, proof_on=moment.today, proof_kind=answers.method)


def _verified_with_another(it: Progress, _answers: Answers, moment: Moment) -> Progress:
    if moment.linked is None:
        return it
    return replace(it, verified_by=moment.actor, proof_on=moment.linked.proof_on, proof_kind=moment.linked.number)


def _deleted(it: Progress, answers: Answers, moment: Moment) -> Progress:
    """Note that the copy is gone, where the officer said so; until he does, it is there."""
    return _copy_deleted(it, answers, moment) if answers.copy_deleted else it


def _undoubted(it: Progress, _answers: Answers, moment: Moment) -> Progress:
    # Who says that there is no doubt has checked who asks, and does not approve what comes of it.
    return replace(it, verified_by=moment.actor)


def _copy_deleted(it: Progress, _answers: Answers, moment: Moment) -> Progress:
    return replace(it, copy_deleted_on=moment.today)


def _late(it: Progress, answers: Answers, moment: Moment) -> Progress:
    day = answers.day or moment.today
    proven = _with_copy(it, answers, day)
    anew = replace(proven, runs_from=day, asked_on=None, waits_from=None, paused_days=None)
    return replace(anew, extended_on=None, ended_on=None, lift_on=None)


def _extended(it: Progress, _answers: Answers, moment: Moment) -> Progress:
    return replace(it, extended_on=moment.today)


def _decided(it: Progress, _answers: Answers, moment: Moment) -> Progress:
    return replace(it, decided_by=moment.actor)


def _of_another(it: Progress, answers: Answers, moment: Moment) -> Progress:
    return _decided(_deleted(it, answers, moment), answers, moment)


def _found_another(it: Progress, _answers: Answers, moment: Moment) -> Progress:
    again = replace(_no_longer_waited_for(it), verified_by=None, proof_on=None, carried_out_at=None)
    return replace(_sent_back(again, Answers(), moment), decided_by=moment.actor)


def _not_of_another(it: Progress, answers: Answers, moment: Moment) -> Progress:
    """Take back that the proof shows somebody else; what is not there any more has to come once more."""
    again = it if it.copy_there else _insufficient(it, answers, moment)
    return replace(again, decided_by=None)


def _submitted(it: Progress, _answers: Answers, moment: Moment) -> Progress:
    return replace(it, submitted_on=moment.today, submitted_digest=moment.digest)


def _approved(it: Progress, _answers: Answers, moment: Moment) -> Progress:
    return replace(it, approved_by=moment.actor)


def _sent_back(it: Progress, _answers: Answers, _moment: Moment) -> Progress:
    return replace(it, submitted_on=None, submitted_digest=None, approved_by=None)


def _carried_out(it: Progress, _answers: Answers, moment: Moment) -> Progress:
    return replace(it, carried_out_at=moment.now)


def _withdrawn(it: Progress, _answers: Answers, _moment: Moment) -> Progress:
    return replace(it, carried_out_at=None)  # all there was is a package, which is destroyed


def _told_of_lifting(it: Progress, _answers: Answers, moment: Moment) -> Progress:
    return replace(it, lift_on=moment.today + dt.timedelta(days=rules().periods.lift_days))


def _lifted(it: Progress, _answers: Answers, _moment: Moment) -> Progress:
    return replace(it, lift_on=None)


def _unnamed(it: Progress, _answers: Answers, _moment: Moment) -> Progress:
    return replace(it, person=None)


def _complained(it: Progress, answers: Answers, moment: Moment) -> Progress:
    return replace(it, complaint_on=answers.day or moment.today)


def _complaint_closed(it: Progress, _answers: Answers, _moment: Moment) -> Progress:
    return replace(it, complaint_on=None)


_EFFECTS: Final[Mapping[str, Effect]] = {
    "stop_marketing": _carried_out,
    "ask_identity": _asked,
    "ask_who_was_erased": _asked,
    "proof_came_along": _came_along,
    "proof_arrived": _proof,
    "proof_insufficient": _insufficient,
    "verify": _verified,
    "verify_arrived": _arrived_verified,
    "verify_otherwise": _verified_otherwise,
    "verified_with": _verified_with_another,
    "copy_deleted": _copy_deleted,
    "no_identity_needed": _undoubted,
    "proof_of_another": _of_another,
    "found_another": _found_another,
    "withdraw": _withdrawn,
    "check_again": _not_of_another,
    "ask_again": _not_of_another,
    "send_back_to_check": _not_of_another,
    "send_back_to_ask": _not_of_another,
    "late_proof": _late,
    "extend": _extended,
    "decide": _decided,
    "submit": _submitted,
    "approve": _approved,
    "approve_refusal": _approved,
    "reject": _sent_back,
    "take_back": _sent_back,
    "hand_over": _carried_out,
    "correct": _carried_out,
    "erase": _carried_out,
    "restrict": _carried_out,
    "tell_lifting": _told_of_lifting,
    "lift": _lifted,
    request_moves.TAKES_NAME_BACK: _unnamed,
    "complaint": _complained,
    "complaint_closed": _complaint_closed,
}
