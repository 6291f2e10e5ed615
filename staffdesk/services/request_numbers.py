"""From the number of a request to the request, before anything of it is looked at."""

from __future__ import annotations

from typing import Final

from staffdesk.data.references import Reference, References
from staffdesk.data.transaction import Append
from staffdesk.domain.access import Access
from staffdesk.domain.errors import NotFound
from staffdesk.services.door import Door
from staffdesk.services.standing import reference_number

REQUEST: Final = "request"
"""The table of requests, which is also the first word of what is done to one."""


def known_request(door: Door, access: Access, number: str) -> Reference:
    """Return the request with this number for a session that is still good; raises :class:`NotFound`."""
    wanted = reference_number(number)

    def find(tx: Append) -> Reference | None:
        return References(tx).reference(wanted)

    known = door.peek(access, find)
    if known is None or known.kind != REQUEST:
        raise no_request()
    return known


def no_request() -> NotFound:
    """Return what is said where there is no such request."""
    return NotFound("There is no request with this number.", "Look at the list of requests.")
