"""Moving a data-subject request on: what is open to whom, and each move as one guarded update with its entry.

The table of moves (``request_moves.toml``) says what may be done; the screen and the command line offer what is said
here and nothing else. After a person's move the desk makes every move that is its own, each with an entry.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from staffdesk.data.customers.request_progress import RequestMoves, RequestProgresses
from staffdesk.data.deciding import Deciding
from staffdesk.data.log import Opened
from staffdesk.data.references import Reference
from staffdesk.data.transaction import Append, Change, Transaction
from staffdesk.domain.access import Access, Act, Relation, Role
from staffdesk.domain.errors import BadInput, Conflict, Denied, NotFound, SessionEnded
from staffdesk.domain.marketing import TaskState
from staffdesk.domain.request_board import whose_move
from staffdesk.domain.request_effects import Moment, after, check_answers
from staffdesk.domain.request_guards import offers, own_moves
from staffdesk.domain.request_moves import Move, move
from staffdesk.domain.request_progress import Progress, RequestStanding, Work, facts_of
from staffdesk.domain.request_work import Answers, Searched, place
from staffdesk.domain.requests import ANSWERED
from staffdesk.domain.screening import refuse_forbidden
from staffdesk.domain.text import optional_line
from staffdesk.services.clearance import Clearance, Wanted
from staffdesk.services.door import Door, Draft, Result
from staffdesk.services.request_numbers import REQUEST, known_request, no_request
from staffdesk.services.sessions import day_in_brussels, utc_ms

_LONGEST: Final = 300
_HIMSELF: Final = frozenset({Relation.SELF, Relation.DECLARED})


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move led to, and the moves that the desk made after it by itself."""

    progress: Progress
    made: tuple[str, ...]


class Workflow:
    """Offers the moves of requests and makes them."""

    def __init__(self, door: Door, *, clock: Callable[[], int] = utc_ms) -> None:
        """Write through ``door``; ``clock`` gives UTC milliseconds."""
        self._door = door
        self._clock = clock

    def open_moves(self, access: Access, number: str) -> RequestStanding:
        """Return where a request stands and what may be done with it; raises :class:`NotFound`, :class:`Denied`."""
        known = known_request(self._door, access, number)
        draft = Draft(
            wanted=Wanted(act=Act.REQUEST_OPENED, record=(REQUEST, known.id)),
            obj=(known.aid,),
            kinds=(REQUEST, "moves"),
            n=1,
        )

        def read(tx: Append, cleared: Clearance) -> tuple[RequestStanding, Result]:
            found = stands(tx, cleared, known, self._today())
            if not found.offers and cleared.role is not Role.PRIVACY and known.made_by != _actor(cleared):
                raise Denied("A colleague received this request, and nothing of it is yours to decide.", "Ask privacy.")
            return found, Result(act=Act.REQUEST_OPENED, obj=(known.aid,), kinds=(REQUEST, "moves"), n=1)

        return self._door.act(access, draft, read, intent=False)

    def make(self, access: Access, number: str, name: str, answers: Answers | None = None) -> Moved:
        """Make one move, and then those the desk makes by itself.

        Raises :class:`BadInput` (no such move, or it was not told what it asks), :class:`Conflict` (it is closed, or
        somebody else has moved the request), :class:`NotFound`, :class:`Denied`, :class:`MustNotBeHeld`.
        """
        known = known_request(self._door, access, number)
        told = answers or Answers()
        wanted = _move(name)
        progress, following = self._made(access, known, wanted, told)
        made = []
        while following is not None:
            made.append(following.name)
            progress, following = self._made(access, known, following, Answers())
        return Moved(progress, tuple(made))

    def checked(self, access: Access, number: str, found: Mapping[str, Searched], evidence: str = "") -> int:
        """Note what was found in places outside the desk, and return how many; a later note replaces an earlier one.

        Raises :class:`BadInput` for no place of the list, :class:`Conflict` for a request that is answered.
        """
        known = known_request(self._door, access, number)
        told = optional_line(evidence, _LONGEST) or ""
        refuse_forbidden(told)
        searched = {place(code).code: outcome for code, outcome in found.items()}
        kinds = (REQUEST, "searched", *sorted(searched))

        def write(tx: Change, cleared: Clearance) -> tuple[int, Result]:
            moves, actor = RequestMoves(tx), _actor(cleared)
            moves.hold(known.id)
            progress, _ = _read(RequestProgresses(tx), known.id)
            if progress.state in ANSWERED:
                raise Conflict("This request is answered.", "Open it again.")
            for code, outcome in searched.items():
                moves.check(known.id, code, outcome, told, actor, self._clock())
            n = len(searched)
            return n, Result(act=Act.REQUEST_MOVED, obj=(known.aid,), kinds=kinds, n=n)

        return self._door.change(access, _draft(known, kinds), write)

    def told(self, access: Access, number: str, recipient: str, state: TaskState, reason: str = "") -> Moved:
        """Note that a recipient outside the house was told, confirmed it, or need not be and why (GDPR Art. 19).

        Raises :class:`BadInput` where an exemption has no reason, :class:`NotFound` for no such recipient,
        :class:`Conflict` where it stands already.
        """
        known = known_request(self._door, access, number)
        why = optional_line(reason, _LONGEST) or ""
        refuse_forbidden(why)
        if state is TaskState.EXEMPT and not why:
            raise BadInput("Why need he not be told?", "Say why it is impossible or would be disproportionate.")
        kinds = (REQUEST, "told", state.value)

        def write(tx: Change, _cleared: Clearance) -> tuple[Progress, Result]:
            moves, progresses = RequestMoves(tx), RequestProgresses(tx)
            moves.hold(known.id)
            if moves.told(known.id, recipient, state, why, self._clock()) != 1:
                raise NotFound("Nobody of this name is to be told, or it stands so already.", "Open the request again.")
            progress, _ = _read(progresses, known.id)
            return progress, Result(act=Act.REQUEST_MOVED, obj=(known.aid,), kinds=kinds, n=1)

        progress = self._door.change(access, _draft(known, kinds), write)
        return self._go_on(access, known, progress)

    def _go_on(self, access: Access, known: Reference, progress: Progress) -> Moved:
        """Make the moves that are the desk's own, one after another."""
        made: list[str] = []
        following = self._door.peek(access, lambda tx: self._own(tx, known.id))
        while following is not None:
            made.append(following.name)
            progress, following = self._made(access, known, following, Answers())
        return Moved(progress, tuple(made))

    def _own(self, tx: Append, request_id: int) -> Move | None:
        progress, work = _read(RequestProgresses(tx), request_id)
        return next(own_moves(facts_of(progress, work, today=self._today())), None)

    def _made(self, access: Access, known: Reference, wanted: Move, told: Answers) -> tuple[Progress, Move | None]:
        """Make one move; return where the request stands then and the desk's own move that is open there."""
        kinds = (REQUEST, wanted.name)
        act = Act.REQUEST_APPROVED if Role.APPROVER in wanted.by else Act.REQUEST_MOVED

        def write(tx: Change, cleared: Clearance) -> tuple[tuple[Progress, Move | None], Result]:
            moves, progresses = RequestMoves(tx), RequestProgresses(tx)
            moves.hold(known.id)
            before, work = _read(progresses, known.id)
            moment = Moment(now=self._clock(), today=self._today(), actor=_actor(cleared), digest=work.digest)
            _check_open(wanted, before, work, cleared, told, moment)
            check_answers(wanted, told, before, moment.today)
            moved = after(before, wanted, told, moment)
            by = self._deciding(cleared, wanted, moment)
            if moves.move(before, moved, by) != 1:
                raise _overtaken()
            staff_id = moment.actor if wanted.by else None
            moves.record(moved, before.turn + 1, wanted.name, staff_id, told.reason.strip(), moment.now)
            now, work = _read(progresses, known.id)
            following = next(own_moves(facts_of(now, work, today=moment.today)), None)
            reason = (Opened("reason.move", told.reason.strip()),) if told.reason.strip() else ()
            kept = (REQUEST, now.kind.value, wanted.name, now.state.value)
            done = Result(act=act, obj=(known.aid,), kinds=kept, n=1, openings=reason)
            return (now, following), done

        return self._door.change(access, _draft(known, kinds, act), write)

    def _deciding(self, cleared: Clearance, wanted: Move, moment: Moment) -> Deciding | None:
        actor = cleared.actor
        if actor is None or not wanted.by:
            return None
        role = next(each for each in actor.roles if each in wanted.by)
        return Deciding(actor.staff_id, actor.sid, role, moment.now, moment.today)

    def _today(self) -> dt.date:
        return day_in_brussels(self._clock())


def stands(tx: Transaction, cleared: Clearance, known: Reference, today: dt.date) -> RequestStanding:
    """Return where a request stands and which moves this employee sees; raises :class:`NotFound`."""
    progress, work = _read(RequestProgresses(tx), known.id)
    facts = facts_of(progress, work, today=today, actor=_actor(cleared), himself=_himself(cleared))
    return RequestStanding(progress, work, tuple(offers(facts, _roles(cleared))))


def waits_for(tx: Transaction, known: Reference) -> frozenset[Role]:
    """Return whose move a request waits for; they may open it though a colleague received it."""
    progress, _ = _read(RequestProgresses(tx), known.id)
    return whose_move(progress.kind, progress.state, progress.identity)


def _read(progresses: RequestProgresses, request_id: int) -> tuple[Progress, Work]:
    progress = progresses.of(request_id)
    if progress is None:
        raise no_request()
    return progress, progresses.work(request_id)


def _check_open(wanted: Move, before: Progress, work: Work, cleared: Clearance, told: Answers, moment: Moment) -> None:
    """Raise :class:`Conflict` with the reason for which a move is closed."""
    facts = facts_of(
        before, work, today=moment.today, actor=moment.actor or "", himself=_himself(cleared), reason=told.reason
    )
    if not wanted.by:
        if wanted not in own_moves(facts):
            raise _overtaken()
        return
    offer = next((each for each in offers(facts, _roles(cleared)) if each.move.name == wanted.name), None)
    if offer is None:
        open_ones = ", ".join(each.move.name for each in offers(facts, _roles(cleared)) if each.closed is None)
        raise Conflict(
            f"A request that is {before.state.value} does not go on by {wanted.name} for you.",
            f"Open: {open_ones}." if open_ones else "It is somebody else's move.",
        )
    if offer.closed is not None:
        raise Conflict(offer.closed, "staffdesk requests show tells where it stands.")


def _move(name: str) -> Move:
    try:
        return move(name)
    except KeyError:
        raise BadInput("There is no such move.", "staffdesk requests states lists them all.") from None


def _draft(known: Reference, kinds: tuple[str, ...], act: Act = Act.REQUEST_MOVED) -> Draft:
    return Draft(wanted=Wanted(act=act, record=(REQUEST, known.id)), obj=(known.aid,), kinds=kinds, n=1)


def _actor(cleared: Clearance) -> str:
    if cleared.actor is None:
        raise SessionEnded("You are not signed in.", "Sign in again.")
    return cleared.actor.staff_id


def _roles(cleared: Clearance) -> frozenset[Role]:
    return frozenset() if cleared.actor is None else frozenset(cleared.actor.roles)


def _himself(cleared: Clearance) -> bool:
    return bool(_HIMSELF & set(cleared.rel))


def _overtaken() -> Conflict:
    return Conflict("Somebody else has moved this request.", "Open it again.")
