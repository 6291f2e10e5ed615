"""What a law keeps of somebody who was erased here: found by the keyed digests that his erasure left."""

from collections.abc import Collection, Iterator
from typing import Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.customers.belongings import of_requests
from staffdesk.data.customers.digests import Addressee, known_by
from staffdesk.data.customers.held import ERASED
from staffdesk.data.customers.objections import Suppressions
from staffdesk.data.tables.erasure import Hold
from staffdesk.data.tables.requests import Request
from staffdesk.data.tables.sales import Invoice
from staffdesk.data.tables.tombstones import Tombstone
from staffdesk.data.tables.workflow import RequestMove
from staffdesk.data.transaction import Read
from staffdesk.domain.errors import BadInput
from staffdesk.domain.holds import Ground, HeldBy, Left, each_once
from staffdesk.domain.words import words_of

_HOLD: Final = register.table(Hold)
_REQUEST: Final = register.table(Request)
_INVOICE: Final = register.table(Invoice)
_TOMBSTONE: Final = register.table(Tombstone)
_MOVE: Final = register.table(RequestMove)
_ANOTHER: Final = (
    sa.select(_MOVE.c.id)
    .where(_MOVE.c.request_id == sa.bindparam("which"), _MOVE.c.name == "another_was_erased")
    .limit(1)
)
_ASKED_BY: Final = sa.select(_REQUEST.c.requester, _REQUEST.c.reply_address).where(
    _REQUEST.c.id == sa.bindparam("which")
)
_BILLED: Final = sa.select(_HOLD.c.seq, _INVOICE.c.billing_name).where(
    _HOLD.c.record_table == _INVOICE.name,
    _HOLD.c.record_id == _INVOICE.c.id,
    _HOLD.c.seq.is_not(None),
    _HOLD.c.ended_at.is_(None),
)
# By its tombstone: a restored copy in which somebody was erased again may know nothing of his request.
_NUMBER: Final = (
    sa.select(sa.func.min(_TOMBSTONE.c.request))
    .where(_TOMBSTONE.c.seq == _HOLD.c.seq)
    .scalar_subquery()
    .label("number")
)
_LEFT: Final = (
    sa.select(
        _NUMBER.label("number"),
        _HOLD.c.record_table,
        _HOLD.c.record_id,
        _HOLD.c.ground,
        _HOLD.c.law,
        _HOLD.c.until,
    )
    .where(
        _HOLD.c.seq.in_(sa.bindparam("erasures", expanding=True)),
        _HOLD.c.ended_at.is_(None),
        _HOLD.c.ground != Ground.RESTRICTION.value,
        _HOLD.c.record_table.not_in(sorted(of_requests())),
    )
)  # fmt: skip


class LeftBehind:
    """Asks what earlier erasures left of whoever asks now."""

    def __init__(self, tx: Read) -> None:
        """Read in ``tx``."""
        self._tx = tx

    def of(self, request_id: int, people: Collection[int]) -> tuple[Left, ...]:
        """Return what is kept of who makes a request, known by where its answer goes and by these records of his.

        Whoever was erased is recognised by the e-mail address, telephone or account that he had then; where nobody is
        known yet, also by the name on an invoice that is kept, which may be a namesake's until he proves it. An
        address may have been another's: of whoever privacy found to be somebody else nothing is left.
        """
        if self._tx.row(_ANOTHER, {"which": request_id}) is not None:
            return ()
        erasures = frozenset(self._erased_in(request_id, people))
        rows = self._tx.rows(_LEFT, {"erasures": sorted(erasures)}) if erasures else ()
        return each_once(
            (
                row.number or ERASED, str(row.record_table), int(row.record_id),
                HeldBy(row.until, Ground(row.ground), str(row.law)),
            )
            for row in rows
        )  # fmt: skip

    def _erased_in(self, request_id: int, people: Collection[int]) -> Iterator[int]:
        suppressions = Suppressions(self._tx)
        for number in people:
            yield from suppressions.erased_in([digest for _, digest in known_by(self._tx, number)])
        row = self._tx.row(_ASKED_BY, {"which": request_id})
        address, name = ("", "") if row is None else (str(row.reply_address), words_of(row.requester))
        if not people and name:
            billed = self._tx.rows(_BILLED)
            yield from (int(each.seq) for each in billed if words_of(each.billing_name) == name)
        for addressee in (Addressee(email=address), Addressee(phone=address)):
            try:
                yield from suppressions.erased_in(suppressions.digests(addressee))
            except BadInput:
                continue  # the answer goes another way, and is by no means his address then
