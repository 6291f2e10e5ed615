"""Employees' accounts, their roles, changes waiting for a second person, and sessions."""

import datetime as dt

import sqlalchemy as sa

from staffdesk.data.tables.declaration import Record, derived, not_personal, personal
from staffdesk.data.tables.types import BigInt, Code, Line, Name, one_of
from staffdesk.domain.access import Entity, Role
from staffdesk.domain.classes import Erasure, PrivacyClass, Whose


class Staff(Record, table=True):
    """A named employee's account (policy E.3; A48); the id is what the log writes."""

    __tablename__ = "staff"
    __table_args__ = (one_of("entity", Entity), {"info": {"keep": "staff"}})

    id: str = not_personal("Account", key=True)
    user_name: Code = personal(
        PrivacyClass.STAFF, "User name", whose=Whose.STAFF, erasure=Erasure.ANONYMISE, unique=True
    )
    full_name: Name = personal(PrivacyClass.STAFF, "Name", whose=Whose.STAFF, erasure=Erasure.ANONYMISE)
    employee_number: Code = personal(
        PrivacyClass.STAFF, "Employee number", whose=Whose.STAFF, erasure=Erasure.ANONYMISE, unique=True
    )
    email: Name | None = personal(
        PrivacyClass.STAFF, "E-mail", default=None, whose=Whose.STAFF, erasure=Erasure.ANONYMISE
    )
    entity: Entity = not_personal("Employed by", sa_type=sa.String)
    valid_from: dt.date = not_personal("From")
    valid_until: dt.date | None = not_personal("Until", default=None)
    disabled_at: int | None = not_personal("Disabled", default=None, sa_type=BigInt)
    in_force: bool = not_personal("In force", default=False)
    password_hash: str = personal(PrivacyClass.STAFF, "Password hash", whose=Whose.STAFF)
    password_once: bool = not_personal("One-time password", default=True)
    password_expires_at: int | None = not_personal("Password expires", default=None, sa_type=BigInt)
    failures: int = not_personal("Failures since the last sign-in", default=0)
    relation_keys: str = derived(PrivacyClass.STAFF, whose=Whose.STAFF, default="", at_closed_door=True)
    created_at: int = not_personal("Made", sa_type=BigInt)


class StaffRole(Record, table=True):
    """A role in force for an account."""

    __tablename__ = "staff_role"
    __table_args__ = (one_of("role", Role), {"info": {"keep": "staff"}})

    staff_id: str = not_personal("Account", key=True, foreign="staff.id")
    role: Role = not_personal("Role", key=True, sa_type=sa.String)


class PendingChange(Record, table=True):
    """A change of an account that waits for an approver."""

    __tablename__ = "pending_change"
    __table_args__ = ({"info": {"keep": "staff"}},)

    id: int | None = not_personal("Change", default=None, key=True, sa_type=BigInt)
    staff_id: str = not_personal("Account", foreign="staff.id", index=True)
    roles: str = not_personal("Roles")
    requested_by: str = not_personal("Asked by", foreign="staff.id")
    requested_at: int = not_personal("Asked", sa_type=BigInt)
    state: Code = not_personal("State")
    decided_by: str | None = not_personal("Decided by", default=None, foreign="staff.id")
    decided_at: int | None = not_personal("Decided", default=None, sa_type=BigInt)


class Session(Record, table=True):
    """A signed-in terminal."""

    __tablename__ = "session"
    __table_args__ = (
        sa.Index("session_of_staff", "staff_id", "host", "started_at"),
        {"info": {"keep": "session"}},
    )

    sid: str = not_personal("Session", key=True)
    staff_id: str = not_personal("Account", foreign="staff.id")
    host: str = not_personal("Terminal")
    started_at: int = not_personal("Started", sa_type=BigInt)
    seen_at: int = not_personal("Last key", sa_type=BigInt)
    locked: bool = not_personal("Locked", default=False)
    ended_at: int | None = not_personal("Ended", default=None, sa_type=BigInt)
    end_reason: Code | None = not_personal("Ended by", default=None)


class SavedFilter(Record, table=True):
    """A filter of the log that an account keeps under a name; it may name a colleague."""

    __tablename__ = "saved_filter"
    __table_args__ = ({"info": {"keep": "staff"}},)

    staff_id: str = not_personal("Account", key=True, foreign="staff.id")
    name: Code = not_personal("Name", key=True, may_name=True)
    text: Line = personal(PrivacyClass.STAFF, "Filter", whose=Whose.STAFF)


class Throttle(Record, table=True):
    """Failed sign-ins in a row, under a keyed digest of the name or account and of where they come from."""

    __tablename__ = "throttle"
    __table_args__ = ({"info": {"keep": "session"}},)

    key: str = not_personal("Key", key=True)
    failures: int = not_personal("Failures", default=0)
    retry_at: int = not_personal("Next try", default=0, sa_type=BigInt)


class Counter(Record, table=True):
    """The last number given out, by kind and year."""

    __tablename__ = "counter"
    __table_args__ = ({"info": {"keep": "policy"}},)

    name: str = not_personal("Kind", key=True)
    year: int = not_personal("Year", key=True)
    last: int = not_personal("Last", sa_type=BigInt)
