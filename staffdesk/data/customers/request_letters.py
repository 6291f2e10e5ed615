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
_EARLIER: Final = sa.alias(_LETTER, "earlier")
_ERASURES: Final = (Letter.ERASED.value, Letter.PARTLY_ERASED.value)
# What tells of the end of a hold comes after the letter of the erasure, and answers nothing.
_TELLS_OF_AN_END: Final = sa.and_(
    _LETTER.c.kind == Letter.ERASED.value,
    sa.exists().where(
        _EARLIER.c.request_id == _LETTER.c.request_id,
        _EARLIER.c.id < _LETTER.c.id,
        _EARLIER.c.kind.in_(_ERASURES),
        _EARLIER.c.recipient.is_(None),
    ),
)
_ANSWER: Final = _LAST.where(sa.not_(_TELLS_OF_AN_END))
_SENDING: Final = "sending"
_UNSURE: Final = "may have gone out"
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
_CLAIM: Final = (
    sa.update(_LETTER)
    .where(_LETTER.c.id == sa.bindparam("letter"), _LETTER.c.sent_at.is_(None))
    .values(sent_at=sa.bindparam("now"), way=_SENDING)
)
_GIVE_BACK: Final = (
    sa.update(_LETTER)
    .where(_LETTER.c.id == sa.bindparam("letter"), _LETTER.c.way == _SENDING)
    .values(sent_at=None, way=None)
)
_WENT: Final = (
    sa.update(_LETTER)
    .where(_LETTER.c.id == sa.bindparam("letter"), _LETTER.c.way.in_((_SENDING, _UNSURE)))
    .values(sent_at=sa.bindparam("now"), way=sa.bindparam("how"))
)
_LEFT_SENDING: Final = (
    sa.select(_LETTER.c.id, _REQUEST.c.number, _REQUEST.c.aid)
    .join(_REQUEST, _REQUEST.c.id == _LETTER.c.request_id)
    .where(_LETTER.c.way == _SENDING, _LETTER.c.sent_at < sa.bindparam("before"))
    .order_by(_LETTER.c.id)
)
_NOT_KNOWN: Final = (
    sa.update(_LETTER).where(_LETTER.c.id == sa.bindparam("letter"), _LETTER.c.way == _SENDING).values(way=_UNSURE)
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


class LeftSending(NamedTuple):
    """A letter of which nobody knows whether it went out: who sent it was stopped before he could say so."""

    id: int
    number: str
    aid: str


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

    def answer(self, request_id: int) -> Kept | None:
        """Return the newest letter that answers, whatever was written since of the end of what a law kept."""
        row = self._tx.row(_ANSWER, {"which": request_id})
        if row is None:
            return None
        return Kept(row.id, Letter(row.kind), row.language, row.subject, row.body, row.sent_at)

    def shown(self, request_id: int) -> Kept | None:
        """Return the answer that waits to be sent, or else the newest letter."""
        answer = self.answer(request_id)
        return answer if answer is not None and answer.sent_at is None else self.last(request_id)

    def left_sending(self, before: int) -> tuple[LeftSending, ...]:
        """Return the owed letters that were claimed before this moment and of which nothing was noted since."""
        return tuple(LeftSending(*row) for row in self._tx.rows(_LEFT_SENDING, {"before": before}))

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

    def claim(self, letter_id: int, now: int) -> int:
        """Say that an owed letter is being sent, so that nobody else does; return how many rows were touched."""
        return self._tx.write(_CLAIM, {"letter": letter_id, "now": now})

    def give_back(self, letter_id: int) -> int:
        """Let an owed letter be sent that did not go out; return how many rows were touched."""
        return self._tx.write(_GIVE_BACK, {"letter": letter_id})

    def went(self, letter_id: int, way: str, now: int) -> int:
        """Note how an owed letter went that was claimed; return how many rows were touched."""
        return self._tx.write(_WENT, {"letter": letter_id, "now": now, "how": way})

    def not_known(self, letter_id: int) -> int:
        """Note that an owed letter may have gone out or not; return how many rows were touched."""
        return self._tx.write(_NOT_KNOWN, {"letter": letter_id})

    def rewrite(self, letter_id: int, body: str, digest: str) -> int:
        """Keep another text of a letter that has not gone out; return how many rows were touched."""
        return self._tx.write(_REWRITE, {"letter": letter_id, "text": body, "digest_of_it": digest})

    def to_nobody(self, letter_id: int, why: str) -> int:
        """Note ``why`` a letter goes to nobody, and empty it; return how many rows were touched."""
        return self._tx.write(_TO_NOBODY, {"letter": letter_id, "how": why})
