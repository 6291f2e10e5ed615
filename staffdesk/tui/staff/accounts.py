"""Accounts as lines of a list, and one account with its sessions as lines of facts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from textual.content import Content

from staffdesk.domain.accounts import AccountState
from staffdesk.domain.matters import Account, OpenSession
from staffdesk.tui.phrases import PLACES, count, moment, second_of, short_moment
from staffdesk.tui.plain import DASH, GOOD, MUTED, NOTHING, STRONG, WARN, column, fit, joined, plain
from staffdesk.tui.widgets.rows import Line

_USER, _NAME, _ROLES, _STATE, _SESSIONS = 14, 20, 21, 10, 9
"""The least that each column has; what a wide window has more is shared by the roles held and those asked for."""
_WIDE: Final = 96
_LABEL: Final = 14
_LONGEST_HOST: Final = 20


def heads(width: int) -> Content:
    """Return the heads of the list."""
    texts = ("User name", "Name", "Roles", "State", "Sessions", "Waits for")
    return _columns([plain(text, MUTED) for text in texts], width)


def account_line(account: Account) -> Line:
    """Return one account as a line of the list."""
    return Line(account.user_name, partial(_draw, account))


def account_facts(account: Account, sessions: Sequence[OpenSession] | None, width: int) -> Content:
    """Return what is known of an account, its open sessions where they were read."""
    lines = []
    for label, value in (*_facts(account), *_sessions(sessions)):
        wrapped = value.wrap(max(width - _LABEL, 8)) or [NOTHING]
        lines.append(joined(column(plain(label, MUTED), _LABEL), wrapped[0]))
        lines += [joined(Content(" " * _LABEL), rest) for rest in wrapped[1:]]
    return joined(*lines, by="\n")


def session_text(session: OpenSession) -> Content:
    """Return one session: the terminal, when it began, when a key was last pressed."""
    host = plain(session.host or DASH).truncate(_LONGEST_HOST, ellipsis=True)
    here = plain("  this one ", GOOD) if session.current else plain(" ")
    locked = "locked · " if session.locked else ""
    text = f"{locked}since {second_of(session.started_at)} · last key {short_moment(session.seen_at)}"
    return joined(host, here, plain(text, MUTED))


def _facts(account: Account) -> Iterator[tuple[str, Content]]:
    who = (account.full_name, account.employee_number, PLACES[account.entity])
    yield "Name", plain(" · ".join(part for part in who if part))
    yield "Roles", plain(", ".join(account.roles) or DASH)
    until = "open" if account.valid_until is None else account.valid_until.isoformat()
    yield "Valid", plain(f"from {account.valid_from} until {until}")
    signed = "never" if account.last_sign_in is None else moment(account.last_sign_in)
    yield "Last sign-in", plain(f"{signed} · {count(account.open_sessions, 'open session')}")
    if account.deputy:
        yield "Deputy", plain("told of due dates while no privacy officer is there")
    if account.pending is not None:
        asked = f", asked by {account.asked_by}" if account.asked_by else ""
        yield "Waits", joined(plain(f"! {account.waits_for}", WARN), plain(asked))
    if account.undecidable:
        yield "Not for you", plain(f"{account.undecidable}, so somebody else decides")


def _sessions(sessions: Sequence[OpenSession] | None) -> Iterator[tuple[str, Content]]:
    for session in sessions or ():
        yield "Session", session_text(session)


def _draw(account: Account, width: int) -> Content:
    good = account.state == AccountState.IN_FORCE
    cells = [
        plain(account.user_name, STRONG),
        plain(account.full_name),
        plain(", ".join(account.roles) or DASH),
        plain(account.state, GOOD if good else MUTED),
        plain(f"{account.open_sessions} open" if account.open_sessions else "", MUTED),
        NOTHING if account.pending is None else plain(f"! {account.waits_for}", WARN),
    ]
    return _columns(cells, width)


def _columns(cells: Sequence[Content], width: int) -> Content:
    wide = width >= _WIDE
    before = (_USER, _NAME if wide else 0)
    after = (_STATE, _SESSIONS if width >= _WIDE - _NAME - _SESSIONS else 0)
    sizes = (*before, max(_ROLES, (width - sum(before) - sum(after)) // 2), *after)
    return fit(joined(*map(column, cells, sizes), cells[-1]), width)
