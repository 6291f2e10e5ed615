"""Signing in: who may, and what is said to who came in.

A sign-in for a name nobody has costs the same, waits the same and is refused in the same words.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from staffdesk.data.actors import Actors
from staffdesk.data.credentials import Claimed, Credential, Credentials
from staffdesk.data.database import Database
from staffdesk.data.log import Event
from staffdesk.data.sessions import Sessions
from staffdesk.data.transaction import Append
from staffdesk.domain import passwords
from staffdesk.domain.access import Access, Act, Entity, Role
from staffdesk.domain.accounts import AccountState, account_state, typed_user_name
from staffdesk.domain.errors import BadInput, Conflict, SignInFailed
from staffdesk.domain.passwords import PasswordContext
from staffdesk.parameters.shapes import PolicyRules, SessionRules
from staffdesk.parameters.shapes import policy as shipped_policy
from staffdesk.parameters.shapes import sessions as shipped_sessions
from staffdesk.services.arrival import Arrival, begin_session
from staffdesk.services.attempts import Attempt, Attempts
from staffdesk.services.clearance import Clearance, Wanted
from staffdesk.services.door import Door, Draft, Result
from staffdesk.services.journal import Journal, Write
from staffdesk.services.password_hashes import PasswordHashes
from staffdesk.services.sessions import (
    Clock,
    OpenSessions,
    SessionState,
    day_in_brussels,
    host_for_log,
    session_over,
    session_state,
    shown_time,
    started_within,
    utc_ms,
)

_CAN_BE_UNLOCKED: Final = frozenset({SessionState.OPEN, SessionState.LOCKED})
_USED_AGAIN: Final = "one-time password again"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who came in, in which session, and what is to be told before anything else."""

    sid: str
    user_name: str
    full_name: str
    roles: tuple[Role, ...]
    entity: Entity
    must_change_password: bool
    notices: tuple[str, ...]


class SignIn(OpenSessions):
    """Opens sessions, and does what needs the password again.

    What takes a password is slow on purpose (a third of a second): call it in a worker.
    """

    def __init__(
        self,
        door: Door,
        database: Database,
        *,
        hashes: PasswordHashes | None = None,
        policy: PolicyRules | None = None,
        rules: SessionRules | None = None,
        clock: Clock = utc_ms,
        after: Callable[[int], None] | None = None,
        seal: Callable[[], None] | None = None,
    ) -> None:
        """Work on a database; ``door`` is for the one act an employee does signed in, a new password.

        ``after`` is told the last number written to the log, ``seal`` is called when an admin has signed out.
        """
        self._policy = policy or shipped_policy()
        journal = Journal(database, self._policy.version, after)
        super().__init__(journal, rules or shipped_sessions(), clock=clock, seal=seal)
        self._door = door
        self._hashes = hashes or PasswordHashes()
        self._attempts = Attempts(journal, self._rules.throttle, self._rules.sources, clock)

    def sign_in(self, user_name: str, password: str, host: str) -> SignedIn:
        """Open a session at the terminal ``host``; raises :class:`SignInFailed`, whose words never tell why.

        A one-time password is taken again until it is replaced or its days are over, so that a line that broke locks
        nobody out; the session it opened before ends then.
        """
        name = typed_user_name(user_name)
        attempt = self._attempts.begin(lambda tx: Credentials(tx).of_name(name), host_for_log(host))
        claimed = attempt.claimed
        known = claimed.hash if isinstance(claimed, Credential) else None
        right = self._hashes.matches(known, password)
        if not right or not isinstance(claimed, Credential):
            self._attempts.failed(attempt, "password")
            raise _not_let_in()
        renewed = self._hashes.hash(password) if self._hashes.outdated(claimed.hash) else claimed.hash
        return self._admit(attempt, claimed, renewed)

    def unlock(self, sid: str, password: str) -> None:
        """Open a locked terminal; raises :class:`SessionEnded` where it is too late, :class:`SignInFailed`."""
        attempt = self._checked(sid, password)
        with self._journal.writing() as (tx, write):
            credentials = Credentials(tx)
            credentials.queue()
            owner, now = self._owner(tx, sid), self._clock()
            if Sessions(tx).unlock(sid, now, **started_within(now, self._rules)) != 1:
                raise session_over()
            credentials.forget(attempt.failures, owner, attempt.host)
            write(self._event(tx, sid, Act.SESSION_UNLOCKED))

    def confirm(self, sid: str, password: str) -> None:
        """Check the password of who is signed in once more, for one act that asks for it: its entry says so.

        Raises :class:`SignInFailed` under the delays and with the entries of a sign-in, :class:`SessionEnded`.
        """
        attempt = self._checked(sid, password)
        with self._journal.reading() as tx:
            credentials = Credentials(tx)
            credentials.queue()
            credentials.forget(attempt.failures, self._owner(tx, sid), attempt.host)

    def change_password(self, sid: str, old: str, new: str) -> None:
        """Set an own password and end the account's other sessions.

        Raises :class:`BadInput` for one that may not be set, :class:`SignInFailed` for a wrong old one.
        """
        with self._journal.reading() as tx:
            owner = self._owner(tx, sid)
        passwords.check(new, PasswordContext(owner.user_name, owner.full_name, self._policy.controller.name))
        if passwords.normal(new) == passwords.normal(old):
            raise BadInput("The new password is the old one.", "Choose another.")
        attempt = self._checked(sid, old)
        self._set(sid, attempt, self._hashes.hash(new))

    def _set(self, sid: str, attempt: Attempt[Credential], fresh: str) -> None:
        owner = attempt.claimed

        def write(tx: Append, _cleared: Clearance) -> tuple[None, Result]:
            credentials = Credentials(tx)
            credentials.queue()
            if credentials.replace(owner.staff_id, owner.hash, fresh, once=False, expires_at=None) != 1:
                raise Conflict("The password was changed by somebody else just now.", "Sign in again.")
            credentials.forget(attempt.failures, owner, attempt.host)
            ended = Sessions(tx).end_all(owner.staff_id, self._clock(), "password changed", spared=sid)
            return None, Result(act=Act.STAFF_PASSWORD, obj=(owner.staff_id,), n=ended)

        draft = Draft(wanted=Wanted(act=Act.STAFF_PASSWORD), obj=(owner.staff_id,))
        self._door.act(Access(session=sid, host=attempt.host), draft, write)

    def _checked(self, sid: str, password: str) -> Attempt[Credential]:
        """Check the password of a session's owner again, under the same delays as a sign-in."""
        with self._journal.reading() as tx:
            actor = Actors(tx).of_session(sid)
        attempt = self._attempts.begin(lambda tx: self._owner(tx, sid), "" if actor is None else actor.host, sid)
        if not self._hashes.matches(attempt.claimed.hash, password):
            self._attempts.failed(attempt, "password")
            raise SignInFailed("The password is not right.", "Type it again.")
        return attempt

    def _owner(self, tx: Append, sid: str) -> Credential:
        """Return the credential behind a session, locked or not; raises :class:`SessionEnded` where it is over."""
        actor = Actors(tx).of_session(sid)
        if actor is None or session_state(actor, self._clock(), self._rules) not in _CAN_BE_UNLOCKED:
            raise session_over()
        credential = Credentials(tx).of_account(actor.staff_id)
        if credential is None:
            raise session_over()
        return credential

    def _admit(self, attempt: Attempt[Claimed], tried: Credential, renewed: str) -> SignedIn:
        """Open the session of who gave the right password, if the account may be used as it stands at this moment."""
        now = self._clock()
        with self._journal.writing() as (tx, write):
            credentials = Credentials(tx)
            credentials.queue()
            found = credentials.of_account(tried.staff_id) or tried
            why = _barred(found, tried.hash, now)
            if why is None:
                notices = _ended_before(tx, write, found, now) if found.once else ()
                arrival = Arrival(credential=found, failures=found.failures, host=attempt.host, now=now)
                sid, said = begin_session(tx, write, arrival, self._policy, self._rules)
                credentials.replace(found.staff_id, tried.hash, renewed, once=found.once, expires_at=found.expires_at)
                credentials.forget(attempt.failures, found, attempt.host)
                credentials.note_sign_in(found.staff_id)
            else:
                self._attempts.fail(tx, write, attempt, why)
        if why is not None:
            raise _not_let_in()
        return SignedIn(
            sid=sid,
            user_name=found.user_name,
            full_name=found.full_name,
            roles=found.roles,
            entity=found.entity,
            must_change_password=found.once,
            notices=(*said, *notices),
        )


def _ended_before(tx: Append, write: Write, account: Credential, now: int) -> tuple[str, ...]:
    """End the sessions that a one-time password opened before, each with its entry, and say so to who comes in now."""
    sessions, said = Sessions(tx), []
    for row in sessions.not_ended(account.staff_id):
        if sessions.end(row.sid, now, _USED_AGAIN) != 1:
            continue
        write(
            Event(
                act=Act.SESSION_ENDED,
                actor=account.staff_id,
                entity=account.entity,
                sid=row.sid,
                host=row.host,
                kinds=(_USED_AGAIN,),
            )
        )
        at = f" at {row.host}" if row.host else ""
        said.append(f"This one-time password was used{at} on {shown_time(row.started_at)}; that session is ended.")
    return tuple(said)


def _barred(found: Credential, known: str, now: int) -> str | None:
    """Say why an account may not be used at a UTC millisecond although the password was right."""
    state = account_state(
        in_force=found.in_force,
        disabled=found.disabled,
        valid_from=found.valid_from,
        valid_until=found.valid_until,
        today=day_in_brussels(now),
    )
    if state is not AccountState.IN_FORCE:
        return state.value
    if found.hash != known:
        return "password"
    if found.once and found.expires_at is not None and now >= found.expires_at:
        return "first password too old"
    return None


def _not_let_in() -> SignInFailed:
    return SignInFailed(
        "User name and password do not match, or the account may not sign in now.",
        "Check both; an admin can say whether the account is in force.",
    )
