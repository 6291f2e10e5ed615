"""Moving a data-subject request on: each move as one guarded update with its entry, its work and its letter.

The table of moves (``request_moves.toml``) says what may be done; the screen and the command line offer what is said
there and nothing else. After a person's move the desk makes every move that is its own, each with an entry.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from staffdesk.data.customers.request_progress import RequestMoves
from staffdesk.data.deadline import Deadline
from staffdesk.data.deciding import Deciding
from staffdesk.data.log import Opened
from staffdesk.data.references import Reference
from staffdesk.data.ticket import Ticket
from staffdesk.data.transaction import Append, Change, Read
from staffdesk.domain.access import Access, Act, Outcome, Role
from staffdesk.domain.errors import BadInput, Conflict, Denied, NotFound
from staffdesk.domain.marketing import TaskState
from staffdesk.domain.request_effects import Moment, after, check_answers
from staffdesk.domain.request_guards import offers, own_moves
from staffdesk.domain.request_moves import Move, move
from staffdesk.domain.request_progress import Progress, RequestStanding, facts_of
from staffdesk.domain.request_work import Answers, Searched, Way, place
from staffdesk.domain.requests import ANSWERED
from staffdesk.domain.screening import refuse_forbidden
from staffdesk.domain.text import optional_line
from staffdesk.services.carrying_out import Making, carry_out
from staffdesk.services.clearance import Clearance, Wanted
from staffdesk.services.door import Door, Draft, Result, event_of
from staffdesk.services.erasure.ledger import Ledger
from staffdesk.services.letters import AccessReply
from staffdesk.services.post import Sent
from staffdesk.services.request_answers import goes_at_once
from staffdesk.services.request_letters import Delivery, Drafted, Written, keep_letter, language_for, letter_for
from staffdesk.services.request_numbers import REQUEST, known_request
from staffdesk.services.request_packages import RequestPackages
from staffdesk.services.request_standing import (
    actor_of,
    check_open,
    himself,
    overtaken,
    read,
    read_for,
    roles_of,
    stands,
)
from staffdesk.services.sessions import day_in_brussels, utc_ms

_LONGEST: Final = 300
_ERASES, _HANDS_OVER, _STOPS = "erase", "hand_over", "stop_marketing"
_SECONDS_TO_ERASE: Final = 60


@dataclass(frozen=True, slots=True, repr=False)
class Moved:
    """What a move led to, and the moves that the desk made after it by itself.

    ``sent`` is how its letter went out where one did; ``passphrase`` opens the package that was made, and is told once.
    """

    progress: Progress
    made: tuple[str, ...] = ()
    sent: Sent | None = None
    passphrase: str = ""

    def __repr__(self) -> str:
        return f"<Moved {self.progress.number} to {self.progress.state}>"


@dataclass(frozen=True, slots=True)
class _With:
    """What a move takes along: the letter that went out before it, and the package that answers."""

    drafted: Drafted | None = None
    sent: Sent | None = None
    access: AccessReply | None = None


class Workflow:
    """Offers the moves of requests and makes them."""

    def __init__(
        self,
        door: Door,
        policy: str,
        delivery: Delivery,
        packages: RequestPackages,
        ledger: Callable[[], Ledger],
        *,
        clock: Callable[[], int] = utc_ms,
    ) -> None:
        """Write through ``door``; ``ledger`` gives the ledger of erasures, ``clock`` UTC milliseconds."""
        self._door = door
        self._policy = policy
        self._delivery = delivery
        self._packages = packages
        self._ledger = ledger
        self._clock = clock

    def open_moves(self, access: Access, number: str) -> RequestStanding:
        """Return where a request stands and what may be done with it; raises :class:`NotFound`, :class:`Denied`."""
        known = known_request(self._door, access, number)
        kinds = (REQUEST, "moves")

        def look(tx: Append, cleared: Clearance) -> tuple[RequestStanding, Result]:
            found = stands(tx, cleared, known, self._today())
            if not found.offers and cleared.role is not Role.PRIVACY and known.made_by != actor_of(cleared):
                raise Denied("A colleague received this request, and nothing of it is yours to decide.", "Ask privacy.")
            return found, Result(act=Act.REQUEST_OPENED, obj=(known.aid,), kinds=kinds, n=1)

        return self._door.act(access, _draft(known, kinds, Act.REQUEST_OPENED), look, intent=False)

    def draft(self, access: Access, number: str, name: str, answers: Answers | None = None) -> Drafted | None:
        """Return the letter that goes out with a move, to be shown before it is made; None where none does.

        Raises :class:`BadInput`, :class:`Conflict` as :meth:`make` does, before anything is sent.
        """
        known, wanted, told = known_request(self._door, access, number), _move(name), answers or Answers()

        def look(tx: Read, cleared: Clearance, _ticket: Ticket) -> Drafted | None:
            moment = self._moment(cleared)
            before, work = read_for(tx, known.id, wanted, moment.today)
            check_open(wanted, before, work, cleared, told, moment)
            check_answers(wanted, told, before, moment.today)
            moved = after(before, wanted, told, moment)
            return letter_for(tx, Written(before, moved, wanted, told, moment)) if goes_at_once(moved) else None

        return self._door.look(access, _draft(known, (REQUEST, "letter", wanted.name), Act.REQUEST_OPENED), look)

    def make(
        self, access: Access, number: str, name: str, answers: Answers | None = None, way: Way | None = None
    ) -> Moved:
        """Make one move, and then those the desk makes by itself.

        A letter that goes with it is sent first: by mail where that can be, else saved to be sent by hand, or as
        ``way`` asks. Raises :class:`BadInput` (no such move, or it was not told what it asks), :class:`Conflict` (it is
        closed, or somebody else has moved the request), :class:`NotSent`, :class:`NotFound`, :class:`Denied`,
        :class:`MustNotBeHeld`.
        """
        known, wanted, told = known_request(self._door, access, number), _move(name), answers or Answers()
        if wanted.name == _STOPS:
            raise BadInput("Mail is stopped from the customer's record.", "u there, or requests stop-marketing.")
        drafted = self.draft(access, number, name, told) if _may_write_at_once(wanted) else None
        sent = None if drafted is None else self._delivery.deliver(drafted, way)
        try:
            progress, following, secret = self._made(access, known, wanted, told, _With(drafted, sent))
        except Conflict as error:
            if drafted is None:
                raise
            self._keep(access, known, drafted, sent)
            raise Conflict(f"{error.sentence} The letter had gone out by then.", error.hint) from error
        moved = self._go_on(access, known, progress, following, told.leave)
        return replace(moved, sent=sent, passphrase=moved.passphrase or secret)

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
            moves, actor = RequestMoves(tx), actor_of(cleared)
            moves.hold(known.id)
            progress, _ = read(tx, known.id)
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

        def write(tx: Change, cleared: Clearance) -> tuple[tuple[Progress, Move | None], Result]:
            moves = RequestMoves(tx)
            moves.hold(known.id)
            if moves.told(known.id, recipient, state, why, self._clock()) != 1:
                raise NotFound("Nobody of this name is to be told, or it stands so already.", "Open the request again.")
            return self._where(tx, known.id, cleared), Result(act=Act.REQUEST_MOVED, obj=(known.aid,), kinds=kinds, n=1)

        return self._go_on(access, known, *self._door.change(access, _draft(known, kinds), write))

    def send(self, access: Access, number: str, way: Way | None = None, *, confirmed: bool = False) -> Moved:
        """Send the answer that waits, with its package where there is one, and let the desk complete the request.

        A package goes by plain mail only ``confirmed``. Raises :class:`NotFound` where nothing waits,
        :class:`Conflict` where it went out before, :class:`NotSent`, :class:`BadInput`.
        """
        known = known_request(self._door, access, number)
        waiting = self._packages.answer(access, known)
        sent = self._delivery.deliver(waiting.drafted, way, waiting.attachments, confirmed=confirmed)
        kinds = (REQUEST, "sent", waiting.drafted.kind.value, sent.way.value)

        def write(tx: Change, cleared: Clearance) -> tuple[tuple[Progress, Move | None], Result]:
            RequestMoves(tx).hold(known.id)
            waiting.note_sent(tx, sent)
            return self._where(tx, known.id, cleared), Result(act=Act.REQUEST_MOVED, obj=(known.aid,), kinds=kinds, n=1)

        where = self._door.change(access, _draft(known, kinds), write)
        self._packages.forget(number)
        return replace(self._go_on(access, known, *where), sent=sent)

    def _keep(self, access: Access, known: Reference, drafted: Drafted, sent: Sent | None) -> None:
        """Keep a letter that went out with a move that came to nothing."""
        kinds = (REQUEST, "sent", drafted.kind.value)

        def write(tx: Change, _cleared: Clearance) -> tuple[None, Result]:
            keep_letter(tx, drafted, self._clock(), sent)
            return None, Result(act=Act.REQUEST_MOVED, obj=(known.aid,), kinds=kinds, n=1)

        self._door.change(access, _draft(known, kinds), write)

    def _go_on(
        self, access: Access, known: Reference, progress: Progress, following: Move | None, leave: tuple[str, ...] = ()
    ) -> Moved:
        """Make the moves that are the desk's own, one after another."""
        made, passphrase = list[str](), ""
        while following is not None:
            made.append(following.name)
            told = Answers(leave=leave)
            progress, following, secret = self._made(access, known, following, told, _With())
            passphrase = secret or passphrase
        return Moved(progress, tuple(made), passphrase=passphrase)

    def _made(
        self, access: Access, known: Reference, wanted: Move, told: Answers, along: _With
    ) -> tuple[Progress, Move | None, str]:
        """Make one move, with its package where it hands one over, whose passphrase is the last of what is returned."""
        if wanted.name != _HANDS_OVER:
            return (*self._moved(access, known, wanted, told, along), "")
        answer = self._packages.make(access, known, told.leave)
        try:
            return (*self._moved(access, known, wanted, told, _With(access=answer.access)), answer.passphrase)
        except Conflict:
            self._packages.forget(answer.number)
            raise

    def _moved(
        self, access: Access, known: Reference, wanted: Move, told: Answers, along: _With
    ) -> tuple[Progress, Move | None]:
        """Make one move; return where the request stands then and the desk's own move that is open there."""
        kinds, act = (REQUEST, wanted.name), _act(wanted)
        erases = wanted.name == _ERASES
        ledger = self._ledger() if erases else None

        def write(tx: Change, cleared: Clearance) -> tuple[tuple[Progress, Move | None], Result]:
            moves, moment = RequestMoves(tx), self._moment(cleared)
            moves.hold(known.id)
            before, work = read_for(tx, known.id, wanted, moment.today)
            moment = replace(moment, digest=work.digest)
            check_open(wanted, before, work, cleared, told, moment)
            check_answers(wanted, told, before, moment.today)
            said = event_of(access, cleared, Result(act=act, kinds=kinds), Outcome.OK)
            made = Written(before, after(before, wanted, told, moment), wanted, told, moment, access=along.access)
            spoken = language_for(tx, before)  # of a person who may be gone when his letter is written
            done = carry_out(
                wanted,
                Making(tx=tx, before=before, told=told, moment=moment, said=said, policy=self._policy, ledger=ledger),
            )
            moved = replace(made.after, person=None) if done.gone else made.after
            if moves.move(before, moved, _deciding(cleared, wanted, moment)) != 1:
                raise overtaken()
            moves.record(
                moved,
                before.turn + 1,
                wanted.name,
                moment.actor if wanted.by else None,
                told.reason.strip(),
                moment.now,
            )
            drafted = along.drafted or letter_for(tx, replace(made, after=moved, done=done), spoken)
            keep_letter(tx, drafted, moment.now, along.sent)
            openings = (Opened("reason.move", told.reason.strip()),) if told.reason.strip() else ()
            kept = (REQUEST, moved.kind.value, wanted.name, moved.state.value)
            result = Result(act=act, obj=(known.aid,), kinds=kept, n=done.n, openings=(*openings, *done.openings))
            return self._where(tx, known.id, cleared), result

        longer = Deadline(_SECONDS_TO_ERASE) if erases else None
        return self._door.change(access, _draft(known, kinds, act), write, longer=longer)

    def _where(self, tx: Change, request_id: int, cleared: Clearance) -> tuple[Progress, Move | None]:
        """Return where a request stands, and the move that the desk makes next for who acts."""
        progress, work = read(tx, request_id)
        facts = facts_of(progress, work, today=self._today(), actor=actor_of(cleared), himself=himself(cleared))
        offered = (each.move for each in offers(facts, roles_of(cleared)) if each.move.at_once and each.closed is None)
        own = own_moves(facts) if Role.PRIVACY in roles_of(cleared) else iter(())
        return progress, next(own, None) or next(offered, None)

    def _moment(self, cleared: Clearance) -> Moment:
        return Moment(now=self._clock(), today=self._today(), actor=actor_of(cleared))

    def _today(self) -> dt.date:
        return day_in_brussels(self._clock())


def _deciding(cleared: Clearance, wanted: Move, moment: Moment) -> Deciding | None:
    actor = cleared.actor
    if actor is None or not wanted.by:
        return None
    role = next(each for each in roles_of(cleared) if each in wanted.by)
    return Deciding(actor.staff_id, actor.sid, role, moment.now, moment.today)


def _may_write_at_once(wanted: Move) -> bool:
    return bool(wanted.letters) and wanted.name not in {_ERASES, _HANDS_OVER, "correct", "restrict", "notified"}


def _act(wanted: Move) -> Act:
    return Act.REQUEST_APPROVED if Role.APPROVER in wanted.by else Act.REQUEST_MOVED


def _move(name: str) -> Move:
    try:
        return move(name)
    except KeyError:
        raise BadInput("There is no such move.", "staffdesk requests states lists them all.") from None


def _draft(known: Reference, kinds: tuple[str, ...], act: Act = Act.REQUEST_MOVED) -> Draft:
    return Draft(wanted=Wanted(act=act, record=(REQUEST, known.id)), obj=(known.aid,), kinds=kinds, n=1)
