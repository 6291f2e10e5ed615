"""Deciding on a change of an account: why one may not, before it is tried and after the guarded statement refused."""

from __future__ import annotations

from staffdesk.data.deciding import Deciding
from staffdesk.data.staff import Asked, ChangeState
from staffdesk.domain.errors import Conflict, Denied
from staffdesk.domain.matters import Account


def undecidable(account: Account, by: Deciding, user_name: str) -> str:
    """Return why who reads may not decide on what is pending for an account; empty where he may, or nothing is."""
    if account.pending is None:
        return ""
    if account.id == by.staff_id:
        return "it is about your own account"
    return "you asked for it" if account.asked_by == user_name else ""


def one_row(touched: int) -> None:
    """Refuse a write that its guard kept from its row."""
    if touched != 1:
        raise Conflict("Your role or your session ended a moment ago, so nothing was changed.", "Sign in again.")


def not_decided(asked: Asked, by: Deciding, *, still_asked: bool) -> Denied | Conflict:
    """Say why the guarded statement touched no row."""
    if asked.requested_by == by.staff_id:
        return Denied("You asked for this change, so somebody else decides on it.", "Ask another approver.")
    if asked.staff_id == by.staff_id:
        return Denied("This change is about your own account, so somebody else decides on it.", "Ask another approver.")
    if asked.state is not ChangeState.PENDING:
        return Conflict(f"This change is {asked.state} already.", "staffdesk staff list shows what waits.")
    if not still_asked:
        return Conflict(
            "Who asked for this change may not ask any more.", "An admin asks for it again: staffdesk staff --help"
        )
    return Conflict("Your role or your session ended a moment ago, so nothing was changed.", "Sign in again.")
