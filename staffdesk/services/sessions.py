"""Signed-in terminals: kept alive by keys, locked by idleness, ended by time, by an admin or by who holds them."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache
from typing import Final

from staffdesk.data.actors import Actors
from staffdesk.data.credentials import Credentials
from staffdesk.data.log import Event
from staffdesk.data.sessions import SessionRow, Sessions
from staffdesk.data.transaction import Append
from staffdesk.domain import deadlines
from staffdesk.domain.access import Act, Role
from staffdesk.domain.accounts import AccountState, account_state
from staffdesk.domain.errors import BadInput, SessionEnded
from staffdesk.domain.matters import Actor
from staffdesk.domain.text import clean_line
from staffdesk.parameters.shapes import SessionRules
from staffdesk.services.journal import Journal

CLOCK_STEP_MS: Final = 2000
"""A wall clock that is further behind what was written has been set back; less is the rounding of two desks."""

_LONGEST_HOST: Final = 80

Clock = Callable[[], int]


def utc_ms() -> int:
    """Return the wall clock in UTC milliseconds."""
    return time.time_ns() // 1_000_000


def day_in_brussels(ms: int) -> dt.date:
    """Return the day in Brussels at a UTC millisecond."""
    return _day_in_brussels(ms // 1000)


@lru_cache(maxsize=16)
def _day_in_brussels(second: int) -> dt.date:
    """Return the same once a second: one look asks for it several times."""
    return deadlines.receive_day(dt.datetime.fromtimestamp(second, dt.UTC))


def shown_time(ms: int) -> str:
    """Return a UTC millisecond as a person reads it, to the minute."""
    return f"{dt.datetime.fromtimestamp(ms / 1000, dt.UTC):%Y-%m-%d %H:%M} UTC"


class SessionState(StrEnum):
    """Whether a session may be used, and why not."""

    OPEN = "open"
    LOCKED = "locked"
    ENDED = "ended"
    TOO_OLD = "too old"
    NO_ACCOUNT = "account not in use"


def session_state(actor: Actor, now: int, rules: SessionRules) -> SessionState:
    """Return the state of a session at a UTC millisecond; a lock forgotten by a killed terminal counts as one.

    No clock set back lengthens a session: before its beginning it is too old, after it it is locked, and the unlocking
    keeps the time that was lived.
    """
    account = account_state(
        in_force=actor.in_force,
        disabled=actor.disabled,
        valid_from=actor.valid_from,
        valid_until=actor.valid_until,
        today=day_in_brussels(now),
    )
    if actor.ended:
        return SessionState.ENDED
    if account is not AccountState.IN_FORCE:
        return SessionState.NO_ACCOUNT
    if not _in_time(actor.started_at, now, rules):
        return SessionState.TOO_OLD
    idle = now - actor.seen_at
    if actor.locked or idle > lock_ms(rules) or idle < -CLOCK_STEP_MS:
        return SessionState.LOCKED
    return SessionState.OPEN


def lock_ms(rules: SessionRules) -> int:
    """Return after how many milliseconds without a key a terminal is locked."""
    return rules.lock_after_minutes * 60_000


def absolute_ms(rules: SessionRules) -> int:
    """Return after how many milliseconds a session ends whatever happens."""
    return rules.absolute_hours * 3_600_000


def started_within(now: int, rules: SessionRules) -> dict[str, int]:
    """Return the UTC milliseconds between which a session began that is neither too old nor from a later clock."""
    return {"started_from": now - absolute_ms(rules), "started_to": now + CLOCK_STEP_MS}


def host_for_log(host: str) -> str:
    """Return a terminal's name as the log can hold it."""
    try:
        return clean_line(host, _LONGEST_HOST)
    except BadInput:
        return ""


class OpenSessions:
    """What is done with a session that needs no password; :class:`staffdesk.services.sign_in.SignIn` does the rest.

    Every method raises :class:`LogUnavailable` where the database does not answer in time. No method takes a role or
    a state from the caller: both are read anew.
    """

    def __init__(
        self, journal: Journal, rules: SessionRules, *, clock: Clock = utc_ms, seal: Callable[[], None] | None = None
    ) -> None:
        """Work on the database behind ``journal``; ``seal`` is called when an admin has signed out."""
        self._journal = journal
        self._rules = rules
        self._clock = clock
        self._seal = seal

    def lock(self, sid: str) -> None:
        """Lock a terminal; one that is locked or over already stays so."""
        with self._journal.writing() as (tx, write):
            Credentials(tx).queue()
            if Sessions(tx).lock(sid):
                write(self._event(tx, sid, Act.SESSION_LOCKED))

    def seen(self, sid: str) -> None:
        """Note that a key was pressed; raises :class:`SessionEnded` for a session that is locked or over."""
        now = self._clock()
        with self._journal.reading() as tx:
            touched = Sessions(tx).touch(
                sid,
                now,
                seen_from=now - lock_ms(self._rules),
                seen_to=now + CLOCK_STEP_MS,
                **started_within(now, self._rules),
            )
        if touched != 1:
            raise session_over()

    def still_valid(self, sid: str) -> bool:
        """Say whether what a terminal shows may stay there, or its lock may be opened.

        False as soon as an admin has ended the session or disabled the account, when its time is over, and when the
        idle time has passed without the terminal having locked itself.
        """
        with self._journal.reading() as tx:
            actor = Actors(tx).of_session(sid)
        if actor is None:
            return False
        state = session_state(actor, self._clock(), self._rules)
        return state is SessionState.OPEN or (state is SessionState.LOCKED and actor.locked)

    def sign_out(self, sid: str, reason: str = "signed out") -> None:
        """End a session; one that has ended already stays as it is."""
        seals = False
        with self._journal.writing() as (tx, write):
            Credentials(tx).queue()
            why = clean_line(reason, _LONGEST_HOST)
            if Sessions(tx).end(sid, self._clock(), why):
                write(self._event(tx, sid, Act.SESSION_ENDED, why))
                actor = Actors(tx).of_session(sid)
                seals = actor is not None and Role.ADMIN in actor.roles
        if seals and self._seal is not None:
            self._seal()

    @staticmethod
    def _event(tx: Append, sid: str, act: Act, *kinds: str) -> Event:
        actor = Actors(tx).of_session(sid)
        if actor is None:
            return Event(act=act, kinds=kinds)
        return Event(act=act, actor=actor.staff_id, entity=actor.entity, sid=sid, host=actor.host, kinds=kinds)


def is_open(row: SessionRow, now: int, rules: SessionRules) -> bool:
    """Say whether a session that has not ended has not outlived its time either."""
    return _in_time(row.started_at, now, rules)


def _in_time(started_at: int, now: int, rules: SessionRules) -> bool:
    within = started_within(now, rules)
    return within["started_from"] <= started_at <= within["started_to"]


def session_over() -> SessionEnded:
    """Return the refusal of a session that is locked or over."""
    return SessionEnded("This session is locked or has ended.", "Unlock it with your password, or sign in again.")
