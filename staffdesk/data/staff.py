"""Employees' accounts, their roles, and the changes that wait for a second person.

Who may change something is asked inside the statement that writes it: a role taken away or a session ended a moment ago
makes it touch no row.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.deciding import Deciding, asker_may, i_may, usable
from staffdesk.data.tables.staff import PendingChange, Staff, StaffRole
from staffdesk.data.transaction import Append
from staffdesk.domain.access import Entity, Role
from staffdesk.domain.accounts import AccountState, account_state
from staffdesk.domain.matters import Account


class ChangeState(StrEnum):
    """What became of a change that was asked for."""

    PENDING = "pending"
    APPROVED = "approved"
    REFUSED = "refused"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class Asked:
    """A change that was asked for: for which account, which roles, by whom, and what became of it."""

    staff_id: str
    roles: tuple[Role, ...]
    requested_by: str
    state: ChangeState


_STAFF: Final = register.table(Staff)
_ROLE: Final = register.table(StaffRole)
_CHANGE: Final = register.table(PendingChange)


_ADD: Final = sa.insert(_STAFF)
_TAKEN: Final = sa.select(_STAFF.c.id).where(
    sa.or_(_STAFF.c.user_name == sa.bindparam("name"), _STAFF.c.employee_number == sa.bindparam("number"))
)
_ADDRESSES: Final = sa.select(_STAFF.c.email).where(_STAFF.c.disabled_at.is_(None), _STAFF.c.email.is_not(None))
_ASK: Final = (
    sa.insert(_CHANGE)
    .from_select(
        ["staff_id", "roles", "requested_by", "requested_at", "state"],
        sa.select(
            _STAFF.c.id,
            sa.bindparam("roles", type_=sa.String()),
            sa.bindparam("me", type_=sa.String()),
            sa.bindparam("now", type_=sa.BigInteger()),
            sa.literal(ChangeState.PENDING.value, sa.String()),
        ).where(_STAFF.c.id == sa.bindparam("who"), _STAFF.c.disabled_at.is_(None), i_may()),
    )
    .returning(_CHANGE.c.id)
)
_SUPERSEDE: Final = (
    sa.update(_CHANGE)
    .where(_CHANGE.c.staff_id == sa.bindparam("who"), _CHANGE.c.state == ChangeState.PENDING.value)
    .values(state=ChangeState.SUPERSEDED.value, decided_by=sa.bindparam("me"), decided_at=sa.bindparam("now"))
)
_ASKED: Final = sa.select(_CHANGE).where(_CHANGE.c.id == sa.bindparam("which"))
_STILL_ASKED: Final = sa.select(_CHANGE.c.id).where(_CHANGE.c.id == sa.bindparam("which"), asker_may())
_APPROVE: Final = (
    sa.update(_CHANGE)
    .where(
        _CHANGE.c.id == sa.bindparam("which"),
        _CHANGE.c.state == ChangeState.PENDING.value,
        _CHANGE.c.requested_by != sa.bindparam("me"),
        _CHANGE.c.staff_id != sa.bindparam("me"),
        i_may(),
        asker_may(),
    )
    .values(state=ChangeState.APPROVED.value, decided_by=sa.bindparam("me"), decided_at=sa.bindparam("now"))
)
_REFUSE: Final = (
    sa.update(_CHANGE)
    .where(
        _CHANGE.c.id == sa.bindparam("which"),
        _CHANGE.c.state == ChangeState.PENDING.value,
        _CHANGE.c.requested_by != sa.bindparam("me"),
        _CHANGE.c.staff_id != sa.bindparam("me"),
        i_may(),
    )
    .values(state=ChangeState.REFUSED.value, decided_by=sa.bindparam("me"), decided_at=sa.bindparam("now"))
)
_PUT_IN_FORCE: Final = (
    sa.update(_STAFF)
    .where(_STAFF.c.id == sa.bindparam("who"), _STAFF.c.disabled_at.is_(None))
    .values(in_force=True)
)  # fmt: skip
_TAKE_ROLES: Final = sa.delete(_ROLE).where(_ROLE.c.staff_id == sa.bindparam("who"))
_GIVE_ROLE: Final = sa.insert(_ROLE)
_DISABLE: Final = (
    sa.update(_STAFF)
    .where(
        _STAFF.c.id == sa.bindparam("who"),
        _STAFF.c.id != sa.bindparam("me"),
        _STAFF.c.disabled_at.is_(None),
        i_may(),
    )
    .values(disabled_at=sa.bindparam("now"))
)
_HOLDERS: Final = (
    sa.select(sa.func.count(_STAFF.c.id.distinct()))
    .select_from(_STAFF.join(_ROLE, _ROLE.c.staff_id == _STAFF.c.id))
    .where(_ROLE.c.role.in_(sa.bindparam("roles", expanding=True)), usable(_STAFF))
)
_ASKER: Final = _STAFF.alias("who_asked")
_ALL: Final = (
    sa.select(
        _STAFF.c.id, _STAFF.c.user_name, _STAFF.c.full_name, _STAFF.c.employee_number, _STAFF.c.entity,
        _STAFF.c.valid_from, _STAFF.c.valid_until, _STAFF.c.in_force, _STAFF.c.disabled_at, _CHANGE.c.id.label("asked"),
        _CHANGE.c.roles.label("asked_roles"), _ASKER.c.user_name.label("asked_by"),
    )
    .select_from(
        _STAFF.outerjoin(
            _CHANGE, sa.and_(_CHANGE.c.staff_id == _STAFF.c.id, _CHANGE.c.state == ChangeState.PENDING.value)
        ).outerjoin(_ASKER, _ASKER.c.id == _CHANGE.c.requested_by)
    )
)  # fmt: skip
_ONE: Final = _ALL.where(sa.or_(_STAFF.c.user_name == sa.bindparam("name"), _STAFF.c.id == sa.bindparam("who")))
_ROLES: Final = sa.select(_ROLE.c.staff_id, _ROLE.c.role)


class Accounts:
    """The tables of accounts, inside a transaction that has taken its place in the log's queue."""

    def __init__(self, tx: Append) -> None:
        """Read and write in ``tx``."""
        self._tx = tx

    def taken(self, user_name: str, employee_number: str) -> bool:
        """Say whether somebody has this user name or employee number, or had it."""
        return self._tx.row(_TAKEN, {"name": user_name, "number": employee_number}) is not None

    def addresses(self) -> tuple[str, ...]:
        """Return the e-mail addresses of the accounts that are not closed."""
        return tuple(str(row[0]) for row in self._tx.rows(_ADDRESSES, {}))

    def add(self, staff: Staff) -> None:
        """Add an account without a role."""
        self._tx.write(_ADD, staff.values())

    def give_roles(self, staff_id: str, roles: Sequence[Role]) -> None:
        """Put exactly these roles in force."""
        self._tx.write(_TAKE_ROLES, {"who": staff_id})
        self._tx.write(_GIVE_ROLE, [{"staff_id": staff_id, "role": role.value} for role in roles])

    def ask(self, staff_id: str, roles: Sequence[Role], by: Deciding) -> int:
        """Ask for roles in the place of what was asked before; touches a row only for who still holds the role."""
        self._tx.write(_SUPERSEDE, {"who": staff_id, "me": by.staff_id, "now": by.now})
        return len(self._tx.rows(_ASK, {"who": staff_id, "roles": " ".join(roles), **by.parameters()}))

    def asked(self, change_id: int) -> Asked | None:
        """Return a change that was asked for."""
        row = self._tx.row(_ASKED, {"which": change_id})
        if row is None:
            return None
        return Asked(row.staff_id, _roles(row.roles), row.requested_by, ChangeState(row.state))

    def approve(self, change_id: int, by: Deciding, asking: Sequence[Role]) -> int:
        """Decide a pending change; touches a row only for who may still, did not ask and is not concerned.

        Nor does it where who asked may not be asking any more: disabled, over, or without one of the roles ``asking``.
        """
        return self._tx.write(_APPROVE, {"which": change_id, "asking": _values(asking), **by.parameters()})

    def refuse(self, change_id: int, by: Deciding) -> int:
        """Refuse a pending change; touches a row only for who may still, did not ask and is not concerned."""
        return self._tx.write(_REFUSE, {"which": change_id, **by.parameters()})

    def still_asked(self, change_id: int, asking: Sequence[Role], today: dt.date) -> bool:
        """Say whether who asked for a change holds one of these roles and may use the account today."""
        return self._tx.row(_STILL_ASKED, {"which": change_id, "asking": _values(asking), "today": today}) is not None

    def put_in_force(self, staff_id: str) -> int:
        """Open an account that is not disabled."""
        return self._tx.write(_PUT_IN_FORCE, {"who": staff_id})

    def disable(self, staff_id: str, by: Deciding) -> int:
        """Close an account and drop what was asked for it; touches a row only for another who still holds the role."""
        touched = self._tx.write(_DISABLE, {"who": staff_id, **by.parameters()})
        self._tx.write(_SUPERSEDE, {"who": staff_id, "me": by.staff_id, "now": by.now})
        return touched

    def holders(self, roles: Sequence[Role], today: dt.date) -> int:
        """Return how many accounts that may be used today hold one of these roles."""
        row = self._tx.row(_HOLDERS, {"roles": _values(roles), "today": today})
        return 0 if row is None else int(row[0])

    def all(self, today: dt.date) -> tuple[Account, ...]:
        """Return every account by user name; sorted here, since the databases' own orders differ."""
        return tuple(sorted(self._accounts(_ALL, {}, today), key=lambda account: account.user_name))

    def of_name(self, user_name: str, today: dt.date) -> Account | None:
        """Return the account of a folded user name."""
        return next(iter(self._accounts(_ONE, {"name": user_name, "who": None}, today)), None)

    def of_id(self, staff_id: str, today: dt.date) -> Account | None:
        """Return an account by its id."""
        return next(iter(self._accounts(_ONE, {"name": None, "who": staff_id}, today)), None)

    def _accounts(
        self, statement: sa.Select[tuple[object, ...]], parameters: dict[str, object], today: dt.date
    ) -> tuple[Account, ...]:
        held: dict[str, set[str]] = {}
        for row in self._tx.rows(_ROLES):
            held.setdefault(row.staff_id, set()).add(row.role)
        return tuple(
            _account(row, tuple(role for role in Role if role in held.get(row.id, ())), today)
            for row in self._tx.rows(statement, parameters)
        )


def _account(row: sa.Row[tuple[object, ...]], roles: tuple[Role, ...], today: dt.date) -> Account:
    state: AccountState = account_state(
        in_force=bool(row.in_force),
        disabled=row.disabled_at is not None,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        today=today,
    )
    return Account(
        id=row.id,
        user_name=row.user_name,
        full_name=row.full_name,
        employee_number=row.employee_number,
        entity=Entity(row.entity),
        roles=roles,
        pending=None if row.asked is None else _roles(row.asked_roles),
        pending_id=row.asked,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        state=state.value,
        asked_by=row.asked_by,
    )


def _values(roles: Sequence[Role]) -> list[str]:
    return [role.value for role in roles]


def _roles(text: str) -> tuple[Role, ...]:
    return tuple(Role(word) for word in text.split())
