"""What the form of a move asks: the choices and the lines to type into, each once for every move that asks it."""

from __future__ import annotations

from typing import Final

from textual.widget import Widget

from staffdesk.domain.request_words import EXTENSIONS, FAULTS
from staffdesk.domain.request_work import Ask, places
from staffdesk.tui.request_words import FIELDS
from staffdesk.tui.widgets.choice import Choice
from staffdesk.tui.widgets.field import Field

_LONGEST: Final = 500
_LONGEST_DAY: Final = 10
_LONGEST_NUMBER: Final = 18
_NO, MASKED = "not masked", "masked but for what is needed"
_KEPT, DELETED = "still there", "deleted, its bin emptied"
CHOOSE: Final = "choose"
NO_FAULT: Final = "nothing of the list"
A_BREACH, _NO_BREACH = "yes: data may have got into wrong hands", "no"
FAULT_CODES: Final = {NO_FAULT: (), **{name: (code,) for code, name in FAULTS.items()}}
EXTENSION_CODES: Final = {name: code for code, name in EXTENSIONS.items()}
METHODS: Final = {each.name: each.code for each in places().methods}
DOCUMENTS: Final = {each.name: each.code for each in places().documents}

_CHOICES: Final = {
    Ask.DOCUMENT: (CHOOSE, *DOCUMENTS),
    Ask.METHOD: (*METHODS,),
    Ask.MASKED: (CHOOSE, MASKED, _NO),
    Ask.COPY_DELETED: (_KEPT, DELETED),
    Ask.FIELD: (*FIELDS,),
    Ask.FAULT: (*FAULT_CODES,),
    Ask.EXTENSION: (CHOOSE, *EXTENSION_CODES),
    Ask.BREACH: (CHOOSE, A_BREACH, _NO_BREACH),
}
_TYPED: Final = {
    Ask.REASON: (_LONGEST, ""),
    Ask.FACTS: (_LONGEST, "where something is refused; the customer reads them"),
    Ask.CUSTOMER: (_LONGEST_NUMBER, "his number, as his record shows it"),
    Ask.DAY: (_LONGEST_DAY, "empty: today; else 2026-11-25"),
}


def field_of(ask: Ask) -> Widget:
    """Return what takes the answer to one thing a move asks."""
    if ask in _CHOICES:
        return Choice(_CHOICES[ask], id=ask.value)
    longest, placeholder = _TYPED[ask]
    return Field(id=ask.value, longest=longest, placeholder=placeholder)
