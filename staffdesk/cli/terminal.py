"""Opening the terminal on a desk: the first frame is drawn before the desk's data layer is read in."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Final

from staffdesk.services.settings import stated_calm
from staffdesk.tui.calm import choose, is_chosen
from staffdesk.tui.launcher import launch
from staffdesk.tui.terminal import NoTerminal, refuse_without_terminal, run

if TYPE_CHECKING:
    from staffdesk.services.desk import Desk
    from staffdesk.services.home import Home
    from staffdesk.tui.demo_account import DemoAccount

_INCIDENTS: Final = "incidents.log"


def open_terminal(
    home: Home, accounts: tuple[DemoAccount, ...] = (), *, calm: bool | None = None, launched: bool = False
) -> None:
    """Open the terminal on ``home``; ``accounts`` are a demo's, each signed in by one key.

    ``calm`` chooses how much a terminal is sent; without it STAFFDESK_CALM does, then the settings, then the line.
    ``launched`` says that a process waits above this one already, to give the terminal back.
    """
    home.check_made()
    choose(os.environ, calm)
    if not is_chosen(os.environ):
        choose(os.environ, stated_calm(home))

    def open_it() -> Desk:
        from staffdesk.services.opening_homes import open_desk  # noqa: PLC0415 - after the first frame

        return open_desk(home)

    run(open_it, accounts, home.data / _INCIDENTS, launched=launched)


def launch_early() -> bool:
    """Go on below a process that gives the terminal back, before this one has read anything; return whether it does.

    Where there is no terminal nothing happens: that is said when one is to be opened.
    """
    try:
        refuse_without_terminal(os.environ, sys.stdin, sys.stderr)
    except NoTerminal:
        return False
    launch()
    return True
