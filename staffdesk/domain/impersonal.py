"""Whether a text may outlive the person it was written about: a problem and its resolution, and nothing of anybody."""

from __future__ import annotations

from typing import Final

from staffdesk.domain.log_scan import LogScan
from staffdesk.domain.screening import FieldKind, screen, shipped
from staffdesk.domain.support_log_rules import rules
from staffdesk.domain.traces import Identity, Trace
from staffdesk.domain.unescaped import unescaped
from staffdesk.domain.words import cut

_NAMES: Final = (Trace.NAME, Trace.WORD, Trace.USER_NAME)


def is_impersonal(text: str, identity: Identity) -> bool:
    """Say whether a text has nothing in it that tells of this person, or of anybody by its shape.

    Not one word of his names, however short; no address, number, path or computer; nothing that must not be held and no
    remark that the law counts among the special categories. Where in doubt it does not pass (policy rules, D).
    """
    plain = unescaped(text).text
    if screen(plain, FieldKind.NOTE) is not None or shipped().find_contact(plain) is not None:
        return False
    named = {word for trace in _NAMES for value in identity.traces.get(trace, ()) for word in cut(value)}
    if named & set(cut(plain)) or identity.may_be_in(plain):
        return False
    return not LogScan(rules(), identity).find(text)
