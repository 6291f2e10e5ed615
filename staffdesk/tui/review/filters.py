"""The filter of the work-list as one line of words: ``asked rule:own month:2026-11``."""

from __future__ import annotations

from typing import Final

from staffdesk.domain.errors import BadInput
from staffdesk.services.review_items import SHOWN, TODO, ItemFilter

EXAMPLE: Final = "todo, asked, answered, all · rule:own month:2026-11"
_NAMED: Final = ("rule", "who", "month")


def parse_items(text: str) -> ItemFilter:
    """Return the filter somebody typed; raises :class:`BadInput` for a word that means nothing here or comes twice."""
    found: dict[str, str] = {}
    for word in text.split():
        name, colon, value = word.partition(":")
        if colon and name in _NAMED and value:
            key = name
        elif not colon and word in SHOWN:
            key, value = "shown", word
        else:
            raise BadInput("The list knows no such word.", f"Write: {EXAMPLE}")
        if key in found:
            raise BadInput(f"Two words of the filter say {'which state' if key == 'shown' else key}.", "Keep one.")
        found[key] = value
    shown = found.pop("shown", TODO)
    return ItemFilter(shown=shown, rule=found.get("rule"), who=found.get("who"), month=found.get("month"))
