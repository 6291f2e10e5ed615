"""What a sign-in is checked against: the password's hash, and the failures in a row, which a restart does not forget.

They are counted for an account and where they come from, under keyed digests, and for a name that nobody has as well,
so that those cost and say the same.
"""

import datetime as dt
import hmac
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.tables.log import Entry, EntrySubject, Head
from staffdesk.data.tables.staff import Session, Staff, StaffRole, Throttle
from staffdesk.data.transaction import Append
from staffdesk.domain.access import Act, Entity, Outcome, Role
from staffdesk.domain.accounts import is_user_name

_STAFF: Final = register.table(Staff)
_ROLE: Final = register.table(StaffRole)
_THROTTLE: Final = register.table(Throttle)
_SESSION: Final = register.table(Session)
_ENTRY: Final = register.table(Entry)
_SUBJECT: Final = register.table(EntrySubject)
_HEAD: Final = register.table(Head)

_LOCK: Final = sa.select(_HEAD.c.seq).where(_HEAD.c.id == 1).with_for_update()
_FIND: Final = (
    sa.select(_STAFF, _ROLE.c.role)
    .select_from(_STAFF.outerjoin(_ROLE, _ROLE.c.staff_id == _STAFF.c.id))
    .where(sa.or_(_STAFF.c.user_name == sa.bindparam("name"), _STAFF.c.id == sa.bindparam("who")))
)
_NOTE_FAILURE: Final = (
    sa.update(_STAFF).where(_STAFF.c.id == sa.bindparam("who")).values(failures=_STAFF.c.failures + 1)
)
_NOTE_SIGN_IN: Final = sa.update(_STAFF).where(_STAFF.c.id == sa.bindparam("who")).values(failures=0)
_REPLACE: Final = (
    sa.update(_STAFF)
    .where(_STAFF.c.id == sa.bindparam("who"), _STAFF.c.password_hash == sa.bindparam("known"))
    .values(
        password_hash=sa.bindparam("new"),
        password_once=sa.bindparam("once"),
        password_expires_at=sa.bindparam("expires_at"),
    )
)
_KNOWN_AT: Final = (
    sa.select(_SESSION.c.sid)
    .where(
        _SESSION.c.staff_id == sa.bindparam("who"),
        _SESSION.c.host == sa.bindparam("host"),
        _SESSION.c.started_at >= sa.bindparam("since"),
    )
    .limit(1)
)
_HOSTS: Final = sa.select(_SESSION.c.host).where(_SESSION.c.staff_id == sa.bindparam("who")).distinct()
_FAILURES: Final = sa.select(_THROTTLE.c.failures, _THROTTLE.c.retry_at).where(_THROTTLE.c.key == sa.bindparam("which"))
_COUNT: Final = (
    sa.update(_THROTTLE)
    .where(_THROTTLE.c.key == sa.bindparam("which"))
    .values(failures=sa.bindparam("count"), retry_at=sa.bindparam("again_at"))
)
_ADD_COUNT: Final = sa.insert(_THROTTLE)
_FORGET: Final = sa.delete(_THROTTLE).where(_THROTTLE.c.key.in_(sa.bindparam("which", expanding=True)))
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
    """A user name somebody signs in with, which perhaps nobody has."""

    user_name: str


@dataclass(frozen=True, slots=True)
class Failures:
    """The failures in a row that a try is judged by; ``retry_at`` is the UTC millisecond from which it is taken."""

    key: str
    count: int
    retry_at: int


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Credential(Claimed):
    """What is known of an account that signs in; times are UTC milliseconds, dates days in Brussels.

    ``failures`` are those since the last sign-in, wherever they came from: what its owner is told, and no more.
    """

    failures: int
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
        """Return the credential of a folded user name, or only the name where nobody has it."""
        found = self._found({"name": user_name, "who": None}) if is_user_name(user_name) else None
        return found or Claimed(user_name=user_name)

    def of_account(self, staff_id: str) -> Credential | None:
        """Return the credential of an account."""
        return self._found({"name": None, "who": staff_id})

    def failures(self, claimed: Claimed, host: str, known_since: int) -> Failures:
        """Return the failures that a try at a terminal is judged by.

        They are the terminal's own where the account signed in at it since ``known_since``, else those of all others.
        """
        who = claimed.staff_id if isinstance(claimed, Credential) else ""
        known = self._tx.row(_KNOWN_AT, {"who": who, "host": host, "since": known_since}) is not None
        return self.failures_of(self._own(who, host) if known else self._shared(claimed))

    def failures_of(self, key: str) -> Failures:
        """Return the failures counted under a digest as they stand now."""
        row = self._tx.row(_FAILURES, {"which": key})
        return Failures(key, row[0] if row else 0, row[1] if row else 0)

    def count(self, failures: Failures) -> None:
        """Write how many failures there were in a row, and when the next try is taken."""
        values = {"count": failures.count, "again_at": failures.retry_at}
        if not self._tx.write(_COUNT, {"which": failures.key, **values}):
            self._tx.write(_ADD_COUNT, {"key": failures.key, "failures": failures.count, "retry_at": failures.retry_at})

    def forget(self, failures: Failures, account: Credential, host: str) -> None:
        """Forget the failures that a successful try was judged by, and the terminal's own."""
        self._tx.write(_FORGET, {"which": [failures.key, self._own(account.staff_id, host)]})

    def forget_all(self, account: Credential) -> None:
        """Forget an account's failures in a row, wherever they came from."""
        hosts = [row[0] for row in self._tx.rows(_HOSTS, {"who": account.staff_id})]
        own = [self._own(account.staff_id, host) for host in hosts]
        self._tx.write(_FORGET, {"which": [self._shared(account), *own]})

    def note_failure(self, claimed: Claimed) -> None:
        """Count one more failure for its owner to be told of."""
        if isinstance(claimed, Credential):
            self._tx.write(_NOTE_FAILURE, {"who": claimed.staff_id})

    def note_sign_in(self, staff_id: str) -> None:
        """Begin anew with the failures of which an account's owner is told."""
        self._tx.write(_NOTE_SIGN_IN, {"who": staff_id})

    def replace(self, staff_id: str, known: str, new: str, *, once: bool, expires_at: int | None) -> int:
        """Set a hash where the known one still stands; return how many rows were touched."""
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

    def _shared(self, claimed: Claimed) -> str:
        if isinstance(claimed, Credential):
            return self._digest("sign-in of", claimed.staff_id)
        return self._digest("sign-in as", claimed.user_name)

    def _own(self, staff_id: str, host: str) -> str:
        return self._digest("sign-in at", f"{staff_id} {host}")

    def _digest(self, kind: str, text: str) -> str:
        return hmac.digest(self._tx.secret, f"{kind} {text}".encode("utf-8", "surrogatepass"), "sha256").hex()
