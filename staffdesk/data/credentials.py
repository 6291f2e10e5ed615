"""What a sign-in is checked against: the password's hash, and the failures in a row, which a restart does not forget.

Failures for a name that nobody has are counted too, under a keyed digest, so that they cost and say the same.
"""

import datetime as dt
import hmac
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.tables.log import Entry, EntrySubject, Head
from staffdesk.data.tables.staff import Staff, StaffRole, Throttle
from staffdesk.data.transaction import Append
from staffdesk.domain.access import Act, Entity, Outcome, Role
from staffdesk.domain.accounts import is_user_name

_STAFF: Final = register.table(Staff)
_ROLE: Final = register.table(StaffRole)
_THROTTLE: Final = register.table(Throttle)
_ENTRY: Final = register.table(Entry)
_SUBJECT: Final = register.table(EntrySubject)
_HEAD: Final = register.table(Head)

_LOCK: Final = sa.select(_HEAD.c.seq).where(_HEAD.c.id == 1).with_for_update()
_FIND: Final = (
    sa.select(_STAFF, _ROLE.c.role)
    .select_from(_STAFF.outerjoin(_ROLE, _ROLE.c.staff_id == _STAFF.c.id))
    .where(sa.or_(_STAFF.c.user_name == sa.bindparam("name"), _STAFF.c.id == sa.bindparam("who")))
)
_COUNT: Final = (
    sa.update(_STAFF)
    .where(_STAFF.c.id == sa.bindparam("who"))
    .values(failures=sa.bindparam("count"), retry_at=sa.bindparam("again_at"))
)
_REPLACE: Final = (
    sa.update(_STAFF)
    .where(_STAFF.c.id == sa.bindparam("who"), _STAFF.c.password_hash == sa.bindparam("known"))
    .values(
        password_hash=sa.bindparam("new"),
        password_once=sa.bindparam("once"),
        password_expires_at=sa.bindparam("expires_at"),
        failures=0,
        retry_at=0,
    )
)
_FIND_UNKNOWN: Final = sa.select(_THROTTLE.c.failures, _THROTTLE.c.retry_at).where(
    _THROTTLE.c.key == sa.bindparam("which")
)
_COUNT_UNKNOWN: Final = (
    sa.update(_THROTTLE)
    .where(_THROTTLE.c.key == sa.bindparam("which"))
    .values(failures=sa.bindparam("count"), retry_at=sa.bindparam("again_at"))
)
_ADD_UNKNOWN: Final = sa.insert(_THROTTLE)
_RECOVERIES: Final = (
    sa.select(_ENTRY.c.t, _STAFF.c.user_name)
    .select_from(_ENTRY.join(_SUBJECT, _SUBJECT.c.seq == _ENTRY.c.seq).join(_STAFF, _STAFF.c.id == _SUBJECT.c.aid))
    .where(
        _ENTRY.c.act == Act.SYSTEM_RECOVERED.value,
        _ENTRY.c.out == Outcome.OK.value,
        _ENTRY.c.t >= sa.bindparam("since"),
    )
    .order_by(_ENTRY.c.seq)
)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Claimed:
    """A user name somebody signs in with, which perhaps nobody has, and the failures counted for it.

    ``retry_at`` is the UTC millisecond from which the next try is taken.
    """

    user_name: str
    failures: int
    retry_at: int


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Credential(Claimed):
    """What is known of an account that signs in; times are UTC milliseconds, dates days in Brussels."""

    staff_id: str
    full_name: str
    hash: str
    entity: Entity
    roles: tuple[Role, ...]
    in_force: bool
    disabled: bool
    valid_from: dt.date
    valid_until: dt.date | None
    once: bool
    expires_at: int | None


class Credentials:
    """Hashes and counters, inside a transaction that first takes its place in the log's queue.

    Every transaction that changes accounts begins with :meth:`queue`: the head of the log is the one lock, always taken
    first, so that two changes follow one another and none waits in a circle.
    """

    def __init__(self, tx: Append) -> None:
        """Read and write in ``tx``."""
        self._tx = tx

    def queue(self) -> None:
        """Wait until no other transaction that writes the log is under way."""
        self._tx.row(_LOCK)

    def of_name(self, user_name: str) -> Claimed:
        """Return the credential of a folded user name, or only the failures counted for it where nobody has it."""
        found = self._found({"name": user_name, "who": None}) if is_user_name(user_name) else None
        if found is not None:
            return found
        row = self._tx.row(_FIND_UNKNOWN, {"which": self._key(user_name)})
        return Claimed(user_name=user_name, failures=row[0] if row else 0, retry_at=row[1] if row else 0)

    def of_account(self, staff_id: str) -> Credential | None:
        """Return the credential of an account."""
        return self._found({"name": None, "who": staff_id})

    def count(self, claimed: Claimed, failures: int, retry_at: int) -> None:
        """Write how many failures there were in a row, and when the next try is taken."""
        values = {"count": failures, "again_at": retry_at}
        if isinstance(claimed, Credential):
            self._tx.write(_COUNT, {"who": claimed.staff_id, **values})
            return
        key = self._key(claimed.user_name)
        if not self._tx.write(_COUNT_UNKNOWN, {"which": key, **values}):
            self._tx.write(_ADD_UNKNOWN, {"key": key, "failures": failures, "retry_at": retry_at})

    def again(self, claimed: Claimed) -> Claimed:
        """Return a claimed name as it stands now, an account's even where its name was changed."""
        found = self.of_account(claimed.staff_id) if isinstance(claimed, Credential) else None
        return found or self.of_name(claimed.user_name)

    def replace(self, staff_id: str, known: str, new: str, *, once: bool, expires_at: int | None) -> int:
        """Set a hash where the known one still stands, and forget the failures; return how many rows were touched."""
        return self._tx.write(
            _REPLACE, {"who": staff_id, "known": known, "new": new, "once": once, "expires_at": expires_at}
        )

    def recoveries(self, since: int) -> tuple[tuple[int, str], ...]:
        """Return when the key file was used to give whom a one-time password, oldest first."""
        return tuple((row[0], row[1]) for row in self._tx.rows(_RECOVERIES, {"since": since}))

    def _found(self, parameters: dict[str, object]) -> Credential | None:
        rows = self._tx.rows(_FIND, parameters)
        if not rows:
            return None
        row = rows[0]
        return Credential(
            user_name=row.user_name,
            failures=row.failures,
            retry_at=row.retry_at,
            staff_id=row.id,
            full_name=row.full_name,
            hash=row.password_hash,
            entity=Entity(row.entity),
            roles=tuple(Role(found.role) for found in rows if found.role is not None),
            in_force=bool(row.in_force),
            disabled=row.disabled_at is not None,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            once=bool(row.password_once),
            expires_at=row.password_expires_at,
        )

    def _key(self, user_name: str) -> str:
        return hmac.digest(self._tx.secret, f"sign-in {user_name}".encode("utf-8", "surrogatepass"), "sha256").hex()
