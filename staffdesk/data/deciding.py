"""Who decides, and the conditions inside the statements that write: a role or a session that is gone touches no row."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.tables.staff import PendingChange, Session, Staff, StaffRole
from staffdesk.domain.access import Role


@dataclass(frozen=True, slots=True)
class Deciding:
    """Who writes a change, in which session and role, when (UTC milliseconds) and on which day in Brussels."""

    staff_id: str
    sid: str
    role: Role
    now: int
    today: dt.date

    def parameters(self) -> dict[str, object]:
        """Return the values that the guards of this module ask for."""
        return {
            "me": self.staff_id,
            "my_session": self.sid,
            "my_role": self.role.value,
            "now": self.now,
            "today": self.today,
        }


_STAFF: Final = register.table(Staff)
_ROLE: Final = register.table(StaffRole)
_CHANGE: Final = register.table(PendingChange)
_SESSION: Final = register.table(Session)


def usable(staff: sa.FromClause) -> sa.ColumnElement[bool]:
    """Say whether an account may be used on the day bound as ``today``."""
    today = sa.bindparam("today", type_=sa.Date())
    return sa.and_(
        staff.c.in_force,
        staff.c.disabled_at.is_(None),
        staff.c.valid_from <= today,
        sa.or_(staff.c.valid_until.is_(None), staff.c.valid_until >= today),
    )


def i_may() -> sa.ColumnElement[bool]:
    """Say whether who writes holds the role still, in a session that is open and not locked."""
    me, mine, session = _STAFF.alias("me"), _ROLE.alias("mine"), _SESSION.alias("here")
    joined = me.join(mine, mine.c.staff_id == me.c.id).join(session, session.c.staff_id == me.c.id)
    return (
        sa.select(sa.literal(1))
        .select_from(joined)
        .where(
            me.c.id == sa.bindparam("me"),
            mine.c.role == sa.bindparam("my_role"),
            session.c.sid == sa.bindparam("my_session"),
            session.c.ended_at.is_(None),
            sa.not_(session.c.locked),
            usable(me),
        )
        .exists()
    )


def other_may() -> sa.ColumnElement[bool]:
    """Say whether anybody but who writes holds one of the roles bound as ``deciding`` in an account in use."""
    other, holds = _STAFF.alias("other"), _ROLE.alias("holds")
    return (
        sa.select(sa.literal(1))
        .select_from(other.join(holds, holds.c.staff_id == other.c.id))
        .where(
            holds.c.role.in_(sa.bindparam("deciding", expanding=True)), other.c.id != sa.bindparam("me"), usable(other)
        )
        .exists()
    )


def asker_may() -> sa.ColumnElement[bool]:
    """Say whether who asked for the change at hand may be asking still: its own session may have ended."""
    asker, asks = _STAFF.alias("asker"), _ROLE.alias("asks")
    return (
        sa.select(sa.literal(1))
        .select_from(asker.join(asks, asks.c.staff_id == asker.c.id))
        .where(
            asker.c.id == _CHANGE.c.requested_by,
            asks.c.role.in_(sa.bindparam("asking", expanding=True)),
            usable(asker),
        )
        .correlate(_CHANGE)
        .exists()
    )
