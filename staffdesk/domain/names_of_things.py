"""The names that staff give to things of the desk's own: a claim, a filter. Nobody is reached by them."""

from __future__ import annotations

import re
from typing import Final

from staffdesk.domain.errors import MustNotBeHeld
from staffdesk.domain.text import without_hidden

_ADDRESS: Final = re.compile(r"[^\s@]@[^\W_]")
_PHONE: Final = re.compile(
    r"(?<![\w/.-])(?:(?:\+|00)[0-9(](?:[ ./()-]{0,2}[0-9]){6,}|0[0-9](?:[ ./()-]{0,2}[0-9]){7,})(?!\w)"
)


def refuse_addresses(name: str) -> None:
    """Raise :class:`MustNotBeHeld` for a name with an e-mail address or a telephone number, or a part of one, in it."""
    written = without_hidden(name)
    if _ADDRESS.search(written) or _PHONE.search(written):
        raise MustNotBeHeld(
            "A name holds no e-mail address and no telephone number: it outlives the customer's record.",
            "Take a reference or a word that names nobody.",
        )
