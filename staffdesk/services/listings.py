"""What every listing has in common: whom this employee's company may receive, and the entry that names the listed."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from staffdesk.data.customers.search import MOST_LOOKED_AT, Search
from staffdesk.data.deadline import Deadline
from staffdesk.data.ticket import Ticket
from staffdesk.data.transaction import Read
from staffdesk.domain.access import Access, Act, Level, Relation
from staffdesk.domain.policy import AccessMatrix
from staffdesk.domain.records import Match, Page
from staffdesk.services.cells import Cells
from staffdesk.services.clearance import Clearance, Wanted, may_see_country, relations_among
from staffdesk.services.door import Door, Draft, Result
from staffdesk.services.held_rows import listable
from staffdesk.services.hits import hits

Listed = tuple[Page, tuple[Relation, ...]]
"""A page and how the employee stands to those on it, taken together."""

_SAME_COMPANY: Final = "same company"


class Listings:
    """Lists people who belong to the one whose record is open."""

    def __init__(self, door: Door, matrix: AccessMatrix) -> None:
        """Go through ``door``, mask by ``matrix``."""
        self._door = door
        self._matrix = matrix

    def colleagues(self, access: Access, customer: int, deadline: Deadline | None = None) -> Page:
        """Return the others at a customer's organisation, by name, masked, at most as many as a search lists.

        Nobody where this employee's company may not receive the organisation: who works together would tell of it.
        """
        return self._people(access, ("person", customer), deadline)

    def people_of(self, access: Access, organisation: int, deadline: Deadline | None = None) -> Page:
        """Return the people of an organisation, as :meth:`colleagues`."""
        return self._people(access, ("organisation", organisation), deadline)

    def _people(self, access: Access, record: tuple[str, int], deadline: Deadline | None) -> Page:
        draft = Draft(wanted=Wanted(act=Act.CUSTOMER_SEARCH, record=record), kinds=("colleagues",))

        def read(tx: Read, cleared: Clearance, ticket: Ticket) -> Listed:
            subject = cleared.subject
            if subject is None or subject.organisation_id is None:
                return Page(hits=(), seq=ticket.seq), ()
            rows = self._matrix.limits.rows
            found = Search(tx, MOST_LOOKED_AT).colleagues(subject.organisation_id, subject.person_id or 0)
            known = tuple(match for match in receivable(found, cleared) if match.company is not None)
            open_to = listable(tx, cleared, known)
            shown = hits(open_to[:rows], Cells(self._matrix, cleared), (), ())
            page = Page(
                hits=tuple(replace(hit, found_by=_SAME_COMPANY) for hit in shown),
                more=len(open_to) > rows,
                seq=ticket.seq,
            )
            return page, relations_to(tx, cleared, open_to[:rows])

        page, _ = self._door.look(access, draft, read, listing, deadline)
        return page


def receivable(found: tuple[Match, ...], cleared: Clearance) -> tuple[Match, ...]:
    """Leave out whom this employee's company may not receive, and the names of such companies: a list is a transfer.

    What belongs to nobody known is where its company is.
    """
    actor = cleared.actor
    if actor is None:
        return ()
    countries = {country for match in found for country in (match.country, match.company_country)}
    open_to = {country: may_see_country(actor, country).allowed for country in countries}
    return tuple(
        match if match.company is None or open_to[match.company_country] else replace(match, company=None)
        for match in found
        if open_to[match.company_country if match.customer is None else match.country]
    )


def relations_to(tx: Read, cleared: Clearance, matches: tuple[Match, ...]) -> tuple[Relation, ...]:
    """Return how the employee stands to these people, taken together."""
    if cleared.actor is None:
        return ()
    people = {match.customer for match in matches if match.customer is not None}
    return relations_among(tx, cleared.actor, people, " ".join(match.relation_keys for match in matches))


def listing(found: Listed) -> Result:
    """Return the entry of a page: who was listed, of which kinds, how many."""
    page, rel = found
    return Result(
        rel=rel,
        act=Act.CUSTOMER_LISTED,
        level=Level.LISTED,
        obj=tuple(dict.fromkeys(hit.aid for hit in page.hits if hit.aid)),
        kinds=("suggestion",) if page.suggestion else tuple(dict.fromkeys(hit.kind.value for hit in page.hits)),
        n=len(page.hits),
    )
