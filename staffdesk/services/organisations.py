"""The history of a company: rows of its people, each masked as opening his own record would, no more of him shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from staffdesk.data.customers.company_history import TABLES, CompanyHistory, Happened
from staffdesk.data.customers.held import Holds
from staffdesk.data.customers.merges import merged_into
from staffdesk.data.customers.search import Search
from staffdesk.data.deadline import Deadline
from staffdesk.data.ticket import Ticket
from staffdesk.data.transaction import Read
from staffdesk.domain.access import Access, Act, Level, Relation, Standing
from staffdesk.domain.access_table import ReferenceKind
from staffdesk.domain.classes import PrivacyClass
from staffdesk.domain.company_history import HISTORY, MOST, ON_A_PAGE, CompanyPage, Happening, LeftOut, told
from staffdesk.domain.errors import BadInput, NotFound
from staffdesk.domain.licence_requests import rules
from staffdesk.domain.policy import AccessMatrix
from staffdesk.domain.records import Cell, Match, Row
from staffdesk.services.cells import Cells, iso
from staffdesk.services.clearance import Clearance, Wanted
from staffdesk.services.door import Door, Draft, Result
from staffdesk.services.held_rows import listable, may_read, reads_held
from staffdesk.services.hits import hits
from staffdesk.services.listings import receivable, relations_to

_CASE, _ORDER, _LICENCE, _BOUNCE = "support_case", "sales_order", "licence", "person"
_CLASSES: Final[Mapping[str, PrivacyClass]] = {
    _CASE: PrivacyClass.CASE,
    "contact_report": PrivacyClass.REPORT,
    _ORDER: PrivacyClass.PURCHASE,
    _LICENCE: PrivacyClass.LICENCE,
    _BOUNCE: PrivacyClass.CONTACT,
}
"""What a row of a table shows, as the entry says it."""
_OF_SOMEBODY: Final = frozenset({_CASE, "contact_report"})
"""The tables whose rows name nobody only after whose they were is gone: an order may be the company's own."""

Told = tuple[CompanyPage, tuple[str, ...], tuple[Relation, ...]]
"""A page, the audit ids of whose rows are on it, and how the employee stands to them, taken together."""


class Organisations:
    """Tells what the people of a company said, asked and bought; each page is an entry that names them."""

    def __init__(self, door: Door, matrix: AccessMatrix) -> None:
        """Go through ``door``, mask by ``matrix``."""
        self._door = door
        self._matrix = matrix

    def history(
        self, access: Access, organisation: int, page: int = 1, deadline: Deadline | None = None
    ) -> CompanyPage:
        """Return a page of a company's history, newest first; the first has its licences besides.

        A break-glass is for one record, so it opens nothing here. Raises :class:`BadInput` for a page there is never,
        :class:`NotFound` where there is no such company.
        """
        size = min(ON_A_PAGE, self._matrix.limits.rows)
        if not 1 <= page <= MOST // size:
            raise BadInput("There is no such page.", f"Pages are 1 to {MOST // size}.")
        draft = Draft(
            wanted=Wanted(act=Act.CUSTOMER_OPENED, record=("organisation", organisation)),
            level=Level.OPENED,
            kinds=("organisation", HISTORY),
            n=1,
        )

        def read(tx: Read, cleared: Clearance, ticket: Ticket) -> Told:
            if not may_read(tx, cleared, "organisation", organisation):
                raise NotFound("There is no such record.", "Search again: it may have been merged or erased.")
            # Finance is told of orders and licences alone, as in a record: what it may not know of is no row here.
            cells = Cells(self._matrix, _as_of_somebody_else(cleared))
            tables = tuple(table for table in TABLES if cells.sees(table))
            history = CompanyHistory(tx)
            newest = history.newest(organisation, MOST, tables)
            licences = history.newest(organisation, size, (_LICENCE,)) if page == 1 and _LICENCE in tables else ()
            asked = _Asked(tx, cleared, (*newest[:MOST], *licences[:size]))
            told_of = [each for each in newest[:MOST] if asked.why(each) is None]
            here = told_of[(page - 1) * size : page * size]
            beside = [each for each in licences[:size] if asked.why(each) is None]
            rows = _Rows(history, cells, asked.people, (*here, *beside))
            people = asked.of((*here, *beside))
            known = CompanyPage(
                organisation=organisation,
                page=page,
                happenings=tuple(map(rows.happening, here)),
                licences=tuple(map(rows.happening, beside)),
                left_out=Counter(why for each in newest[:MOST] if (why := asked.why(each)) is not None),
                more=len(told_of) > page * size,
                older=len(newest) > MOST,
                seq=ticket.seq,
            )
            aids = (*(match.aid for match in people), *merged_into(tx, [match.id for match in people]).values())
            return known, aids, relations_to(tx, cleared, people)

        known, _, _ = self._door.look(replace(access, break_glass=None), draft, read, _listed, deadline)
        return known


def _listed(found: Told) -> Result:
    """Return the entry of a page: whose rows came, and what they show of them."""
    page, aids, rel = found
    rows = [each.row.table for each in (*page.happenings, *page.licences)]
    return Result(
        act=Act.CUSTOMER_LISTED,
        level=Level.LISTED,
        obj=aids,
        kinds=(HISTORY, *(_CLASSES[table].value for table in TABLES if table in rows)),
        n=len(rows),
        rel=rel,
    )


def _as_of_somebody_else(cleared: Clearance) -> Clearance:
    """Return what this access is worth to a record that its reference is not about: that of any colleague there."""
    return replace(cleared, standing=Standing.CLAIMED, reference_kind=ReferenceKind.OUTSIDE, glass=None)


class _Asked:
    """Of rows whose they are, and which of them this employee may not be told of."""

    def __init__(self, tx: Read, cleared: Clearance, rows: Sequence[Happened]) -> None:
        whose = sorted({each.person for each in rows if each.person is not None})
        matches = Search(tx, len(whose)).by_numbers(whose)
        received = receivable(matches, cleared)
        self.people: Mapping[int, Match] = {match.id: match for match in listable(tx, cleared, received)}
        self._closed = {match.id for match in matches} - {match.id for match in received}
        by_table: dict[str, list[int]] = {}
        for each in rows:
            by_table.setdefault(each.table, []).append(each.id)
        self._held = {} if reads_held(cleared) else Holds(tx).among(by_table)

    def why(self, each: Happened) -> LeftOut | None:
        """Say why a row is left out, or nothing where it is told."""
        if each.person is None and each.table in _OF_SOMEBODY:
            return LeftOut.NOBODY
        if each.person in self._closed:
            return LeftOut.CLOSED
        hidden = each.person is not None and each.person not in self.people
        return LeftOut.RESTRICTED if hidden or each.id in self._held.get(each.table, ()) else None

    def of(self, rows: Sequence[Happened]) -> tuple[Match, ...]:
        """Return whose these rows are, each once."""
        whose = dict.fromkeys(each.person for each in rows if each.person is not None)
        return tuple(self.people[number] for number in whose)


class _Rows:
    """The rows of a page as the role sees them, read by their numbers."""

    def __init__(
        self, history: CompanyHistory, cells: Cells, people: Mapping[int, Match], rows: Sequence[Happened]
    ) -> None:
        ids = {table: [each.id for each in rows if each.table == table] for table in TABLES}
        self._cells = cells
        self._values = {table: history.rows(table, found) for table, found in ids.items() if table != _BOUNCE}
        self._lines = history.first_lines(ids[_ORDER])
        self._requests = history.licence_requests(ids[_CASE])
        self._names = {hit.id: hit.title for hit in hits(tuple(people.values()), cells, (), ())}

    def happening(self, each: Happened) -> Happening:
        """Return one of them."""
        values = self._values.get(each.table, {}).get(each.id)
        row = Row(each.table, each.id, {}) if values is None else self._cells.row(each.table, values)
        kind = self._requests.get(each.id, "") if each.table == _CASE else ""
        what, number, about = told(row, request=rules().kind(kind).title if kind else "", line=self._line(each))
        who = "" if each.person is None else self._names.get(each.person, "")
        at = iso(each.at) if each.day is None else each.day.isoformat()
        return Happening(at, what, number, about, who, each.person, row)

    def _line(self, each: Happened) -> Cell | None:
        line = self._lines.get(each.id) if each.table == _ORDER else None
        return None if line is None else self._cells.row("order_line", line).cells["description"]
