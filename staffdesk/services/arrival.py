"""Beginning a session: its row, its entry, and what is said before anything else."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass

from staffdesk.data.credentials import Credential, Credentials
from staffdesk.data.log import Event
from staffdesk.data.review_questions import Questions
from staffdesk.data.sessions import SessionRow, Sessions
from staffdesk.data.tables.staff import Session
from staffdesk.data.transaction import Append
from staffdesk.domain.access import Act, Role
from staffdesk.parameters.shapes import PolicyRules, SessionRules
from staffdesk.services.deputies import told_at_sign_in
from staffdesk.services.journal import Write
from staffdesk.services.sessions import SessionState, is_open, shown_time

_DAY_MS = 86_400_000
_NAMED = 5
"""Entries to be reviewed that are said by number."""
_REVIEWERS = frozenset({Role.ADMIN, Role.AUDITOR})


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """Who comes in after which failures, at which terminal, at which UTC millisecond."""

    credential: Credential
    failures: int
    host: str
    now: int


def begin_session(
    tx: Append, write: Write, arrival: Arrival, policy: PolicyRules, rules: SessionRules
) -> tuple[str, tuple[str, ...]]:
    """Begin a session and return its id and the sentences to show: that all is logged, then what may not be oneself.

    Sessions that a killed terminal left are ended here once their time is over, each with its entry.
    """
    sessions = Sessions(tx)
    last = sessions.newest(arrival.credential.staff_id)
    others = []
    for row in sessions.not_ended(arrival.credential.staff_id):
        if is_open(row, arrival.now, rules):
            others.append(row)
        else:
            sessions.end(row.sid, arrival.now, SessionState.TOO_OLD)
            write(_event(Act.SESSION_ENDED, arrival, row.sid, row.host, kinds=(SessionState.TOO_OLD,)))
    sid = secrets.token_hex(8)
    begun = {"sid": sid, "staff_id": arrival.credential.staff_id, "host": arrival.host}
    sessions.start(Session.checked({**begun, "started_at": arrival.now, "seen_at": arrival.now}))
    write(_event(Act.SESSION_SIGNED_IN, arrival, sid, arrival.host, n=len(others)))
    recoveries: tuple[tuple[int, str], ...] = ()
    unreviewed: tuple[int, ...] = ()
    if not _REVIEWERS.isdisjoint(arrival.credential.roles):
        from staffdesk.data.break_glass import Grants  # noqa: PLC0415 - of the others nobody waits for it

        days_ago = arrival.now - rules.first_password_days * _DAY_MS
        recoveries = Credentials(tx).recoveries(days_ago if last is None else min(days_ago, last.started_at))
        unreviewed = tuple(Grants(tx).to_review().values())
    asked = tuple(_asked_about(len(Questions(tx).asked(arrival.credential.staff_id))))
    stands_in = told_at_sign_in(tx, arrival.credential.staff_id, arrival.now)
    return sid, (policy.notice, *_said(arrival, last, others, recoveries), *_to_review(unreviewed), *asked, *stands_in)


def _asked_about(waiting: int) -> Iterator[str]:
    """Say it at every sign-in until it is answered: nobody else answers it."""
    if waiting:
        what = "an access of yours" if waiting == 1 else f"{waiting} accesses of yours"
        yield f"You are asked about {what}: answer in your inbox."


def _to_review(unreviewed: tuple[int, ...]) -> Iterator[str]:
    """Say it at every sign-in until an admin has read the reasons."""
    if unreviewed:
        first = ", ".join(str(seq) for seq in unreviewed[:_NAMED])
        more = f" and {len(unreviewed) - _NAMED} more" if len(unreviewed) > _NAMED else ""
        yield (
            f"Break-glass not reviewed yet: entry {first}{more}. In the log: act:{Act.CUSTOMER_BREAK_GLASS.value}; an "
            "admin who opens the entry has reviewed it."
        )


def _said(
    arrival: Arrival, last: SessionRow | None, others: list[SessionRow], recoveries: tuple[tuple[int, str], ...]
) -> Iterator[str]:
    if last is not None:
        yield f"Last sign-in: {shown_time(last.started_at)}{_at(last)}."
    if arrival.failures:
        yield f"Failed sign-ins under your name since then: {arrival.failures}."
    for other in others:
        yield f"Also signed in{_at(other)} since {shown_time(other.started_at)}."
    for t, user_name in recoveries:
        yield f"The key file was used to give {user_name} a one-time password on {shown_time(t)}."


def _at(session: SessionRow) -> str:
    return f" at {session.host}" if session.host else ""


def _event(act: Act, arrival: Arrival, sid: str, host: str, *, n: int = 0, kinds: tuple[str, ...] = ()) -> Event:
    return Event(
        act=act,
        actor=arrival.credential.staff_id,
        entity=arrival.credential.entity,
        sid=sid,
        host=host,
        n=n,
        kinds=kinds,
    )
