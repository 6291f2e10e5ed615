"""What the log commits to about somebody: openings that an erasure empties, under an entry that says so."""

from collections.abc import Collection, Iterator, Sequence
from typing import Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.tables.log import EntrySubject, Opening
from staffdesk.data.transaction import Change, Read
from staffdesk.domain.traces import Identity

_OPENING: Final = register.table(Opening)
_SUBJECT: Final = register.table(EntrySubject)
_AIDS: Final[sa.BindParameter[str]] = sa.bindparam("aids", expanding=True)
_OF_SUBJECTS: Final = sa.select(_SUBJECT.c.seq).where(_SUBJECT.c.aid.in_(_AIDS))
_READ_AT_ONCE: Final = 5_000
_NEXT: Final = (
    sa.select(_OPENING.c.seq, _OPENING.c.field, _OPENING.c.value)
    .where(sa.tuple_(_OPENING.c.seq, _OPENING.c.field) > sa.tuple_(sa.bindparam("seq"), sa.bindparam("field")))
    .order_by(_OPENING.c.seq, _OPENING.c.field)
    .limit(_READ_AT_ONCE)
)
_COUNT: Final = sa.select(sa.func.count()).select_from(_OPENING).where(_OPENING.c.seq.in_(_OF_SUBJECTS))
_EMPTY_THEIRS: Final = sa.delete(_OPENING).where(_OPENING.c.seq.in_(_OF_SUBJECTS))
_EMPTY_ONE: Final = sa.delete(_OPENING).where(
    _OPENING.c.seq == sa.bindparam("at"), _OPENING.c.field == sa.bindparam("named")
)

Named = tuple[int, str]
"""The number of an entry and the field of one of its openings."""


class Naming:
    """The openings that name some people."""

    def __init__(self, tx: Read) -> None:
        """Read in ``tx``."""
        self._tx = tx

    def naming(self, identity: Identity, aids: Collection[str]) -> tuple[Named, ...]:
        """Return the openings of entries about nobody, or somebody else, that name these people."""
        theirs = {int(row[0]) for row in self._tx.rows(_OF_SUBJECTS, {"aids": sorted(aids)})}
        return tuple(
            (seq, field) for seq, field, value in self._all() if seq not in theirs and identity.is_named(value)
        )

    def _all(self) -> Iterator[tuple[int, str, str]]:
        seq, field = 0, ""
        while True:
            rows = self._tx.rows(_NEXT, {"seq": seq, "field": field})
            for row in rows:
                yield int(row.seq), str(row.field), str(row.value)
            if len(rows) < _READ_AT_ONCE:
                return
            seq, field = int(rows[-1].seq), str(rows[-1].field)


class OpeningsOf(Naming):
    """The openings about some people too, and what empties them."""

    def __init__(self, tx: Change) -> None:
        """Work in ``tx``."""
        super().__init__(tx)
        self._change = tx

    def about(self, aids: Collection[str]) -> int:
        """Return how many openings stand in entries about these people."""
        row = self._tx.row(_COUNT, {"aids": sorted(aids)})
        return 0 if row is None else int(row[0])

    def empty(self, aids: Collection[str], named: Sequence[Named]) -> int:
        """Delete both kinds, after the entry that says so; return how many."""
        emptied = self._change.write(_EMPTY_THEIRS, {"aids": sorted(aids)})
        for seq, field in named:
            emptied += self._change.write(_EMPTY_ONE, {"at": seq, "named": field})
        return emptied
