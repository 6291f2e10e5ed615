"""Reading the log: pages by key, one entry, a person's history; the reading itself is the caller's to log."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from staffdesk.audit.entry import Core, EntryError
from staffdesk.data import entry_pages, register
from staffdesk.data.entry_pages import Selection
from staffdesk.data.tables.log import Entry, Head, Opening, StoredCheckpoint
from staffdesk.data.transaction import AnyRow, Append, Transaction
from staffdesk.domain.errors import StorageUnavailable

_ENTRY: Final = register.table(Entry)
_OPENING: Final = register.table(Opening)
_HEAD: Final = register.table(Head)
_CHECKPOINT: Final = register.table(StoredCheckpoint)

_ONE: Final = sa.select(_ENTRY.c.core).where(_ENTRY.c.seq == sa.bindparam("seq"))
_SOME: Final = (
    sa.select(_ENTRY.c.core)
    .where(_ENTRY.c.seq.in_(sa.bindparam("seqs", expanding=True)), _ENTRY.c.core.is_not(None))
    .order_by(_ENTRY.c.seq)
)
_OPENINGS: Final = (
    sa.select(_OPENING.c.field, _OPENING.c.kind, _OPENING.c.value)
    .where(_OPENING.c.seq == sa.bindparam("seq"), _OPENING.c.kind.in_(sa.bindparam("kinds", expanding=True)))
    .order_by(_OPENING.c.field)
)
_NEWEST: Final = sa.select(_CHECKPOINT.c.size, _CHECKPOINT.c.t).order_by(_CHECKPOINT.c.size.desc()).limit(1).subquery()
_STATE: Final = (
    sa.select(_HEAD.c.seq, _NEWEST.c.size, _NEWEST.c.t)
    .select_from(_HEAD.outerjoin(_NEWEST, sa.true()))
    .where(_HEAD.c.id == 1)
)
_ORIGIN: Final = sa.select(_HEAD.c.origin).where(_HEAD.c.id == 1)
_LAST: Final = sa.select(_HEAD.c.seq).where(_HEAD.c.id == 1).with_for_update()
_LEAF: Final = sa.select(_ENTRY.c.leaf).where(_ENTRY.c.seq == sa.bindparam("seq"))
_TIME_OF: Final = sa.select(_ENTRY.c.t).where(_ENTRY.c.seq == sa.bindparam("seq"))


@dataclass(frozen=True, slots=True)
class Found:
    """Entries, newest first, and the number below which nothing was looked at; 0 where nothing older can match."""

    cores: tuple[Core, ...]
    looked_to: int


@dataclass(frozen=True, slots=True)
class Measured:
    """How long the log is, up to which number it is sealed, since when, and since when something waits for a seal."""

    size: int
    covered: int
    sealed_at: int | None
    open_since: int | None


class Entries:
    """The log's rows, decoded."""

    def __init__(self, tx: Transaction) -> None:
        """Read in ``tx``."""
        self._tx = tx

    def page(self, selection: Selection, before: int | None, limit: int) -> Found:
        """Return at most ``limit`` entries with a number below ``before``.

        See :mod:`staffdesk.data.entry_pages`: there may be fewer, and older ones further back than was looked.
        """
        rows, looked_to = entry_pages.rows(self._tx, selection, before, limit)
        return Found(_cores(rows), looked_to)

    def entry(self, seq: int) -> Core | None:
        """Return one entry, or None if there is none or it was pruned."""
        row = self._tx.row(_ONE, {"seq": seq})
        return None if row is None or row[0] is None else _core(bytes(row[0]))

    def some(self, seqs: Collection[int]) -> tuple[Core, ...]:
        """Return the entries of these numbers in order, but for those that were pruned."""
        return _cores(self._tx.rows(_SOME, {"seqs": list(seqs)}))

    def of_subject(self, aid: str, limit: int) -> tuple[Core, ...]:
        """Return the newest entries about a subject."""
        return self.page(Selection(aid=aid), None, limit).cores

    def openings(self, seq: int, kinds: Collection[str]) -> tuple[tuple[str, str], ...]:
        """Return the openings of an entry that are of these kinds, by field; wants the open door."""
        rows = self._tx.rows(_OPENINGS, {"seq": seq, "kinds": list(kinds)})
        return tuple((str(row[0]), str(row[2])) for row in rows)

    def numbers(self, aids: Sequence[str]) -> dict[str, str]:
        """Return the number behind each audit id of a case, order or request still known; a licence's row number."""
        from staffdesk.data.references import reference_view  # noqa: PLC0415 - the first screens tell no entry

        wanted = list(dict.fromkeys(aids))
        found: dict[str, str] = {}
        for kind, prefix in (("case", "c_"), ("order", "o_"), ("licence", "l_"), ("request", "r_")):
            mine = [aid for aid in wanted if aid.startswith(prefix)]
            if mine:
                view = reference_view(kind)
                rows = self._tx.rows(sa.select(view.c.aid, view.c.number, view.c.record_id).where(view.c.aid.in_(mine)))
                # A licence is known here by a digest of its serial, which says nothing to anybody.
                found.update(
                    (str(aid), f"licence {at}" if kind == "licence" else str(number)) for aid, number, at in rows
                )
        return found

    def customers(self, aids: Sequence[str]) -> dict[str, int]:
        """Return the customer number behind each person's audit id that is still known."""
        mine = [aid for aid in dict.fromkeys(aids) if aid.startswith("s_")]
        if not mine:
            return {}
        person = register.metadata.tables["person"]
        rows = self._tx.rows(sa.select(person.c.aid, person.c.id).where(person.c.aid.in_(mine)))
        return {str(row[0]): int(row[1]) for row in rows}

    def leaf(self, seq: int) -> bytes | None:
        """Return the hash of an entry, which stays where it was pruned; None if there is none."""
        row = self._tx.row(_LEAF, {"seq": seq})
        return None if row is None else bytes(row[0])

    def origin(self) -> str:
        """Return the log's origin; empty before it began."""
        row = self._tx.row(_ORIGIN)
        return "" if row is None else str(row[0])

    def state(self) -> Measured:
        """Return how long the log is and how much of it is covered by a checkpoint."""
        row = self._tx.row(_STATE)
        if row is None or row[0] is None:
            return Measured(0, 0, None, None)
        size, covered = int(row[0]), int(row[1] or 0)
        behind = self._tx.row(_TIME_OF, {"seq": covered + 1}) if size > covered else None
        return Measured(size, covered, row[2], None if behind is None else behind[0])


def newest(tx: Append) -> int:
    """Wait until no other transaction that writes the log is under way; return the number of the newest entry."""
    row = tx.row(_LAST)
    return 0 if row is None else int(row[0])


def _cores(rows: Sequence[AnyRow]) -> tuple[Core, ...]:
    return tuple(_core(bytes(row[0])) for row in rows)


def _core(data: bytes) -> Core:
    try:
        return Core.decode(data)
    except EntryError as error:
        raise StorageUnavailable(
            "An entry of the log is damaged, so the list is not shown.", "Run: staffdesk audit verify"
        ) from error
