"""Moving a data-subject request on: each move as one guarded update with its entry, its work and its letter.

The table of moves (``request_moves.toml``) says what may be done; the screen and the command line offer what is said
there and nothing else. After a person's move the desk makes every move that is its own, each with an entry.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Final

from staffdesk.data.customers.recipient_tasks import TellingRecipients
from staffdesk.data.customers.request_progress import RequestMoves
from staffdesk.data.references import Reference
from staffdesk.data.ticket import Ticket
from staffdesk.data.transaction import Change, Read
from staffdesk.domain.access import Access, Act
from staffdesk.domain.errors import BadInput, Conflict, Denied, NotFound, StaffdeskError
from staffdesk.domain.grounds import ExemptionGround
from staffdesk.domain.marketing import TaskState
from staffdesk.domain.request_effects import after, check_answers, cleaned
from staffdesk.domain.request_moves import FINDS_ANOTHER, Move
from staffdesk.domain.request_progress import Progress, RequestStanding, Work
from staffdesk.domain.request_work import Answers, Way
from staffdesk.domain.requests import RequestState
from staffdesk.domain.screening import FieldKind, refuse_forbidden
from staffdesk.domain.text import optional_line
from staffdesk.services import request_standing as standing
from staffdesk.services.clearance import Clearance
from staffdesk.services.confirming import Confirming
from staffdesk.services.door import Door, Draft, Result
from staffdesk.services.erasure.ledger import Ledger
from staffdesk.services.moved import Moved
from staffdesk.services.moving import Along, Moving
from staffdesk.services.post import Sent
from staffdesk.services.recipients import code_of
from staffdesk.services.request_answers import goes_at_once
from staffdesk.services.request_claims import Claims
from staffdesk.services.request_letters import (
    Delivery,
    Drafted,
    Written,
    gone_out,
    keep_letter,
    letter_for,
    retell,
)
from staffdesk.services.request_numbers import REQUEST, known_request
from staffdesk.services.request_packages import RequestPackages
from staffdesk.services.request_sending import check_sends
from staffdesk.services.sessions import utc_ms

_LONGEST: Final = 300
_STOPS: Final = "stop_marketing"
_SECONDS_TO_ERASE: Final = 60


class Workflow:
    """Offers the moves of requests and makes them."""

    def __init__(
        self,
        door: Door,
        policy: str,
        delivery: Delivery,
        packages: RequestPackages,
        ledger: Callable[[], Ledger],
        confirming: Confirming,
        *,
        clock: Callable[[], int] = utc_ms,
    ) -> None:
        """Write through ``door``; ``ledger`` gives the ledger of erasures, ``confirming`` asks for a password again."""
        self._door = door
        self._delivery = delivery
        self._packages = packages
        self._claims = Claims(door, clock=clock)
        self._moving = Moving(door, policy, packages, self._claims, ledger, clock)
        self._confirming = confirming
        self._clock = clock

    def open_moves(self, access: Access, number: str) -> RequestStanding:
        """Return where a request stands and what may be done with it; raises :class:`NotFound`, :class:`Denied`."""
        known = known_request(self._door, access, number)
        kinds = (REQUEST, "moves")

        def look(tx: Read, cleared: Clearance, _ticket: Ticket) -> RequestStanding:
            found = standing.stands(tx, cleared, known, self._moving.today())
            if standing.works_on(cleared, found.progress):
                return found
            if known.made_by != standing.actor_of(cleared):
                raise Denied("A colleague received this request, and nothing of it is yours to decide.", "Ask privacy.")
            return standing.as_receipt(found)

        return self._door.look(access, self._reading(access, known, kinds), look)

    def draft(self, access: Access, number: str, name: str, answers: Answers | None = None) -> Drafted | None:
        """Return the letter that goes out with a move, to be shown before it is made; None where none does.

        Raises :class:`BadInput`, :class:`Conflict` as :meth:`make` does, before anything is sent.
        """
        known, wanted = known_request(self._door, access, number), standing.move_named(name)
        told = cleaned(answers or Answers())

        def look(tx: Read, cleared: Clearance, _ticket: Ticket) -> Drafted | None:
            return self._drafted(tx, cleared, known, wanted, told)

        return self._door.look(access, self._reading(access, known, (REQUEST, "letter", wanted.name)), look)

    def _reading(self, access: Access, known: Reference, kinds: tuple[str, ...]) -> Draft:
        waits = self._door.peek(access, lambda tx: standing.waits_for(tx, known))
        return standing.draft_of(known, kinds, Act.REQUEST_OPENED, waits_for=waits)

    def _drafted(self, tx: Read, cleared: Clearance, known: Reference, wanted: Move, told: Answers) -> Drafted | None:
        moment = self._moving.moment(cleared)
        before, work = standing.read_for(tx, known.id, wanted, moment.today)
        standing.check_open(wanted, before, work, cleared, told, moment)
        check_answers(wanted, told, before, moment.today)
        moved = after(before, wanted, told, moment)
        return letter_for(tx, Written(before, moved, wanted, told, moment)) if goes_at_once(wanted) else None

    def make(
        self,
        access: Access,
        number: str,
        name: str,
        answers: Answers | None = None,
        way: Way | None = None,
        *,
        shown: Drafted | None = None,
        password: str = "",
    ) -> Moved:
        """Make one move, and then those the desk makes by itself.

        A letter that goes with it is sent first: by mail where that can be, else saved to be sent by hand, or as
        ``way`` asks; it must be the one that was ``shown``, where one was. Raises :class:`BadInput` (no such move, or
        it was not told what it asks, the ``password`` again too), :class:`SignInFailed` for a wrong one,
        :class:`Conflict` (it is closed, or somebody else has moved the request), :class:`NotSent`, :class:`NotFound`,
        :class:`Denied`, :class:`MustNotBeHeld`.
        """
        known, wanted = known_request(self._door, access, number), standing.move_named(name)
        told = cleaned(answers or Answers())
        if wanted.name == _STOPS:
            raise BadInput("Mail is stopped from the customer's record.", "u there, or requests stop-marketing.")
        if not wanted.by:
            raise BadInput("The desk makes this move by itself.", "staffdesk run-due does what is due.")
        confirmed = self._confirming.confirm(access, wanted, password)
        drafted = self._claimed(access, known, wanted, told, shown) if goes_at_once(wanted) else None
        if drafted is not None and wanted.end is RequestState.WITHDRAWN:
            self._packages.forget(drafted.number)  # its letter says that no copy of the data is left
        sent = None if drafted is None else self._sent(access, known, drafted, way, standing.act_of(wanted))
        try:
            along = Along(drafted, sent, confirmed=confirmed)
            progress, following, secret = self._moving.made(access, known, wanted, told, along)
        except StaffdeskError as error:
            if drafted is None:
                raise
            self._keep(access, known, drafted, sent, standing.act_of(wanted))
            raise gone_out(error) from error
        if wanted.name == FINDS_ANOTHER:
            self._packages.forget(number)  # nobody else is given what it holds
        moved = self._moving.go_on(access, known, progress, following, told.leave)
        return replace(moved, sent=sent, passphrase=moved.passphrase or secret)

    @property
    def moving(self) -> Moving:
        """What makes the desk's own moves, for whatever else may be the last thing one waits for."""
        return self._moving

    def told(
        self,
        access: Access,
        number: str,
        recipient: str,
        state: TaskState,
        reason: str = "",
        along: Callable[[Change], None] | None = None,
        *,
        ground: ExemptionGround | None = None,
    ) -> Moved:
        """Note that a recipient was told (a notice is kept ``along``), confirmed it, or need not be and why (Art. 19).

        Raises :class:`BadInput` where an exemption has no ground of the law or no reason, :class:`NotFound` for no such
        recipient, :class:`Conflict` where it stands already.
        """
        known = known_request(self._door, access, number)
        why = optional_line(reason, _LONGEST) or ""
        refuse_forbidden(why, FieldKind.NOTE)
        exempts = ground if state is TaskState.EXEMPT else None
        if state is TaskState.EXEMPT and (exempts is None or not why):
            raise BadInput(
                "Why need he not be told?", "Say whether it is impossible or takes a disproportionate effort, and why."
            )
        kinds = (REQUEST, "told", state.value, *(() if exempts is None else (exempts.value,)))

        def write(tx: Change, cleared: Clearance) -> tuple[tuple[Progress, Move | None], Result]:
            standing.check_officer(cleared)
            moves = RequestMoves(tx)
            moves.hold(known.id)
            standing.check_telling(tx, known.id, state)
            if along is not None:
                along(tx)
            code = code_of(tx, known.id, recipient)
            if TellingRecipients(tx).told(known.id, code, state, exempts, why, self._clock()) != 1 and along is None:
                raise NotFound("It stands so already.", "Open the request again.")
            retell(tx, known.id)
            return standing.next_of(tx, known.id, cleared, self._moving.today()), Result(
                act=Act.REQUEST_MOVED, obj=(known.aid,), kinds=kinds, n=1
            )

        return self._moving.go_on(access, known, *self._door.change(access, standing.draft_of(known, kinds), write))

    def answer(self, access: Access, number: str) -> Drafted:
        """Return the answer that waits to be sent, to be read over.

        Raises :class:`NotFound` where none does, :class:`Conflict` where :meth:`send` would.
        """
        return self._packages.answer(access, known_request(self._door, access, number)).drafted

    def way_of(self, drafted: Drafted) -> Way:
        """Return how a letter goes where nobody asks for another way."""
        return self._delivery.way_of(drafted)

    def send(self, access: Access, number: str, way: Way | None = None, *, confirmed: bool = False) -> Moved:
        """Send the answer that waits, with its package where there is one, and let the desk complete the request.

        A package goes by plain mail only ``confirmed``. Raises :class:`NotFound` where nothing waits,
        :class:`Conflict` where it went out before, :class:`NotSent`, :class:`BadInput`.
        """
        known = known_request(self._door, access, number)
        self._claims.take(access, known, "answer", Act.REQUEST_MOVED, _check_sends)
        try:
            waiting = self._packages.answer(access, known)
            sent = self._delivery.deliver(waiting.drafted, way, waiting.attachments, confirmed=confirmed)
        except StaffdeskError:
            self._claims.give_back(access, known, "answer", Act.REQUEST_MOVED)
            raise
        kinds = (REQUEST, "sent", waiting.drafted.kind.value, sent.way.value)

        def write(tx: Change, cleared: Clearance) -> tuple[tuple[Progress, Move | None], Result]:
            moves = RequestMoves(tx)
            moves.hold(known.id)
            waiting.note_sent(tx, sent)
            moves.claim(standing.read(tx, known.id)[0], None, None)
            return standing.next_of(tx, known.id, cleared, self._moving.today()), Result(
                act=Act.REQUEST_MOVED, obj=(known.aid,), kinds=kinds, n=1
            )

        try:
            where = self._door.change(access, standing.draft_of(known, kinds), write)
        except StaffdeskError as error:
            raise gone_out(error) from error
        self._packages.forget(number)
        return replace(self._moving.go_on(access, known, *where), sent=sent)

    def _claimed(
        self, access: Access, known: Reference, wanted: Move, told: Answers, shown: Drafted | None
    ) -> Drafted | None:
        """Claim a request for the letter of a move, which must be the one that was shown."""

        def check(tx: Change, cleared: Clearance, _progress: Progress, _work: Work) -> Drafted | None:
            drafted = self._drafted(tx, cleared, known, wanted, told)
            if shown is not None and (drafted is None or drafted.written.digest != shown.written.digest):
                raise Conflict("This letter is another one now than the one that was read over.", "Read it over again.")
            return drafted

        return self._claims.take(access, known, wanted.name, standing.act_of(wanted), check)

    def _sent(self, access: Access, known: Reference, drafted: Drafted, way: Way | None, act: Act) -> Sent:
        try:
            return self._delivery.deliver(drafted, way)
        except StaffdeskError:
            self._claims.give_back(access, known, drafted.kind.value, act)
            raise

    def _keep(self, access: Access, known: Reference, drafted: Drafted, sent: Sent | None, act: Act) -> None:
        """Keep a letter that went out with a move that came to nothing."""
        kinds = (REQUEST, "sent", drafted.kind.value)

        def write(tx: Change, _cleared: Clearance) -> tuple[None, Result]:
            keep_letter(tx, drafted, self._clock(), sent)
            return None, Result(act=act, obj=(known.aid,), kinds=kinds, n=1)

        with suppress(StaffdeskError):  # why it came to nothing is what is told, and that the letter had gone
            self._door.change(access, standing.draft_of(known, kinds, act), write)
        self._claims.give_back(access, known, drafted.kind.value, act)


def _check_sends(tx: Change, cleared: Clearance, progress: Progress, work: Work) -> None:
    standing.check_officer(cleared)
    check_sends(tx, progress, work)
