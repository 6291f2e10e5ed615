"""The filters one went through, each with the pages that were turned; and the filter an entry leads to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from staffdesk.domain.entry_filter import EntryFilter
from staffdesk.domain.errors import BadInput
from staffdesk.services.log_rows import OUTSIDE

if TYPE_CHECKING:
    from staffdesk.services.log_rows import EntryRow


@dataclass(slots=True)
class Step:
    """A filter as it was written and read, and where its pages begin; the last of these is the one shown."""

    text: str = ""
    wanted: EntryFilter = field(default_factory=EntryFilter)
    befores: list[int | None] = field(default_factory=lambda: [None])


def whom_of(row: EntryRow) -> str:
    """Return the filter of the history of the person an entry is about; raises :class:`BadInput`."""
    if not row.customers:
        raise BadInput("This entry is about no customer that is still known.", "Choose another entry.")
    if len(row.customers) > 1:
        raise BadInput(
            f"This entry is about {len(row.customers)} people.", "Enter shows their numbers; whom:NUMBER takes one."
        )
    return f"whom:{row.customers[0]}"


def who_of(row: EntryRow) -> str:
    """Return the filter of all an entry's employee did; raises :class:`BadInput`."""
    if row.who == "-":
        raise BadInput("Nobody was signed in for this entry.", "Choose another entry.")
    return f"who:{row.who}"


def session_of(row: EntryRow) -> str:
    """Return the filter of an entry's session; raises :class:`BadInput`."""
    sid = row.fields.get("sid")
    if not sid:
        raise BadInput("This entry belongs to no session.", "Choose another entry.")
    return f"sid:{sid}"


def reference_of(row: EntryRow) -> str:
    """Return the filter of all that was done under an entry's reference; raises :class:`BadInput`."""
    if row.reference == OUTSIDE:
        raise BadInput("Its reference is an outside number, which leads nowhere here.", "Enter shows it.")
    if not row.reference or " " in row.reference:
        raise BadInput("This entry has no reference that is still known.", "Choose another entry.")
    return f"ref:{row.reference}"
