"""Where a request stands and what may be done with it, as one employee sees it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from staffdesk.data.customers.contested import ContestedFields
from staffdesk.data.customers.held import Holds
from staffdesk.data.customers.held_besides import Besides
from staffdesk.data.customers.left_behind import LeftBehind
from staffdesk.data.customers.linked_proofs import LinkedProofs
from staffdesk.data.customers.request_files import RequestFiles
from staffdesk.data.customers.request_people import LikelyPeople
from staffdesk.data.customers.request_progress import RequestProgresses
from staffdesk.data.deciding import Deciding
from staffdesk.data.local_settings import LocalSettings
from staffdesk.data.references import Reference
from staffdesk.data.transaction import Read, Transaction
from staffdesk.domain.access import HIMSELF, Act, Role
from staffdesk.domain.errors import BadInput, Conflict, Denied, SessionEnded
from staffdesk.domain.marketing import TaskState
from staffdesk.domain.request_board import whose_move
from staffdesk.domain.request_effects import Moment
from staffdesk.domain.request_guards import Offer, offers, own_moves, worth_saying
from staffdesk.domain.request_moves import LETS_STAND, VERIFIES, Guard, Identity, Move, move, moves
from staffdesk.domain.request_progress import Progress, RequestStanding, Work, facts_of
from staffdesk.domain.request_words import STATES
from staffdesk.domain.request_work import Answers, Ask
from staffdesk.domain.requests import FrontOfCard, RequestState, RequestType, days_late
from staffdesk.services.carrying_out import digest
from staffdesk.services.clearance import Clearance, Wanted
from staffdesk.services.door import Draft
from staffdesk.services.offer_notes import noted
from staffdesk.services.request_numbers import REQUEST, no_request

ERASES: Final = "erase"
BUILDS_AGAIN: Final = "build_again"
PACKAGES: Final = frozenset({"hand_over", BUILDS_AGAIN})
"""Moves that need more than the rest: a ledger and time, a package."""
CONFIRMED: Final = "confirmed by password"
"""What the entry of a move says whose maker gave his password again."""
_SUBMITS: Final = "submit"
_LATE: Final = "late"
_BREACH: Final = {True: "a breach", False: "no breach"}


def stands(tx: Read, cleared: Clearance, known: Reference, today: dt.date) -> RequestStanding:
    """Return where a request stands and which moves this employee sees; raises :class:`NotFound`."""
    progress, work = read(tx, known.id)
    work = _looked_into(tx, progress, work, moves())

    def offered(work: Work) -> tuple[Offer, ...]:
        facts = facts_of(progress, work, today=today, actor=actor_of(cleared), himself=himself(cleared))
        return tuple(offers(facts, roles_of(cleared)))

    found = offered(work)
    if any(Guard.UNCHANGED in each.move.guards and each.closed is None for each in found):
        work = replace(work, digest=digest(tx, progress, today))
        found = offered(work)
    shown = tuple(noted(tx, progress, work, each) for each in found if worth_saying(each))
    return RequestStanding(progress, work, shown)


def waits_for(tx: Transaction, known: Reference) -> frozenset[Role]:
    """Return who may open a request though a colleague received it: an approver, the one that waits for him."""
    progress, _ = read(tx, known.id)
    return approves_now(progress)


def approves_now(progress: Progress) -> frozenset[Role]:
    """Return the role of a second person where a request waits for one; nobody's otherwise."""
    return whose_move(progress.kind, progress.state, progress.identity) & {Role.APPROVER}


def works_on(cleared: Clearance, progress: Progress) -> bool:
    """Say whether this access reads how a request is worked on: privacy's, and an approver's while it waits for him."""
    return cleared.role is Role.PRIVACY or cleared.role in approves_now(progress)


def as_receipt(found: RequestStanding) -> RequestStanding:
    """Return of a standing what its receiver is told who does not work on it: number, type, dates and state.

    Which moves are open is told where he stops somebody's mail, as that is his to do.
    """
    progress = replace(
        found.progress,
        identity=Identity.NONE,
        language=None, doubted=False, asked_on=None, waits_from=None, paused_days=None, proof_on=None, proof_kind=None,
        copy_since=None, copy_deleted_on=None, verified_by=None, decided_by=None, submitted_on=None,
        submitted_digest=None, approved_by=None, complaint_on=None, lift_on=None, claimed_by=None, claimed_at=None,
    )  # fmt: skip
    return RequestStanding(progress, Work(decided={}), found.offers if stops_mail(progress.kind) else ())


def stops_mail(kind: str) -> bool:
    """Say whether whoever receives a request of this type carries it out himself."""
    return kind == RequestType.OBJECT_MKT


def proof_fell(tx: Read, progress: Progress) -> bool:
    """Say whether the proof by which who asks is known here was found to be another's, under whichever request."""
    proven = progress.identity is Identity.VERIFIED
    return proven and LinkedProofs(tx).fell(progress.proven_under or progress.number)


def read(tx: Transaction, request_id: int) -> tuple[Progress, Work]:
    """Return where a request stands and what was done about it; raises :class:`NotFound`."""
    progresses = RequestProgresses(tx)
    progress = progresses.of(request_id)
    if progress is None:
        raise no_request()
    front = LocalSettings(tx).front_of_card().value
    return progress, replace(progresses.work(request_id), card_mandatory=front is FrontOfCard.MANDATORY)


def read_for(tx: Read, request_id: int, move: Move, today: dt.date) -> tuple[Progress, Work]:
    """As :func:`read`, with what the move asks besides: what was decided, who may be the same, what is held."""
    progress, work = read(tx, request_id)
    work = _looked_into(tx, progress, work, (move,))
    if Guard.UNCHANGED in move.guards or move.name == _SUBMITS:
        work = replace(work, digest=digest(tx, progress, today))
    return progress, work


def _looked_into(tx: Read, progress: Progress, work: Work, asking: Iterable[Move]) -> Work:
    """Add what the open door alone tells, where one of these moves asks for it from where the request stands."""
    fitting = (each for each in asking if each.fits(progress.kind, progress.state, progress.identity))
    guards = {guard for each in fitting for guard in each.guards}
    people = () if progress.person is None else (progress.person, *work.same)
    if Guard.CAME_WITH in guards:
        work = replace(work, linked=LinkedProofs(tx).of(progress.id))
    if Guard.OTHER_VERIFIED in guards and progress.proven_under is not None:
        work = replace(work, checkers=LinkedProofs(tx).checked_by(progress.id, progress.proven_under))
    if Guard.PROOF_STANDS in guards:
        work = replace(work, proof_fell=proof_fell(tx, progress))
    if guards & {Guard.FREES, Guard.LIFT_TOLD} and work.restriction.stands:
        work = replace(work, restricted_elsewhere=not Holds(tx).restricted_alone_by(progress.id))
    if Guard.NAMED_LATER in guards and people:
        work = replace(work, named_later=RequestFiles(tx).named_later(progress.id))
    if Guard.CONTESTED in guards:
        work = replace(work, contested=not all(ContestedFields(tx).of_request(progress.number).values()))
    if guards & {Guard.NONE_LEFT, Guard.LEFT}:
        work = replace(work, left=LeftBehind(tx).of(progress.id, people))
    if Guard.ANSWERED in guards or (Guard.UNNAMED in guards and not people):
        work = replace(work, unanswered=len(LikelyPeople(tx).unanswered(progress.id, people)))
    if Guard.NOTHING in guards and people:
        work = replace(work, held=Besides(tx).anything(people, progress.id))
    return work


def next_of(tx: Transaction, request_id: int, cleared: Clearance, today: dt.date) -> tuple[Progress, Move | None]:
    """Return where a request stands, and the move that the desk makes next for who acts."""
    progress, work = read(tx, request_id)
    roles = roles_of(cleared)
    facts = facts_of(progress, work, today=today, actor=actor_of(cleared), himself=himself(cleared))
    at_once = (each.move for each in offers(facts, roles) if each.move.at_once and each.closed is None)
    own = own_moves(facts) if Role.PRIVACY in roles else iter(())
    return progress, next(own, None) or next(at_once, None)


def check_open(move: Move, before: Progress, work: Work, cleared: Clearance, told: Answers, moment: Moment) -> None:
    """Raise :class:`Conflict` with the reason for which a move is closed; of a colleague's receipt nothing is told."""
    privacy = Role.PRIVACY in roles_of(cleared)
    if not (privacy or before.received_by == actor_of(cleared) or roles_of(cleared) & approves_now(before)):
        raise Conflict("This request does not wait for you.", "Ask privacy where it stands.")
    facts = facts_of(
        before, work, today=moment.today, actor=moment.actor or "", himself=himself(cleared), reason=told.reason
    )
    if not move.by:
        if move not in own_moves(facts):
            raise overtaken()
        return
    roles = roles_of(cleared)
    offer = next((each for each in offers(facts, roles) if each.move.name == move.name), None)
    if offer is None:
        raise not_here(move, before.state, [each.move for each in offers(facts, roles) if each.closed is None])
    if offer.closed is not None:
        raise Conflict(offer.closed, "staffdesk requests moves tells what is open.")


def actor_of(cleared: Clearance) -> str:
    """Return who acts; raises :class:`SessionEnded` where nobody does."""
    if cleared.actor is None:
        raise SessionEnded("You are not signed in.", "Sign in again.")
    return cleared.actor.staff_id


def roles_of(cleared: Clearance) -> frozenset[Role]:
    """Return the roles of who acts."""
    return frozenset() if cleared.actor is None else frozenset(cleared.actor.roles)


def himself(cleared: Clearance) -> bool:
    """Say whether the request is about who acts, or about somebody he declared to be close to."""
    return bool(HIMSELF & set(cleared.rel))


def check_officer(cleared: Clearance) -> None:
    """Raise :class:`Denied` for whoever is not at work as privacy, and for a request about himself."""
    if cleared.role is not Role.PRIVACY:
        raise Denied("Privacy works on requests.", "Ask a colleague who holds that role.")
    if himself(cleared):
        raise Denied("Nobody works on a request about himself.", "Ask a colleague who holds that role.")


def check_telling(tx: Read, request_id: int, state: TaskState) -> None:
    """Raise :class:`Conflict` for a recipient set back to open once all were told: the answer says that they were."""
    if state is TaskState.OPEN and read(tx, request_id)[0].state is not RequestState.NOTIFYING:
        raise Conflict("Everybody was told, and the answer says so.", "Open the request again.")


def not_here(move: Move, state: RequestState, open_ones: Sequence[Move]) -> Conflict:
    """Return what is said of a move that does not lead on from where a request stands, for who asks."""
    titles = ", ".join(each.title for each in open_ones)
    return Conflict(
        f"{move.title} is not open to you where the request stands: {STATES[state]}.",
        f"Open: {titles} (staffdesk requests moves)." if titles else "It is somebody else's move.",
    )


def overtaken() -> Conflict:
    """Return what is said where somebody else was faster."""
    return Conflict("Somebody else has moved this request.", "Open it again.")


def deciding(cleared: Clearance, wanted: Move, moment: Moment) -> Deciding | None:
    """Return who makes a move, for the statement that writes it; None where the desk does."""
    actor = cleared.actor
    if actor is None or not wanted.by:
        return None
    role = next(each for each in roles_of(cleared) if each in wanted.by)
    return Deciding(actor.staff_id, actor.sid, role, moment.now, moment.today)


def told_kinds(wanted: Move, told: Answers, *, confirmed: bool) -> tuple[str, ...]:
    """Return what of the answers to a move its entry says: the kind of a document, whether it is masked, a ground.

    And that it was ``confirmed``, where it was.
    """
    said = {
        Ask.DOCUMENT: told.document,
        Ask.METHOD: told.method,
        Ask.MASKED: "masked" if told.masked else "not masked",
        Ask.COPY_DELETED: "copy deleted" if told.copy_deleted else "",
        Ask.EXTENSION: told.extension.value if told.extension else "",
        Ask.BREACH: _BREACH[bool(told.breach)],
        Ask.GROUND: told.ground.value if told.ground else "",
    }
    if Ask.FAULT in wanted.asks and told.faults:
        said[Ask.FAULT] = " ".join(told.faults)
    words = tuple(word for ask, word in said.items() if ask in wanted.asks and word)
    return (*words, CONFIRMED) if confirmed else words


def late_kinds(before: Progress, moved: Progress) -> tuple[str, ...]:
    """Return what the entry of the move says that ends a request after its due date."""
    return (_LATE,) if before.ended_on is None and days_late(moved.hard_due, moved.ended_on) else ()


def reason_of(wanted: Move, told: Answers, fields: tuple[str, ...]) -> str:
    """Return the reason as it is kept with a move: after the name of a field that stays, or whether it is a breach.

    Of a proof that shows who asks it is what was too much of it.
    """
    reason = told.reason.strip()
    if wanted.name in VERIFIES:
        return ", ".join(each.value.replace("_", " ") for each in told.faults)
    if Ask.BREACH in wanted.asks:
        return f"{_BREACH[bool(told.breach)]}: {reason}"
    return f"{fields[0]}: {reason}" if wanted.name == LETS_STAND and fields else reason


def act_of(wanted: Move) -> Act:
    """Return the act a move is in the log."""
    return Act.REQUEST_APPROVED if Role.APPROVER in wanted.by else Act.REQUEST_MOVED


def move_named(name: str) -> Move:
    """Return the move of this name; raises :class:`BadInput` for none."""
    try:
        return move(name)
    except KeyError:
        raise BadInput("There is no such move.", "staffdesk requests states lists them all.") from None


def draft_of(
    known: Reference,
    kinds: tuple[str, ...],
    act: Act = Act.REQUEST_MOVED,
    *,
    waits_for: frozenset[Role] = frozenset(),
) -> Draft:
    """Return the entry of what is done to a request; whoever holds a role it ``waits_for`` does it in that one."""
    wanted = Wanted(act=act, record=(REQUEST, known.id), waits_for=waits_for)
    return Draft(wanted=wanted, obj=(known.aid,), kinds=kinds, n=1)
