"""What a desk imports, in the environment that it has left itself: imported once by who forks programs of it."""

from __future__ import annotations

import gc
import importlib
import os

from staffdesk.domain import screening
from staffdesk.tui.terminal import scrub

os.environ.update(TERM="xterm-256color", COLORTERM="truecolor", LANG="C.UTF-8")
for name in ("NO_COLOR", "SSH_CONNECTION", "STAFFDESK_CALM"):
    os.environ.pop(name, None)
scrub(os.environ)

_DESK = ("staffdesk.tui.app", "staffdesk.tui.guard", "staffdesk.services.opening_homes", "tests.tui.preloaded")
_PROGRAM = ("staffdesk.cli.main", "staffdesk.cli.dispatch", "staffdesk.cli.terminal")
_COMMANDS = ("staffdesk.cli.audit", "staffdesk.cli.begin", "alembic.command")
_KILLED = ("tests.forked", "tests.data.desk_process", "tests.services.erasures", "tests.services.lists")
for name in (*_DESK, *_PROGRAM, *_COMMANDS, *_KILLED):
    importlib.import_module(name)

# What a desk makes ready while a password is typed, once for all that are forked.
screening.warm()

gc.collect()
gc.freeze()
