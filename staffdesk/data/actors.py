"""Who acts, read anew in the transaction of every access, so that a revocation counts from its commit on."""

from typing import Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.prepared import Prepared
from staffdesk.data.tables.staff import Session, Staff, StaffRole
from staffdesk.data.transaction import Transaction
from staffdesk.domain.access import Entity, Role
from staffdesk.domain.matters import Actor

_SESSION: Final = register.table(Session)
_STAFF: Final = register.table(Staff)
_ROLE: Final = register.table(StaffRole)

_ACTOR: Final = Prepared(
    sa.select(
        _SESSION.c.sid, _SESSION.c.host, _SESSION.c.started_at, _SESSION.c.seen_at, _SESSION.c.locked,
        _SESSION.c.ended_at, _STAFF.c.id, _STAFF.c.user_name, _STAFF.c.full_name, _STAFF.c.entity, _STAFF.c.valid_from,
        _STAFF.c.valid_until, _STAFF.c.in_force, _STAFF.c.disabled_at, _STAFF.c.relation_keys, _STAFF.c.password_once,
        _ROLE.c.role,
    )
    .select_from(
        _SESSION.join(_STAFF, _SESSION.c.staff_id == _STAFF.c.id).outerjoin(_ROLE, _ROLE.c.staff_id == _STAFF.c.id)
    )
    .where(_SESSION.c.sid == sa.bindparam("sid"))
)  # fmt: skip
_OTHERS: Final = Prepared(sa.select(_STAFF.c.relation_keys).where(_STAFF.c.id != sa.bindparam("id")))
_NAMES: Final = sa.select(_STAFF.c.id, _STAFF.c.user_name)
_EMPLOYED: Final = sa.select(_STAFF.c.id).where(_STAFF.c.entity == sa.bindparam("entity")).order_by(_STAFF.c.id)


class Actors:
    """The people who act, from the tables of staff and sessions."""

    def __init__(self, tx: Transaction) -> None:
        """Look up in ``tx``."""
        self._tx = tx

    def of_session(self, sid: str) -> Actor | None:
        """Return who is signed in under a session id, whatever its state, or None."""
        rows = self._tx.rows(_ACTOR, {"sid": sid})
        if not rows:
            return None
        row = rows[0]
        return Actor(
            staff_id=row.id,
            user_name=row.user_name,
            full_name=row.full_name,
            sid=row.sid,
            roles=frozenset(Role(found.role) for found in rows if found.role is not None),
            entity=Entity(row.entity),
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            in_force=row.in_force,
            disabled=row.disabled_at is not None,
            locked=row.locked,
            ended=row.ended_at is not None,
            started_at=row.started_at,
            seen_at=row.seen_at,
            host=row.host,
            keys=row.relation_keys,
            password_once=row.password_once,
        )

    def keys_of_others(self, staff_id: str) -> tuple[str, ...]:
        """Return the keyed digests of all other employees."""
        return tuple(row[0] for row in self._tx.rows(_OTHERS, {"id": staff_id}))

    def user_names(self) -> dict[str, str]:
        """Return every account's user name by its id."""
        return {row[0]: row[1] for row in self._tx.rows(_NAMES)}

    def employed_by(self, entity: str) -> tuple[str, ...]:
        """Return all accounts of a company's employees, closed ones too: for which company one is never changes."""
        return tuple(row[0] for row in self._tx.rows(_EMPLOYED, {"entity": entity}))
