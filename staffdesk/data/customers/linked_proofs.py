"""The proof of identity that was checked for another request out of the same letter: one proof serves all of them."""

from typing import Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.tables.requests import Request
from staffdesk.data.tables.workflow import RequestMove, RequestProgress
from staffdesk.data.transaction import Read
from staffdesk.domain.request_moves import FINDS_ANOTHER, Identity, moves
from staffdesk.domain.request_progress import LinkedProof
from staffdesk.domain.request_work import places

_THIS: Final = register.table(Request)
_OTHER: Final = _THIS.alias("other")
_PROGRESS: Final = register.table(RequestProgress)
_MOVE: Final = register.table(RequestMove)
_CAME_TOGETHER: Final = sa.func.coalesce(_OTHER.c.linked_to, _OTHER.c.id) == sa.func.coalesce(
    _THIS.c.linked_to, _THIS.c.id
)
_PROVEN: Final = (
    sa.select(_OTHER.c.number, _OTHER.c.aid, _PROGRESS.c.proof_on)
    .select_from(_THIS)
    .join(
        _OTHER,
        sa.and_(
            _CAME_TOGETHER,
            _OTHER.c.message_digest == _THIS.c.message_digest,
            _OTHER.c.person_id == _THIS.c.person_id,
            _OTHER.c.id != _THIS.c.id,
        ),
    )
    .join(_PROGRESS, _PROGRESS.c.request_id == _OTHER.c.id)
    .where(
        _THIS.c.id == sa.bindparam("which"),
        _PROGRESS.c.identity == Identity.VERIFIED.value,
        _PROGRESS.c.proof_on.is_not(None),
        _PROGRESS.c.proof_kind.in_(sa.bindparam("documents", expanding=True)),
    )
    .order_by(_OTHER.c.id)
    .limit(1)
)
_SHOWN: Final = (
    sa.select(_MOVE.c.id)
    .join(_OTHER, _OTHER.c.id == _MOVE.c.request_id)
    .where(_MOVE.c.name.in_(sa.bindparam("verifying", expanding=True)), _OTHER.c.number == sa.bindparam("number"))
)
_FELL: Final = (
    sa.select(_MOVE.c.id)
    .join(_OTHER, _OTHER.c.id == _MOVE.c.request_id)
    .join(_PROGRESS, _PROGRESS.c.request_id == _OTHER.c.id)
    .where(
        _MOVE.c.name == FINDS_ANOTHER,
        # Under the request where it was checked, or under one that took it over.
        sa.or_(_OTHER.c.number == sa.bindparam("number"), _PROGRESS.c.proof_kind == sa.bindparam("number")),
    )
)
_COPY: Final = (
    sa.select(_PROGRESS.c.copy_since, _PROGRESS.c.copy_deleted_on)
    .join(_OTHER, _OTHER.c.id == _PROGRESS.c.request_id)
    .where(_OTHER.c.number == sa.bindparam("number"))
)
_LAST_OF: Final = {
    each: found.order_by(_MOVE.c.id.desc()).limit(1) for each, found in (("shown", _SHOWN), ("fell", _FELL))
}
_CHECKED: Final = sa.select(_MOVE.c.staff_id).where(
    _MOVE.c.name.in_(sa.bindparam("verifying", expanding=True)), _MOVE.c.staff_id.is_not(None)
)
_UNDER_THAT: Final = _CHECKED.join(_OTHER, _OTHER.c.id == _MOVE.c.request_id).where(
    _OTHER.c.number == sa.bindparam("number")
)
_UNDER_ANY: Final = (
    _CHECKED.join(_OTHER, _OTHER.c.id == _MOVE.c.request_id)
    .join(_THIS, _CAME_TOGETHER)
    .where(_THIS.c.id == sa.bindparam("which"))
)


class LinkedProofs:
    """Asks who was verified by a document under a request that came in the same letter, and who checked that."""

    def __init__(self, tx: Read) -> None:
        """Read in ``tx``."""
        self._tx = tx

    def of(self, request_id: int) -> LinkedProof | None:
        """Return the proof that counts for a request too; none where its customer, by name, has shown none."""
        asked = {"which": request_id, "documents": [each.code for each in places().documents]}
        row = self._tx.row(_PROVEN, asked)
        return None if row is None else LinkedProof(str(row.number), str(row.aid), row.proof_on)

    def fell(self, number: str) -> bool:
        """Say whether the proof checked under this ``number`` was found since, under any request, to be another's."""
        shown = self._tx.row(_LAST_OF["shown"], {"number": number, "verifying": _verifying()})
        fell = self._tx.row(_LAST_OF["fell"], {"number": number})
        return fell is not None and (shown is None or int(fell[0]) > int(shown[0]))

    def copy_gone(self, number: str) -> bool | None:
        """Return whether the copy that proved who asks under this ``number`` is deleted; None where there was none."""
        row = self._tx.row(_COPY, {"number": number})
        return None if row is None or row.copy_since is None else row.copy_deleted_on is not None

    def checked_by(self, request_id: int, number: str) -> frozenset[str]:
        """Return whoever verified who asks under the request of this ``number``, whose proof was taken over.

        They are read from the moves that were made, which no later proof and no closing of a file changes. Where none
        is found, whoever verified anybody under a request out of the same letter.
        """
        verifying = _verifying()
        rows = self._tx.rows(_UNDER_THAT, {"number": number, "verifying": verifying})
        rows = rows or self._tx.rows(_UNDER_ANY, {"which": request_id, "verifying": verifying})
        return frozenset(str(row.staff_id) for row in rows)


def _verifying() -> list[str]:
    return [each.name for each in moves() if each.becomes is Identity.VERIFIED]
