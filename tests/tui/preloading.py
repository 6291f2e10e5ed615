"""What a desk imports, in the environment that it has left itself: imported once by who forks programs of it."""

from __future__ import annotations

import gc
import importlib
import os

from staffdesk.tui.terminal import scrub

os.environ.update(TERM="xterm-256color", COLORTERM="truecolor", LANG="C.UTF-8")
for name in ("NO_COLOR", "SSH_CONNECTION", "STAFFDESK_CALM"):
    os.environ.pop(name, None)
scrub(os.environ)

for name in ("staffdesk.tui.app", "staffdesk.tui.guard", "staffdesk.services.opening_homes", "tests.tui.preloaded"):
    importlib.import_module(name)

gc.collect()
gc.freeze()
