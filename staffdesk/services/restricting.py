"""Restricting what is held of a person: it is stored and not used, until it is lifted (GDPR Art. 18 and 21(1))."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Final

from staffdesk.data.customers.belongings import Belongings, of_requests
from staffdesk.data.customers.held import Holding
from staffdesk.data.customers.recipient_tasks import TellingRecipients
from staffdesk.data.transaction import Change
from staffdesk.domain.holds import UNTIL_LIFTED, Ground, rules

PERSON: Final = "person"
RESTRICTED: Final = "restricted"
"""What stands among the kinds of an entry by which something was restricted."""


def restrict(tx: Change, request_id: int, number: str, people: Sequence[int], now: int) -> Counter[str]:
    """Restrict under a request every row of these people, but for requests; return how many of each table.

    What the request restricted before stays as it was, and counts.
    """
    holding = Holding(tx)
    before = holding.restricted_by(request_id)
    rows = {
        (table, row)
        for table, found in Belongings(tx, list(people)).rows.items()
        if table not in of_requests()
        for row in found
    }
    law = rules().grounds[Ground.RESTRICTION].law
    holding.add(
        {
            "record_table": table, "record_id": row, "ground": Ground.RESTRICTION.value, "law": law,
            "until": UNTIL_LIFTED, "made_at": now, "request_id": request_id, "reference": number,
        }
        for table, row in sorted(rows - before)
    )  # fmt: skip
    return Counter(table for table, _ in rows)


def free(tx: Change, request_id: int, people: Sequence[int], now: int) -> int:
    """End what a request restricts of these people; return how many holds that were.

    Whoever was told of a restriction is to be told that it ended, unless another request restricts the same.
    """
    holding = Holding(tx)
    freed = holding.restricted_alone_by(request_id)
    lifted = holding.lift(request_id, now)
    if freed:
        ended = {request_id, *(each for person in people for each in holding.lifted_of(PERSON, person))}
        TellingRecipients(tx).tell_again(ended, now)
    return lifted


def restrict_what_came(tx: Change, now: int, people: Collection[int] | None = None) -> int:
    """Restrict what came to these people, or to anybody, since a restriction was set that stands; return how much.

    A restriction is of somebody's data, whenever the desk receives it, and is lifted as a whole.
    """
    holding, came = Holding(tx), 0
    for each in holding.restrictions(PERSON, people):
        before = len(holding.restricted_by(each.request))
        restrict(tx, each.request, each.number, each.rows, now)
        came += len(holding.restricted_by(each.request)) - before
    return came


def restrict_instead(tx: Change, request_id: int, number: str, people: Sequence[int], now: int) -> Counter[str]:
    """As :func:`restrict`, in the stead of whatever the request restricted before."""
    Holding(tx).lift(request_id, now)
    return restrict(tx, request_id, number, people, now)
