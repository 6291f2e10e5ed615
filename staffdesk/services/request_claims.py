"""Who is sending something for a request: claimed and committed first, so that two officers do not both send it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Final, TypeVar

from staffdesk.data.customers.request_progress import RequestMoves
from staffdesk.data.references import Reference
from staffdesk.data.transaction import Change
from staffdesk.domain.access import Access, Act
from staffdesk.domain.errors import Conflict, LogUnavailable, StorageUnavailable
from staffdesk.domain.request_progress import Progress, Work
from staffdesk.domain.requests import rules
from staffdesk.services.clearance import Clearance
from staffdesk.services.door import Door, Result
from staffdesk.services.request_numbers import REQUEST
from staffdesk.services.request_standing import draft_of, overtaken, read

_MINUTE: Final = 60_000

T = TypeVar("T")
Check = Callable[[Change, Clearance, Progress, Work], T]


class Claims:
    """Claims requests for one session, and gives them back where nothing was sent."""

    def __init__(self, door: Door, *, clock: Callable[[], int]) -> None:
        """Write through ``door``; ``clock`` gives UTC milliseconds."""
        self._door = door
        self._clock = clock

    def take(self, access: Access, known: Reference, what: str, act: Act, check: Check[T]) -> T:
        """Claim a request for what is about to be sent, once ``check`` has passed; return what that gives.

        A claim ends with the next move, when it is given back, or by itself after some minutes (``requests.toml``).
        Raises :class:`Conflict` where another session holds it, and what ``check`` raises.
        """
        kinds = (REQUEST, "sending", what)

        def write(tx: Change, cleared: Clearance) -> tuple[T, Result]:
            moves = RequestMoves(tx)
            moves.hold(known.id)
            progress, work = read(tx, known.id)
            now = self._clock()
            check_free(progress, access.session, now)
            checked = check(tx, cleared, progress, work)
            if moves.claim(progress, access.session, now) != 1:
                raise overtaken()
            return checked, Result(act=act, obj=(known.aid,), kinds=kinds, n=1)

        return self._door.change(access, draft_of(known, kinds, act), write)

    def give_back(self, access: Access, known: Reference, what: str, act: Act) -> None:
        """Let others send what this session did not; where that cannot be written the claim ends by itself."""
        kinds = (REQUEST, "not sent", what)

        def write(tx: Change, _cleared: Clearance) -> tuple[None, Result]:
            moves = RequestMoves(tx)
            moves.hold(known.id)
            progress, _ = read(tx, known.id)
            if progress.claimed_by == access.session:
                moves.claim(progress, None, None)
            return None, Result(act=act, obj=(known.aid,), kinds=kinds, n=1)

        with suppress(LogUnavailable, StorageUnavailable):
            self._door.change(access, draft_of(known, kinds, act), write)


def check_free(progress: Progress, session: str, now: int) -> None:
    """Raise :class:`Conflict` while another session is sending something for a request."""
    claimed = progress.claimed_at
    if claimed is None or progress.claimed_by == session:
        return
    if now < claimed + rules().periods.claim_minutes * _MINUTE:
        raise Conflict("Something is being sent for this request just now.", "Open it again in a minute.")
