"""What is kept since an erasure, each row once, whatever holds it: by the hold that ends last."""

import datetime as dt
from collections import Counter
from collections.abc import Collection
from typing import Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.customers.belongings import of_requests
from staffdesk.data.tables.erasure import Hold
from staffdesk.data.transaction import Transaction
from staffdesk.domain.holds import Ground, HeldBy, Left, each_once

_HOLD: Final = register.table(Hold)
_KEPT: Final = sa.select(
    _HOLD.c.record_table, _HOLD.c.record_id, _HOLD.c.ground, _HOLD.c.law, _HOLD.c.until
).where(
    _HOLD.c.request_id == sa.bindparam("request"),
    _HOLD.c.ended_at.is_(None),
    _HOLD.c.ground != Ground.RESTRICTION.value,
)  # fmt: skip
_UNDER: Final = (
    sa.select(_HOLD.c.request_id)
    .distinct()
    .where(
        _HOLD.c.request_id.in_(sa.bindparam("requests", expanding=True)),
        _HOLD.c.ended_at.is_(None),
        _HOLD.c.ground != Ground.RESTRICTION.value,
        _HOLD.c.record_table.not_in(sorted(of_requests())),
    )
)


class KeptRows:
    """Asks what the erasure of a request left; it may be asked at the closed door."""

    def __init__(self, tx: Transaction) -> None:
        """Ask in ``tx``."""
        self._tx = tx

    def of(self, request_id: int, number: str) -> tuple[Left, ...]:
        """Return what is kept since the erasure of a request, with that request's ``number``; the request is none."""
        return tuple(each for each in self._all(request_id, number) if each.table not in of_requests())

    def by_day(self, request_id: int) -> tuple[tuple[str, dt.date, int], ...]:
        """Return how many rows of a table are kept until which last day, those of the request itself too."""
        counts: Counter[tuple[dt.date, str]] = Counter()
        for each in self._all(request_id, ""):
            counts[each.until, each.table] += each.rows
        return tuple((table, until, n) for (until, table), n in sorted(counts.items()))

    def under(self, requests: Collection[int]) -> frozenset[int]:
        """Return those of these requests since whose erasure anything is kept besides the request."""
        rows = self._tx.rows(_UNDER, {"requests": sorted(requests)}) if requests else ()
        return frozenset(int(row[0]) for row in rows)

    def _all(self, request_id: int, number: str) -> tuple[Left, ...]:
        rows = self._tx.rows(_KEPT, {"request": request_id})
        return each_once(
            (number, str(row.record_table), int(row.record_id), HeldBy(row.until, Ground(row.ground), str(row.law)))
            for row in rows
        )
