"""Which keys a request's page names first: what leads on from where it stands, then what is read beside it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from staffdesk.domain.marketing import TaskState
from staffdesk.domain.request_board import choices
from staffdesk.domain.request_pages import RequestPage
from staffdesk.domain.requests import ANSWERED, OPEN_TO_CORRECTIONS, RequestState, RequestType
from staffdesk.tui.screens.request_assessing import PACKAGED

_RETRY: Final = "app.retry"
_GO_ON, _PLAN, _OTHERS = "request.go-on", "request.plan", "request.others"
_SEARCHED: Final = "request.searched"
_TOLD: Final = "request.told"
_BESIDE: Final = (_OTHERS, "request.customer", _PLAN, _TOLD, "request.copy", "request.who", _SEARCHED)
"""What is of use in any state, the most useful first."""
_SEARCHES: Final = frozenset({RequestState.ACKNOWLEDGED, RequestState.ASSESSMENT})
_WRITTEN: Final = frozenset({RequestState.ASSESSMENT, RequestState.DECISION, RequestState.REPLYING})
"""Where it may be said what of others a package shows."""


def keys_of(page: RequestPage) -> tuple[str, ...]:
    """Return the ids of the commands of a request's page, the most useful where it stands first.

    Where it is answered and no move leads on, a move comes last.
    """
    over = page.request.state in ANSWERED and not choices(page.standing.offers).leading
    moves = (*_beside(page), *_BESIDE, _GO_ON) if over else (_GO_ON, *_beside(page), *_BESIDE)
    return tuple(dict.fromkeys((_RETRY, *_leading(page), *moves)))


def _leading(page: RequestPage) -> Iterator[str]:
    """Yield what has to be done by a key of its own before a move leads on."""
    request, work = page.request, page.standing.work
    untold = request.state in ANSWERED and work.restriction.untold
    if request.state == RequestState.NOTIFYING or untold:
        if work.uncleared and request.kind == RequestType.ERASE and TaskState.OPEN not in work.recipients:
            yield _SEARCHED
        yield _TOLD
    if page.sends:
        yield "request.send"
    if request.state == RequestState.APPROVAL:
        yield _PLAN
    if request.state in _SEARCHES and (work.unanswered or not work.all_searched):
        yield _SEARCHED
    if request.kind == RequestType.RECTIFY and request.state in OPEN_TO_CORRECTIONS:
        yield "request.correct"


def _beside(page: RequestPage) -> Iterator[str]:
    """Yield what of others a package shows where one is made, and who was told where somebody has been."""
    if page.request.kind in PACKAGED and page.request.state in _WRITTEN:
        yield _OTHERS
    if page.request.state == RequestState.REPLYING:
        yield _TOLD
