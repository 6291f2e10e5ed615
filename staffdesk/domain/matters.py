"""Cases and accounts as staff see them in lists: references, states and dates, no customer's name."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from staffdesk.domain.access import Entity, Role
from staffdesk.domain.access_table import ReferenceKind


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case in a list; times are UTC milliseconds."""

    id: int
    number: str
    kind: str
    channel: str
    product: str
    opened_at: int
    is_open: bool
    customer: int | None


@dataclass(frozen=True, slots=True, repr=False)
class NewCase:
    """A case as it is opened in one line: what about, who says he is calling, how he was recognised."""

    kind: str
    channel: str
    product: str | None = None
    caller: str | None = None
    recognised: str | None = None
    summary: str | None = None
    customer: int | None = None

    def __repr__(self) -> str:
        return f"<NewCase {self.kind}>"


@dataclass(frozen=True, slots=True)
class Account:
    """An employee's account as admins see it; times are UTC milliseconds.

    ``asked_by`` is the user name of who asked for what is pending, ``undecidable`` why the reader may not decide on it;
    ``pending`` are the roles asked for, none where its closing was. ``deputy`` says that the account is told of due
    dates while no privacy officer is there.
    """

    id: str
    user_name: str
    full_name: str
    employee_number: str
    entity: Entity
    roles: tuple[Role, ...]
    pending: tuple[Role, ...] | None
    pending_id: int | None
    valid_from: dt.date
    valid_until: dt.date | None
    state: str
    asked_by: str | None = None
    undecidable: str = ""
    last_sign_in: int | None = None
    open_sessions: int = 0
    deputy: bool = False

    @property
    def waits_for(self) -> str:
        """Return in words what is pending: roles, or that it is closed; empty where nothing is."""
        return "" if self.pending is None else ", ".join(self.pending) or "closing"


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A signed-in terminal of an account; times are UTC milliseconds, ``current`` is the one that asks."""

    sid: str
    host: str
    started_at: int
    seen_at: int
    locked: bool
    current: bool


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, as the database says at this moment; ``keys`` are keyed digests, not data."""

    staff_id: str
    user_name: str
    full_name: str
    sid: str
    roles: frozenset[Role]
    entity: Entity
    valid_from: dt.date
    valid_until: dt.date | None
    in_force: bool
    disabled: bool
    locked: bool
    ended: bool
    started_at: int
    seen_at: int
    host: str
    keys: str
    password_once: bool


@dataclass(frozen=True, slots=True)
class Worth:
    """What a number is good for as a reference, before it is used as one: as it is kept, and of what kind it is."""

    number: str
    kind: ReferenceKind | None
