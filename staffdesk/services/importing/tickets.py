"""Taking a batch of tickets in: a ticket becomes a case, each message of it a report of a contact."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from staffdesk.data.customers.accounts import Accounts
from staffdesk.data.customers.digests import Addressee
from staffdesk.data.customers.objections import Suppressions
from staffdesk.data.customers.tickets import EndingTickets, HeldTicket, Tickets
from staffdesk.data.customers.writing import Writing, new_aid
from staffdesk.data.tables.support import Case, CaseOrigin, ContactReport
from staffdesk.data.transaction import Change, Read
from staffdesk.domain.errors import Conflict
from staffdesk.domain.imported_tickets import ImportedMessage, ImportedTicket, Said
from staffdesk.domain.numbers import Series, format_number
from staffdesk.domain.read_items import Imported, Refused
from staffdesk.services.clearance import today_in_brussels
from staffdesk.services.importing.buyers import Buyers
from staffdesk.services.importing.run import Outcome, Run, note_change, welcome
from staffdesk.services.restricting import restrict_what_came
from staffdesk.services.sessions import utc_ms

_SUPPORT: Final = "support"
_NOBODY: Final = "Its requester is not told. Import the service's list of contacts in the same command."
_GONE: Final = (
    "Whoever asked in it is on file no more: he was erased at his own request, or his data had their time. Nothing was"
    " taken in. If he is a customer again, who deals with him takes him down: staffdesk customers add."
)
_OF_ANOTHER: Final = (
    "A ticket of another time holds this number. Two services that count alike cannot be told apart: leave one out."
)
_NO_TICKET: Final = "Its ticket is not held. Import the tickets first, in the same command or before."

_TOPICS: Final[Mapping[Said, str]] = {
    Said.ASKED: "Customer wrote",
    Said.ANSWERED: "We answered",
    Said.AMONG_US: "Note among us",
    Said.UNTOLD: "Message",
}
_WITHHELD: Final = "(The text was not taken in: it holds what must not be held here.)"
_CUT: Final = "(The rest of the text was not taken in: it is too long.)"
_FILES: Final = "({} not taken in.)"


class TicketBatch:
    """One batch inside one transaction."""

    def __init__(self, tx: Read, run: Run) -> None:
        """Compare in ``tx``; :meth:`write` needs a :class:`Change`."""
        self._tx = tx
        self._run = run
        self._tickets = Tickets(tx, run.store)

    def compare(self, items: Sequence[Imported]) -> Outcome:
        """Say what :meth:`write` would do, writing nothing; raises as it does."""
        return self._take(items, None)

    def write(self, tx: Change, items: Sequence[Imported]) -> Outcome:
        """Write what is new or says more; raises :class:`BadInput` for a value the desk may not hold."""
        return self._take(items, tx)

    def _take(self, items: Sequence[Imported], tx: Change | None) -> Outcome:
        outcome = Outcome()
        taken = welcome(self._tx, self._run.store, items, outcome)
        tickets = [(item, item.record) for item in taken if isinstance(item.record, ImportedTicket)]
        alone = [(item, item.record) for item in taken if isinstance(item.record, ImportedMessage)]
        numbers = {each.number for _, each in tickets} | {each.ticket for _, each in alone}
        held = {**self._run.tickets, **self._tickets.held(numbers)}
        kept = self._kept(tickets, held, outcome)
        new = {
            each.number: (item, each)
            for item, each in reversed(kept)
            if each.number not in held and each.party is not None
        }
        held |= self._open(list(new.values()), tx, outcome)
        for item, each in kept:
            if new.get(each.number, (None,))[0] is not item:
                self._update(each, held, tx, outcome)
        messages = [message for _, each in kept for message in each.messages]
        for item, message in alone:
            case = held.get(message.ticket)
            if case is None or case.person_id is None:
                outcome.refused.append(Refused(item.place, _NO_TICKET))
            else:
                messages.append(message)
        self._report(messages, held, tx, outcome)
        if tx is None:
            self._run.tickets.update(held)
        elif self._run.id is not None:
            named = {case.person_id for case in held.values() if case.person_id is not None}
            restrict_what_came(tx, utc_ms(), named)
        return outcome

    def _kept(
        self, tickets: Sequence[tuple[Imported, ImportedTicket]], held: Mapping[str, HeldTicket], outcome: Outcome
    ) -> list[tuple[Imported, ImportedTicket]]:
        """Refuse what another ticket's number stands on, what tells nothing of who asked, and who was erased."""
        kept: list[tuple[Imported, ImportedTicket]] = []
        opened: dict[str, int] = {}
        told = {each.number for _, each in tickets if each.party is not None}
        for item, each in tickets:
            case, at = held.get(each.number), _ms(each.opened_at)
            if case is not None and case.person_id is None:
                outcome.counts["erased", "kept out"] += 1
                outcome.refused.append(Refused(item.place, _GONE))
            elif (case.opened_at if case is not None else opened.get(each.number, at)) != at:
                outcome.refused.append(Refused(item.place, _OF_ANOTHER))
            elif case is None and each.number not in told:
                outcome.refused.append(Refused(item.place, _NOBODY))
            else:
                opened.setdefault(each.number, at)
                kept.append((item, each))
        return kept

    def _open(
        self, new: Sequence[tuple[Imported, ImportedTicket]], tx: Change | None, outcome: Outcome
    ) -> dict[str, HeldTicket]:
        """Make a case of each ticket, about whoever asked; in a dry run it is dreamt."""
        owners = Buyers(Accounts(self._tx, self._run.store), self._run).owners([item for item, _ in new], tx, outcome)
        accounts = self._tickets.accounts({each.agent.lower() for _, each in new if each.agent})
        outcome.counts["cases", "new"] += len(new)
        cases: list[Case] = []
        made: dict[str, HeldTicket] = {}
        for (_, each), (person, organisation) in zip(new, owners, strict=True):
            case = self._case(each, person, organisation, accounts.get((each.agent or "").lower()), tx)
            cases.append(case)
            made[each.number] = HeldTicket(
                id=-int(each.number), aid=case.aid, person_id=person, organisation_id=organisation or None,
                opened_at=case.opened_at, closed_at=case.closed_at, has_product=case.product_name is not None,
                channel=case.channel, import_id=self._run.id,
            )  # fmt: skip
        if tx is None:
            return made
        numbers = Writing(tx).add(cases)
        outcome.touched += [case.aid for case in cases]
        return {number: replace(case, id=id_) for (number, case), id_ in zip(made.items(), numbers, strict=True)}

    def _case(
        self, each: ImportedTicket, person: int | None, organisation: int | None, agent: str | None, tx: Change | None
    ) -> Case:
        year = today_in_brussels().year
        count = 1 if tx is None else Writing(tx).next_number("case", year)
        importer = "" if self._run.begun is None else self._run.begun.staff_id
        return Case.checked(
            {
                **self._run.provenance(tx).values(),
                "aid": new_aid(Case),
                "number": format_number(Series.CASE, year, count),
                "desk": self._run.store,
                "ticket": each.number,
                "kind": _SUPPORT,
                "channel": each.channel,
                "origin": CaseOrigin.TICKET,
                "product_name": each.product,
                "person_id": person,
                "organisation_id": organisation or None,
                "opened_by": agent or importer,
                "opened_at": _ms(each.opened_at),
                "closed_at": None if each.closed_at is None else _ms(each.closed_at),
                "summary": each.subject,
                "resolution": each.resolution,
            }
        )

    def _update(self, each: ImportedTicket, held: dict[str, HeldTicket], tx: Change | None, outcome: Outcome) -> None:
        """Close the case of a ticket that was closed since, and fill in the product; it is never opened again."""
        case = held[each.number]
        if case.person_id is not None:
            outcome.people.setdefault(case.person_id, "unchanged")
        ends = case.closed_at is None and each.closed_at is not None
        fills = not case.has_product and each.product is not None
        outcome.counts["cases", "changed" if ends or fills else "unchanged"] += 1
        if not (ends or fills):
            return
        ended_at = _ms(each.closed_at) if ends and each.closed_at is not None else None
        held[each.number] = replace(case, closed_at=ended_at or case.closed_at, has_product=case.has_product or fills)
        if tx is None:
            return
        self._run.provenance(tx)
        if EndingTickets(tx).update(case.id, ended_at, each.resolution if ends else None, each.product) != 1:
            raise Conflict("The case was taken away meanwhile.", "Run the import again.")
        if case.import_id != self._run.id:
            note_change(tx, self._run, Case, case.id, case.import_id)
        outcome.touched.append(case.aid)

    def _report(
        self,
        messages: Sequence[ImportedMessage],
        held: Mapping[str, HeldTicket],
        tx: Change | None,
        outcome: Outcome,
    ) -> None:
        """Keep each message once, but for those of somebody else who was erased."""
        known = self._run.messages | self._tickets.messages({held[each.ticket].id for each in messages})
        erased = Suppressions(self._tx).erased(
            [[Addressee(each.sender)] if _is_address(each.sender) else [] for each in messages]
        )
        accounts = self._tickets.accounts({each.agent.lower() for each in messages if each.agent})
        new: list[ContactReport] = []
        for at, each in enumerate(messages):
            case = held[each.ticket]
            if (case.id, each.id) in known:
                outcome.counts["reports", "unchanged"] += 1
            elif at in erased:
                outcome.counts["erased", "kept out"] += 1
            else:
                known.add((case.id, each.id))
                outcome.counts["reports", "new"] += 1
                new.append(self._made_of(each, case, accounts.get((each.agent or "").lower()), tx))
        if tx is None:
            self._run.messages |= known
        else:
            Writing(tx).add(new)

    def _made_of(self, each: ImportedMessage, case: HeldTicket, author: str | None, tx: Change | None) -> ContactReport:
        told = " ".join(part for part in (f"{_TOPICS[each.said]}:", each.subject or f"ticket {each.ticket}") if part)
        return ContactReport.checked(
            {
                **self._run.provenance(tx).values(),
                "case_id": case.id,
                "person_id": case.person_id,
                "organisation_id": case.organisation_id,
                "channel": each.channel if each.channel != "other" else case.channel,
                "contact_at": _ms(each.said_at),
                "author_id": author,
                "message": each.id,
                "topic": told,
                "body": _body(each),
            }
        )


def _body(each: ImportedMessage) -> str | None:
    files = f"{each.attachments} attachment{'s' if each.attachments != 1 else ''}" if each.attachments else ""
    notes = (
        _WITHHELD if each.withheld else "",
        _CUT if each.cut else "",
        _FILES.format(files) if files else "",
    )
    return "\n\n".join(part for part in (each.text or "", *notes) if part) or None


def _is_address(text: str | None) -> bool:
    """Say whether it can be compared as an address at all; who has none cannot be known by it."""
    local, _, host = (text or "").partition("@")
    return bool(local and host) and "@" not in host and " " not in (text or "")


def _ms(moment: dt.datetime) -> int:
    return int(moment.timestamp() * 1000)
