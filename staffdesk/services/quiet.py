"""What libraries say of themselves reaches no terminal: it could stand across a frame, and may hold a value."""

from __future__ import annotations

import logging


def keep_libraries_quiet() -> None:
    """Let whatever a library logs, or warns of, in this process end here.

    Without a handler Python prints a warning to standard error, which is where frames are drawn: a database's driver
    tells there of a connection that died. The desk says in its own words what failed.
    """
    logging.getLogger().addHandler(logging.NullHandler())
    logging.captureWarnings(True)
