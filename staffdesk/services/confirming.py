"""Confirming a move: whoever makes one that the table calls confirmed gives his password again in his session (C16)."""

from __future__ import annotations

from collections.abc import Callable

from staffdesk.domain.access import Access
from staffdesk.domain.errors import BadInput
from staffdesk.domain.request_moves import Move


class Confirming:
    """Asks for the password where a move must be confirmed; it stands before the move in the service itself."""

    def __init__(self, check: Callable[[str, str], None]) -> None:
        """Check by ``check``, which takes a session and a password and raises for a wrong one."""
        self._check = check

    def confirm(self, access: Access, wanted: Move, password: str) -> bool:
        """Return whether the move was confirmed; a password that nobody asked for is not looked at.

        Raises :class:`BadInput` where it is asked for and missing, :class:`SignInFailed` for a wrong one and for one
        that comes too soon after others, each with its entry, :class:`SessionEnded`.
        """
        if not wanted.confirmed:
            return False
        if not password:
            raise BadInput(f"{wanted.title} needs your password again.", "Type it to confirm.")
        self._check(access.session, password)
        return True
