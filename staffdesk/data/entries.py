"""Reading the log: pages by key, one entry, a person's history; the reading itself is the caller's to log."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from staffdesk.audit.entry import Core, EntryError
from staffdesk.data import register
from staffdesk.data.references import reference_view
from staffdesk.data.tables.log import Entry, EntrySubject, Head, Opening, StoredCheckpoint
from staffdesk.data.transaction import AnyRow, Transaction
from staffdesk.domain.errors import StorageUnavailable

_ENTRY: Final = register.table(Entry)
_SUBJECT: Final = register.table(EntrySubject)
_OPENING: Final = register.table(Opening)
_HEAD: Final = register.table(Head)
_CHECKPOINT: Final = register.table(StoredCheckpoint)

_ONE: Final = sa.select(_ENTRY.c.core).where(_ENTRY.c.seq == sa.bindparam("seq"))
_OPENINGS: Final = (
    sa.select(_OPENING.c.field, _OPENING.c.kind, _OPENING.c.value)
    .where(_OPENING.c.seq == sa.bindparam("seq"), _OPENING.c.kind.in_(sa.bindparam("kinds", expanding=True)))
    .order_by(_OPENING.c.field)
)
_STATE: Final = sa.select(
    sa.select(_HEAD.c.seq).where(_HEAD.c.id == 1).scalar_subquery(),
    sa.select(_HEAD.c.origin).where(_HEAD.c.id == 1).scalar_subquery(),
    sa.select(sa.func.coalesce(sa.func.max(_CHECKPOINT.c.size), 0)).scalar_subquery(),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What entries are wanted; each part narrows. ``aid`` is a subject's audit id, times are UTC milliseconds."""

    actor: str | None = None
    act: str | None = None
    aid: str | None = None
    purpose: str | None = None
    standing: str | None = None
    since: int | None = None
    until: int | None = None


class Entries:
    """The log's rows, decoded."""

    def __init__(self, tx: Transaction) -> None:
        """Read in ``tx``."""
        self._tx = tx

    def page(self, selection: Selection, before: int | None, limit: int) -> tuple[Core, ...]:
        """Return at most ``limit`` entries, newest first, with a number below ``before``."""
        statement = sa.select(_ENTRY.c.core).order_by(_ENTRY.c.seq.desc()).limit(limit)
        if selection.aid is not None:
            statement = statement.join(_SUBJECT, _SUBJECT.c.seq == _ENTRY.c.seq).where(_SUBJECT.c.aid == selection.aid)
            if before is not None:
                statement = statement.where(_SUBJECT.c.seq < before)
        if before is not None:
            statement = statement.where(_ENTRY.c.seq < before)
        for name in ("actor", "act", "purpose", "standing"):
            wanted = getattr(selection, name)
            if wanted is not None:
                statement = statement.where(_ENTRY.c[name] == wanted)
        if selection.since is not None:
            statement = statement.where(_ENTRY.c.t >= selection.since)
        if selection.until is not None:
            statement = statement.where(_ENTRY.c.t <= selection.until)
        return _cores(self._tx.rows(statement.where(_ENTRY.c.core.is_not(None))))

    def entry(self, seq: int) -> Core | None:
        """Return one entry, or None if there is none or it was pruned."""
        row = self._tx.row(_ONE, {"seq": seq})
        return None if row is None or row[0] is None else _core(bytes(row[0]))

    def of_subject(self, aid: str, limit: int) -> tuple[Core, ...]:
        """Return the newest entries about a subject."""
        return self.page(Selection(aid=aid), None, limit)

    def openings(self, seq: int, kinds: Collection[str]) -> tuple[tuple[str, str], ...]:
        """Return the openings of an entry that are of these kinds, by field; wants the open door."""
        rows = self._tx.rows(_OPENINGS, {"seq": seq, "kinds": list(kinds)})
        return tuple((str(row[0]), str(row[2])) for row in rows)

    def numbers(self, aids: Sequence[str]) -> dict[str, str]:
        """Return the number behind each audit id of a case, order or request still known; a licence's row number."""
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

    def state(self) -> tuple[int, str, int]:
        """Return the last number, the log's origin, and the size of the newest checkpoint (0 if none)."""
        row = self._tx.row(_STATE)
        if row is None or row[0] is None:
            return 0, "", 0
        return int(row[0]), str(row[1]), int(row[2])


def _cores(rows: Sequence[AnyRow]) -> tuple[Core, ...]:
    return tuple(_core(bytes(row[0])) for row in rows)


def _core(data: bytes) -> Core:
    try:
        return Core.decode(data)
    except EntryError as error:
        raise StorageUnavailable(
            "An entry of the log is damaged, so the list is not shown.", "Run: staffdesk audit verify"
        ) from error
