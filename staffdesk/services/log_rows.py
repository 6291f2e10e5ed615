"""Entries as a reviewer reads them: the fields of the bytes, and what their ids stand for where that is still known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from staffdesk.audit.entry import FIELDS, Core
from staffdesk.data.actors import Actors
from staffdesk.data.entries import Entries
from staffdesk.data.transaction import Append, Read
from staffdesk.domain.access import Act
from staffdesk.domain.requests import RequestType

OUTSIDE: Final = "outside number"
"""Stands for a reference the desk does not know: what was typed lies in an opening, for those who may read it."""

TYPED_REFERENCE: Final = "reason.reference"


_MOVES: Final = frozenset({Act.REQUEST_MOVED.value, Act.REQUEST_APPROVED.value})
_TYPE_AND_MOVE: Final = 2


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry in a list: the fields of ``core``, and what its ids stand for where that is still known."""

    seq: int
    fields: Mapping[str, object]
    who: str
    reference: str
    customers: tuple[int, ...]

    @property
    def move(self) -> str:
        """Which move of a request it is about, or what else was noted of one; nothing for another act."""
        kinds = self.fields["kinds"]
        if self.fields["act"] not in _MOVES or not isinstance(kinds, tuple | list) or len(kinds) <= 1:
            return ""
        # The result of a move names the type first, the intent the move alone.
        return str(kinds[2] if len(kinds) > _TYPE_AND_MOVE and kinds[1] in set(RequestType) else kinds[1])


def without_relation(row: EntryRow) -> EntryRow:
    """Return an entry without how its employee stands to its people."""
    return replace(row, fields={name: value for name, value in row.fields.items() if name != "rel"})


def reference_of(core: Core, numbers: Mapping[str, str]) -> str:
    """Return the number of an entry's reference, or that it was one of somebody else's."""
    if core.ref is not None:
        return numbers.get(core.ref, "")
    return OUTSIDE if TYPED_REFERENCE in core.sec else ""


def rows_of(tx: Append | Read, cores: tuple[Core, ...]) -> tuple[EntryRow, ...]:
    """Return entries with the names and numbers behind their ids; no customer's name is read."""
    names = Actors(tx).user_names()
    entries = Entries(tx)
    numbers = entries.numbers([core.ref for core in cores if core.ref is not None])
    customers = entries.customers([aid for core in cores for aid in core.obj])
    return tuple(
        EntryRow(
            seq=core.seq,
            fields={name: getattr(core, name) for name in FIELDS},
            who=names.get(core.actor, "-") if core.actor is not None else "-",
            reference=reference_of(core, numbers),
            customers=tuple(customers[aid] for aid in core.obj if aid in customers),
        )
        for core in cores
    )
