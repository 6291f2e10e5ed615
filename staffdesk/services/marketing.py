"""Stopping marketing: at once, without identity, reason or approval (privacy policy, D.5; GDPR Art. 21(2) and (3))."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from staffdesk.data.customers.digests import Addressee
from staffdesk.data.customers.merges import with_merged
from staffdesk.data.customers.objections import Objections, Suppressions
from staffdesk.data.customers.request_progress import RequestMoves, RequestProgresses
from staffdesk.data.matters import RequestLists
from staffdesk.data.transaction import Append, Change, Transaction
from staffdesk.domain.access import Access, Act
from staffdesk.domain.errors import Conflict, NotFound
from staffdesk.domain.marketing import CAMPAIGN_SERVICE
from staffdesk.domain.request_effects import Moment, after
from staffdesk.domain.request_moves import Move, move
from staffdesk.domain.request_rows import RequestRow
from staffdesk.domain.request_work import Answers
from staffdesk.domain.requests import RequestChannel, RequestType
from staffdesk.services.clearance import Clearance, Wanted, today_in_brussels
from staffdesk.services.door import Door, Draft, Result
from staffdesk.services.erasure.ledger import Ledger, Stop
from staffdesk.services.request_letters import Written, keep_letter, letter_for
from staffdesk.services.requests import Requests

_TRIES: Final = 3
"""One, one more where a colleague was faster, and one to finish what he left lying."""

_KIND: Final = RequestType.OBJECT_MKT


@dataclass(frozen=True, slots=True)
class Stopped:
    """The request under which mail was stopped; ``already`` where that was done before."""

    request: RequestRow
    already: bool = False


class Marketing:
    """Carries out objections to marketing; only the person's own new opt-in undoes one."""

    def __init__(self, door: Door, requests: Requests, ledger: Callable[[], Ledger]) -> None:
        """Write through ``door``; an objection is received as any request is, by ``requests``.

        It stands in the ``ledger`` before it is carried out, so that a restored backup does not forget it.
        """
        self._door = door
        self._requests = requests
        self._ledger = ledger

    def stop(
        self,
        access: Access,
        customer: int,
        *,
        channel: RequestChannel = RequestChannel.PHONE,
        reply_address: str | None = None,
        received_at: int | None = None,
        note: str | None = None,
    ) -> Stopped:
        """Receive the objection and carry it out, or carry out the one that was received and left lying.

        Whoever may not carry it out is refused before anything is received. Raises :class:`Denied`,
        :class:`NotFound`, :class:`BadInput`, :class:`MustNotBeHeld`, :class:`Conflict`.
        """
        for _ in range(_TRIES):
            done, waiting = self._made(access, customer)
            if done is not None and waiting is None:
                return Stopped(done, already=True)
            try:
                request = waiting or self._requests.receive(
                    access,
                    kind=_KIND,
                    channel=channel,
                    customer=customer,
                    reply_address=reply_address,
                    received_at=received_at,
                    note=note,
                    check=lambda tx: _check_first(tx, customer),
                )
                return Stopped(self._carry_out(access, customer, request))
            except Conflict:
                continue  # somebody else received or carried out the same: his is the request then
        raise _overtaken()

    def _made(self, access: Access, customer: int) -> tuple[RequestRow | None, RequestRow | None]:
        """Return the objection that is in force, and one that waits to be carried out."""
        draft = Draft(wanted=Wanted(act=Act.REQUEST_MOVED, record=("person", customer)), kinds=_kinds())

        def read(tx: Append, cleared: Clearance) -> tuple[tuple[RequestRow | None, RequestRow | None], Result]:
            if cleared.subject is None:
                raise NotFound("There is no such record.", "Search again: it may have been merged or erased.")
            found = _objections(tx, customer)
            n = len([each for each in found if each is not None])
            return found, Result(act=Act.REQUEST_LISTED, kinds=("request", _KIND.value), n=n)

        return self._door.act(access, draft, read, intent=False)

    def _carry_out(self, access: Access, customer: int, request: RequestRow) -> RequestRow:
        draft = Draft(wanted=Wanted(act=Act.REQUEST_MOVED, record=("person", customer)), kinds=_kinds(), n=1)
        now, today = time.time_ns() // 1_000_000, today_in_brussels()
        ledger = self._ledger()

        def write(tx: Change, cleared: Clearance) -> tuple[RequestRow, Result]:
            objections, moves = Objections(tx), RequestMoves(tx)
            before = RequestProgresses(tx).of(request.id) if moves.hold(request.id) else None
            if before is None or not _stopping().fits(before.kind, before.state, before.identity):
                raise _overtaken()
            actor = None if cleared.actor is None else cleared.actor.staff_id
            moment = Moment(now=now, today=today, actor=actor)
            stopped = after(before, _stopping(), Answers(), moment)
            if moves.move(before, stopped) != 1:
                raise _overtaken()
            moves.record(stopped, before.turn + 1, _stopping().name, actor, "", now)
            his = with_merged(tx, [customer])
            known = tuple(digest for each in his for digest in objections.known_by(each))
            for each in his:
                objections.suppress(each, now)
            people = tuple(dict.fromkeys(aid for each in his for aid in objections.end_subscriptions(each, today)))
            ledger.stop(Stop(request=before.aid, subjects=people, digests=known, at=now))
            objections.tell(request.id, CAMPAIGN_SERVICE, now)
            keep_letter(tx, letter_for(tx, Written(before, stopped, _stopping(), Answers(), moment)), now)
            state = stopped.state.value
            moved, kinds = replace(request, state=state, carried_out_at=now, to_tell=True), (*_kinds(), state)
            return moved, Result(act=Act.REQUEST_MOVED, obj=(*people, before.aid), kinds=kinds, n=len(people))

        return self._door.change(access, draft, write)


def _objections(tx: Transaction, customer: int) -> tuple[RequestRow | None, RequestRow | None]:
    lists = RequestLists(tx)
    made = lists.of_person(customer, _KIND)
    done = next((each for each in made if each.carried_out_at is not None), None)
    waiting = next((each for each in made if each.state in _stopping().starts), None)
    # Mail that goes to him again was opted in to since.
    return None if lists.gets_mail(customer) else done, waiting


def _check_first(tx: Change, customer: int) -> None:
    """Refuse a second objection where another employee was told of it in the same moment."""
    Objections(tx).hold(customer)
    if _objections(tx, customer) != (None, None):
        raise _overtaken()


def _overtaken() -> Conflict:
    return Conflict("Somebody else has moved this request.", "Open the record again.")


def may_subscribe(tx: Transaction, addressee: Addressee, customer: int | None = None) -> bool:
    """Say whether mail may be let go to somebody on another's word: a store's export, a list of an event.

    Never to an address or account whose owner objected, nor to a ``customer`` who did; only his own new opt-in, with
    its evidence, undoes that. Whatever writes a subscription asks here first, with the door open. Raises
    :class:`BadInput` for what is no e-mail address.
    """
    objected = customer is not None and any(
        each.carried_out_at is not None or each.state in _stopping().starts
        for each in RequestLists(tx).of_person(customer, _KIND)
    )
    return not objected and not Suppressions(tx).keeps_from(addressee)


def _stopping() -> Move:
    # Carried out as it is made, so what comes next is that the recipients are told (GDPR Art. 21(3)).
    return move("stop_marketing")


def _kinds() -> tuple[str, ...]:
    return ("request", _KIND.value, _stopping().name)
