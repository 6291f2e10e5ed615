"""Somebody new, taken down from a call or a mail: first who he may be of those on file, then his record."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from staffdesk.data.case_lists import CaseLists, OpenCase
from staffdesk.data.customers.digests import Addressee
from staffdesk.data.customers.fields import Fields
from staffdesk.data.customers.objections import Returning
from staffdesk.data.customers.search import MOST_LOOKED_AT, Search
from staffdesk.data.customers.writing import Writing, new_aid
from staffdesk.data.deadline import Deadline
from staffdesk.data.log import Opened
from staffdesk.data.tables.declaration import Record
from staffdesk.data.tables.people import Organisation, Person
from staffdesk.data.tables.support import ContactReport
from staffdesk.data.ticket import Ticket
from staffdesk.data.transaction import Change, Read
from staffdesk.domain.access import Access, Act, Relation
from staffdesk.domain.access_table import ReferenceKind
from staffdesk.domain.classes import Exposure, PrivacyClass
from staffdesk.domain.errors import BadInput, Denied, NotFound, SessionEnded, WasErased
from staffdesk.domain.identifiers import Identifier, Recognised, normal_email
from staffdesk.domain.matters import Actor
from staffdesk.domain.new_people import Added, Company, NewPerson, Twins
from staffdesk.domain.phone_numbers import normal_phone, phone_candidates
from staffdesk.domain.policy import AccessMatrix
from staffdesk.domain.provenance import Source
from staffdesk.domain.records import Hit, Match, Page
from staffdesk.domain.screening import warm
from staffdesk.domain.words import cut, sort_name, terms
from staffdesk.domain.written_reasons import written_reason
from staffdesk.services.cases import source_of
from staffdesk.services.cells import Cells
from staffdesk.services.clearance import Clearance, Wanted, may_see_country, today_in_brussels
from staffdesk.services.door import Door, Draft, Result
from staffdesk.services.held_rows import listable
from staffdesk.services.hits import hits
from staffdesk.services.listings import listing, receivable, relations_to
from staffdesk.services.new_person import OF_PERSON, checked, of_field

_EVENT: Final = "event"
_COMPANIES: Final = 5
_FIRST_CONTACT: Final = "first contact"
Found = tuple[Page, tuple[Relation, ...], tuple[Company, ...]]
"""A page, how the employee stands to those on it, and the companies listed beside it."""


class NewCustomers:
    """Finds the possible twins of somebody new, and adds him under the case in hand."""

    def __init__(self, door: Door, matrix: AccessMatrix) -> None:
        """Read and write through ``door``, mask by ``matrix``."""
        self._door = door
        self._matrix = matrix

    def twins(self, access: Access, new: NewPerson, deadline: Deadline | None = None) -> Twins:
        """Return who has the same e-mail, telephone or name, masked, and the companies on file with such a name.

        It needs a case of one's own in hand, since more is compared than a role may search by. Raises
        :class:`BadInput` (its ``field`` names the one of the form) and :class:`MustNotBeHeld`.
        """
        new = checked(new)
        draft = Draft(
            wanted=Wanted(act=Act.CUSTOMER_SEARCH),
            kinds=("twins", *(kind for kind, _ in _asked(new))),
            openings=tuple(Opened(f"term.{kind}", text) for kind, text in _asked(new)),
        )

        def read(tx: Read, cleared: Clearance, ticket: Ticket) -> Found:
            _check_case(cleared)
            rows = self._matrix.limits.rows
            cells = Cells(self._matrix, cleared)
            listed: dict[int, tuple[Match, Hit]] = {}
            for matches, named, readings in _look(tx, new):
                open_to = listable(tx, cleared, receivable(matches, cleared))
                for match, hit in zip(open_to, hits(open_to, cells, named, readings), strict=True):
                    before = listed.get(match.id)
                    by = hit.found_by if before is None else f"{before[1].found_by}, {hit.found_by}"
                    listed[match.id] = (match, replace(hit, found_by=by))
            chosen = list(listed.values())[:rows]
            page = Page(hits=tuple(hit for _, hit in chosen), more=len(listed) > rows, seq=ticket.seq)
            companies = _companies(tx, new, cleared, cells)
            return page, relations_to(tx, cleared, tuple(match for match, _ in chosen)), companies

        def shown(found: Found) -> Result:
            page, rel, companies = found
            result = listing((page, rel))
            kinds = (*result.kinds, *(("organisation",) if companies else ()))
            aids = (*result.obj, *(each.aid for each in companies))
            return replace(result, obj=aids, kinds=kinds, n=len(aids))

        page, _, companies = self._door.look(access, draft, read, shown, deadline)
        return Twins(page, companies)

    def add(self, access: Access, new: NewPerson, company: int | None = None, returning: str | None = None) -> Added:
        """Add a person, his company or both under one's own case in hand that names nobody, and him from then on.

        ``company`` is the organisation on file he belongs to; else one is added where the form names it. The source is
        the way the case came. Who was erased at his own request is added only with ``returning``, the reason
        why he is a customer again, which the log keeps. Raises as :meth:`twins`, :class:`NotFound` for an organisation
        that is gone, :class:`WasErased`, and :class:`Denied` for a country that may not be received.
        """
        new = checked(new)
        warm()  # before anybody waits for the transaction: the report of the contact is screened there
        why = None if returning is None else written_reason(returning)
        kind = "person" if new.names_a_person else "organisation"
        draft = Draft(wanted=Wanted(act=Act.CUSTOMER_ADDED), kinds=(kind,))

        def write(tx: Change, cleared: Clearance) -> tuple[Added, Result]:
            if cleared.actor is None:
                raise SessionEnded("You are not signed in.", "Sign in again.")
            case = _case_in_hand(tx, cleared)
            returned = _let_return(tx, new, why)
            adding = _Adding(tx, cleared.actor, case, new, today_in_brussels())
            organisation = adding.organisation(company)
            person = adding.person(organisation) if new.names_a_person else None
            if person is not None:
                adding.report(person, organisation, cleared.actor.staff_id)
            tied = CaseLists(tx).tie(case.id, cleared.actor.staff_id, person, organisation) == 1
            kinds = (*adding.kinds, *(("case.tied",) if tied else ()), *(("returned",) if returned else ()))
            result = Result(
                act=Act.CUSTOMER_ADDED,
                obj=(*adding.aids, case.aid),
                kinds=kinds,
                n=len(adding.kinds),
                openings=(Opened("reason.returned", why),) if returned and why is not None else (),
            )
            return Added(person, organisation, tied), result

        return self._door.change(access, draft, write)


class _Adding:
    """The records of one new person, as they are written."""

    def __init__(self, tx: Change, actor: Actor, case: OpenCase, new: NewPerson, today: dt.date) -> None:
        self._tx = tx
        self._actor = actor
        self._writing = Writing(tx)
        self._case = case
        self._new = new
        self._origin = _origin(tx, case, new, today)
        self.aids: list[str] = []
        self.kinds: list[str] = []

    def organisation(self, known: int | None) -> int | None:
        """Return the organisation on file that was chosen, or a new one of the name in the form."""
        if known is not None:
            row = Fields(self._tx).row("organisation", known)
            if row is None:
                raise NotFound("This organisation is not on file any more.", "Look again: press Enter in the form.")
            if not may_see_country(self._actor, row["country"]).allowed:
                raise Denied("This organisation may not be received here.", "Ask a colleague employed in Brussels.")
            self.aids.append(str(row["aid"]))
            return known
        if self._new.company is None:
            return None
        values = {"name": self._new.company, "country": self._new.country}
        return self._add(Organisation, "organisation", values)

    def person(self, organisation: int | None) -> int:
        """Add the person."""
        values = {name: getattr(self._new, name) for name in (*OF_PERSON, "country", "language")}
        return self._add(Person, "person", {**values, "organisation_id": organisation})

    def report(self, person: int, organisation: int | None, author: str) -> None:
        """Add the report of the contact by which the person became known (privacy policy, B.c)."""
        values: dict[str, object] = {
            "case_id": self._case.id,
            "person_id": person,
            "organisation_id": organisation,
            "channel": self._case.channel,
            "contact_at": time.time_ns() // 1_000_000,
            "author_id": author,
            "topic": _FIRST_CONTACT,
        }
        self._writing.add([ContactReport.checked({**self._origin, **values})])

    def _add(self, record: type[Record], kind: str, values: Mapping[str, object]) -> int:
        aid = new_aid(record)
        (number,) = self._writing.add([record.checked({**self._origin, "aid": aid, **values})])
        self.aids.append(aid)
        self.kinds.append(kind)
        return number


def _let_return(tx: Change, new: NewPerson, why: str | None) -> bool:
    """Say whether he was erased once; then he comes back by a decision alone, and mail stays away from him."""
    addressee = Addressee(new.email, new.phone, new.country)
    returning = Returning(tx)
    if not returning.erased([[addressee]]):
        return False
    if why is None:
        raise WasErased(
            "Somebody with this address or telephone was erased at his own request.",
            "If he is a customer again, say why: staffdesk customers add --returning REASON",
        )
    returning.let_return(addressee)
    return True


def _asked(new: NewPerson) -> Iterator[tuple[str, str]]:
    """Yield by what the people on file are compared, and its text."""
    name = " ".join(part for part in (new.given_name, new.family_name) if part)
    for kind, text in (("email", new.email), ("phone", new.phone), ("name", name), ("company", new.company)):
        if text:
            yield kind, text


def _look(tx: Read, new: NewPerson) -> Iterator[tuple[tuple[Match, ...], tuple[str, ...], tuple[Recognised, ...]]]:
    """Yield the people on file by each identifier the new one has, with what a list says they were found by."""
    search = Search(tx, MOST_LOOKED_AT)
    if new.email:
        address = normal_email(new.email)
        yield search.by_identifier(Identifier.EMAIL, address), (), (Recognised(Identifier.EMAIL, address),)
    if new.phone:
        placed = normal_phone(new.phone, new.country)
        numbers = dict.fromkeys((*((placed,) if placed else ()), *phone_candidates(new.phone)))
        if numbers:
            yield search.by_phone(tuple(numbers)), (), (Recognised(Identifier.PHONE, next(iter(numbers))),)
    name = " ".join(part for part in (new.given_name, new.family_name) if part)
    asked = terms(name)
    if asked:
        found = search.by_words(asked, names=True, companies=False)
        yield tuple(match for match in found if _is_called(match, name)), asked, ()


def _is_called(match: Match, name: str) -> bool:
    """Say whether each word of a name is a word of this person's, whole."""
    words = {word for text in (match.given_name, match.family_name) if text for word in cut(text)}
    return set(cut(name)) <= words


def _companies(tx: Read, new: NewPerson, cleared: Clearance, cells: Cells) -> tuple[Company, ...]:
    if new.company is None or cleared.actor is None or cells.exposure(PrivacyClass.COMPANY) is not Exposure.SHOWN:
        return ()
    actor = cleared.actor
    found = Search(tx, MOST_LOOKED_AT).companies(sort_name(new.company))
    return tuple(each for each in found if may_see_country(actor, each.country or None).allowed)[:_COMPANIES]


def _check_case(cleared: Clearance) -> None:
    case, actor = cleared.reference, cleared.actor
    if case is None or cleared.reference_kind is not ReferenceKind.CASE:
        raise BadInput("Somebody new is taken down under an open case.", "Start one: Ctrl+N, or staffdesk case new.")
    if actor is None or case.made_by != actor.staff_id:
        raise BadInput(
            "Somebody new is taken down under a case of your own.", "Start one: Ctrl+N, or staffdesk case new."
        )


def _case_in_hand(tx: Change, cleared: Clearance) -> OpenCase:
    _check_case(cleared)
    case = CaseLists(tx).open_case(cleared.number or "")
    if case is None:
        raise BadInput("The case in hand was closed meanwhile.", "Start one: Ctrl+N, or staffdesk case new.")
    if case.person_id is not None:
        raise BadInput("The case in hand names somebody already.", "Start another one: Ctrl+N, or staffdesk case new.")
    return case


def _origin(tx: Change, case: OpenCase, new: NewPerson, today: dt.date) -> dict[str, object]:
    """Return where a new record comes from: the way the case came; an event is named, a partner is on file (B)."""
    source = source_of(case.channel)
    at_event = case.channel == _EVENT
    if at_event and not new.event:
        raise of_field("event", BadInput("Whom we met at an event came from it.", "Name the event."))
    if at_event:
        source = Source.EVENT_OWN if new.partner is None else Source.EVENT_PARTNER
    elif new.partner is not None:
        source = Source.PARTNER
    if new.partner is not None:
        row = Fields(tx).row("organisation", new.partner)
        if row is None or not row["is_partner"]:
            raise of_field("partner", BadInput("There is no partner with this number.", "Give a partner on file."))
    return {
        "source": source,
        "obtained_on": today,
        "event": new.event if at_event else None,
        "partner_id": new.partner,
    }
