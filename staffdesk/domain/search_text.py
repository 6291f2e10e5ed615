"""What is typed into the search box: what is looked for, and the filters that narrow it.

A filter is a known word with a colon and a value (``in:orders``), anywhere in the text; any other word with a colon is
text. Values are never repeated in an error: somebody may have typed a name there.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final

from staffdesk.domain.access import RecordKind
from staffdesk.domain.deadlines import beginning_of
from staffdesk.domain.errors import BadInput

KINDS: Final = {
    "people": RecordKind.PERSON,
    "orders": RecordKind.ORDER,
    "licences": RecordKind.LICENCE,
    "cases": RecordKind.CASE,
    "companies": RecordKind.ORGANISATION,
}
"""What ``in:`` knows, and the kind of hit each of them lists."""

_FILTER: Final = re.compile(r"(?<!\S)(in|country|since):(\S*)", re.IGNORECASE)
_DATE: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


@dataclass(frozen=True, slots=True, repr=False)
class Asked:
    """A text to search for, what is to be listed (None: whatever matches), where, and since when.

    ``filters`` are the filters as they were typed, for writing the text anew.
    """

    text: str
    kind: RecordKind | None = None
    country: str | None = None
    since: dt.date | None = None
    filters: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return "<Asked>"

    @property
    def since_ms(self) -> int | None:
        """The moment from which on, in UTC milliseconds: a day begins where the house is."""
        return None if self.since is None else round(beginning_of(self.since).timestamp() * 1000)

    @property
    def names(self) -> tuple[str, ...]:
        """The filters as the log names them: of the country and the date only that there is one."""
        given = (
            None if self.kind is None else next(f"in:{word}" for word, kind in KINDS.items() if kind is self.kind),
            None if self.country is None else "country:",
            None if self.since is None else "since:",
        )
        return tuple(name for name in given if name)

    def instead(self, text: str) -> str:
        """Return another text under the same filters, as it would be typed."""
        return " ".join((*self.filters, text))


def read_filters(typed: str) -> Asked:
    """Take the filters out of a text; raises :class:`BadInput` for one that cannot be read, and for filters alone."""
    found = tuple(_FILTER.finditer(typed))
    if not found:
        return Asked(typed)
    values: dict[str, str] = {}
    for each in found:
        name = each[1].lower()
        if name in values:
            raise BadInput(f"The filter {name}: stands there twice.", "Leave one of them out.")
        values[name] = each[2]
    asked = Asked(
        text=" ".join(_FILTER.sub(" ", typed).split()),
        kind=_kind(values["in"]) if "in" in values else None,
        country=_country(values["country"]) if "country" in values else None,
        since=_since(values["since"]) if "since" in values else None,
        filters=tuple(each[0].lower() for each in found),
    )
    if not asked.text:
        raise BadInput("Add a name or a number.", "A filter alone searches for nothing.")
    return asked


def _kind(value: str) -> RecordKind:
    kind = KINDS.get(value.lower())
    if kind is None:
        *most, last = (f"in:{word}" for word in KINDS)
        raise BadInput("The filter in: does not know this word.", f"Write {', '.join(most)} or {last}.")
    return kind


def _country(value: str) -> str:
    from staffdesk.domain.transfers import rules  # noqa: PLC0415 - few searches have a filter, and everybody waits for this

    if not rules().known(value):
        raise BadInput("The filter country: does not know this country.", "Write its two letters, as in country:be.")
    return rules().country(value)


def _since(value: str) -> dt.date:
    hint = "Write since:2025, since:2025-03 or since:2025-03-01."
    parts = _DATE.fullmatch(value)
    if parts is None:
        raise BadInput("The filter since: wants a year, a month or a day.", hint)
    try:
        return dt.date(int(parts[1]), int(parts[2] or 1), int(parts[3] or 1))
    except ValueError:
        raise BadInput("The filter since: names a day that is in no calendar.", hint) from None
