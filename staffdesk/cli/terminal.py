"""Opening the terminal on a desk: the first frame is drawn before the desk's data layer is read in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from staffdesk.tui.terminal import run

if TYPE_CHECKING:
    from staffdesk.services.desk import Desk
    from staffdesk.services.home import Home
    from staffdesk.tui.terminal import DemoAccount

_INCIDENTS: Final = "incidents.log"


def open_terminal(home: Home, accounts: tuple[DemoAccount, ...] = ()) -> None:
    """Open the terminal on ``home``; ``accounts`` are a demo's, each signed in by one key."""
    home.check_made()

    def open_it() -> Desk:
        from staffdesk.services.desk import open_desk  # noqa: PLC0415 - after the first frame

        return open_desk(home)

    run(open_it, accounts, home.data / _INCIDENTS)
