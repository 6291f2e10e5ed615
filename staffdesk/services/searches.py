"""What was found where a person's data may be outside the desk: each place is noted before anything is decided."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from staffdesk.data.customers.request_progress import RequestMoves
from staffdesk.data.transaction import Change
from staffdesk.domain.access import Access, Act
from staffdesk.domain.errors import Conflict
from staffdesk.domain.request_work import Searched, place, places
from staffdesk.domain.requests import ANSWERED
from staffdesk.domain.screening import refuse_forbidden
from staffdesk.domain.text import optional_line
from staffdesk.services.clearance import Clearance
from staffdesk.services.door import Door, Result
from staffdesk.services.request_numbers import REQUEST, known_request
from staffdesk.services.request_standing import actor_of, check_officer, draft_of, read
from staffdesk.services.sessions import utc_ms

_LONGEST: Final = 300


class Searches:
    """Notes what was searched for a request."""

    def __init__(self, door: Door, *, clock: Callable[[], int] = utc_ms) -> None:
        """Write through ``door``; ``clock`` gives UTC milliseconds."""
        self._door = door
        self._clock = clock

    def note(
        self,
        access: Access,
        number: str,
        found: Mapping[str, Searched],
        evidence: str = "",
        *,
        others: Searched | None = None,
    ) -> int:
        """Note what was found in places outside the desk, and return how many; a later note replaces an earlier one.

        ``others`` is what was found in all places that are neither among ``found`` nor noted before.

        Raises :class:`BadInput` for no place of the list, :class:`Conflict` for a request that is answered,
        :class:`Denied`.
        """
        known = known_request(self._door, access, number)
        told = optional_line(evidence, _LONGEST) or ""
        refuse_forbidden(told)
        said = {place(code).code: outcome for code, outcome in found.items()}

        def write(tx: Change, cleared: Clearance) -> tuple[int, Result]:
            check_officer(cleared)
            moves, actor = RequestMoves(tx), actor_of(cleared)
            moves.hold(known.id)
            progress, work = read(tx, known.id)
            if progress.state in ANSWERED:
                raise Conflict("This request is answered.", "Open it again.")
            left = {each.code for each in places().places} - work.searched
            searched = {**({} if others is None else dict.fromkeys(left, others)), **said}
            for code, outcome in searched.items():
                moves.check(known.id, code, outcome, told, actor, self._clock())
            n = len(searched)
            return n, Result(act=Act.REQUEST_MOVED, obj=(known.aid,), kinds=_kinds(searched), n=n)

        return self._door.change(access, draft_of(known, _kinds(said)), write)


def _kinds(searched: Iterable[str]) -> tuple[str, ...]:
    return REQUEST, "searched", *sorted(searched)
