"""What is looked for in the texts of many rows at once, which are read as one."""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import filterfalse
from typing import Final

from staffdesk.domain.any_of import finder
from staffdesk.domain.traces import Identity, Trace, bare
from staffdesk.domain.words import fold

BETWEEN: Final = "\x1f"
"""No text has it: what is written down is refused with a control character in it."""
_LOWER: Final = bytes(range(256)).lower()
_BUT_BETWEEN: Final = bytes(code for code in range(128) if not chr(code).isalnum() and chr(code) != BETWEEN)
_NO_SIGN: Final = re.compile(f"[^\\w{BETWEEN}]|_")


class Sought:
    """What is looked for in the texts of many rows at once.

    A word of a name is looked for until it was met, for it names nobody by itself.
    """

    def __init__(self, identity: Identity, present: Collection[tuple[Trace, str]]) -> None:
        """Look for somebody; ``present`` are the traces that were met, as they come."""
        self._identity = identity
        self._present = present
        self._met = -1
        self.narrow()

    def narrow(self) -> None:
        """Look no more for words that were met."""
        met = {value for trace, value in self._present if trace is Trace.WORD}
        if len(met) != self._met:
            self._met = len(met)
            forms = (
                bare(form) for trace, value, form in self._identity.forms if trace is not Trace.WORD or value not in met
            )
            self._stands_in = finder(forms)
            self._stands_tagged_in = finder((), (f"(?i:{address})" for address in self._identity.tagged))

    def may_be_in(self, texts: str) -> bool:
        """Say whether something of him may be in these texts."""
        return self._stands_in(_bare_values(texts)) or ("+" in texts and self._stands_tagged_in(texts))


def _bare_values(texts: str) -> str:
    """Return what :func:`bare` makes of each value, a sign between them, with some of it twice: folding takes long."""
    plain = texts.encode("ascii", "ignore").translate(_LOWER, _BUT_BETWEEN).decode("ascii")
    if texts.isascii():
        return plain
    others = set(filterfalse(str.isascii, texts.split(BETWEEN)))
    folded = fold(BETWEEN.join(others)).encode().translate(None, _BUT_BETWEEN).decode()
    return plain + BETWEEN + (folded if folded.isascii() else _NO_SIGN.sub("", folded))
