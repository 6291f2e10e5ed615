"""Data-subject requests from receipt on: numbered, with both due dates (privacy policy, H; GDPR Art. 12(3))."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import replace

from staffdesk.data.customers.contested import ContestedFields
from staffdesk.data.customers.reading import Reading
from staffdesk.data.customers.request_progress import RequestMoves
from staffdesk.data.customers.writing import Writing, new_aid
from staffdesk.data.matters import RequestLists
from staffdesk.data.tables.requests import LONGEST_HELD, Request
from staffdesk.data.transaction import Append, Change, Read
from staffdesk.domain.access import Access, Act, Role
from staffdesk.domain.deadlines import Due, due_dates, receive_day
from staffdesk.domain.errors import BadInput, SessionEnded
from staffdesk.domain.reply_addresses import check_reply_address
from staffdesk.domain.request_board import whose_move
from staffdesk.domain.request_rows import RequestRow
from staffdesk.domain.requests import RequestChannel, RequestState, RequestType, format_number
from staffdesk.domain.screening import refuse_forbidden
from staffdesk.domain.text import visible
from staffdesk.services.clearance import Clearance, Wanted
from staffdesk.services.door import Door, Draft, Result
from staffdesk.services.held_rows import without_contested
from staffdesk.services.restricting import RESTRICTED, restrict

_EARLIEST = int(dt.datetime(2000, 1, 1, tzinfo=dt.UTC).timestamp() * 1000)

NO_ADDRESS = "none on file"
"""Stands for the reply address of somebody who objects to marketing and of whom none is held: it stops all the same."""


class Requests:
    """Receives requests and lists them by due date."""

    def __init__(self, door: Door, policy: str) -> None:
        """Write through ``door``; each request carries the version of the privacy policy in force."""
        self._door = door
        self._policy = policy

    def receive(
        self,
        access: Access,
        *,
        kind: RequestType,
        channel: RequestChannel,
        customer: int | None,
        requester: str | None = None,
        reply_address: str | None = None,
        received_at: int | None = None,
        note: str | None = None,
        language: str | None = None,
        proof_came_along: bool | None = None,
        message_digest: str | None = None,
        linked_to: int | None = None,
        check: Callable[[Change], None] | None = None,
    ) -> RequestRow:
        """Give a request its number and both due dates; ``received_at`` is UTC milliseconds, now if not given.

        ``check`` may still refuse it, in the transaction that writes it. From a record the requester and the reply
        address are taken from what is held. ``language`` is the letter's; ``message_digest`` a mail's keyed digest and
        ``linked_to`` the first of the requests that came with it. Raises :class:`BadInput` for a time in the future, a
        missing requester, or an address nothing can be sent to; :class:`MustNotBeHeld`, :class:`Denied`.
        """
        now = time.time_ns() // 1_000_000
        received = now if received_at is None else received_at
        due = due_of(received)
        moment = dt.datetime.fromtimestamp(received / 1000, dt.UTC)
        record = None if customer is None else ("person", customer)
        draft = Draft(wanted=Wanted(act=Act.REQUEST_RECEIVED, record=record), kinds=("request", kind.value))

        def write(tx: Change, cleared: Clearance) -> tuple[RequestRow, Result]:
            if cleared.actor is None:
                raise SessionEnded("You are not signed in.", "Sign in again.")
            if check is not None:
                check(tx)
            whose = None if cleared.subject is None else cleared.subject.person_id
            name, address = _who(tx, kind, whose, requester, reply_address)
            year = receive_day(moment).year
            writing = Writing(tx)
            request = Request.checked(
                {
                    "aid": new_aid(Request),
                    "number": format_number(year, writing.next_number("request", year)),
                    "kind": kind.value,
                    "state": RequestState.RECEIVED.value,
                    "channel": channel.value,
                    "received_at": received,
                    "registered_at": now,
                    "received_by": cleared.actor.staff_id,
                    "person_id": whose,
                    "hard_due": due.hard,
                    "soft_due": due.soft,
                    "policy": self._policy,
                    "requester": name,
                    "reply_address": address,
                    "note": note or None,
                    "language": language,
                    "proof_came_along": proof_came_along,
                    "message_digest": message_digest,
                    "linked_to": linked_to,
                }
            )
            (request_id,) = writing.add([request])
            RequestMoves(tx).begin(request_id, due.hard)
            # Whose grounds prevail is weighed first, and until then nothing is used (GDPR Art. 18(1)(d)).
            weighed = whose if kind is RequestType.OBJECT else None
            if weighed is not None:
                restrict(tx, request_id, request.number, [weighed], now)
            row = RequestRow(
                id=request_id,
                number=request.number,
                kind=request.kind,
                state=request.state,
                channel=request.channel,
                received_at=received,
                hard_due=due.hard,
                soft_due=due.soft,
                customer=whose,
            )
            kinds = ("request", kind.value, *((RESTRICTED,) if weighed is not None else ()))
            return row, Result(act=Act.REQUEST_RECEIVED, obj=(request.aid,), kinds=kinds, n=1)

        return self._door.change(access, draft, write)

    def open_requests(self, access: Access) -> tuple[RequestRow, ...]:
        """Return the requests by due date: numbers, types and dates, no names.

        Privacy's are all, an approver's with those that wait for a second person, anybody else's his own receipts.
        """
        draft = Draft(wanted=Wanted(act=Act.REQUEST_LISTED), kinds=("request",))

        def read(tx: Append, cleared: Clearance) -> tuple[tuple[RequestRow, ...], Result]:
            if cleared.actor is None:
                raise SessionEnded("You are not signed in.", "Sign in again.")
            everybodys = cleared.role is Role.PRIVACY
            decides = Role.APPROVER in cleared.actor.roles
            found = RequestLists(tx).by_due_date(None if everybodys else cleared.actor.staff_id, decides=decides)
            if not everybodys:  # what is done about them beside number, type, dates and state is privacy's to read
                found = tuple(_as_receipt(each, decides=decides) for each in found)
            return found, Result(act=Act.REQUEST_LISTED, kinds=("request",), n=len(found))

        return self._door.act(access, draft, read, intent=False)


def _as_receipt(row: RequestRow, *, decides: bool) -> RequestRow:
    """Return what is told of a receipt; to who ``decides`` also whose it is and how the proof stands, if he must."""
    waits = decides and Role.APPROVER in whose_move(RequestType(row.kind), RequestState(row.state), row.identity)
    receipt = row.as_receipt()
    return replace(receipt, identity=row.identity, customer=row.customer) if waits else receipt


def due_of(received_at: int) -> Due:
    """Return both due dates of a request received at this moment, in UTC milliseconds.

    Raises :class:`BadInput` for a time in the future, or so old that it cannot be meant.
    """
    if received_at > time.time_ns() // 1_000_000:
        raise BadInput("A request cannot be received in the future.", "Correct the time of receipt.")
    if received_at < _EARLIEST:
        raise BadInput("A request of that age cannot be meant.", "Correct the time of receipt.")
    return due_dates(dt.datetime.fromtimestamp(received_at / 1000, dt.UTC))


def _who(
    tx: Read, kind: RequestType, customer: int | None, requester: str | None, reply_address: str | None
) -> tuple[str, str]:
    """Return the requester and where to answer, from the form or from the record."""
    for typed in (requester, reply_address):
        refuse_forbidden(typed or "")
    if reply_address:
        check_reply_address(reply_address)
    name, address = requester, reply_address
    if customer is not None and not (name and address):
        # What is held was screened when it came in, and must not keep a person from asking: nor what hides in it.
        held = without_contested(Reading(tx).contact(customer), ContestedFields(tx).of_people([customer]))
        name = name or visible(held.name or held.email or f"customer {customer}")[:LONGEST_HELD]
        address = address or visible(held.email or held.phone or held.address)[:LONGEST_HELD]
        if kind is RequestType.OBJECT_MKT:
            address = address or NO_ADDRESS
    if not name:
        raise BadInput("Nobody is named who asks.", "Give the requester's name.")
    if not address:
        raise BadInput("There is no address to answer to.", "Give a reply address.")
    return name, address
