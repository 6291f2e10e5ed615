"""Tries of a password, counted in the database, so that a restart forgets none; each one refused is an entry.

They are counted for an account and the terminal they come from: a terminal at which the account signed in lately has a
count of its own, all others share one. So who guesses from elsewhere keeps nobody out of where he works, and gains
nothing by going from one name of a terminal to the next.

Sources: NIST SP 800-63B-4, 3.2.2; OWASP ASVS 5.0, 6.3.1. The numbers are those of ``sessions.toml``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Generic, TypeVar

from staffdesk.data.credentials import Claimed, Credential, Credentials, Failures
from staffdesk.data.log import Event
from staffdesk.data.transaction import Append
from staffdesk.domain.access import Act, Outcome
from staffdesk.domain.errors import SignInFailed
from staffdesk.parameters.shapes import SourceRules, ThrottleRules
from staffdesk.services.journal import Journal, Write
from staffdesk.services.sessions import CLOCK_STEP_MS, Clock

_HOUR_MS: Final = 3_600_000
_DAY_MS: Final = 24 * _HOUR_MS

C = TypeVar("C", bound=Claimed)
C_co = TypeVar("C_co", bound=Claimed, covariant=True)


@dataclass(frozen=True, slots=True, repr=False)
class Attempt(Generic[C_co]):
    """A password about to be checked; it stands among the failures already."""

    claimed: C_co
    failures: Failures
    host: str
    sid: str | None


class Attempts:
    """Says whether a password may be tried now, and counts what was tried in vain."""

    def __init__(self, journal: Journal, rules: ThrottleRules, sources: SourceRules, clock: Clock) -> None:
        """Count in the database behind ``journal``."""
        self._journal = journal
        self._rules = rules
        self._sources = sources
        self._clock = clock

    def begin(self, find: Callable[[Append], C], host: str, sid: str | None = None) -> Attempt[C]:
        """Let one password be checked, or raise :class:`SignInFailed` because of those before it.

        The failure is counted before the check: tries at once, or a process killed in between, gain nothing. A success
        forgets it.
        """
        with self._journal.writing() as (tx, write):
            credentials = Credentials(tx)
            credentials.queue()
            now = self._clock()
            claimed = find(tx)
            known_since = now - self._sources.known_days * _DAY_MS
            failures = self._rested(credentials.failures(claimed, host, known_since), now)
            attempt = Attempt(claimed, failures, host, sid)
            blocked = self._rules.exhausted(failures.count)
            wait = self._wait(credentials, failures, now)
            if wait:
                write(_refusal(attempt, "blocked" if blocked else "too soon"))
            else:
                self._count(credentials, failures, now)
        if wait and blocked:
            raise SignInFailed(
                f"After {self._rules.most_failures} failures in a row no password is taken here for a while.",
                f"Wait {_hours(wait)}, or who holds the key file gives a new password: staffdesk staff recover",
            )
        if wait:
            raise SignInFailed("There were too many failures in a row.", f"Wait {wait} seconds, then try again.")
        return attempt

    def fail(self, tx: Append, write: Write, attempt: Attempt[Claimed], why: str) -> None:
        """Note a try in vain and write its entry, in a transaction that stands in the log's queue."""
        Credentials(tx).note_failure(attempt.claimed)
        write(_refusal(attempt, why))

    def failed(self, attempt: Attempt[Claimed], why: str) -> None:
        """As :meth:`fail`, in a transaction of its own."""
        with self._journal.writing() as (tx, write):
            Credentials(tx).queue()
            self.fail(tx, write, attempt, why)

    def _count(self, credentials: Credentials, failures: Failures, now: int) -> None:
        count = failures.count + 1
        credentials.count(Failures(failures.key, count, now + self._delay_ms(count)))

    def _delay_ms(self, count: int) -> int:
        if self._rules.exhausted(count):
            return self._sources.rest_hours * _HOUR_MS
        return self._rules.delay(count) * 1000

    def _rested(self, failures: Failures, now: int) -> Failures:
        """Begin anew where the failures that are too many lie long enough back."""
        if self._rules.exhausted(failures.count) and now >= failures.retry_at:
            return replace(failures, count=0, retry_at=0)
        return failures

    def _wait(self, credentials: Credentials, failures: Failures, now: int) -> int:
        """Return the seconds to wait; where the clock was set back, the delay begins anew, so that it ends some day."""
        delay = self._delay_ms(failures.count)
        left = failures.retry_at - now
        if left > delay + CLOCK_STEP_MS:
            credentials.count(replace(failures, retry_at=now + delay))
            left = delay
        return max(0, -(-left // 1000))


def _hours(seconds: int) -> str:
    hours = -(-seconds * 1000 // _HOUR_MS)
    return "1 hour" if hours == 1 else f"{hours} hours"


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
