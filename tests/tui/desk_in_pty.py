"""Run as a program in a pseudo-terminal: the demo's terminal on a home, with something going wrong in it if asked to.

``python desk_in_pty.py ACCOUNTS.json [handler|worker|thread|compose|task|asleep|none]``

``asleep`` is no fault: once a file ACCOUNTS.json.slept lies there, an hour more has passed than the clock says.
"""

from __future__ import annotations

import asyncio
import json
import sys
import threading
from functools import partial
from pathlib import Path
from typing import NoReturn

from staffdesk.tui.terminal import DemoAccount, run

CANARY = "Zephyrine Quillfeather"


def _fail(name: str) -> NoReturn:
    """Fail with a customer's name in a local, in the message and in the frame."""
    customer = {"name": name}
    raise ValueError(f"no such thing as {customer['name']}")


def _arrange(what: str) -> None:
    from textual.app import App  # noqa: PLC0415 - the program under test scrubs the environment before this import
    from textual.widgets import Static  # noqa: PLC0415 - as above

    from staffdesk.tui import idle  # noqa: PLC0415 - as above
    from staffdesk.tui.app import DeskApp  # noqa: PLC0415 - as above
    from staffdesk.tui.plain import plain  # noqa: PLC0415 - as above

    class Bad(Static):
        def on_mount(self) -> None:
            if what == "compose":
                _fail(CANARY)

    def go_wrong(app: App[None]) -> None:
        match what:
            case "handler" | "compose":
                app.mount(Bad(plain("")))
                if what == "handler":
                    app.call_later(partial(_fail, CANARY))
            case "worker":
                app.run_worker(partial(_fail, CANARY), thread=True, exit_on_error=False)
            case "thread":
                threading.Thread(target=_fail, args=(CANARY,)).start()
            case "task":
                app.forgotten = asyncio.create_task(_late())  # type: ignore[attr-defined] # kept until it is dropped below
                app.set_timer(0.3, lambda: delattr(app, "forgotten"))

    really, slept = idle.now, Path(f"{sys.argv[1]}.slept")
    if what == "asleep":
        idle.now = lambda: really() + (3600 if slept.exists() else 0)
        return
    DeskApp.action_help = go_wrong  # type: ignore[method-assign,assignment] # F1 is the key that goes wrong


async def _late() -> None:
    await asyncio.sleep(0.05)
    _fail(CANARY)


def main() -> None:
    """Open the terminal."""
    given = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    home = Path(given["home"])

    def open_desk():  # type: ignore[no-untyped-def] # noqa: ANN202 - the type would import the data layer first
        from staffdesk.services.desk import open_desk as really  # noqa: PLC0415 - after the first frame
        from staffdesk.services.home import Home  # noqa: PLC0415 - as above

        desk = really(Home.locate(home, {}))
        if len(sys.argv) > 2:
            _arrange(sys.argv[2])
        return desk

    accounts = [DemoAccount(each["user"], each["role"], each["password"]) for each in given["accounts"]]
    run(open_desk, accounts, home / "data" / "incidents.log")


if __name__ == "__main__":
    main()
