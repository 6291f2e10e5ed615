"""One request in full and the letter that answers it: a look at its person, logged before it is shown."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, NamedTuple

from staffdesk.data import register
from staffdesk.data.customers.contested import ContestedFields
from staffdesk.data.customers.reading import Reading
from staffdesk.data.customers.recipient_tasks import RecipientTasks
from staffdesk.data.customers.request_decisions import Decisions
from staffdesk.data.customers.request_files import RequestFiles
from staffdesk.data.customers.request_letters import RequestLetters
from staffdesk.data.customers.request_reveals import Reveals
from staffdesk.data.entries import Entries
from staffdesk.data.entry_pages import Selection
from staffdesk.data.local_settings import LocalSettings
from staffdesk.data.references import Reference
from staffdesk.data.ticket import Ticket
from staffdesk.data.transaction import Append, Read
from staffdesk.domain.access import Access, Act, Level, Role
from staffdesk.domain.classes import Exposure
from staffdesk.domain.errors import NotFound
from staffdesk.domain.policy import AccessMatrix
from staffdesk.domain.records import Cell
from staffdesk.domain.request_board import whose_move
from staffdesk.domain.request_moves import Letter
from staffdesk.domain.request_pages import Contested, Made, Refused, RequestPage
from staffdesk.domain.request_progress import Progress, RequestStanding
from staffdesk.domain.request_rows import RequestRow
from staffdesk.domain.requests import IdentityNeed, RequestType, identity_needed
from staffdesk.domain.reveals import Asked, Reveal
from staffdesk.services.cells import Cells
from staffdesk.services.clearance import Clearance, Wanted, today_in_brussels
from staffdesk.services.door import Door, Draft, Result
from staffdesk.services.held_rows import reads_contested
from staffdesk.services.letters import Language, Written
from staffdesk.services.recipients import EMPTIED, given
from staffdesk.services.request_letters import language_for
from staffdesk.services.request_numbers import REQUEST, known_request, no_request
from staffdesk.services.request_sending import check_package_waits
from staffdesk.services.request_standing import (
    approves_now,
    as_receipt,
    check_officer,
    stands,
    stops_mail,
    waits_for,
    works_on,
)

_DECIDE: Final = frozenset({Role.PRIVACY, Role.APPROVER})
"""Who decides whether an employee is named, and reads why he is to be."""


class KeptLetter(NamedTuple):
    """A letter as it was written, and in which language."""

    written: Written
    language: Language


class RequestPages:
    """Opens requests: privacy every one, an approver those that wait for him, others those they received."""

    def __init__(self, door: Door, matrix: AccessMatrix) -> None:
        """Read through ``door``, mask by ``matrix``."""
        self._door = door
        self._matrix = matrix

    def open(self, access: Access, number: str) -> RequestPage:
        """Return a request in full; raises :class:`NotFound`, :class:`Denied` for somebody else's receipt."""
        known = known_request(self._door, access, number)

        def read(tx: Read, cleared: Clearance, ticket: Ticket) -> RequestPage:
            return self._page(tx, cleared, ticket, known)

        return self._door.look(access, self._draft(access, known, ("opened",)), read)

    def letter(self, access: Access, number: str) -> str:
        """Return the letter that answers a request, to be sent; raises :class:`NotFound` while there is none.

        Raises :class:`Denied` as :meth:`open` does, and :class:`NotFound` where the role does not see it.
        """
        known = known_request(self._door, access, number)

        def read(tx: Read, cleared: Clearance, ticket: Ticket) -> str:
            page = self._page(tx, cleared, ticket, known)
            if not page.letter:
                raise NotFound("There is no letter to send yet.", "It is written once the request is carried out.")
            return page.letter

        return self._door.look(access, self._draft(access, known, ("letter",)), read)

    def kept_letter(self, access: Access, number: str, kind: Letter | None = None) -> KeptLetter:
        """Return the newest letter of a request that is kept, of this kind where one is named; else as :meth:`letter`.

        Raises :class:`NotFound` where none is.
        """
        known = known_request(self._door, access, number)

        def read(tx: Read, cleared: Clearance, ticket: Ticket) -> KeptLetter:
            reads = bool(self._page(tx, cleared, ticket, known).letter)
            kept = RequestLetters(tx).last(known.id, kind) if reads else None
            if kept is None:
                raise NotFound("No such letter is kept.", "staffdesk requests show names the letters of a request.")
            return KeptLetter(Written(kept.subject, kept.body), Language(kept.language))

        return self._door.look(access, self._draft(access, known, ("letter",)), read)

    def copy_words(self, access: Access, number: str) -> int:
        """Note that the words which open a package were copied, and return the entry's number; no page is read.

        Raises :class:`Denied` for whoever makes no packages, :class:`Conflict` where none waits, :class:`NotFound`.
        """
        known = known_request(self._door, access, number)
        draft = self._draft(access, known, ("passphrase", "copied"))

        def noted(tx: Append, cleared: Clearance) -> tuple[int, Result]:
            check_officer(cleared)
            check_package_waits(tx, known.id)
            done = Result(act=Act.REQUEST_OPENED, level=draft.level, obj=draft.obj, kinds=draft.kinds, n=draft.n)
            return cleared.intent, done

        return self._door.act(access, draft, noted)

    def _draft(self, access: Access, known: Reference, kinds: tuple[str, ...]) -> Draft:
        wanted = Wanted(
            act=Act.REQUEST_OPENED,
            record=(REQUEST, known.id),
            received_by=known.made_by,
            waits_for=self._door.peek(access, lambda tx: waits_for(tx, known)),
        )
        return Draft(wanted=wanted, level=Level.OPENED, obj=(known.aid,), kinds=(REQUEST, *kinds), n=1)

    def _page(self, tx: Read, cleared: Clearance, ticket: Ticket, known: Reference) -> RequestPage:
        values = RequestFiles(tx).values(known.id)
        if values is None:
            raise no_request()
        cells = Cells(self._matrix, cleared).row(REQUEST, values).cells
        standing = stands(tx, cleared, known, today_in_brussels())
        note = cells["note"]
        if cleared.role in approves_now(standing.progress) and self._matrix.reads_submitted(cleared.role, "note"):
            note = note._replace(text=values["note"], exposure=Exposure.SHOWN, held=values["note"] is not None, why="")
        refused = Decisions(tx).refusal(known.id)
        request = RequestRow(
            id=values["id"],
            number=values["number"],
            kind=values["kind"],
            state=values["state"],
            channel=values["channel"],
            received_at=values["received_at"],
            hard_due=values["hard_due"],
            soft_due=values["soft_due"],
            customer=values["person_id"],
            carried_out_at=values["carried_out_at"],
            identity=standing.progress.identity,
            restriction=standing.work.restriction,
            lift_on=standing.progress.lift_on,
            ended_on=standing.progress.ended_on,
            copy_there=standing.progress.copy_left,
            named_later=RequestFiles(tx).named_later(known.id),
            to_tell=standing.progress.to_tell,
        )
        waits = identity_needed(RequestType(request.kind)) is IdentityNeed.ALWAYS
        kept = RequestLetters(tx).shown(known.id)
        page = RequestPage(
            request=request,
            registered_at=values["registered_at"],
            received_by=_receiver(tx, cleared, known),
            requester=cells["requester"],
            reply_address=cells["reply_address"],
            note=note,
            told=RequestFiles(tx).told(request.id),
            letter=kept.body if kept is not None and cells["note"].exposure is Exposure.SHOWN else "",
            letter_sent=kept is not None and kept.sent_at is not None,
            standing=standing,
            history=_history(tx, cleared, standing),
            seq=ticket.seq,
            contested=_contested(tx, standing.progress) if reads_contested(cleared) else (),
            card_rule=LocalSettings(tx).front_of_card() if waits and cleared.role is Role.PRIVACY else None,
            language=language_for(tx, standing.progress).value,
            linked=RequestFiles(tx).linked(request.id),
            reveals=tuple(_asked(tx, each) for each in Reveals(tx).of(request.id)) if cleared.role in _DECIDE else (),
            letters=RequestFiles(tx).letters(request.id),
            refused=None if refused is None else Refused(refused.ground, refused.facts),
        )
        return page if works_on(cleared, standing.progress) else _as_receipt(page)


def _as_receipt(page: RequestPage) -> RequestPage:
    """Return of a request what its receiver reads who does not work on it: number, type, dates and state.

    Who stopped somebody's mail has done so himself, and reads the letter that says so and who is told.
    """
    stopped = stops_mail(page.request.kind)
    return replace(
        page,
        request=page.request.as_receipt(),
        requester=_closed(page.requester),
        reply_address=_closed(page.reply_address),
        note=_closed(page.note),
        told=page.told if stopped else (),
        letter=page.letter if stopped else "",
        letter_sent=page.letter_sent and stopped,
        standing=as_receipt(page.standing),
        history=page.history if stopped else (),
        contested=(),
        linked=(),
        reveals=(),
        refused=None,
        letters=page.letters if stopped else (),
    )


def _closed(cell: Cell) -> Cell:
    return cell._replace(text=None, exposure=Exposure.NONE, revealable=False, why="")


def _history(tx: Read, cleared: Clearance, standing: RequestStanding) -> tuple[Made, ...]:
    """Return the moves that were made; who made each and why is for privacy and for whom the next one waits."""
    progress = standing.progress
    goes_on = whose_move(progress.kind, progress.state, progress.identity) | {Role.PRIVACY}
    made = RequestFiles(tx).history(progress.id)
    return made if cleared.role in goes_on else tuple(replace(each, who="", reason="") for each in made)


def _contested(tx: Read, progress: Progress) -> tuple[Contested, ...]:
    """Return the fields that are contested under a request, old beside new, with who was given each."""
    if progress.kind is not RequestType.RECTIFY or progress.person is None:
        return ()
    wanted = {(each.table, each.number, each.field): each for each in Decisions(tx).corrections(progress.id)}
    names = {each.code: each.name for each in RecipientTasks(tx).given(progress.person)}
    found = []
    contested = ContestedFields(tx).of_request(progress.number)
    for place in dict.fromkeys((*contested, *wanted)):
        table, number, column = place
        to_be = wanted.get(place)
        found.append(
            Contested(
                key=f"{table}:{number}:{column}",
                label=register.of_table(table)[column].label,
                old=Reading(tx).value(table, number, column)[0] or "",
                new="" if to_be is None else to_be.new or EMPTIED,
                evidence="" if to_be is None else to_be.evidence or "",
                stays=contested.get(place, False),
                given_to=tuple(names.get(code, code) for code in given(tx, progress.person, [(table, column)])),
            )
        )
    return tuple(found)


def _asked(tx: Read, reveal: Reveal) -> Asked:
    """Return what a second person decides on: when, by which department, why; never by whom."""
    core = Entries(tx).entry(reveal.seq)
    return Asked(
        seq=reveal.seq,
        at=None if core is None else core.t,
        department="" if core is None else core.role or "",
        every_one=reveal.every_one,
        reason=reveal.reason,
    )


def _receiver(tx: Read, cleared: Clearance, known: Reference) -> str:
    """Return in which role a request was received, as its entry says; for privacy with the name of who did."""
    received = Entries(tx).page(Selection(aid=known.aid, acts=(Act.REQUEST_RECEIVED.value,)), None, 1).cores
    role = (received[0].role or "") if received else ""
    if cleared.role is not Role.PRIVACY:
        return role
    name = RequestFiles(tx).receiver(known.made_by) if known.made_by else ""
    return " · ".join(part for part in (role, name) if part)
