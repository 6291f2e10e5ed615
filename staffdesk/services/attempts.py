"""Tries of a password, counted in the database, so that a restart forgets none; each one refused is an entry.

Sources: NIST SP 800-63B-4, 3.2.2; OWASP ASVS 5.0, 6.3.1. The delays are those of ``sessions.toml``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from staffdesk.data.credentials import Claimed, Credential, Credentials
from staffdesk.data.log import Event
from staffdesk.data.transaction import Append
from staffdesk.domain.access import Act, Outcome
from staffdesk.domain.errors import SignInFailed
from staffdesk.parameters.shapes import ThrottleRules
from staffdesk.services.journal import Journal, Write
from staffdesk.services.sessions import CLOCK_STEP_MS, Clock

C = TypeVar("C", bound=Claimed)
C_co = TypeVar("C_co", bound=Claimed, covariant=True)


@dataclass(frozen=True, slots=True, repr=False)
class Attempt(Generic[C_co]):
    """A password about to be checked; ``counted`` says that it stands in the counter as a failure already."""

    claimed: C_co
    counted: bool
    host: str
    sid: str | None


class Attempts:
    """Says whether a password may be tried now, and counts what was tried in vain."""

    def __init__(self, journal: Journal, rules: ThrottleRules, clock: Clock) -> None:
        """Count in the database behind ``journal``."""
        self._journal = journal
        self._rules = rules
        self._clock = clock

    def begin(self, find: Callable[[Append], C], host: str, sid: str | None = None) -> Attempt[C]:
        """Let one password be checked, or raise :class:`SignInFailed` because of those before it.

        From the first delay on the failure is counted before the check: tries at once, or a process killed in between,
        gain nothing. A success forgets it.
        """
        with self._journal.writing() as (tx, write):
            credentials = Credentials(tx)
            credentials.queue()
            now = self._clock()
            claimed = find(tx)
            attempt = Attempt(claimed, self._rules.delay(claimed.failures + 1) > 0, host, sid)
            blocked = self._rules.exhausted(claimed.failures)
            wait = 0 if blocked else self._wait(credentials, claimed, now)
            if blocked or wait:
                write(_refusal(attempt, "blocked" if blocked else "too soon"))
            elif attempt.counted:
                self._count(credentials, claimed, now)
        if blocked:
            raise SignInFailed(
                f"After {self._rules.most_failures} failures in a row this name is not let in any more.",
                "Who holds the key file gives a new password: staffdesk staff recover",
            )
        if wait:
            raise SignInFailed("There were too many failures in a row.", f"Wait {wait} seconds, then try again.")
        return attempt

    def fail(self, tx: Append, write: Write, attempt: Attempt[Claimed], why: str) -> None:
        """Count a try in vain and write its entry, in a transaction that stands in the log's queue."""
        if not attempt.counted:
            credentials = Credentials(tx)
            self._count(credentials, credentials.again(attempt.claimed), self._clock())
        write(_refusal(attempt, why))

    def failed(self, attempt: Attempt[Claimed], why: str) -> None:
        """As :meth:`fail`, in a transaction of its own."""
        with self._journal.writing() as (tx, write):
            Credentials(tx).queue()
            self.fail(tx, write, attempt, why)

    def _count(self, credentials: Credentials, claimed: Claimed, now: int) -> None:
        failures = claimed.failures + 1
        credentials.count(claimed, failures, now + self._rules.delay(failures) * 1000)

    def _wait(self, credentials: Credentials, claimed: Claimed, now: int) -> int:
        """Return the seconds to wait; where the clock was set back, the delay begins anew, so that it ends some day."""
        delay = self._rules.delay(claimed.failures) * 1000
        left = claimed.retry_at - now
        if left > delay + CLOCK_STEP_MS:
            credentials.count(claimed, claimed.failures, now + delay)
            left = delay
        return max(0, -(-left // 1000))


def _refusal(attempt: Attempt[Claimed], why: str) -> Event:
    """Return the entry: the account, never the name typed, which may be a password in the wrong box."""
    claimed = attempt.claimed
    known = claimed if isinstance(claimed, Credential) else None
    return Event(
        act=Act.SESSION_REFUSED,
        out=Outcome.DENIED,
        actor=None if known is None else known.staff_id,
        entity=None if known is None else known.entity,
        sid=attempt.sid,
        host=attempt.host,
        kinds=(why,),
    )
