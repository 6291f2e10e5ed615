"""Calm: fewer bytes for a terminal at the end of a slow line. Chosen, or taken for granted where SSH brought one here.

Nothing here imports the framework, which reads its environment when it is imported.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, MutableMapping
from typing import Final

CHOSEN: Final = "STAFFDESK_CALM"
"""The variable that says ``1`` or ``0`` where calm was chosen; anything else leaves it to the line."""
FRAMES_A_SECOND: Final = "20"
_PAUSE, _CALM_PAUSE = 0.15, 0.3


def choose(environ: MutableMapping[str, str], calm: bool | None) -> None:
    """Choose calm, or its contrary, for this process and whatever it starts; None leaves an earlier choice standing."""
    if calm is not None:
        environ[CHOSEN] = str(int(calm))


def is_chosen(environ: Mapping[str, str]) -> bool:
    """Say whether somebody chose already."""
    return environ.get(CHOSEN, "") in {"0", "1"}


def is_calm(environ: Mapping[str, str] = os.environ) -> bool:
    """Say whether the terminal is to be spared."""
    chosen = environ.get(CHOSEN, "")
    return chosen == "1" or (chosen != "0" and bool(environ.get("SSH_CONNECTION")))


def over_ssh(environ: Mapping[str, str] = os.environ) -> bool:
    """Say whether the terminal is at the other end of an SSH connection."""
    return bool(environ.get("SSH_CONNECTION"))


def typing_pause(environ: Mapping[str, str] = os.environ) -> float:
    """Return after how many seconds without a key what was typed may be asked for."""
    return _CALM_PAUSE if is_calm(environ) else _PAUSE
