"""Pairs of records over everybody on file that are likely one person's: privacy's work-list, as after an import.

Each page is a look: the entry that names everybody on it is committed before it is shown. Who is restricted, held by
law, contested or not to be received by this employee's company is on none: such records are not put together.
"""

from __future__ import annotations

from collections import Counter
from typing import Final

from staffdesk.data.customers.contested import ContestedFields
from staffdesk.data.customers.held import Holds
from staffdesk.data.customers.search import Search
from staffdesk.data.customers.twin_pairs import TwinPairs
from staffdesk.data.deadline import Deadline
from staffdesk.data.ticket import Ticket
from staffdesk.data.transaction import Read
from staffdesk.domain.access import Access, Act, Level, Relation, Role
from staffdesk.domain.errors import Denied
from staffdesk.domain.likely_same import Likeness
from staffdesk.domain.policy import AccessMatrix
from staffdesk.domain.records import Match
from staffdesk.domain.twin_pairs import BEGINNING, PairPage, PairsAfter, TwinPair
from staffdesk.services.cells import Cells
from staffdesk.services.clearance import Clearance, Wanted
from staffdesk.services.door import Door, Draft, Result
from staffdesk.services.hits import hits
from staffdesk.services.listings import receivable, relations_to
from staffdesk.services.merging import told

_PERSON: Final = "person"
_KIND: Final = "pairs"
_PATIENCE_SECONDS: Final = 30.0
"""Everybody on file is looked through, which nobody waits for in a call; each statement is short."""

_Listed = tuple[PairPage, tuple[Relation, ...]]


class Pairs:
    """Lists them."""

    def __init__(self, door: Door, matrix: AccessMatrix) -> None:
        """Go through ``door``, mask by ``matrix``, which also says how many rows a list has."""
        self._door = door
        self._matrix = matrix

    def page(self, access: Access, after: PairsAfter = BEGINNING, deadline: Deadline | None = None) -> PairPage:
        """Return the pairs after a place, the likeliest of the page first, masked, each record named in the log.

        Half as many pairs as a list has rows, since each is two. Raises :class:`Denied` for whoever is not privacy.
        """
        draft = Draft(wanted=Wanted(act=Act.CUSTOMER_SEARCH), kinds=(_KIND,))

        def read(tx: Read, cleared: Clearance, ticket: Ticket) -> _Listed:
            if cleared.role is not Role.PRIVACY:
                raise Denied("Privacy goes through everybody on file.", "On a record, s lists who is likely the same.")
            found = TwinPairs(tx, self._matrix.limits.rows // 2).page(after)
            open_to = _open_to(tx, cleared, sorted({number for pair in found.pairs for number in pair}))
            listed = [pair for pair in found.pairs if open_to.keys() >= {*pair}]
            matches = tuple(open_to[number] for number in dict.fromkeys(each for pair in listed for each in pair))
            shown = {hit.id: hit for hit in hits(matches, Cells(self._matrix, cleared), (), ())}
            pairs = tuple(
                TwinPair(shown[one], shown[other], told(found.pairs[one, other].found_by)) for one, other in listed
            )
            many = Counter(likeness for likeness, _ in found.too_many)
            left_out = {each: many[each] for each in Likeness if many[each]}
            page = PairPage(pairs, found.after, found.looked, left_out, found.waiting, ticket.seq)
            return page, relations_to(tx, cleared, matches)

        longer = Deadline(_PATIENCE_SECONDS) if deadline is None else None
        page, _ = self._door.look(access, draft, read, _entry, deadline, longer=longer)
        return page


def _open_to(tx: Read, cleared: Clearance, numbers: list[int]) -> dict[int, Match]:
    """Return of these people those who may be put together, as a list shows them."""
    held = Holds(tx).among({_PERSON: numbers}).get(_PERSON, frozenset())
    kept_back = held | ContestedFields(tx).of_people(numbers).keys()
    matches = Search(tx, len(numbers)).by_numbers([number for number in numbers if number not in kept_back])
    return {match.id: match for match in receivable(matches, cleared)}


def _entry(found: _Listed) -> Result | None:
    """Return the entry that names the listed; none where nobody is."""
    page, rel = found
    aids = tuple(dict.fromkeys(hit.aid for pair in page.pairs for hit in (pair.one, pair.other)))
    if not aids:
        return None
    kinds = (_KIND, _PERSON)
    return Result(act=Act.CUSTOMER_LISTED, level=Level.LISTED, obj=aids, kinds=kinds, n=len(aids), rel=rel)
