"""The letters of a request as they were written, each with its digest, and how each went out."""

from typing import Final, NamedTuple

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.customers.writing import Writing
from staffdesk.data.tables.requests import Request
from staffdesk.data.tables.workflow import RequestLetter
from staffdesk.data.transaction import Change, Transaction
from staffdesk.domain.request_moves import Letter
from staffdesk.domain.requests import RequestState

_LETTER: Final = register.table(RequestLetter)
_REQUEST: Final = register.table(Request)
_LAST: Final = (
    sa.select(_LETTER.c.id, _LETTER.c.kind, _LETTER.c.language, _LETTER.c.subject, _LETTER.c.body, _LETTER.c.sent_at)
    .where(_LETTER.c.request_id == sa.bindparam("which"), _LETTER.c.recipient.is_(None), _LETTER.c.body.is_not(None))
    .order_by(_LETTER.c.id.desc())
    .limit(1)
)
_LAST_OF: Final = _LAST.where(_LETTER.c.kind == sa.bindparam("wanted"))
_SENT: Final = (
    sa.update(_LETTER)
    .where(_LETTER.c.id == sa.bindparam("letter"), _LETTER.c.sent_at.is_(None))
    .values(sent_at=sa.bindparam("now"), way=sa.bindparam("how"))
)
_OWED: Final = (
    sa.select(
        _LETTER.c.id, _LETTER.c.request_id, _LETTER.c.kind, _LETTER.c.language, _LETTER.c.subject, _LETTER.c.body,
        _REQUEST.c.number, _REQUEST.c.aid, _REQUEST.c.reply_address,
    )
    .join(_REQUEST, _REQUEST.c.id == _LETTER.c.request_id)
    .where(
        _LETTER.c.sent_at.is_(None),
        _LETTER.c.body.is_not(None),
        _LETTER.c.recipient.is_(None),
        _LETTER.c.kind == Letter.ERASED.value,
        _REQUEST.c.state.in_((RequestState.COMPLETED.value, RequestState.ARCHIVED.value)),
    )
    .order_by(_LETTER.c.id)
)  # fmt: skip
_REWRITE: Final = (
    sa.update(_LETTER)
    .where(_LETTER.c.id == sa.bindparam("letter"), _LETTER.c.sent_at.is_(None))
    .values(body=sa.bindparam("text"), digest=sa.bindparam("digest_of_it"))
)
_TO_NOBODY: Final = (
    sa.update(_LETTER)
    .where(_LETTER.c.id == sa.bindparam("letter"), _LETTER.c.sent_at.is_(None))
    .values(body=None, way=sa.bindparam("how"))
)
_REPLIES_TO: Final = sa.select(_REQUEST.c.reply_address).where(_REQUEST.c.id == sa.bindparam("which"))


class Kept(NamedTuple):
    """A letter as it was written; ``sent_at`` is UTC milliseconds, None until it went out."""

    id: int
    kind: Letter
    language: str
    subject: str
    body: str
    sent_at: int | None


class Owed(NamedTuple):
    """A letter that a hold's end wrote after its request was answered, which nobody sends by hand."""

    id: int
    request_id: int
    number: str
    aid: str
    kind: Letter
    language: str
    subject: str
    body: str
    replies_to: str


class RequestLetters:
    """The letters of requests."""

    def __init__(self, tx: Transaction) -> None:
        """Read in ``tx``; the door must be open."""
        self._tx = tx

    def last(self, request_id: int, kind: Letter | None = None) -> Kept | None:
        """Return the newest letter to whoever asks, of this kind where one is named, or nothing."""
        row = (
            self._tx.row(_LAST, {"which": request_id})
            if kind is None
            else self._tx.row(_LAST_OF, {"which": request_id, "wanted": kind.value})
        )
        if row is None:
            return None
        return Kept(row.id, Letter(row.kind), row.language, row.subject, row.body, row.sent_at)

    def owed(self) -> tuple[Owed, ...]:
        """Return the letters that tell of the end of a hold and have not gone out."""
        return tuple(
            Owed(
                row.id, row.request_id, row.number, row.aid, Letter(row.kind), row.language, row.subject, row.body,
                row.reply_address,
            )
            for row in self._tx.rows(_OWED)
        )  # fmt: skip

    def replies_to(self, request_id: int) -> str:
        """Return where a request is answered; nothing where that was forgotten."""
        row = self._tx.row(_REPLIES_TO, {"which": request_id})
        return "" if row is None else str(row[0])


class WritingLetters:
    """Keeps letters and how they went out."""

    def __init__(self, tx: Change) -> None:
        """Write in ``tx``."""
        self._tx = tx

    def add(
        self,
        request_id: int,
        kind: Letter,
        language: str,
        subject: str,
        body: str | None,
        digest: str,
        now: int,
        recipient: str = "",
    ) -> int:
        """Keep a letter that is not sent yet, to a ``recipient`` where it is not for the person; return its number."""
        row = RequestLetter.checked(
            {
                "request_id": request_id,
                "kind": kind.value,
                "language": language,
                "written_at": now,
                "digest": digest,
                "subject": subject,
                "body": body,
                "recipient": recipient or None,
            }
        )
        (number,) = Writing(self._tx).add([row])
        return number

    def sent(self, letter_id: int, way: str, now: int) -> int:
        """Note that a letter went out; return how many rows were touched (1, or 0 where it had gone before)."""
        return self._tx.write(_SENT, {"letter": letter_id, "now": now, "how": way})

    def rewrite(self, letter_id: int, body: str, digest: str) -> int:
        """Keep another text of a letter that has not gone out; return how many rows were touched."""
        return self._tx.write(_REWRITE, {"letter": letter_id, "text": body, "digest_of_it": digest})

    def to_nobody(self, letter_id: int, why: str) -> int:
        """Note ``why`` a letter goes to nobody, and empty it; return how many rows were touched."""
        return self._tx.write(_TO_NOBODY, {"letter": letter_id, "how": why})
