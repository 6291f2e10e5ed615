"""What the letter of a move tells, from where the request stands and what the move did."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import replace
from typing import Final

from staffdesk.data.customers.held import Holds
from staffdesk.data.customers.linked_proofs import LinkedProofs
from staffdesk.data.customers.request_decisions import Decisions
from staffdesk.data.customers.request_files import RequestFiles
from staffdesk.data.customers.request_progress import RequestProgresses
from staffdesk.data.transaction import Read
from staffdesk.domain.deadlines import receive_day
from staffdesk.domain.grounds import ProofFault, RestrictionGround, RestrictionStep, Unproven
from staffdesk.domain.request_effects import Moment
from staffdesk.domain.request_guards import why_closed
from staffdesk.domain.request_moves import LETS_STAND, VERIFIES, Identity, Letter, Move, move, moves
from staffdesk.domain.request_progress import Progress, Work, facts_of
from staffdesk.domain.request_work import Answers
from staffdesk.domain.requests import ANSWERED, RequestState, RequestType
from staffdesk.services.carrying_out import Done, counted
from staffdesk.services.letters import AccessReply, Counted, LetterFacts, Together
from staffdesk.services.sessions import day_in_brussels
from staffdesk.services.told_of import outside_of, told_of

_LATE: Final = "late_proof"
_UNPROVEN: Final = frozenset({Identity.ASKED, Identity.RECEIVED, Identity.FAILED})
_WAITING: Final = frozenset({RequestState.NOTIFYING, RequestState.REPLYING})


def letter_of(move: Move, done: Done) -> Letter | None:
    """Return the letter that a move writes to whoever asks; notices to recipients are letters of their own."""
    letters = [each for each in move.letters if each is not Letter.RECIPIENT]
    if Letter.PARTLY_ERASED in letters:
        return Letter.PARTLY_ERASED if done.kept else Letter.ERASED
    return letters[0] if letters else None


def goes_at_once(move: Move) -> bool:
    """Say whether a letter goes out with the move; an answer waits until it is read over and sent."""
    return bool(move.letters) and move.end not in _WAITING


def facts_of_letter(
    tx: Read, before: Progress, after: Progress, told: Answers, done: Done, moment: Moment, access: AccessReply | None
) -> LetterFacts:
    """Return what is known for the letter of a move that leads from ``before`` to ``after``."""
    words = told.reason.strip() or None
    refusal = Decisions(tx).refusal(after.id)
    lifting = after.lift_on is not None
    upheld = RestrictionGround.OBJECTION_UPHELD if after.kind is RequestType.OBJECT else RestrictionGround.ASKED_FOR
    files, outside = RequestFiles(tx), told_of(tx, after.id, already=lifting)
    lists = () if before.person is None else files.lists_ended(before.person, moment.today)
    return LetterFacts(
        number=after.number,
        written_on=moment.today,
        kind=after.kind,
        linked=tuple(Together(number=it.number, kind=RequestType(it.kind)) for it in files.linked(after.id)),
        received_on=receive_day(after.received),
        hard_due=after.hard_due,
        first_due=after.first_due,
        registers=before.state is RequestState.RECEIVED,
        proof_came_along=after.proof_came_along,
        proof_seen=after.proof_kind is not None,
        stands_still=after.stands_still,
        resumes=_resumes(after, moment.today),
        doubt=words,
        faults=told.faults,
        fault_words=words,
        too_much=_too_much(files, after),
        proof_gone=_proof_gone(tx, before, after),
        copy_since=after.copy_since,
        extension=told.extension,
        extension_words=words,
        extended_to=after.hard_due if after.extended_on is not None else None,
        access=access,
        effective_on=_day_of(Holds(tx).restricted_since(after.id) if lifting else after.carried_out_at),
        lists=lists if after.kind is RequestType.OBJECT_MKT else None,
        fields=done.fields,
        left_as_is=_left_as_is(files, after, done),
        erased=done.erased,
        kept=done.kept,
        kept_before=done.kept_before,
        firm_stays=done.firm_stays,
        outside=outside_of(tx, after.id) if done.gone else (),
        backups_until=done.backups_until,
        # Of an objection that is not upheld nobody outside is told, though he may have been given the data.
        told=(outside.told or None) if lifting else outside.told,
        exempt=() if lifting else outside.exempt,
        refusal=None if refusal is None else refusal.ground,
        refusal_facts=None if refusal is None else refusal.facts,
        refusal_law=None if refusal is None else refusal.law,
        restriction=RestrictionStep.LIFTING if lifting else RestrictionStep.SET if done.restricted else None,
        restriction_reason=_why_lifted(tx, after) if lifting else upheld,
        restriction_words=words,
        restricted=_restricted_by(tx, after.id) if lifting else done.restricted,
        lifted_on=after.lift_on,
        unproven=Unproven.OTHER_PERSON if before.identity is Identity.FAILED else Unproven.LATE,
        on_file=before.person is not None,
        withdrawn_on=told.day or moment.today,
    )


def _too_much(files: RequestFiles, after: Progress) -> bool:
    """Say whether more was sent than may be looked at with the proof that showed who asks: the last one alone did."""
    showing = {each.name for each in moves() if each.becomes is Identity.VERIFIED}
    shown = [made for made in files.history(after.id) if made.name in showing]
    return bool(shown) and shown[-1].name in VERIFIES and ProofFault.SURPLUS in shown[-1].reason.split(", ")


def _left_as_is(files: RequestFiles, after: Progress, done: Done) -> tuple[str, ...]:
    """Return the fields that were contested and that privacy let stand, by their columns, but for those corrected."""
    if after.kind is not RequestType.RECTIFY:
        return ()
    named = (made.reason.partition(": ")[0] for made in files.history(after.id) if made.name == LETS_STAND)
    return tuple(each for each in dict.fromkeys(named) if each not in done.fields)


def _proof_gone(tx: Read, before: Progress, after: Progress) -> bool | None:
    """Return whether the copy of the proof is confirmed to be deleted; None where none came.

    Where the proof of another request counted here, that is the copy.
    """
    if after.copy_there or after.copy_deleted_on is not None:
        return not after.copy_there
    return None if before.proven_under is None else LinkedProofs(tx).copy_gone(before.proven_under)


def _restricted_by(tx: Read, request_id: int) -> tuple[Counted, ...]:
    """Return what is used again once it is lifted."""
    return counted(Counter(table for table, _ in Holds(tx).restricted_alone_by(request_id)))


def _why_lifted(tx: Read, after: Progress) -> RestrictionGround | None:
    """Return why a restriction is lifted, where the desk knows it; else the officer's words say so alone."""
    if after.kind is RequestType.OBJECT:
        return _why_no_objection(tx, after)
    settled = RequestProgresses(tx).restriction(after.id).settled
    return RestrictionGround.ACCURACY_SETTLED if settled else None


def _why_no_objection(tx: Read, after: Progress) -> RestrictionGround | None:
    """Return how the weighing of an objection ended, or why there was none; of a closed file the desk may not know."""
    if after.state is RequestState.WITHDRAWN:
        return RestrictionGround.OBJECTION_WITHDRAWN
    if after.identity in _UNPROVEN:
        return RestrictionGround.NOT_IDENTIFIED
    weighed = after.carried_out_at is not None or Decisions(tx).refusal(after.id) is not None
    return RestrictionGround.OBJECTION_DECIDED if weighed else None


def _resumes(after: Progress, today: dt.date) -> bool:
    """Say whether proof that comes once the request has lapsed, as it may today, takes it up again."""
    late = move(_LATE)
    lapsed = replace(after, state=RequestState.LAPSED, ended_on=today)
    refused = after.state in ANSWERED and after.state is not RequestState.LAPSED
    facts = facts_of(lapsed, Work(decided={}), today=today)
    return not refused and late.fits(after.kind, lapsed.state, after.identity) and why_closed(late, facts) is None


def _day_of(milliseconds: int | None) -> dt.date | None:
    return None if milliseconds is None else day_in_brussels(milliseconds)
