"""The notice to a recipient outside the house of what a request changed: read over, sent, kept (GDPR Art. 19)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Final

from staffdesk.audit.opening import OpeningKind
from staffdesk.data.customers.held import Holds
from staffdesk.data.customers.reading import Reading
from staffdesk.data.customers.recipient_tasks import RecipientTasks, Task, TellingRecipients
from staffdesk.data.customers.request_decisions import Decisions
from staffdesk.data.customers.request_files import RequestFiles
from staffdesk.data.customers.request_letters import RequestLetters
from staffdesk.data.customers.request_progress import RequestProgresses
from staffdesk.data.entries import Entries
from staffdesk.data.entry_pages import Selection
from staffdesk.data.references import Reference
from staffdesk.data.ticket import Ticket
from staffdesk.data.transaction import Change, Read
from staffdesk.domain.access import Access, Act, Outcome
from staffdesk.domain.erasure import ERASED
from staffdesk.domain.errors import BadInput, Conflict, NotFound, StaffdeskError
from staffdesk.domain.holds import Ground
from staffdesk.domain.identifiers import Identifier
from staffdesk.domain.marketing import CAMPAIGN_SERVICE, TaskState
from staffdesk.domain.request_moves import Letter
from staffdesk.domain.request_progress import Progress
from staffdesk.domain.request_work import Way
from staffdesk.domain.requests import ANSWERED, RequestType, rules
from staffdesk.domain.screening import refuse_forbidden
from staffdesk.domain.transfers import known_recipient
from staffdesk.services import letters
from staffdesk.services.clearance import Clearance
from staffdesk.services.correcting import OLD
from staffdesk.services.door import Door, Result
from staffdesk.services.letters import Changed, Identified, LetterFacts, check, language_of
from staffdesk.services.moved import Moved
from staffdesk.services.post import is_address
from staffdesk.services.recipients import EMPTIED, Column, code_of, given
from staffdesk.services.request_letters import Delivery, Drafted, gone_out, keep_letter
from staffdesk.services.request_numbers import REQUEST, known_request
from staffdesk.services.request_standing import check_officer, draft_of, read
from staffdesk.services.sessions import day_in_brussels, utc_ms
from staffdesk.services.workflow import Workflow

_NAMES: Final = (("person", "given_name"), ("person", "family_name"))
_EMAIL: Final = ("person", "email")
_CORRECTS: Final = "correct"
_LIFTS: Final = "lift"
_SETTLED: Final = {
    TaskState.CONFIRMED: "He has confirmed it already.",
    TaskState.EXEMPT: "He need not be told, as was noted.",
}


class Notices:
    """Writes notices to recipients and sends them."""

    def __init__(
        self, door: Door, workflow: Workflow, delivery: Delivery, *, clock: Callable[[], int] = utc_ms
    ) -> None:
        """Write through ``door``; ``workflow`` notes who was told, ``clock`` gives UTC milliseconds."""
        self._door = door
        self._workflow = workflow
        self._delivery = delivery
        self._clock = clock

    def draft(self, access: Access, number: str, recipient: str, address: str = "") -> Drafted:
        """Return the notice to a recipient, to be read over; to ``address``, or to the mailbox that is on file.

        He is named by his code or his name. Raises :class:`NotFound` where he is not to be told, :class:`Conflict`
        where he has confirmed it or is exempt, :class:`BadInput` for what is no address or for a fact that is not
        known, :class:`Denied`.
        """
        known, to = known_request(self._door, access, number), address.strip()
        refuse_forbidden(to)
        if to and not is_address(to):
            raise BadInput("A notice cannot be mailed to this address.", "Give one e-mail address, or none.")

        def look(tx: Read, cleared: Clearance, _ticket: Ticket) -> Drafted:
            check_officer(cleared)
            progress, _ = read(tx, known.id)
            code = code_of(tx, known.id, recipient)
            task = RecipientTasks(tx).task(known.id, code)
            if task is None:
                raise NotFound("This recipient is not to be told any more.", "Open the request again.")
            if task.state in _SETTLED:
                raise Conflict(_SETTLED[task.state], "Open the request again.")
            return self._written(tx, progress, known, code, task, to)

        return self._door.look(access, draft_of(known, (REQUEST, "notice"), Act.REQUEST_OPENED), look)

    def way_of(self, drafted: Drafted) -> Way:
        """Return how a notice goes where nobody asks for another way."""
        return self._delivery.way_of(drafted)

    def send(
        self,
        access: Access,
        number: str,
        recipient: str,
        address: str = "",
        way: Way | None = None,
        *,
        shown: Drafted | None = None,
    ) -> Moved:
        """Send the notice to a recipient, or save it to be sent by hand; note that he was told, and let the desk go on.

        It must be the one that was ``shown``, where one was. An ``address`` is kept for the next notice. Who was told
        before may be sent it again. Raises as :meth:`draft`, and :class:`NotSent`.
        """
        drafted = self.draft(access, number, recipient, address)
        if shown is not None and drafted.written.digest != shown.written.digest:
            raise Conflict("This letter is another one now than the one that was read over.", "Read it over again.")
        sent = self._delivery.deliver(drafted, way)

        def keep(tx: Change) -> None:
            keep_letter(tx, drafted, self._clock(), sent)
            if address.strip():
                TellingRecipients(tx).reached_by(drafted.recipient, address.strip())

        try:
            moved = self._workflow.told(access, number, drafted.recipient, TaskState.SENT, along=keep)
        except StaffdeskError as error:
            self._keep(access, number, keep)
            raise gone_out(error) from error
        return replace(moved, sent=sent)

    def _keep(self, access: Access, number: str, keep: Callable[[Change], None]) -> None:
        """Keep a notice that went out, though nothing else of it could be noted."""
        with suppress(StaffdeskError):  # why it could not is what is told, and that the letter had gone
            known = known_request(self._door, access, number)
            kinds = (REQUEST, "sent", Letter.RECIPIENT.value)

            def write(tx: Change, _cleared: Clearance) -> tuple[None, Result]:
                keep(tx)
                return None, Result(act=Act.REQUEST_MOVED, obj=(known.aid,), kinds=kinds, n=1)

            self._door.change(access, draft_of(known, kinds), write)

    def _written(
        self, tx: Read, progress: Progress, known: Reference, recipient: str, task: Task, address: str
    ) -> Drafted:
        named, on_file = RecipientTasks(tx).reached(recipient)
        house = known_recipient(recipient)
        language = language_of(None if house is None else house.language)
        today = day_in_brussels(self._clock())
        facts = LetterFacts(
            number=progress.number,
            written_on=today,
            kind=progress.kind,
            lifted=_is_lifted(tx, progress),
            recipient=house.name if house is not None and named == recipient else named,
            identifiers=tuple(_identifiers(tx, progress, known, recipient, task)),
            changes=tuple(_changes(tx, progress, recipient)),
            confirm_by=today + dt.timedelta(days=rules().periods.confirm_days),
        )
        written = letters.write(Letter.RECIPIENT, language, facts)
        check(written, Letter.RECIPIENT, language, RequestFiles(tx).employees())
        return Drafted(
            progress.number,
            progress.id,
            Letter.RECIPIENT,
            language,
            written,
            address or on_file or ("" if house is None else house.contact),
            progress.turn,
            recipient,
            # It names somebody who is erased: of that letter the digest alone is kept.
            kept=progress.kind is not RequestType.ERASE,
        )


def _is_lifted(tx: Read, progress: Progress) -> bool:
    """Say whether what a request restricted is restricted no more, by its lifting, nor by another request."""
    if progress.state not in ANSWERED or RequestProgresses(tx).restriction(progress.id).stands:
        return False
    if progress.person is not None:
        held = Holds(tx).of("person", [progress.person]).get(progress.person, ())
        if any(each.ground is Ground.RESTRICTION for each in held):
            return False
    return any(made.name == _LIFTS for made in RequestFiles(tx).history(progress.id))


def _identifiers(tx: Read, progress: Progress, known: Reference, recipient: str, task: Task) -> Iterator[Identified]:
    """Yield by what a recipient finds the person: what he was given, as it was before anything was corrected."""
    if progress.person is None:
        name, email = _as_he_asked(tx, progress)
    else:
        before = _before(tx, known)
        reading = Reading(tx)

        def held(column: Column) -> str:
            place = ".".join(column)
            return before.get(place) or reading.value("person", progress.person or 0, column[1])[0] or ""

        name = " ".join(filter(None, map(held, _NAMES))) if _had(tx, progress.person, recipient, _NAMES) else ""
        email = held(_EMAIL) if _had(tx, progress.person, recipient, (_EMAIL,)) else ""
    if name:
        yield Identified(kind=Identifier.WORDS, value=name)
    if email:
        yield Identified(kind=Identifier.EMAIL, value=email)
    kind, known_by = Identifier.ORDER, task.orders
    if recipient == CAMPAIGN_SERVICE:
        kind = Identifier.EMAIL
        known_by = known_by if progress.person is None else RecipientTasks(tx).given_addresses(progress.person)
    for each in known_by:
        if each != email:
            yield Identified(kind=kind, value=each)


def _had(tx: Read, person: int, recipient: str, columns: tuple[Column, ...]) -> bool:
    """Say whether a recipient was given one of these fields, or is one that is given them without a note of it."""
    house = known_recipient(recipient)
    fields = () if house is None else house.fields
    return recipient in given(tx, person, columns) or any(".".join(column) in fields for column in columns)


def _as_he_asked(tx: Read, progress: Progress) -> tuple[str, str]:
    """Return name and e-mail of somebody who is erased, as his request has them until it is answered."""
    values = RequestFiles(tx).values(progress.id) or {}
    name, email = str(values.get("requester", "")), RequestLetters(tx).replies_to(progress.id)
    return "" if name == ERASED else name, email if is_address(email) else ""


def _before(tx: Read, known: Reference) -> Mapping[str, str]:
    """Return what stood in the fields that were corrected: it lives in the openings of that entry alone."""
    entries = Entries(tx)
    corrected = Selection(aid=known.aid, acts=(Act.REQUEST_MOVED.value,), out=Outcome.OK.value, kind=_CORRECTS)
    for core in entries.page(corrected, None, 1).cores:
        opened = entries.openings(core.seq, (OpeningKind.VALUE.value,))
        return {field.partition(".")[2]: value for field, value in opened if field.partition(".")[0] == OLD}
    return {}


def _changes(tx: Read, progress: Progress, recipient: str) -> Iterator[Changed]:
    """Yield what the fields say now that were wrong at this recipient."""
    if progress.person is None or progress.kind is not RequestType.RECTIFY:
        return
    for table, number, column in Decisions(tx).corrected(progress.id):
        if recipient in given(tx, progress.person, [(table, column)]):
            yield Changed(field=column, value=Reading(tx).value(table, number, column)[0] or EMPTIED)
