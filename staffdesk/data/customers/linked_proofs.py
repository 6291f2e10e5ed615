"""The proof of identity that was checked for another request out of the same letter: one proof serves all of them."""

from typing import Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.tables.requests import Request
from staffdesk.data.tables.workflow import RequestProgress
from staffdesk.data.transaction import Read
from staffdesk.domain.request_moves import Identity
from staffdesk.domain.request_progress import LinkedProof
from staffdesk.domain.request_work import places

_THIS: Final = register.table(Request)
_OTHER: Final = _THIS.alias("other")
_PROGRESS: Final = register.table(RequestProgress)
_PROVEN: Final = (
    sa.select(_OTHER.c.number, _PROGRESS.c.proof_on, _PROGRESS.c.verified_by)
    .select_from(_THIS)
    .join(
        _OTHER,
        sa.and_(
            sa.func.coalesce(_OTHER.c.linked_to, _OTHER.c.id) == sa.func.coalesce(_THIS.c.linked_to, _THIS.c.id),
            _OTHER.c.message_digest == _THIS.c.message_digest,
            _OTHER.c.id != _THIS.c.id,
        ),
    )
    .join(_PROGRESS, _PROGRESS.c.request_id == _OTHER.c.id)
    .where(
        _THIS.c.id == sa.bindparam("which"),
        sa.or_(
            _OTHER.c.person_id.is_(None), _THIS.c.person_id.is_(None), _OTHER.c.person_id == _THIS.c.person_id
        ),
        _PROGRESS.c.identity == Identity.VERIFIED.value,
        _PROGRESS.c.proof_on.is_not(None),
        _PROGRESS.c.proof_kind.in_(sa.bindparam("documents", expanding=True)),
    )
    .order_by(_OTHER.c.id)
    .limit(1)
)  # fmt: skip


class LinkedProofs:
    """Asks who was verified by a document under a request that came in the same letter."""

    def __init__(self, tx: Read) -> None:
        """Read in ``tx``."""
        self._tx = tx

    def of(self, request_id: int) -> LinkedProof | None:
        """Return the proof that counts for a request too; none where its sender has shown none, or is another."""
        asked = {"which": request_id, "documents": [each.code for each in places().documents]}
        row = self._tx.row(_PROVEN, asked)
        return None if row is None else LinkedProof(str(row.number), row.proof_on, row.verified_by or "")
