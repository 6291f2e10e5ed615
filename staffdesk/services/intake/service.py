"""Taking in what people ask by mail: matched and proposed, then received or joined to its request.

A mail proves nothing about who sent it: whom its address belongs to is a proposal, and proof of identity is asked for
as for any other request.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from staffdesk.data.customers.request_letters import RequestLetters
from staffdesk.data.customers.request_mails import RequestMails, digest_of
from staffdesk.data.customers.request_progress import RequestProgresses
from staffdesk.data.matters import RequestLists
from staffdesk.data.references import Reference
from staffdesk.data.ticket import Ticket
from staffdesk.data.transaction import Append, Change, Read
from staffdesk.domain.access import Access, Act, RecordKind, Role
from staffdesk.domain.deadlines import receive_day
from staffdesk.domain.errors import Conflict, Denied, NotFound, SessionEnded
from staffdesk.domain.intake import Proposal, case_of, may_have_card, note_of, reading_of, receipt_of
from staffdesk.domain.records import Hit
from staffdesk.domain.request_letters import LetterKind
from staffdesk.domain.request_mail import RequestMail, as_searched
from staffdesk.domain.request_rows import RequestRow
from staffdesk.domain.requests import RequestChannel, RequestType
from staffdesk.domain.text import visible
from staffdesk.services.clearance import Clearance, Wanted
from staffdesk.services.door import Door, Draft, Result
from staffdesk.services.gateway import Gateway
from staffdesk.services.marketing import Marketing
from staffdesk.services.request_numbers import REQUEST, known_request
from staffdesk.services.requests import Requests
from staffdesk.services.sessions import utc_ms

_LONGEST_NAME: Final = 200

_Doubles: TypeAlias = tuple[tuple[RequestRow, ...], tuple[RequestRow, ...]]


@dataclass(frozen=True, slots=True)
class Received:
    """The requests a mail became; ``unkept`` is why its words were not kept, ``unstopped`` why mail goes on."""

    requests: tuple[RequestRow, ...]
    unkept: str = ""
    unstopped: str = ""


class Intake:
    """Proposes what a mail is and takes it in; every look it needs is one of the gateway's, logged as any other."""

    def __init__(self, door: Door, gateway: Gateway, requests: Requests, marketing: Marketing) -> None:
        """Match by ``gateway``, receive by ``requests``, stop mail by ``marketing``."""
        self._door = door
        self._gateway = gateway
        self._requests = requests
        self._marketing = marketing

    def propose(self, access: Access, mail: RequestMail, *, customer: int | None = None) -> Proposal:
        """Say what a mail seems to be, whose it is, and what it may double; with ``customer`` nobody is looked for.

        Raises :class:`Denied` for whom the role may not search customers by their address, :class:`SessionEnded`.
        """
        matches: tuple[Hit, ...] = ()
        more = False
        address = as_searched(mail.sender)
        if customer is None and address is not None:
            page = self._gateway.search(access, address)
            matches = tuple(each for each in page.hits if each.kind is RecordKind.PERSON)
            more = page.more
        whose = customer
        if len(matches) == 1 and not more:
            whose = matches[0].id
        taken, still_open = self._doubles(access, mail, whose)
        case = self._case(access, mail)
        return Proposal(
            understood=reading_of(mail),
            case=None if case is None else case_of(mail),
            case_kind=None if case is None else self._kind_of(access, case, mail),
            matches=matches,
            more=more,
            customer=whose,
            taken=taken,
            still_open=still_open,
            card=may_have_card(mail),
        )

    def receive(
        self,
        access: Access,
        mail: RequestMail,
        types: Sequence[RequestType],
        *,
        customer: int | None,
        language: str | None,
        card: bool,
    ) -> Received:
        """Receive what a mail asks: a request for each type, the later ones linked to the first, all of one receipt.

        An objection to marketing of somebody known is carried out at once. Raises :class:`Conflict` where this mail was
        taken in for this type before, and what receiving raises.
        """
        digest = self._door.peek(access, lambda tx: digest_of(tx, mail.identity))
        received = receipt_of(mail, utc_ms())
        note, unkept = note_of(mail)
        made: list[RequestRow] = []
        unstopped = ""
        for kind in types:
            row = self._requests.receive(
                access,
                kind=kind,
                channel=RequestChannel.EMAIL,
                customer=customer,
                requester=_name(mail),
                reply_address=mail.reply_address,
                received_at=received,
                note=note,
                language=language,
                proof_came_along=card,
                message_digest=digest,
                linked_to=made[0].id if made else None,
                check=_once(digest, kind),
            )
            made.append(row)
            if kind is RequestType.OBJECT_MKT:
                unstopped = self._stopped(access, customer)
        return Received(tuple(made), unkept, unstopped)

    def join(self, access: Access, number: str, mail: RequestMail, *, kind: LetterKind, card: bool) -> None:
        """Note on a request that this mail came for it; its words and its attachments stay in the mailbox.

        Where a card came before it was asked for, the request says so. Raises :class:`NotFound`, :class:`Denied`,
        :class:`Conflict` where the file is closed.
        """
        known = known_request(self._door, access, number)
        came = receive_day(dt.datetime.fromtimestamp(receipt_of(mail, utc_ms()) / 1000, dt.UTC))
        kinds = (REQUEST, "joined", kind.name.lower(), *(("card",) if card else ()))
        wanted = Wanted(act=Act.REQUEST_MOVED, record=(REQUEST, known.id))
        what = _JOINED[kind] + (", with something that may be a card" if card else "")
        line = f"{came.isoformat()}: {what}."

        def write(tx: Change, _cleared: Clearance) -> tuple[None, Result]:
            if RequestMails(tx).join(known.id, line, card=card) != 1:
                raise Conflict("The file of this request is closed.", "Take the mail in as a new request.")
            return None, Result(act=Act.REQUEST_MOVED, obj=(known.aid,), kinds=kinds, n=1)

        self._door.change(access, Draft(wanted=wanted, obj=(known.aid,), kinds=kinds, n=1), write)

    def _case(self, access: Access, mail: RequestMail) -> Reference | None:
        """Return the request a mail names, if it is one of this desk's."""
        named = case_of(mail)
        if named is None:
            return None
        try:
            return known_request(self._door, access, named)
        except NotFound:
            return None

    def _kind_of(self, access: Access, case: Reference, mail: RequestMail) -> RequestType | None:
        """Return what a request asks that is answered to where this mail came from; whoever knows a number may name it.

        None for anybody else's.
        """
        kinds = (REQUEST, "intake")
        wanted = Wanted(act=Act.REQUEST_OPENED, record=(REQUEST, case.id), received_by=case.made_by)

        def look(tx: Read, _cleared: Clearance, _ticket: Ticket) -> RequestType | None:
            if as_searched(RequestLetters(tx).replies_to(case.id)) != as_searched(mail.sender):
                return None
            known = RequestProgresses(tx).of(case.id)
            return None if known is None else known.kind

        if as_searched(mail.sender) is None:
            return None
        try:
            return self._door.look(access, Draft(wanted=wanted, obj=(case.aid,), kinds=kinds, n=1), look)
        except Denied:
            return None

    def _doubles(self, access: Access, mail: RequestMail, customer: int | None) -> _Doubles:
        """Return what this mail became before, and what its sender asked that is open; others' own receipts alone."""
        draft = Draft(wanted=Wanted(act=Act.REQUEST_LISTED), kinds=(REQUEST, "intake"))

        def read(tx: Append, cleared: Clearance) -> tuple[_Doubles, Result]:
            if cleared.actor is None:
                raise SessionEnded("You are not signed in.", "Sign in again.")
            lists = RequestLists(tx)
            taken = lists.of_message(digest_of(tx, mail.identity))
            by = None if cleared.role is Role.PRIVACY else cleared.actor.staff_id
            still_open = () if customer is None else lists.still_open(customer, by)
            n = len({each.id for each in (*taken, *still_open)})
            return (taken, still_open), Result(act=Act.REQUEST_LISTED, kinds=(REQUEST, "intake"), n=n)

        return self._door.act(access, draft, read, intent=False)

    def _stopped(self, access: Access, customer: int | None) -> str:
        """Stop mail to a customer at once; return why it was not, where it was not."""
        if customer is None:
            return "Nobody on file has this address, so there is no mail to stop here."
        try:
            self._marketing.stop(access, customer, channel=RequestChannel.EMAIL)
        except Denied as error:
            return error.sentence
        return ""


_JOINED: Final = {
    LetterKind.REQUEST: "a mail came for it",
    LetterKind.REMINDER: "a reminder came by mail",
    LetterKind.COMPLAINT: "a complaint came by mail",
    LetterKind.UNSURE: "a mail came for it",
}


def _name(mail: RequestMail) -> str:
    return visible(mail.sender_name or mail.sender).strip()[:_LONGEST_NAME]


def _once(digest: str, kind: RequestType) -> Callable[[Change], None]:
    """Return what refuses a mail that was taken in for this type before, in the transaction that would do it again."""

    def check(tx: Change) -> None:
        before = next((each for each in RequestLists(tx).of_message(digest) if each.kind == kind.value), None)
        if before is not None:
            raise Conflict(
                f"This mail was taken in already, as {before.number}.", f"staffdesk requests show {before.number}"
            )

    return check
