"""Mails and the requests they belong to: told apart by a keyed digest, noted on the request they join."""

import hmac
from typing import Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.tables.requests import Request
from staffdesk.data.transaction import Change, Transaction
from staffdesk.domain.requests import RequestState

_REQUEST: Final = register.table(Request)
_WITHOUT_PROOF: Final = (RequestState.RECEIVED.value, RequestState.ACKNOWLEDGED.value)
_CLOSED_FILE: Final = (RequestState.ARCHIVED.value, RequestState.PURGED.value)

_JOIN: Final = (
    sa.update(_REQUEST)
    .where(_REQUEST.c.id == sa.bindparam("which"), _REQUEST.c.state.not_in(_CLOSED_FILE))
    .values(
        note=sa.func.coalesce(_REQUEST.c.note + "\n", "") + sa.bindparam("line", type_=sa.String),
        proof_came_along=sa.case(
            (
                sa.and_(sa.bindparam("card", type_=sa.Boolean) == sa.true(), _REQUEST.c.state.in_(_WITHOUT_PROOF)),
                sa.true(),
            ),
            else_=_REQUEST.c.proof_came_along,
        ),
    )
)


def digest_of(tx: Transaction, message: str) -> str:
    """Return the keyed digest by which a mail is known again; it tells nobody who wrote it."""
    return hmac.digest(tx.secret, f"mail {message}".encode("utf-8", "backslashreplace"), "sha256").hex()


class RequestMails:
    """What becomes of a mail that belongs to a request already received."""

    def __init__(self, tx: Change) -> None:
        """Write in ``tx``."""
        self._tx = tx

    def join(self, request_id: int, line: str, *, card: bool) -> int:
        """Note on a request that a mail came for it, and that proof came along where it was not asked for yet.

        Returns how many rows were touched: 1, or 0 where its file is closed.
        """
        return self._tx.write(_JOIN, {"which": request_id, "line": line, "card": card})
