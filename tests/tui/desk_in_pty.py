"""Run as a program in a pseudo-terminal: the demo's terminal on a home, with something going wrong in it if asked to.

``python desk_in_pty.py ACCOUNTS.json [handler|worker|thread|timer|compose|render|task|asleep|mute|none]``

``mute`` lets nothing be said beside the frames. ``asleep`` is no fault: once a file ACCOUNTS.json.slept lies there, an
hour more has passed than the clock says.
"""

from __future__ import annotations

import asyncio
import json
import sys
import threading
from functools import partial, partialmethod
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from staffdesk.tui.demo_account import DemoAccount
from staffdesk.tui.terminal import run

if TYPE_CHECKING:
    from textual.app import App
    from textual.widget import Widget

CANARY = "Zephyrine Quillfeather"


def _fail(name: str) -> NoReturn:
    """Fail with a customer's name in a local, in the message and in the frame."""
    customer = {"name": name}
    raise ValueError(f"no such thing as {customer['name']}")


def _arrange(what: str) -> None:
    from staffdesk.tui import idle  # noqa: PLC0415 - the program under test scrubs the environment before this import
    from staffdesk.tui.app import DeskApp  # noqa: PLC0415 - as above

    really, slept = idle.now, Path(f"{sys.argv[1]}.slept")
    if what == "asleep":
        idle.now = lambda: really() + (3600 if slept.exists() else 0)
    elif what == "mute":
        full = Path("/dev/full").open("w", encoding="utf-8", buffering=1)  # noqa: SIM115 - to the end
        sys.stderr = sys.__stderr__ = full  # type: ignore[misc] # nobody else lets words be lost
    else:
        # F1 is the key that goes wrong.
        DeskApp.action_help = partialmethod(_go_wrong, what)  # type: ignore[method-assign,assignment]


def _go_wrong(app: App[None], what: str) -> None:
    match what:
        case "handler":
            app.call_later(partial(_fail, CANARY))
        case "compose" | "render":
            app.mount(_bad(what))
        case "timer":
            app.set_timer(0.01, partial(_fail, CANARY))
        case "worker":
            app.run_worker(partial(_fail, CANARY), thread=True, exit_on_error=False)
        case "thread":
            threading.Thread(target=_fail, args=(CANARY,)).start()
        case "task":
            app.forgotten = asyncio.create_task(_late())  # type: ignore[attr-defined] # kept until it is dropped below
            app.set_timer(0.3, lambda: delattr(app, "forgotten"))


def _bad(what: str) -> Widget:
    from textual.content import Content  # noqa: PLC0415 - as above
    from textual.widgets import Static  # noqa: PLC0415 - as above

    class Bad(Static):
        def on_mount(self) -> None:
            if what == "compose":
                _fail(CANARY)

        def render(self) -> Content:
            return _fail(CANARY) if what == "render" else Content()

    return Bad()


async def _late() -> None:
    await asyncio.sleep(0.05)
    _fail(CANARY)


def main() -> None:
    """Open the terminal."""
    given = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    home = Path(given["home"])

    def open_desk():  # type: ignore[no-untyped-def] # noqa: ANN202 - the type would import the data layer first
        from staffdesk.services.home import Home  # noqa: PLC0415 - as above
        from staffdesk.services.opening_homes import open_desk as really  # noqa: PLC0415 - after the first frame
        from staffdesk.services.password_hashes import PasswordHashes  # noqa: PLC0415 - as above

        PasswordHashes.__init__.__defaults__ = (1, 8, 1)  # as the home's were made; else a sign-in hashes anew
        desk = really(Home.locate(home, {}))
        if len(sys.argv) > 2:
            _arrange(sys.argv[2])
        return desk

    accounts = [DemoAccount(each["user"], each["role"], each["password"]) for each in given["accounts"]]
    run(open_desk, accounts, home / "data" / "incidents.log")


if __name__ == "__main__":
    main()
