"""What was found where a person's data may be outside the desk: each place is noted before anything is decided."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Final

from staffdesk.data.customers.request_progress import RequestMoves
from staffdesk.data.transaction import Change
from staffdesk.domain.access import Access, Act
from staffdesk.domain.errors import BadInput, Conflict
from staffdesk.domain.request_moves import Move
from staffdesk.domain.request_progress import Progress
from staffdesk.domain.request_work import Searched, place, places
from staffdesk.domain.requests import ANSWERED, RequestState, RequestType
from staffdesk.domain.screening import FieldKind, refuse_forbidden
from staffdesk.domain.text import optional_line
from staffdesk.services.clearance import Clearance
from staffdesk.services.door import Door, Result
from staffdesk.services.moving import Moving
from staffdesk.services.request_letters import retell
from staffdesk.services.request_numbers import REQUEST, known_request
from staffdesk.services.request_standing import actor_of, check_officer, draft_of, next_of, read
from staffdesk.services.sessions import day_in_brussels, utc_ms

_LONGEST: Final = 300
_CLEARING: Final = frozenset({RequestState.NOTIFYING, RequestState.REPLYING})


class Searches:
    """Notes what was searched for a request."""

    def __init__(
        self, door: Door, *, clock: Callable[[], int] = utc_ms, moving: Callable[[], Moving] | None = None
    ) -> None:
        """Write through ``door``; ``clock`` gives UTC milliseconds.

        ``moving`` makes the desk's own move once the last place is cleared; without it ``told`` does.
        """
        self._door = door
        self._moving = moving
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

        After an erasure each place in which something was found is noted again: deleted there, or why it stays, with
        what shows it; once none is left the desk goes on. Raises :class:`BadInput` for no place of the list, or where
        that is not said, :class:`Conflict` for a request that is answered, :class:`Denied`.
        """
        known = known_request(self._door, access, number)
        told = optional_line(evidence, _LONGEST) or ""
        refuse_forbidden(told, FieldKind.NOTE)
        said = {place(code).code: outcome for code, outcome in found.items()}

        def write(tx: Change, cleared: Clearance) -> tuple[tuple[int, Progress, Move | None], Result]:
            check_officer(cleared)
            moves, actor = RequestMoves(tx), actor_of(cleared)
            moves.hold(known.id)
            progress, work = read(tx, known.id)
            if progress.state in ANSWERED:
                raise Conflict("This request is answered.", "Open it again.")
            left = {each.code for each in places().places} - work.searched
            searched = {**({} if others is None else dict.fromkeys(left, others)), **said}
            if progress.kind is RequestType.ERASE and progress.state in _CLEARING:
                _check_clears(searched, work.uncleared, told)
            for code, outcome in searched.items():
                moves.check(known.id, code, outcome, told, actor, self._clock())
            if progress.kind is RequestType.ERASE and progress.state in _CLEARING:
                retell(tx, known.id)
            n, clears = len(searched), bool(work.uncleared) and progress.state is RequestState.NOTIFYING
            following = next_of(tx, known.id, cleared, day_in_brussels(self._clock()))[1] if clears else None
            result = Result(act=Act.REQUEST_MOVED, obj=(known.aid,), kinds=_kinds(searched), n=n)
            return (n, progress, following), result

        n, progress, following = self._door.change(access, draft_of(known, _kinds(said)), write)
        if following is not None and self._moving is not None:
            self._moving().go_on(access, known, progress, following)
        return n


def _check_clears(searched: Mapping[str, Searched], uncleared: Collection[str], told: str) -> None:
    """Raise :class:`BadInput` where something was found and is neither shown to be deleted nor said why it stays."""
    for code in searched.keys() & uncleared:
        if searched[code] is Searched.NOTHING or not told:
            raise BadInput(
                "Something was found there: say that it is deleted, or why it stays, and what shows it.",
                "done where it is deleted, evidence where it stays, with --evidence.",
            )


def _kinds(searched: Iterable[str]) -> tuple[str, ...]:
    return REQUEST, "searched", *sorted(searched)
