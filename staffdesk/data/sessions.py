"""Signed-in terminals: when they began, when a key was last pressed, how they ended."""

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.tables.staff import Session
from staffdesk.data.transaction import Append

_SESSION: Final = register.table(Session)

_NOW: Final = sa.bindparam("now", type_=sa.BigInteger())

_ADD: Final = sa.insert(_SESSION)
_OF: Final = (
    sa.select(_SESSION.c.sid, _SESSION.c.host, _SESSION.c.started_at, _SESSION.c.seen_at, _SESSION.c.locked)
    .where(_SESSION.c.staff_id == sa.bindparam("who"))
    .order_by(_SESSION.c.started_at.desc(), _SESSION.c.sid)
)
_WHOLE: Final = sa.select(_SESSION.c.staff_id, _SESSION.c.started_at, _SESSION.c.ended_at).where(
    _SESSION.c.sid == sa.bindparam("which")
)


def _in_time() -> sa.ColumnElement[bool]:
    return _SESSION.c.started_at.between(sa.bindparam("started_from"), sa.bindparam("started_to"))


_SIGN_INS: Final = sa.select(
    _SESSION.c.staff_id,
    sa.func.max(_SESSION.c.started_at).label("last"),
    sa.func.sum(sa.case((sa.and_(_SESSION.c.ended_at.is_(None), _in_time()), 1), else_=0)).label("open"),
).group_by(_SESSION.c.staff_id)
_NOT_ENDED: Final = _OF.where(_SESSION.c.ended_at.is_(None))
_NEWEST: Final = _OF.limit(1)


_TOUCH: Final = (
    sa.update(_SESSION)
    .where(
        _SESSION.c.sid == sa.bindparam("which"),
        _SESSION.c.ended_at.is_(None),
        sa.not_(_SESSION.c.locked),
        _SESSION.c.seen_at.between(sa.bindparam("seen_from"), sa.bindparam("seen_to")),
        _in_time(),
    )
    .values(seen_at=sa.bindparam("now"))
)
_LOCK: Final = (
    sa.update(_SESSION)
    .where(_SESSION.c.sid == sa.bindparam("which"), _SESSION.c.ended_at.is_(None), sa.not_(_SESSION.c.locked))
    .values(locked=True)
)
_UNLOCK: Final = (
    sa.update(_SESSION)
    .where(_SESSION.c.sid == sa.bindparam("which"), _SESSION.c.ended_at.is_(None), _in_time())
    .values(
        locked=False,
        seen_at=_NOW,
        # A clock set back since the last key moves the beginning back by as much: the time lived so far stays lived.
        started_at=sa.case(
            (_SESSION.c.seen_at > _NOW, _SESSION.c.started_at - (_SESSION.c.seen_at - _NOW)),
            else_=_SESSION.c.started_at,
        ),
    )
)
_ENDED: Final[dict[str, sa.BindParameter[object]]] = {
    "ended_at": sa.bindparam("now"),
    "end_reason": sa.bindparam("why"),
}
_END: Final = (
    sa.update(_SESSION)
    .where(_SESSION.c.sid == sa.bindparam("which"), _SESSION.c.ended_at.is_(None))
    .values(_ENDED)
)  # fmt: skip
_END_ALL: Final = (
    sa.update(_SESSION)
    .where(
        _SESSION.c.staff_id == sa.bindparam("who"),
        _SESSION.c.sid != sa.bindparam("spared"),
        _SESSION.c.ended_at.is_(None),
    )
    .values(_ENDED)
)
_NONE_SPARED: Final = ""


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session as its owner may see it; times are UTC milliseconds."""

    sid: str
    host: str
    started_at: int
    seen_at: int
    locked: bool


@dataclass(frozen=True, slots=True)
class WholeSession:
    """Whose a session is and when it was, in UTC milliseconds; ``ended_at`` is None while nobody has ended it."""

    staff_id: str
    started_at: int
    ended_at: int | None


class Sessions:
    """The table of sessions, inside a transaction; every write says how many rows it touched."""

    def __init__(self, tx: Append) -> None:
        """Write in ``tx``."""
        self._tx = tx

    def start(self, session: Session) -> None:
        """Add a session."""
        self._tx.write(_ADD, session.values())

    def not_ended(self, staff_id: str) -> tuple[SessionRow, ...]:
        """Return an account's sessions that nobody has ended, newest first; some may have outlived their time."""
        return tuple(_row(row) for row in self._tx.rows(_NOT_ENDED, {"who": staff_id}))

    def whole(self, sid: str) -> WholeSession | None:
        """Return whose session this is and when it was, or None if there is none."""
        row = self._tx.row(_WHOLE, {"which": sid})
        return None if row is None else WholeSession(row.staff_id, row.started_at, row.ended_at)

    def sign_ins(self, *, started_from: int, started_to: int) -> dict[str, tuple[int, int]]:
        """Return, by account, when it last signed in and how many of its sessions are open."""
        rows = self._tx.rows(_SIGN_INS, {"started_from": started_from, "started_to": started_to})
        return {row.staff_id: (int(row.last), int(row.open)) for row in rows}

    def newest(self, staff_id: str) -> SessionRow | None:
        """Return an account's last session, ended or not."""
        row = self._tx.row(_NEWEST, {"who": staff_id})
        return None if row is None else _row(row)

    def touch(self, sid: str, now: int, *, seen_from: int, seen_to: int, started_from: int, started_to: int) -> int:
        """Note a key, unless the session is locked, ended or beyond the times given."""
        seen = {"seen_from": seen_from, "seen_to": seen_to}
        started = {"started_from": started_from, "started_to": started_to}
        return self._tx.write(_TOUCH, {"which": sid, "now": now, **seen, **started})

    def lock(self, sid: str) -> int:
        """Lock a session that is neither locked nor ended."""
        return self._tx.write(_LOCK, {"which": sid})

    def unlock(self, sid: str, now: int, *, started_from: int, started_to: int) -> int:
        """Unlock a session that has not ended and began between the times given."""
        return self._tx.write(
            _UNLOCK, {"which": sid, "now": now, "started_from": started_from, "started_to": started_to}
        )

    def end(self, sid: str, now: int, reason: str) -> int:
        """End a session that has not ended."""
        return self._tx.write(_END, {"which": sid, "now": now, "why": reason})

    def end_all(self, staff_id: str, now: int, reason: str, *, spared: str = _NONE_SPARED) -> int:
        """End an account's sessions, but for the one spared."""
        return self._tx.write(_END_ALL, {"who": staff_id, "now": now, "why": reason, "spared": spared})


def _row(row: sa.Row[tuple[object, ...]]) -> SessionRow:
    return SessionRow(row.sid, row.host, row.started_at, row.seen_at, bool(row.locked))
